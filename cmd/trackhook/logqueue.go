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
)

// logQueue stands between the logger and a file or pipe, so that nobody waits for the reader of the log. Lines that do not
// fit are dropped and counted, and the count is the next line that goes out. When the reader has gone, the lines are
// dropped without a word. Its methods may be called by many goroutines at once. Use [newLogQueue].
type logQueue struct {
	out   io.Writer
	fresh chan struct{} // holds one signal when there is something to write
	done  chan struct{} // closed when the last line is written

	mu      sync.Mutex
	waiting []byte
	dropped uint64
	closed  bool
}

// newLogQueue starts the goroutine that writes to out, one line a call. It ends when the queue was closed and is empty.
func newLogQueue(out io.Writer) *logQueue {
	q := &logQueue{out: out, fresh: make(chan struct{}, 1), done: make(chan struct{})}
	go q.write()
	return q
}

// Write takes a line and returns at once. It never fails.
func (q *logQueue) Write(line []byte) (int, error) {
	q.mu.Lock()
	if len(q.waiting)+len(line) > maxLogQueue {
		q.dropped++
	} else {
		q.waiting = append(q.waiting, line...)
	}
	q.mu.Unlock()
	q.wake()
	return len(line), nil
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
		dropped, closed := q.dropped, q.closed
		q.dropped = 0
		q.mu.Unlock()
		for line := range bytes.Lines(lines) {
			_, _ = q.out.Write(line) // there is nobody else to tell
		}
		if dropped > 0 {
			log := zerolog.New(q.out).With().Timestamp().Logger()
			log.Warn().Uint64("dropped", dropped).Msg("lines of this log were dropped here, because its reader did not keep up")
		}
		if closed {
			return
		}
	}
}
