package instance

import (
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"trackhook/engine"
)

// hold loads a plugin as the host does: it waits for GoLive.
func (b *bench) hold(own *Resources, source string) *Instance {
	b.t.Helper()
	i, _, err := Start(b.t.Context(), Config{
		Shared: b.Shared, Name: "x", Entry: b.write("x.js", source), Resources: own, Held: true,
	})
	if err != nil {
		b.t.Fatal(err)
	}
	b.t.Cleanup(func() { <-i.Retire() })
	return i
}

func kept(b *bench) *Resources {
	b.t.Helper()
	own, err := OfflineResources(b.t.Context(), "x", newMemoryStore())
	if err != nil {
		b.t.Fatal(err)
	}
	b.t.Cleanup(own.Fetcher.Close)
	return own
}

// What the top level of a version puts into localStorage is its own until it is live: what never gets there, broken or
// replaced, leaves nothing behind, and the version that runs does not see it.
func TestDiscardedLoadKeepsNothing(t *testing.T) {
	b := newBench(t)
	own := kept(b)
	for _, pair := range [][2]string{{"a", "1"}, {"b", "2"}, {"c", "3"}} {
		if err := own.Storage.Set(pair[0], pair[1]); err != nil {
			t.Fatal(err)
		}
	}
	const writes = `localStorage.setItem("a", "changed"); localStorage.removeItem("b"); localStorage.d = "new"; localStorage.e = "gone"; delete localStorage.e;
console.log(Object.keys(localStorage).join(), localStorage.length, localStorage.key(2), localStorage.a, localStorage.getItem("b"));` + "\n"
	unchanged := func(when string) {
		t.Helper()
		if keys := own.Storage.Keys(); !slices.Equal(keys, []string{"a", "b", "c"}) {
			t.Errorf("%s: it keeps %q", when, keys)
		}
		if a, _ := own.Storage.Get("a"); a != "1" {
			t.Errorf("%s: a is %q", when, a)
		}
	}
	if _, _, err := Start(t.Context(), Config{
		Shared: b.Shared, Name: "x", Entry: b.write("x.js", writes+"throw 1"), Resources: own, Held: true,
	}); err == nil {
		t.Fatal("it loads")
	}
	unchanged("broken")
	thrown := b.hold(own, writes)
	unchanged("held")
	<-thrown.Retire()
	unchanged("thrown away")
	b.log.take()

	i := b.hold(own, writes+preamble+`function onSuccess() { localStorage.f = "later"; }`)
	// What the version before writes meanwhile is not undone.
	if err := own.Storage.Set("c", "meanwhile"); err != nil {
		t.Fatal(err)
	}
	i.GoLive()
	b.feed(i, eventResponse(engine.Delivered))
	if keys := own.Storage.Keys(); !slices.Equal(keys, []string{"a", "c", "d", "f"}) {
		t.Errorf("live: it keeps %q", keys)
	}
	for key, want := range map[string]string{"a": "changed", "c": "meanwhile", "d": "new", "f": "later"} {
		if got, _ := own.Storage.Get(key); got != want {
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
		<-thrown.Retire()
		b.printed("", "loaded")

		i := b.hold(kept(b), source)
		time.Sleep(500 * time.Millisecond)
		synctest.Wait()
		b.printed("", "loaded")
		i.GoLive()
		synctest.Wait()
		b.printed("", "immediate", "timeout")
		time.Sleep(2 * time.Second)
		synctest.Wait()
		<-i.Retire()
		b.printed("", "tick", "tick")
	})
}
