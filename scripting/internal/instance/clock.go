package instance

import (
	"context"
	"sync"
	"time"

	"trackhook/scripting/internal/machine"
)

// maxAdvance bounds the timers that one advance of a clock runs, because an interval of a millisecond over a day is
// more than anybody waits for.
const maxAdvance = 100_000

// Clock is a time that stands still until it is moved: by [Clock.Advance], and, while a listener's promise is awaited
// and nothing else is left to do, to the next timer. A script that waits a minute takes no time.
type Clock struct {
	mu  sync.Mutex
	now time.Time // guarded by mu

	// These belong to the runtime's goroutine.
	target time.Time     // where the advance goes
	done   chan struct{} // closed when it is there; nil while there is none
	left   int           // timers that it may still run
	// stalled is the real time since when the clock waits for something that goes on elsewhere, such as a request. Zero: it
	// does not. It waits for stall, and then goes on: what is awaited comes late.
	stalled time.Time
	Stall   time.Duration
}

// NewClock returns a clock that stands at now.
func NewClock(now time.Time) *Clock { return &Clock{now: now, Stall: time.Second} }

// Now is the time. It may be called from any goroutine.
func (c *Clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

// set moves the clock, never back.
func (c *Clock) set(t time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if t.After(c.now) {
		c.now = t
	}
}

// Advance moves the clock of m to t and runs every timer on the way at its time. It returns when that is done, the
// runtime has ended or is stuck, or ctx ends. Call it while no batch is in hand.
func (c *Clock) Advance(ctx context.Context, m *machine.Machine, t time.Time) error {
	done := make(chan struct{})
	m.Post(func() { c.target, c.done, c.left = t, done, maxAdvance })
	select {
	case <-done:
		return nil
	case <-m.Ended():
		return ErrRetired
	case <-m.Abandoned():
		return ErrAbandoned
	case <-ctx.Done():
		return ctx.Err()
	}
}

// turnClock is called when a runtime with a clock has nothing to do. True: the time has moved, or something was
// posted, and there may be.
func (rt *Runtime) turnClock(c *Clock) bool {
	select {
	case <-rt.Machine.Wakes():
		c.stalled = time.Time{}
		return true
	default:
	}
	if rt.Machine.Reserved() > 0 {
		if c.stalled.IsZero() {
			c.stalled = time.Now()
		}
		if time.Since(c.stalled) < c.Stall {
			return false // the answer must not come hours late
		}
	}
	due, ok := rt.Machine.NextTimer()
	switch b := rt.batch; {
	case b != nil && b.awaited != nil:
		if !ok || due.After(b.awaitUntil) || time.Since(b.started) > rt.Machine.Limit() {
			due = b.awaitUntil
		}
		c.set(due)
		return true
	case rt.top != nil && ok:
		c.set(due)
		return true
	case c.done == nil:
		return ok && !due.After(c.Now())
	case ok && !due.After(c.target) && c.left > 0:
		c.left--
		c.set(due)
		return true
	default:
		c.set(c.target)
		close(c.done)
		c.done = nil
		return true
	}
}
