package instance

import (
	"context"

	"github.com/dop251/goja"
	"github.com/rs/zerolog"

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
	deliver := s.rt.Machine.Reserve()
	return func(f func()) { deliver(func() { s.rt.within(where, f) }) }
}

func (s *webScheduler) Post(where string, f func()) {
	steps := s.rt.Machine.Steps()
	s.rt.Machine.Post(func() { s.rt.Machine.As(steps, func() { s.rt.within(where, f) }) })
}

func (s *webScheduler) Report(where string, thrown goja.Value) {
	response := s.rt.Machine.Current()
	s.rt.Machine.Post(func() { s.rt.reportFailure(where, s.rt.Machine.Thrown(thrown), response) })
}

// within runs f as one guarded run, its promise jobs after it, and reports what goes wrong as an error of where. A nil f
// does nothing.
func (rt *Runtime) within(where string, f func()) {
	if f == nil {
		return
	}
	rt.Ran(where, rt.Machine.Attempt(f))
	rt.Machine.Checkpoint()
}

// Install makes the web functions known to the machine.
func (rt *Runtime) installWeb() error {
	rt.draft = storage.NewDraft(rt.inst.Resources.Storage)
	options := &web.Options{
		VM: rt.Machine.VM, Scheduler: &webScheduler{rt: rt, ctx: rt.Machine.Context}, Programs: rt.inst.cfg.Shared.web,
		Fetcher: rt.inst.Resources.Fetcher, Storage: rt.draft, Env: rt.inst.rights.Env,
		IsHostObject: view.IsHostObject, PlainCopy: view.Copy, Now: rt.Now,
		Note:    func(text string) { rt.Note(zerolog.WarnLevel, text) },
		Builtin: rt.builtin,
	}
	if rt.inst.cfg.Probe.virtual() != nil {
		options.After = rt.Machine.After
	}
	w, err := web.Install(options)
	rt.web = w
	return err
}
