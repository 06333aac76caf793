package instance

import (
	"strings"
	"time"

	"github.com/rs/zerolog"

	"trackhook/scripting/internal/machine"
	"trackhook/scripting/internal/script"
	"trackhook/scripting/internal/source"
	"trackhook/scripting/internal/web"
)

// Probe watches and drives one instance: tests and replays run plugins in a time of their own, and see everything that
// they do. Its methods may be called on nil, which is an instance that runs by itself. It is not written after the
// instance has started. The functions are called on the runtime's goroutine and must not call into the runtime, save
// setup.
type Probe struct {
	// Clock is the time of the runtime: of Date, of timers, and of the limit for promises. Nil: the real one.
	Clock *Clock
	// Random is what Math.random returns. Nil: chance.
	Random func() float64
	// Replay is what the responses say of themselves.
	Replay bool
	// Line gets what would be logged, and failure the errors of runs. Nil: they are logged.
	Line    func(level zerolog.Level, text string)
	Failure func(where string, failure *script.Error)
	// Setup is called when the globals are there, before the plugin is loaded.
	Setup func(m *machine.Machine, w *web.Web) error
	// Files is what to load from in place of the disk. Nil: the disk.
	Files *source.Kept
}

func (p *Probe) virtual() *Clock {
	if p == nil {
		return nil
	}
	return p.Clock
}

func (p *Probe) replays() bool { return p != nil && p.Replay }

func (p *Probe) said(level zerolog.Level, text string) bool {
	if p == nil || p.Line == nil {
		return false
	}
	p.Line(level, strings.Clone(text))
	return true
}

func (p *Probe) failed(where string, failure *script.Error) bool {
	if p == nil || p.Failure == nil {
		return false
	}
	p.Failure(where, failure)
	return true
}

// NewGraph makes the graph that the instance is loaded from.
func (p *Probe) newGraph(root string) *source.Graph {
	g := source.NewGraph(root)
	if p != nil && p.Files != nil {
		p.Files.Fill(g)
	}
	return g
}

// install makes the machine what the probe wants it to be; on the runtime's goroutine, before the plugin is loaded.
func (p *Probe) install(rt *Runtime) error {
	if p == nil {
		return nil
	}
	if p.Clock != nil {
		rt.Machine.VM.SetTimeSource(p.Clock.Now)
	}
	if p.Random != nil {
		rt.Machine.VM.SetRandSource(p.Random)
	}
	if p.Setup != nil {
		return p.Setup(rt.Machine, rt.web)
	}
	return nil
}

// Now is the time of the runtime.
func (rt *Runtime) Now() time.Time {
	if c := rt.inst.cfg.Probe.virtual(); c != nil {
		return c.Now()
	}
	return time.Now()
}

// nextWake is when the runtime must wake up by itself for a timer; false: never. In a time that is driven it does so
// only when it has waited long enough for something else.
func (rt *Runtime) nextWake() (time.Time, bool) {
	if c := rt.inst.cfg.Probe.virtual(); c != nil {
		waits := rt.Machine.Reserved() > 0 && (c.done != nil || rt.batch != nil && rt.batch.awaited != nil)
		return c.stalled.Add(c.Stall), waits && !c.stalled.IsZero()
	}
	if rt.Machine.HeldBack() {
		return time.Time{}, false
	}
	return rt.Machine.NextTimer()
}
