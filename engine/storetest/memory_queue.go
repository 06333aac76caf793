package storetest

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"time"

	"trackhook/engine"
)

// app returns the queue of an app, made when it is new.
func (m *Memory) app(app engine.App) *memoryApp {
	a := m.apps[app]
	if a == nil {
		a = &memoryApp{lanes: map[engine.Lane][]*memoryPackage{}, limit: -1}
		m.apps[app] = a
		m.turns = append(m.turns, app)
	}
	return a
}

// Append implements [engine.Queue].
func (m *Memory) Append(ctx context.Context, packages ...engine.Package) error {
	if err := m.lock(ctx); err != nil {
		return err
	}
	defer m.unlock()
	now := time.Now()
	for i := range packages {
		p := &packages[i]
		if m.packages[p.ID] != nil {
			continue
		}
		added := &memoryPackage{PackageState: engine.PackageState{Package: p.Clone(), Accepted: now}}
		m.packages[p.ID] = added
		m.enqueue(added, now)
	}
	return nil
}

// enqueue puts a package at the end of its lane, with nothing on record.
func (m *Memory) enqueue(p *memoryPackage, now time.Time) {
	m.queued++
	p.Status, p.due, p.wait, p.order = engine.Queued, now, false, m.queued
	p.Attempts, p.Failures, p.Last, p.Message, p.Ended = 0, 0, 0, "", time.Time{}
	lanes := m.app(p.Package.App).lanes
	lanes[p.Package.Lane()] = append(lanes[p.Package.Lane()], p)
}

// leave takes a package out of its lane.
func (m *Memory) leave(p *memoryPackage, now time.Time) {
	lanes, key := m.app(p.Package.App).lanes, p.Package.Lane()
	lane := slices.DeleteFunc(lanes[key], func(other *memoryPackage) bool { return other == p })
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
func next(lane []*memoryPackage) *memoryPackage {
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
func (m *Memory) Limit(app engine.App, leases int) {
	m.mu.Lock()
	m.app(app).limit = leases
	m.unlock()
}

// Lease implements [engine.Queue].
func (m *Memory) Lease(ctx context.Context, limit int) ([]engine.Lease, error) {
	var leases []engine.Lease
	err := m.wait(ctx, func() (bool, time.Time) {
		due, again := m.due(time.Now())
		for len(leases) < limit && len(due) > 0 {
			// The app whose turn it was longest ago goes to the back.
			turn := slices.IndexFunc(m.turns, func(app engine.App) bool { return len(due[app]) > 0 })
			app := m.turns[turn]
			m.turns = append(slices.Delete(m.turns, turn, turn+1), app)
			leases = append(leases, m.lease(due[app][0]))
			if due[app] = due[app][1:]; len(due[app]) == 0 {
				delete(due, app)
			}
		}
		return len(leases) > 0, again
	})
	return leases, err
}

// due returns what may be leased now, by app and earliest first, or when the next one may.
func (m *Memory) due(now time.Time) (due map[engine.App][]*memoryPackage, again time.Time) {
	due = map[engine.App][]*memoryPackage{}
	for name, app := range m.apps {
		if app.limit >= 0 && app.held >= app.limit {
			continue
		}
		var ready []*memoryPackage
		for _, lane := range app.lanes {
			if slices.ContainsFunc(lane, func(p *memoryPackage) bool { return p.lease != 0 }) {
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
		slices.SortFunc(ready, func(a, b *memoryPackage) int {
			return cmp.Or(a.due.Compare(b.due), cmp.Compare(a.order, b.order))
		})
		if app.limit >= 0 {
			ready = ready[:min(len(ready), app.limit-app.held)]
		}
		due[name] = ready
	}
	return due, again
}

func (m *Memory) lease(p *memoryPackage) engine.Lease {
	m.handle++
	p.lease = m.handle
	m.leased[m.handle] = p
	m.app(p.Package.App).held++
	return engine.Lease{
		Package: p.Package, Attempts: p.Attempts, Failures: p.Failures, Last: p.Last, Accepted: p.Accepted,
		Device: m.devices[p.Package.Lane()], Handle: m.handle,
	}
}

// Settle implements [engine.Queue].
func (m *Memory) Settle(ctx context.Context, settlements ...engine.Settlement) error {
	if err := m.lock(ctx); err != nil {
		return err
	}
	defer m.unlock()
	for i := range settlements {
		if v := settlements[i].Verdict; v < engine.Remove || v > engine.Return {
			return fmt.Errorf("settlement %d has the unknown verdict %d", i, v)
		}
	}
	for i := range settlements {
		m.settle(&settlements[i], time.Now())
	}
	return nil
}

func (m *Memory) settle(s *engine.Settlement, now time.Time) {
	p := m.leased[s.Lease.Handle]
	if p == nil {
		return
	}
	delete(m.leased, s.Lease.Handle)
	p.lease = 0
	m.app(p.Package.App).held--
	if s.Verdict != engine.Return {
		response := s.Response
		response.Seq = uint64(len(m.log) + 1)
		m.log = append(m.log, response)
		p.Attempts = max(p.Attempts, response.Attempt)
		p.Last, p.Message, p.Seq = response.Outcome, response.Message, response.Seq
	}
	switch s.Verdict {
	case engine.Requeue:
		p.Failures = s.Lease.Failures
		p.due, p.wait = s.Due, s.Wait
	case engine.Return:
		p.due, p.wait = s.Due, s.Wait
	case engine.Bury:
		p.Status, p.Ended = engine.Dead, now
		m.dead = append(m.dead, p)
		m.leave(p, now)
	case engine.Remove:
		p.Status, p.Ended = engine.Done, now
		m.leave(p, now)
	}
	if s.Device != nil {
		m.devices[p.Package.Lane()] = *s.Device
		m.release(p.Package.Lane(), now)
	}
}

// release makes a head that waits for a session due, when its device has one.
func (m *Memory) release(key engine.Lane, now time.Time) {
	lane := m.app(key.App).lanes[key]
	if len(lane) > 0 && lane[0].wait && !m.devices[key].Session.IsZero() {
		lane[0].due, lane[0].wait = now, false
	}
}
