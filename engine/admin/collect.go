package admin

import (
	"context"
	"net/http"
	"runtime"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"trackhook/engine"
)

// scraper makes the handler of /metrics: a registry of its own, with the instruments, what is read at a scrape, and the
// usual metrics of Go and of the process.
func (a *api) scraper() http.Handler {
	registry := prometheus.NewRegistry()
	registry.MustRegister(a.cfg.Metrics.collectors()...)
	registry.MustRegister(&collector{api: a}, collectors.NewGoCollector(),
		collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	return promhttp.HandlerFor(registry, promhttp.HandlerOpts{
		// What can be told is told, also when a part fails.
		ErrorHandling: promhttp.ContinueOnError,
		ErrorLog:      scrapeLog{a},
	})
}

func (a *api) metrics(w http.ResponseWriter, r *http.Request) error {
	a.scrape.ServeHTTP(w, r)
	return nil
}

// scrapeLog logs what goes wrong at a scrape.
type scrapeLog struct{ api *api }

// Println logs one line.
func (l scrapeLog) Println(v ...any) {
	l.api.cfg.Log.Error().Interface("problem", v).Msg("a scrape of the metrics is not whole")
}

// collector reads at a scrape what others keep.
type collector struct{ api *api }

// Describe describes nothing: plugins and apps come and go.
func (c *collector) Describe(chan<- *prometheus.Desc) {}

// Collect reads the store, the plugins and the counts of today.
func (c *collector) Collect(out chan<- prometheus.Metric) {
	ctx, cancel := context.WithTimeout(context.Background(), checkTimeout)
	defer cancel()
	s := sample{out: out, api: c.api}
	s.host()
	stats, err := c.api.cfg.Stats(ctx)
	s.store(stats, err)
	s.plugins(stats, err == nil)
	if c.api.cfg.Inspector != nil && err == nil {
		s.today(ctx)
	}
}

// sample is one scrape.
type sample struct {
	out chan<- prometheus.Metric
	api *api
}

// emit sends one value; labels are pairs.
func (s *sample) emit(kind prometheus.ValueType, name, help string, value float64, labels ...string) {
	var names, values []string
	for i := 0; i < len(labels); i += 2 {
		names, values = append(names, labels[i]), append(values, label(labels[i+1]))
	}
	s.out <- prometheus.MustNewConstMetric(prometheus.NewDesc("trackhook_"+name, help, names, nil), kind, value, values...)
}

func (s *sample) gauge(name, help string, value float64, labels ...string) {
	s.emit(prometheus.GaugeValue, name, help, value, labels...)
}

func (s *sample) counter(name, help string, value float64, labels ...string) {
	s.emit(prometheus.CounterValue, name, help, value, labels...)
}

func (s *sample) host() {
	host := &s.api.cfg.Host
	s.gauge("build_info", "1, with the version of trackhook and of Go as labels.", 1, "version", host.Version, "go_version", runtime.Version())
	if !host.Started.IsZero() {
		s.gauge("start_time_seconds", "When the host started, in seconds since 1970.", float64(host.Started.UnixMilli())/1000)
	}
	s.gauge("health_reasons", "How many reasons /healthz has to call the host degraded.", float64(len(s.api.degraded())))
}

func (s *sample) store(stats engine.Stats, err error) {
	up := 1.0
	if err != nil {
		up = 0
		s.api.cfg.Log.Error().Err(err).Msg("the store does not answer a scrape of the metrics")
	}
	s.gauge("store_up", "1 when the store answers; without it most other metrics are missing.", up)
	if err != nil {
		return
	}
	s.gauge("queue_packages", "Packages in the queue.", float64(stats.Queued))
	s.gauge("queue_lanes", "Devices that have packages in the queue.", float64(stats.Lanes))
	s.gauge("queue_leased", "Packages that are handed out for an attempt.", float64(stats.Leased))
	s.gauge("dead_letters", "Dead letters.", float64(stats.Dead))
	s.gauge("log_first_seq", "Number of the oldest response in the log.", float64(stats.First))
	s.gauge("log_last_seq", "Number of the newest response in the log.", float64(stats.Last))
	s.gauge("store_bytes", "Size of the store on disk.", float64(stats.Bytes))
}

func (s *sample) plugins(stats engine.Stats, haveStats bool) {
	now := time.Now()
	seen := map[string]bool{}
	for _, p := range s.api.cfg.Plugins() {
		if seen[label(p.Name)] {
			continue // the same series twice would spoil the whole scrape
		}
		seen[label(p.Name)] = true
		s.counter("plugin_runs_total", "Listener calls since the host started.", float64(p.Runs), "plugin", p.Name)
		s.counter("plugin_errors_total", "Listener calls that failed, since the host started.", float64(p.Errors), "plugin", p.Name)
		s.counter("plugin_reloads_total", "Swaps to a new version, since the host started.", float64(p.Reloads), "plugin", p.Name)
		if !p.CursorUnknown {
			s.gauge("plugin_lag_responses", "Responses in the log that the plugin has not handled yet.", float64(p.Lag), "plugin", p.Name)
		}
		for _, state := range States() {
			on := 0.0
			if p.State == state {
				on = 1
			}
			s.gauge("plugin_state", "1 for the state that the plugin is in.", on, "plugin", p.Name, "state", string(state))
		}
		stale := 0.0
		if !p.State.Healthy() && !p.Since.IsZero() {
			stale = max(0, now.Sub(p.Since).Seconds())
		}
		s.gauge("plugin_stale_seconds", "How long what lies on disk has been broken and does not run. 0: it runs.", stale, "plugin", p.Name)
		if p.P99 > 0 {
			s.gauge("plugin_run_p50_seconds", "The time that half of the runs of the running version were below, by a sample.", p.P50.Seconds(), "plugin", p.Name)
			s.gauge("plugin_run_p99_seconds", "The time that 99 of 100 runs of the running version were below, by a sample.", p.P99.Seconds(), "plugin", p.Name)
		}
		if haveStats && !p.CursorUnknown {
			covered, missed := coverage(stats, p.Cursor)
			s.gauge("callback_coverage_ratio", "Share of the responses in the log that the plugin is past.", covered, "plugin", p.Name)
			s.gauge("callback_missed_responses",
				"Responses that were removed from the log before the plugin came to them. Anything but 0 is a loss.", missed, "plugin", p.Name)
		}
	}
}

// coverage is the share of the log that a cursor is past, and how many responses were removed in front of it.
func coverage(stats engine.Stats, cursor uint64) (covered, missed float64) {
	if stats.Last == 0 || stats.First == 0 || stats.First > stats.Last {
		return 1, 0
	}
	if cursor+1 < stats.First {
		return 0, float64(stats.First - cursor - 1)
	}
	return float64(min(cursor, stats.Last)-stats.First+1) / float64(stats.Last-stats.First+1), 0
}

// today tells the counts of the current day, UTC, without event tokens, which are too many for labels.
func (s *sample) today(ctx context.Context) {
	now := time.Now().UTC().Truncate(24 * time.Hour)
	rows, err := s.api.cfg.Inspector.Counts(ctx, now, now)
	if err != nil {
		s.api.cfg.Log.Error().Err(err).Msg("the store does not answer a scrape of the metrics")
		return
	}
	// Rows of several event tokens, and of apps without a label of their own, come together in one series.
	type series struct{ token, environment, kind string }
	sums := map[series]*engine.Count{}
	for i := range rows {
		row := &rows[i]
		token, environment := s.api.cfg.Metrics.app(row.App)
		key := series{token, environment, kind(row.Kind)}
		sum := sums[key]
		if sum == nil {
			sum = &engine.Count{Outcomes: map[engine.Outcome]uint64{}}
			sums[key] = sum
		}
		sum.Accepted += row.Accepted
		sum.Ambiguous += row.Ambiguous
		for _, outcome := range engine.Outcomes() {
			sum.Outcomes[outcome] += row.Outcomes[outcome]
		}
	}
	for key, sum := range sums {
		labels := []string{"app_token", key.token, "environment", key.environment, "kind", key.kind}
		s.gauge("today_accepted", "Activities of the current day, UTC, that were taken in; kept across restarts.", float64(sum.Accepted), labels...)
		s.gauge("today_ambiguous", "Possible duplicates among the activities of the current day, UTC.", float64(sum.Ambiguous), labels...)
		for _, outcome := range engine.Outcomes() {
			s.gauge("today_responses", "Responses to the activities of the current day, UTC, by outcome.",
				float64(sum.Outcomes[outcome]), append(labels[:6:6], "outcome", outcome.String())...)
		}
	}
}
