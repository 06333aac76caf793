package disk

import (
	"sync"
	"time"
)

// inbox holds what waits for the writer, and what is known about how long to wait for more.
type inbox struct {
	wake chan struct{} // cap 1: requests or cursors wait for the writer

	mu       sync.Mutex // guards what follows
	waiting  []request
	bytes    int           // in those that wait
	inFlight int           // groups between the writer and their answer
	expected int           // requests that the next group waits for
	fsync    time.Duration // what one took lately
}

func newInbox() inbox { return inbox{wake: make(chan struct{}, 1)} }

// nudge wakes the writer.
func (i *inbox) nudge() {
	select {
	case i.wake <- struct{}{}:
	default:
	}
}

// add hands a request to the writer. Its answer comes through done; nobody needs to wait for it.
func (i *inbox) add(r request) {
	t := r.state()
	t.done = make(chan error, 1)
	i.mu.Lock()
	i.waiting = append(i.waiting, r)
	i.bytes += t.size
	i.mu.Unlock()
	i.nudge()
}

// take takes what waits, up to the size of a group, and reports whether more waits. One that must be alone is a group of its
// own.
func (i *inbox) take() (taken []request, more bool) {
	i.mu.Lock()
	defer i.mu.Unlock()
	size, n := 0, 0
	for _, r := range i.waiting {
		t := r.state()
		if n > 0 && (t.alone || size+t.size > groupBytes) {
			break
		}
		size += t.size
		if n++; t.alone {
			break
		}
	}
	i.bytes -= size
	if n == len(i.waiting) {
		taken, i.waiting = i.waiting, nil
	} else {
		taken, i.waiting, more = i.waiting[:n:n], i.waiting[n:], true
	}
	return taken, more
}

// begun notes that a group is on its way.
func (i *inbox) begun() {
	i.mu.Lock()
	defer i.mu.Unlock()
	i.inFlight++
}

// answered notes for the next group what there was to wait for in this one.
func (i *inbox) answered(requests int, took time.Duration) {
	i.mu.Lock()
	defer i.mu.Unlock()
	i.inFlight--
	if requests > 0 {
		i.expected = requests + len(i.waiting)
		i.fsync = took
	}
	i.nudge()
}
