package adjust

import (
	"bufio"
	"context"
	"errors"
	"math"
	"net"
	"net/http"
	"syscall"
	"time"
)

// Limits of what a server may send before the body of its answer.
const (
	maxHeader        = 64 << 10
	maxInterimAnswer = 5 // such as 100 Continue and 103 Early Hints
)

var errLongHeader = errors.New("the header of the answer is too long")

// conn is a connection. One goroutine uses it at a time.
type conn struct {
	net.Conn                    // what is spoken over: raw, or TLS on it
	raw      net.Conn           // what the dialer made
	reader   *bufio.Reader      // reads from this conn
	left     int                // how many more bytes may be read
	used     bool               // it has carried a request before
	made     time.Time          // when it was connected
	since    time.Time          // when it became idle
	system   syscall.RawConn    // of raw; nil when it has none
	peek     func(uintptr) bool // looks for input on system
	pending  bool               // what peek found
	count    func(uintptr)      // counts on system what was confirmed
	counted  uint64             // what count found
	countOK  bool               // whether it could
	head     []byte             // how the last answer began, for recode
	date     string             // the Date of the last answer
	ends     <-chan struct{}    // with what it stops being used; see obey
	disobey  func() bool        // ends that; nil where nothing does
}

// newConn makes a conn of what the dialer made, and of what is spoken over it.
func newConn(raw, spoken net.Conn) *conn {
	c := &conn{Conn: spoken, raw: raw, made: time.Now()}
	c.reader = bufio.NewReaderSize(c, 4<<10)
	if s, ok := raw.(syscall.Conn); ok {
		if system, err := s.SyscallConn(); err == nil {
			c.system = system
			c.peek = func(fd uintptr) bool {
				c.pending = hasInput(fd)
				return true
			}
			c.count = func(fd uintptr) { c.counted, c.countOK = bytesAcked(fd) }
		}
	}
	return c
}

// Read is for reader. It keeps a server from sending headers without end.
func (c *conn) Read(b []byte) (int, error) {
	if c.left <= 0 {
		return 0, errLongHeader
	}
	n, err := c.Conn.Read(b[:min(len(b), c.left)])
	c.left -= n
	return n, err
}

// usable tells whether an idle connection can carry a request. An idle connection has nothing to say: input is the
// server's end of it, or the rest of an answer that was longer than it said.
func (c *conn) usable() bool {
	idle := time.Since(c.since)
	if idle >= idleTimeout || c.reader.Buffered() > 0 {
		return false
	}
	if c.system == nil || !canPeek {
		return canPeek || idle < time.Second
	}
	return c.system.Read(c.peek) == nil && !c.pending
}

// acked returns how many bytes the other side has confirmed to have received so far.
func (c *conn) acked() (n uint64, ok bool) {
	if !canCountAcked || c.system == nil {
		return 0, false
	}
	err := c.system.Control(c.count)
	return c.counted, c.countOK && err == nil
}

// await waits for the first byte of an answer. The error of a broken connection is the connection's own.
func (c *conn) await() error {
	c.left = maxHeader
	_, err := c.reader.Peek(1)
	return err
}

// plain reads up to the body of an answer that is plain; ok is false, and nothing is read, of all others. It follows await.
func (c *conn) plain() (h plainHead, ok bool) {
	begun, _ := c.reader.Peek(c.reader.Buffered()) // never fails: it is there
	h, size := plainHeadOf(begun, c.date)
	if size == 0 {
		return plainHead{}, false
	}
	c.date = h.date
	_, _ = c.reader.Discard(size)
	c.left = math.MaxInt
	return h, true
}

// header reads up to the body of an answer, and returns how the body is encoded in transfer, beside the chunks. The error
// of a broken connection is the connection's own.
func (c *conn) header() (*http.Response, codings, error) {
	c.left = maxHeader
	for range maxInterimAnswer {
		if _, err := c.reader.Peek(1); err != nil {
			return nil, nil, err
		}
		begun, _ := c.reader.Peek(c.reader.Buffered()) // never fails: it is there
		c.head = append(c.head[:0], begun...)
		response, err := http.ReadResponse(c.reader, nil)
		if err != nil {
			// net/http has taken the lines of the header, and nothing of the body.
			if response, how, ok := recode(c.head, c.reader); ok {
				c.left = math.MaxInt
				return response, how, nil
			}
			return nil, nil, err
		}
		if response.StatusCode >= 200 || response.StatusCode == http.StatusSwitchingProtocols {
			c.left = math.MaxInt
			return response, nil, nil
		}
	}
	return nil, nil, errLongHeader
}

// interrupt makes reads and writes on c fail when ctx ends. Call stop when they are over: false means that they may have
// failed because of it, and that later ones would.
func interrupt(ctx context.Context, c net.Conn) (stop func() bool) {
	return context.AfterFunc(ctx, func() { _ = c.SetDeadline(longAgo) })
}

// longAgo makes what is under way fail at once.
var longAgo = time.Unix(1, 0) //nolint:gochecknoglobals // time.Time has no constants

// obey makes reads and writes fail when ctx ends, until another context is obeyed or the connection is closed. It returns
// false when the context that was obeyed before has ended: then the connection cannot be used. One that is obeyed already
// costs nothing; to hook each attempt to its context took a tenth of what is not spent in the kernel.
func (c *conn) obey(ctx context.Context) bool {
	if c.disobey != nil {
		if c.ends == ctx.Done() {
			return true
		}
		if !c.disobey() {
			return false
		}
	}
	c.ends, c.disobey = ctx.Done(), interrupt(ctx, c.raw)
	return true
}

// begin gives what follows a time by which it must be over. It comes after obey.
func (c *conn) begin(ctx context.Context, deadline time.Time) {
	_ = c.raw.SetDeadline(deadline) // fails only on a closed connection, on which the write fails, too
	if ctx.Err() != nil {
		// It may have ended before that, and what makes reads and writes fail then was replaced just now.
		_ = c.raw.SetDeadline(longAgo)
	}
}

// free ends what obey began.
func (c *conn) free() {
	if c.disobey != nil {
		c.disobey()
	}
}

// close ends an idle connection politely: with TLS, the server is told.
func (c *conn) close() {
	c.free()
	_ = c.Close()
}

// abandon ends a connection at once, whatever is under way on it.
func (c *conn) abandon() {
	c.free()
	_ = c.raw.Close()
}
