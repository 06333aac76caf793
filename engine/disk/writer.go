package disk

import (
	"errors"
	"fmt"
	"time"

	"trackhook/engine/disk/internal/format"
	"trackhook/engine/disk/internal/guard"
	"trackhook/engine/disk/internal/live"
	"trackhook/engine/disk/internal/read"
	"trackhook/engine/disk/internal/setup"

	"github.com/cockroachdb/pebble/v2"
)

// writer builds the batches and hands them to Pebble. It alone decides what is written, and everything in it belongs to its
// goroutine.
type writer struct {
	database *database
	builder  *builder
	groups   chan<- *group // to the syncer
	unsynced bool          // cursors were written that no sync has covered
}

// startWriting starts the two goroutines of the group commit: the writer builds a batch from all requests that wait, and
// goes on with the next one while the syncer waits until the disk has those before. A group takes about as long to build
// as to sync, so that one after the other would leave the disk idle half of the time.
func startWriting(db *database) {
	groups := make(chan *group, groupsInFlight)
	w := &writer{database: db, builder: newBuilder(db), groups: groups}
	s := &syncer{database: db, groups: groups}
	db.goroutines.Add(2)
	go w.run()
	go s.run()
}

// newBuilder makes a builder that goes on from what is durable.
func newBuilder(db *database) *builder {
	return &builder{
		memory: db.memory, fresh: db.fresh, clock: db.clock, rot: db.rot, log: db.cfg.Log, state: db.counts(),
		lanes: newCache[string, *lane](laneCacheSize), counts: newCache[format.CountKey, *countRow](countCacheSize),
		cursors: db.memory.Cursors(), events: make(map[format.CountKey]int),
		recent: newRecent(setup.MemTables(db.cfg.memTable), db.withdrew || db.pebble.Metrics().MemTable.Count > 1),
	}
}

func (w *writer) run() {
	defer w.database.goroutines.Done()
	defer close(w.groups)
	idle := time.NewTimer(cursorDelay)
	defer idle.Stop()
	for {
		select {
		case <-w.database.inbox.wake:
			w.writeGroups(false)
			idle.Reset(cursorDelay)
		case <-idle.C:
			if w.unsynced {
				w.writeGroups(true)
			}
		case <-w.database.quit:
			w.writeGroups(true)
			return
		}
	}
}

// writeGroups builds and hands on groups until nothing waits. sync asks that cursors reach the disk too.
func (w *writer) writeGroups(sync bool) {
	for {
		w.gather()
		taken, moved, more := w.take()
		if len(taken) == 0 && len(moved) == 0 && (!sync || !w.unsynced) {
			return
		}
		w.database.inbox.begun()
		w.groups <- w.commit(taken, moved, sync)
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
	in := &w.database.inbox
	var deadline <-chan time.Time
	for {
		ready, wait := in.ready()
		if ready {
			return
		}
		if wait >= 0 && deadline == nil {
			timer := time.NewTimer(wait)
			defer timer.Stop()
			deadline = timer.C
		}
		select {
		case <-in.wake:
		case <-deadline:
			return
		case <-w.database.quit:
			return
		}
	}
}

// take takes what waits, and then the cursors that have moved: so those that moved before one of the requests was handed
// in are written with it or before.
func (w *writer) take() (taken []request, moved map[string]live.CursorMove, more bool) {
	taken, more = w.database.inbox.take()
	return taken, w.database.memory.TakeMoves(), more
}

// commit builds one group and applies it. The group comes back also when that fails: its requests must be answered.
func (w *writer) commit(taken []request, moved map[string]live.CursorMove, sync bool) *group {
	g := &group{durable: sync}
	for _, r := range taken {
		if r.state().status.CompareAndSwap(statusWaiting, statusTaken) {
			g.requests = append(g.requests, r)
		}
	}
	g.durable = g.durable || len(g.requests) > 0
	if g.err = w.database.failed(); g.err != nil {
		return g
	}
	for {
		before := w.builder.remember()
		g.err = w.buildBatch(g, moved)
		refused := refusedError{}
		if !errors.As(g.err, &refused) {
			break
		}
		w.builder.rollBack(before)
		g.leaveOut(refused)
	}
	g.changes = w.builder.changes
	if g.err != nil {
		w.database.fail(g.err)
		return g
	}
	g.err = w.apply(g)
	return g
}

// buildBatch builds a group into a new batch.
func (w *writer) buildBatch(g *group, moved map[string]live.CursorMove) error {
	db := w.database.pebble
	if len(g.requests) == 1 && g.requests[0].state().alone {
		g.batch = db.NewIndexedBatch()
		w.builder.begin(g.batch, g.batch)
	} else {
		g.batch = db.NewBatch()
		w.builder.begin(g.batch, db)
	}
	return errors.Join(w.build(g, moved), w.builder.close())
}

// build writes a group into its batch.
func (w *writer) build(g *group, moved map[string]live.CursorMove) error {
	b := w.builder
	for _, first := range []bool{true, false} {
		for _, r := range g.requests {
			if r.state().first != first {
				continue
			}
			if err := r.write(b); errors.Is(err, read.ErrDamaged) {
				return refusedError{err, r}
			} else if err != nil {
				return err
			}
		}
	}
	if err := errors.Join(b.moveCursors(moved), b.writeCounts()); err != nil {
		return err
	}
	b.changes.State = b.state
	if !g.durable || g.batch.Empty() {
		return nil
	}
	return b.writeState()
}

// apply hands the batch to Pebble. From here on it can be read, though the disk may not have it yet.
func (w *writer) apply(g *group) (err error) {
	defer func() {
		if err != nil {
			w.database.fail(err)
		}
	}()
	// Pebble panics when it finds its log broken. The guard keeps that from happening; should it happen all the same, it
	// must not take the process down.
	defer guard.Recover("commit", &err)
	db := w.database.pebble
	switch {
	case g.durable && g.batch.Empty() && w.unsynced:
		err = errors.Join(g.batch.LogData(nil, nil), db.ApplyNoSyncWait(g.batch, pebble.Sync))
	case g.batch.Empty():
		// Everything in it was known already. It still waits for the groups before it, because what is known may not be
		// durable yet.
		return nil
	case g.durable:
		err = db.ApplyNoSyncWait(g.batch, pebble.Sync)
	default:
		err = db.Apply(g.batch, pebble.NoSync)
	}
	if err != nil {
		return fmt.Errorf("commit: %w", err)
	}
	w.builder.recent.wrote(uint64(g.batch.Len())) //nolint:gosec // not negative
	w.unsynced = !g.durable
	return nil
}
