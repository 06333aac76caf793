package postgres

import (
	"cmp"
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

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
