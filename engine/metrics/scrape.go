package metrics

import (
	"context"
	"net/http"
	"runtime"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"
	"github.com/rs/zerolog"

	"trackhook/engine"
)

// Source is what is read at each scrape. Stats is required; every other zero field means its default. The funcs may be
// called by many goroutines at once.
type Source struct {
	// Version is that of the host. Default: an empty label value.
	Version string
	// Started is when the host started. Default: it is not told.
	Started time.Time
	// Stats counts the store, such as [engine.Engine.Stats].
	Stats func(context.Context) (engine.Stats, error)
	// Counts reads the reconciliation, such as that of an [engine.Inspector]. Default: the current day is not told.
	Counts func(ctx context.Context, from, to time.Time) ([]engine.Count, error)
	// Plugins returns every plugin. It must not wait for long. Default: there are none.
	Plugins func() []Plugin
	// States lists every state that a plugin can be in. Default: the states are not told.
	States []string
	// Health returns what is wrong beside the plugins, one line each. It must not wait. Default: nothing is.
	Health func() []string
	// State tells what a host knows of its queue beside the counts of the store: dead letters by app and reason, and the
	// oldest package. It must not wait. Default: dead letters are told as one number, and the oldest package is not.
	State func() engine.Health
	// Spare tells whether a process for scripts is ready, and how many processes were needed that were ready, or had to be started
	// then; false: scripts have no processes. It must not wait. Default: they have none.
	Spare func() (ready bool, used, cold uint64, there bool)
	// Log receives failures of a scrape. Default: nothing is logged.
	Log zerolog.Logger
}

// A scrape does not wait longer for the store.
const scrapeTimeout = 3 * time.Second

// Handler makes the handler of /metrics: a registry of its own, with the instruments, what is read from source at a
// scrape, and the usual metrics of Go and of the process. Several handlers may share a Recorder. It panics when
// source.Stats is nil, which is a mistake of the program.
func (r *Recorder) Handler(source Source) http.Handler {
	if source.Stats == nil {
		panic("metrics: Source.Stats is required")
	}
	if source.Plugins == nil {
		source.Plugins = func() []Plugin { return nil }
	}
	if source.Health == nil {
		source.Health = func() []string { return nil }
	}
	registry := prometheus.NewRegistry()
	registry.MustRegister(r.collectors()...)
	registry.MustRegister(&collector{recorder: r, source: source}, collectors.NewGoCollector(),
		collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	return promhttp.HandlerFor(registry, promhttp.HandlerOpts{
		// What can be told is told, also when a part fails.
		ErrorHandling: promhttp.ContinueOnError,
		ErrorLog:      scrapeLog{source.Log},
	})
}

// scrapeLog logs what goes wrong at a scrape.
type scrapeLog struct{ log zerolog.Logger }

// Println logs one line.
func (l scrapeLog) Println(v ...any) {
	l.log.Error().Interface("problem", v).Msg("a scrape of the metrics is incomplete")
}

// collector reads at a scrape what others keep.
type collector struct {
	recorder *Recorder
	source   Source
}

// Describe describes nothing: plugins and apps come and go.
func (c *collector) Describe(chan<- *prometheus.Desc) {}

// Collect reads the store, the plugins and the counts of the current day.
func (c *collector) Collect(out chan<- prometheus.Metric) {
	ctx, cancel := context.WithTimeout(context.Background(), scrapeTimeout)
	defer cancel()
	s := sample{out: out, collector: c}
	plugins := c.source.Plugins()
	s.host(plugins)
	stats, err := c.source.Stats(ctx)
	s.store(stats, err)
	s.plugins(plugins, stats, err == nil)
	if c.source.Counts != nil && err == nil {
		s.today(ctx)
	}
}

// sample is one scrape.
type sample struct {
	*collector
	out chan<- prometheus.Metric
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

// host tells what runs, since when, and how many reasons there are to look at it.
func (s *sample) host(plugins []Plugin) {
	s.gauge("build_info", "1, with the version of trackhook and of Go as labels.", 1, "version", s.source.Version, "go_version", runtime.Version())
	if !s.source.Started.IsZero() {
		s.gauge("start_time_seconds", "When the host started, in seconds since 1970.", float64(s.source.Started.UnixMilli())/1000)
	}
	reasons := len(s.source.Health())
	for i := range plugins {
		if !plugins[i].Healthy {
			reasons++
		}
	}
	s.gauge("health_reasons", "How many reasons /healthz has to call the host degraded.", float64(reasons))
	if s.source.Spare != nil {
		s.spare()
	}
}

// spare tells about the process that is started ahead for scripts.
func (s *sample) spare() {
	ready, used, cold, there := s.source.Spare()
	if !there {
		return
	}
	is := 0.0
	if ready {
		is = 1
	}
	const name, help = "worker_starts_total", "Processes that scripts needed, since the host started: those that were ready, and those that had to be started then."
	s.gauge("worker_spare", "1 while a process is ready for the next script that needs one.", is)
	s.counter(name, help, float64(used), "from", "spare")
	s.counter(name, help, float64(cold), "from", "cold")
}

// limits tells how many attempts endpoints may have in flight.
func (s *sample) limits(all []engine.EndpointLimit) {
	for i := range all {
		l := &all[i]
		s.gauge("endpoint_limit", "How many attempts an endpoint may have in flight.", float64(l.Attempts), "endpoint", l.Endpoint)
		s.gauge("endpoint_in_flight", "How many attempts an endpoint has in flight.", float64(l.InFlight), "endpoint", l.Endpoint)
		s.gauge("endpoint_rate", "Attempts at an endpoint that ended a second, of the last few seconds.", l.Rate, "endpoint", l.Endpoint)
		if l.Why != "" {
			s.gauge("endpoint_limit_changed_seconds", "When the limit of an endpoint changed last, in seconds since 1970, and why.",
				float64(l.Changed.UnixMilli())/1000, "endpoint", l.Endpoint, "why", l.Why)
		}
	}
}

// waiting tells about dead letters and about the oldest package.
func (s *sample) waiting(stats engine.Stats) {
	var state engine.Health
	if s.source.State != nil {
		state = s.source.State()
		oldest := 0.0
		if !state.Oldest.IsZero() {
			oldest = max(0, time.Since(state.Oldest).Seconds())
		}
		s.limits(state.Limits)
		s.gauge("queue_oldest_seconds", "How long the oldest package in the queue has waited, looked up every few seconds.", oldest)
	}
	const name, help = "dead_letters", "Dead letters by app and reason; those that were not looked through are other."
	type series struct{ token, environment, reason string }
	counts, rest := map[series]uint64{}, stats.Dead
	for i := range state.Dead {
		d := &state.Dead[i]
		token, environment := s.recorder.apps.values(d.App)
		n := min(d.Packages, rest) // some may be gone since
		counts[series{token, environment, d.Reason.String()}] += n
		rest -= n
	}
	for of, n := range counts {
		s.gauge(name, help, float64(n), appLabel, of.token, environmentLabel, of.environment, "reason", of.reason)
	}
	if rest > 0 || len(counts) == 0 {
		s.gauge(name, help, float64(rest), appLabel, other, environmentLabel, other, "reason", other)
	}
}

// store tells what the store counts, or that it does not answer.
func (s *sample) store(stats engine.Stats, err error) {
	up := 1.0
	if err != nil {
		up = 0
		s.source.Log.Error().Err(err).Msg("the store does not answer a scrape of the metrics")
	}
	s.gauge("store_up", "1 when the store answers; without it most other metrics are missing.", up)
	if err != nil {
		return
	}
	s.gauge("queue_packages", "Packages in the queue.", float64(stats.Queued))
	s.gauge("queue_lanes", "Devices that have packages in the queue.", float64(stats.Lanes))
	s.gauge("queue_leased", "Packages that are handed out for an attempt.", float64(stats.Leased))
	s.waiting(stats)
	s.gauge("log_first_seq", "Number of the oldest response in the log.", float64(stats.First))
	s.gauge("log_last_seq", "Number of the newest response in the log.", float64(stats.Last))
	s.gauge("store_bytes", "Size of the store on disk.", float64(stats.Bytes))
}
