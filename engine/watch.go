package engine

import (
	"cmp"
	"context"
	"slices"
	"sync"
	"time"
)

// watchEvery is how often a watcher looks. What it looks at is cheap while nothing has changed.
const watchEvery = 5 * time.Second

// watcher looks at the queue from time to time on behalf of people: it counts what nobody else counts, says in the log
// what they should know, and keeps what [Engine.Health] tells of it. It belongs to one Run.
type watcher struct {
	cfg *Config

	mu   sync.Mutex
	held heldCount // apps is guarded by mu
	news bool      // an app came up that is not served; guarded by mu
	dead deadWatch // guarded by mu

	oldest oldestWatch
	told   map[string]time.Time // what people were told of that goes on, and when; only the watcher's goroutine touches it
}

func newWatcher(cfg *Config) *watcher {
	return &watcher{cfg: cfg, dead: deadWatch{news: map[deadKind]*deadNews{}}, told: map[string]time.Time{}}
}

// run looks until ctx ends.
func (w *watcher) run(ctx context.Context, g *governor) {
	tick := time.NewTimer(0)
	defer tick.Stop()
	for {
		w.look(ctx, g, time.Now())
		tick.Reset(UntilTick(watchEvery))
		select {
		case <-ctx.Done():
			w.tellDead(time.Now())
			return
		case <-tick.C:
		}
	}
}

func (w *watcher) look(ctx context.Context, g *governor, now time.Time) {
	w.tellDead(now)
	stats, err := w.cfg.Store.Stats(ctx)
	if err != nil {
		return // the health check says so
	}
	w.countHeld(ctx, stats, now)
	w.countDead(ctx, stats)
	w.findOldest(ctx, stats, now)
	w.remind(g, stats, now)
}

// health adds what the watcher knows.
func (w *watcher) health(h *Health) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for app, packages := range w.held.apps {
		if packages > 0 {
			h.Held = append(h.Held, HeldApp{App: app, Packages: packages})
		}
	}
	h.Dead, h.DeadRevenue, h.Oldest = w.dead.counts, w.dead.money, w.oldest.at
	slices.SortFunc(h.Held, func(a, b HeldApp) int { return cmp.Compare(a.App.String(), b.App.String()) })
}
