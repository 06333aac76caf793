package adjust

import (
	"time"

	"golang.org/x/net/http2"
)

// greet queues what a client begins with. The caller holds mu.
func (m *shared) greet() {
	_, _ = (*queue)(m).Write([]byte(http2.ClientPreface))
	// Every stream may send all that is kept of an answer, and a little more for padding: none is told later that it may
	// send more. These cannot fail, as nothing that is queued can.
	_ = m.frames.WriteSettings(
		http2.Setting{ID: http2.SettingEnablePush, Val: 0},
		http2.Setting{ID: http2.SettingInitialWindowSize, Val: uint32(min(m.limit, 1<<30)) + 1<<16}, //nolint:gosec // bounded
		http2.Setting{ID: http2.SettingMaxHeaderListSize, Val: maxHeader},
	)
	_ = m.frames.WriteWindowUpdate(0, receiveWindow)
}

// write writes what is queued, until the connection ends. It runs on a goroutine of its own.
func (m *shared) write() {
	defer m.finish()
	var spare []byte
	m.mu.Lock()
	defer m.mu.Unlock()
	for m.err == nil {
		if len(m.out) == 0 || m.broken != nil {
			m.more.Wait()
			continue
		}
		b := m.out
		m.out = spare[:0]
		m.written += uint64(len(b)) // the server may have all of it before the write returns
		m.mu.Unlock()
		n, err := m.spoken.Write(b)
		m.mu.Lock()
		m.written -= uint64(len(b) - n) //nolint:gosec // not negative
		if spare = b; cap(b) > 256<<10 {
			spare = nil
		}
		if err != nil {
			// A server that closes says first what it has done. That has arrived before, and is still read.
			m.broken, m.closing = err, true
			_ = m.raw.SetReadDeadline(time.Now().Add(time.Second)) // fails only on a closed connection
		}
	}
}

// open makes a stream of a promised place and queues its request. The stream is over at once where the connection is.
func (m *shared) open(t *roundTrip) *stream {
	s := &stream{done: make(chan struct{})}
	m.mu.Lock()
	defer m.mu.Unlock()
	m.promised--
	if m.err != nil || m.broken != nil || m.gone || m.next > 1<<30 {
		m.closing = true
		s.err = m.err
		if s.err == nil {
			s.err = errNoLonger
		}
		s.untouched, s.over = true, true
		close(s.done)
		m.rest()
		return s
	}
	s.id, s.window = m.next, m.initial
	m.next += 2
	m.streams[s.id] = s
	m.block.Reset()
	for _, field := range t.fields() {
		_ = m.headers.WriteField(field) // cannot fail: it goes to memory
	}
	s.rest = t.body()
	m.writeHeaders(s)
	if len(s.rest) == 0 {
		s.whole, s.end = true, m.queued
	} else {
		m.waiting = append(m.waiting, s)
		m.writeBodies()
	}
	m.more.Signal()
	return s
}

// writeHeaders queues the fields in block. The caller holds mu.
func (m *shared) writeHeaders(s *stream) {
	b := m.block.Bytes()
	part := b[:min(len(b), m.frame)]
	b = b[len(part):]
	_ = m.frames.WriteHeaders(http2.HeadersFrameParam{
		StreamID: s.id, BlockFragment: part, EndStream: len(s.rest) == 0, EndHeaders: len(b) == 0,
	})
	for len(b) > 0 {
		part = b[:min(len(b), m.frame)]
		b = b[len(part):]
		_ = m.frames.WriteContinuation(s.id, len(b) == 0, part)
	}
}

// writeBodies queues what the server takes of the bodies that wait. The caller holds mu.
func (m *shared) writeBodies() {
	left := m.waiting[:0]
	for _, s := range m.waiting {
		for !s.over && len(s.rest) > 0 {
			n := min(int64(len(s.rest)), m.window, s.window, int64(m.frame))
			if n <= 0 {
				break
			}
			m.window -= n
			s.window -= n
			last := n == int64(len(s.rest))
			_ = m.frames.WriteData(s.id, last, s.rest[:n])
			if s.rest = s.rest[n:]; last {
				s.whole, s.end = true, m.queued
			}
		}
		if !s.over && !s.whole {
			left = append(left, s)
		}
	}
	clear(m.waiting[len(left):])
	m.waiting = left
	m.more.Signal()
}

// reset tells the server that nobody waits for a stream any more. The caller holds mu.
func (m *shared) reset(s *stream, code http2.ErrCode) {
	_ = m.frames.WriteRSTStream(s.id, code)
	m.more.Signal()
}
