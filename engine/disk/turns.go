package disk

import (
	"fmt"
	"math"
	"strings"

	"trackhook/engine"
	"trackhook/engine/disk/internal/format"
)

// app is what is in memory of an app that has something queued, leased or bounded.
type app struct {
	name   string // as its lanes begin
	window window
	limit  int // of leases; negative: none
	held   int // leases
}

// room is how many more leases may be held.
func (a *app) room() int {
	if a.limit < 0 {
		return math.MaxInt
	}
	return max(a.limit-a.held, 0)
}

// idle tells whether nothing would be lost by forgetting the app.
func (a *app) idle() bool {
	return a.limit < 0 && a.held == 0 && a.window.complete() && a.window.empty()
}

// appLocked returns an app, made when it is new: nothing of it is due in the index.
func (db *database) appLocked(name string) *app {
	if a := db.apps[name]; a != nil {
		return a
	}
	a := &app{name: strings.Clone(name), limit: -1}
	db.apps[a.name] = a
	db.rotation = append(db.rotation, a)
	a.window = newWindow(db.windowSizeLocked())
	a.window.end = everything()
	return a
}

func (db *database) windowSizeLocked() int {
	return min(max(windowTotal/len(db.apps), windowLeast), windowMost)
}

// addLocked puts a lane into the window of its app.
func (db *database) addLocked(e dueLane) {
	a := db.appLocked(format.AppOfLane(e.lane))
	a.window.size = db.windowSizeLocked()
	a.window.add(e)
}

// loadApps finds the apps that have something in the index, with a step for each.
func (db *database) loadApps() error {
	it, err := db.pebble.NewIter(allOf(format.Due))
	if err != nil {
		return fmt.Errorf("read apps: %w", err)
	}
	defer it.Close() //nolint:errcheck // Error below has told
	db.mu.Lock()
	defer db.mu.Unlock()
	for valid := it.First(); valid; {
		name, _, err := format.CutDueKey(it.Key())
		if err != nil {
			return err
		}
		next := format.After(format.DueAppKey(nil, string(name)))
		db.appLocked(string(name)).window.end = format.Place{}
		valid = it.SeekGE(next)
	}
	if err := it.Error(); err != nil {
		return fmt.Errorf("read apps: %w", err)
	}
	return nil
}

// Limit implements [engine.Queue].
func (s *Store) Limit(bounded engine.App, leases int) {
	name := format.AppName(bounded)
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return
	}
	if leases < 0 {
		delete(s.limits, name)
	} else {
		s.limits[name] = leases
	}
	if s.database != nil {
		s.database.limit(name, leases)
	}
}

// limit bounds the leases of an app.
func (db *database) limit(name string, leases int) {
	db.mu.Lock()
	defer db.mu.Unlock()
	db.appLocked(name).limit = leases
	db.tellDueLocked()
}

// tellDueLocked wakes who waits for something to lease.
func (db *database) tellDueLocked() {
	if db.dueNews != nil {
		close(db.dueNews)
		db.dueNews = nil
	}
}

// laneClaim says why a lane cannot be leased.
type laneClaim struct {
	leased bool
	number uint64 // of the package that is leased
	groups int    // groups on their way to the disk that change the lane
}

// takeDue takes what is due out of the windows, from one app after the other, and marks its lanes as leased. When nothing is, it
// returns what to do: to fill the window of an app, or to wait for news or the next due time (0: there is none).
func (db *database) takeDue(limit int) (entries []dueLane, next int64, news <-chan struct{}, fill *app) {
	db.mu.Lock()
	defer db.mu.Unlock()
	now := db.clock.now()
	for {
		var ready []*app
		ready, next, fill = db.readyLocked(now)
		if fill != nil {
			return nil, 0, nil, fill
		}
		if len(ready) == 0 {
			break
		}
		// An app that was served goes behind those that were not, and one that has no more is served for this time.
		var spent []*app
		for len(ready) > 0 && len(entries) < limit {
			a := ready[0]
			ready = ready[1:]
			e, ok := db.takeOneLocked(a, now)
			if !ok {
				spent = append(spent, a)
				continue
			}
			entries = append(entries, e)
			ready = append(ready, a)
		}
		db.rotation = append(append(db.rotation, ready...), spent...)
		if len(entries) > 0 {
			return entries, 0, nil, nil
		}
	}
	if db.dueNews == nil {
		db.dueNews = make(chan struct{})
	}
	return nil, next, db.dueNews, nil
}

// readyLocked takes the apps that have something due and room for it out of the rotation, in their order, and forgets those
// that are idle. next is when the first of the others has something due. fill is an app whose window must be filled to
// know; then the rotation stays.
func (db *database) readyLocked(now int64) (ready []*app, next int64, fill *app) {
	for _, a := range db.rotation {
		if _, some := a.window.next(); !some && !a.window.complete() && a.room() > 0 {
			return nil, 0, a
		}
	}
	kept := db.rotation[:0]
	for _, a := range db.rotation {
		if a.idle() {
			delete(db.apps, a.name)
			continue
		}
		at, some := a.window.next()
		if some && at.Due <= now && a.room() > 0 {
			ready = append(ready, a)
			continue
		}
		kept = append(kept, a)
		if some && a.room() > 0 && (next == 0 || at.Due < next) {
			next = at.Due
		}
	}
	clear(db.rotation[len(kept):])
	db.rotation = kept
	return ready, next, nil
}

// takeOneLocked takes the earliest lane of an app that is due and free.
func (db *database) takeOneLocked(a *app, now int64) (dueLane, bool) {
	for a.room() > 0 {
		e, ok := a.window.take(now)
		if !ok {
			break
		}
		if _, ok := db.claims[e.lane]; ok {
			continue // whatever it is busy with offers it anew
		}
		db.claims[e.lane] = laneClaim{leased: true, number: e.Number}
		a.held++
		return e, true
	}
	return dueLane{}, false
}

// releaseLocked ends the lease of a lane.
func (db *database) releaseLocked(lane string) {
	a := db.appLocked(format.AppOfLane(lane))
	if a.held--; a.room() == 1 {
		db.tellDueLocked()
	}
}

// unclaimLocked ends a change of a lane.
func (db *database) unclaimLocked(lane string) {
	b := db.claims[lane]
	if b.groups--; b.groups == 0 && !b.leased {
		delete(db.claims, lane)
		return
	}
	db.claims[lane] = b
}
