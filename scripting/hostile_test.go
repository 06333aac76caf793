package scripting_test

import (
	"bytes"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"runtime"
	"runtime/pprof"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/dop251/goja"

	"trackhook/engine"
	"trackhook/scripting"
	"trackhook/scripting/scriptingtest"
)

// A hostile plugin harms itself: packages are delivered, and the other plugin hears everything. What cannot be
// interrupted has tests of its own, below.
func TestHostilePluginsHarmThemselves(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		top, body   string
		quarantined bool
	}{
		"an endless loop":            {"", "for (;;) {}", true},
		"an endless loop after wait": {"", "return Promise.resolve().then(() => { for (;;) {} });", true},
		"unbounded recursion":        {"function deep() { return deep() + 1 }", "deep();", false},
		"recursion through map":      {"const deep = () => [1].map(deep);", "deep();", false},
		"a storm of promises":        {"const again = () => Promise.resolve().then(again);", "again();", true},
		"a storm of microtasks":      {"const again = () => queueMicrotask(again);", "again();", true},
		"a storm of timers":          {"const again = () => { setTimeout(again, 0); setTimeout(again, 0) };", "again();", false},
		"a storm of immediates":      {"const again = () => { setImmediate(again); setImmediate(again) };", "again();", false},
		"a promise for ever":         {"", "return new Promise(() => {});", false},
		"prototype pollution":        {`Object.prototype.polluted = 1; Array.prototype.push = null; Promise.prototype.then = null; globalThis.JSON = null;`, "Object.prototype[event.callbackId] = 1;", false},
		"a flood of output":          {"const line = 'x'.repeat(60000);", "for (let i = 0; i < 1000; i++) console.log(line);", false},
		"errors without end":         {"", "throw new Error(event.callbackId);", false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := besides(t, hearing(test.top, test.body), scripting.PluginConfig{Timeout: 200 * time.Millisecond})
			const responses = 60
			r.goesOn(0, responses)
			if test.quarantined {
				r.quarantined("3 runs in a row were longer than the time limit of 200ms")
			}
			r.stop()
			if total := len(strings.Join(r.log.printed(0, "bad"), "")); total > (responses+2)<<20 {
				t.Errorf("bad printed %d bytes", total)
			}
		})
	}
}

// besides runs a plugin good that prints what it hears, beside one named bad. Packages that are tracked are delivered.
func besides(t *testing.T, bad string, granted scripting.PluginConfig) *rig {
	t.Helper()
	r := setUp(t)
	r.deliverer = accepting{}
	r.write("good.js", hearing("", `console.log("good", event.callbackId, typeof {}.polluted)`))
	r.write("bad.js", bad)
	r.start(func(c scripting.Config) scripting.Config {
		c.Plugins = map[string]scripting.PluginConfig{"bad": granted}
		return c
	})
	ended := make(chan error, 1)
	go func() { ended <- r.eng.Run(r.sending) }()
	t.Cleanup(func() {
		r.stop()
		r.must(<-ended)
	})
	return r
}

// goesOn tracks events until as many were handled by the plugin good, one after the other, and checks that it heard each.
func (r *rig) goesOn(from, until int) {
	r.Helper()
	for n := from; n < until; n++ {
		r.must(r.eng.Track(r.ctx, engine.Package{
			Kind: engine.KindEvent, App: scriptingtest.App(), Device: "external_device_id=1", CallbackID: strconv.Itoa(n),
			Params: map[string]string{"event_token": "abc123", "external_device_id": "1"},
		}))
		r.must(r.store.WaitCommit(r.ctx, "plugin/good", uint64(n)+1))
	}
	got := r.log.printed(0, "good")
	if r.plugin("good").Deaths > 0 { // the process that it shared was ended in the middle of a run, which was repeated
		got = slices.Compact(got)
	}
	for n := range until {
		if len(got) != until || got[n] != fmt.Sprintf("good %d undefined", n) {
			r.Fatalf("good printed %d lines: %q, want %d", len(got), got, until)
		}
	}
}

// quarantined waits until the plugin bad is, checks where that shows, and heals it with an edit.
func (r *rig) quarantined(why string) {
	r.Helper()
	said := r.says("bad", "plugin quarantined")
	if said.Level != "error" || !strings.HasPrefix(said.Error, why) {
		r.Errorf("the log says %+v", said)
	}
	if got := r.plugin("bad"); got.State != scripting.Quarantined || got.Running != "" || got.Error == nil || got.Lag == 0 ||
		!strings.HasPrefix(got.Error.Message, why) || got.Error.File == "" {
		r.Errorf("status: %+v", got)
	}
	// The same bytes again change nothing; the next edit does.
	r.quiet("bad", func() { r.host.Compare("bad") })
	r.write("bad.js", version("mended"))
	r.says("bad", "plugin healed")
	r.answer("last", "bad")
	if got := r.log.printed(0, "bad"); len(got) == 0 || got[len(got)-1] != "mended last" {
		r.Errorf("bad printed %q", got[max(0, len(got)-3):])
	}
}

// Some functions of the engine go on for long where nothing interrupts them. The runtime is thrown away, the response counts as
// handled, a fresh runtime takes over; the third time, in a long run, the version is quarantined.
func TestStuckInTheEngine(t *testing.T) {
	t.Parallel()
	rounds := 1
	if os.Getenv("TRACKHOOK_LONG") != "" {
		rounds = 3
	}
	r := besides(t, hearing(`let heard = 0;`, fmt.Sprintf(`
console.log("heard", ++heard);
if (Number(event.callbackId) < %d) Array.prototype.indexOf.call({ length: %d }, 1);`, rounds, endlessLength(t))),
		scripting.PluginConfig{Timeout: 100 * time.Millisecond})
	t.Cleanup(func() { untilGone(t, "arrayproto_indexOf") })
	r.goesOn(0, 20)
	for range rounds {
		r.says("bad", "plugin is stuck: it goes on although it was interrupted; a regular expression or a huge string may be the cause")
	}
	r.goesOn(20, 40)
	runtimes := rounds
	if rounds == 3 {
		r.quarantined("its runtime was lost 3 times within 1m0s, the last time because it was stuck")
	} else {
		r.must(r.store.WaitCommit(r.ctx, "plugin/bad", 40))
		runtimes++
	}
	// Each runtime was fresh, and each response that one was stuck in was recorded as failed.
	got := r.log.printed(0, "bad")
	if heard := slices.DeleteFunc(slices.Clone(got), func(text string) bool { return text != "heard 1" }); len(heard) != runtimes {
		t.Errorf("bad printed %q", got)
	}
	for seq := range uint64(rounds) {
		runs, err := r.store.Runs(r.ctx, seq+1)
		r.must(err)
		if len(runs) != 2 || runs[0].Failure != "stuck: the listener went on although it was interrupted at the time limit" || runs[1].Failure != "" {
			t.Errorf("the runs of %d: %+v", seq+1, runs)
		}
	}
}

// endlessLength returns the length of a list that keeps indexOf busy for a second and a half of a processor, whatever the machine:
// more than twice as long as it takes until a run counts as stuck.
func endlessLength(t *testing.T) int {
	t.Helper()
	vm := goja.New()
	for length := 1000; ; length *= 2 {
		took := time.Hour
		for range 5 {
			started := time.Now()
			if _, err := vm.RunString(fmt.Sprintf("Array.prototype.indexOf.call({ length: %d }, 1)", length)); err != nil {
				t.Fatal(err)
			}
			took = min(took, time.Since(started))
		}
		if took > 2*time.Millisecond {
			return int(float64(length) * float64(1500*time.Millisecond) / float64(took))
		}
	}
}

// untilGone waits until no goroutine works in a package any more.
func untilGone(t *testing.T, part string) {
	t.Helper()
	tick := time.NewTicker(200 * time.Millisecond)
	defer tick.Stop()
	giveUp := time.After(4 * patience)
	for {
		var stacks bytes.Buffer
		if err := pprof.Lookup("goroutine").WriteTo(&stacks, 2); err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(stacks.String(), part) {
			return
		}
		select {
		case <-tick.C:
		case <-giveUp:
			t.Fatalf("something is still at work in %s", part)
		}
	}
}

// goja cannot bound memory. What collects without end is ended by the time limit instead, and its memory is given back
// when the version is quarantined. This is what the plugin guide says.
func TestAllocationWithoutEnd(t *testing.T) {
	r := besides(t, hearing("const kept = [];", `for (;;) kept.push(new Array(1000).fill(event.callbackId));`),
		scripting.PluginConfig{Timeout: 100 * time.Millisecond})
	before := heapInUse()
	r.goesOn(0, 20)
	r.quarantined("3 runs in a row were longer than the time limit of 100ms")
	// A listener that allocates for 300 ms has a hundred megabytes or more.
	tick, late := time.NewTicker(10*time.Millisecond), time.After(patience)
	defer tick.Stop()
	for heapInUse() > before+8<<20 { // the version that was given up may still be on its way out
		select {
		case <-tick.C:
		case <-late:
			t.Fatalf("the heap grew from %d to %d bytes, and stays so", before, heapInUse())
		}
	}
}

// heapInUse returns the size of what is reachable.
func heapInUse() uint64 {
	// What has a finalizer or a cleanup takes a second round.
	runtime.GC()
	runtime.GC()
	var stats runtime.MemStats
	runtime.ReadMemStats(&stats)
	return stats.HeapAlloc
}

// A loop around fetch gets errors beyond the limit, and neither a crowd of connections nor one of goroutines.
func TestFetchFlood(t *testing.T) {
	t.Parallel()
	release := make(chan struct{})
	server := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, request *http.Request) {
		select {
		case <-release:
		case <-request.Context().Done():
		}
	}))
	defer server.Close()
	defer close(release)
	r := besides(t, hearing("", `
for (let i = 0; i < 1000; i++) fetch("`+server.URL+`").catch((e) => { if (event.callbackId === "0") console.log(e.message, e.cause?.code) });`),
		scripting.PluginConfig{AllowHosts: []string{server.Listener.Addr().String()}, Timeout: patience})
	before := runtime.NumGoroutine()
	const responses = 10
	r.goesOn(0, responses)
	r.must(r.store.WaitCommit(r.ctx, "plugin/bad", responses))
	// Each of the 272 requests that may be there at once has a goroutine, and each of 16 connections four. Other tests
	// run beside this one.
	if got := runtime.NumGoroutine(); got > before+2000 {
		t.Errorf("%d goroutines, %d before", got, before)
	}
	// Those that were let through say so as well when their time is over, on a machine where the rest takes that long.
	refused := slices.DeleteFunc(r.log.printed(0, "bad"), func(text string) bool { return !strings.Contains(text, "EAGAIN") })
	if len(refused) != 1000-272 {
		t.Errorf("%d requests were refused: %q", len(refused), refused[:min(1, len(refused))])
	}
}
