package live

import (
	"math/rand/v2"
	"testing"

	"trackhook/engine/disk/internal/format"
)

// TestWindow compares the window with a sorted index that it may read again at any time.
func TestWindow(t *testing.T) {
	t.Parallel()
	chance := rand.New(rand.NewPCG(1, 1))
	w := newWindow(windowMost)
	w.end = Everything()
	var last format.Place
	for n := range uint64(5 * windowMost) {
		w.add(DueLane{Place: format.Place{Due: chance.Int64N(1000), Number: n + 1}})
	}
	if len(w.heap) > 2*windowMost {
		t.Fatalf("the window holds %d entries", len(w.heap))
	}
	if w.complete() {
		t.Fatal("the window should have an end")
	}
	for {
		e, ok := w.take(1000)
		if !ok {
			break
		}
		if e.Before(last) || w.end.Before(e.Place) {
			t.Fatalf("took %v after %v with the end at %v", e.Place, last, w.end)
		}
		last = e.Place
	}
	if len(w.due) != 0 {
		t.Fatalf("%d entries are left over", len(w.due))
	}
}
