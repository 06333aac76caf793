package adjust

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"sync"
	"time"

	"golang.org/x/net/http2"
	"golang.org/x/net/http2/hpack"
)

// Bounds of what a connection carries at once. What a server allows may be less, and is what most of them allow.
const (
	maxStreams    = 100
	receiveWindow = 16 << 20 // of all answers together
	ourFrame      = 16 << 10 // the largest frame that is read
	maxUnwritten  = 1 << 20  // of what a server makes us answer, before it is held for a bad one
)

// A connection on which nothing comes for pingAfter, while answers are waited for, is asked whether it is still there, and
// is held for dead after pingWait more.
const (
	pingAfter = 10 * time.Second
	pingWait  = 10 * time.Second
)

var (
	errSilent   = fmt.Errorf("the other side does not even answer a ping: %w", io.ErrUnexpectedEOF)
	errFlood    = errors.New("the server asks for answers that it does not read")
	errNoLonger = errors.New("the connection is not used any more")
)

// shared is a connection that many attempts use at once: HTTP/2. Two goroutines serve it, until it ends: one reads, and
// one writes what has been queued.
type shared struct {
	raw    net.Conn // what the dialer made
	spoken net.Conn // TLS on it
	made   time.Time
	limit  int // how many bytes of an answer are kept

	ready chan struct{} // closed when the server has said what it allows
	in    *http2.Framer // the reader's alone

	mu       sync.Mutex
	more     sync.Cond      // there is something to write, or the end
	frames   *http2.Framer  // appends to out; guarded by mu, as is all below
	out      []byte         // what waits to be written
	queued   uint64         // how many bytes were ever added to out
	written  uint64         // how many of them the connection took
	headers  *hpack.Encoder // appends to block
	block    bytes.Buffer   //
	streams  map[uint32]*stream
	waiting  []*stream   // those with a body that is not queued completely
	promised int         // places that attempts have been given, and have not taken yet
	next     uint32      // the number of the next stream
	most     int         // streams at once
	window   int64       // how much body may be sent
	initial  int64       // the same for a new stream
	frame    int         // the largest frame that the server takes
	taken    uint32      // how much of answers has come since the server was last told
	greeted  bool        // ready is closed
	closing  bool        // no more places are given away
	gone     bool        // the server looks at no more streams
	single   bool        // the server wants HTTP/1.1
	broken   error       // why writing failed, while what has arrived is still read
	err      error       // why it has ended
	heard    time.Time   // when a frame came last
	pinged   time.Time   // when it was asked whether it is there; zero once something has come
	rests    time.Time   // since when there is no stream
	clock    *time.Timer // runs look
}

// share greets a server that speaks HTTP/2 on a connection, and waits for its greeting.
func (r *route) share(ctx context.Context, raw, spoken net.Conn) (*shared, error) {
	m := &shared{
		raw: raw, spoken: spoken, made: time.Now(), limit: r.maxBody, ready: make(chan struct{}), streams: make(map[uint32]*stream),
		next: 1, most: maxStreams, window: 65_535, initial: 65_535, frame: 16 << 10, heard: time.Now(), rests: time.Now(),
	}
	m.more.L = &m.mu
	m.frames = http2.NewFramer((*queue)(m), nil)
	m.headers = hpack.NewEncoder(&m.block)
	m.in = http2.NewFramer(nil, spoken)
	m.in.SetMaxReadFrameSize(ourFrame)
	m.in.MaxHeaderListSize = maxHeader
	m.in.ReadMetaHeaders = hpack.NewDecoder(4<<10, nil)
	m.mu.Lock()
	m.greet()
	m.clock = time.AfterFunc(idleTimeout, m.look)
	m.mu.Unlock()
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		m.write()
	}()
	go m.read()

	ctx, cancel := context.WithTimeoutCause(ctx, r.connect, errHandshakeTimeout)
	defer cancel()
	select {
	case <-m.ready:
		return m, nil
	case <-ended:
	case <-ctx.Done():
		m.fail(context.Cause(ctx))
		<-ended
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	return nil, m.err
}

// queue is a shared connection as its framer sees it.
type queue shared

func (q *queue) Write(b []byte) (int, error) {
	q.out = append(q.out, b...)
	q.queued += uint64(len(b))
	return len(b), nil
}

// reserve promises a place to an attempt, which must open a stream.
func (m *shared) reserve() bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	if time.Since(m.made) >= maxAge {
		m.closing = true
		m.rest()
	}
	if m.closing || m.err != nil || len(m.streams)+m.promised >= m.most {
		return false
	}
	m.promised++
	return true
}

// ended tells whether there is no use in asking for a place again, and whether the server wants HTTP/1.1.
func (m *shared) ended() (ended, single bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.closing || m.err != nil, m.single
}

// allows tells how many streams it may have.
func (m *shared) allows() int {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.most
}

// close ends the connection when the last stream has ended.
func (m *shared) close() {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.closing = true
	m.rest()
}

// rest ends a connection that has nothing to do any more. The caller holds mu.
func (m *shared) rest() {
	if m.closing && len(m.streams)+m.promised == 0 && m.err == nil {
		m.err = errNoLonger
		_ = m.raw.SetWriteDeadline(time.Now().Add(time.Second)) // fails only on a closed connection
		m.more.Signal()
	}
}

// fail ends the connection at once, and all streams with it.
func (m *shared) fail(err error) {
	m.mu.Lock()
	if m.err == nil {
		m.err = err
		if m.broken != nil {
			m.err = m.broken
		}
	}
	m.more.Signal()
	m.mu.Unlock()
	_ = m.raw.Close() // so that reads and writes end
}

// finish ends all streams with the connection. The writer calls it when it has written its last, because only then it is
// certain which requests were not sent.
func (m *shared) finish() {
	m.mu.Lock()
	m.clock.Stop()
	polite := errors.Is(m.err, errNoLonger)
	for _, s := range m.streams {
		m.end(s, m.err)
	}
	m.mu.Unlock()
	if polite {
		_ = m.spoken.Close() // tells the server; whether that works does not matter
		return
	}
	_ = m.raw.Close()
}

// look ends a connection that has been idle for too long, and finds out whether a silent server is still there. It runs on
// the goroutine of the timer.
func (m *shared) look() {
	m.mu.Lock()
	dead, again := m.check(time.Now())
	if again > 0 {
		m.clock.Reset(again)
	}
	m.mu.Unlock()
	if dead {
		m.fail(errSilent)
	}
}

// check is look under the lock. again is when to look again, 0 for never.
func (m *shared) check(now time.Time) (dead bool, again time.Duration) {
	silent, idle := now.Sub(m.heard), now.Sub(m.rests)
	switch {
	case m.err != nil:
		return false, 0
	case len(m.streams)+m.promised == 0 && idle < idleTimeout:
		return false, idleTimeout - idle
	case len(m.streams)+m.promised == 0:
		m.closing = true
		m.rest()
		return false, 0
	case silent < pingAfter:
		return false, min(pingAfter-silent, idleTimeout)
	case m.pinged.IsZero():
		m.pinged = now
		_ = m.frames.WritePing(false, [8]byte{}) // cannot fail: it is queued
		m.more.Signal()
		return false, pingWait
	}
	waited := now.Sub(m.pinged)
	return waited >= pingWait, max(pingWait-waited, 0)
}
