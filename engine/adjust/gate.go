package adjust

import (
	"cmp"
	"errors"
	"fmt"
	"sync"
	"time"

	"trackhook/engine"
)

// GateConfig says when an endpoint is held to be down. The zero value is a good start.
type GateConfig struct {
	// MaxInFlight is the most attempts that an endpoint may have in flight; set it to the engine's InFlight. Default 64.
	MaxInFlight int
	// MinInFlight is the fewest to which slow answers reduce them. Default 4, or MaxInFlight when that is less.
	MinInFlight int
	// Faults of the last Window attempts open the breaker. Defaults 16 of 20.
	Faults, Window int
	// Probe is the clock on which single attempts are made while an endpoint is down. Default 5 s to 2 min, jitter 0.5-1.0.
	Probe engine.Backoff
	// Slow is the time below which answers are never too slow. Above it, they are when they take three times what they
	// took before. Default 1 s.
	Slow time.Duration
}

func (c *GateConfig) setDefaults() error {
	c.MaxInFlight = cmp.Or(c.MaxInFlight, 64)
	c.MinInFlight = cmp.Or(c.MinInFlight, min(4, c.MaxInFlight))
	if c.Faults == 0 && c.Window == 0 {
		c.Faults, c.Window = 16, 20
	}
	c.Probe.Base = cmp.Or(c.Probe.Base, 5*time.Second)
	c.Probe.Max = cmp.Or(c.Probe.Max, max(2*time.Minute, c.Probe.Base))
	c.Slow = cmp.Or(c.Slow, time.Second)
	switch {
	case c.MinInFlight < 1 || c.MaxInFlight < c.MinInFlight:
		return errors.New("MinInFlight must be at least 1, and MaxInFlight at least MinInFlight")
	case c.Faults < 1 || c.Window < c.Faults:
		return errors.New("the breaker's Faults must be at least 1, and Window at least Faults")
	case c.Probe.Base < 0 || c.Probe.Max < c.Probe.Base:
		return errors.New("the probe's base must be positive, and max at least base")
	case c.Slow < 0:
		return errors.New("the time Slow must not be negative")
	}
	return nil
}

// Gate is an [engine.Gate] for a [Deliverer]: for each endpoint a breaker, and a bound on the attempts in flight that
// adapts to how fast the endpoint answers. Its methods may be called from many goroutines at once.
type Gate struct {
	cfg       GateConfig
	deliverer *Deliverer

	mu        sync.Mutex
	endpoints map[string]*endpoint // guarded by mu
}

var _ engine.Gate = (*Gate)(nil)

// NewGate makes a gate for the endpoints of a deliverer, all of them up.
func NewGate(d *Deliverer, cfg GateConfig) (*Gate, error) {
	if err := cfg.setDefaults(); err != nil {
		return nil, fmt.Errorf("new adjust gate: %w", err)
	}
	return &Gate{cfg: cfg, deliverer: d, endpoints: map[string]*endpoint{}}, nil
}

// endpoint is one server. The gate's lock guards it.
type endpoint struct {
	breaker breaker
	tide    tide
}

// Endpoint returns the scheme and host that packages are sent to; see [engine.Gate].
func (g *Gate) Endpoint(app engine.App, kind engine.Kind) string {
	u := g.deliverer.target(&engine.Package{App: app, Kind: kind}).url
	return u.Scheme + "://" + u.Host
}

// Room says how many attempts may be in flight; see [engine.Gate].
func (g *Gate) Room(name string) engine.Room {
	now := time.Now()
	g.mu.Lock()
	defer g.mu.Unlock()
	e := g.endpoint(name)
	room := e.breaker.room(now)
	if room.Attempts < 0 {
		room.Attempts = e.tide.limit()
	}
	return room
}

// Record learns from an attempt; see [engine.Gate].
func (g *Gate) Record(name string, attempt engine.Attempt) {
	now, fault := time.Now(), faultOf(attempt.Response)
	g.mu.Lock()
	defer g.mu.Unlock()
	e := g.endpoint(name)
	if attempt.Term != e.breaker.term {
		return // it began before the endpoint went down or came up
	}
	e.tide.record(attempt.Took, fault != "")
	if recovered := e.breaker.record(fault, attempt.Response.RetryIn, now); recovered {
		e.tide.restart()
	}
}

func (g *Gate) endpoint(name string) *endpoint {
	e := g.endpoints[name]
	if e == nil {
		e = &endpoint{breaker: newBreaker(&g.cfg), tide: newTide(&g.cfg)}
		g.endpoints[name] = e
	}
	return e
}

// faultOf says why a response tells that the endpoint as a whole is down. Empty: it does not. No answer does, and so do
// the answers of what stands in front of a server that is down, or before a network: anything but the server's JSON,
// save a 4xx, which is about the request.
func faultOf(r *engine.Response) string {
	switch {
	case r.Outcome.Success():
		return ""
	case r.Status == 0:
		return cmp.Or(r.Message, "no answer")
	case r.Status >= 400 && r.Status < 500:
		return ""
	}
	if _, object := scan(r.Body); object {
		return ""
	}
	return fmt.Sprintf("status %d: %s", r.Status, cmp.Or(r.Message, "not an answer of the server"))
}
