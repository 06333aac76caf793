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
func (l *life) appLocked(name string) *app {
	if a := l.apps[name]; a != nil {
		return a
	}
	a := &app{name: strings.Clone(name), limit: -1}
	l.apps[a.name] = a
	l.turns = append(l.turns, a)
	a.window = newWindow(l.windowSizeLocked())
	a.window.end = everything()
	return a
}

func (l *life) windowSizeLocked() int {
	return min(max(windowTotal/len(l.apps), windowLeast), windowMost)
}

// addLocked puts a lane into the window of its app.
func (l *life) addLocked(e entry) {
	a := l.appLocked(format.AppOfLane(e.lane))
	a.window.size = l.windowSizeLocked()
	a.window.add(e)
}

// loadApps finds the apps that have something in the index, with a step for each.
func (l *life) loadApps() error {
	it, err := l.db.NewIter(allOf(format.Due))
	if err != nil {
		return fmt.Errorf("read apps: %w", err)
	}
	defer it.Close() //nolint:errcheck // Error below has told
	l.mu.Lock()
	defer l.mu.Unlock()
	for valid := it.First(); valid; {
		name, _, err := format.CutDueKey(it.Key())
		if err != nil {
			return err
		}
		next := format.After(format.DueAppKey(nil, string(name)))
		l.appLocked(string(name)).window.end = format.Place{}
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
	if s.life != nil {
		s.life.limit(name, leases)
	}
}

// limit bounds the leases of an app.
func (l *life) limit(name string, leases int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.appLocked(name).limit = leases
	l.tellDueLocked()
}

// tellDueLocked wakes who waits for something to lease.
func (l *life) tellDueLocked() {
	if l.dueNews != nil {
		close(l.dueNews)
		l.dueNews = nil
	}
}

// busy says why a lane cannot be leased.
type busy struct {
	leased bool
	number uint64 // of the package that is leased
	pins   int    // groups on their way to the disk that change the lane
}

// take takes what is due out of the windows, from the apps in turns, and marks its lanes as leased. When nothing is, it
// returns what to do: to fill the window of an app, or to wait for news or the next due time (0: there is none).
func (l *life) take(limit int) (entries []entry, next int64, news <-chan struct{}, fill *app) {
	l.mu.Lock()
	defer l.mu.Unlock()
	now := l.clock.now()
	for {
		var ready []*app
		ready, next, fill = l.readyLocked(now)
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
			e, ok := l.takeOneLocked(a, now)
			if !ok {
				spent = append(spent, a)
				continue
			}
			entries = append(entries, e)
			ready = append(ready, a)
		}
		l.turns = append(append(l.turns, ready...), spent...)
		if len(entries) > 0 {
			return entries, 0, nil, nil
		}
	}
	if l.dueNews == nil {
		l.dueNews = make(chan struct{})
	}
	return nil, next, l.dueNews, nil
}

// readyLocked takes the apps that have something due and room for it out of turns, in their order, and forgets those
// that are idle. next is when the first of the others has something due. fill is an app whose window must be filled to
// know; then turns stay.
func (l *life) readyLocked(now int64) (ready []*app, next int64, fill *app) {
	for _, a := range l.turns {
		if _, some := a.window.next(); !some && !a.window.complete() && a.room() > 0 {
			return nil, 0, a
		}
	}
	kept := l.turns[:0]
	for _, a := range l.turns {
		if a.idle() {
			delete(l.apps, a.name)
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
	clear(l.turns[len(kept):])
	l.turns = kept
	return ready, next, nil
}

// takeOneLocked takes the earliest lane of an app that is due and free.
func (l *life) takeOneLocked(a *app, now int64) (entry, bool) {
	for a.room() > 0 {
		e, ok := a.window.take(now)
		if !ok {
			break
		}
		if _, ok := l.busy[e.lane]; ok {
			continue // whatever it is busy with offers it anew
		}
		l.busy[e.lane] = busy{leased: true, number: e.Number}
		a.held++
		return e, true
	}
	return entry{}, false
}

// releaseLocked ends the lease of a lane.
func (l *life) releaseLocked(lane string) {
	a := l.appLocked(format.AppOfLane(lane))
	if a.held--; a.room() == 1 {
		l.tellDueLocked()
	}
}

// unpinLocked ends a change of a lane.
func (l *life) unpinLocked(lane string) {
	b := l.busy[lane]
	if b.pins--; b.pins == 0 && !b.leased {
		delete(l.busy, lane)
		return
	}
	l.busy[lane] = b
}
