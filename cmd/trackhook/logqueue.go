package main

import (
	"bytes"
	"io"
	"sync"
	"time"

	"github.com/rs/zerolog"
)

const (
	// maxLogQueue bounds the lines that wait for whoever reads the log, in bytes.
	maxLogQueue = 1 << 20
	// lastLines is how long the end of a command waits for the last lines to be taken.
	lastLines = 500 * time.Millisecond
	// readerTime is how long a line is waited for before its reader counts as stuck.
	readerTime = 100 * time.Millisecond
)

// logQueue stands between the logger and a file or pipe, so that nobody waits for a reader of the log who is stuck. As
// long as lines are taken, a line is out when Write returns: what a host did before it was killed stands in its log. A
// reader who leaves a line for [readerTime] is not waited for until all that waits is taken; lines that do not fit are
// dropped then and counted, and the count is the next line that goes out. When the reader has gone, the lines are dropped
// without a word. Its methods may be called by many goroutines at once. Use [newLogQueue].
type logQueue struct {
	out   io.Writer
	fresh chan struct{} // holds one signal when there is something to write
	done  chan struct{} // closed when the last line is written

	mu      sync.Mutex
	waiting []byte        // guarded by mu
	taken   chan struct{} // guarded by mu; closed when those that wait are written
	stuck   bool          // guarded by mu
	dropped uint64        // guarded by mu
	closed  bool          // guarded by mu
}

// newLogQueue starts the goroutine that writes to out, one line a call. It ends when the queue was closed and is empty.
func newLogQueue(out io.Writer) *logQueue {
	q := &logQueue{out: out, fresh: make(chan struct{}, 1), done: make(chan struct{}), taken: make(chan struct{})}
	go q.write()
	return q
}

// Write takes a line, and returns when it is out, or after [readerTime]. It never fails.
func (q *logQueue) Write(line []byte) (int, error) {
	q.mu.Lock()
	if len(q.waiting)+len(line) > maxLogQueue {
		q.dropped++
	} else {
		q.waiting = append(q.waiting, line...)
	}
	taken, wait := q.taken, !q.stuck && !q.closed
	q.mu.Unlock()
	q.wake()
	if wait {
		q.wait(taken)
	}
	return len(line), nil
}

// wait waits until lines are out, or finds their reader stuck.
func (q *logQueue) wait(taken <-chan struct{}) {
	enough := time.NewTimer(readerTime)
	defer enough.Stop()
	select {
	case <-taken:
	case <-enough.C:
		q.mu.Lock()
		q.stuck = true
		q.mu.Unlock()
	}
}

func (q *logQueue) wake() {
	select {
	case q.fresh <- struct{}{}:
	default:
	}
}

// close lets the lines that wait go out, and gives them a bounded time.
func (q *logQueue) close() {
	q.mu.Lock()
	q.closed = true
	q.mu.Unlock()
	q.wake()
	enough := time.NewTimer(lastLines)
	defer enough.Stop()
	select {
	case <-q.done:
	case <-enough.C:
	}
}

func (q *logQueue) write() {
	defer close(q.done)
	var lines []byte
	for range q.fresh {
		q.mu.Lock()
		lines, q.waiting = q.waiting, lines[:0]
		taken, dropped, closed := q.taken, q.dropped, q.closed
		q.taken, q.dropped = make(chan struct{}), 0
		q.mu.Unlock()
		for line := range bytes.Lines(lines) {
			_, _ = q.out.Write(line) // there is nobody else to tell
		}
		if dropped > 0 {
			log := zerolog.New(q.out).With().Timestamp().Logger()
			log.Warn().Uint64("dropped", dropped).Msg("lines of this log were dropped here, because its reader did not keep up")
		}
		close(taken)
		q.mu.Lock()
		q.stuck = q.stuck && len(q.waiting) > 0
		q.mu.Unlock()
		if closed {
			return
		}
	}
}
