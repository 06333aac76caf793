package disk

import (
	"context"
	"errors"
	"fmt"
	"sync/atomic"
	"time"

	"trackhook/engine/disk/internal/guard"

	"trackhook/engine/disk/internal/format"

	"github.com/cockroachdb/pebble/v2"
)

const (
	// groupsInFlight is how many groups may wait for the disk while the next one is built.
	groupsInFlight = 2
	// groupBytes is where a group is full. A single larger request is still one group.
	groupBytes = 2 << 20
	// aheadBytes is how much must wait to be built while the group before is on its way to the disk.
	aheadBytes = 64 << 10
	// A group waits for more requests for at most a part of the time that an fsync takes, and for mostPatience.
	waitShare = 2
	maxWait   = time.Millisecond
	// cursorDelay is how long a cursor that moved may stay unsynced when nothing else is written.
	cursorDelay = 100 * time.Millisecond
)

// request is a call that waits for the disk. One of its parts is set, or none: then it waits for what was before it.
type request struct {
	packages    []encodedPackage
	settlements []encodedSettlement
	values      *valuesRequest
	enroll      *enrollRequest
	unenroll    *forgetRequest
	trim        *trimRequest
	edit        *editRequest
	offer       string // a lane to offer anew
	forget      uint32 // the first day whose counts are kept

	size   int // bytes of it, about
	status atomic.Int32
	done   chan error // cap 1
}

// A request is taken by the writer or withdrawn by its caller, whichever comes first.
const (
	statusWaiting int32 = iota
	statusTaken
	statusWithdrawn
)

// group is what is committed with one fsync.
type group struct {
	batch    *pebble.Batch
	requests []*request
	durable  bool // somebody waits for the disk
	err      error

	// What becomes true when it is durable.
	state     format.State
	released  []uint64 // handles
	claimed   []groupClaim
	offered   []dueLane // lanes that can be leased, each once; an entry without a lane is none
	enrolled  map[string]format.Cursor
	forgotten []string // listeners that were forgotten, before those that were enrolled
}

// pin is a lane that was free when its group began to change it: nobody leases it until the group is durable.
type groupClaim struct {
	lane   string
	number uint64 // the package that was next
}

// start starts the two goroutines of the group commit: the writer builds a batch from all requests that wait, and goes
// on with the next one while the syncer waits until the disk has those before. A group takes about as long to build as
// to sync, so that one after the other would leave the disk idle half of the time.
func (db *database) start() {
	w := newWriter(db)
	for name, p := range db.listeners {
		w.cursors[name] = p.Cursor
	}
	db.goroutines.Add(2)
	go w.run()
	go db.sync()
}

func newWriter(db *database) *writer {
	return &writer{
		database: db, state: db.durable, lanes: newCache[string, *lane](laneCacheSize),
		counts: newCache[format.CountKey, *countRow](countCacheSize), cursors: make(map[string]format.Cursor),
	}
}

// submitLater hands a request to the writer that nobody waits for.
func (db *database) submitLater(r *request) {
	r.done = make(chan error, 1)
	db.mu.Lock()
	db.requests = append(db.requests, r)
	db.waitingBytes += r.size
	db.mu.Unlock()
	db.wakeWriter()
}

// submit hands a request to the writer and waits for the answer. When ctx ends before the writer has taken it, it is
// withdrawn; later its outcome is waited for, so that an error always means that nothing was stored.
func (db *database) submit(ctx context.Context, r *request) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	db.submitLater(r)
	select {
	case err := <-r.done:
		return err
	case <-ctx.Done():
		if r.status.CompareAndSwap(statusWaiting, statusWithdrawn) {
			return ctx.Err()
		}
		return <-r.done
	}
}

func (db *database) wakeWriter() {
	select {
	case db.wake <- struct{}{}:
	default:
	}
}

// writer builds the batches. It alone decides what is written, and everything in it belongs to its goroutine.
type writer struct {
	*database
	state       format.State // after all groups so far, durable or not
	lanes       cache[string, *lane]
	counts      cache[format.CountKey, *countRow]
	cursors     map[string]format.Cursor
	groupNumber uint64 // groups so far

	key, value []byte // space to build keys and values in
	unsynced   bool   // cursors were written that no sync has covered
}

func (w *writer) run() {
	defer w.goroutines.Done()
	defer close(w.groups)
	idle := time.NewTimer(cursorDelay)
	defer idle.Stop()
	for {
		select {
		case <-w.wake:
			w.writeGroups(false)
			idle.Reset(cursorDelay)
		case <-idle.C:
			if w.unsynced {
				w.writeGroups(true)
			}
		case <-w.quit:
			w.writeGroups(true)
			return
		}
	}
}

// writeGroups builds and hands on groups until nothing waits. sync asks that cursors reach the disk too.
func (w *writer) writeGroups(sync bool) {
	for {
		w.gather()
		requests, moved, more := w.collect(sync)
		if len(requests) == 0 && len(moved) == 0 && (!sync || !w.unsynced) {
			return
		}
		w.groups <- w.commit(requests, moved, sync)
		if !more {
			return
		}
	}
}

// gather waits until it is time for a group.
//
// An fsync costs about the same for one package as for a hundred, and the producers that it answers come back together,
// a little later. Were the next one to start at once, it would have the first of them only, and the others would wait
// for the one after: half of all fsyncs would be nearly empty. So a group waits until the one before is durable and as
// many requests are there as were waiting then, but for no longer than a part of what an fsync takes. A producer alone
// never waits, and one that stays away costs that once. When much has come in, it is built while the group before is on
// its way.
func (w *writer) gather() {
	var patience <-chan time.Time
	for {
		w.mu.Lock()
		waiting, inFlight, crowd, fsync := len(w.requests), w.inFlight, w.expected, w.fsync
		ahead := inFlight > 0 && w.waitingBytes >= aheadBytes
		w.mu.Unlock()
		switch {
		case waiting == 0, ahead, inFlight == 0 && waiting >= crowd:
			return
		case inFlight == 0 && patience == nil:
			timer := time.NewTimer(min(fsync/waitShare, maxWait))
			defer timer.Stop()
			patience = timer.C
		}
		select {
		case <-w.wake:
		case <-patience:
			return
		case <-w.quit:
			return
		}
	}
}

// collect takes what waits, up to the size of a group.
func (w *writer) collect(sync bool) (requests []*request, moved map[string]cursorMove, more bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	size, n := 0, 0
	for n < len(w.requests) && (n == 0 || size+w.requests[n].size <= groupBytes && w.requests[n].edit == nil) {
		size += w.requests[n].size
		n++
		if w.requests[0].edit != nil {
			break // it is a group of its own
		}
	}
	w.waitingBytes -= size
	if n == len(w.requests) {
		requests, w.requests = w.requests, nil
	} else {
		requests, w.requests, more = w.requests[:n:n], w.requests[n:], true
	}
	if n > 0 || len(w.moved) > 0 || sync && w.unsynced {
		w.inFlight++
	}
	if len(w.moved) > 0 {
		moved = make(map[string]cursorMove, len(w.moved))
		for name := range w.moved {
			p := w.database.listeners[name]
			moved[name] = cursorMove{Cursor: p.Cursor, finished: p.finished, failures: p.failures}
			p.finished, p.failures = nil, nil
		}
		clear(w.moved)
	}
	return requests, moved, more
}

// commit builds one group and applies it. The group comes back also when that fails: its requests must be answered.
func (w *writer) commit(requests []*request, moved map[string]cursorMove, sync bool) *group {
	g := &group{durable: sync}
	for _, r := range requests {
		if r.status.CompareAndSwap(statusWaiting, statusTaken) {
			g.requests = append(g.requests, r)
		}
	}
	g.durable = g.durable || len(g.requests) > 0
	if g.err = w.failed(); g.err != nil {
		return g
	}
	if len(g.requests) == 1 && g.requests[0].edit != nil {
		g.batch = w.pebble.NewIndexedBatch()
	} else {
		g.batch = w.pebble.NewBatch()
	}
	if g.err = w.build(g, moved); g.err != nil {
		w.fail(g.err)
		return g
	}
	g.err = w.apply(g)
	return g
}

func (w *writer) build(g *group, moved map[string]cursorMove) error {
	now := w.clock.now()
	w.groupNumber++
	w.lanes.age()
	w.counts.age()
	b := builder{writer: w, group: g, now: now, reader: w.pebble}
	// Settlements come first: they look at what is behind the heads of lanes in the database, and so must not miss what
	// this group adds.
	for _, r := range g.requests {
		if err := b.settle(r.settlements); err != nil {
			return errors.Join(err, b.close())
		}
	}
	for _, r := range g.requests {
		if err := b.request(r); err != nil {
			return errors.Join(err, b.close())
		}
	}
	if err := errors.Join(b.moveCursors(moved), b.writeCounts(), b.close()); err != nil {
		return err
	}
	if g.durable && !g.batch.Empty() {
		w.state.Clock = now
		w.value = format.AppendState(w.value[:0], &w.state)
		if err := g.batch.Set(format.StateKey(w.key), w.value, nil); err != nil {
			return fmt.Errorf("write state: %w", err)
		}
	}
	g.state = w.state
	return nil
}

// apply hands the batch to Pebble. From here on it can be read, though the disk may not have it yet.
func (w *writer) apply(g *group) (err error) {
	// Pebble panics when it finds its log broken. guard keeps that from happening; should it happen all the same, it
	// must not take the process down.
	defer func() {
		if err != nil {
			w.fail(err)
		}
	}()
	defer guard.Recover("commit", &err)
	switch {
	case g.durable && g.batch.Empty() && w.unsynced:
		err = errors.Join(g.batch.LogData(nil, nil), w.pebble.ApplyNoSyncWait(g.batch, pebble.Sync))
	case g.batch.Empty():
		// Everything in it was known already. It still waits for its turn, because what is known may not be durable yet.
		return nil
	case g.durable:
		err = w.pebble.ApplyNoSyncWait(g.batch, pebble.Sync)
	default:
		err = w.pebble.Apply(g.batch, pebble.NoSync)
	}
	if err != nil {
		return fmt.Errorf("commit: %w", err)
	}
	w.unsynced = !g.durable
	return nil
}
