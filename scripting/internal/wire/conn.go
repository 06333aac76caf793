package wire

import (
	"bufio"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"slices"
	"sync"
	"time"
)

const (
	// MaxFrame bounds a frame, in bytes.
	MaxFrame = 64 << 20
	// flushAt is how much is kept back at most before it is written.
	flushAt = 32 << 10
)

// ErrFrame means that the other side does not keep to the protocol.
var ErrFrame = errors.New("broken frame")

// Conn is one end of the pipes.
type Conn struct {
	in *bufio.Reader

	mu  sync.Mutex
	out *bufio.Writer // guarded by mu
	err error         // guarded by mu: the first error of out
	// alarm writes what has waited long enough; guarded by mu. Nil: nothing waits.
	alarm *time.Timer
	// last makes a frame that goes behind all others of a flush; set before anything is sent. Nil: none does.
	last func() (kind Kind, body []byte, ok bool)
}

// SetLast lets a frame go behind all others whenever what was put is written. It is called before anything is sent.
func (c *Conn) SetLast(last func() (kind Kind, body []byte, ok bool)) { c.last = last }

// flushAfter bounds how long a frame waits.
const flushAfter = 20 * time.Millisecond

// NewConn makes an end.
func NewConn(in io.Reader, out io.Writer) *Conn {
	return &Conn{in: bufio.NewReaderSize(in, 64<<10), out: bufio.NewWriterSize(out, flushAt)}
}

// Put writes a frame that may wait for others; Send one that must not.
func (c *Conn) Put(kind Kind, body []byte) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.alarm == nil {
		c.alarm = time.AfterFunc(flushAfter, func() { _ = c.Flush() }) // the error is that of the next frame
	}
	return c.putLocked(kind, body)
}

// Send writes a frame, and all that was put before.
func (c *Conn) Send(kind Kind, body []byte) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if err := c.putLocked(kind, body); err != nil {
		return err
	}
	return c.flushLocked()
}

// Flush writes what was put.
func (c *Conn) Flush() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.flushLocked()
}

func (c *Conn) flushLocked() error {
	if c.alarm != nil {
		c.alarm.Stop()
		c.alarm = nil
	}
	if c.last != nil && c.err == nil {
		if kind, body, ok := c.last(); ok {
			_ = c.putLocked(kind, body) // the error is in c
		}
	}
	if c.err == nil {
		c.err = c.out.Flush()
	}
	return c.err
}

func (c *Conn) putLocked(kind Kind, body []byte) error {
	if len(body) > MaxFrame {
		return fmt.Errorf("%w: %d bytes are more than a frame holds", ErrFrame, len(body))
	}
	if c.err != nil {
		return c.err
	}
	var head [5]byte
	binary.LittleEndian.PutUint32(head[:], uint32(len(body))) //nolint:gosec // bounded above
	head[4] = byte(kind)
	if _, c.err = c.out.Write(head[:]); c.err == nil {
		_, c.err = c.out.Write(body)
	}
	return c.err
}

// Receive reads a frame. The body is the caller's.
func (c *Conn) Receive() (Kind, []byte, error) {
	var head [5]byte
	if _, err := io.ReadFull(c.in, head[:]); err != nil {
		return 0, nil, err
	}
	size := binary.LittleEndian.Uint32(head[:])
	if size > MaxFrame {
		return 0, nil, fmt.Errorf("%w: says that it has %d bytes", ErrFrame, size)
	}
	body, err := readBody(c.in, int(size))
	return Kind(head[4]), body, err
}

// readBody reads so many bytes, without believing before they come that there are so many.
func readBody(in io.Reader, size int) ([]byte, error) {
	const piece = 1 << 20
	body := make([]byte, min(size, piece))
	for read := 0; ; {
		n, err := io.ReadFull(in, body[read:])
		if read += n; err != nil {
			return nil, err
		}
		if read == size {
			return body, nil
		}
		body = slices.Grow(body, min(size-read, max(piece, read)))
		body = body[:min(size, cap(body))]
	}
}
