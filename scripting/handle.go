package scripting

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"trackhook/engine"
	"trackhook/scripting/internal/instance"
	"trackhook/scripting/internal/script"
)

// call is one call of Handle at work: a version and a way to ask it to stop after the response in hand.
type call struct {
	version *version
	stop    context.CancelFunc
	done    chan struct{}
}

// Handle runs the current version on responses from the front. While there is none it waits. It returns early when
// another version is to go on.
func (p *plugin) Handle(ctx context.Context, responses []engine.Response) (int, error) {
	v, running := p.begin(ctx)
	if v == nil {
		return 0, nil
	}
	handled, err := v.instance.Handle(running, responses)
	replaced := running.Err() != nil
	if handled > 0 {
		p.mu.Lock()
		p.handled = responses[handled-1].Seq
		p.mu.Unlock()
	}
	p.end()
	p.lastRuns = lastRuns{version: v.id}
	if handled > 0 {
		p.lastRuns.failed = v.instance.Taken(responses[handled-1].Seq)
		if !p.keep(ctx) {
			return 0, nil // they are handed over again at the next start
		}
	}
	if quarantined, ok := errors.AsType[*instance.QuarantineError](err); ok && !replaced {
		p.quarantine(v, quarantined.Reason)
		return handled, nil
	}
	// What goes wrong in a version that is being replaced, or stopped, is over with it.
	if err != nil && !replaced {
		p.lose(v)
		return handled, fmt.Errorf("plugin %s version %s broke down and is started afresh: %w", p.name, v.id, err)
	}
	return handled, nil //nolint:nilerr // see above
}

// lastRuns is how the responses fared that a call of Handle has handled.
type lastRuns struct {
	version string
	failed  map[uint64]string
}

// Runs tells which version has handled the responses of the last call of Handle, and which of them failed and why, by
// their numbers. It is for the goroutine that calls Handle. It implements [engine.Reporter].
func (p *plugin) Runs() engine.Runs {
	return engine.Runs{Version: p.lastRuns.version, Failed: p.lastRuns.failed}
}

// keep writes what the runs have put into localStorage, because they must not count as done before. It returns false
// when ctx ended first; then nothing may be committed.
func (p *plugin) keep(ctx context.Context) bool {
	if p.resources == nil {
		return true // the process has done it
	}
	for told := false; ; told = true {
		// A shutdown must not cut short what takes a moment.
		bounded, cancel := context.WithTimeout(context.WithoutCancel(ctx), instance.CloseWait)
		err := p.resources.Storage.Flush(bounded)
		cancel()
		if err == nil {
			return true
		}
		if !told {
			p.log.Error().Err(err).Msg("cannot write localStorage; responses wait until it can")
		}
		if errors.Is(err, engine.ErrClosed) || !wait(ctx, storePause) {
			return false
		}
	}
}

// begin waits for a version that can run and begins a call. Nil means that ctx ended. The context ends when the
// version is to be replaced.
func (p *plugin) begin(ctx context.Context) (*version, context.Context) {
	for {
		p.mu.Lock()
		if v := p.current; v != nil {
			if !v.begun {
				v.begun, v.after = true, p.handled
			}
			running, stop := context.WithCancel(ctx)
			p.call = &call{version: v, stop: stop, done: make(chan struct{})}
			p.mu.Unlock()
			return v, running
		}
		changed := p.changed
		p.mu.Unlock()
		select {
		case <-ctx.Done():
			return nil, ctx
		case <-changed:
		}
	}
}

// end ends the call.
func (p *plugin) end() {
	p.mu.Lock()
	ended := p.call
	p.call = nil
	p.mu.Unlock()
	ended.stop()
	close(ended.done)
}

// quarantine gives up a version that is not to run again. Responses wait for the next edit.
func (p *plugin) quarantine(v *version, reason *script.Error) {
	problem := problemOf(reason, p.host.cfg.Dir)
	p.mu.Lock()
	mine := p.current == v
	if mine {
		p.current, p.condemned, p.problem = nil, v, problem
		p.leaveLocked(v)
		p.setStateLocked(Quarantined)
	}
	p.mu.Unlock()
	if mine {
		problem.log(p.log.Error().Str("version", v.id)).Msg("plugin quarantined, its responses wait for the next edit")
		p.dismiss(v)
		p.poke(false)
	}
}

// quarantined is quarantine for what an instance tells by itself, from any goroutine. A version that is not the current
// one yet tells again when it is handed responses.
func (p *plugin) quarantined(i runner, reason *script.Error) {
	p.mu.Lock()
	v := p.current
	p.mu.Unlock()
	if v != nil && v.instance == i {
		p.quarantine(v, reason)
	}
}

// giveUp ends all versions of the plugin at once, because the time of the host to stop is over.
func (p *plugin) giveUp() {
	p.mu.Lock()
	all := slices.Clone(p.retiring)
	if p.current != nil {
		all = append(all, p.current)
	}
	p.mu.Unlock()
	for _, v := range all {
		if v.instance.GiveUp() {
			p.log.Warn().Str("version", v.id).Msg("plugin interrupted, because the time to stop is over; the response in hand is handed over again at the next start")
		}
	}
}

// lose gives up a version that cannot run any more, and asks for a fresh one. Until that is there, responses wait.
func (p *plugin) lose(v *version) {
	p.mu.Lock()
	mine := p.current == v
	if mine {
		p.current, p.lost = nil, true
		p.leaveLocked(v)
		p.setStateLocked(Loading)
	}
	p.mu.Unlock()
	if mine {
		p.dismiss(v)
		p.poke(false)
	}
}
