package engine_test

import (
	"testing"
	"testing/synctest"
	"time"

	"trackhook/engine"
)

// Loops of all periods tick at the same instants, and none ticks more often than its period says.
func TestTicksCoincide(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		time.Sleep(1300 * time.Millisecond)
		ticks := map[time.Time]int{}
		var done []chan struct{}
		begin := time.Now()
		found := make(chan time.Time, 1000)
		for _, every := range []time.Duration{time.Second, 2 * time.Second, 5 * time.Second} {
			end := make(chan struct{})
			done = append(done, end)
			go func() {
				defer close(end)
				for time.Since(begin) < 20*time.Second {
					time.Sleep(engine.UntilTick(every))
					found <- time.Now()
				}
			}()
		}
		for _, end := range done {
			<-end
		}
		close(found)
		all := 0
		for at := range found {
			ticks[at]++
			all++
		}
		if len(ticks) > 25 || all < 33 {
			t.Errorf("%d ticks woke the process up %d times in 20 s", all, len(ticks))
		}
	})
	for _, d := range []time.Duration{0, -time.Second, time.Hour} {
		if got := engine.UntilTick(d); got != d {
			t.Errorf("of %s: %s", d, got)
		}
	}
	for range 1000 {
		if got := engine.UntilTick(time.Millisecond); got < time.Millisecond/16 || got > 2*time.Millisecond {
			t.Fatalf("a millisecond is %s", got)
		}
	}
}
