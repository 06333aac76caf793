package instance

import (
	"slices"
	"strings"
	"testing"
	"testing/synctest"

	"trackhook/engine"
)

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
		<-i.Retire()
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
