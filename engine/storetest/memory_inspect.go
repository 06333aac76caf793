package storetest

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"trackhook/engine"
)

// Packages implements [engine.Inspector].
func (m *Memory) Packages(ctx context.Context, filter engine.Filter, page string, limit int) ([]engine.PackageState, string, error) {
	if err := m.lock(ctx); err != nil {
		return nil, "", err
	}
	defer m.mu.Unlock()
	var all []engine.PackageState
	for _, lane := range m.lanes() {
		for _, p := range lane.packages {
			all = append(all, m.state(p))
		}
	}
	for _, p := range m.dead {
		all = append(all, p.PackageState)
	}
	all = slices.DeleteFunc(all, func(p engine.PackageState) bool { return !matches(&filter, &p) })
	slices.SortStableFunc(all, func(a, b engine.PackageState) int {
		return compareLanes(a.Package.Lane(), b.Package.Lane())
	})
	return paged(all, page, limit)
}

// Package implements [engine.Inspector].
func (m *Memory) Package(ctx context.Context, id string) (engine.PackageState, error) {
	if err := m.lock(ctx); err != nil {
		return engine.PackageState{}, err
	}
	defer m.mu.Unlock()
	p := m.packages[id]
	if p == nil {
		return engine.PackageState{}, fmt.Errorf("package %s: %w", id, engine.ErrNotFound)
	}
	return m.state(p), nil
}

// History implements [engine.Inspector].
func (m *Memory) History(ctx context.Context, id string) ([]engine.Response, error) {
	if err := m.lock(ctx); err != nil {
		return nil, err
	}
	defer m.mu.Unlock()
	var all []engine.Response
	for i := range m.log {
		if m.log[i].Package.ID == id {
			all = append(all, m.log[i])
		}
	}
	return all, nil
}

// Lanes implements [engine.Inspector].
func (m *Memory) Lanes(ctx context.Context, filter engine.Filter, page string, limit int) ([]engine.LaneState, string, error) {
	if err := m.lock(ctx); err != nil {
		return nil, "", err
	}
	defer m.mu.Unlock()
	filter = engine.Filter{AppToken: filter.AppToken, Environment: filter.Environment, Device: filter.Device}
	var all []engine.LaneState
	for _, lane := range m.lanes() {
		p := next(lane.packages)
		if !matches(&filter, &p.PackageState) {
			continue
		}
		all = append(all, engine.LaneState{
			Lane: lane.lane, Queued: uint64(len(lane.packages)), Head: p.Package.ID, Due: p.due,
			Leased: p.lease != 0, Waiting: p.wait, Device: m.devices[lane.lane],
		})
	}
	return paged(all, page, limit)
}

// Retry implements [engine.Inspector].
func (m *Memory) Retry(ctx context.Context, ids ...string) (retried int, err error) {
	if err := m.lock(ctx); err != nil {
		return 0, err
	}
	defer m.unlock()
	for _, id := range ids {
		if p := m.packages[id]; p != nil && p.Status == engine.Dead {
			m.forget(p)
			m.enqueue(p, time.Now())
			retried++
		}
	}
	return retried, nil
}

// Drop implements [engine.Inspector].
func (m *Memory) Drop(ctx context.Context, ids ...string) (dropped int, err error) {
	if err := m.lock(ctx); err != nil {
		return 0, err
	}
	defer m.unlock()
	now := time.Now()
	for _, id := range ids {
		p := m.packages[id]
		switch {
		case p == nil || p.Status == engine.Done || p.lease != 0:
			continue
		case p.Status == engine.Dead:
			m.forget(p)
		default:
			m.leave(p, now)
		}
		response := engine.Response{
			Seq: uint64(len(m.log) + 1), Package: p.Package, Attempt: p.Attempts, Outcome: engine.Dropped, Rule: "dropped",
			Message: "dropped by a person", At: now,
		}
		m.log = append(m.log, response)
		p.Status, p.Ended, p.Last, p.Message, p.Seq = engine.Done, now, response.Outcome, response.Message, response.Seq
		dropped++
	}
	return dropped, nil
}

// forget takes a package out of the dead letters.
func (m *Memory) forget(p *memoryPackage) {
	m.dead = slices.DeleteFunc(m.dead, func(other *memoryPackage) bool { return other == p })
}

// Counts implements [engine.Inspector].
func (m *Memory) Counts(ctx context.Context, from, to time.Time) ([]engine.Count, error) {
	if err := m.lock(ctx); err != nil {
		return nil, err
	}
	defer m.mu.Unlock()
	type key struct {
		day   time.Time
		app   engine.App
		kind  engine.Kind
		event string
	}
	const day = 24 * time.Hour
	from, to = from.UTC().Truncate(day), to.UTC().Truncate(day)
	rows := map[key]*engine.Count{}
	row := func(p *engine.Package) *engine.Count {
		k := key{p.Created.UTC().Truncate(day), p.App, p.Kind, p.Params["event_token"]}
		if k.day.Before(from) || k.day.After(to) {
			return &engine.Count{Outcomes: map[engine.Outcome]uint64{}} // counted for nobody
		}
		if rows[k] == nil {
			rows[k] = &engine.Count{Day: k.day, App: k.app, Kind: k.kind, EventToken: k.event, Outcomes: map[engine.Outcome]uint64{}}
		}
		return rows[k]
	}
	for _, p := range m.packages {
		row(&p.Package).Accepted++
	}
	for i := range m.log {
		count := row(&m.log[i].Package)
		count.Outcomes[m.log[i].Outcome]++
		if m.log[i].Ambiguous {
			count.Ambiguous++
		}
	}
	all := make([]engine.Count, 0, len(rows))
	for _, count := range rows {
		all = append(all, *count)
	}
	slices.SortFunc(all, func(a, b engine.Count) int {
		return cmp.Or(compareApps(a.App, b.App), cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.EventToken, b.EventToken), a.Day.Compare(b.Day))
	})
	return all, nil
}

// Runs implements [engine.Inspector].
func (m *Memory) Runs(ctx context.Context, seq uint64) ([]engine.Run, error) {
	if err := m.lock(ctx); err != nil {
		return nil, err
	}
	defer m.mu.Unlock()
	var all []engine.Run
	for i := range m.runs {
		if r := &m.runs[i]; r.after < seq && seq <= r.until {
			all = append(all, engine.Run{Listener: r.listener, Version: r.runs.Version, Failure: r.runs.Failed[seq]})
		}
	}
	slices.SortFunc(all, func(a, b engine.Run) int { return cmp.Compare(a.Listener, b.Listener) })
	return all, nil
}

type namedLane struct {
	lane     engine.Lane
	packages []*memoryPackage
}

// lanes returns all lanes that hold packages, by app, environment and device.
func (m *Memory) lanes() []namedLane {
	var all []namedLane
	for _, app := range m.apps {
		for lane, packages := range app.lanes {
			all = append(all, namedLane{lane, packages})
		}
	}
	slices.SortFunc(all, func(a, b namedLane) int { return compareLanes(a.lane, b.lane) })
	return all
}

func (m *Memory) state(p *memoryPackage) engine.PackageState {
	state := p.PackageState
	if lane := m.app(p.Package.App).lanes[p.Package.Lane()]; p.Status == engine.Queued && next(lane) == p {
		state.Due = p.due
	}
	return state
}

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

// paged returns one page of all; a page's token is the place where it begins. In a test the rows do not come and go.
func paged[T any](all []T, page string, limit int) ([]T, string, error) {
	from := 0
	if page != "" {
		var err error
		if from, err = strconv.Atoi(page); err != nil || from < 0 {
			return nil, "", fmt.Errorf("page %q: %w", page, engine.ErrNotFound)
		}
	}
	from = min(from, len(all))
	until := min(from+limit, len(all))
	if until == len(all) {
		return all[from:], "", nil
	}
	return all[from:until], strconv.Itoa(until), nil
}

func compareLanes(a, b engine.Lane) int {
	return cmp.Or(compareApps(a.App, b.App), strings.Compare(a.Device, b.Device))
}

func compareApps(a, b engine.App) int {
	return cmp.Or(strings.Compare(a.Token, b.Token), strings.Compare(string(a.Environment), string(b.Environment)))
}
