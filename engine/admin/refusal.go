package admin

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strconv"

	"trackhook/engine"
)

// refusal is why a request is not answered with success.
type refusal struct {
	status          int
	message, detail string
	// header and value are one response header that belongs to the status. Empty: none.
	header, value string
}

// Error returns message and detail.
func (r *refusal) Error() string { return r.message + ": " + r.detail }

// answerError is the body of every error.
type answerError struct {
	Error  string `json:"error"`
	Detail string `json:"detail"`
}

func badRequest(message, format string, args ...any) *refusal {
	return &refusal{status: http.StatusBadRequest, message: message, detail: fmt.Sprintf(format, args...)}
}

// notKept is the answer of a host whose store does not keep what was asked for.
func notKept() *refusal {
	return &refusal{
		status: http.StatusNotImplemented, message: "Not implemented",
		detail: "the store of this host does not tell about packages and responses",
	}
}

// nothingAt is the answer for a path that is not served.
func nothingAt(r *http.Request) *refusal {
	return &refusal{status: http.StatusNotFound, message: "Not found", detail: "there is nothing at " + strconv.Quote(r.URL.Path)}
}

// refuse answers an error. What a store says goes to the log, not to the asker.
func (a *api) refuse(w http.ResponseWriter, r *http.Request, err error) {
	if conflict, ok := errors.AsType[*conflictRefusal](err); ok {
		a.write(w, http.StatusConflict, conflict.body)
		return
	}
	refused, ok := errors.AsType[*refusal](err)
	if !ok {
		refused = a.failed(r, err)
	}
	if refused.header != "" {
		w.Header().Set(refused.header, refused.value)
	}
	a.write(w, refused.status, answerError{Error: refused.message, Detail: refused.detail})
}

// noRoom says what is full.
func noRoom(err error) string {
	switch {
	case errors.Is(err, engine.ErrDiskFull):
		return "the disk of this host is full; ask again when there is room"
	case errors.Is(err, engine.ErrFullOfDead):
		return "there are too many dead letters; ask again when some were retried or dropped"
	default:
		return "the queue is over its high-water mark; ask again when there is room"
	}
}

// failed makes a refusal of an error of the store.
func (a *api) failed(r *http.Request, err error) *refusal {
	unavailable := func(detail, seconds string) *refusal {
		return &refusal{
			status: http.StatusServiceUnavailable, message: "Service unavailable", detail: detail,
			header: "Retry-After", value: seconds,
		}
	}
	switch {
	case errors.Is(err, engine.ErrDiskFull), errors.Is(err, engine.ErrFull):
		return unavailable(noRoom(err), "30")
	case errors.Is(err, engine.ErrClosed):
		return unavailable("this host is shutting down", "5")
	case r.Context().Err() != nil:
		// The asker has gone, nobody reads this.
		return unavailable("the request was given up", "1")
	case errors.Is(err, context.DeadlineExceeded):
		a.cfg.Log.Warn().Err(err).Str("path", r.URL.Path).Msg("the store did not answer an operator in time")
		return unavailable("the store did not answer in time", "5")
	default:
		a.cfg.Log.Error().Err(err).Str("path", r.URL.Path).Msg("the store did not answer an operator")
		return unavailable("the store does not answer; the log of the host says why", "5")
	}
}
