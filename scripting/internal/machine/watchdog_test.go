package machine

import (
	"testing"
	"time"

	"github.com/dop251/goja"
)

// A process that was stopped for long, as by a debugger, a suspended machine or a container's quota, finds its runs where
// it left them: they get the rest of their time, and none is taken for stuck.
func TestTimeLimitIsNotUsedUpByAStoppedProcess(t *testing.T) {
	stuck := false
	w := &Watchdog{wake: make(chan struct{}, 1), guards: map[*guard]struct{}{}, tick: maxTick, running: true}
	g := w.watch(goja.New(), time.Second, func() { stuck = true })
	now := time.Now()
	look := func(after time.Duration) uint64 {
		now = now.Add(after)
		w.look(now)
		return g.state.Load() & guardMask
	}
	g.begin()
	look(0)
	for range 3 {
		if got := look(time.Hour); got != guardRunning {
			t.Fatalf("a run of no time is in state %d after the process was stopped", got)
		}
	}
	if got := look(249 * time.Millisecond); got != guardRunning {
		t.Errorf("state %d before the limit", got)
	}
	if got := look(time.Millisecond); got != guardFired {
		t.Errorf("state %d at the limit", got)
	}
	if look(time.Hour); stuck {
		t.Error("a run that had no time to end counts as stuck")
	}
	for range 3 {
		look(250 * time.Millisecond)
	}
	if !stuck {
		t.Error("a run that goes on does not count as stuck")
	}
}
