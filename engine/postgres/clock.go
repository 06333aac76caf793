package postgres

import (
	"sync"
	"time"
)

// clock tells the time of the database: it was asked once, and again at each renewal, and in between the monotonic clock of
// this host counts on. It never goes back.
type clock struct {
	base time.Time // carries the reading that all others are compared with

	mu     sync.Mutex
	offset int64 // the database's nanoseconds when base was taken; guarded by mu
	last   int64 // guarded by mu
}

func newClock() *clock { return &clock{base: time.Now()} }

// set takes what the database has said between two moments.
func (c *clock) set(now int64, before, after time.Time) {
	middle := before.Sub(c.base) + after.Sub(before)/2
	c.mu.Lock()
	defer c.mu.Unlock()
	c.offset = now - int64(middle)
}

// now returns the time of the database in nanoseconds since 1970.
func (c *clock) now() int64 {
	passed := int64(time.Since(c.base))
	c.mu.Lock()
	defer c.mu.Unlock()
	c.last = max(c.last, c.offset+passed)
	return c.last
}

// then returns the time of the database at a moment of this host, told by the monotonic clock where it has a reading.
func (c *clock) then(t time.Time) int64 {
	if t.IsZero() {
		return c.now()
	}
	return c.now() + int64(time.Until(t))
}
