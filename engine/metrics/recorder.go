package metrics

import (
	"github.com/prometheus/client_golang/prometheus"

	"trackhook/engine"
)

// Recorder holds the instruments that the parts of a host write to while they work. The parts need not know this
// package: hand them the methods as funcs, or wrap what they are made of ([Recorder.Deliverer], [Recorder.Tracker]). Use
// [New]; all methods may be called by many goroutines at once. The number of series is bounded: see [New].
type Recorder struct {
	apps appLabels

	attempts  *prometheus.CounterVec
	ambiguous *prometheus.CounterVec
	took      *prometheus.HistogramVec
	inFlight  prometheus.Gauge

	accepted   *prometheus.CounterVec
	refused    *prometheus.CounterVec
	acceptTook prometheus.Histogram

	blocked  *prometheus.GaugeVec
	blocks   *prometheus.CounterVec
	breakers *prometheus.GaugeVec
}

// New makes instruments. apps have labels of their own from the start; of others, the first come, until [MaxApps] have
// one, and the rest share the label value "other".
func New(apps ...engine.App) *Recorder {
	r := &Recorder{}
	r.makeSending()
	r.makeIntake()
	for _, known := range apps {
		token, environment := r.apps.values(known)
		r.blocked.WithLabelValues(token, environment)
		r.blocks.WithLabelValues(token, environment)
	}
	return r
}

// makeSending makes the instruments for attempts, apps and endpoints.
func (r *Recorder) makeSending() {
	r.attempts = counters("attempts_total", "Attempts that were made, by outcome.", appLabel, environmentLabel, "outcome")
	r.ambiguous = counters("attempts_ambiguous_total",
		"Attempts that were sent whole and got no answer: possible duplicates.", appLabel, environmentLabel)
	r.took = prometheus.NewHistogramVec(prometheus.HistogramOpts{
		Name: "trackhook_attempt_duration_seconds", Help: "How long attempts took.",
		Buckets: []float64{.005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10, 30},
	}, []string{appLabel, environmentLabel})
	r.inFlight = prometheus.NewGauge(prometheus.GaugeOpts{
		Name: "trackhook_attempts_in_flight", Help: "Attempts that are being made.",
	})
	r.blocked = gauges("app_blocked", "1 while the server refuses the app as a whole, and its packages wait.", appLabel, environmentLabel)
	r.blocks = counters("app_blocks_total", "How often an app became blocked.", appLabel, environmentLabel)
	r.breakers = gauges("breaker_open", "1 while no attempts are made at an endpoint, because it is down.", "endpoint")
}

// makeIntake makes the instruments for what is taken in.
func (r *Recorder) makeIntake() {
	r.accepted = counters("accepted_total", "Packages that were taken in and are on disk.", appLabel, environmentLabel, "kind")
	r.refused = counters("refused_total", "Calls that packages were not taken in from: invalid, full, closed or failed.", "reason")
	for _, reason := range []string{reasonInvalid, reasonFull, reasonClosed, reasonFailed} {
		r.refused.WithLabelValues(reason) // 0 is there from the start, so that a rate sees the first
	}
	r.acceptTook = prometheus.NewHistogram(prometheus.HistogramOpts{
		Name: "trackhook_accept_duration_seconds", Help: "How long it took until packages were on disk, by call.",
		Buckets: []float64{.0005, .001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 5},
	})
}

func counters(name, help string, labels ...string) *prometheus.CounterVec {
	return prometheus.NewCounterVec(prometheus.CounterOpts{Name: "trackhook_" + name, Help: help}, labels)
}

func gauges(name, help string, labels ...string) *prometheus.GaugeVec {
	return prometheus.NewGaugeVec(prometheus.GaugeOpts{Name: "trackhook_" + name, Help: help}, labels)
}

// collectors are all instruments.
func (r *Recorder) collectors() []prometheus.Collector {
	return []prometheus.Collector{
		r.attempts, r.ambiguous, r.took, r.inFlight, r.accepted, r.refused, r.acceptTook, r.blocked, r.blocks, r.breakers,
	}
}

// Blocked records that an app became blocked, or is no longer. It fits [engine.Hooks].
func (r *Recorder) Blocked(app engine.App, blocked bool) {
	token, environment := r.apps.values(app)
	gauge := r.blocked.WithLabelValues(token, environment)
	if !blocked {
		gauge.Set(0)
		return
	}
	r.blocks.WithLabelValues(token, environment).Inc()
	gauge.Set(1)
}

// Breaker records that attempts at an endpoint, such as "https://s2s.adjust.com", are stopped, or are made again. It fits
// [engine.Hooks].
func (r *Recorder) Breaker(endpoint string, open bool) {
	value := 0.0
	if open {
		value = 1
	}
	r.breakers.WithLabelValues(label(endpoint)).Set(value)
}
