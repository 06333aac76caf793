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
