package scripting_test

import (
	"context"
	"fmt"
	"runtime"
	"strconv"
	"testing"
	"time"

	"trackhook/engine"
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
  if (Number(event.callbackId) %% 50 === 0) await pause(1); else await null;
  localStorage.setItem("last", event.callbackId);
  console.log("second %[1]d " + event.callbackId);
});
Adjust.create(config);
`, version)
}

// TestReloadsWithAsyncListeners is TestReloadsUnderLoad with listeners that wait: each response is still handled once,
// by one whole version, in order, and nothing of the versions that are gone is left in memory.
func TestReloadsWithAsyncListeners(t *testing.T) {
	reloads := 1000
	if testing.Short() {
		reloads = 50
	}
	r := setUp(t)
	r.write("a.js", slowly(0))
	r.start(func(c scripting.Config) scripting.Config {
		c.Debounce = time.Millisecond
		return c
	})
	r.says("a", "plugin loaded")
	ctx, cancel := context.WithCancel(r.ctx)
	fed := make(chan uint64)
	go func() {
		var last uint64
		defer func() { fed <- last }()
		for n := 0; ctx.Err() == nil; {
			batch := make([]engine.Response, 5)
			for i := range batch {
				n++
				batch[i] = event(strconv.Itoa(n))
			}
			last = r.store.Log(batch...)
			if last > 15 {
				r.store.WaitCommit(ctx, "plugin/a", last-15)
			}
		}
	}()
	heap := func() uint64 {
		runtime.GC()
		runtime.GC()
		var stats runtime.MemStats
		runtime.ReadMemStats(&stats)
		return stats.HeapAlloc
	}
	var before uint64
	for version := 1; version <= reloads; version++ {
		r.write("a.js", slowly(version))
		r.says("a", "plugin reloaded")
		if version == reloads/10 {
			before = heap()
		}
	}
	cancel()
	last := <-fed
	r.must(r.store.WaitCommit(r.ctx, "plugin/a", last))
	lines := r.log.printed(0, "a")
	if len(lines) != 2*int(last) {
		t.Errorf("%d lines for %d responses, want two each", len(lines), last)
	}
	newest := 0
	for i, text := range lines {
		var part string
		var version, id int
		if _, err := fmt.Sscan(text, &part, &version, &id); err != nil {
			t.Fatalf("line %q: %v", text, err)
		}
		if want := []string{"first", "second"}[i%2]; part != want || id != i/2+1 || version < newest || i%2 == 1 && version != newest {
			t.Fatalf("line %d is %q after version %d, want %s of response %d", i, text, newest, want, i/2+1)
		}
		newest = version
	}
	// The log of the test itself grows with the responses; a version that was left behind would take a hundred kilobytes.
	after := heap()
	if grown := int64(after) - int64(before); grown > int64(len(lines))*1000+int64(reloads)*10_000 {
		t.Errorf("the heap grew from %d to %d bytes in %d reloads and %d lines", before, after, reloads, len(lines))
	}
	if got := r.plugin("a"); got.Runs != last || got.Errors != 0 {
		t.Errorf("status: %+v", got)
	}
	t.Logf("%d responses; the heap went from %d to %d bytes", last, before, after)
}
