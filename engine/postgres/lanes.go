package postgres

import (
	"container/heap"
	"hash/fnv"
	"math"
	"slices"
)

// laneKey names a lane in the tables.
type laneKey struct {
	partition int16
	app       int32
	device    string
}

// mark is what stands for a lane in flights.
func (k laneKey) mark() uint64 {
	h := fnv.New64a()
	h.Write([]byte{byte(k.app), byte(k.app >> 8), byte(k.app >> 16), byte(k.app >> 24)}) //nolint:gosec // bytes of it
	h.Write([]byte(k.device))
	return h.Sum64()
}

// laneState says where a lane that is known stands.
type laneState uint8

const (
	laneReady laneState = iota
	laneLater
	laneBusy // it is being read, or leased
)

// lane is a lane that may have something to lease. What is known of it is a hint: what is next in it is read when it is its
// turn, and only then it is certain.
type lane struct {
	laneKey
	state laneState
	due   int64
	order int64 // among those that are due at the same time: the number of a package
	more  bool  // there may be packages behind the one that is leased
	at    int   // its place in a heap
}

// laneHeap is a heap of lanes, earliest due first.
type laneHeap []*lane

func (h laneHeap) Len() int { return len(h) }

func (h laneHeap) Less(i, j int) bool {
	return h[i].due < h[j].due || h[i].due == h[j].due && h[i].order < h[j].order
}

func (h laneHeap) Swap(i, j int) {
	h[i], h[j] = h[j], h[i]
	h[i].at, h[j].at = i, j
}

// Push implements [heap.Interface].
func (h *laneHeap) Push(x any) {
	l, _ := x.(*lane)
	l.at = len(*h)
	*h = append(*h, l)
}

// Pop implements [heap.Interface].
func (h *laneHeap) Pop() any {
	old := *h
	l := old[len(old)-1]
	old[len(old)-1] = nil
	*h = old[:len(old)-1]
	return l
}

// duePlace is a place in the index of what is due.
type duePlace struct{ due, number int64 }

// appLanes are the lanes of an app that are known.
type appLanes struct {
	id           int32
	ready, later laneHeap
	busy         int
	limit, held  int // of leases; a negative limit is none
	// The index of what is due is known up to horizon, or complete.
	horizon  duePlace
	complete bool
	// scan says that some stream may have packages that were not seen.
	scan bool
}

func (a *appLanes) room() bool { return a.limit < 0 || a.held < a.limit }

// book is what a host keeps in memory of the lanes that it owns. The store's lock guards it.
type book struct {
	window  int
	lanes   map[laneKey]*lane
	apps    map[int32]*appLanes
	turns   []int32
	owned   map[int16]bool // true: it is to be handed over, and leases nothing more
	streams []int64
	mine    int64 // the stream of this host
	read    map[streamKey]*position
	resting map[uint64]int64 // lanes that were in flight at a host that was lost, and until when they rest
	unsure  bool             // this host may have accepted packages of which it does not know
	strange bool             // there may be apps that are not known
	changed chan struct{}    // closed at the next change
	waiting bool             // somebody waits for it
}

func newBook(window int) *book {
	return &book{
		window: window, lanes: map[laneKey]*lane{}, apps: map[int32]*appLanes{}, owned: map[int16]bool{},
		read: map[streamKey]*position{}, resting: map[uint64]int64{}, changed: make(chan struct{}),
	}
}

// news wakes who waits.
func (b *book) news() {
	if b.waiting {
		close(b.changed)
		b.changed, b.waiting = make(chan struct{}), false
	}
}

func (b *book) app(id int32) *appLanes {
	a := b.apps[id]
	if a == nil {
		a = &appLanes{id: id, limit: -1, horizon: duePlace{math.MinInt64, 0}, scan: true}
		b.apps[id] = a
		b.turns = append(b.turns, id)
	}
	return a
}

// own takes over a partition, of which nothing is known yet.
func (b *book) own(partition int16) {
	if _, known := b.owned[partition]; known {
		return
	}
	b.owned[partition] = false
	b.reread()
}

// reread has everything looked for again.
func (b *book) reread() {
	b.strange = true
	for _, a := range b.apps {
		a.scan, a.complete, a.horizon = true, false, duePlace{math.MinInt64, 0}
	}
	b.news()
}

// disown forgets a partition. What is busy in it stays until it is settled.
func (b *book) disown(partition int16) {
	b.idle(partition)
	delete(b.owned, partition)
	for key := range b.read {
		if key.partition == partition {
			delete(b.read, key)
		}
	}
}

// idle takes all lanes of a partition out of the heaps, and returns how many are busy.
func (b *book) idle(partition int16) (busy int) {
	for key, l := range b.lanes {
		switch {
		case key.partition != partition:
		case l.state == laneBusy:
			busy++
		default:
			b.forget(l)
		}
	}
	return busy
}

// forget takes a lane out of memory.
func (b *book) forget(l *lane) {
	b.unqueue(l)
	delete(b.lanes, l.laneKey)
}

func (b *book) unqueue(l *lane) {
	a := b.app(l.app)
	switch l.state {
	case laneReady:
		heap.Remove(&a.ready, l.at)
	case laneLater:
		heap.Remove(&a.later, l.at)
	case laneBusy:
		a.busy--
	}
}

// hint says that a lane may have something that is due at a time. It returns false when there is no room for it.
func (b *book) hint(key laneKey, due, order int64, session bool) bool {
	if leaving, owned := b.owned[key.partition]; leaving || !owned {
		return true // another host's, now or soon
	}
	if l := b.lanes[key]; l != nil {
		l.more = true
		if l.state == laneLater && session && due < l.due {
			b.queue(l, due) // it goes before a head that waits for it
		}
		return true
	}
	a := b.app(key.app)
	if len(a.ready)+a.busy >= b.window {
		return false
	}
	b.queue(b.add(key, order), due)
	return true
}

// add makes a lane known. It is busy until it is queued.
func (b *book) add(key laneKey, order int64) *lane {
	l := &lane{laneKey: key, state: laneBusy, order: order, more: true}
	b.app(key.app).busy++
	b.lanes[key] = l
	return l
}

// queue makes a lane ready at a time.
func (b *book) queue(l *lane, due int64) {
	b.unqueue(l)
	l.due, l.state = due, laneReady
	heap.Push(&b.app(l.app).ready, l)
	b.news()
}

// wait keeps a lane until a later time, which is in the index of what is due.
func (b *book) wait(l *lane, due int64) {
	a := b.app(l.app)
	if !a.complete && due > a.horizon.due {
		b.forget(l) // the index brings it back
		return
	}
	b.unqueue(l)
	l.due, l.state = due, laneLater
	heap.Push(&a.later, l)
	if len(a.later) > b.window {
		b.shorten(a)
	}
	b.news()
}

// shorten forgets what waits longest.
func (b *book) shorten(a *appLanes) {
	slices.SortFunc(a.later, func(x, y *lane) int { return compare(x.due, y.due) })
	keep := len(a.later) / 2
	for _, l := range a.later[keep:] {
		delete(b.lanes, l.laneKey)
	}
	clear(a.later[keep:])
	a.later = a.later[:keep]
	for i, l := range a.later {
		l.at = i
	}
	a.complete, a.horizon = false, duePlace{a.later[keep-1].due - 1, math.MaxInt64}
}

func compare(a, b int64) int {
	switch {
	case a < b:
		return -1
	case a > b:
		return 1
	default:
		return 0
	}
}

// take takes lanes that are ready, at most limit; apps take turns. They are busy then, and each counts as a lease of its app.
func (b *book) take(now int64, limit int) (due []*lane) {
	for _, a := range b.apps {
		for len(a.later) > 0 && a.later[0].due <= now {
			b.queue(a.later[0], a.later[0].due)
		}
	}
	for len(due) < limit {
		turn := slices.IndexFunc(b.turns, func(id int32) bool {
			a := b.apps[id]
			return len(a.ready) > 0 && a.ready[0].due <= now && a.room()
		})
		if turn < 0 {
			break
		}
		id := b.turns[turn]
		b.turns = append(slices.Delete(b.turns, turn, turn+1), id)
		a := b.apps[id]
		l, _ := heap.Pop(&a.ready).(*lane)
		l.state = laneBusy
		a.busy++
		if until, rests := b.resting[l.mark()]; rests && until > now {
			b.unqueue(l)
			l.due, l.state = until, laneLater
			heap.Push(&a.later, l)
			continue
		}
		l.more = false
		a.held++
		due = append(due, l)
	}
	return due
}

// next returns when take may find more: noTime for not by time alone.
func (b *book) next() int64 {
	next := int64(math.MaxInt64)
	for _, a := range b.apps {
		if !a.room() {
			continue
		}
		if len(a.ready) > 0 {
			next = min(next, a.ready[0].due)
		}
		if len(a.later) > 0 {
			next = min(next, a.later[0].due)
		}
		if !a.complete {
			next = min(next, a.horizon.due)
		}
	}
	if next == math.MaxInt64 {
		return noTime
	}
	return next
}
