package disk

import (
	"time"

	"trackhook/engine/disk/internal/format"
)

// sync waits for the disk, group by group, then makes known what has become true and answers.
func (db *database) sync() {
	defer db.goroutines.Done()
	var took time.Duration
	for g := range db.groups {
		start := time.Now()
		err := g.err
		if g.batch != nil {
			if err == nil && g.durable && !g.batch.Empty() {
				err = g.batch.SyncWait()
			}
			if err == nil {
				// A frozen disk says that it has synced.
				err = db.guard.Failure()
			}
			if err != nil {
				db.fail(err)
			}
			// A batch that was applied cannot be closed before it is synced, and after a failure it is left to the collector.
			// Close hands it to a pool of the whole process, whose wait groups must not wander between the bubbles of
			// testing/synctest; file systems other than the system's own are those of tests.
			if err == nil && db.cfg.FS == nil {
				err = g.batch.Close()
			}
		}
		if err != nil {
			if failed := db.failed(); failed != nil {
				err = failed
			}
			db.settleFailed(g)
		} else {
			db.publish(g)
		}
		if len(g.requests) > 0 {
			took += (time.Since(start) - took) / 4
		}
		db.answered(len(g.requests), took)
		for _, r := range g.requests {
			r.done <- err
		}
	}
}

// answered notes for the next group what there was to wait for in this one.
func (db *database) answered(requests int, took time.Duration) {
	db.mu.Lock()
	defer db.mu.Unlock()
	db.inFlight--
	if requests > 0 {
		db.expected = requests + len(db.requests)
		db.fsync = took
	}
	db.wakeWriter()
}

// publish makes known what a durable group has changed.
func (db *database) publish(g *group) {
	db.mu.Lock()
	defer db.mu.Unlock()
	if g.batch == nil {
		return
	}
	for _, handle := range g.released {
		lane := db.leases[handle].lane
		delete(db.leases, handle)
		db.unclaimLocked(lane)
		db.releaseLocked(lane)
	}
	for _, p := range g.claimed {
		db.unclaimLocked(p.lane)
		if a := db.apps[format.AppOfLane(p.lane)]; a != nil {
			a.window.drop(p.number)
		}
	}
	for _, e := range g.offered {
		if e.lane != "" {
			db.addLocked(e)
		}
	}
	for _, name := range g.forgotten {
		delete(db.listeners, name)
		delete(db.moved, name)
	}
	for name, c := range g.enrolled {
		if db.listeners[name] == nil {
			db.listeners[name] = &listener{Cursor: c}
		}
	}
	grew := g.state.Last > db.durable.Last
	db.durable = g.state
	if len(g.offered) > 0 {
		db.tellDueLocked()
	}
	if grew && db.logNews != nil {
		close(db.logNews)
		db.logNews = nil
	}
}

// settleFailed lets leases be settled again whose settlement did not reach the disk.
func (db *database) settleFailed(g *group) {
	db.mu.Lock()
	defer db.mu.Unlock()
	for _, handle := range g.released {
		if h := db.leases[handle]; h != nil {
			h.settling = false
		}
	}
}
