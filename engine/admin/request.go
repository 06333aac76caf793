package admin

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"trackhook/engine"
)

// maxLimit bounds the rows of a page of a list.
const maxLimit = 1000

// query are the parameters of a request, each at most once and none that is unknown.
type query map[string]string

// parseQuery reads the query of a request, which may use the allowed names.
func parseQuery(r *http.Request, allowed ...string) (query, error) {
	values, err := url.ParseQuery(r.URL.RawQuery)
	if err != nil {
		return nil, badRequest("Invalid query", "the query is not encoded properly: %s", strings.TrimPrefix(err.Error(), "net/url: "))
	}
	q := make(query, len(values))
	for name, given := range values {
		if len(given) != 1 {
			return nil, badRequest("Invalid query", "parameter %s is given %d times; give it once", engine.Quote(name), len(given))
		}
		q[name] = given[0]
	}
	return q, q.check(allowed)
}

// check refuses names that are not allowed, the first by name, and empty values.
func (q query) check(allowed []string) error {
	unknown := ""
	for name, value := range q {
		switch {
		case !slices.Contains(allowed, name):
			if unknown == "" || name < unknown {
				unknown = name
			}
		case value == "":
			return invalid(name, "is empty; leave it out, or give it a value")
		}
	}
	switch _, found := q[unknown]; {
	case !found:
		return nil
	case len(allowed) == 0:
		return badRequest("Unknown parameter", "parameter %s is not known; this takes none", engine.Quote(unknown))
	default:
		return badRequest("Unknown parameter", "parameter %s is not known; this takes %s", engine.Quote(unknown), strings.Join(allowed, ", "))
	}
}

// invalid refuses the value of a parameter. why completes the sentence.
func invalid(name, why string) *refusal {
	return badRequest("Invalid "+name, "%s %s", name, why)
}

// number reads a whole number in a range. Absent: the default.
func (q query) number(name string, absent, least, most uint64) (uint64, error) {
	text, given := q[name]
	if !given {
		return absent, nil
	}
	n, err := strconv.ParseUint(text, 10, 64)
	if err != nil || n < least || n > most {
		return 0, badRequest("Invalid "+name, "%s %s must be a whole number from %d to %d", name, engine.Quote(text), least, most)
	}
	return n, nil
}

// page reads where a list goes on, and how many rows to give.
func (q query) page() (page string, limit int, err error) {
	n, err := q.number("limit", DefaultLimit, 1, maxLimit)
	return q["page"], int(n), err //nolint:gosec // at most maxLimit
}

// flag reads true or false. Absent: false.
func (q query) flag(name string) (bool, error) {
	switch text, given := q[name]; {
	case !given || text == "false":
		return false, nil
	case text == "true":
		return true, nil
	default:
		return false, invalid(name, engine.Quote(text)+" must be true or false")
	}
}

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

// ParseTime reads a point in time as the API and the command line take it: what [engine.ParseTime] reads, such as
// 2026-01-02T15:04:05Z; a
// day, such as 2026-01-02, which means its midnight UTC; or an age, such as 90s, 2h, 3d, 2w or 1d12h, which is counted
// back from now.
func ParseTime(text string, now time.Time) (time.Time, error) {
	t, err := engine.ParseTime(text)
	if err != nil {
		t, err = time.Parse(time.DateOnly, text)
	}
	// Other years have no RFC 3339 form in UTC.
	if year := t.UTC().Year(); err == nil && year >= 1 && year <= 9999 {
		return t, nil
	}
	age, err := parseAge(text)
	if err != nil {
		return time.Time{}, fmt.Errorf("%s is neither a time such as 2026-01-02T15:04:05Z, nor a day such as 2026-01-02, nor an age such as 2h or 3d", engine.Quote(text))
	}
	return now.Add(-age), nil
}

// maxAge keeps ages within what time can count.
const maxAge = 100 * 365 * 24 * time.Hour

// parseAge reads weeks and days, in whole numbers, and then what [time.ParseDuration] reads.
func parseAge(text string) (time.Duration, error) {
	var age time.Duration
	rest := text
	for _, unit := range []struct {
		letter byte
		length time.Duration
	}{{'w', 7 * 24 * time.Hour}, {'d', 24 * time.Hour}} {
		end := 0
		for end < len(rest) && rest[end] >= '0' && rest[end] <= '9' {
			end++
		}
		if end == 0 || end == len(rest) || rest[end] != unit.letter {
			continue
		}
		n, err := strconv.ParseUint(rest[:end], 10, 32)
		if err != nil || n > uint64(maxAge/unit.length) {
			return 0, errors.New("too long")
		}
		age += time.Duration(n) * unit.length
		rest = rest[end+1:]
	}
	if rest == "" && text != "" {
		return age, nil
	}
	clock, err := time.ParseDuration(rest)
	if err != nil || clock < 0 || clock > maxAge || rest[0] == '+' || rest[0] == '-' {
		return 0, errors.New("no age")
	}
	return age + clock, nil
}
