package disk

import (
	"math"
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
	enough   int           // how many must wait for the writer to be woken
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
	enough := len(i.waiting) >= i.enough || i.ahead()
	i.mu.Unlock()
	if enough {
		i.nudge()
	}
}

// ahead tells whether so much waits that it is to be built while the group before is on its way to the disk. The mutex is held.
func (i *inbox) ahead() bool { return i.inFlight > 0 && i.bytes >= aheadBytes }

// ready tells whether it is time for a group, and else for how long to wait for more at most: until the group before has its answer where
// that is negative. Meanwhile those that come in do not wake the writer one by one, which was a fourteenth of the time of an Append.
func (i *inbox) ready() (ready bool, wait time.Duration) {
	i.mu.Lock()
	defer i.mu.Unlock()
	switch {
	case len(i.waiting) == 0, i.ahead(), i.inFlight == 0 && len(i.waiting) >= i.expected:
		return true, 0
	case i.inFlight == 0:
		i.enough = i.expected
		return false, min(i.fsync/waitShare, maxWait)
	default:
		i.enough = math.MaxInt // the answer wakes it
		return false, -1
	}
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
	i.enough = 1
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
	if len(i.waiting) > 0 {
		i.nudge()
	}
}
