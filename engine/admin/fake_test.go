package admin_test

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"trackhook/engine"
	"trackhook/engine/admin"
)

const token = "abc123def456"

// gone is an app that is not configured any more.
const gone = "gone12345678"

// noon is when everything happens in these tests.
func noon() time.Time { return time.Date(2026, 1, 2, 12, 0, 0, 0, time.UTC) }

type trackerFunc func() error

func (f trackerFunc) Track(context.Context, ...engine.Package) error { return f() }

// fake is a store in memory that operators can look into.
type fake struct {
	engine.Log // what is not implemented is not called

	mu      sync.Mutex
	states  []engine.PackageState
	lanes   []engine.LaneState
	log     []engine.Response
	runs    map[uint64][]engine.Run
	counts  []engine.Count
	changed chan struct{} // closed and replaced when the log grows
	err     error         // of every call
	filter  engine.Filter // of the last list
	reads   int
	part    *engine.PartError        // beside every package, history and runs
	onDead  func(ids []string) error // before each retry and drop
	steps   []time.Time              // when each retry and drop came
	from    time.Time
	to      time.Time
}

func newFake() *fake { return &fake{runs: map[uint64][]engine.Run{}, changed: make(chan struct{})} }

// add adds a package with an ordinal as its id.
func (f *fake) add(n int, change func(*engine.PackageState)) {
	state := engine.PackageState{
		Package: engine.Package{
			ID: "p" + strconv.Itoa(n), Kind: engine.KindEvent, App: engine.App{Token: token, Environment: engine.Sandbox},
			Device: "gps_adid=d1", Params: map[string]string{"gps_adid": "d1", "event_token": "f0ob4r"}, Created: noon(),
		},
		Status: engine.Queued, Accepted: noon(),
	}
	if change != nil {
		change(&state)
	}
	f.states = append(f.states, state)
}

func dead(reason engine.Outcome) func(*engine.PackageState) {
	return func(s *engine.PackageState) {
		s.Status, s.Last, s.Message, s.Attempts, s.Ended = engine.Dead, reason, "no "+reason.String(), 1, noon().Add(time.Minute)
	}
}

// respond logs a response.
func (f *fake) respond(responses ...engine.Response) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, r := range responses {
		r.Seq = 1
		if n := len(f.log); n > 0 {
			r.Seq = f.log[n-1].Seq + 1
		}
		f.log = append(f.log, r)
	}
	close(f.changed)
	f.changed = make(chan struct{})
}

// trim removes responses from the front.
func (f *fake) trim(n int) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.log = slices.Clone(f.log[n:])
}

// fail makes every call fail.
func (f *fake) fail(err error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.err = err
}

// lock takes the mutex, or returns an error with it released.
func (f *fake) lock(ctx context.Context) error {
	f.mu.Lock()
	err := f.err
	if err == nil {
		err = ctx.Err()
	}
	if err != nil {
		f.mu.Unlock()
	}
	return err
}

func matches(filter *engine.Filter, s *engine.PackageState) bool {
	p := &s.Package
	return (filter.AppToken == "" || filter.AppToken == p.App.Token) &&
		(filter.Environment == "" || filter.Environment == p.App.Environment) &&
		(filter.Kind == "" || filter.Kind == p.Kind) && (filter.Device == "" || filter.Device == p.Device) &&
		(filter.EventToken == "" || filter.EventToken == p.Params["event_token"]) &&
		(filter.State == "" && s.Status != engine.Done || filter.State == s.Status) &&
		(filter.Reason == 0 || filter.Reason == s.Last) &&
		(filter.After.IsZero() || !s.Accepted.Before(filter.After)) &&
		(filter.Before.IsZero() || s.Accepted.Before(filter.Before))
}

func (f *fake) Packages(ctx context.Context, filter engine.Filter, page string, limit int) (rows []engine.PackageState, next string, err error) {
	if err := f.lock(ctx); err != nil {
		return nil, "", err
	}
	defer f.mu.Unlock()
	f.filter = filter
	start := 0
	if page != "" {
		if start, err = strconv.Atoi(strings.TrimPrefix(page, "from-")); err != nil {
			return nil, "", fmt.Errorf("page %q: %w", page, engine.ErrNotFound)
		}
	}
	// States keep their places, so that a page goes on where the last one ended whatever was changed.
	for i := start; i < len(f.states); i++ {
		if !matches(&filter, &f.states[i]) {
			continue
		}
		if len(rows) == limit {
			return rows, "from-" + strconv.Itoa(i), nil
		}
		rows = append(rows, f.states[i])
	}
	return rows, "", nil
}

func (f *fake) find(id string) *engine.PackageState {
	for i := range f.states {
		if f.states[i].Package.ID == id {
			return &f.states[i]
		}
	}
	return nil
}

func (f *fake) Package(ctx context.Context, id string) (engine.PackageState, error) {
	if err := f.lock(ctx); err != nil {
		return engine.PackageState{}, err
	}
	defer f.mu.Unlock()
	if s := f.find(id); s != nil {
		return *s, f.partError()
	}
	return engine.PackageState{}, fmt.Errorf("package %s: %w", id, engine.ErrNotFound)
}

func (f *fake) History(ctx context.Context, id string) ([]engine.Response, error) {
	if err := f.lock(ctx); err != nil {
		return nil, err
	}
	defer f.mu.Unlock()
	var history []engine.Response
	for i := range f.log {
		if f.log[i].Package.ID == id {
			history = append(history, f.log[i])
		}
	}
	return history, f.partError()
}

func (f *fake) partError() error {
	if f.part == nil {
		return nil
	}
	return fmt.Errorf("read: %w", f.part)
}

func (f *fake) Device(ctx context.Context, lane engine.Lane) (engine.Device, error) {
	if err := f.lock(ctx); err != nil {
		return engine.Device{}, err
	}
	defer f.mu.Unlock()
	for i := range f.lanes {
		if f.lanes[i].Lane == lane {
			return f.lanes[i].Device, nil
		}
	}
	return engine.Device{}, nil
}

func (f *fake) Lanes(ctx context.Context, filter engine.Filter, page string, limit int) (rows []engine.LaneState, next string, err error) {
	if err := f.lock(ctx); err != nil {
		return nil, "", err
	}
	defer f.mu.Unlock()
	f.filter = filter
	start := 0
	if page != "" {
		if start, err = strconv.Atoi(page); err != nil {
			return nil, "", fmt.Errorf("page %q: %w", page, engine.ErrNotFound)
		}
	}
	end := min(start+limit, len(f.lanes))
	if end < len(f.lanes) {
		next = strconv.Itoa(end)
	}
	return f.lanes[start:end], next, nil
}

// change changes the states of dead letters, and of queued ones when the change is a drop.
func (f *fake) change(ctx context.Context, to engine.PackageStatus, ids []string) (changed int, err error) {
	if f.onDead != nil {
		if err := f.onDead(ids); err != nil {
			return 0, err
		}
	}
	if err := f.lock(ctx); err != nil {
		return 0, err
	}
	defer f.mu.Unlock()
	f.steps = append(f.steps, time.Now())
	for _, id := range ids {
		s := f.find(id)
		if s == nil || s.Status == engine.Done || s.Status == engine.Queued && (to == engine.Queued || s.Attempts == leased) {
			continue
		}
		s.Status, s.Ended = to, time.Time{}
		changed++
	}
	return changed, nil
}

// leased as the number of attempts marks a package that is being sent.
const leased = 99

func (f *fake) Retry(ctx context.Context, ids ...string) (int, error) {
	return f.change(ctx, engine.Queued, ids)
}

func (f *fake) Drop(ctx context.Context, ids ...string) (int, error) {
	return f.change(ctx, engine.Done, ids)
}

func (f *fake) Counts(ctx context.Context, from, to time.Time) ([]engine.Count, error) {
	if err := f.lock(ctx); err != nil {
		return nil, err
	}
	defer f.mu.Unlock()
	f.from, f.to = from, to
	return f.counts, nil
}

func (f *fake) Runs(ctx context.Context, seq uint64) ([]engine.Run, error) {
	if err := f.lock(ctx); err != nil {
		return nil, err
	}
	defer f.mu.Unlock()
	return f.runs[seq], f.partError()
}

func (f *fake) Read(ctx context.Context, after uint64, limit int) ([]engine.Response, error) {
	for {
		if err := f.lock(ctx); err != nil {
			return nil, err
		}
		f.reads++
		var found []engine.Response
		for i := range f.log {
			if f.log[i].Seq > after && len(found) < limit {
				found = append(found, f.log[i])
			}
		}
		changed := f.changed
		f.mu.Unlock()
		if len(found) > 0 {
			return found, nil
		}
		select {
		case <-ctx.Done():
			return nil, ctx.Err()
		case <-changed:
		}
	}
}

func (f *fake) Last(ctx context.Context) (uint64, error) {
	if err := f.lock(ctx); err != nil {
		return 0, err
	}
	defer f.mu.Unlock()
	if len(f.log) == 0 {
		return 0, nil
	}
	return f.log[len(f.log)-1].Seq, nil
}

func (f *fake) stats(ctx context.Context) (engine.Stats, error) {
	if err := f.lock(ctx); err != nil {
		return engine.Stats{}, err
	}
	defer f.mu.Unlock()
	stats := engine.Stats{Bytes: 4096}
	for i := range f.states {
		switch f.states[i].Status {
		case engine.Queued:
			stats.Queued++
		case engine.Dead:
			stats.Dead++
		case engine.Done:
		}
	}
	if n := len(f.log); n > 0 {
		stats.First, stats.Last = f.log[0].Seq, f.log[n-1].Seq
	}
	return stats, nil
}

// config is a host with this store.
func (f *fake) config() admin.Config {
	return admin.Config{
		Stats: f.stats, Inspector: f, Responses: f, Plugins: somePlugins,
		Curl: func(p *engine.Package) string { return "curl " + p.ID },
		Limits: func() []engine.EndpointLimit {
			return []engine.EndpointLimit{
				{Endpoint: "https://a.example", Attempts: 64, InFlight: 3, Most: 64, Rate: 1.5},
				{Endpoint: "https://b.example", Attempts: 288, InFlight: 288, Most: 1024, Why: "answers come as fast as before", Changed: noon(), Rate: 1931.2},
			}
		},
		Hosts: func(ctx context.Context) ([]admin.Member, error) {
			if err := f.lock(ctx); err != nil {
				return nil, err
			}
			f.mu.Unlock()
			return []admin.Member{
				{
					ID: "h1", Name: "one", Version: "1.2.3", Started: noon(), Seen: noon(), Asked: true, Partitions: 33, Of: 64, Leased: 2, Lag: 5,
					Runs: []string{"count"}, Plugins: map[string]string{"count": "10dd774d"},
				},
				{ID: "h2", Name: "two", Version: "1.2.3", Started: noon(), Seen: noon(), Lost: true, Of: 64},
			}, nil
		},
		Acknowledge: func(ctx context.Context) error {
			if err := f.lock(ctx); err != nil {
				return err
			}
			f.mu.Unlock()
			return nil
		},
		Backup: func(ctx context.Context, dir string) (admin.Backup, error) {
			if dir == "/backups/full" {
				return admin.Backup{}, fmt.Errorf("%w: it is not empty", admin.ErrBackupRefused)
			}
			if err := f.lock(ctx); err != nil {
				return admin.Backup{}, err
			}
			f.mu.Unlock()
			return admin.Backup{Dir: dir, Data: "/data", Queued: 2, Dead: 1, Bytes: 10, Shared: 4}, nil
		},
		Reload: func(context.Context) (admin.Reloaded, error) {
			return admin.Reloaded{
				Changed: []admin.ChangedSetting{{Key: "log_level", From: "info", To: "debug"}},
				Kept:    []admin.KeptSetting{{Key: "listen", Value: "a", Wanted: "b", Why: "it is read at the start"}},
			}, nil
		},
		NewCode: func(*http.Request) (admin.Code, error) {
			return admin.Code{Code: "once", Expires: time.Date(2026, 1, 2, 15, 9, 5, 0, time.UTC)}, nil
		},
		ProbeApp: func(ctx context.Context, app admin.ProbedApp) (admin.Probe, error) {
			if app.AppToken == gone {
				return admin.Probe{}, fmt.Errorf("app %s: %w", gone, engine.ErrNotFound)
			}
			return f.probe(ctx, admin.Probe{AppToken: app.AppToken, Environment: app.Environment})
		},
		ProbeEndpoint: func(ctx context.Context, endpoint string) (admin.Probe, error) {
			if endpoint == "" {
				return admin.Probe{}, fmt.Errorf("one of a and b: %w", admin.ErrProbeUnclear)
			}
			if endpoint == "elsewhere" {
				return admin.Probe{}, fmt.Errorf("nothing is sent there: %w", engine.ErrNotFound)
			}
			return f.probe(ctx, admin.Probe{Endpoint: endpoint})
		},
		Hasten: f.hasten,
		Serves: func(app engine.App) bool { return app.Token != gone },
		Adopt:  func(ctx context.Context, _ engine.App, ids ...string) (int, error) { return f.Drop(ctx, ids...) },
		Metrics: http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "text/plain; version=0.0.4")
			fmt.Fprintln(w, "trackhook_store_up 1")
		}),
	}
}

// hastenBody names the lane that a fake has first.
const hastenBody = `{"app_token":"` + token + `","environment":"sandbox","device":"gps_adid=d1"}`

// hasten makes a lane due.
func (f *fake) hasten(ctx context.Context, lane engine.Lane) (bool, error) {
	if err := f.lock(ctx); err != nil {
		return false, err
	}
	defer f.mu.Unlock()
	for i := range f.lanes {
		if f.lanes[i].Lane == lane && f.lanes[i].Due.After(time.Now()) {
			f.lanes[i].Due = noon()
			return true, nil
		}
	}
	return false, nil
}

// probe is refused by the server.
func (f *fake) probe(ctx context.Context, of admin.Probe) (admin.Probe, error) {
	if err := f.lock(ctx); err != nil {
		return of, err
	}
	f.mu.Unlock()
	p := admin.MakeProbe(&engine.Probed{Hastened: 2, Response: &engine.Response{
		Outcome: engine.Blocked, Status: 401, Message: "Unauthorized", NextAttempt: noon(),
	}})
	p.AppToken, p.Environment, p.Endpoint = of.AppToken, of.Environment, of.Endpoint
	return p, nil
}

// response is one of package p1.
func response(outcome engine.Outcome, change func(*engine.Response)) engine.Response {
	r := engine.Response{
		Package: engine.Package{
			ID: "p1", Kind: engine.KindEvent, App: engine.App{Token: token, Environment: engine.Sandbox},
			Device: "gps_adid=d1", Params: map[string]string{"event_token": "f0ob4r"}, Created: noon(),
		},
		Attempt: 1, Outcome: outcome, Rule: "rule", Status: 200, Body: []byte(`{"message": "hi"}`), Message: "hi", At: noon(),
	}
	if change != nil {
		change(&r)
	}
	return r
}

// ids joins the ids of packages.
func ids(packages []admin.Package) string {
	var all []string
	for i := range packages {
		all = append(all, packages[i].ID)
	}
	return strings.Join(all, " ")
}

// wantText compares texts.
func wantText(t *testing.T, got, want string) {
	t.Helper()
	if got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}
