package worker

import (
	"testing"
	"time"
)

// A process that takes too much ends itself, also in the middle of what takes it.
func TestMemoryIsWatched(t *testing.T) {
	t.Parallel()
	ended := make(chan struct{})
	go watchMemory(96<<20, func() { close(ended) })
	var kept [][]byte
	for giveUp := time.After(time.Minute); ; {
		select {
		case <-ended:
			if len(kept) > 4096 {
				t.Error("it has noticed it late")
			}
			return
		case <-giveUp:
			t.Fatal("it did not end")
		default:
			if len(kept) < 128 {
				kept = append(kept, make([]byte, 1<<20))
			}
		}
	}
}
