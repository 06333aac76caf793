package postgres

import (
	"slices"
	"sync"
	"time"
)

// clock tells the time of the database: it was asked once, and again at each renewal, and in between the monotonic clock of
// this host counts on. It never goes back, and it is never ahead: what the database does later has a later time there.
type clock struct {
	base time.Time // carries the reading that all others are compared with

	mu      sync.Mutex
	offsets [8]int64 // the database's nanoseconds when base was taken, at the least, by the last answers; guarded by mu
	asked   int      // guarded by mu
	offset  int64    // guarded by mu
	last    int64    // guarded by mu
}

// clockSet is by how much an answer must be behind the ones before it to say that the database's clock was set back, and not that
// the answer was slow.
const clockSet = 2 * time.Second

func newClock() *clock { return &clock{base: time.Now()} }

// set takes what the database has said before a moment.
func (c *clock) set(now int64, after time.Time) {
	offset := now - int64(after.Sub(c.base))
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.asked == 0 || offset < c.offset-int64(clockSet) {
		for i := range c.offsets {
			c.offsets[i] = offset
		}
	}
	c.offsets[c.asked%len(c.offsets)] = offset
	c.asked++
	c.offset = slices.Max(c.offsets[:])
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
