package scripting

import (
	"time"

	"github.com/rs/zerolog"

	"trackhook/scripting/internal/machine"
	"trackhook/scripting/internal/script"
	"trackhook/scripting/internal/source"
	"trackhook/scripting/internal/web"
)

// probe watches and drives one instance: tests and replays run plugins in a time of their own, and see everything that
// they do. Its methods may be called on nil, which is an instance that runs by itself. It is not written after the
// instance has started. The functions are called on the runtime's goroutine and must not call into the runtime, save
// setup.
type probe struct {
	// clock is the time of the runtime: of Date, of timers, and of the limit for promises. Nil: the real one.
	clock *clock
	// random is what Math.random returns. Nil: chance.
	random func() float64
	// replay is what the responses say of themselves.
	replay bool
	// line gets what would be logged, and failure the errors of runs. Nil: they are logged.
	line    func(level zerolog.Level, text string)
	failure func(where string, failure *script.Error)
	// setup is called when the globals are there, before the plugin is loaded.
	setup func(m *machine.Machine, w *web.Web) error
	// files is what to load from in place of the disk. Nil: the disk.
	files *source.Kept
}

func (p *probe) virtual() *clock {
	if p == nil {
		return nil
	}
	return p.clock
}

func (p *probe) replays() bool { return p != nil && p.replay }

func (p *probe) said(level zerolog.Level, text string) bool {
	if p == nil || p.line == nil {
		return false
	}
	p.line(level, text)
	return true
}

func (p *probe) failed(where string, failure *script.Error) bool {
	if p == nil || p.failure == nil {
		return false
	}
	p.failure(where, failure)
	return true
}

// NewGraph makes the graph that the instance is loaded from.
func (p *probe) newGraph(root string) *source.Graph {
	g := source.NewGraph(root)
	if p != nil && p.files != nil {
		p.files.Fill(g)
	}
	return g
}

// install makes the machine what the probe wants it to be; on the runtime's goroutine, before the plugin is loaded.
func (p *probe) install(rt *Runtime) error {
	if p == nil {
		return nil
	}
	if p.clock != nil {
		rt.machine.VM.SetTimeSource(p.clock.Now)
	}
	if p.random != nil {
		rt.machine.VM.SetRandSource(p.random)
	}
	if p.setup != nil {
		return p.setup(rt.machine, rt.web)
	}
	return nil
}

// Now is the time of the runtime.
func (rt *Runtime) Now() time.Time {
	if c := rt.inst.cfg.probe.virtual(); c != nil {
		return c.Now()
	}
	return time.Now()
}

// nextWake is when the runtime must wake up by itself for a timer; false: never. In a time that is driven it does so
// only when it has waited long enough for something else.
func (rt *Runtime) nextWake() (time.Time, bool) {
	if c := rt.inst.cfg.probe.virtual(); c != nil {
		waits := rt.machine.Reserved > 0 && (c.done != nil || rt.batch != nil && rt.batch.awaited != nil)
		return c.stalled.Add(c.stall), waits && !c.stalled.IsZero()
	}
	if rt.machine.HeldBack() {
		return time.Time{}, false
	}
	return rt.machine.Timers.Next()
}
