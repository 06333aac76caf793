package scripting

import (
	"context"
	"errors"
	"time"

	"github.com/rs/zerolog"

	"trackhook/engine"
	"trackhook/scripting/internal/instance"
	"trackhook/scripting/internal/source"
)

// Where several hosts share a store, each plugin runs on one of them at a time: its timers and what its top level does, too. A
// host that has it on disk, and can load it, stands by: it loads what is saved to see whether that works, lets nothing of it
// run, and takes over when the host that runs it ends, was silent for too long, or has no version of it that works.

// standbyTold is how long another host must run a plugin for it to be told here.
const standbyTold = time.Second

// ownership is what came of asking for a plugin.
type ownership struct {
	ctx     context.Context //nolint:containedctx // handed on at once
	release func()
	err     error
}

// own waits until this host owns the plugin. A store of one host is not asked. False means that ctx ended first.
func (p *plugin) own(ctx context.Context) (owned context.Context, release func(), ok bool) {
	if !p.host.cfg.Engine.Store().Shared() {
		return ctx, func() {}, true
	}
	p.poke(true)
	for {
		select {
		case <-ctx.Done():
			return nil, nil, false
		case <-p.wake:
		}
		for p.looks(ctx) {
			got, again := p.ask(ctx)
			switch {
			case again:
				continue
			case got.err == nil:
				p.mu.Lock()
				p.setStateLocked(Loading)
				p.mu.Unlock()
				p.poke(true) // it is loaded anew, with what the plugin has stored by now
				return got.ctx, got.release, true
			case ctx.Err() != nil || errors.Is(got.err, engine.ErrClosed):
				return nil, nil, false
			}
			p.log.Error().Err(got.err).Dur("pause", storePause).Msg("cannot find out which host runs the plugin; trying again")
			if !wait(ctx, storePause) {
				return nil, nil, false
			}
		}
	}
}

// looks is look, and tells those who wait for it.
func (p *plugin) looks(ctx context.Context) bool {
	fits := p.look(ctx)
	p.triedOnce()
	if p.host.cfg.checked != nil {
		p.host.cfg.checked(p.name)
	}
	return fits
}

// ask asks the store for the plugin until it is this host's, or what is on disk does not work any more: then it says again.
func (p *plugin) ask(ctx context.Context) (got ownership, again bool) {
	asked, cancel := context.WithCancel(ctx)
	result := make(chan ownership, 1)
	p.host.work.Go(func() {
		owned, release, err := p.host.cfg.Engine.Store().Own(asked, engine.OwnListener+p.Name())
		result <- ownership{owned, release, err}
	})
	told := time.AfterFunc(standbyTold, func() { p.log.Info().Msg("another host runs this plugin; this one stands by") })
	defer told.Stop()
	for {
		select {
		case got = <-result:
			if got.err != nil {
				cancel()
				return got, false
			}
			give := got.release
			got.release = func() {
				give()
				cancel()
			}
			return got, false
		case <-p.wake:
			if p.looks(ctx) {
				continue
			}
			cancel()
			if got = <-result; got.err == nil {
				got.release()
			}
			return ownership{}, true
		}
	}
}

// look finds out whether what is on disk can be loaded, without running it.
func (p *plugin) look(ctx context.Context) (fits bool) {
	patient := false
	for torn := 0; ctx.Err() == nil; {
		p.mu.Lock()
		e, rights := p.entry, p.rights
		p.mu.Unlock()
		if last := p.seen; last != nil && last.rights == rights && last.entry.Path == e.Path && !last.graph.Changed() {
			p.mu.Lock()
			if last.works {
				p.setStateLocked(Standby)
			} else {
				p.setStateLocked(Broken)
			}
			p.mu.Unlock()
			return last.works
		}
		if isGone(e.Path) {
			return false // whether the plugin was removed is for the host to say
		}
		if isEmpty(e.Path) && !patient {
			patient = true
			p.pause(ctx, p.host.cfg.emptyPatience)
			continue
		}
		runs, graph, err := p.try(ctx, e)
		if err == nil {
			p.discard(loaded{version: &version{id: graph.Version(), entry: e, instance: runs, graph: graph, release: func() {}}})
		}
		if ctx.Err() != nil {
			return false
		}
		if graph.Changed() && torn < maxTorn {
			torn++
			wait(ctx, p.host.cfg.Debounce)
			continue
		}
		p.seen = &looked{attempt: attempt{entry: e, graph: graph, rights: rights}, works: err == nil}
		p.stand(graph, err)
		return err == nil
	}
	return false
}

// looked is what came of looking at what is on disk.
type looked struct {
	attempt

	works bool
}

// try loads a version that does not run. Nobody hears what it prints.
func (p *plugin) try(ctx context.Context, e source.Entry) (runner, *source.Graph, error) {
	var own *instance.Resources
	if p.host.cfg.isolation(p.name) == InHost {
		var err error
		if own, err = instance.OfflineResources(ctx, p.name, p.host.cfg.Engine.Store()); err != nil {
			return nil, source.NewGraph(p.host.cfg.Dir), err
		}
	}
	return p.startAs(ctx, e, p.host.quiet, own, zerolog.Nop(), func(*Printed) {})
}

// stand shows that this host stands by, or why it cannot.
func (p *plugin) stand(graph *source.Graph, err error) {
	p.mu.Lock()
	p.disk = graph.Version()
	was := p.problem
	if err == nil {
		p.problem = nil
		p.setStateLocked(Standby)
		p.mu.Unlock()
		p.grew(graph)
		return
	}
	problem := problemOf(err, p.host.cfg.Dir)
	p.problem = problem
	p.setStateLocked(Broken)
	p.mu.Unlock()
	p.grew(graph)
	if was == nil || was.Message != problem.Message || was.Line != problem.Line {
		problem.log(p.log.Error().Str("disk", graph.Version())).Msg("plugin broken, this host does not take it over before the next good save")
	}
}

// isBroken tells whether there is no version that could run.
func (p *plugin) isBroken() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.state == Broken
}
