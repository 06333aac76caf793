package instance

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"trackhook/engine"
)

// inject defines a global function of Go in the runtime that is current. One that is on its way out is waited for.
func inject(t *testing.T, i *Instance, name string, f func()) *Runtime {
	t.Helper()
	for {
		rt, err := i.Live(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		done := make(chan struct{})
		rt.Machine.Post(func() {
			defer close(done)
			if err := rt.Machine.VM.Set(name, f); err != nil {
				t.Error(err)
			}
		})
		select {
		case <-done:
			return rt
		case <-rt.Machine.Ended():
		}
	}
}

func TestStuckRuntimeIsReplaced(t *testing.T) {
	t.Parallel()
	b := newBench(t, withTimeout(500*time.Millisecond))
	i := b.run(preamble + `let n = 0; function onSuccess(e) { n++; if (e.message === 'm1') native(); console.log(e.message, n) }`)
	// A native function that takes its time, as some regular expressions do: an interrupt does not reach it.
	release := make(chan struct{})
	first := inject(t, i, "native", func() { <-release })
	responses := numbered(4, engine.Delivered)
	n, err := i.Handle(t.Context(), responses)
	if n != 2 || err != nil {
		t.Errorf("handled %d, %v; want 2", n, err)
	}
	b.feed(i, responses[n:]...)
	lines := b.log.take()
	if got := messages(lines, "info"); !slices.Equal(got, []string{"m0 1", "m2 1", "m3 2"}) {
		t.Errorf("printed %q", got)
	}
	if got := messages(lines, "error"); len(got) != 2 || !strings.HasPrefix(got[0], "plugin is stuck") ||
		got[1] != "stuck in a listener; the response counts as handled" {
		t.Errorf("logged %q", got)
	}
	close(release)
	<-first.Machine.Ended()
	b.printed("")
}

// A batch is told to be over once, whatever its runtime does later.
func TestBatchesAreOverOnce(t *testing.T) {
	t.Parallel()
	b := newBench(t, withTimeout(500*time.Millisecond))
	i := b.run(preamble + `function onSuccess(e) { native() }`)
	release := make(chan struct{})
	first := inject(t, i, "native", func() { <-release })
	over := make(chan int, 10)
	i.Begin(t.Context(), numbered(2, engine.Delivered), func(handled int, _ error) { over <- handled })
	if handled := <-over; handled != 1 {
		t.Errorf("%d were handled", handled)
	}
	close(release)
	<-first.Machine.Ended()
	i.GiveUp()
	i.Begin(t.Context(), numbered(1, engine.Delivered), func(_ int, err error) {
		if !errors.Is(err, ErrRetired) {
			t.Errorf("the error is %v", err)
		}
		over <- -1
	})
	if last := <-over; last != -1 || len(over) > 0 {
		t.Errorf("it was over again: %d", last)
	}
}

// A response that waits for a runtime that is stuck in a timer has not been handled.
func TestStuckInATimerLosesNoResponse(t *testing.T) {
	t.Parallel()
	b := newBench(t, withTimeout(500*time.Millisecond))
	i := b.run(preamble + `function onFailure(e) { setTimeout(() => native(), 1) } function onSuccess(e) { console.log(e.message) }`)
	entered, release := make(chan struct{}), make(chan struct{})
	first := inject(t, i, "native", func() { close(entered); <-release })
	b.feed(i, eventResponse(engine.Retry))
	<-entered
	b.feed(i, numbered(2, engine.Delivered)...)
	b.printed("info", "m0", "m1")
	close(release)
	<-first.Machine.Ended()
}

func TestStuckWhileRetiring(t *testing.T) {
	t.Parallel()
	b := newBench(t, withTimeout(500*time.Millisecond))
	i := b.run(preamble + `function onSuccess(e) { setTimeout(() => native(), 1) }`)
	entered, release := make(chan struct{}), make(chan struct{})
	first := inject(t, i, "native", func() { close(entered); <-release })
	b.feed(i, eventResponse(engine.Delivered))
	<-entered
	<-i.Retire()
	close(release)
	<-first.Machine.Ended()
}

func TestGoPanicThrowsTheRuntimeAway(t *testing.T) {
	b := newBench(t)
	i := b.run(preamble + `let n = 0; function onSuccess(e) { n++; if (e.message === 'm1') try { bug() } catch (e) {} console.log(e.message, n) }`)
	rt := inject(t, i, "bug", func() { panic("a bug of ours") })
	b.feed(i, numbered(4, engine.Delivered)...)
	lines := b.log.take()
	if got := messages(lines, "info"); !slices.Equal(got, []string{"m0 1", "m2 1", "m3 2"}) {
		t.Errorf("printed %q", got)
	}
	if got := messages(lines, "error"); len(got) != 1 || !strings.Contains(got[0], "a bug of ours") {
		t.Errorf("logged %q", got)
	}
	<-rt.Machine.Ended()
}

// An iterator without next is a mistake of the script wherever it is looked at, and the runtime goes on with all that it has.
func TestBrokenIteratorIsAnErrorOfTheScript(t *testing.T) {
	for name, source := range map[string]string{
		"for-of":        "for (const x of broken) {}",
		"destructuring": "const [a] = broken",
		"yield*":        "[...(function* () { yield* broken })()]",
		"spread":        "[...broken]",
		"deep":          "[1].map(() => { try { for (const x of [1]) { for (const y of broken) {} } } finally { void 0 } })",
	} {
		t.Run(name, func(t *testing.T) {
			b := newBench(t)
			const broken = "const broken = { [Symbol.iterator]() { return {} } }; "
			if got := b.broken(broken + source).Message; got != "TypeError: iterator.next is missing or not a function" {
				t.Errorf("the load ends with %q", got)
			}
			i := b.run(preamble + broken + `let n = 0; function onSuccess(e) { n++; if (n % 2) { ` + source + ` } for (const x of [7]) console.log(n, x); }`)
			b.log.take()
			b.feed(i, numbered(4, engine.Delivered)...)
			lines := b.log.take()
			if got := messages(lines, "info"); !slices.Equal(got, []string{"2 7", "4 7"}) {
				t.Errorf("printed %q", got)
			}
			for _, text := range messages(lines, "error") {
				if strings.Contains(text, "internal") {
					t.Errorf("logged %q", text)
				}
			}
		})
	}
}

func TestLostRuntimesAreQuarantined(t *testing.T) {
	t.Parallel()
	for name, bug := range map[string]string{"stuck": "native()", "panic": "bug()"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := newBench(t, withTimeout(500*time.Millisecond))
			i := b.run(preamble + `function onSuccess(e) { ` + bug + ` }`)
			release := make(chan struct{})
			var lost []*Runtime
			for range MaxBreakdowns {
				inject(t, i, "native", func() { <-release })
				lost = append(lost, inject(t, i, "bug", func() { panic("a bug of ours") }))
				if handled, err := i.Handle(t.Context(), numbered(1, engine.Delivered)); handled != 1 || err != nil {
					t.Errorf("handled %d, %v", handled, err)
				}
			}
			_, err := i.Handle(t.Context(), numbered(1, engine.Delivered))
			if quarantined, ok := errors.AsType[*QuarantineError](err); !ok || !strings.HasPrefix(quarantined.Reason.Message, "its runtime was lost 3 times within 1m0s") {
				t.Errorf("the fourth time: %v", err)
			}
			close(release)
			for _, rt := range lost {
				<-rt.Machine.Ended()
			}
		})
	}
}
