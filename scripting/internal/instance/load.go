package instance

import (
	"errors"
	"fmt"
	"time"

	"github.com/dop251/goja"
	"github.com/rs/zerolog"

	"trackhook/scripting/internal/bound"
	"trackhook/scripting/internal/bundle"
	"trackhook/scripting/internal/machine"
	"trackhook/scripting/internal/regex"
	"trackhook/scripting/internal/script"
	"trackhook/scripting/internal/view"
)

// load makes the machine and runs the top level of the plugin. An error that nobody handles counts as one of the load,
// in a promise too: a plugin that cannot start must not replace one that works.
func (rt *Runtime) load() error {
	rt.Machine.BeginLoad()
	defer rt.Machine.EndLoad()
	var setup error
	// Nothing of the script runs in there, so the limit does not apply.
	if err := rt.Machine.Edge(func() { setup = rt.setup() }); err != nil || setup != nil {
		return rt.failed(errors.Join(err, setup))
	}
	var err error
	if rt.program, err = rt.inst.program(); err != nil {
		return rt.failed(err)
	}
	rt.adjust.Speak(rt.program.dialect)
	if err := rt.Machine.Edge(func() { setup = rt.fillGaps() }); err != nil || setup != nil {
		return rt.failed(errors.Join(err, setup))
	}
	if err := rt.Machine.Edge(func() { setup = rt.boundBuiltins() }); err != nil || setup != nil {
		return rt.failed(errors.Join(err, setup))
	}
	deadline := time.Now().Add(rt.Machine.Limit())
	for _, step := range []func(){rt.topLevel, rt.adjust.DeviceReady} {
		err := rt.Machine.Attempt(step)
		if err == nil {
			err = rt.Machine.Attempt(rt.Machine.RunJobs)
		}
		if err != nil {
			return rt.failed(err)
		}
		if err := rt.startingRejection(); err != nil {
			return err
		}
	}
	if err := rt.awaitTopLevel(deadline); err != nil {
		return err
	}
	if rt.Machine.Lost() {
		return ErrAbandoned
	}
	rt.inst.loaded()
	if rt.inst.isLive() {
		rt.goLive()
	}
	return nil
}

// fillGaps adds what goja lacks of the standard library, for plugins that may look for it. All of it together takes less than a
// fifth of what a runtime takes.
func (rt *Runtime) fillGaps() error {
	p, vm := rt.program, rt.Machine.VM
	for _, gap := range []struct {
		needed bool
		fill   func() error
	}{
		{p.regexps, func() error {
			return regex.Install(regex.Options{VM: vm, Engine: rt.inst.cfg.Shared.regexps, Stop: rt.Machine.Overdue})
		}},
		{p.dates, func() error { return rt.web.DateMethods(bundle.DateTextName, p.datesOtherwise) }},
		{p.locales, rt.web.LocaleMethods},
		{p.locks, func() error { return view.Lockable(vm) }},
		{p.gaps, func() error {
			gaps, err := rt.inst.cfg.Shared.gaps()
			if err == nil {
				_, err = vm.RunProgram(gaps)
			}
			return err
		}},
	} {
		if !gap.needed {
			continue
		}
		if err := gap.fill(); err != nil {
			return fmt.Errorf("fill the gaps of the language: %w", err)
		}
	}
	return nil
}

// boundBuiltins puts bounds around what a script may have parsed, or made by a number, for plugins that may do so: goja would
// end the process.
func (rt *Runtime) boundBuiltins() error {
	if rt.program.bounded == "" {
		return nil
	}
	bounds, err := rt.inst.cfg.Shared.bounds()
	if err != nil {
		return fmt.Errorf("compile the bounds: %w", err)
	}
	install, err := rt.Machine.VM.RunProgram(bounds)
	if err != nil {
		return fmt.Errorf("run the bounds: %w", err)
	}
	f, _ := machine.AsFunction(install)
	guard := func(check func(string) error) goja.Value {
		return rt.Machine.Function("", func(call goja.FunctionCall) goja.Value {
			if goja.IsString(call.Argument(0)) {
				if err := check(call.Argument(0).String()); err != nil {
					panic(rt.Machine.RangeError(err.Error()))
				}
			}
			return call.Argument(0)
		})
	}
	rt.Machine.DefineValue(bundle.EvalGuard, guard(bound.Source))
	f(goja.FunctionCall{This: goja.Undefined(), Arguments: []goja.Value{
		guard(bound.JSON), guard(bound.Source), rt.Machine.VM.ToValue(rt.program.bounded),
	}})
	return nil
}

// topLevel runs the plugin's own code.
func (rt *Runtime) topLevel() {
	rt.installNode()
	if !rt.program.module {
		rt.installRequire()
	}
	value, err := rt.Machine.VM.RunProgram(rt.program.code)
	if err != nil {
		panic(err)
	}
	if rt.program.async {
		rt.top = machine.AsPromise(value)
	}
}

// startingRejection returns the first rejection that nobody handles as an error of the load. That of the top level
// itself is awaited.
func (rt *Runtime) startingRejection() error {
	for _, r := range rt.Machine.Unhandled() {
		if r.Promise != rt.top {
			failure := rt.Machine.Thrown(r.Promise.Result())
			failure.Message += " (in a promise that nobody handles)"
			return failure
		}
	}
	return nil
}

// awaitTopLevel turns the loop until the top level of a module that awaits something has come to its end.
func (rt *Runtime) awaitTopLevel(deadline time.Time) error {
	if rt.top == nil {
		return nil
	}
	defer func() { rt.top = nil }()
	rt.topDeadline = deadline
	alarm := time.NewTimer(0)
	defer alarm.Stop()
	for {
		if err := rt.startingRejection(); err != nil {
			return err
		}
		switch rt.top.State() {
		case goja.PromiseStateFulfilled:
			return nil
		case goja.PromiseStateRejected:
			rt.Machine.Forgive(rt.top)
			return rt.Machine.Thrown(rt.top.Result())
		case goja.PromiseStatePending:
		}
		if !time.Now().Before(deadline) {
			return &script.Error{
				File:    rt.inst.graph.Name(rt.inst.cfg.Entry),
				Message: fmt.Sprintf("the top level awaits something that did not come within the time limit of %s", rt.Machine.Limit()),
			}
		}
		rt.Machine.Wait(alarm)
		if !rt.Machine.Turn() {
			return ErrAbandoned
		}
	}
}

// GoLive keeps what was put into localStorage and sends what was tracked since the load began, the latter once for each
// version, and from now on everything at once; on the runtime's goroutine.
func (rt *Runtime) goLive() {
	rt.Machine.GoLive()
	if err := rt.draft.Publish(); err != nil {
		rt.inst.say(zerolog.WarnLevel, "not all that the top level put into localStorage is kept: "+err.Error(), nil)
	}
	// A runtime that takes over for a broken one of the same version has the same top level, and does not track it again.
	rt.adjust.TrackHeld(!rt.inst.firstToTrack())
	if rt.inst.cfg.OnLive != nil {
		rt.inst.cfg.OnLive()
	}
}

// failed turns an error of the load into what Start returns.
func (rt *Runtime) failed(err error) error {
	if panicked, ok := errors.AsType[*machine.PanicError](err); ok {
		rt.inst.log.Error().Str("plugin", rt.inst.cfg.Name).Str("panic", rt.inst.Redact(fmt.Sprint(panicked.Value))).
			Bytes("stack", panicked.Stack).Msg("internal error while the plugin was loaded")
	}
	return rt.Machine.ScriptError(err)
}
