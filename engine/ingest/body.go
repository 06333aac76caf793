package ingest

import (
	"errors"
	"io"
	"net/http"
	"os"
	"strings"
	"time"

	"trackhook/engine"
)

// mark is a byte order mark.
const mark = "\uFEFF"

// reserve counts a body that is about to be read, and returns how much to give back with release when the request is
// done.
func (h *Handler) reserve(r *http.Request, limit int64) (int64, *refusal) {
	size := r.ContentLength
	switch {
	case size == 0:
		return 0, nil
	case size > limit:
		return 0, tooLarge("the body has %d bytes; at most %d are taken", size, limit)
	case size < 0:
		size = limit
	}
	if h.inHand.Add(size) > h.cfg.MaxMemory {
		h.inHand.Add(-size)
		return 0, &refusal{
			status: http.StatusServiceUnavailable, message: "Service unavailable", header: "Retry-After", value: "1",
			detail: "too many large requests at once and nothing was stored; send it again after the time in Retry-After",
		}
	}
	return size, nil
}

// release gives back what reserve has counted.
func (h *Handler) release(size int64) { h.inHand.Add(-size) }

// read reads a body of at most limit bytes. It returns a string, because everything that is parsed from it can then be
// a part of it instead of a copy.
func (h *Handler) read(w http.ResponseWriter, r *http.Request, limit int64) (string, *refusal) {
	if r.ContentLength == 0 {
		return "", nil
	}
	if coding := r.Header.Get("Content-Encoding"); coding != "" && !strings.EqualFold(coding, "identity") {
		return "", wrongType("Content-Encoding %s is not supported; send the body as it is", engine.Quote(coding))
	}
	// A server's ReadTimeout would end long answers of other handlers too, so bodies have a deadline of their own.
	// net/http replaces it for the next request. Writers of tests have none, hence no error here.
	_ = http.NewResponseController(w).SetReadDeadline(time.Now().Add(h.cfg.BodyTimeout))

	var body strings.Builder
	if r.ContentLength > 0 {
		body.Grow(int(r.ContentLength))
	}
	buffer, ok := h.buffers.Get().(*[]byte)
	if !ok {
		panic("the pool holds buffers only")
	}
	defer h.buffers.Put(buffer)
	_, err := io.CopyBuffer(&body, http.MaxBytesReader(w, r.Body, limit), *buffer)
	var over *http.MaxBytesError
	switch {
	case err == nil:
		// Editors and tools of some systems begin every text with a byte order mark, which is no part of it.
		return strings.TrimPrefix(body.String(), mark), nil
	case errors.As(err, &over):
		return "", tooLarge("the body has more than %d bytes", limit)
	case errors.Is(err, os.ErrDeadlineExceeded):
		return "", &refusal{
			status: http.StatusRequestTimeout, message: "Request timeout",
			detail: "the body did not arrive within " + h.cfg.BodyTimeout.String(),
		}
	default:
		return "", invalid("Invalid body", "", "the body ended early")
	}
}
