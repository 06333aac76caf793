package disk

import (
	"time"

	"trackhook/engine/disk/internal/format"
)

// sync waits for the disk, group by group, then makes known what has become true and answers.
func (l *life) sync() {
	defer l.wrote.Done()
	var took time.Duration
	for g := range l.groups {
		start := time.Now()
		err := g.err
		if g.batch != nil {
			if err == nil && g.durable && !g.batch.Empty() {
				err = g.batch.SyncWait()
			}
			if err == nil {
				// A frozen disk says that it has synced.
				err = l.guard.Failure()
			}
			if err != nil {
				l.fail(err)
			}
			// A batch that was applied cannot be closed before it is synced, and after a failure it is left to the collector.
			// Close hands it to a pool of the whole process, whose wait groups must not wander between the bubbles of
			// testing/synctest; file systems other than the system's own are those of tests.
			if err == nil && l.cfg.FS == nil {
				err = g.batch.Close()
			}
		}
		if err != nil {
			if failed := l.failed(); failed != nil {
				err = failed
			}
			l.settleFailed(g)
		} else {
			l.publish(g)
		}
		if len(g.requests) > 0 {
			took += (time.Since(start) - took) / 4
		}
		l.answered(len(g.requests), took)
		for _, r := range g.requests {
			r.done <- err
		}
	}
}

// answered notes for the next group what there was to wait for in this one.
func (l *life) answered(requests int, took time.Duration) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.inFlight--
	if requests > 0 {
		l.crowd = requests + len(l.requests)
		l.fsync = took
	}
	l.wakeWriter()
}

// publish makes known what a durable group has changed.
func (l *life) publish(g *group) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if g.batch == nil {
		return
	}
	for _, handle := range g.released {
		lane := l.leases[handle].lane
		delete(l.leases, handle)
		l.unpinLocked(lane)
		l.releaseLocked(lane)
	}
	for _, p := range g.pins {
		l.unpinLocked(p.lane)
		if a := l.apps[format.AppOfLane(p.lane)]; a != nil {
			a.window.drop(p.number)
		}
	}
	for _, e := range g.added {
		if e.lane != "" {
			l.addLocked(e)
		}
	}
	for _, name := range g.left {
		delete(l.cursors, name)
		delete(l.moved, name)
	}
	for name, c := range g.enrolled {
		if l.cursors[name] == nil {
			l.cursors[name] = &position{Cursor: c}
		}
	}
	grew := g.state.Last > l.state.Last
	l.state = g.state
	if len(g.added) > 0 {
		l.tellDueLocked()
	}
	if grew && l.logNews != nil {
		close(l.logNews)
		l.logNews = nil
	}
}

// settleFailed lets leases be settled again whose settlement did not reach the disk.
func (l *life) settleFailed(g *group) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, handle := range g.released {
		if h := l.leases[handle]; h != nil {
			h.settling = false
		}
	}
}
