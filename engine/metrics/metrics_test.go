package metrics_test

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"net/http/httptest"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/prometheus/client_golang/prometheus/testutil/promlint"
	"go.uber.org/goleak"

	"trackhook/engine"
	"trackhook/engine/metrics"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// testApp is the app of these tests.
func testApp() engine.App { return engine.App{Token: "abc123def456", Environment: engine.Sandbox} }

// fine and failing are stores that answer and do not.
func fine(context.Context) (engine.Stats, error) {
	return engine.Stats{Queued: 2, Lanes: 3, Leased: 1, Dead: 4, First: 11, Last: 20, Bytes: 4096}, nil
}

func failing(context.Context) (engine.Stats, error) {
	return engine.Stats{}, errors.New("disk on fire")
}

func ask(r *metrics.Recorder, source metrics.Source) *httptest.ResponseRecorder {
	w := httptest.NewRecorder()
	r.Handler(source).ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/metrics", http.NoBody))
	return w
}

// scrape returns the samples of trackhook, by series, and lints the text.
func scrape(t *testing.T, r *metrics.Recorder, source metrics.Source) map[string]string {
	t.Helper()
	w := ask(r, source)
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
		app := testApp()
		var from, to time.Time
		counts := []engine.Count{
			{App: app, Kind: engine.KindEvent, EventToken: "a", Accepted: 3, Ambiguous: 1, Outcomes: map[engine.Outcome]uint64{engine.Delivered: 2}},
			{App: app, Kind: engine.KindEvent, EventToken: "b", Accepted: 4, Outcomes: map[engine.Outcome]uint64{engine.Delivered: 1, engine.Retry: 5}},
		}
		m := metrics.New(app)
		source := metrics.Source{
			Spare:   func() (ready bool, used, cold uint64, there bool) { return true, 3, 2, true },
			Version: "1.2.3", Started: time.Unix(1000, 500e6), Stats: fine,
			Counts: func(_ context.Context, first, last time.Time) ([]engine.Count, error) {
				from, to = first, last
				return counts, nil
			},
			Health: func() []string { return []string{"app x is blocked"} },
			State: func() engine.Health {
				return engine.Health{
					Dead:   []engine.DeadCount{{App: app, Reason: engine.Rejected, Packages: 3}},
					Oldest: time.Now().Add(-90 * time.Second),
					Limits: []engine.EndpointLimit{
						{Endpoint: "https://a.example", Attempts: 288, InFlight: 3, Most: 1024, Why: "slow", Changed: time.Unix(1_735_689_600, 0), Rate: 1.5},
						{Endpoint: "https://b.example", Attempts: 64},
					},
				}
			},
			States: []string{"live", "broken", "stale", "quarantined"},
			Plugins: func() []metrics.Plugin {
				return []metrics.Plugin{
					{
						Name: "live", State: "live", Healthy: true, Runs: 5, Errors: 2, Deaths: 3, SetAside: 1, Reloads: 1, Cursor: 15, Lag: 5,
						P50: 250 * time.Microsecond, P99: 2 * time.Millisecond,
					},
					{Name: "late", State: "quarantined", Cursor: 3, Lag: 17, CursorUnknown: true},
					{Name: "stale", State: "stale", Since: time.Now().Add(-90 * time.Second), Cursor: 4, Lost: 13},
					{Name: "stale", State: "live", Healthy: true}, // the same name twice must not spoil the scrape
					{Name: "odd\xff", State: "broken", Cursor: 20, LostUnknown: true},
				}
			},
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
		m.Breaker("https://s2s.adjust.com", true)
		m.Breaker("https://other.test", false)

		got := scrape(t, m, source)
		wantSamples(t, got, map[string]string{
			`attempts_total{` + appLabels + `,outcome="retry"}`:            "1",
			`attempts_ambiguous_total{` + appLabels + `}`:                  "1",
			`attempt_duration_seconds_bucket{` + appLabels + `,le="0.1"}`:  "0",
			`attempt_duration_seconds_bucket{` + appLabels + `,le="0.25"}`: "1",
			`attempts_in_flight`:                                                      "0",
			`accepted_total{` + appLabels + `,kind="event"}`:                          "1",
			`accepted_total{` + appLabels + `,kind="other"}`:                          "1",
			`accept_duration_seconds_count`:                                           "1",
			`refused_total{reason="invalid"}`:                                         "1",
			`refused_total{reason="full"}`:                                            "1",
			`refused_total{reason="closed"}`:                                          "1",
			`refused_total{reason="failed"}`:                                          "2",
			`app_blocked{` + appLabels + `}`:                                          "1",
			`app_blocks_total{` + appLabels + `}`:                                     "1",
			`breaker_open{endpoint="https://s2s.adjust.com"}`:                         "1",
			`breaker_open{endpoint="https://other.test"}`:                             "0",
			`build_info{go_version="` + goVersion(got) + `",version="1.2.3"}`:         "1",
			`start_time_seconds`:                                                      "1000.5",
			`health_reasons`:                                                          "4",
			`worker_spare`:                                                            "1",
			`worker_starts_total{from="spare"}`:                                       "3",
			`worker_starts_total{from="cold"}`:                                        "2",
			`store_up`:                                                                "1",
			`queue_packages`:                                                          "2",
			`queue_lanes`:                                                             "3",
			`queue_leased`:                                                            "1",
			`dead_letters{` + appLabels + `,reason="rejected"}`:                       "3",
			`dead_letters{app_token="other",environment="other",reason="other"}`:      "1",
			`endpoint_limit{endpoint="https://a.example"}`:                            "288",
			`endpoint_in_flight{endpoint="https://a.example"}`:                        "3",
			`endpoint_rate{endpoint="https://a.example"}`:                             "1.5",
			`endpoint_limit_changed_seconds{endpoint="https://a.example",why="slow"}`: "1.7356896e+09",
			`endpoint_limit{endpoint="https://b.example"}`:                            "64",
			`queue_oldest_seconds`:                                                    "90",
			`log_first_seq`:                                                           "11",
			`log_last_seq`:                                                            "20",
			`store_bytes`:                                                             "4096",
			`plugin_runs_total{plugin="live"}`:                                        "5",
			`plugin_errors_total{plugin="live"}`:                                      "2",
			`plugin_deaths_total{plugin="live"}`:                                      "3",
			`plugin_set_aside_total{plugin="live"}`:                                   "1",
			`plugin_reloads_total{plugin="live"}`:                                     "1",
			`plugin_lag_responses{plugin="live"}`:                                     "5",
			`plugin_state{plugin="live",state="live"}`:                                "1",
			`plugin_state{plugin="live",state="broken"}`:                              "0",
			`plugin_run_p50_seconds{plugin="live"}`:                                   "0.00025",
			`plugin_run_p99_seconds{plugin="live"}`:                                   "0.002",
			`plugin_run_p99_seconds{plugin="stale"}`:                                  "",
			`plugin_state{plugin="late",state="quarantined"}`:                         "1",
			`plugin_lag_responses{plugin="late"}`:                                     "",
			`callback_coverage_ratio{plugin="late"}`:                                  "",
			`plugin_stale_seconds{plugin="live"}`:                                     "0",
			`plugin_stale_seconds{plugin="stale"}`:                                    "90",
			`callback_coverage_ratio{plugin="live"}`:                                  "0.5",
			`callback_missed_responses{plugin="live"}`:                                "0",
			`callback_coverage_ratio{plugin="stale"}`:                                 "0",
			`callback_missed_responses{plugin="stale"}`:                               "13",
			`callback_missed_responses{plugin="odd` + "\uFFFD" + `"}`:                 "",
			`callback_coverage_ratio{plugin="odd` + "\uFFFD" + `"}`:                   "1",
			`today_accepted{` + appLabels + `,kind="event"}`:                          "7",
			`today_ambiguous{` + appLabels + `,kind="event"}`:                         "1",
			`today_responses{` + appLabels + `,kind="event",outcome="delivered"}`:     "3",
			`today_responses{` + appLabels + `,kind="event",outcome="retry"}`:         "5",
		})
		if from != to || from != time.Now().UTC().Truncate(24*time.Hour) {
			t.Errorf("counted %s to %s", from, to)
		}
		m.Blocked(app, false)
		wantSamples(t, scrape(t, m, source), map[string]string{`app_blocked{` + appLabels + `}`: "0", `app_blocks_total{` + appLabels + `}`: "1"})
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
	source := metrics.Source{
		Stats: failing, Plugins: func() []metrics.Plugin { return []metrics.Plugin{{Name: "console", Healthy: true, Runs: 10}} },
		Counts: func(context.Context, time.Time, time.Time) ([]engine.Count, error) {
			t.Error("a store that does not answer was asked again")
			return nil, nil
		},
	}
	wantSamples(t, scrape(t, metrics.New(), source), map[string]string{
		`store_up`: "0", `queue_packages`: "", `health_reasons`: "0", `plugin_runs_total{plugin="console"}`: "10",
		`callback_coverage_ratio{plugin="console"}`: "",
	})
}

// Anybody who may send packages can name an app; the number of series must not follow.
func TestMetricsAreBounded(t *testing.T) {
	m := metrics.New()
	tracker := m.Tracker(trackerFunc(func() error { return nil }))
	var counts []engine.Count
	for n := range 3 * metrics.MaxApps {
		app := engine.App{Token: fmt.Sprintf("abc%09d", n), Environment: engine.Sandbox}
		if err := tracker.Track(t.Context(), engine.Package{App: app, Kind: engine.KindEvent}); err != nil {
			t.Fatal(err)
		}
		counts = append(counts, engine.Count{App: app, Kind: engine.KindEvent, Accepted: 1})
	}
	got := scrape(t, m, metrics.Source{
		Stats: fine, Counts: func(context.Context, time.Time, time.Time) ([]engine.Count, error) { return counts, nil },
	})
	wantSamples(t, got, map[string]string{
		`accepted_total{app_token="other",environment="other",kind="event"}`: strconv.Itoa(2 * metrics.MaxApps),
		`today_accepted{app_token="other",environment="other",kind="event"}`: strconv.Itoa(2 * metrics.MaxApps),
	})
	series := 0
	for name := range got {
		if strings.HasPrefix(name, "accepted_total") {
			series++
		}
	}
	if series != metrics.MaxApps+1 {
		t.Errorf("%d series", series)
	}
}

func TestHandlersMayShareARecorder(t *testing.T) {
	m := metrics.New()
	for range 2 {
		if w := ask(m, metrics.Source{Stats: fine}); w.Code != http.StatusOK {
			t.Errorf("answer %d %s", w.Code, w.Body)
		}
	}
}
