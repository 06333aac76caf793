package scripting

import (
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
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
	b.t.Cleanup(own.fetcher.close)
	return own
}

// What the top level of a version puts into localStorage is its own until it is live: what never gets there, broken or
// replaced, leaves nothing behind, and the version that runs does not see it.
func TestDiscardedLoadKeepsNothing(t *testing.T) {
	b := newBench(t)
	own := kept(b)
	for _, pair := range [][2]string{{"a", "1"}, {"b", "2"}, {"c", "3"}} {
		if err := own.storage.set(pair[0], pair[1]); err != nil {
			t.Fatal(err)
		}
	}
	const writes = `localStorage.setItem("a", "changed"); localStorage.removeItem("b"); localStorage.d = "new"; localStorage.e = "gone"; delete localStorage.e;
console.log(Object.keys(localStorage).join(), localStorage.length, localStorage.key(2), localStorage.a, localStorage.getItem("b"));` + "\n"
	unchanged := func(when string) {
		t.Helper()
		if keys := own.storage.keys(); !slices.Equal(keys, []string{"a", "b", "c"}) {
			t.Errorf("%s: it keeps %q", when, keys)
		}
		if a, _ := own.storage.get("a"); a != "1" {
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
	if err := own.storage.set("c", "meanwhile"); err != nil {
		t.Fatal(err)
	}
	i.goLive()
	b.feed(i, eventResponse(engine.Delivered))
	if keys := own.storage.keys(); !slices.Equal(keys, []string{"a", "c", "d", "f"}) {
		t.Errorf("live: it keeps %q", keys)
	}
	for key, want := range map[string]string{"a": "changed", "c": "meanwhile", "d": "new", "f": "later"} {
		if got, _ := own.storage.get(key); got != want {
			t.Errorf("live: %s is %q, want %q", key, got, want)
		}
	}
	b.printed("info", "a,c,d 3 d changed null")
}

func TestDraftOfStorage(t *testing.T) {
	kept := mustOpenStorage(t, newMemoryValues())
	for _, key := range []string{"a", "b"} {
		if err := kept.set(key, key); err != nil {
			t.Fatal(err)
		}
	}
	d := newStorageDraft(kept)
	d.clear()
	if n := d.size(); n != 0 {
		t.Errorf("%d items after clear", n)
	}
	if err := d.set("b", "again"); err != nil {
		t.Error(err)
	}
	if err := d.set("big", string(make([]byte, storageQuota))); err == nil {
		t.Error("the quota does not hold")
	}
	if keys := d.keys(); !slices.Equal(keys, []string{"b"}) {
		t.Errorf("keys: %q", keys)
	}
	if err := d.publish(); err != nil {
		t.Error(err)
	}
	d.remove("b")
	if kept.size() != 0 || d.size() != 0 {
		t.Errorf("a published draft is not what is kept: %q, %q", kept.keys(), d.keys())
	}
	// What has no room any more is said, and the rest is kept.
	d = newStorageDraft(kept)
	for _, key := range []string{"small", "large"} {
		if err := d.set(key, string(make([]byte, map[string]int{"small": 1, "large": storageQuota / 2}[key]))); err != nil {
			t.Fatal(err)
		}
	}
	if err := kept.set("other", string(make([]byte, storageQuota-1000))); err != nil {
		t.Fatal(err)
	}
	if err := d.publish(); err == nil || !slices.Equal(kept.keys(), []string{"other", "small"}) {
		t.Errorf("%v: it keeps %q", err, kept.keys())
	}
}

// What has room in the end is kept, in whatever order it was written, and what was set to the value that it had counts.
func TestDraftKeepsWhatFits(t *testing.T) {
	most := string(make([]byte, storageQuota-10))
	for range 10 { // the changes are in a map
		kept := mustOpenStorage(t, newMemoryValues())
		d := newStorageDraft(kept)
		set := func(s items, key, value string) {
			t.Helper()
			if err := s.set(key, value); err != nil {
				t.Fatal(err)
			}
		}
		set(kept, "a", most)
		set(kept, "b", "x")
		set(kept, "c", "same")
		set(d, "a", "x")
		set(d, "b", most[:storageQuota-100])
		set(d, "c", "same")
		set(kept, "c", "new")
		if err := d.publish(); err != nil {
			t.Fatal(err)
		}
		if c, _ := kept.get("c"); c != "same" || kept.used() != storageQuota-92 {
			t.Fatalf("c is %q, %d units", c, kept.used())
		}
	}
}

// A top level may fill the storage.
func TestDraftCountsAsItGrows(t *testing.T) {
	kept := mustOpenStorage(t, newMemoryValues())
	for n := range 100 {
		if err := kept.set(strconv.Itoa(n), "old"); err != nil {
			t.Fatal(err)
		}
	}
	d := newStorageDraft(kept)
	random := rand.New(rand.NewPCG(1, 2))
	for range 2000 {
		key := strconv.Itoa(random.IntN(200))
		switch random.IntN(50) {
		case 0:
			d.clear()
		case 1, 2, 3, 4, 5:
			d.remove(key)
		default:
			if err := d.set(key, strings.Repeat("é", random.IntN(5))); err != nil {
				t.Fatal(err)
			}
		}
		units := 0
		for _, key := range d.keys() {
			value, _ := d.get(key)
			units += unitsOf(key) + unitsOf(value)
		}
		if got := kept.used() + d.grown; got != units {
			t.Fatalf("it counts %d units, and holds %d", got, units)
		}
	}
	before, size := d.keys(), d.size()
	if err := d.publish(); err != nil {
		t.Fatal(err)
	}
	slices.Sort(before)
	if after := slices.Sorted(slices.Values(kept.keys())); size != len(before) || !slices.Equal(after, before) {
		t.Errorf("published: %q, want %q", after, before)
	}
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
