package scripting_test

import (
	"fmt"
	"os"
	"runtime"
	"strconv"
	"testing"
	"time"

	"trackhook/engine"
	"trackhook/engine/memory"
	"trackhook/scripting"
)

// slowly is an async listener that prints before and after it has waited, and sets timers that outlive it.
func slowly(version int) string {
	return fmt.Sprintf(`
const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
setInterval(() => {}, 1);
const config = new AdjustConfig("{YourAppToken}", AdjustConfig.EnvironmentSandbox);
config.setEventTrackingSucceededCallbackListener(async (event) => {
  console.log("first %[1]d " + event.callbackId);
  setTimeout(() => {}, 60000);
  if (Number(event.callbackId) %% 5 === 0) await pause(3); else await null;
  localStorage.setItem("last", event.callbackId);
  console.log("second %[1]d " + event.callbackId);
});
Adjust.create(config);
`, version)
}

// TestReloadsWithAsyncListeners is TestReloadsUnderLoad with listeners that wait: each response is still handled once,
// by one whole version, in order, and nothing of the versions that are gone is left in memory. The load follows what was
// heard: before and after each save it is filled up to a hundred responses, twenty of which wait for a timer. So a swap
// meets work in hand however slow a reload is, and no backlog grows, which one version could not hold in timers.
func TestReloadsWithAsyncListeners(t *testing.T) {
	reloads := 100
	if os.Getenv("TRACKHOOK_LONG") != "" {
		reloads = 300
	}
	r := setUp(t)
	r.write("a.js", slowly(0))
	r.start(func(c scripting.Config) scripting.Config {
		c.Debounce = time.Millisecond
		return c
	})
	r.says("a", "plugin loaded")
	fed := 0
	feed := func() {
		batch := make([]engine.Response, 100-(fed-int(r.store.Committed("plugin/a"))))
		for i := range batch {
			fed++
			batch[i] = event(strconv.Itoa(fed))
		}
		r.store.Log(batch...)
	}
	read := &reading{}
	var before uint64
	var fedBefore int
	for version := 1; version <= reloads; version++ {
		feed()
		r.write("a.js", slowly(version))
		feed()
		r.says("a", "plugin reloaded")
		if version == reloads/10 {
			before, fedBefore = heapInUse(), fed
		}
	}
	r.must(r.store.WaitCommit(r.ctx, "plugin/a", uint64(fed)))
	for _, text := range r.log.printed(0, "a") {
		if err := read.line(text); err != nil {
			t.Fatal(err)
		}
	}
	if read.lines != 2*fed {
		t.Errorf("%d lines for %d responses, want two each", read.lines, fed)
	}
	if got := r.plugin("a"); got.Runs != uint64(fed) || got.Errors != 0 || got.Reloads != uint64(reloads) {
		t.Errorf("status: %+v", got)
	}
	// What grows by right is the test's: its lines, which are let go, and the log in the store, of which a twin tells the
	// size. Half as much again leaves each version twelve kilobytes, for its source, which is kept for replays, and its
	// commits; a runtime that was left behind takes hundreds.
	r.log.forget()
	alone := heapInUse()
	twin := memory.New()
	for id := range fed - fedBefore {
		twin.Log(event(strconv.Itoa(id)))
	}
	log := heapInUse() - alone
	runtime.KeepAlive(twin)
	tick, late := time.NewTicker(10*time.Millisecond), time.After(patience)
	defer tick.Stop()
	after := heapInUse()
	for after > (before+log)*3/2 { // the version before may still be on its way out
		select {
		case <-tick.C:
		case <-late:
			t.Fatalf("the heap grew from %d to %d bytes in %d reloads, of which the log of responses is %d", before, after, reloads-reloads/10, log)
		}
		after = heapInUse()
	}
	t.Logf("%d responses; the heap went from %d to %d bytes, of which %d are new in the log", fed, before, after, log)
}

// reading checks what versions that print two lines for each response have printed.
type reading struct{ lines, newest int }

func (r *reading) line(text string) error {
	var part string
	var version, id int
	if _, err := fmt.Sscan(text, &part, &version, &id); err != nil {
		return fmt.Errorf("line %q: %w", text, err)
	}
	i := r.lines
	if want := []string{"first", "second"}[i%2]; part != want || id != i/2+1 || version < r.newest || i%2 == 1 && version != r.newest {
		return fmt.Errorf("line %d is %q after version %d, want %s of response %d", i, text, r.newest, want, i/2+1)
	}
	r.lines, r.newest = r.lines+1, version
	return nil
}
