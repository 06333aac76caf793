package engine

import (
	"context"
	"time"
)

// Wait waits for d, or until ctx ends, and tells whether to go on: false when ctx has ended. A d that is not positive is
// no wait.
func Wait(ctx context.Context, d time.Duration) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return ctx.Err() == nil
	case <-ctx.Done():
		return false
	}
}

// UntilTick returns the time until the next tick of a clock that ticks every d, which is the same for all who ask. Loops
// that look at something every few seconds wait for it, so that an idle process wakes up once for all of them, and not once
// for each. A d of more than a minute is returned as it is.
func UntilTick(d time.Duration) time.Duration {
	if d > time.Minute || d <= 0 {
		return d
	}
	left := d - time.Duration(time.Now().UnixNano())%d
	if left < d/16 {
		left += d // a clock that is being set right by a little does not tick twice
	}
	return left
}
