package scripting

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"trackhook/engine"
)

// preamble registers onSuccess and onFailure for events.
const preamble = `const config = new AdjustConfig(appToken, environment);` +
	`config.setEventTrackingSucceededCallbackListener(function (e) { return onSuccess(e); });` +
	`config.setEventTrackingFailedCallbackListener(function (e) { return onFailure(e); });` +
	`Adjust.create(config);` + "\n"

func numbered(n int, outcome engine.Outcome) []engine.Response {
	responses := make([]engine.Response, n)
	for i := range responses {
		responses[i] = eventResponse(outcome, func(r *engine.Response) {
			r.Seq = uint64(i + 1)
			r.Package.ID = fmt.Sprint("p", i)
			r.Message = fmt.Sprint("m", i)
		})
	}
	return responses
}

func TestHandleDispatches(t *testing.T) {
	b := newBench(t)
	i := b.run(`
		const config = new AdjustConfig(appToken, environment);
		config.setSessionTrackingSucceededCallbackListener((s) => console.log('session ok'));
		config.setSessionTrackingFailedCallbackListener((s) => console.log('session failed', String(s.willRetry)));
		config.setEventTrackingSucceededCallbackListener((e) => console.log('event ok', e.eventToken));
		config.setEventTrackingFailedCallbackListener((e) => console.log('event failed', String(e.willRetry)));
		Adjust.create(config);`)
	kind := func(k engine.Kind) func(*engine.Response) { return func(r *engine.Response) { r.Package.Kind = k } }
	b.feed(
		i,
		sessionResponse(engine.Delivered), sessionResponse(engine.Duplicate), sessionResponse(engine.Blocked),
		eventResponse(engine.Delivered), eventResponse(engine.Duplicate), eventResponse(engine.Retry),
		eventResponse(engine.Rejected, func(r *engine.Response) { r.WillRetry = false }),
		eventResponse(engine.WaitForDevice, func(r *engine.Response) { r.Repeat = true }),
		eventResponse(engine.Delivered, kind(engine.KindAdRevenue)),
		eventResponse(engine.Delivered, kind(engine.KindGDPRForgetDevice)),
		eventResponse(engine.Delivered, func(r *engine.Response) { r.Package.App = otherApp }),
		eventResponse(engine.Delivered, func(r *engine.Response) { r.Package.App.Environment = engine.Production }),
	)
	b.printed("", "session ok", "session ok", "session failed true", "event ok abc123", "event ok abc123",
		"event failed true", "event failed false")
	if runs, failed := i.counters(); runs != 7 || failed != 0 {
		t.Errorf("counters: %d runs, %d failed; want 7, 0", runs, failed)
	}
	if got := i.registered(); len(got) != 1 || got[0].App != testApp || !slices.Equal(got[0].Listeners, []string{
		"EventTrackingFailed", "EventTrackingSucceeded", "SessionTrackingFailed", "SessionTrackingSucceeded",
	}) {
		t.Errorf("registered: %q", got)
	}
}

func TestListenerThatThrowsStopsNothing(t *testing.T) {
	b := newBench(t)
	i := b.run(preamble + "function onSuccess(e) {\n  if (e.message === 'm1') null.x;\n  console.log(e.message);\n}")
	b.feed(i, numbered(3, engine.Delivered)...)
	lines := b.log.take()
	if got := messages(lines, "info"); !slices.Equal(got, []string{"m0", "m2"}) {
		t.Errorf("printed %q", got)
	}
	at := slices.IndexFunc(lines, func(l logLine) bool { return l.Level == "error" })
	if at < 0 {
		t.Fatal("the exception was not logged")
	}
	got := lines[at]
	if !strings.HasPrefix(got.Message, "plugins/x.js:3:32: TypeError: Cannot read property 'x' of") ||
		got.File != "plugins/x.js" || got.Line != 3 || got.Column != 32 || got.Source != "  if (e.message === 'm1') null.x;" ||
		got.ID != "p1" || got.Kind != "event" || got.Outcome != "delivered" || got.In != "event tracking succeeded listener" {
		t.Errorf("logged %+v", got)
	}
	if _, failed := i.counters(); failed != 1 {
		t.Errorf("failures: %d, want 1", failed)
	}
}

func TestRepeatedFailuresAreCounted(t *testing.T) {
	b := newBench(t)
	i := b.run(preamble + `function onSuccess(e) { throw new Error('always') }`)
	b.feed(i, numbered(500, engine.Delivered)...)
	<-i.retire()
	lines := b.log.take()
	if len(lines) != 2 || lines[0].Repeated != 0 || lines[1].Repeated != 499 ||
		lines[1].Message != lines[0].Message {
		t.Errorf("logged %d lines: %+v", len(lines), lines)
	}
}

func TestTimeLimit(t *testing.T) {
	b := newBench(t, withTimeout(50*time.Millisecond))
	i := b.run(preamble + "let n = 0;\nfunction onSuccess(e) {\n  if (e.message === 'm1') for (;;) {}\n  console.log(++n);\n}")
	b.feed(i, numbered(4, engine.Delivered)...)
	lines := b.log.take()
	if got := messages(lines, "info"); !slices.Equal(got, []string{"1", "2", "3"}) {
		t.Errorf("printed %q: the next runs were hit, or the state is gone", got)
	}
	if got := messages(lines, "error"); len(got) != 1 ||
		!strings.HasPrefix(got[0], "plugins/x.js:4:") || !strings.HasSuffix(got[0], "ran longer than the time limit of 50ms and was interrupted") {
		t.Errorf("logged %q", got)
	}
}

func TestTimeLimitAppliesEverywhere(t *testing.T) {
	for name, source := range map[string]string{
		"timer":       `setTimeout(function () { for (;;) {} }, 1)`,
		"promise job": `setTimeout(function () { Promise.resolve().then(function () { for (;;) {} }) }, 1)`,
		"job storm":   `setTimeout(function () { (function again() { Promise.resolve().then(again) })() }, 1)`,
		"microtask":   `setTimeout(function () { queueMicrotask(function () { for (;;) {} }) }, 1)`,
	} {
		t.Run(name, func(t *testing.T) {
			b := newBench(t, withTimeout(100*time.Millisecond))
			i := b.run(preamble + source + `; function onSuccess(e) { console.log('alive') }`)
			waitFor(t, func() bool { return len(messages(b.log.lines(), "error")) == 1 })
			b.feed(i, eventResponse(engine.Delivered))
			lines := b.log.take()
			if got := messages(lines, "error"); !strings.Contains(got[0], "time limit of 100ms") {
				t.Errorf("logged %q", got)
			}
			if got := messages(lines, "info"); !slices.Equal(got, []string{"alive"}) {
				t.Errorf("printed %q", got)
			}
		})
	}
	b := newBench(t, withTimeout(100*time.Millisecond))
	if got := b.broken("let x;\nwhile (true) { x = 1 }"); got.Line != 2 || !strings.Contains(got.Message, "time limit of 100ms") {
		t.Errorf("top level: %v", got)
	}
}

// waitFor polls without sleeping on a fixed time; the test's own deadline ends it.
func waitFor(t *testing.T, done func() bool) {
	t.Helper()
	tick := time.NewTicker(2 * time.Millisecond)
	defer tick.Stop()
	for !done() {
		select {
		case <-tick.C:
		case <-time.After(20 * time.Second):
			t.Fatal("waited in vain")
		}
	}
}

func TestStackOverflow(t *testing.T) {
	b := newBench(t)
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

// inject defines a global function of Go in the runtime that is current.
func inject(t *testing.T, i *instance, name string, f func()) *jsRuntime {
	t.Helper()
	i.mu.Lock()
	rt := i.current
	i.mu.Unlock()
	done := make(chan struct{})
	rt.loop.post(func() {
		defer close(done)
		if err := rt.vm.Set(name, f); err != nil {
			t.Error(err)
		}
	})
	<-done
	return rt
}

func TestStuckRuntimeIsReplaced(t *testing.T) {
	b := newBench(t, withTimeout(100*time.Millisecond))
	i := b.run(preamble + `let n = 0; function onSuccess(e) { n++; if (e.message === 'm1') native(); console.log(e.message, n) }`)
	// A native function that takes its time, as some regular expressions do: an interrupt does not reach it.
	release := make(chan struct{})
	first := inject(t, i, "native", func() { <-release })
	responses := numbered(4, engine.Delivered)
	n, err := i.handle(t.Context(), responses)
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
	<-first.ended
	b.printed("")
}

// A response that waits for a runtime that is stuck in a timer has not been handled.
func TestStuckInATimerLosesNoResponse(t *testing.T) {
	b := newBench(t, withTimeout(50*time.Millisecond))
	i := b.run(preamble + `function onFailure(e) { setTimeout(() => native(), 1) } function onSuccess(e) { console.log(e.message) }`)
	entered, release := make(chan struct{}), make(chan struct{})
	first := inject(t, i, "native", func() { close(entered); <-release })
	b.feed(i, eventResponse(engine.Retry))
	<-entered
	b.feed(i, numbered(2, engine.Delivered)...)
	b.printed("info", "m0", "m1")
	close(release)
	<-first.ended
}

func TestStuckWhileRetiring(t *testing.T) {
	b := newBench(t, withTimeout(50*time.Millisecond))
	i := b.run(preamble + `function onSuccess(e) { setTimeout(() => native(), 1) }`)
	entered, release := make(chan struct{}), make(chan struct{})
	first := inject(t, i, "native", func() { close(entered); <-release })
	b.feed(i, eventResponse(engine.Delivered))
	<-entered
	<-i.retire()
	close(release)
	<-first.ended
}

// An interrupt that comes when its run has just ended must not hit the next one.
func TestInterruptNeverHitsTheNextRun(t *testing.T) {
	b := newBench(t, withTimeout(30*time.Millisecond))
	i := b.run(preamble + `let short = 0;
		function onSuccess(e) {
			if (Number(e.message.slice(1)) % 2) { short++; for (let k = 0; k < 300; k++) short += 0; return }
			const end = Date.now() + 28 + Math.random() * 8; while (Date.now() < end) {}
		}
		function onFailure(e) { console.log(String(short)) }`)
	b.feed(i, numbered(60, engine.Delivered)...)
	b.feed(i, eventResponse(engine.Retry))
	if got := messages(b.log.take(), "info"); !slices.Equal(got, []string{"30"}) {
		t.Errorf("%q of 30 short runs came to their end", got)
	}
}

func TestOnePluginDoesNotHoldUpAnother(t *testing.T) {
	b := newBench(t, withTimeout(200*time.Millisecond))
	bad := b.run(preamble + `function onSuccess(e) { for (;;) {} }`)
	good := b.run(preamble + `function onSuccess(e) { console.log(e.message) }`)
	done := make(chan struct{})
	go func() {
		defer close(done)
		if n, err := bad.handle(t.Context(), numbered(3, engine.Delivered)); n != 1 || err != nil {
			t.Errorf("handled %d, %v; want 1", n, err)
		}
	}()
	b.feed(good, numbered(50, engine.Delivered)...)
	if got := messages(b.log.take(), ""); len(got) != 50 {
		t.Errorf("printed %q", got)
	}
	<-done
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
	<-rt.ended
}

func TestLostRuntimesAreQuarantined(t *testing.T) {
	for name, bug := range map[string]string{"stuck": "native()", "panic": "bug()"} {
		t.Run(name, func(t *testing.T) {
			b := newBench(t, withTimeout(50*time.Millisecond))
			i := b.run(preamble + `function onSuccess(e) { ` + bug + ` }`)
			release := make(chan struct{})
			var lost []*jsRuntime
			for n := range maxBreakdowns {
				if n > 0 {
					if _, err := i.live(t.Context()); err != nil {
						t.Fatal(err)
					}
				}
				inject(t, i, "native", func() { <-release })
				lost = append(lost, inject(t, i, "bug", func() { panic("a bug of ours") }))
				if handled, err := i.handle(t.Context(), numbered(1, engine.Delivered)); handled != 1 || err != nil {
					t.Errorf("handled %d, %v", handled, err)
				}
			}
			_, err := i.handle(t.Context(), numbered(1, engine.Delivered))
			if quarantined, ok := errors.AsType[*quarantineError](err); !ok || !strings.HasPrefix(quarantined.reason.Message, "its runtime was lost 3 times within 1m0s") {
				t.Errorf("the fourth time: %v", err)
			}
			close(release)
			for _, rt := range lost {
				<-rt.ended
			}
		})
	}
}

func TestAsyncListeners(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := newBench(t)
		i := b.run(preamble + `
			const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
			async function onSuccess(e) {
				console.log('begin', e.message);
				await pause(100);
				if (e.message === 'm1') throw new TypeError('late');
				if (e.message === 'm2') await pause(60000);
				console.log('end', e.message);
			}`)
		b.feed(i, numbered(4, engine.Delivered)...)
		lines := b.log.take()
		want := []string{"begin m0", "end m0", "begin m1", "begin m2", "begin m3", "end m3"}
		if got := messages(lines, "info"); !slices.Equal(got, want) {
			t.Errorf("printed %q, want %q", got, want)
		}
		failed := messages(lines, "error")
		if len(failed) != 2 || !strings.HasPrefix(failed[0], "plugins/x.js:7:35: ") || !strings.HasSuffix(failed[0], "TypeError: late") ||
			!strings.Contains(failed[1], "not settled within 5s") {
			t.Errorf("logged %q", failed)
		}
		<-i.retire()
	})
}

func TestPromiseJobsRunBeforeTheNextListener(t *testing.T) {
	b := newBench(t)
	i := b.run(preamble + `
		let release; const gate = new Promise((resolve) => { release = resolve });
		gate.then(() => console.log('gate'));
		function onSuccess(e) {
			Promise.resolve().then(() => console.log('then', e.message));
			queueMicrotask(() => console.log('microtask', e.message));
			if (e.message === 'm1') release();
			console.log('sync', e.message);
		}`)
	b.feed(i, numbered(2, engine.Delivered)...)
	b.printed("info", "sync m0", "then m0", "microtask m0", "sync m1", "then m1", "microtask m1", "gate")
}

func TestPromisesOfScriptsWithoutReactions(t *testing.T) {
	b := newBench(t)
	i := b.run(preamble + `let resolve; function onSuccess(e) {
		if (e.message === 'm0') return new Promise((r) => { setTimeout(() => { console.log('settled'); r() }, 5) });
		console.log(e.message) }`)
	b.feed(i, numbered(2, engine.Delivered)...)
	b.printed("info", "settled", "m1")
}

func TestUnhandledRejections(t *testing.T) {
	b := newBench(t)
	i := b.run(preamble + `function onSuccess(e) {
		Promise.reject(new RangeError('nobody cares'));
		const handled = Promise.reject(1); handled.catch(() => {});
		const late = Promise.reject(2); Promise.resolve().then(() => late.catch(() => {}));
	}`)
	b.feed(i, eventResponse(engine.Delivered))
	b.settle(i)
	lines := b.log.take()
	if got := messages(lines, "error"); len(got) != 1 || !strings.HasPrefix(got[0], "plugins/x.js:3:18: RangeError: nobody cares") ||
		lines[0].In != "unhandled promise rejection" {
		t.Errorf("logged %+v", lines)
	}
}

func TestBrokenAtLoad(t *testing.T) {
	for name, test := range map[string]struct {
		source, want string
		line, column int
		text         string
	}{
		"syntax":     {"let a = 1;\nlet b = = 2;", `SyntaxError: Unexpected "="`, 2, 9, "let b = = 2;"},
		"throw":      {"\n  throw new TypeError('no')", "TypeError: no", 2, 9, "  throw new TypeError('no')"},
		"string":     {"throw 'no'", "Uncaught 'no'", 1, 1, "throw 'no'"},
		"columns":    {"const é = '€😀'; null.x", "TypeError: Cannot read property 'x' of undefined", 1, 23, "const é = '€😀'; null.x"},
		"duplicate":  {"let a;\nlet a;", `SyntaxError: The symbol "a" has already been declared`, 2, 5, "let a;"},
		"rejection":  {"async function main() {\n  throw new Error('no')\n}\nmain()", "Error: no (in a promise that nobody handles)", 2, 9, "  throw new Error('no')"},
		"late throw": {"document.addEventListener('deviceready', () => missing(), false)", "ReferenceError: missing is not defined", 1, 55, "document.addEventListener('deviceready', () => missing(), false)"},
	} {
		t.Run(name, func(t *testing.T) {
			b := newBench(t)
			got := b.broken(test.source)
			if got.Message != test.want || got.File != "plugins/x.js" || got.Line != test.line || got.Column != test.column ||
				got.Source != test.text || got.Plugin != "x" || len(got.Version) != 8 {
				t.Errorf("got %+v", got)
			}
			if want := fmt.Sprintf("plugins/x.js:%d:%d: %s", test.line, test.column, test.want); got.Error() != want {
				t.Errorf("Error() = %q, want %q", got.Error(), want)
			}
		})
	}
}

func TestDetailPointsAtTheColumn(t *testing.T) {
	b := newBench(t)
	got := b.broken("function inner() {\n\tnull.x\n}\nfunction outer() { inner() }\nouter()").Detail()
	want := "plugins/x.js:2:7: TypeError: Cannot read property 'x' of undefined\n" +
		"    \tnull.x\n" +
		"    \t     ^\n" +
		"  at inner (plugins/x.js:2:7)\n" +
		"  at outer (plugins/x.js:4:25)\n" +
		"  at <anonymous> (plugins/x.js:5:6)"
	if got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

func TestLinesOfTheTopLevelCarryTheFinalVersion(t *testing.T) {
	b := newBench(t)
	b.write("lib.js", `console.log('lib')`)
	_, g, err := b.start(`console.log('first'); require('./lib'); console.log('last')`)
	if err != nil {
		t.Fatal(err)
	}
	for _, line := range b.log.lines() {
		if line.Version != g.version() {
			t.Errorf("line %q has version %s, want %s", line.Message, line.Version, g.version())
		}
	}
	b.printed("info", "first", "lib", "last")
}

func TestRetire(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := newBench(t)
		i := b.run(preamble + `setInterval(() => console.log('tick'), 1000); function onSuccess(e) {}`)
		time.Sleep(2500 * time.Millisecond)
		begin := time.Now()
		<-i.retire()
		if since := time.Since(begin); since != 0 {
			t.Errorf("retiring took %s with nothing in flight", since)
		}
		time.Sleep(5 * time.Second)
		b.printed("info", "tick", "tick")
		if _, err := i.handle(t.Context(), numbered(1, engine.Delivered)); !errors.Is(err, errRetired) {
			t.Errorf("handle after retire: %v", err)
		}

		// Work in flight elsewhere may go on for the grace period, and no longer.
		for _, late := range []time.Duration{time.Second, time.Hour} {
			i = b.run(preamble + `function onSuccess(e) {}`)
			rt := i.current
			rt.loop.post(func() {
				deliver := rt.reserve()
				time.AfterFunc(late, func() { deliver(func() { rt.inst.say(1, "delivered", nil) }) })
			})
			synctest.Wait()
			begin = time.Now()
			<-i.retire()
			if got, want := time.Since(begin), min(late, b.cfg.Grace); got != want {
				t.Errorf("retiring took %s, want %s", got, want)
			}
		}
		b.printed("info", "delivered")
	})
}

func TestHandleEndsWithItsContext(t *testing.T) {
	b := newBench(t)
	i := b.run(preamble + `function onSuccess(e) { if (e.message === 'm2') stop() }`)
	ctx, cancel := context.WithCancel(t.Context())
	inject(t, i, "stop", func() { cancel() })
	n, err := i.handle(ctx, numbered(10, engine.Delivered))
	if n != 3 || err != nil {
		t.Errorf("handled %d, %v; want 3", n, err)
	}
	if n, err := i.handle(ctx, numbered(10, engine.Delivered)); n != 0 || err != nil {
		t.Errorf("handled %d, %v after the end", n, err)
	}
}

func TestHandleReturnsAfterASlice(t *testing.T) {
	b := newBench(t)
	i := b.run(preamble + `function onSuccess(e) { const end = Date.now() + 20; while (Date.now() < end) {} }`)
	n, err := i.handle(t.Context(), numbered(100, engine.Delivered))
	if n < 2 || n > 5 || err != nil {
		t.Errorf("handled %d, %v; want about 3", n, err)
	}
}

func TestStartIsCancelled(t *testing.T) {
	b := newBench(t)
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond)
	defer cancel()
	_, g, err := startInstance(ctx, instanceConfig{host: b.cfg, name: "x", entry: b.write("x.js", "for (;;) {}"), devices: b.dev})
	if !errors.Is(err, context.DeadlineExceeded) || g == nil {
		t.Errorf("got %v", err)
	}
}
