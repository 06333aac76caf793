package ingest

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strconv"

	"trackhook/engine"
)

// refusal is an error answer.
type refusal struct {
	status int
	// message is short and in the words of Adjust's server where it has words for it.
	message string
	// text replaces title and message, for the one answer of the server that has no such form. Empty: it does not.
	text string
	// field is the parameter that is wrong; line counts from 1 within a batch, 0 elsewhere.
	field string
	line  int
	// detail says what is wrong and what would be right.
	detail string
	// app is the app token as sent; answers about ad revenue repeat it.
	app string
	// unread tells that the sender is still sending its body.
	unread bool
	// header and value are one response header that belongs to the status. Empty: none.
	header, value string
	// plain tells that the answer is text, for the Web SDK; see page.refusal.
	plain bool
}

// Error lets a refusal pass through functions that return errors.
func (r *refusal) Error() string { return r.message + ": " + r.detail }

// invalid is a refusal with status 400.
func invalid(message, field, format string, args ...any) *refusal {
	return &refusal{status: http.StatusBadRequest, message: message, field: field, detail: fmt.Sprintf(format, args...)}
}

// refusedByEngine is a refusal of the engine's checks.
func refusedByEngine(err *engine.RefusedError) *refusal {
	status := http.StatusBadRequest
	if err.Field == "size" {
		status = http.StatusRequestEntityTooLarge
	}
	return &refusal{status: status, message: err.Message, field: err.Field, detail: err.Detail}
}

// tooLarge is a refusal with status 413.
func tooLarge(format string, args ...any) *refusal {
	return &refusal{status: http.StatusRequestEntityTooLarge, message: "Request size too large", field: "size", detail: fmt.Sprintf(format, args...)}
}

// wrongType is a refusal with status 415.
func wrongType(format string, args ...any) *refusal {
	return &refusal{status: http.StatusUnsupportedMediaType, message: "Unsupported media type", detail: fmt.Sprintf(format, args...)}
}

// notFound is a refusal with status 404.
func notFound(path string) *refusal {
	return &refusal{
		status: http.StatusNotFound, text: "Not found",
		detail: "there is nothing at " + engine.Quote(path) + "; the endpoints are /session, /event, /ad_revenue, /gdpr_forget_device, /third_party_sharing, /attribution and /v1/packages",
	}
}

// wrongMethod is a refusal with status 405.
func wrongMethod(method, allow string) *refusal {
	return &refusal{
		status: http.StatusMethodNotAllowed, message: "Method not allowed",
		detail: "method " + engine.Quote(method) + " is not supported here; use one of " + allow,
		header: "Allow", value: allow,
	}
}

// unavailable hides what exactly is wrong: that is for the log, not for the sender.
func unavailable(err error) *refusal {
	r := &refusal{
		status: http.StatusServiceUnavailable, message: "Service unavailable", header: "Retry-After", value: "5",
		detail: "the package could not be stored; send it again after the time in Retry-After",
	}
	switch {
	case errors.Is(err, engine.ErrDiskFull):
		r.value = "30"
		r.detail = "the disk of this host is full and nothing was stored; send it again after the time in Retry-After"
	case errors.Is(err, engine.ErrFullOfDead):
		r.value = "30"
		r.detail = "this host has too many dead letters and nothing was stored; somebody must retry or drop them; send it again after the time in Retry-After"
	case errors.Is(err, engine.ErrFull):
		r.value = "30"
		r.detail = "the queue is over its high-water mark and nothing was stored; send it again after the time in Retry-After"
	case errors.Is(err, engine.ErrUnavailable):
		r.value = "2"
		r.detail = "the store of this host cannot be reached, so the package may be stored or not; send it again after the time in Retry-After, " +
			"with the same Idempotency-Key where it has one"
	case errors.Is(err, engine.ErrClosed):
		r.detail = "this host is shutting down and nothing was stored; send it again after the time in Retry-After"
	}
	return r
}

// answer writes a refusal.
func (h *Handler) answer(w http.ResponseWriter, r *http.Request, title string, refused *refusal) {
	body := struct {
		Error  string `json:"error"`
		Detail string `json:"detail"`
		Line   int    `json:"line,omitempty"`
		Field  string `json:"field,omitempty"`
	}{Error: refused.text, Detail: refused.detail, Line: refused.line}
	if body.Error == "" {
		body.Error = title + " (" + refused.message + ")"
		if r.URL.Path == "/ad_revenue" && refused.app != "" {
			body.Error += " (app_token:" + refused.app + ")"
		}
	}
	if refused.line > 0 {
		body.Field = refused.field
		body.Detail = "line " + strconv.Itoa(refused.line) + ": " + body.Detail
	}
	h.cfg.Log.Debug().Str("path", r.URL.Path).Int("status", refused.status).Str("error", body.Error).
		Str("field", refused.field).Int("line", refused.line).Msg("request refused")

	header := w.Header()
	header.Set("X-Content-Type-Options", "nosniff")
	if refused.header != "" {
		header.Set(refused.header, refused.value)
	}
	var text []byte
	if refused.plain {
		header.Set("Content-Type", "text/plain; charset=utf-8")
		text = []byte(body.Error + ": " + body.Detail)
	} else {
		header.Set("Content-Type", "application/json")
		text = jsonOf(body)
	}
	control := http.NewResponseController(w)
	unread := refused.unread && r.Header.Get("Expect") == "" && control.EnableFullDuplex() == nil
	if unread {
		header.Set("Connection", "close")
		header.Set("Content-Length", strconv.Itoa(len(text)))
	}
	w.WriteHeader(refused.status)
	_, _ = w.Write(text) // the sender may have gone; nobody to tell
	if unread {
		_ = control.Flush()
		linger(control, r)
	}
}

// jsonOf is the JSON of something that always has one, on one line, with all signs as they are.
func jsonOf(body any) []byte {
	var out bytes.Buffer
	encoder := json.NewEncoder(&out)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(body); err != nil {
		panic(err) // strings and a number: cannot fail
	}
	return bytes.TrimSuffix(out.Bytes(), []byte("\n"))
}
