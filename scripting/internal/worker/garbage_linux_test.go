package worker

import (
	"runtime"
	"runtime/debug"
	"testing"
)

// More garbage may pile up while little is in use, and as much as Go lets it otherwise.
func TestGarbage(t *testing.T) { //nolint:paralleltest // it is about the whole process
	before := debug.SetGCPercent(usual)
	defer debug.SetGCPercent(before)
	percent := func() int {
		now := debug.SetGCPercent(usual)
		debug.SetGCPercent(now)
		return now
	}
	until := func(want int) {
		t.Helper()
		for percent() != want {
			if t.Context().Err() != nil {
				t.Fatalf("%d percent, want %d", percent(), want)
			}
			runtime.GC() // the look at it comes a little later, on another goroutine
		}
	}
	end := tendGarbage()
	defer end()
	until(garbage)
	much := make([]byte, 4*little)
	until(usual)
	runtime.KeepAlive(much)
	until(garbage)
}
