package sandbox

import (
	"cmp"
	"crypto/tls"
	"io"
	"net"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// Bodies of faults that have none of their own.
const (
	page = "<!DOCTYPE html>\n<html><head><title>Welcome</title></head><body>Please log in to use this network.</body></html>\n"
	junk = "\x00\x7fnot an answer\x01\r\n\r\n"
)

// fail makes a fault happen. a is the answer that the request would have had, empty where it was not processed.
func (s *Server) fail(w http.ResponseWriter, r *http.Request, f *Fault, a answer) {
	if d := f.delay(); d > 0 && !s.wait(r, d) {
		hangUp(w, "")
		return
	}
	switch f.Kind {
	case FaultSlow:
		write(w, a)
	case FaultResetBefore, FaultResetAfter:
		hangUp(w, "")
	case FaultSilent:
		s.wait(r, -1)
		hangUp(w, "")
	case FaultGarbage:
		hangUp(w, cmp.Or(f.Body, junk))
	case FaultRetryIn:
		write(w, answer{status: http.StatusOK, body: `{"message":"Try again later","retry_in":` + strconv.Itoa(f.RetryIn) + `}`})
	case FaultRedirect:
		w.Header().Set("Location", f.Location)
		write(w, answer{status: f.Status, plain: true})
	case FaultTruncated:
		truncate(w, a)
	case FaultHuge:
		huge(w, f)
	case FaultHTML:
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		w.WriteHeader(f.answers(a.status))
		_, _ = io.WriteString(w, cmp.Or(f.Body, page))
	case FaultNotJSON:
		write(w, answer{status: f.answers(a.status), body: cmp.Or(f.Body, "not a json response"), plain: true})
	case FaultStatus:
		if f.RetryAfter != "" {
			w.Header().Set("Retry-After", f.RetryAfter)
		}
		write(w, answer{status: f.Status, body: f.Body, plain: !strings.HasPrefix(f.Body, "{")})
	}
}

// wait returns true after d; false when the client has gone or the server closes before. Negative: it waits for those.
func (s *Server) wait(r *http.Request, d time.Duration) bool {
	var over <-chan time.Time
	if d >= 0 {
		timer := time.NewTimer(d)
		defer timer.Stop()
		over = timer.C
	}
	select {
	case <-over:
		return true
	case <-r.Context().Done():
		return false
	case <-s.closed:
		return false
	}
}

// hangUp writes text past HTTP and resets the connection. Where there is no connection to take over, as with HTTP/2 and
// in tests without one, it aborts the handler.
func hangUp(w http.ResponseWriter, text string) {
	conn, _, err := http.NewResponseController(w).Hijack()
	if err != nil {
		panic(http.ErrAbortHandler)
	}
	if text != "" {
		_, _ = io.WriteString(conn, text)
		_ = conn.Close()
		return
	}
	inner := conn
	if secure, ok := conn.(*tls.Conn); ok {
		inner = secure.NetConn()
	}
	if tcp, ok := inner.(*net.TCPConn); ok {
		_ = tcp.SetLinger(0) // makes Close send a reset
	}
	_ = inner.Close()
}

// truncate promises more than it writes; net/http closes the connection then.
func truncate(w http.ResponseWriter, a answer) {
	body := cmp.Or(a.body, `{"status":"OK","message":"this answer breaks off"}`)
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Content-Length", strconv.Itoa(len(body)))
	w.WriteHeader(cmp.Or(a.status, http.StatusOK))
	_, _ = io.WriteString(w, body[:len(body)/2])
}

// huge writes as much as the fault says.
func huge(w http.ResponseWriter, f *Fault) {
	w.Header().Set("Content-Type", "text/plain")
	w.WriteHeader(cmp.Or(f.Status, http.StatusOK))
	chunk := strings.Repeat("x", 32<<10)
	for left := f.Bytes; left > 0; left -= len(chunk) {
		if _, err := io.WriteString(w, chunk[:min(left, len(chunk))]); err != nil {
			return // the client has had enough
		}
	}
}
