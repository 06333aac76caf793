package engine

import (
	"context"
	"errors"
	"time"
)

const (
	// A long queue is looked through in parts, one each oldestEvery, so that it costs little.
	oldestPart  = 2000
	oldestEvery = time.Minute
)

// oldestWatch looks for the package that has waited longest. at is guarded by the watcher's lock; the rest belongs to the
// watcher's goroutine.
type oldestWatch struct {
	at    time.Time // when it was accepted. Zero: none is known
	id    string
	page  string // where to go on
	next  time.Time
	best  time.Time // of what this round has seen
	bests string
}

// findOldest looks at the next part of the queue. In a queue that is longer than one part the answer may be late by as
// many minutes as it has parts.
func (w *watcher) findOldest(ctx context.Context, stats Stats, now time.Time) {
	o := &w.oldest
	if stats.Queued == 0 {
		o.page, o.best, o.next = "", time.Time{}, time.Time{}
		w.setOldest(time.Time{}, "")
		return
	}
	if now.Before(o.next) {
		return
	}
	if stats.Queued > settleBatch {
		o.next = now.Add(oldestEvery)
	}
	if o.id != "" {
		if state, err := w.cfg.Store.Package(ctx, o.id); errors.Is(err, ErrNotFound) || err == nil && state.Status != Queued {
			w.setOldest(time.Time{}, "")
		}
	}
	for looked := 0; looked < oldestPart; looked += settleBatch {
		rows, next, err := w.cfg.Store.Packages(ctx, Filter{State: Queued}, o.page, settleBatch)
		if err != nil {
			o.page = ""
			return
		}
		for i := range rows {
			if o.best.IsZero() || rows[i].Accepted.Before(o.best) {
				o.best, o.bests = rows[i].Accepted, rows[i].Package.ID
			}
		}
		if o.page = next; next == "" {
			w.setOldest(o.best, o.bests)
			o.best = time.Time{}
			return
		}
	}
	if o.at.IsZero() || o.best.Before(o.at) {
		w.setOldest(o.best, o.bests)
	}
}

func (w *watcher) setOldest(at time.Time, id string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.oldest.at, w.oldest.id = at, id
}

// oldestAge says how long the oldest package has waited.
func (w *watcher) oldestAge(now time.Time) string {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.oldest.at.IsZero() {
		return "unknown"
	}
	return now.Sub(w.oldest.at).Round(time.Second).String()
}
