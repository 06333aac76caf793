package admin

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"strings"
)

// jsonForm is what is to be known of a kind of body.
type jsonForm struct {
	most  int64  // how many bytes it may have
	large string // what to do about one that has more
	like  string // what it should look like
}

// readJSON reads the body of a request, one JSON object without fields that are not known.
func readJSON(w http.ResponseWriter, r *http.Request, form jsonForm, body any) error {
	if media, _, _ := mime.ParseMediaType(r.Header.Get("Content-Type")); media != "application/json" {
		return &refusal{
			status: http.StatusUnsupportedMediaType, message: "Unsupported media type", detail: "send Content-Type: application/json",
		}
	}
	text, err := io.ReadAll(http.MaxBytesReader(w, r.Body, form.most))
	if _, large := errors.AsType[*http.MaxBytesError](err); large {
		return &refusal{
			status: http.StatusRequestEntityTooLarge, message: "Request size too large",
			detail: fmt.Sprintf("at most %d bytes are taken; %s", form.most, form.large),
		}
	}
	if err != nil {
		return badRequest("Invalid body", "the body did not come whole")
	}
	return decodeJSON(text, form, body)
}

// decodeJSON reads the JSON of a body.
func decodeJSON(text []byte, form jsonForm, body any) error {
	decoder := json.NewDecoder(strings.NewReader(strings.TrimPrefix(string(text), "\uFEFF")))
	decoder.DisallowUnknownFields()
	err := decoder.Decode(body)
	if err == nil {
		if _, more := decoder.Token(); !errors.Is(more, io.EOF) {
			err = errors.New("something follows the object")
		}
	}
	if err != nil {
		return badRequest("Invalid body", "%s; send %s", strings.TrimPrefix(err.Error(), "json: "), form.like)
	}
	return nil
}
