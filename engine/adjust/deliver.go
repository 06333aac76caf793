package adjust

import (
	"context"
	"crypto/tls"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"trackhook/engine"
)

// Deliverer makes attempts over HTTP. It is an [engine.Deliverer] and may be used from many goroutines at once.
type Deliverer struct {
	timeout time.Duration
	maxBody int
	agent   string
	rules   *Rules
	tls     *tls.Config
	apps    map[engine.App]targets
	others  targets
	pools   map[string]*pool // by scheme and host
}

var _ engine.Deliverer = (*Deliverer)(nil)

// New makes a deliverer. It connects to nothing yet. The error says which setting is wrong.
func New(cfg Config) (*Deliverer, error) {
	if err := cfg.setDefaults(); err != nil {
		return nil, fmt.Errorf("new adjust deliverer: %w", err)
	}
	secure, err := newTLS(&cfg)
	if err != nil {
		return nil, fmt.Errorf("new adjust deliverer: %w", err)
	}
	d := &Deliverer{
		timeout: cfg.Timeout, maxBody: cfg.MaxBody, agent: cfg.userAgent(), rules: cfg.Rules, tls: secure,
		apps: make(map[engine.App]targets, len(cfg.Apps)), pools: make(map[string]*pool),
	}
	if d.others, err = d.newTargets(&cfg, Settings{}); err != nil {
		return nil, fmt.Errorf("new adjust deliverer: %w", err)
	}
	// In a fixed order, so that the same mistakes give the same error.
	for _, app := range slices.SortedFunc(maps.Keys(cfg.Apps), func(a, b engine.App) int {
		return strings.Compare(a.String(), b.String())
	}) {
		if d.apps[app], err = d.newTargets(&cfg, cfg.Apps[app]); err != nil {
			return nil, fmt.Errorf("new adjust deliverer: app %s: %w", app, err)
		}
	}
	return d, nil
}

// Close closes the connections that are kept, and those of attempts in flight when these end. A later attempt still works;
// its connection is not kept. The error is always nil.
func (d *Deliverer) Close() error {
	for _, p := range d.pools {
		p.close()
	}
	return nil
}

// Rules returns the rules that classify the answers.
func (d *Deliverer) Rules() *Rules { return d.rules }

// Deliver makes one attempt; see [engine.Deliverer]. It fills everything that the contract lists.
func (d *Deliverer) Deliver(ctx context.Context, delivery engine.Delivery) engine.Response {
	return d.rules.Classify(delivery, d.attempt(ctx, &delivery.Package))
}

// An attempt starts over when the connection it got turns out to be closed before anything was sent, but not for ever.
const maxRestarts = 3

// attempt makes the request for a package, and returns what came of it.
func (d *Deliverer) attempt(ctx context.Context, p *engine.Package) Answer {
	s := getScratch()
	defer s.put()
	to := d.target(p)
	t := roundTrip{
		target: to, request: s.request(to, p), deadline: time.Now().Add(d.timeout), timeout: d.timeout, maxBody: d.maxBody,
		revenue: p.Revenue(),
	}
	a, again := t.do(ctx)
	for restarts := 0; again && restarts < maxRestarts; restarts++ {
		a, again = t.do(ctx)
	}
	a.At = time.Now()
	return a
}

// target returns where a package goes.
func (d *Deliverer) target(p *engine.Package) *target {
	all, ok := d.apps[p.App]
	if !ok {
		all = d.others
	}
	if t := all[p.Kind]; t != nil {
		return t
	}
	// The engine refuses other kinds. One that it learns later is sent like an event, to the path of its name.
	return all[engine.KindEvent].withKind(p.Kind)
}
