package scripting

import (
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"trackhook/engine"
)

// hold loads a plugin as the host does: it waits for goLive.
func (b *bench) hold(own *belongings, source string) *instance {
	b.t.Helper()
	i, _, err := startInstance(b.t.Context(), instanceConfig{
		shared: b.shared, name: "x", entry: b.write("x.js", source), own: own, held: true,
	})
	if err != nil {
		b.t.Fatal(err)
	}
	b.t.Cleanup(func() { <-i.retire() })
	return i
}

func kept(b *bench) *belongings {
	b.t.Helper()
	own, err := lend(b.t.Context(), "x", newMemoryStore())
	if err != nil {
		b.t.Fatal(err)
	}
	b.t.Cleanup(own.fetcher.Close)
	return own
}

// What the top level of a version puts into localStorage is its own until it is live: what never gets there, broken or
// replaced, leaves nothing behind, and the version that runs does not see it.
func TestDiscardedLoadKeepsNothing(t *testing.T) {
	b := newBench(t)
	own := kept(b)
	for _, pair := range [][2]string{{"a", "1"}, {"b", "2"}, {"c", "3"}} {
		if err := own.storage.Set(pair[0], pair[1]); err != nil {
			t.Fatal(err)
		}
	}
	const writes = `localStorage.setItem("a", "changed"); localStorage.removeItem("b"); localStorage.d = "new"; localStorage.e = "gone"; delete localStorage.e;
console.log(Object.keys(localStorage).join(), localStorage.length, localStorage.key(2), localStorage.a, localStorage.getItem("b"));` + "\n"
	unchanged := func(when string) {
		t.Helper()
		if keys := own.storage.Keys(); !slices.Equal(keys, []string{"a", "b", "c"}) {
			t.Errorf("%s: it keeps %q", when, keys)
		}
		if a, _ := own.storage.Get("a"); a != "1" {
			t.Errorf("%s: a is %q", when, a)
		}
	}
	if _, _, err := startInstance(t.Context(), instanceConfig{
		shared: b.shared, name: "x", entry: b.write("x.js", writes+"throw 1"), own: own, held: true,
	}); err == nil {
		t.Fatal("it loads")
	}
	unchanged("broken")
	thrown := b.hold(own, writes)
	unchanged("held")
	<-thrown.retire()
	unchanged("thrown away")
	b.log.take()

	i := b.hold(own, writes+preamble+`function onSuccess() { localStorage.f = "later"; }`)
	// What the version before writes meanwhile is not undone.
	if err := own.storage.Set("c", "meanwhile"); err != nil {
		t.Fatal(err)
	}
	i.goLive()
	b.feed(i, eventResponse(engine.Delivered))
	if keys := own.storage.Keys(); !slices.Equal(keys, []string{"a", "c", "d", "f"}) {
		t.Errorf("live: it keeps %q", keys)
	}
	for key, want := range map[string]string{"a": "changed", "c": "meanwhile", "d": "new", "f": "later"} {
		if got, _ := own.storage.Get(key); got != want {
			t.Errorf("live: %s is %q, want %q", key, got, want)
		}
	}
	b.printed("info", "a,c,d 3 d changed null")
}

// A version that is held back may never be live, so its timers wait. What the top level awaits cannot.
func TestTimersOfAHeldVersionWait(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := newBench(t)
		const source = `await new Promise((resolve) => setTimeout(resolve, 10)); console.log("loaded");
setTimeout(() => console.log("timeout"), 1); setImmediate(() => console.log("immediate")); setInterval(() => console.log("tick"), 1000);`
		thrown := b.hold(kept(b), source)
		time.Sleep(time.Minute)
		<-thrown.retire()
		b.printed("", "loaded")

		i := b.hold(kept(b), source)
		time.Sleep(500 * time.Millisecond)
		synctest.Wait()
		b.printed("", "loaded")
		i.goLive()
		synctest.Wait()
		b.printed("", "immediate", "timeout")
		time.Sleep(2 * time.Second)
		synctest.Wait()
		<-i.retire()
		b.printed("", "tick", "tick")
	})
}
