package instance

import (
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

func TestTimers(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := newBench(t)
		i := b.run(`
			const begin = Date.now();
			const at = (name) => function (...args) { console.log(name, String(Date.now() - begin), args.join(), String(this === globalThis)) };
			setTimeout(at('b'), 20, 1, 2);
			setTimeout(at('a'), 10);
			setTimeout(at('a2'), 10);
			setTimeout(at('zero'));
			setTimeout(at('negative'), -5);
			setTimeout(at('huge'), 2 ** 31);
			setTimeout(at('text'), '30');
			setTimeout(at('NaN'), 'x');
			setImmediate(at('immediate'), 'x');
			clearTimeout(setTimeout(at('never'), 5));
			clearImmediate(setImmediate(at('never')));
			clearTimeout(undefined); clearTimeout({}); clearTimeout(12345);
			let n = 0;
			const id = setInterval(() => { at('every')(); if (++n === 3) clearInterval(id) }, 7);
			console.log('sync');`)
		time.Sleep(time.Second)
		<-i.Retire()
		b.printed("info", "sync", "immediate 0 x true", "zero 1  true", "negative 1  true", "huge 1  true", "NaN 1  true",
			"every 7  true", "a 10  true", "a2 10  true", "every 14  true", "b 20 1,2 true", "every 21  true", "text 30  true")
	})
}

func TestTimerErrors(t *testing.T) {
	b := newBench(t)
	for source, want := range map[string]string{
		`setTimeout('code')`:                 "TypeError: Failed to execute 'setTimeout': parameter 1 is not of type 'Function'.",
		`setInterval()`:                      "TypeError: Failed to execute 'setInterval': parameter 1 is not of type 'Function'.",
		`queueMicrotask({})`:                 "TypeError: Failed to execute 'queueMicrotask': parameter 1 is not of type 'Function'.",
		`for (;;) setTimeout(() => {}, 1e6)`: "RangeError: Failed to execute 'setTimeout': more than 10000 timers at once.",
	} {
		if got := b.broken(source); got.Message != want || got.Line != 1 {
			t.Errorf("%s: %v", source, got)
		}
	}
}

func TestErrorsInTimersAndMicrotasks(t *testing.T) {
	b := newBench(t)
	b.run("setTimeout(() => { null.x }, 1);\nsetTimeout(() => queueMicrotask(() => { throw new Error('micro') }), 2);\n" +
		"setTimeout(() => console.log('goes on'), 3)")
	waitFor(t, func() bool { return len(messages(b.log.lines(), "info")) == 1 })
	got := messages(b.log.take(), "error")
	if len(got) != 2 || !strings.HasPrefix(got[0], "plugins/x.js:1:25: TypeError") || !strings.HasPrefix(got[1], "plugins/x.js:2:47: Error: micro") {
		t.Errorf("logged %q", got)
	}
}

// An interval without a pause must not keep the runtime from its responses, nor responses from the interval.
func TestTimersAndListenersTakeTurns(t *testing.T) {
	b := newBench(t)
	i := b.run(preamble + `let ticks = 0; setInterval(() => { ticks++ }, 0); (function again() { setImmediate(again) })();
		function onSuccess(e) { return new Promise((done) => setTimeout(() => { console.log(String(ticks > 0)); done() }, 5)) }`)
	b.feed(i, eventResponse(1), eventResponse(1))
	b.printed("info", "true", "true")
}

func TestMicrotaskOrder(t *testing.T) {
	b := newBench(t)
	b.run(`
		setTimeout(() => { console.log('timeout'); Promise.resolve().then(() => console.log('after timeout')) }, 1);
		setTimeout(() => console.log('second timeout'), 1);
		queueMicrotask(() => console.log('microtask'));
		(async () => { await null; console.log('await') })();
		console.log('sync');`)
	waitFor(t, func() bool { return slices.Contains(messages(b.log.lines(), ""), "second timeout") })
	b.printed("", "sync", "microtask", "await", "timeout", "after timeout", "second timeout")
}
