package memory

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"time"

	"trackhook/engine"
)

// Packages implements [engine.Inspector].
func (s *Store) Packages(ctx context.Context, filter engine.Filter, page string, limit int) ([]engine.PackageState, string, error) {
	if err := s.lock(ctx); err != nil {
		return nil, "", err
	}
	defer s.mu.Unlock()
	var all []*storedPackage
	for _, lane := range s.lanes() {
		all = append(all, lane.packages...)
	}
	all = append(all, s.dead...)
	all = slices.DeleteFunc(all, func(p *storedPackage) bool { return !matches(&filter, &p.PackageState) })
	rows, next, err := paged(all, (*storedPackage).place, page, limit)
	states := make([]engine.PackageState, len(rows))
	for i, p := range rows {
		states[i] = s.state(p)
	}
	return states, next, err
}

// Package implements [engine.Inspector].
func (s *Store) Package(ctx context.Context, id string) (engine.PackageState, error) {
	if err := s.lock(ctx); err != nil {
		return engine.PackageState{}, err
	}
	defer s.mu.Unlock()
	p := s.packages[id]
	if p == nil {
		return engine.PackageState{}, fmt.Errorf("package %s: %w", id, engine.ErrNotFound)
	}
	return s.state(p), nil
}

// History implements [engine.Inspector].
func (s *Store) History(ctx context.Context, id string) ([]engine.Response, error) {
	if err := s.lock(ctx); err != nil {
		return nil, err
	}
	defer s.mu.Unlock()
	var all []engine.Response
	for i := range s.log {
		if s.log[i].Package.ID == id {
			all = append(all, s.log[i])
		}
	}
	return all, nil
}

// Lanes implements [engine.Inspector].
func (s *Store) Lanes(ctx context.Context, filter engine.Filter, page string, limit int) ([]engine.LaneState, string, error) {
	if err := s.lock(ctx); err != nil {
		return nil, "", err
	}
	defer s.mu.Unlock()
	filter = engine.Filter{AppToken: filter.AppToken, Environment: filter.Environment, Device: filter.Device}
	var all []engine.LaneState
	for _, lane := range s.lanes() {
		p := next(lane.packages)
		if !matches(&filter, &p.PackageState) {
			continue
		}
		all = append(all, engine.LaneState{
			Lane: lane.lane, Queued: uint64(len(lane.packages)), Head: p.Package.ID, Due: p.due,
			Leased: p.lease != 0, Waiting: p.wait, Device: s.devices[lane.lane],
		})
	}
	return paged(all, func(row engine.LaneState) place { return place{Lane: row.Lane} }, page, limit)
}

// Device implements [engine.Inspector].
func (s *Store) Device(ctx context.Context, lane engine.Lane) (engine.Device, error) {
	if err := s.lock(ctx); err != nil {
		return engine.Device{}, err
	}
	defer s.mu.Unlock()
	return s.devices[lane], nil
}

// Retry implements [engine.Inspector].
func (s *Store) Retry(ctx context.Context, ids ...string) (retried int, err error) {
	if err := s.lock(ctx); err != nil {
		return 0, err
	}
	defer s.unlock()
	for _, id := range ids {
		if p := s.packages[id]; p != nil && p.Status == engine.Dead {
			s.forget(p)
			s.enqueue(p, time.Now())
			retried++
		}
	}
	return retried, nil
}

// Drop implements [engine.Inspector].
func (s *Store) Drop(ctx context.Context, ids ...string) (dropped int, err error) {
	if err := s.lock(ctx); err != nil {
		return 0, err
	}
	defer s.unlock()
	now := time.Now()
	for _, id := range ids {
		p := s.packages[id]
		switch {
		case p == nil || p.Status == engine.Done || p.lease != 0:
			continue
		case p.Status == engine.Dead:
			s.forget(p)
		default:
			s.leave(p, now)
		}
		response := engine.Response{
			Seq: uint64(len(s.log) + 1), Package: p.Package, Attempt: p.Attempts, Outcome: engine.Dropped, Rule: "dropped",
			Message: "dropped by a person", At: now,
		}
		s.log = append(s.log, response)
		p.Status, p.Ended, p.Last, p.Message, p.Seq = engine.Done, now, response.Outcome, response.Message, response.Seq
		dropped++
	}
	return dropped, nil
}

// forget takes a package out of the dead letters.
func (s *Store) forget(p *storedPackage) {
	s.dead = slices.DeleteFunc(s.dead, func(other *storedPackage) bool { return other == p })
}

// countKey is what a row of the reconciliation counts.
type countKey struct {
	day   time.Time
	app   engine.App
	kind  engine.Kind
	event string
}

const day = 24 * time.Hour

func countKeyOf(p *engine.Package) countKey {
	return countKey{p.Created.UTC().Truncate(day), p.App, p.Kind, p.EventToken()}
}

// countEvent takes note of an event token, as long as its app and its day have room for it.
func (s *Store) countEvent(p *engine.Package) {
	k := countKeyOf(p)
	if _, known := s.events[k]; known || k.event == "" {
		return
	}
	of := k
	of.event = ""
	s.events[k] = s.perDay[of] < engine.MaxCountedEvents
	if s.events[k] {
		s.perDay[of]++
	}
}

// Counts implements [engine.Inspector].
func (s *Store) Counts(ctx context.Context, from, to time.Time) ([]engine.Count, error) {
	if err := s.lock(ctx); err != nil {
		return nil, err
	}
	defer s.mu.Unlock()
	from, to = from.UTC().Truncate(day), to.UTC().Truncate(day)
	rows := map[countKey]*engine.Count{}
	row := func(p *engine.Package) *engine.Count {
		k := countKeyOf(p)
		if own, known := s.events[k]; known && !own {
			k.event = engine.OtherEvents
		}
		if k.day.Before(from) || k.day.After(to) {
			return &engine.Count{Outcomes: map[engine.Outcome]uint64{}} // counted for nobody
		}
		if rows[k] == nil {
			rows[k] = &engine.Count{Day: k.day, App: k.app, Kind: k.kind, EventToken: k.event, Outcomes: map[engine.Outcome]uint64{}}
		}
		return rows[k]
	}
	for _, p := range s.packages {
		row(&p.Package).Accepted++
	}
	for i := range s.log {
		count := row(&s.log[i].Package)
		count.Outcomes[s.log[i].Outcome]++
		if s.log[i].Ambiguous {
			count.Ambiguous++
		}
	}
	return sortedCounts(rows), nil
}

// sortedCounts returns the rows as the contract of Counts sorts them.
func sortedCounts(rows map[countKey]*engine.Count) []engine.Count {
	all := make([]engine.Count, 0, len(rows))
	for _, count := range rows {
		all = append(all, *count)
	}
	slices.SortFunc(all, func(a, b engine.Count) int {
		return cmp.Or(compareApps(a.App, b.App), cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.EventToken, b.EventToken), a.Day.Compare(b.Day))
	})
	return all
}

// Runs implements [engine.Inspector].
func (s *Store) Runs(ctx context.Context, seq uint64) ([]engine.Run, error) {
	if err := s.lock(ctx); err != nil {
		return nil, err
	}
	defer s.mu.Unlock()
	var all []engine.Run
	for i := range s.commits {
		if c := &s.commits[i]; c.after < seq && seq <= c.until {
			all = append(all, engine.Run{Listener: c.listener, Version: c.runs.Version, Failure: c.runs.Failed[seq]})
		}
	}
	slices.SortFunc(all, func(a, b engine.Run) int { return cmp.Compare(a.Listener, b.Listener) })
	return all, nil
}

// namedLane is a lane that holds packages.
type namedLane struct {
	lane     engine.Lane
	packages []*storedPackage
}

// lanes returns all lanes that hold packages, by app, environment and device.
func (s *Store) lanes() []namedLane {
	var all []namedLane
	for _, app := range s.apps {
		for lane, packages := range app.lanes {
			all = append(all, namedLane{lane, packages})
		}
	}
	slices.SortFunc(all, func(a, b namedLane) int { return compareLanes(a.lane, b.lane) })
	return all
}

// state is what Packages and Package tell about a package.
func (s *Store) state(p *storedPackage) engine.PackageState {
	state := p.PackageState
	if lane := s.app(p.Package.App).lanes[p.Package.Lane()]; p.Status == engine.Queued && next(lane) == p {
		state.Due = p.due
	}
	return state
}

// matches tells whether a filter takes a package.
func matches(f *engine.Filter, p *engine.PackageState) bool {
	switch {
	case f.AppToken != "" && f.AppToken != p.Package.App.Token,
		f.Environment != "" && f.Environment != p.Package.App.Environment,
		f.Kind != "" && f.Kind != p.Package.Kind,
		f.Device != "" && f.Device != p.Package.Device,
		f.EventToken != "" && f.EventToken != p.Package.Params["event_token"],
		f.State != "" && f.State != p.Status,
		f.Reason != 0 && f.Reason != p.Last,
		!f.After.IsZero() && p.Accepted.Before(f.After),
		!f.Before.IsZero() && !p.Accepted.Before(f.Before):
		return false
	}
	return true
}
