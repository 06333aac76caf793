package scripting

import (
	"context"
	"sync"
	"time"

	"trackhook/scripting/internal/machine"
)

// maxAdvance bounds the timers that one advance of a clock runs, because an interval of a millisecond over a day is
// more than anybody waits for.
const maxAdvance = 100_000

// clock is a time that stands still until it is moved: by [clock.advance], and, while a listener's promise is awaited
// and nothing else is left to do, to the next timer. A script that waits a minute takes no time.
type clock struct {
	mu  sync.Mutex
	now time.Time // guarded by mu

	// These belong to the runtime's goroutine.
	target time.Time     // where the advance goes
	done   chan struct{} // closed when it is there; nil while there is none
	left   int           // timers that it may still run
	// stalled is the real time since when the clock waits for something that goes on elsewhere, such as a request. Zero: it
	// does not. It waits for stall, and then goes on: what is awaited comes late.
	stalled time.Time
	stall   time.Duration
}

func newClock(now time.Time) *clock { return &clock{now: now, stall: time.Second} }

// Now is the time. It may be called from any goroutine.
func (c *clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

// set moves the clock, never back.
func (c *clock) set(t time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if t.After(c.now) {
		c.now = t
	}
}

// advance moves the clock of m to t and runs every timer on the way at its time. It returns when that is done, the
// runtime has ended or is stuck, or ctx ends. Call it while no batch is in hand.
func (c *clock) advance(ctx context.Context, m *machine.Machine, t time.Time) error {
	done := make(chan struct{})
	m.Loop.Post(func() { c.target, c.done, c.left = t, done, maxAdvance })
	select {
	case <-done:
		return nil
	case <-m.Ended:
		return errRetired
	case <-m.Abandoned:
		return errAbandoned
	case <-ctx.Done():
		return ctx.Err()
	}
}

// turnClock is called when a runtime with a clock has nothing to do. True: the time has moved, or something was
// posted, and there may be.
func (rt *Runtime) turnClock(c *clock) bool {
	select {
	case <-rt.machine.Loop.Wake:
		c.stalled = time.Time{}
		return true
	default:
	}
	if rt.machine.Reserved > 0 {
		if c.stalled.IsZero() {
			c.stalled = time.Now()
		}
		if time.Since(c.stalled) < c.stall {
			return false // the answer must not come hours late
		}
	}
	due, ok := rt.machine.Timers.Next()
	switch b := rt.batch; {
	case b != nil && b.awaited != nil:
		if !ok || due.After(b.patience) || time.Since(b.started) > rt.machine.Guard.Limit {
			due = b.patience
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
