package adjust

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"time"

	"golang.org/x/net/http2"
	"golang.org/x/net/http2/hpack"
)

var (
	errNotHTTP   = errors.New("what the server sends is not HTTP/2")
	errBrokenOff = fmt.Errorf("the server ended the request: %w", io.ErrUnexpectedEOF)
)

// stream is one request on a shared connection. The connection's lock guards it until done is closed.
type stream struct {
	id     uint32
	rest   []byte // what is not queued yet of the body
	window int64  // how much of it may be sent
	whole  bool   // all of the request is queued,
	end    uint64 // up to this byte of the connection

	status  int // 0: no answer yet
	header  http.Header
	length  int64 // of the body, as the header says; -1 where it does not
	interim int
	body    []byte

	err       error // what is wrong with the answer
	sent      bool  // the connection took all of the request
	untouched bool  // the server has said that it did nothing with it, or it was never queued
	over      bool
	done      chan struct{}
}

// end ends a stream. The caller holds mu.
func (m *shared) end(s *stream, err error) {
	if s.over {
		return
	}
	s.over, s.err, s.rest = true, err, nil
	s.sent = s.whole && s.end <= m.written
	delete(m.streams, s.id)
	if len(m.streams) == 0 {
		m.rests = time.Now()
	}
	close(s.done)
	m.rest()
}

// giveUp ends a stream for which nobody waits any more. What is queued cannot be taken back, so it counts as sent.
func (m *shared) giveUp(s *stream, err error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if s.over {
		return
	}
	m.reset(s, http2.ErrCodeCancel)
	m.end(s, err)
	s.sent = s.whole
}

// share makes the attempt on a shared connection that has promised a place. again as in do.
func (t *roundTrip) share(ctx context.Context, m *shared) (a Answer, again bool) {
	s := m.open(t)
	timer := time.NewTimer(time.Until(t.deadline))
	defer timer.Stop()
	select {
	case <-s.done:
	case <-ctx.Done():
		m.giveUp(s, ctx.Err())
	case <-timer.C:
		m.giveUp(s, context.DeadlineExceeded)
	}
	switch {
	case s.untouched:
		return t.untouched(ctx, s.err), ctx.Err() == nil
	case s.status == 0 && !s.sent:
		return t.unwritten(ctx, s.err), ctx.Err() == nil && !isTimeout(s.err)
	case s.status == 0:
		return t.unanswered(ctx, s.err), false
	}
	response := &http.Response{StatusCode: s.status, Header: s.header, ContentLength: -1}
	if s.err == nil {
		response.ContentLength = int64(len(s.body))
	}
	response.Body = io.NopCloser(io.MultiReader(bytes.NewReader(s.body), failing{s.err}))
	a, _ = t.read(ctx, response, nil)
	if !s.sent {
		a.Ambiguous = false
	}
	return a, false
}

// failing is the end of a body that is not complete.
type failing struct{ err error }

func (f failing) Read([]byte) (int, error) {
	switch {
	case f.err == nil:
		return 0, io.EOF
	case errors.Is(f.err, io.EOF):
		return 0, io.ErrUnexpectedEOF // the connection has ended, and not the body
	}
	return 0, f.err
}

// takeHeaders begins an answer, or ends it with a trailer. The caller holds mu.
func (m *shared) takeHeaders(s *stream, f *http2.MetaHeadersFrame) {
	status, notNumber := strconv.Atoi(f.PseudoValue("status"))
	switch {
	case s.status != 0 && f.StreamEnded():
		m.answered(s)
		return
	case f.Truncated:
		m.reset(s, http2.ErrCodeCancel)
		m.end(s, errLongHeader)
		return
	case s.status != 0 || notNumber != nil || status < 100 || status == http.StatusSwitchingProtocols || status > 999:
		m.reset(s, http2.ErrCodeProtocol)
		m.end(s, errNotHTTP)
		return
	case status < 200:
		if s.interim++; s.interim >= maxInterimAnswer || f.StreamEnded() {
			m.reset(s, http2.ErrCodeProtocol)
			m.end(s, errLongHeader)
		}
		return
	}
	s.status, s.length, s.header = status, -1, make(http.Header, 4)
	for _, field := range f.RegularFields() {
		switch field.Name {
		case "date", "retry-after", "location", "content-encoding":
			s.header.Add(field.Name, field.Value)
		case "content-length":
			if n, err := strconv.ParseInt(field.Value, 10, 64); err == nil && n >= 0 {
				s.length = n
			}
		}
	}
	if f.StreamEnded() {
		m.answered(s)
	}
}

// fields are the header of the request.
func (t *roundTrip) fields() []hpack.HeaderField {
	to := t.target
	path := hpack.HeaderField{Name: ":path", Value: to.path}
	if t.query {
		// It names a device, and no other request has the same: neither side remembers it.
		path.Value, path.Sensitive = to.path+"?"+string(t.form), true
	}
	fields := append(append(make([]hpack.HeaderField, 0, len(to.fields)+3), path), to.fields...)
	if t.forwarded != "" {
		fields = append(fields, hpack.HeaderField{Name: "x-adjust-forwarded-for", Value: t.forwarded, Sensitive: true})
	}
	return append(fields, hpack.HeaderField{Name: "content-length", Value: strconv.Itoa(len(t.body()))})
}

// body is what follows the header.
func (t *roundTrip) body() []byte {
	if t.query {
		return nil
	}
	return t.form
}
