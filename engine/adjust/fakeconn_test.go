package adjust_test

import (
	"bufio"
	"bytes"
	"context"
	"io"
	"net"
	"net/http"
	"time"
)

// fakeConn is a connection that answers each write, without a network.
type fakeConn struct {
	answer string
	look   func(r *http.Request) // called with each request; nil: with none
	limit  int                   // the write that reaches so many bytes fails; 0: none
	wrote  int
	unread bytes.Buffer
}

// answering returns a dialer of such connections.
func answering(answer string, look func(r *http.Request)) func(context.Context, string, string) (net.Conn, error) {
	return func(context.Context, string, string) (net.Conn, error) {
		return &fakeConn{answer: answer, look: look}, nil
	}
}

func (m *fakeConn) Write(b []byte) (int, error) {
	if m.limit > 0 && m.wrote+len(b) > m.limit {
		n := m.limit - m.wrote
		m.wrote = m.limit
		return n, &net.OpError{Op: "write", Err: io.ErrClosedPipe}
	}
	m.wrote += len(b)
	if m.look != nil {
		r, err := http.ReadRequest(bufio.NewReader(bytes.NewReader(b)))
		if err != nil {
			return 0, err
		}
		m.look(r)
	}
	m.unread.WriteString(m.answer)
	return len(b), nil
}

func (m *fakeConn) Read(b []byte) (int, error)       { return m.unread.Read(b) }
func (m *fakeConn) Close() error                     { return nil }
func (m *fakeConn) LocalAddr() net.Addr              { return &net.TCPAddr{} }
func (m *fakeConn) RemoteAddr() net.Addr             { return &net.TCPAddr{} }
func (m *fakeConn) SetDeadline(time.Time) error      { return nil }
func (m *fakeConn) SetReadDeadline(time.Time) error  { return nil }
func (m *fakeConn) SetWriteDeadline(time.Time) error { return nil }
