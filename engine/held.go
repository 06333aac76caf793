package engine

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"time"
)

// HeldApp is an app that this host does not send, and the packages of it in the queue.
type HeldApp struct {
	App      App
	Packages uint64
}

func (h *HeldApp) reason() string {
	return fmt.Sprintf("%s of %s, which is not configured: held, and sent nowhere. Configure the app, or `trackhook queue drop --held` "+
		"or `trackhook queue adopt` them", counted(h.Packages, "package"), h.App)
}

// counted is a number of things, such as 1 package or 2 packages.
func counted(n uint64, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}

// Serves tells whether packages of an app are sent; see Config.Serves.
func (e *Engine) Serves(app App) bool { return e.cfg.serves(app) }

func (c *Config) serves(app App) bool { return c.Serves == nil || c.Serves(app) }

// Adopt makes queued packages of apps that are not served packages of another app, which is, and returns how many of ids
// it moved. Others are skipped. Each goes to the end of its device's lane, with all that it was but a new ID, which follows
// from the old one, so that a call that was cut short can be repeated; the old one is dropped.
func (e *Engine) Adopt(ctx context.Context, to App, ids ...string) (adopted int, err error) {
	if !e.cfg.serves(to) {
		return 0, &RefusedError{Message: "App not configured", Field: "app_token", Detail: "packages cannot go to " + to.String() + ", which is not configured"}
	}
	for _, id := range ids {
		state, err := e.cfg.Store.Package(ctx, id)
		if errors.Is(err, ErrNotFound) || err == nil && (state.Status != Queued || e.cfg.serves(state.Package.App)) {
			continue
		}
		if err != nil {
			return adopted, fmt.Errorf("adopt: %w", err)
		}
		p := state.Package.Clone()
		p.ID, p.App = DerivedID("adopted", id, to.Token, string(to.Environment)), to
		if err := e.cfg.Store.Append(ctx, p); err != nil {
			return adopted, fmt.Errorf("adopt: %w", err)
		}
		dropped, err := e.dropHeld(ctx, id)
		if err != nil {
			return adopted, fmt.Errorf("adopt: %w", err)
		}
		adopted += dropped
	}
	return adopted, nil
}

// dropHeld drops a package that is held. The first of a lane may be leased, to find out that it is held: it is returned at once.
func (e *Engine) dropHeld(ctx context.Context, id string) (dropped int, err error) {
	const pause, tries = 20 * time.Millisecond, 100
	for range tries {
		if dropped, err = e.cfg.Store.Drop(ctx, id); err != nil || dropped > 0 {
			return dropped, err
		}
		state, err := e.cfg.Store.Package(ctx, id)
		if err != nil || state.Status != Queued {
			return 0, nil //nolint:nilerr // somebody else has dropped it, or the next call says what is wrong
		}
		again := time.NewTimer(pause)
		select {
		case <-again.C:
		case <-ctx.Done():
			again.Stop()
			return 0, ctx.Err()
		}
	}
	return 0, nil
}

// heldCount counts what is held. Only the watcher's goroutine writes it, under the watcher's lock.
type heldCount struct {
	apps   map[App]uint64
	begun  bool
	queued uint64    // the size of the queue when it was counted
	next   time.Time // not before
}

// A count is made again after so many times the time that the last one took, so that a long queue costs little.
const heldRest = 20

// countHeld counts the packages of apps that are not served: at the start by a look at all lanes, and then at those of
// the apps that are known, when the queue has changed.
func (w *watcher) countHeld(ctx context.Context, stats Stats, now time.Time) {
	h := &w.held
	if w.cfg.Serves == nil || h.begun && (now.Before(h.next) || h.queued == stats.Queued && !w.isNews()) {
		return
	}
	counts := map[App]uint64{}
	var err error
	if !h.begun {
		err = w.countLanes(ctx, Filter{}, counts)
	}
	for app := range w.heldApps() {
		if h.begun && err == nil {
			err = w.countLanes(ctx, Filter{AppToken: app.Token, Environment: app.Environment}, counts)
		}
	}
	h.next = time.Now().Add(heldRest * time.Since(now))
	if err != nil {
		if ctx.Err() == nil {
			w.cfg.Log.Warn().Err(err).Msg("cannot count the packages of apps that are not configured; they are held all the same")
		}
		return
	}
	h.begun, h.queued = true, stats.Queued
	w.setHeld(counts)
}

// countLanes adds up the packages of apps that are not served.
func (w *watcher) countLanes(ctx context.Context, filter Filter, into map[App]uint64) error {
	for page := ""; ; {
		lanes, next, err := w.cfg.Store.Lanes(ctx, filter, page, leaseBatch)
		if err != nil {
			return err
		}
		for i := range lanes {
			if app := lanes[i].Lane.App; !w.cfg.serves(app) {
				into[app] += lanes[i].Queued
			}
		}
		if page = next; page == "" {
			return nil
		}
	}
}

// setHeld keeps a count, and tells people of apps that are new.
func (w *watcher) setHeld(counts map[App]uint64) {
	w.mu.Lock()
	before := w.held.apps
	w.held.apps = counts
	w.mu.Unlock()
	for app, packages := range counts {
		if before[app] == 0 {
			w.cfg.Log.Warn().Stringer("app", app).Uint64("packages", packages).
				Msg("these packages are of an app that is not configured; they are held and sent nowhere. Configure the app, or see " +
					"`trackhook queue list --app-token " + app.Token + "`, and drop them (`queue drop --held`) or give them to another app (`queue adopt`)")
		}
	}
	for app, packages := range before {
		if packages > 0 && counts[app] == 0 {
			w.cfg.Log.Info().Stringer("app", app).Msg("no packages of this app, which is not configured, are held any more")
		}
	}
}

// hold takes note of an app that is not served, of which a package came up.
func (w *watcher) hold(app App) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if _, known := w.held.apps[app]; known {
		return
	}
	next := maps.Clone(w.held.apps)
	if next == nil {
		next = map[App]uint64{}
	}
	next[app] = 0 // until it is counted
	w.held.apps, w.news = next, true
}

// isNews tells, once, whether an app came up that is to be counted.
func (w *watcher) isNews() bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	news := w.news
	w.news = false
	return news
}

func (w *watcher) heldApps() map[App]uint64 {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.held.apps
}
