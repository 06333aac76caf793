package instance

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/dop251/goja"

	"trackhook/engine"
)

func TestTimeLimit(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := newBench(t, withTimeout(50*time.Millisecond))
		i := b.run(preamble + "let n = 0;\nfunction onSuccess(e) {\n  if (e.message === 'm1') for (;;) pass();\n  console.log(++n);\n}")
		inject(t, i, "pass", func() { time.Sleep(time.Millisecond) })
		b.feed(i, numbered(4, engine.Delivered)...)
		lines := b.log.take()
		if got := messages(lines, "info"); !slices.Equal(got, []string{"1", "2", "3"}) {
			t.Errorf("printed %q: the next runs were hit, or the state is gone", got)
		}
		if got := messages(lines, "error"); len(got) != 1 ||
			!strings.HasPrefix(got[0], "plugins/x.js:4:") || !strings.HasSuffix(got[0], "ran longer than the time limit of 50ms and was interrupted") {
			t.Errorf("logged %q", got)
		}
	})
}

func TestTimeLimitAppliesEverywhere(t *testing.T) {
	for name, source := range map[string]string{
		"timer":       `setTimeout(function () { for (;;) {} }, 1)`,
		"promise job": `setTimeout(function () { Promise.resolve().then(function () { for (;;) {} }) }, 1)`,
		"job storm":   `setTimeout(function () { (function again() { Promise.resolve().then(again) })() }, 1)`,
		"microtask":   `setTimeout(function () { queueMicrotask(function () { for (;;) {} }) }, 1)`,
	} {
		t.Run(name, func(t *testing.T) {
			b := newBench(t, withTimeout(300*time.Millisecond))
			i := b.run(preamble + source + `; function onSuccess(e) { console.log('alive') }`)
			waitFor(t, func() bool { return len(messages(b.log.lines(), "error")) == 1 })
			b.feed(i, eventResponse(engine.Delivered))
			lines := b.log.take()
			if got := messages(lines, "error"); !strings.Contains(got[0], "time limit of 300ms") {
				t.Errorf("logged %q", got)
			}
			if got := messages(lines, "info"); !slices.Equal(got, []string{"alive"}) {
				t.Errorf("printed %q", got)
			}
		})
	}
	b := newBench(t, withTimeout(500*time.Millisecond))
	// Where a loop begins anew, goja gives the place of the statement before it, so that one is on the same line.
	if got := b.broken("\nlet x = 0; x++; while (true) { x = 1 }"); got.Line != 2 || !strings.Contains(got.Message, "time limit of 500ms") {
		t.Errorf("top level: %v", got)
	}
}

// An interrupt may come when no function of the script is at work, as between two promise jobs. The file is named all the
// same.
func TestQuarantineNamesTheFile(t *testing.T) {
	b := newBench(t)
	i := b.run(preamble)
	rt := inject(t, i, "unused", func() {})
	done := make(chan struct{})
	rt.Machine.Post(func() {
		defer close(done)
		for range maxOverruns {
			rt.Ran("promise job", new(goja.InterruptedError))
		}
	})
	<-done
	_, err := i.Handle(t.Context(), numbered(1, engine.Delivered))
	if given, ok := errors.AsType[*QuarantineError](err); !ok || given.Reason.File != "plugins/x.js" {
		t.Errorf("given up with %+v", err)
	}
}

// waitFor polls until done, for a minute at most.
func waitFor(t *testing.T, done func() bool) {
	t.Helper()
	tick, late := time.NewTicker(2*time.Millisecond), time.After(time.Minute)
	defer tick.Stop()
	for !done() {
		select {
		case <-tick.C:
		case <-late:
			t.Fatal("waited in vain")
		}
	}
}

func TestStackOverflow(t *testing.T) {
	b := newBench(t, withTimeout(time.Minute)) // to unwind from the depth takes long on a slow machine
	i := b.run(preamble + "function deep() { return deep() + 1 }\n" +
		`function onSuccess(e) { if (e.message === 'm0') deep(); if (e.message === 'm1') [1].map(function again() { [1].map(again) }); console.log(e.message) }`)
	b.feed(i, numbered(3, engine.Delivered)...)
	lines := b.log.take()
	if got := messages(lines, "error"); len(got) != 2 || !strings.Contains(got[0], "plugins/x.js:2:") ||
		!strings.Contains(got[0], "RangeError: Maximum call stack size exceeded") {
		t.Errorf("logged %.300q", got)
	}
	if got := messages(lines, "info"); !slices.Equal(got, []string{"m2"}) {
		t.Errorf("printed %q", got)
	}
}

// An interrupt that comes when its run has just ended must not hit the next one. A third of the long runs end at the very
// moment at which the watchdog interrupts them.
func TestInterruptNeverHitsTheNextRun(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := newBench(t, withTimeout(30*time.Millisecond))
		i := b.run(preamble + `let short = 0, whole = 0;
			function onSuccess(e) {
				const n = Number(e.message.slice(1));
				if (n % 2) { short++; for (let k = 0; k < 300; k++) short += 0; return }
				const end = Date.now() + 29 + n / 2 % 3; while (Date.now() < end) pass();
				whole++;
			}
			function onFailure(e) { console.log(String(short), whole > 0, whole < 600) }`)
		inject(t, i, "pass", func() { time.Sleep(500 * time.Microsecond) })
		b.feed(i, numbered(1200, engine.Delivered)...)
		b.feed(i, eventResponse(engine.Retry))
		if got := messages(b.log.take(), "info"); !slices.Equal(got, []string{"600 true true"}) {
			t.Errorf("%q of 600 short runs came to their end", got)
		}
	})
}

func TestOnePluginDoesNotHoldUpAnother(t *testing.T) {
	b := newBench(t, withTimeout(500*time.Millisecond))
	bad := b.run(preamble + `function onSuccess(e) { for (;;) {} }`)
	good := b.run(preamble + `function onSuccess(e) { console.log(e.message) }`)
	done := make(chan struct{})
	go func() {
		defer close(done)
		if n, err := bad.Handle(t.Context(), numbered(3, engine.Delivered)); n != 1 || err != nil {
			t.Errorf("handled %d, %v; want 1", n, err)
		}
	}()
	b.feed(good, numbered(50, engine.Delivered)...)
	if got := messages(b.log.take(), ""); len(got) != 50 {
		t.Errorf("printed %q", got)
	}
	<-done
}

func TestHandleReturnsAfterASlice(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := newBench(t)
		i := b.run(preamble + `function onSuccess(e) { pass() }`)
		inject(t, i, "pass", func() { time.Sleep(20 * time.Millisecond) })
		n, err := i.Handle(t.Context(), numbered(100, engine.Delivered))
		if n != 3 || err != nil {
			t.Errorf("handled %d, %v; want 3", n, err)
		}
	})
}
