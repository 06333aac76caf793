package scripting

import (
	"fmt"
	"maps"
	"time"

	"github.com/dop251/goja"
	"github.com/rs/zerolog"

	"trackhook/engine"
)

// change changes the state of the acting device; at the top level of a script, when the load has succeeded. Without a
// device there is no state, which is said once.
func (a *adjust) change(method string, f func(*registration, *deviceState) []engine.Package) goja.Value {
	a.track(func() error {
		// Looked up only now: at the top level, Adjust.create may come after the call.
		reg := a.acting()
		if reg.device == nil {
			a.noDevice(method)
			return nil
		}
		ctx, cancel := a.context()
		defer cancel()
		err := reg.device.update(ctx, func(s *deviceState) ([]engine.Package, error) { return f(reg, s), nil })
		if err != nil {
			return fmt.Errorf("Adjust.%s: %w", method, err) //nolint:staticcheck // a name of JavaScript
		}
		return nil
	})
	return goja.Undefined()
}

// noDevice says once that a method has nobody to act for.
func (a *adjust) noDevice(method string) {
	if !a.told[method] {
		a.told[method] = true
		a.rt.note(zerolog.WarnLevel, "Adjust."+method+" has no effect: this host has no device; set device in the configuration, "+
			"or call adjustConfig.setExternalDeviceId before Adjust.create")
	}
}

// view reads the state of the acting device; the zero state when there is none.
func (a *adjust) view(method string) deviceState {
	reg := a.acting()
	if reg.device == nil {
		a.once("Adjust." + method)
		return deviceState{}
	}
	ctx, cancel := a.context()
	defer cancel()
	state, err := reg.device.view(ctx)
	if err != nil {
		panic(a.rt.newError("Adjust." + method + ": " + err.Error()))
	}
	return state
}

// setEnabled is Adjust.setEnabled. The state survives; a device that was forgotten stays so.
func (a *adjust) setEnabled(call goja.FunctionCall) goja.Value {
	enabled := call.Argument(0).ToBoolean()
	return a.change("setEnabled", func(reg *registration, s *deviceState) []engine.Package {
		switch {
		case enabled && s.Forgotten:
			a.rt.note(zerolog.ErrorLevel, "Re-enabling SDK not possible for forgotten user")
		case enabled == !s.Disabled && enabled:
			a.rt.note(zerolog.DebugLevel, "Adjust already enabled")
		case enabled == !s.Disabled:
			a.rt.note(zerolog.DebugLevel, "Adjust already disabled")
		default:
			s.Disabled = !enabled
			if enabled && s.SessionCount == 0 && len(a.registrations) > 0 {
				a.rt.note(zerolog.DebugLevel, "Detected that install was not tracked at enable time")
				now := time.Now()
				return s.session(now, func(s *deviceState) engine.Package {
					p := a.newPackage(reg, engine.KindSession, now)
					maps.Copy(p.Params, reg.sessionParams)
					p.CallbackParams, p.PartnerParams = maps.Clone(s.CallbackParams), maps.Clone(s.PartnerParams)
					return p
				})
			}
		}
		return nil
	})
}

// isEnabled is Adjust.isEnabled.
func (a *adjust) isEnabled(call goja.FunctionCall) goja.Value {
	state := a.view("isEnabled")
	return a.reply(call, a.rt.vm.ToValue(!state.Disabled && !state.Forgotten))
}

// adid is Adjust.getAdid: what the last accepted session told, or null.
func (a *adjust) adid(call goja.FunctionCall) goja.Value {
	state := a.view("getAdid")
	if state.ADID == "" {
		return a.reply(call, goja.Null())
	}
	return a.reply(call, a.rt.vm.ToValue(state.ADID))
}

// attribution is Adjust.getAttribution. S2S hosts are not told any, so it answers what the SDK answers before it knows.
func (a *adjust) attribution(call goja.FunctionCall) goja.Value {
	a.once("Adjust.getAttribution")
	return a.reply(call, a.rt.vm.NewObject())
}

func (a *adjust) reply(call goja.FunctionCall, v goja.Value) goja.Value {
	return a.answer(goja.FunctionCall{Arguments: []goja.Value{call.Argument(0), v}})
}

// learn keeps the ADID that the answer to a session of the acting device told.
func (a *adjust) learn(reg *registration, r *engine.Response) {
	if reg.device == nil || r.ADID == "" || r.Package.Device != reg.device.lane.Device {
		return
	}
	ctx, cancel := a.context()
	defer cancel()
	err := reg.device.update(ctx, func(s *deviceState) ([]engine.Package, error) {
		s.ADID = r.ADID
		return nil, nil
	})
	if err != nil {
		a.rt.note(zerolog.WarnLevel, "cannot keep the adid of this host's device: "+err.Error())
	}
}

// pushToken is Adjust.setPushToken: the token travels with the next session.
func (a *adjust) pushToken(call goja.FunctionCall) goja.Value {
	token, given := text(call.Argument(0))
	if !given {
		return goja.Undefined()
	}
	return a.change("setPushToken", func(_ *registration, s *deviceState) []engine.Package {
		s.PushToken = token
		return nil
	})
}

// sessionParameter adds, removes or resets session parameters, with the SDK's words.
func (a *adjust) sessionParameter(call goja.FunctionCall) goja.Value {
	kind, operation := call.Argument(0).String(), call.Argument(1).String()
	key, value := call.Argument(2), call.Argument(3)
	if operation == "add" && !a.validParam("Session "+kind, key, value) {
		return goja.Undefined()
	}
	if operation == "remove" && !a.validParam("Session "+kind, key, a.rt.vm.ToValue("-")) {
		return goja.Undefined()
	}
	name, text := key.String(), value.String()
	say := func(level zerolog.Level, format string, args ...any) {
		a.rt.note(level, fmt.Sprintf(format, args...))
	}
	return a.change(operation+"Session"+kind+"Parameter", func(_ *registration, s *deviceState) []engine.Package {
		params := &s.CallbackParams
		if kind == "Partner" {
			params = &s.PartnerParams
		}
		old, there := (*params)[name]
		switch {
		case operation == "reset" || operation == "remove" && len(*params) == 0:
			if len(*params) == 0 {
				say(zerolog.WarnLevel, "Session %s parameters are not set", kind)
			}
			*params = nil
		case operation == "remove" && !there:
			say(zerolog.WarnLevel, "Key %s does not exist", name)
		case operation == "remove":
			say(zerolog.DebugLevel, "Key %s will be removed", name)
			delete(*params, name)
		case there && old == text:
			say(zerolog.TraceLevel, "Key %s already present with the same value", name)
		default:
			if there {
				say(zerolog.WarnLevel, "Key %s will be overwritten", name)
			}
			if *params == nil {
				*params = map[string]string{}
			}
			(*params)[name] = text
		}
		return nil
	})
}

// deviceParameter returns an S2S parameter of the acting device; empty when it has none.
func (a *adjust) deviceParameter(call goja.FunctionCall) goja.Value {
	return a.rt.vm.ToValue(a.acting().params[call.Argument(0).String()])
}
