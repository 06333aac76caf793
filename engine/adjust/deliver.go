package adjust

import (
	"context"
	"crypto/tls"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"trackhook/engine"
)

// Deliverer makes attempts over HTTP. It is an [engine.Deliverer] and may be used from many goroutines at once.
type Deliverer struct {
	cfg    Config // with its defaults
	agent  string
	tls    *tls.Config
	others targets
	setup  atomic.Pointer[setup]

	mu    sync.Mutex       // held while targets are made
	pools map[string]*pool // by scheme and host; guarded by mu
}

// setup is what [Deliverer.Reconfigure] replaces. It is not written once it is in use: an attempt ends with what it began
// with.
type setup struct {
	apps    map[engine.App]targets
	rules   *Rules
	timeout time.Duration
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
	d := &Deliverer{cfg: cfg, agent: cfg.userAgent(), tls: secure, pools: make(map[string]*pool)}
	if d.others, err = d.newTargets(Settings{}); err != nil {
		return nil, fmt.Errorf("new adjust deliverer: %w", err)
	}
	first, err := d.newSetup(cfg.Apps, cfg.Rules, cfg.Timeout)
	if err != nil {
		return nil, fmt.Errorf("new adjust deliverer: %w", err)
	}
	d.setup.Store(first)
	return d, nil
}

// newSetup makes the targets of all apps.
func (d *Deliverer) newSetup(apps map[engine.App]Settings, rules *Rules, timeout time.Duration) (made *setup, err error) {
	before := d.setup.Load()
	made = &setup{apps: make(map[engine.App]targets, len(apps)), rules: rules, timeout: timeout}
	d.mu.Lock()
	defer d.mu.Unlock()
	// In a fixed order, so that the same mistakes give the same error.
	for _, app := range slices.SortedFunc(maps.Keys(apps), func(a, b engine.App) int {
		return strings.Compare(a.String(), b.String())
	}) {
		if made.apps[app], err = d.newTargets(apps[app]); err != nil {
			return nil, fmt.Errorf("app %s: %w", app, err)
		}
		if before != nil {
			made.apps[app].remember(before.apps[app])
		}
	}
	return made, nil
}

// Close closes the connections that are kept, and those of attempts in flight when these end. A later attempt still works;
// its connection is not kept. The error is always nil.
func (d *Deliverer) Close() error {
	d.mu.Lock()
	defer d.mu.Unlock()
	for _, p := range d.pools {
		p.close()
	}
	return nil
}

// Rules returns the rules that classify the answers.
func (d *Deliverer) Rules() *Rules { return d.setup.Load().rules }

// Deliver makes one attempt; see [engine.Deliverer]. It fills everything that the contract lists.
func (d *Deliverer) Deliver(ctx context.Context, delivery engine.Delivery) engine.Response {
	now := d.setup.Load()
	to := now.target(d, &delivery.Package)
	if to.spare == nil {
		return now.rules.Classify(delivery, d.attempt(ctx, &delivery.Package, to, now))
	}
	return d.withEither(to, &delivery, func(to *target) engine.Response {
		return now.rules.Classify(delivery, d.attempt(ctx, &delivery.Package, to, now))
	})
}

// An attempt starts over when the connection it got turns out to be closed before anything was sent, but not for ever.
const maxRestarts = 3

// attempt makes the request for a package, and returns what came of it. Its time begins here: what an earlier request of
// the same attempt took must not make this one end without an answer.
func (d *Deliverer) attempt(ctx context.Context, p *engine.Package, to *target, now *setup) Answer {
	s := getScratch()
	defer s.put()
	request := s.request(to, p)
	t := roundTrip{
		target: to, request: request, deadline: time.Now().Add(now.timeout), timeout: now.timeout,
		maxBody: d.cfg.MaxBody, revenue: p.Revenue(), form: s.form, query: inQuery(p.Kind), forwarded: deviceAddress(p),
	}
	a, again := t.do(ctx)
	for restarts := 0; again && restarts < maxRestarts; restarts++ {
		a, again = t.do(ctx)
	}
	a.At = time.Now()
	return a
}

// target returns where a package goes now.
func (d *Deliverer) target(p *engine.Package) *target { return d.setup.Load().target(d, p) }

func (s *setup) target(d *Deliverer, p *engine.Package) *target {
	all, ok := s.apps[p.App]
	if !ok {
		all = d.others
	}
	if t := all[p.Kind]; t != nil {
		return t
	}
	// The engine refuses other kinds. One that it learns later is sent like an event, to the path of its name.
	return all[engine.KindEvent].withKind(p.Kind)
}
