package scripting

import (
	"context"
	"reflect"

	"github.com/dop251/goja"
)

// webScheduler lets the web functions live in a runtime.
type webScheduler struct {
	rt  *jsRuntime
	ctx context.Context //nolint:containedctx // the life of the runtime, which no single call owns
}

func (s *webScheduler) context() context.Context { return s.ctx }

func (s *webScheduler) reserve(where string) func(func()) {
	deliver := s.rt.reserve()
	return func(f func()) { deliver(func() { s.rt.within(where, f) }) }
}

func (s *webScheduler) post(where string, f func()) {
	s.rt.loop.post(func() { s.rt.within(where, f) })
}

func (s *webScheduler) report(where string, thrown goja.Value) {
	response := s.rt.current
	s.rt.loop.post(func() { s.rt.reportFailure(where, s.rt.thrown(thrown), response) })
}

// within runs f as one guarded run, its promise jobs after it, and reports what goes wrong as an error of where. A nil f
// does nothing.
func (rt *jsRuntime) within(where string, f func()) {
	if f == nil {
		return
	}
	rt.ranBeside(where, rt.attempt(f))
	rt.checkpoint()
}

// installWeb makes the web functions known to the machine.
func (rt *jsRuntime) installWeb() error {
	rt.draft = newStorageDraft(rt.inst.own.storage)
	options := &webOptions{
		vm: rt.vm, scheduler: &webScheduler{rt: rt, ctx: rt.ctx}, programs: rt.inst.cfg.devices.web,
		fetcher: rt.inst.own.fetcher, storage: rt.draft, env: rt.inst.cfg.granted().Env,
		isHostObject: isHostView, plainCopy: plainCopy, now: rt.now,
	}
	if rt.inst.cfg.probe.virtual() != nil {
		options.after = rt.timers.after
	}
	w, err := installWeb(options)
	rt.web = w
	return err
}

// isHostView tells objects that are Go behind a JavaScript face. localStorage is one that cannot be cloned.
func isHostView(o *goja.Object) bool {
	t := o.ExportType()
	return t != nil && t != reflect.TypeFor[*storageItems]() &&
		(t.Implements(reflect.TypeFor[goja.DynamicObject]()) || t.Implements(reflect.TypeFor[goja.DynamicArray]()))
}
