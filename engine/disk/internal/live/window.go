package live

import (
	"math"
	"slices"

	"trackhook/engine/disk/internal/format"
)

// How many lanes a window reads from the index at once; it holds at most twice as many. One app gets windowMost, about
// 8 MB in all; many apps share windowTotal.
const (
	windowMost  = 1 << 14
	windowTotal = 2 * windowMost
	windowLeast = 16
)

// DueLane is a lane that can be leased when it is due.
type DueLane struct {
	format.Place
	Lane string
	// Record is the lane's record where it is known, else nil: it must be read.
	Record *format.LaneRecord
}

// Compare orders by place.
func (e DueLane) Compare(other DueLane) int {
	switch {
	case e.Before(other.Place):
		return -1
	case other.Before(e.Place):
		return 1
	default:
		return 0
	}
}

// window is the front of an app's part of the index: all lanes that are not leased and whose place is not behind end.
// What lies behind is on disk only, so that memory does not grow with the number of lanes, and the index is read once
// from its front to its back instead of again and again through the tombstones of what was leased before.
//
// [Memory] guards it.
type window struct {
	size int
	heap []DueLane
	// due is the place of each lane in the heap, by the number of its package. An entry of the heap whose place differs
	// is out of date and is dropped when it comes up.
	due map[uint64]int64
	end format.Place
}

// Everything is behind every place.
func Everything() format.Place { return format.Place{Due: math.MaxInt64, Number: math.MaxUint64} }

func newWindow(size int) window { return window{size: size, due: make(map[uint64]int64)} }

// complete tells whether nothing lies behind the window.
func (w *window) complete() bool { return w.end == Everything() }

// add puts a lane into the window, unless its place is behind the end.
func (w *window) add(e DueLane) {
	if w.end.Before(e.Place) {
		return
	}
	w.due[e.Number] = e.Due
	w.push(e)
	if len(w.heap) > 2*w.size {
		w.shrink()
	}
}

// has tells whether the lane whose next package has this number is in the window.
func (w *window) has(number uint64) bool {
	_, ok := w.due[number]
	return ok
}

// drop removes the lane whose next package has this number.
func (w *window) drop(number uint64) { delete(w.due, number) }

// empty tells whether there is nothing in the window.
func (w *window) empty() bool { return len(w.due) == 0 }

// next returns the earliest place. It drops entries that are out of date.
func (w *window) next() (format.Place, bool) {
	for len(w.heap) > 0 {
		top := w.heap[0].Place
		if due, ok := w.due[top.Number]; ok && due == top.Due {
			return top, true
		}
		w.pop()
	}
	return format.Place{}, false
}

// take removes the earliest entry, if it is due.
func (w *window) take(now int64) (DueLane, bool) {
	top, ok := w.next()
	if !ok || top.Due > now {
		return DueLane{}, false
	}
	delete(w.due, top.Number)
	return w.pop(), true
}

// shrink cuts the window to its size.
func (w *window) shrink() {
	w.sort()
	if len(w.heap) > w.size {
		w.cut(w.heap[w.size-1].Place)
	}
}

// cut makes end the end of the window, and forgets what lies behind it.
func (w *window) cut(end format.Place) {
	w.end = end
	w.sort()
	keep := len(w.heap)
	for keep > 0 && end.Before(w.heap[keep-1].Place) {
		keep--
		delete(w.due, w.heap[keep].Number)
	}
	clear(w.heap[keep:])
	w.heap = w.heap[:keep]
}

// sort drops what is out of date or there twice, and sorts the rest. A sorted slice is a heap.
func (w *window) sort() {
	w.heap = slices.DeleteFunc(w.heap, func(e DueLane) bool {
		due, ok := w.due[e.Number]
		return !ok || due != e.Due
	})
	slices.SortFunc(w.heap, DueLane.Compare)
	w.heap = slices.CompactFunc(w.heap, func(a, b DueLane) bool { return a.Place == b.Place })
}

func (w *window) push(e DueLane) {
	w.heap = append(w.heap, e)
	i := len(w.heap) - 1
	for i > 0 {
		parent := (i - 1) / 2
		if !w.heap[i].Before(w.heap[parent].Place) {
			break
		}
		w.heap[i], w.heap[parent] = w.heap[parent], w.heap[i]
		i = parent
	}
}

func (w *window) pop() DueLane {
	top := w.heap[0]
	last := len(w.heap) - 1
	w.heap[0] = w.heap[last]
	w.heap[last] = DueLane{} // let go of the lane
	w.heap = w.heap[:last]
	for i := 0; ; {
		least := i
		for child := 2*i + 1; child <= 2*i+2 && child < last; child++ {
			if w.heap[child].Before(w.heap[least].Place) {
				least = child
			}
		}
		if least == i {
			return top
		}
		w.heap[i], w.heap[least] = w.heap[least], w.heap[i]
		i = least
	}
}
