package adjust

import (
	"cmp"
	"fmt"
	"sync"
	"time"

	"trackhook/engine"
)

// Gate is an [engine.Gate] for a [Deliverer]: for each endpoint a breaker, and a bound on the attempts in flight that
// adapts to how fast the endpoint answers, or finds itself; see GateConfig.FindLimit. Its methods may be called from many goroutines at once.
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
	limiter bound
}

// bound is what bounds the attempts in flight.
type bound interface {
	limit() int
	// why is empty for a bound that does not find itself.
	why() (text string, changed time.Time)
	record(a engine.Attempt, fault bool, now time.Time)
	restart(now time.Time)
}

// Endpoint returns the scheme and host that packages are sent to; see [engine.Gate].
func (g *Gate) Endpoint(app engine.App, kind engine.Kind) string {
	return g.deliverer.target(&engine.Package{App: app, Kind: kind}).name
}

// Room says how many attempts may be in flight; see [engine.Gate].
func (g *Gate) Room(name string) engine.Room {
	now := time.Now()
	g.mu.Lock()
	defer g.mu.Unlock()
	e := g.endpoint(name)
	room := e.breaker.room(now)
	if room.Attempts < 0 {
		room.Attempts = e.limiter.limit()
	}
	room.Why, room.Changed = e.limiter.why()
	return room
}

// Probe has an endpoint tried now; see [engine.Gate].
func (g *Gate) Probe(name string) {
	now := time.Now()
	g.mu.Lock()
	defer g.mu.Unlock()
	e := g.endpoint(name)
	if down := e.breaker.probe(now); !down {
		e.limiter.restart(now)
	}
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
	e.limiter.record(attempt, fault != "", now)
	if recovered := e.breaker.record(fault, attempt.Response.RetryIn, now); recovered {
		e.limiter.restart(now)
	}
}

func (g *Gate) endpoint(name string) *endpoint {
	e := g.endpoints[name]
	if e == nil {
		e = &endpoint{breaker: newBreaker(&g.cfg)}
		if g.cfg.FindLimit {
			e.limiter = newFinder(&g.cfg)
		} else {
			e.limiter = newLimiter(&g.cfg)
		}
		g.endpoints[name] = e
	}
	return e
}

// faultOf says why a response means that the endpoint is down for everybody. Empty: it does not mean that. No answer at
// all does, and so does the answer of something that stands between, such as a load balancer or a captive portal:
// anything but the server's JSON, except a 4xx, which is about the request.
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
