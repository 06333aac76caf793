package memory

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"time"

	"trackhook/engine"
)

// app returns the queue of an app, made when it is new.
func (s *Store) app(app engine.App) *appQueue {
	a := s.apps[app]
	if a == nil {
		a = &appQueue{lanes: map[engine.Lane][]*storedPackage{}, limit: -1}
		s.apps[app] = a
		s.turns = append(s.turns, app)
	}
	return a
}

// Append implements [engine.Queue].
func (s *Store) Append(ctx context.Context, packages ...engine.Package) error {
	if err := s.lock(ctx); err != nil {
		return err
	}
	defer s.unlock()
	now := time.Now()
	for i := range packages {
		p := &packages[i]
		if s.packages[p.ID] != nil {
			continue
		}
		added := &storedPackage{PackageState: engine.PackageState{Package: p.Clone(), Accepted: now}}
		s.packages[p.ID] = added
		s.countEvent(p)
		s.enqueue(added, now)
	}
	return nil
}

// enqueue puts a package at the end of its lane, as if there had been no attempt.
func (s *Store) enqueue(p *storedPackage, now time.Time) {
	s.queued++
	p.Status, p.due, p.wait, p.order = engine.Queued, now, false, s.queued
	p.Attempts, p.Failures, p.Last, p.Message, p.Ended = 0, 0, 0, "", time.Time{}
	lanes := s.app(p.Package.App).lanes
	lanes[p.Package.Lane()] = append(lanes[p.Package.Lane()], p)
}

// leave takes a package out of its lane.
func (s *Store) leave(p *storedPackage, now time.Time) {
	lanes, key := s.app(p.Package.App).lanes, p.Package.Lane()
	lane := slices.DeleteFunc(lanes[key], func(other *storedPackage) bool { return other == p })
	if len(lane) == 0 {
		delete(lanes, key)
		return
	}
	lanes[key] = lane
	// The next has waited for this one long enough.
	if head := lane[0]; head.due.Before(now) {
		head.due = now
	}
}

// next returns the package of a lane that is sent next: the head, or the first session, when the head waits for one.
func next(lane []*storedPackage) *storedPackage {
	if lane[0].wait {
		for _, p := range lane {
			if p.Package.Kind == engine.KindSession {
				return p
			}
		}
	}
	return lane[0]
}

// Limit implements [engine.Queue].
func (s *Store) Limit(app engine.App, leases int) {
	s.mu.Lock()
	s.app(app).limit = leases
	s.unlock()
}

// Hasten implements [engine.Queue].
func (s *Store) Hasten(ctx context.Context, app engine.App, limit int) (hastened int, err error) {
	if err := s.lock(ctx); err != nil {
		return 0, err
	}
	defer s.unlock()
	now := time.Now()
	var later []*storedPackage
	for _, lane := range s.app(app).lanes {
		p, leased := next(lane), slices.ContainsFunc(lane, func(p *storedPackage) bool { return p.lease != 0 })
		if !leased && !p.wait && p.due.After(now) {
			later = append(later, p)
		}
	}
	slices.SortFunc(later, (*storedPackage).compareDue)
	later = later[:min(limit, len(later))]
	for _, p := range later {
		p.due = now
	}
	return len(later), nil
}

// HastenLane implements [engine.Queue].
func (s *Store) HastenLane(ctx context.Context, lane engine.Lane) (hastened bool, err error) {
	if err := s.lock(ctx); err != nil {
		return false, err
	}
	defer s.unlock()
	now, queue := time.Now(), s.app(lane.App).lanes[lane]
	if len(queue) == 0 || slices.ContainsFunc(queue, func(p *storedPackage) bool { return p.lease != 0 }) {
		return false, nil
	}
	p := next(queue)
	if !p.due.After(now) {
		return false, nil
	}
	p.due = now
	return true, nil
}

// Lease implements [engine.Queue].
func (s *Store) Lease(ctx context.Context, limit int) ([]engine.Lease, error) {
	return s.leaseOwned(ctx, limit, func(engine.Lane) bool { return true }, func(engine.Lease) {})
}

// leaseOwned leases of lanes that owns says yes to, and tells taken of each lease. Both are called with the lock held.
func (s *Store) leaseOwned(ctx context.Context, limit int, owns func(engine.Lane) bool, taken func(engine.Lease)) ([]engine.Lease, error) {
	var leases []engine.Lease
	err := s.wait(ctx, func() (bool, time.Time) {
		due, again := s.due(time.Now(), owns)
		for len(leases) < limit && len(due) > 0 {
			// The app whose turn it was longest ago goes to the back.
			turn := slices.IndexFunc(s.turns, func(app engine.App) bool { return len(due[app]) > 0 })
			app := s.turns[turn]
			s.turns = append(slices.Delete(s.turns, turn, turn+1), app)
			lease := s.lease(due[app][0])
			taken(lease)
			leases = append(leases, lease)
			if due[app] = due[app][1:]; len(due[app]) == 0 {
				delete(due, app)
			}
		}
		return len(leases) > 0, again
	})
	return leases, err
}

// due returns what may be leased now, by app and earliest first, or when the next one may.
func (s *Store) due(now time.Time, owns func(engine.Lane) bool) (due map[engine.App][]*storedPackage, again time.Time) {
	due = map[engine.App][]*storedPackage{}
	for name, app := range s.apps {
		if app.limit >= 0 && app.held >= app.limit {
			continue
		}
		var ready []*storedPackage
		for key, lane := range app.lanes {
			if !owns(key) || slices.ContainsFunc(lane, func(p *storedPackage) bool { return p.lease != 0 }) {
				continue
			}
			switch p := next(lane); {
			case !p.due.After(now):
				ready = append(ready, p)
			case again.IsZero() || p.due.Before(again):
				again = p.due
			}
		}
		if len(ready) == 0 {
			continue
		}
		slices.SortFunc(ready, (*storedPackage).compareDue)
		if app.limit >= 0 {
			ready = ready[:min(len(ready), app.limit-app.held)]
		}
		due[name] = ready
	}
	return due, again
}

// compareDue orders by when packages may be leased, and then by their age.
func (p *storedPackage) compareDue(other *storedPackage) int {
	return cmp.Or(p.due.Compare(other.due), cmp.Compare(p.order, other.order))
}

// lease hands out a package.
func (s *Store) lease(p *storedPackage) engine.Lease {
	s.handle++
	p.lease = s.handle
	s.leased[s.handle] = p
	s.app(p.Package.App).held++
	return engine.Lease{
		Package: p.Package, Attempts: p.Attempts, Failures: p.Failures, Last: p.Last, Accepted: p.Accepted,
		Device: s.devices[p.Package.Lane()], Handle: s.handle,
	}
}

// Settle implements [engine.Queue].
func (s *Store) Settle(ctx context.Context, settlements ...engine.Settlement) error {
	if err := s.lock(ctx); err != nil {
		return err
	}
	defer s.unlock()
	for i := range settlements {
		if v := settlements[i].Verdict; v < engine.Remove || v > engine.Return {
			return fmt.Errorf("settlement %d has the unknown verdict %d", i, v)
		}
	}
	for i := range settlements {
		s.settle(&settlements[i], time.Now())
	}
	return nil
}

// settle ends one lease, if it is held.
func (s *Store) settle(end *engine.Settlement, now time.Time) {
	p := s.leased[end.Lease.Handle]
	if p == nil {
		return
	}
	delete(s.leased, end.Lease.Handle)
	p.lease = 0
	s.app(p.Package.App).held--
	if end.Verdict != engine.Return {
		response := end.Response
		response.Seq = uint64(len(s.log) + 1)
		s.log = append(s.log, response)
		p.Attempts = max(p.Attempts, response.Attempt)
		p.Last, p.Message, p.Seq = response.Outcome, response.Message, response.Seq
	}
	switch end.Verdict {
	case engine.Requeue:
		p.Failures = end.Lease.Failures
		p.setDue(end)
	case engine.Return:
		p.setDue(end)
	case engine.Bury:
		s.buried++
		p.Status, p.Ended, p.burial = engine.Dead, now, s.buried
		s.dead = append(s.dead, p)
		s.leave(p, now)
	case engine.Remove:
		p.Status, p.Ended = engine.Done, now
		s.leave(p, now)
	}
	if end.Device != nil {
		s.devices[p.Package.Lane()] = *end.Device
		s.release(p.Package.Lane(), now)
	}
}

// setDue keeps a package in the queue until the time of its settlement. A session never waits for another.
func (p *storedPackage) setDue(end *engine.Settlement) {
	p.due, p.wait = end.Due, end.Wait && p.Package.Kind != engine.KindSession
}

// release makes a head that waits for a session due, when its device has one.
func (s *Store) release(key engine.Lane, now time.Time) {
	lane := s.app(key.App).lanes[key]
	if len(lane) > 0 && lane[0].wait && !s.devices[key].Session.IsZero() {
		lane[0].due, lane[0].wait = now, false
	}
}
