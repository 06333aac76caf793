package scripting

import (
	"context"

	"github.com/dop251/goja"

	"trackhook/scripting/internal/storage"
	"trackhook/scripting/internal/view"
	"trackhook/scripting/internal/web"
)

// webScheduler lets the web functions live in a runtime.
type webScheduler struct {
	rt  *Runtime
	ctx context.Context //nolint:containedctx // the life of the runtime, which no single call owns
}

func (s *webScheduler) Context() context.Context { return s.ctx }

func (s *webScheduler) Reserve(where string) func(func()) {
	deliver := s.rt.machine.Reserve()
	return func(f func()) { deliver(func() { s.rt.within(where, f) }) }
}

func (s *webScheduler) Post(where string, f func()) {
	s.rt.machine.Loop.Post(func() { s.rt.within(where, f) })
}

func (s *webScheduler) Report(where string, thrown goja.Value) {
	response := s.rt.machine.Current
	s.rt.machine.Loop.Post(func() { s.rt.reportFailure(where, s.rt.machine.Thrown(thrown), response) })
}

// within runs f as one guarded run, its promise jobs after it, and reports what goes wrong as an error of where. A nil f
// does nothing.
func (rt *Runtime) within(where string, f func()) {
	if f == nil {
		return
	}
	rt.Ran(where, rt.machine.Attempt(f))
	rt.machine.Checkpoint()
}

// Install makes the web functions known to the machine.
func (rt *Runtime) installWeb() error {
	rt.draft = storage.NewDraft(rt.inst.own.storage)
	options := &web.Options{
		VM: rt.machine.VM, Scheduler: &webScheduler{rt: rt, ctx: rt.machine.Context}, Programs: rt.inst.cfg.shared.web,
		Fetcher: rt.inst.own.fetcher, Storage: rt.draft, Env: rt.inst.cfg.granted().Env,
		IsHostObject: view.IsHostObject, PlainCopy: view.Copy, Now: rt.Now,
	}
	if rt.inst.cfg.probe.virtual() != nil {
		options.After = rt.machine.Timers.After
	}
	w, err := web.Install(options)
	rt.web = w
	return err
}
