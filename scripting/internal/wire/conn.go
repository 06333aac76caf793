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
	// headSize is how many bytes stand before the body: its length, the channel, and the kind.
	headSize = 9
	// flushAt is how much is kept back at most before it is written.
	flushAt = 32 << 10
)

// ErrFrame means that the other side does not keep to the protocol.
var ErrFrame = errors.New("broken frame")

// Conn is one end of the pipes.
type Conn struct {
	in *bufio.Reader
	// kept is what the next body is read into if it has room; the receiver's.
	kept []byte

	mu  sync.Mutex
	out io.Writer // guarded by mu, as all below
	err error     // the first error of out
	// waiting is what was put and is not written, and lately where the head of the last frame begins in it; -1: that was written.
	waiting []byte
	lately  int
	// alarm writes what has waited long enough; nil: it was never needed. armed tells that it does.
	alarm *time.Timer
	armed bool
	// last are the makers of frames that go behind all others of a flush, by their channels.
	last map[uint32]func() (kind Kind, body []byte, ok bool)
}

// Channel is one of many conversations over the same pipes: each of the versions that share a process has one.
type Channel struct {
	conn   *Conn
	number uint32
}

// Channel returns the channel of a number.
func (c *Conn) Channel(number uint32) *Channel { return &Channel{c, number} }

// Put writes a frame that may wait for others; Send one that must not.
func (ch *Channel) Put(kind Kind, body []byte) error { return ch.conn.put(ch.number, kind, body) }

// Join is Put for a body that may stand behind that of the frame before, where that is of the same kind and channel.
func (ch *Channel) Join(kind Kind, body []byte) error { return ch.conn.join(ch.number, kind, body) }

// Send writes a frame, and all that was put before.
func (ch *Channel) Send(kind Kind, body []byte) error { return ch.conn.send(ch.number, kind, body) }

// SetLast lets a frame go behind all others whenever what was put is written; nil ends that.
func (ch *Channel) SetLast(last func() (kind Kind, body []byte, ok bool)) {
	ch.conn.mu.Lock()
	defer ch.conn.mu.Unlock()
	if last == nil {
		delete(ch.conn.last, ch.number)
		return
	}
	ch.conn.last[ch.number] = last
}

// flushAfter bounds how long a frame waits.
const flushAfter = 20 * time.Millisecond

// NewConn makes an end.
func NewConn(in io.Reader, out io.Writer) *Conn {
	return &Conn{
		in: bufio.NewReaderSize(in, 64<<10), out: out, lately: -1,
		last: map[uint32]func() (kind Kind, body []byte, ok bool){},
	}
}

func (c *Conn) put(channel uint32, kind Kind, body []byte) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.armLocked()
	return c.putLocked(channel, kind, body)
}

func (c *Conn) join(channel uint32, kind Kind, body []byte) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.armLocked()
	if c.err == nil && c.lately >= 0 {
		head := c.waiting[c.lately : c.lately+headSize]
		if binary.LittleEndian.Uint32(head[4:]) == channel && Kind(head[8]) == kind && len(c.waiting)+len(body) <= flushAt {
			binary.LittleEndian.PutUint32(head, binary.LittleEndian.Uint32(head)+uint32(len(body))) //nolint:gosec // bounded above
			c.waiting = append(c.waiting, body...)
			return nil
		}
	}
	return c.putLocked(channel, kind, body)
}

func (c *Conn) armLocked() {
	switch {
	case c.armed:
		return
	case c.alarm == nil:
		c.alarm = time.AfterFunc(flushAfter, func() { _ = c.Flush() }) // the error is that of the next frame
	default:
		c.alarm.Reset(flushAfter)
	}
	c.armed = true
}

func (c *Conn) send(channel uint32, kind Kind, body []byte) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if err := c.putLocked(channel, kind, body); err != nil {
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
	if c.armed {
		c.alarm.Stop()
		c.armed = false
	}
	for channel, last := range c.last {
		if kind, body, ok := last(); ok && c.err == nil {
			_ = c.putLocked(channel, kind, body) // the error is in c
		}
	}
	return c.writeLocked()
}

// writeLocked writes what has waited.
func (c *Conn) writeLocked() error {
	if c.err == nil && len(c.waiting) > 0 {
		_, c.err = c.out.Write(c.waiting)
	}
	c.waiting, c.lately = c.waiting[:0], -1
	return c.err
}

func (c *Conn) putLocked(channel uint32, kind Kind, body []byte) error {
	if len(body) > MaxFrame {
		return fmt.Errorf("%w: %d bytes are more than a frame holds", ErrFrame, len(body))
	}
	if c.err != nil {
		return c.err
	}
	if len(c.waiting)+headSize+len(body) > flushAt && c.writeLocked() != nil {
		return c.err
	}
	c.lately = len(c.waiting)
	c.waiting = binary.LittleEndian.AppendUint32(c.waiting, uint32(len(body))) //nolint:gosec // bounded above
	c.waiting = binary.LittleEndian.AppendUint32(c.waiting, channel)
	c.waiting = append(c.waiting, byte(kind))
	if headSize+len(body) <= flushAt {
		c.waiting = append(c.waiting, body...)
		return nil
	}
	if c.writeLocked() == nil {
		_, c.err = c.out.Write(body) // not copied
	}
	return c.err
}

// Receive reads a frame, and says of which channel. The body is the caller's.
func (c *Conn) Receive() (channel uint32, kind Kind, body []byte, err error) {
	var head [headSize]byte
	if _, err := io.ReadFull(c.in, head[:]); err != nil {
		return 0, 0, nil, err
	}
	size := binary.LittleEndian.Uint32(head[:])
	if size > MaxFrame {
		return 0, 0, nil, fmt.Errorf("%w: says that it has %d bytes", ErrFrame, size)
	}
	if int(size) <= cap(c.kept) {
		body, c.kept = c.kept[:size], nil
		_, err = io.ReadFull(c.in, body)
	} else {
		body, err = readBody(c.in, int(size))
	}
	return binary.LittleEndian.Uint32(head[4:]), Kind(head[8]), body, err
}

// maxReused bounds the body that is kept for the next one, in bytes.
const maxReused = 64 << 10

// Reuse gives a body back of which nothing is referred to any more: a later one is read into it. It is the receiver's.
func (c *Conn) Reuse(body []byte) {
	if cap(body) <= maxReused {
		c.kept = body
	}
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
