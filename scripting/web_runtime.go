package scripting

import (
	"context"

	"github.com/dop251/goja"
)

// webScheduler lets the web functions live in a runtime.
type webScheduler struct {
	rt  *Runtime
	ctx context.Context //nolint:containedctx // the life of the runtime, which no single call owns
}

func (s *webScheduler) context() context.Context { return s.ctx }

func (s *webScheduler) reserve(where string) func(func()) {
	deliver := s.rt.machine.reserve()
	return func(f func()) { deliver(func() { s.rt.within(where, f) }) }
}

func (s *webScheduler) post(where string, f func()) {
	s.rt.machine.loop.post(func() { s.rt.within(where, f) })
}

func (s *webScheduler) report(where string, thrown goja.Value) {
	response := s.rt.machine.current
	s.rt.machine.loop.post(func() { s.rt.reportFailure(where, s.rt.machine.thrown(thrown), response) })
}

// within runs f as one guarded run, its promise jobs after it, and reports what goes wrong as an error of where. A nil f
// does nothing.
func (rt *Runtime) within(where string, f func()) {
	if f == nil {
		return
	}
	rt.Ran(where, rt.machine.attempt(f))
	rt.machine.checkpoint()
}

// installWeb makes the web functions known to the machine.
func (rt *Runtime) installWeb() error {
	rt.draft = newStorageDraft(rt.inst.own.storage)
	options := &webOptions{
		vm: rt.machine.vm, scheduler: &webScheduler{rt: rt, ctx: rt.machine.ctx}, programs: rt.inst.cfg.shared.web,
		fetcher: rt.inst.own.fetcher, storage: rt.draft, env: rt.inst.cfg.granted().Env,
		isHostObject: isHostObject, plainCopy: plainCopy, now: rt.Now,
	}
	if rt.inst.cfg.probe.virtual() != nil {
		options.after = rt.machine.timers.after
	}
	w, err := installWeb(options)
	rt.web = w
	return err
}
