package admin_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/prometheus/client_golang/prometheus/testutil/promlint"

	"trackhook/engine"
	"trackhook/engine/admin"
)

// scrape returns the samples of trackhook, by series, and lints the whole.
func scrape(t *testing.T, cfg admin.Config) map[string]string {
	t.Helper()
	w := ask(admin.New(cfg), "GET", "/metrics")
	if w.Code != 200 || !strings.HasPrefix(w.Header().Get("Content-Type"), "text/plain") {
		t.Fatalf("answer %d %s", w.Code, w.Body)
	}
	text := w.Body.String()
	problems, err := promlint.New(strings.NewReader(text)).Lint()
	for _, problem := range problems {
		if strings.HasPrefix(problem.Metric, "trackhook_") {
			t.Errorf("%s: %s", problem.Metric, problem.Text)
		}
	}
	if err != nil {
		t.Errorf("%v\n%s", err, text)
	}
	samples := map[string]string{}
	for line := range strings.Lines(text) {
		if series, value, ok := strings.Cut(strings.TrimSpace(line), " "); ok && strings.HasPrefix(series, "trackhook_") {
			samples[strings.TrimPrefix(series, "trackhook_")] = value
		}
	}
	return samples
}

// wantSamples checks some series.
func wantSamples(t *testing.T, got, want map[string]string) {
	t.Helper()
	for _, series := range slices.Sorted(maps.Keys(want)) {
		if got[series] != want[series] {
			t.Errorf("%s is %q, want %q", series, got[series], want[series])
		}
	}
}

type delivererFunc func() engine.Response

func (f delivererFunc) Deliver(context.Context, engine.Delivery) engine.Response { return f() }

type trackerFunc func() error

func (f trackerFunc) Track(context.Context, ...engine.Package) error { return f() }

const appLabels = `app_token="abc123def456",environment="sandbox"`

func TestMetrics(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := several()
		app := engine.App{Token: token, Environment: engine.Sandbox}
		f.counts = []engine.Count{
			{App: app, Kind: engine.KindEvent, EventToken: "a", Accepted: 3, Ambiguous: 1, Outcomes: map[engine.Outcome]uint64{engine.Delivered: 2}},
			{App: app, Kind: engine.KindEvent, EventToken: "b", Accepted: 4, Outcomes: map[engine.Outcome]uint64{engine.Delivered: 1, engine.Retry: 5}},
		}
		for range 20 {
			f.respond(response(engine.Delivered, nil))
		}
		f.trim(10)
		m := admin.NewMetrics(app)
		cfg := f.config()
		cfg.Metrics = m
		cfg.Host = admin.Host{Version: "1.2.3", Started: time.Unix(1000, 500e6)}
		cfg.Health = func() []string { return []string{"app x is blocked"} }
		cfg.Plugins = func() []admin.Plugin {
			return []admin.Plugin{
				{Name: "live", State: admin.Live, Runs: 5, Errors: 2, Reloads: 1, Cursor: 15, Lag: 5, P50: 250 * time.Microsecond, P99: 2 * time.Millisecond},
				{Name: "late", State: admin.Quarantined, Cursor: 3, Lag: 17, CursorUnknown: true},
				{Name: "stale", State: admin.BrokenEdit, Since: time.Now().Add(-90 * time.Second), Cursor: 4},
				{Name: "stale", State: admin.Live}, // the same name twice must not spoil the scrape
				{Name: "odd\xff", State: admin.Broken, Cursor: 20},
			}
		}
		ctx := t.Context()
		deliverer := m.Deliverer(delivererFunc(func() engine.Response {
			time.Sleep(200 * time.Millisecond)
			return engine.Response{Outcome: engine.Retry, Ambiguous: true}
		}))
		deliverer.Deliver(ctx, engine.Delivery{Package: engine.Package{App: app}})
		panicking := m.Deliverer(delivererFunc(func() engine.Response { panic("boom") }))
		func() {
			defer func() { _ = recover() }()
			panicking.Deliver(ctx, engine.Delivery{})
		}()
		packages := []engine.Package{{App: app, Kind: engine.KindEvent}, {App: app, Kind: "odd"}}
		for _, err := range []error{
			nil, &engine.RefusedError{}, fmt.Errorf("track: %w", engine.ErrFull), engine.ErrClosed, errors.New("x"), errors.New("y"),
		} {
			if got := m.Tracker(trackerFunc(func() error { return err })).Track(ctx, packages...); !errors.Is(got, err) {
				t.Error(got)
			}
		}
		m.Blocked(app, true)
		m.Breaker("s2s.adjust.com:443", true)
		m.Breaker("other:443", false)
		m.Callback("live", 2*time.Millisecond)

		got := scrape(t, cfg)
		wantSamples(t, got, map[string]string{
			`attempts_total{` + appLabels + `,outcome="retry"}`:            "1",
			`attempts_ambiguous_total{` + appLabels + `}`:                  "1",
			`attempt_duration_seconds_bucket{` + appLabels + `,le="0.1"}`:  "0",
			`attempt_duration_seconds_bucket{` + appLabels + `,le="0.25"}`: "1",
			`attempts_in_flight`:                                                  "0",
			`accepted_total{` + appLabels + `,kind="event"}`:                      "1",
			`accepted_total{` + appLabels + `,kind="other"}`:                      "1",
			`accept_duration_seconds_count`:                                       "1",
			`refused_total{reason="invalid"}`:                                     "1",
			`refused_total{reason="full"}`:                                        "1",
			`refused_total{reason="closed"}`:                                      "1",
			`refused_total{reason="failed"}`:                                      "2",
			`app_blocked{` + appLabels + `}`:                                      "1",
			`app_blocks_total{` + appLabels + `}`:                                 "1",
			`breaker_open{endpoint="s2s.adjust.com:443"}`:                         "1",
			`breaker_open{endpoint="other:443"}`:                                  "0",
			`callback_duration_seconds_count{plugin="live"}`:                      "1",
			`build_info{go_version="` + goVersion(got) + `",version="1.2.3"}`:     "1",
			`start_time_seconds`:                                                  "1000.5",
			`health_reasons`:                                                      "4",
			`store_up`:                                                            "1",
			`queue_packages`:                                                      "2",
			`queue_lanes`:                                                         "0",
			`queue_leased`:                                                        "0",
			`dead_letters`:                                                        "2",
			`log_first_seq`:                                                       "11",
			`log_last_seq`:                                                        "20",
			`store_bytes`:                                                         "4096",
			`plugin_runs_total{plugin="live"}`:                                    "5",
			`plugin_errors_total{plugin="live"}`:                                  "2",
			`plugin_reloads_total{plugin="live"}`:                                 "1",
			`plugin_lag_responses{plugin="live"}`:                                 "5",
			`plugin_state{plugin="live",state="live"}`:                            "1",
			`plugin_state{plugin="live",state="broken"}`:                          "0",
			`plugin_run_p50_seconds{plugin="live"}`:                               "0.00025",
			`plugin_run_p99_seconds{plugin="live"}`:                               "0.002",
			`plugin_run_p99_seconds{plugin="stale"}`:                              "",
			`plugin_state{plugin="late",state="quarantined"}`:                     "1",
			`plugin_lag_responses{plugin="late"}`:                                 "",
			`callback_coverage_ratio{plugin="late"}`:                              "",
			`plugin_stale_seconds{plugin="live"}`:                                 "0",
			`plugin_stale_seconds{plugin="stale"}`:                                "90",
			`callback_coverage_ratio{plugin="live"}`:                              "0.5",
			`callback_missed_responses{plugin="live"}`:                            "0",
			`callback_coverage_ratio{plugin="stale"}`:                             "0",
			`callback_missed_responses{plugin="stale"}`:                           "6",
			`callback_coverage_ratio{plugin="odd` + "\uFFFD" + `"}`:               "1",
			`today_accepted{` + appLabels + `,kind="event"}`:                      "7",
			`today_ambiguous{` + appLabels + `,kind="event"}`:                     "1",
			`today_responses{` + appLabels + `,kind="event",outcome="delivered"}`: "3",
			`today_responses{` + appLabels + `,kind="event",outcome="retry"}`:     "5",
		})
		if f.from != f.to || f.from != time.Now().UTC().Truncate(24*time.Hour) {
			t.Errorf("counted %s to %s", f.from, f.to)
		}
		m.Blocked(app, false)
		wantSamples(t, scrape(t, cfg), map[string]string{`app_blocked{` + appLabels + `}`: "0", `app_blocks_total{` + appLabels + `}`: "1"})
	})
}

func goVersion(samples map[string]string) string {
	for series := range samples {
		if found := regexp.MustCompile(`^build_info\{go_version="([^"]*)"`).FindStringSubmatch(series); found != nil {
			return found[1]
		}
	}
	return ""
}

func TestMetricsOfAFailingStore(t *testing.T) {
	got := scrape(t, admin.Config{Stats: failing, Plugins: somePlugins})
	wantSamples(t, got, map[string]string{`store_up`: "0", `queue_packages`: "", `plugin_runs_total{plugin="console"}`: "10"})
}

// Anybody who may send packages can name an app; the number of series must not follow.
func TestMetricsAreBounded(t *testing.T) {
	m := admin.NewMetrics()
	tracker := m.Tracker(trackerFunc(func() error { return nil }))
	f := newFake()
	for n := range 3 * admin.MaxApps {
		app := engine.App{Token: fmt.Sprintf("abc%09d", n), Environment: engine.Sandbox}
		if err := tracker.Track(t.Context(), engine.Package{App: app, Kind: engine.KindEvent}); err != nil {
			t.Fatal(err)
		}
		f.counts = append(f.counts, engine.Count{App: app, Kind: engine.KindEvent, Accepted: 1})
	}
	cfg := f.config()
	cfg.Metrics = m
	got := scrape(t, cfg)
	wantSamples(t, got, map[string]string{
		`accepted_total{app_token="other",environment="other",kind="event"}`: strconv.Itoa(2 * admin.MaxApps),
		`today_accepted{app_token="other",environment="other",kind="event"}`: strconv.Itoa(2 * admin.MaxApps),
	})
	series := 0
	for name := range got {
		if strings.HasPrefix(name, "accepted_total") {
			series++
		}
	}
	if series != admin.MaxApps+1 {
		t.Errorf("%d series", series)
	}
}

func TestTwoHandlersMayShareMetrics(t *testing.T) {
	cfg := newFake().config()
	cfg.Metrics = admin.NewMetrics()
	for range 2 {
		if w := ask(admin.New(cfg), "GET", "/metrics"); w.Code != 200 {
			_, _ = io.Copy(io.Discard, w.Body)
			t.Errorf("answer %d", w.Code)
		}
	}
}
