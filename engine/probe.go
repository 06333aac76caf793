package engine

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
)

// probeLanes bounds how many lanes of an app a probe hastens. Few wait for a time of their own: what is kept back by a
// blocked app or an endpoint that is down is due, and comes out as soon as it may.
const probeLanes = 10_000

// Probed is what came of a probe.
type Probed struct {
	// Hastened counts the lanes that waited for a later time, and are due now.
	Hastened int
	// Idle: there is nothing to try. Nothing is queued that goes there, or only what waits for a session of its device.
	// Where an app has more than 10,000 devices of which nothing can be tried, this is not found out.
	Idle bool
	// Response is what came of the first attempt that began after the probe. Nil: there was none, or it was not over when
	// ctx ended.
	Response *Response
}

// Probe has apps tried now, because a person says so, and returns what came of the first attempt: what waits for a time
// waits no longer, for at most 10,000 devices of each app. An app that is blocked or asked to slow down is probed, and one
// that is not begins with one attempt at a time as if it had been; so does an endpoint of theirs that is down. The order in
// lanes stays, and so does what waits for a session of its device. It waits for the attempt until ctx ends, which is no error.
func (e *Engine) Probe(ctx context.Context, apps ...App) (Probed, error) {
	for _, app := range apps {
		if !e.cfg.serves(app) {
			return Probed{}, fmt.Errorf("probe: app %s, which is not configured: %w", app, ErrNotFound)
		}
	}
	return e.probe(ctx, &probe{apps: apps})
}

// ProbeEndpoint does as [Engine.Probe] for an endpoint, as [Gate] names it, and those of apps that send anything there: it
// is probed, or begins with one attempt as if it had been down. Apps that are blocked stay blocked, and those that send
// there erasure requests alone go on with all else as before; but what of theirs waits for a time waits no longer, wherever
// it goes. [ErrNotFound] when none of apps sends there.
func (e *Engine) ProbeEndpoint(ctx context.Context, endpoint string, apps ...App) (Probed, error) {
	var known []string
	p := &probe{endpoint: endpoint}
	for _, app := range apps {
		uses := false
		for _, kind := range Kinds() {
			name := e.cfg.Gate.Endpoint(app, kind)
			known = append(known, name)
			uses = uses || name == endpoint
		}
		if uses && e.cfg.serves(app) {
			p.apps = append(p.apps, app)
		}
	}
	if len(p.apps) == 0 {
		slices.Sort(known)
		return Probed{}, fmt.Errorf("probe: nothing is sent to %q, only to %s: %w", endpoint, strings.Join(slices.Compact(known), ", "), ErrNotFound)
	}
	return e.probe(ctx, p)
}

// probe is one that waits for an attempt: of one of its apps, or at its endpoint.
type probe struct {
	apps     []App
	endpoint string
	after    uint64 // the number of the last attempt that began before it
	ended    chan Response
}

func (p *probe) isOf(j *job) bool {
	if p.endpoint != "" {
		return j.endpoint.name == p.endpoint
	}
	return slices.Contains(p.apps, j.app.name)
}

func (e *Engine) probe(ctx context.Context, p *probe) (Probed, error) {
	e.mu.Lock()
	g := e.governor
	e.mu.Unlock()
	if g == nil {
		return Probed{}, errors.New("probe: the engine does not run, so that nothing is sent")
	}
	p.ended = make(chan Response, 1)
	g.probe(p, time.Now())
	defer g.endProbe(p)
	g.sync() // what is hastened must find that few may go at once
	var probed Probed
	for _, app := range p.apps {
		n, err := e.cfg.Store.Hasten(ctx, app, probeLanes)
		probed.Hastened += n
		if err != nil {
			return probed, fmt.Errorf("probe: %w", err)
		}
	}
	return probed, e.awaitProbe(ctx, g, p, &probed)
}

// awaitProbe waits for the first attempt, unless there is nothing to try.
func (e *Engine) awaitProbe(ctx context.Context, g *governor, p *probe, probed *Probed) error {
	if probed.Hastened == 0 || p.endpoint != "" {
		idle, err := e.idle(ctx, p)
		if err != nil && ctx.Err() == nil {
			return fmt.Errorf("probe: %w", err)
		}
		select {
		case response := <-p.ended: // perhaps it was the last one
			probed.Response = &response
			return nil
		default:
		}
		if probed.Idle = idle; idle {
			return nil
		}
	}
	select {
	case response := <-p.ended:
		probed.Response = &response
	case <-ctx.Done():
	case <-g.stopped:
	}
	return nil
}

// idle tells whether nothing is queued that can be tried: what waits for a session of its device cannot, nor what goes to
// another endpoint.
func (e *Engine) idle(ctx context.Context, p *probe) (bool, error) {
	for _, app := range p.apps {
		filter, page := Filter{AppToken: app.Token, Environment: app.Environment}, ""
		for seen := 0; ; {
			lanes, next, err := e.cfg.Store.Lanes(ctx, filter, page, leaseBatch)
			if err != nil {
				return false, err
			}
			for i := range lanes {
				if goes, err := e.goes(ctx, &lanes[i], p.endpoint); goes || err != nil {
					return false, err
				}
			}
			if seen += len(lanes); next == "" {
				break
			}
			if page = next; seen >= probeLanes {
				return false, nil
			}
		}
	}
	return true, nil
}

// goes tells whether the head of a lane can be tried, and at an endpoint, where one is named.
func (e *Engine) goes(ctx context.Context, l *LaneState, endpoint string) (bool, error) {
	if l.Waiting && !l.Leased && l.Due.After(time.Now()) {
		return false, nil
	}
	if endpoint == "" || e.cfg.Gate.Endpoint(l.Lane.App, KindEvent) == endpoint && e.cfg.Gate.Endpoint(l.Lane.App, KindGDPRForgetDevice) == endpoint {
		return true, nil
	}
	head, err := e.cfg.Store.Package(ctx, l.Head)
	switch _, partly := errors.AsType[*PartError](err); {
	case errors.Is(err, ErrNotFound), errors.Is(err, ErrDamaged):
		return true, nil // it has just gone, or nobody can tell
	case err != nil && !partly:
		return false, err
	}
	return e.cfg.Gate.Endpoint(l.Lane.App, head.Package.Kind) == endpoint, nil
}

// probe lets apps, or an endpoint, be tried now, and notes who waits for what comes of it.
func (g *governor) probe(p *probe, now time.Time) {
	g.mu.Lock()
	defer g.mu.Unlock()
	p.after = g.begun
	g.probes = append(g.probes, p)
	if p.endpoint != "" {
		e, _ := g.endpoint(p.endpoint)
		g.probeEndpoint(e)
	}
	g.probeApps(p, now)
	// What is parked may be all that there is, and waits for attempts that hang.
	var f followUp
	for _, e := range g.endpoints {
		g.unpark(e, now, &f)
	}
	if f.next != nil {
		g.proceed(append(f.start, f.next))
	}
}

func (g *governor) probeApps(p *probe, now time.Time) {
	for _, name := range p.apps {
		a, _ := g.app(name)
		if p.endpoint != "" && (a.main.name != p.endpoint || a.pause.step == held || a.pause.step == probing) {
			continue // it sends elsewhere, or waits for something else
		}
		a.pause.probe(g.most, now)
		a.newTerm()
		if p.endpoint == "" && a.main.room.Down != "" {
			g.probeEndpoint(a.main)
		}
	}
}

func (g *governor) probeEndpoint(e *endpoint) {
	g.gate.Probe(e.name)
	g.ask(e)
}

// endProbe forgets who waits.
func (g *governor) endProbe(p *probe) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.probes = slices.DeleteFunc(g.probes, func(other *probe) bool { return other == p })
}

// tellProbes tells those who wait what came of an attempt, and when a blocked app is tried again. The lock is held.
func (g *governor) tellProbes(j *job, response *Response, again time.Time) {
	g.probes = slices.DeleteFunc(g.probes, func(p *probe) bool {
		if j.number <= p.after || !p.isOf(j) {
			return false
		}
		told := *response
		if told.Outcome == Blocked {
			told.NextAttempt = again
		}
		p.ended <- told
		return true
	})
}

// probe begins the probe of an app that is held, and another of one that is probed. One that is not held begins with one attempt at a time.
func (p *pause) probe(most int, now time.Time) {
	switch p.step {
	case held, probing:
		p.waits = 0
		p.probeNow(now)
	case open:
		p.step, p.why, p.ramp, p.goal, p.full = ramping, PauseBlocked, parts, most*parts, most
		p.term++
	case ramping:
		p.term++
	}
}
