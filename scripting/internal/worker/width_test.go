package worker

import (
	"slices"
	"testing"
	"time"
)

// A process takes one processor while one small batch comes after the other, and all for whatever else it does.
func TestWidth(t *testing.T) {
	t.Parallel()
	var set []bool
	w := &width{set: func(narrow bool) { set = append(set, narrow) }}
	batches := func(count int, took time.Duration) {
		for range count {
			w.end(w.begin(), took)
		}
	}
	told := func(what string, want ...bool) {
		t.Helper()
		if !slices.Equal(set, want) {
			t.Errorf("%s: it was narrow %v, want %v", what, set, want)
		}
		set = nil
	}
	batches(narrowAfter-1, 0)
	told("few small batches")
	batches(1, 2*small)
	batches(narrowAfter-1, 0)
	told("a large one among them")
	batches(1, 0)
	told("many small batches", true)
	batches(wideAfter-1, 2*small)
	batches(wideAfter, 0)
	batches(wideAfter-1, 2*small)
	told("some large ones")
	batches(1, 2*small)
	told("many large ones", false)

	batches(narrowAfter, 0)
	told("small ones again", true)
	first := w.begin()
	for range wideAfter {
		w.end(w.begin(), 0)
	}
	told("several at once", false)
	w.end(first, 0)

	batches(narrowAfter, 0)
	over := w.load()
	told("a load", true, false)
	batches(2*narrowAfter, 0)
	told("small ones beside a load")
	over()
	batches(1, 0)
	told("after the load", true)
	batches(fewest, 0)
	w.look()
	told("a look at many")
	batches(fewest-1, 0)
	w.look()
	told("a look at few", false)
}
