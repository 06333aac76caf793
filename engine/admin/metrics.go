package admin

import (
	"context"
	"errors"
	"strings"
	"sync"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"trackhook/engine"
)

// Metrics are instruments that other parts of a host write to, and /metrics shows. They need not know this package:
// hand them the methods as funcs, or wrap what they are made of. Use [NewMetrics]; all methods may be called by many
// goroutines at once. The number of series is bounded: see [NewMetrics].
type Metrics struct {
	apps names[engine.App]

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

	callbacks *prometheus.HistogramVec
}

const (
	// Apps beyond so many share one label value: any sender may name an app on a host that is open to all.
	maxApps = 100
	other   = "other"
)

// NewMetrics makes instruments. apps have labels of their own from the start; of others, the first come, until 100 have
// one, and the rest share the label value "other".
func NewMetrics(apps ...engine.App) *Metrics {
	app := []string{"app_token", "environment"}
	counter := func(name, help string, labels ...string) *prometheus.CounterVec {
		return prometheus.NewCounterVec(prometheus.CounterOpts{Name: "trackhook_" + name, Help: help}, labels)
	}
	gauge := func(name, help string, labels ...string) *prometheus.GaugeVec {
		return prometheus.NewGaugeVec(prometheus.GaugeOpts{Name: "trackhook_" + name, Help: help}, labels)
	}
	m := &Metrics{
		attempts:  counter("attempts_total", "Attempts that were made, by outcome.", append(app, "outcome")...),
		ambiguous: counter("attempts_ambiguous_total", "Attempts that were sent whole and got no answer: possible duplicates.", app...),
		took: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "trackhook_attempt_duration_seconds", Help: "How long attempts took.",
			Buckets: []float64{.005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10, 30},
		}, app),
		inFlight: prometheus.NewGauge(prometheus.GaugeOpts{
			Name: "trackhook_attempts_in_flight", Help: "Attempts that are being made.",
		}),
		accepted: counter("accepted_total", "Packages that were taken in and are on disk.", append(app, "kind")...),
		refused:  counter("refused_total", "Calls that packages were not taken in from: invalid, full, closed or failed.", "reason"),
		acceptTook: prometheus.NewHistogram(prometheus.HistogramOpts{
			Name: "trackhook_accept_duration_seconds", Help: "How long it took until packages were on disk, by call.",
			Buckets: []float64{.0005, .001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 5},
		}),
		blocked:  gauge("app_blocked", "1 while the server refuses the app as a whole, and its packages wait.", app...),
		blocks:   counter("app_blocks_total", "How often an app became blocked.", app...),
		breakers: gauge("breaker_open", "1 while no attempts are made at an endpoint, because it is down.", "endpoint"),
		callbacks: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "trackhook_callback_duration_seconds", Help: "How long listener calls took.",
			Buckets: []float64{.0001, .0005, .001, .005, .01, .05, .1, .5, 1, 5},
		}, []string{"plugin"}),
	}
	for _, reason := range []string{"invalid", "full", "closed", "failed"} {
		m.refused.WithLabelValues(reason) // 0 is there from the start, so that a rate sees the first
	}
	for _, known := range apps {
		token, environment := m.app(known)
		m.blocked.WithLabelValues(token, environment)
		m.blocks.WithLabelValues(token, environment)
	}
	return m
}

// collectors are all instruments.
func (m *Metrics) collectors() []prometheus.Collector {
	return []prometheus.Collector{
		m.attempts, m.ambiguous, m.took, m.inFlight, m.accepted, m.refused, m.acceptTook, m.blocked, m.blocks, m.breakers, m.callbacks,
	}
}

// app returns the label values of an app.
func (m *Metrics) app(app engine.App) (token, environment string) {
	if !m.apps.admit(app) {
		return other, other
	}
	return label(app.Token), label(string(app.Environment))
}

// Blocked records that an app became blocked, or is no longer.
func (m *Metrics) Blocked(app engine.App, blocked bool) {
	token, environment := m.app(app)
	gauge := m.blocked.WithLabelValues(token, environment)
	if !blocked {
		gauge.Set(0)
		return
	}
	m.blocks.WithLabelValues(token, environment).Inc()
	gauge.Set(1)
}

// Breaker records that attempts at an endpoint, HOST:PORT, are stopped, or are made again.
func (m *Metrics) Breaker(endpoint string, open bool) {
	value := 0.0
	if open {
		value = 1
	}
	m.breakers.WithLabelValues(label(endpoint)).Set(value)
}

// Callback records how long one listener call of a plugin took.
func (m *Metrics) Callback(plugin string, took time.Duration) {
	m.callbacks.WithLabelValues(label(plugin)).Observe(took.Seconds())
}

// Deliverer returns a deliverer that records what comes of the attempts of another.
func (m *Metrics) Deliverer(of engine.Deliverer) engine.Deliverer { return &deliverer{m, of} }

type deliverer struct {
	metrics *Metrics
	of      engine.Deliverer
}

// Deliver makes one attempt.
func (d *deliverer) Deliver(ctx context.Context, delivery engine.Delivery) engine.Response {
	m := d.metrics
	m.inFlight.Inc()
	defer m.inFlight.Dec() // also when the other panics; the engine recovers
	began := time.Now()
	response := d.of.Deliver(ctx, delivery)
	token, environment := m.app(delivery.Package.App)
	m.took.WithLabelValues(token, environment).Observe(time.Since(began).Seconds())
	m.attempts.WithLabelValues(token, environment, response.Outcome.String()).Inc()
	if response.Ambiguous {
		m.ambiguous.WithLabelValues(token, environment).Inc()
	}
	return response
}

// Tracker takes packages in; an [*engine.Engine] is one.
type Tracker interface {
	Track(ctx context.Context, packages ...engine.Package) error
}

// Tracker returns a tracker that records what another takes in. A package with an ID that the store knows counts as
// accepted each time.
func (m *Metrics) Tracker(of Tracker) Tracker { return &tracker{m, of} }

type tracker struct {
	metrics *Metrics
	of      Tracker
}

// Track takes packages in.
func (t *tracker) Track(ctx context.Context, packages ...engine.Package) error {
	m := t.metrics
	began := time.Now()
	err := t.of.Track(ctx, packages...)
	if err != nil {
		_, invalid := errors.AsType[*engine.RefusedError](err)
		switch {
		case invalid:
			m.refused.WithLabelValues("invalid").Inc()
		case errors.Is(err, engine.ErrFull):
			m.refused.WithLabelValues("full").Inc()
		case errors.Is(err, engine.ErrClosed):
			m.refused.WithLabelValues("closed").Inc()
		default:
			m.refused.WithLabelValues("failed").Inc()
		}
		return err
	}
	m.acceptTook.Observe(time.Since(began).Seconds())
	for i := range packages {
		token, environment := m.app(packages[i].App)
		m.accepted.WithLabelValues(token, environment, kind(packages[i].Kind)).Inc()
	}
	return nil
}

// kind is a label value.
func kind(k engine.Kind) string {
	if !k.Known() {
		return other
	}
	return string(k)
}

// label makes text a label value: Prometheus takes UTF-8 only, and would answer nothing at all otherwise.
func label(text string) string { return strings.ToValidUTF8(text, "\uFFFD") }

// names is a set that takes the first maxApps members.
type names[T comparable] struct {
	mu      sync.RWMutex
	members map[T]bool // guarded by mu
}

// admit tells whether a member is in the set, now or from now on.
func (n *names[T]) admit(member T) bool {
	n.mu.RLock()
	known := n.members[member]
	n.mu.RUnlock()
	if known {
		return true
	}
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.members == nil {
		n.members = map[T]bool{}
	}
	if !n.members[member] && len(n.members) >= maxApps {
		return false
	}
	n.members[member] = true
	return true
}
