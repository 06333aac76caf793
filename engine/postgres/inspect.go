package postgres

import (
	"cmp"
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"trackhook/engine"

	"github.com/jackc/pgx/v5"
)

// place is where a row stands in a list; the token of a page is the place of its last row.
type place struct {
	App    engine.App
	Device []byte
	Dead   bool
	Number int64
}

func (p place) token() string {
	text, err := json.Marshal(p)
	if err != nil {
		panic(err) // strings and numbers can be encoded
	}
	return base64.RawURLEncoding.EncodeToString(text)
}

func parsePlace(token string) (p place, err error) {
	if token == "" {
		return place{}, nil
	}
	text, err := base64.RawURLEncoding.DecodeString(token)
	if err == nil {
		err = json.Unmarshal(text, &p)
	}
	if err != nil {
		return place{}, fmt.Errorf("page %q: %w", token, engine.ErrNotFound)
	}
	return p, nil
}

// listedApp is an app with its number.
type listedApp struct {
	id  int32
	app engine.App
}

func (a listedApp) compare(app engine.App) int {
	return cmp.Or(strings.Compare(a.app.Token, app.Token), strings.Compare(string(a.app.Environment), string(app.Environment)))
}

// listed returns the apps of a list, from a place on, in their order.
func (s *Store) listed(ctx context.Context, filter *engine.Filter, from engine.App) ([]listedApp, error) {
	if err := s.loadApps(ctx); err != nil {
		return nil, err
	}
	var all []listedApp
	for id, app := range s.known() {
		a := listedApp{id, app}
		if (filter.AppToken == "" || filter.AppToken == app.Token) && (filter.Environment == "" || filter.Environment == app.Environment) &&
			a.compare(from) >= 0 {
			all = append(all, a)
		}
	}
	slices.SortFunc(all, func(a, b listedApp) int { return a.compare(b.app) })
	return all, nil
}

// storedPackage is a row of a package.
type storedPackage struct {
	engine.PackageState
	number  int64
	due     *int64
	waits   bool
	session bool
}

func (p *storedPackage) place() place {
	return place{p.Package.App, []byte(p.Package.Device), p.Status == engine.Dead, p.number}
}

// stored reads a row of a package.
func (s *Store) stored(ctx context.Context, status engine.PackageStatus) func(pgx.Rows) (storedPackage, error) {
	return func(row pgx.Rows) (p storedPackage, err error) { return p, s.scanPackage(ctx, row, &p, status) }
}

func (s *Store) scanPackage(ctx context.Context, row pgx.Row, p *storedPackage, status engine.PackageStatus, more ...any) error {
	var partition, last int16
	var app, attempts, failures int32
	var created, accepted int64
	var ended *int64
	var device, id, message, body []byte
	err := row.Scan(append(more, &partition, &app, &device, &p.number, &id, &created, &accepted, &attempts, &failures, &last, &message,
		&ended, &body, &p.due, &p.waits, &p.session)...)
	if err != nil {
		return err
	}
	p.Status, p.Accepted, p.Attempts, p.Failures = status, moment(accepted), int(attempts), int(failures)
	p.Last, p.Message = engine.Outcome(last), string(message) //nolint:gosec // it was one
	if ended != nil {
		p.Ended = moment(*ended)
	}
	p.Package = engine.Package{ID: string(id), Device: string(device), Created: moment(created)}
	if p.Package.App, err = s.named(ctx, app); err != nil {
		return err
	}
	return readPackage(body, &p.Package)
}

// listMost is how many rows a page looks at.
const listMost = 4096

// Packages implements [engine.Inspector].
func (s *Store) Packages(ctx context.Context, filter engine.Filter, page string, limit int) (states []engine.PackageState, next string, err error) {
	ctx, done, err := s.enter(ctx)
	if err != nil {
		return nil, "", fmt.Errorf("packages: %w", err)
	}
	defer done()
	from, err := parsePlace(page)
	if err != nil {
		return nil, "", err
	}
	states, next, err = s.packages(ctx, &filter, from, limit)
	if err != nil {
		return nil, "", fmt.Errorf("packages: %w", failed(ctx, err))
	}
	return states, next, nil
}

func (s *Store) packages(ctx context.Context, filter *engine.Filter, from place, limit int) (states []engine.PackageState, next string, err error) {
	apps, err := s.listed(ctx, filter, from.App)
	if err != nil {
		return nil, "", err
	}
	looked := 0
	for _, app := range apps {
		at := place{App: app.app, Number: -1}
		if from.App == app.app {
			at = from
		}
		for {
			found, err := s.packagesOf(ctx, filter, app, at, limit)
			if err != nil {
				return nil, "", err
			}
			for i := range found {
				p := &found[i]
				if at = p.place(); !takes(filter, &p.PackageState) {
					continue
				}
				states = append(states, p.PackageState)
				if len(states) == limit {
					more := i+1 < len(found) || len(found) == limit || app != apps[len(apps)-1]
					return s.withDue(ctx, states), token(at, more), nil
				}
			}
			if looked += len(found); len(found) < limit {
				break
			}
			if looked >= listMost {
				return s.withDue(ctx, states), at.token(), nil
			}
		}
	}
	return s.withDue(ctx, states), "", nil
}

func token(at place, more bool) string {
	if !more {
		return ""
	}
	return at.token()
}

// packagesOf reads the next packages of an app: queued ones and dead letters, by device.
func (s *Store) packagesOf(ctx context.Context, filter *engine.Filter, app listedApp, at place, limit int) ([]storedPackage, error) {
	partitions := s.allPartitions()
	if filter.Device != "" {
		lane := engine.Lane{App: app.app, Device: filter.Device}
		partitions = []int16{s.partition(&lane)}
	}
	var all []storedPackage
	for _, status := range []engine.PackageStatus{engine.Queued, engine.Dead} {
		if filter.State != "" && filter.State != status {
			continue
		}
		device, number := at.Device, at.Number
		if device == nil {
			device = []byte{}
		}
		switch {
		case status == engine.Queued && at.Dead:
			number = 1 << 62
		case status == engine.Dead && !at.Dead && at.Number >= 0:
			number = -1
		}
		what := map[engine.PackageStatus]string{engine.Queued: "queued", engine.Dead: "dead"}[status]
		var found []storedPackage
		var err error
		if filter.Device != "" {
			if at.Device != nil && string(at.Device) != filter.Device {
				number = -1
			}
			found, err = rows(ctx, s.look, s.sql[what+" of lane"], s.stored(ctx, status), partitions, app.id, []byte(filter.Device), number, limit)
		} else {
			found, err = rows(ctx, s.look, s.sql[what+" of app"], s.stored(ctx, status), partitions, app.id, device, number, limit)
		}
		if err != nil {
			return nil, err
		}
		all = append(all, found...)
	}
	slices.SortFunc(all, func(a, b storedPackage) int {
		dead := func(p *storedPackage) int {
			if p.Status == engine.Dead {
				return 1
			}
			return 0
		}
		return cmp.Or(strings.Compare(a.Package.Device, b.Package.Device), cmp.Compare(dead(&a), dead(&b)), cmp.Compare(a.number, b.number))
	})
	return all[:min(len(all), limit)], nil
}

func (s *Store) allPartitions() []int16 {
	all := make([]int16, s.parts)
	for i := range all {
		all[i] = int16(i) //nolint:gosec // there are few
	}
	return all
}

// takes tells whether a filter takes a package.
func takes(f *engine.Filter, p *engine.PackageState) bool {
	switch {
	case f.Kind != "" && f.Kind != p.Package.Kind,
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

// withDue adds when the heads of lanes may be sent, and the last responses.
func (s *Store) withDue(ctx context.Context, states []engine.PackageState) []engine.PackageState {
	var lanes []*lane
	known := map[laneKey]bool{}
	ids := make([][]byte, len(states))
	at := map[string]*engine.PackageState{}
	for i := range states {
		p := &states[i]
		ids[i] = []byte(p.Package.ID)
		at[p.Package.ID] = p
		id, err := s.number(ctx, p.Package.App)
		if err != nil || p.Status != engine.Queued {
			continue
		}
		l := p.Package.Lane()
		if key := (laneKey{s.partition(&l), id, p.Package.Device}); !known[key] {
			known[key] = true
			lanes = append(lanes, &lane{laneKey: key})
		}
	}
	// What cannot be read is left out: the rows themselves could be.
	_, _ = rows(ctx, s.look, s.sql["last of ids"], func(r pgx.Rows) (none struct{}, err error) {
		var place, seq int64
		if err = r.Scan(&place, &seq); err == nil {
			states[place-1].Seq = uint64(seq) //nolint:gosec // not negative
		}
		return none, err
	}, ids)
	fronts, err := s.readFronts(ctx, s.look, lanes)
	if err != nil {
		return states
	}
	for _, f := range fronts {
		if f != nil && at[f.id] != nil {
			at[f.id].Due = moment(f.due)
		}
	}
	return states
}

// Package implements [engine.Inspector].
func (s *Store) Package(ctx context.Context, id string) (engine.PackageState, error) {
	ctx, done, err := s.enter(ctx)
	if err != nil {
		return engine.PackageState{}, fmt.Errorf("package: %w", err)
	}
	defer done()
	var p storedPackage
	var where int32
	err = s.scanPackage(ctx, s.look.QueryRow(ctx, s.sql["package"], s.part(id), []byte(id)), &p, engine.Queued, &where)
	if err == nil {
		if where == 1 {
			p.Status = engine.Dead
		}
		return s.withDue(ctx, []engine.PackageState{p.PackageState})[0], nil
	}
	if !errors.Is(err, pgx.ErrNoRows) {
		return engine.PackageState{}, fmt.Errorf("package %s: %w", id, failed(ctx, err))
	}
	return s.donePackage(ctx, id)
}

// donePackage tells of a package that has left the queue, from its last response.
func (s *Store) donePackage(ctx context.Context, id string) (engine.PackageState, error) {
	var r engine.Response
	var app, failures int32
	var seq, created, accepted, at int64
	var device, name, response, body []byte
	var outcome int16
	err := s.look.QueryRow(ctx, s.sql["done"], []byte(id)).
		Scan(&seq, &app, &device, &name, &created, &accepted, &at, &r.Ambiguous, &outcome, &response, &body, &failures)
	if errors.Is(err, pgx.ErrNoRows) {
		return engine.PackageState{}, fmt.Errorf("package %s: %w", id, engine.ErrNotFound)
	}
	if err == nil {
		err = readResponse(response, &r)
	}
	p := engine.Package{ID: id, Device: string(device), Created: moment(created)}
	if err == nil {
		p.App, err = s.named(ctx, app)
	}
	if err == nil {
		err = readPackage(body, &p)
	}
	if err != nil {
		return engine.PackageState{}, fmt.Errorf("package %s: %w", id, failed(ctx, err))
	}
	return engine.PackageState{
		Package: p, Status: engine.Done, Accepted: moment(accepted), Attempts: r.Attempt, Failures: int(failures),
		Last: engine.Outcome(outcome), Message: r.Message, Ended: moment(at), Seq: uint64(seq), //nolint:gosec // both were
	}, nil
}

// History implements [engine.Inspector].
func (s *Store) History(ctx context.Context, id string) ([]engine.Response, error) {
	ctx, done, err := s.enter(ctx)
	if err != nil {
		return nil, fmt.Errorf("history: %w", err)
	}
	defer done()
	all, err := rows(ctx, s.look, s.sql["history"], s.response(ctx), []byte(id))
	if err != nil {
		return nil, fmt.Errorf("history of %s: %w", id, failed(ctx, err))
	}
	return all, nil
}

// Lanes implements [engine.Inspector].
func (s *Store) Lanes(ctx context.Context, filter engine.Filter, page string, limit int) (lanes []engine.LaneState, next string, err error) {
	ctx, done, err := s.enter(ctx)
	if err != nil {
		return nil, "", fmt.Errorf("lanes: %w", err)
	}
	defer done()
	from, err := parsePlace(page)
	if err != nil {
		return nil, "", err
	}
	apps, err := s.listed(ctx, &filter, from.App)
	if err != nil {
		return nil, "", fmt.Errorf("lanes: %w", failed(ctx, err))
	}
	for _, app := range apps {
		device := []byte{}
		if from.App == app.app && from.Device != nil {
			device = from.Device
		}
		found, err := s.lanesOf(ctx, &filter, app, device, limit+1-len(lanes))
		if err != nil {
			return nil, "", fmt.Errorf("lanes: %w", failed(ctx, err))
		}
		if lanes = append(lanes, found...); len(lanes) > limit {
			last := lanes[limit-1].Lane
			return lanes[:limit], place{App: last.App, Device: []byte(last.Device)}.token(), nil
		}
	}
	return lanes, "", nil
}

// lanesOf reads the next lanes of an app.
func (s *Store) lanesOf(ctx context.Context, filter *engine.Filter, app listedApp, after []byte, limit int) ([]engine.LaneState, error) {
	partitions := s.allPartitions()
	if filter.Device != "" {
		lane := engine.Lane{App: app.app, Device: filter.Device}
		if string(after) >= filter.Device {
			return nil, nil
		}
		partitions = []int16{s.partition(&lane)}
		after, limit = []byte(filter.Device[:len(filter.Device)-1]), 1<<20
	}
	leased := s.leasedLanes()
	found, err := rows(ctx, s.look, s.sql["lanes of app"], func(r pgx.Rows) (l engine.LaneState, err error) {
		var partition int16
		var device, id, adid []byte
		var queued, accepted int64
		var due, session *int64
		if err := r.Scan(&partition, &device, &queued, &id, &accepted, &due, &l.Waiting, &adid, &session); err != nil {
			return l, err
		}
		l.Lane, l.Queued, l.Head = engine.Lane{App: app.app, Device: string(device)}, uint64(queued), string(id) //nolint:gosec // not negative
		if l.Due = moment(accepted); due != nil {
			l.Due = moment(*due)
		}
		l.Device.ADID = string(adid)
		if session != nil {
			l.Device.Session = moment(*session)
		}
		l.Leased = leased[laneKey{partition, app.id, l.Lane.Device}]
		return l, nil
	}, partitions, app.id, after, limit)
	if filter.Device != "" {
		found = slices.DeleteFunc(found, func(l engine.LaneState) bool { return l.Lane.Device != filter.Device })
	}
	return found, err
}

// leasedLanes returns the lanes of which this host holds leases.
func (s *Store) leasedLanes() map[laneKey]bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	all := make(map[laneKey]bool, len(s.held))
	for _, held := range s.held {
		all[held.laneKey] = true
	}
	return all
}

// Device implements [engine.Inspector].
func (s *Store) Device(ctx context.Context, lane engine.Lane) (engine.Device, error) {
	ctx, done, err := s.enter(ctx)
	if err != nil {
		return engine.Device{}, fmt.Errorf("device: %w", err)
	}
	defer done()
	id, err := s.number(ctx, lane.App)
	if err != nil {
		return engine.Device{}, fmt.Errorf("device: %w", failed(ctx, err))
	}
	var adid []byte
	var session *int64
	err = s.look.QueryRow(ctx, s.sql["device"], s.partition(&lane), id, []byte(lane.Device)).Scan(&adid, &session)
	if errors.Is(err, pgx.ErrNoRows) {
		return engine.Device{}, nil
	}
	if err != nil {
		return engine.Device{}, fmt.Errorf("device: %w", failed(ctx, err))
	}
	device := engine.Device{ADID: string(adid)}
	if session != nil {
		device.Session = moment(*session)
	}
	return device, nil
}

// Counts implements [engine.Inspector].
func (s *Store) Counts(ctx context.Context, from, to time.Time) ([]engine.Count, error) {
	ctx, done, err := s.enter(ctx)
	if err != nil {
		return nil, fmt.Errorf("counts: %w", err)
	}
	defer done()
	all := map[countKey]*engine.Count{}
	_, err = rows(ctx, s.look, s.sql["counts"], func(r pgx.Rows) (none struct{}, err error) {
		var k countKey
		var kind, event []byte
		var n int64
		if err := r.Scan(&k.day, &k.app, &kind, &event, &k.outcome, &n); err != nil {
			return none, err
		}
		outcome, number := k.outcome, uint64(n) //nolint:gosec // not negative
		k.kind, k.event, k.outcome = engine.Kind(kind), string(event), 0
		row := all[k]
		if row == nil {
			row = &engine.Count{
				Day: moment(int64(k.day) * int64(day)).UTC(), Kind: k.kind, EventToken: k.event, Outcomes: map[engine.Outcome]uint64{},
			}
			if row.App, err = s.named(ctx, k.app); err != nil {
				return none, err
			}
			all[k] = row
		}
		switch outcome {
		case 0:
			row.Accepted = number
		case ambiguous:
			row.Ambiguous = number
		default:
			row.Outcomes[engine.Outcome(outcome)] = number //nolint:gosec // it was one
		}
		return none, nil
	}, dayOf(from.UnixNano()), dayOf(to.UnixNano()))
	if err != nil {
		return nil, fmt.Errorf("counts: %w", failed(ctx, err))
	}
	counts := make([]engine.Count, 0, len(all))
	for _, row := range all {
		counts = append(counts, *row)
	}
	slices.SortFunc(counts, func(a, b engine.Count) int {
		return cmp.Or(strings.Compare(a.App.Token, b.App.Token), strings.Compare(string(a.App.Environment), string(b.App.Environment)),
			cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.EventToken, b.EventToken), a.Day.Compare(b.Day))
	})
	return counts, nil
}
