package disk

import "time"

// clock is a clock that never runs backwards, neither when somebody sets the wall clock nor from start to start: it
// begins at the wall clock or, if that is behind, where it stood at the last durable step, and goes on with the
// monotonic clock. Due times are kept in it: a wall clock that jumps neither stalls retries nor fires them all at once.
type clock struct {
	base  int64     // nanoseconds since 1970
	start time.Time // with monotonic reading
}

func newClock(persisted int64) clock {
	start := time.Now()
	return clock{base: max(start.UnixNano(), persisted), start: start}
}

func (c clock) now() int64 { return c.base + int64(time.Since(c.start)) }

// at converts a time to this clock. The monotonic reading of t counts where it has one.
func (c clock) at(t time.Time) int64 { return max(c.now()+int64(time.Until(t)), 0) }

// wall converts a reading of the clock to the wall time that it will be or was.
func (c clock) wall(at int64) time.Time { return time.Now().Add(time.Duration(at - c.now())) }
