package engine

import "time"

// Reschedule replaces the clocks of [Config.Schedule] while the engine works. It checks them, and changes nothing before
// apply is called, which cannot fail; an error comes without one. From then on attempts are planned by the new clocks;
// what waits already, waits for as long as it was told to.
func (e *Engine) Reschedule(s Schedule) (apply func(), err error) {
	if err := s.Check(); err != nil {
		return nil, err
	}
	s = s.withDefaults()
	return func() { e.schedule.Store(&s) }, nil
}

// clocks are those that attempts are planned by now.
func (e *Engine) clocks() *Schedule { return e.schedule.Load() }

// Renew says that the server is to judge apps anew, because the tokens that they are sent with were replaced. An app that
// is blocked is probed now, instead of when its clock says; what the server still answers to attempts that began before
// blocks none of them. Call it after the [Deliverer] knows the new tokens. It may wait for the store.
func (e *Engine) Renew(apps ...App) {
	e.mu.Lock()
	g := e.governor
	e.mu.Unlock()
	if g == nil || len(apps) == 0 {
		return // where nothing is sent, Run begins with a probe
	}
	g.renew(apps, time.Now())
	g.sync()
}

// renew begins a new term of the apps.
func (g *governor) renew(apps []App, now time.Time) {
	g.mu.Lock()
	defer g.mu.Unlock()
	for _, name := range apps {
		if a := g.apps[name]; a != nil {
			a.pause.renew(now)
			a.newTerm()
		}
	}
}

// renew makes what began before say nothing about the time after, and the probe of a blocked app due.
func (p *pause) renew(now time.Time) {
	if p.why == PauseBlocked && (p.step == held || p.step == probing) {
		p.waits = 0
		p.hold(now)
		return
	}
	p.term++
}
