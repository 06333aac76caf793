package adjust

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"

	"github.com/dop251/goja"
	"github.com/rs/zerolog"

	"trackhook/engine"
)

// change changes the state of the acting device; at the top level of a script, when the load has succeeded. Without a
// device there is no state, which is said once.
func (a *API) change(method string, f func(*registration, *deviceState) []engine.Package) goja.Value {
	a.track(method, func() error {
		// Looked up only now: at the top level, Adjust.create may come after the call.
		reg := a.acting()
		if reg.device == nil {
			a.stateless(method)
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

// stateless says once that a method has nobody to act for.
func (a *API) stateless(method string) {
	if !a.noted[method] {
		a.noted[method] = true
		a.plugin.Note(zerolog.WarnLevel, "Adjust."+method+" has no effect: this host has no device; set device in the configuration, "+
			"or call adjustConfig.setExternalDeviceId before Adjust.create")
	}
}

// view reads the state of the acting device; the zero state when there is none.
func (a *API) view(method string) deviceState {
	reg := a.acting()
	if reg.device == nil {
		a.once("Adjust." + method)
		return deviceState{}
	}
	ctx, cancel := a.context()
	defer cancel()
	state, err := reg.device.view(ctx)
	if err != nil {
		panic(a.m.NewError("Adjust." + method + ": " + err.Error()))
	}
	return state
}

// setEnabled is Adjust.setEnabled, enable and disable. The state survives; a device that was forgotten stays so.
func (a *API) setEnabled(method string, enabled bool) goja.Value {
	return a.change(method, func(reg *registration, s *deviceState) []engine.Package {
		switch {
		case enabled && s.Forgotten:
			a.plugin.Note(zerolog.ErrorLevel, "Re-enabling SDK not possible for forgotten user")
		case enabled == !s.Disabled && enabled:
			a.plugin.Note(zerolog.DebugLevel, "Adjust already enabled")
		case enabled == !s.Disabled:
			a.plugin.Note(zerolog.DebugLevel, "Adjust already disabled")
		default:
			s.Disabled = !enabled
			if enabled && s.SessionCount == 0 && len(a.registrations) > 0 {
				a.plugin.Note(zerolog.DebugLevel, "Detected that install was not tracked at enable time")
				return s.session(a.m.Now(), func(s *deviceState) engine.Package { return a.newSession(reg, s) })
			}
		}
		return nil
	})
}

// isEnabled is Adjust.isEnabled.
func (a *API) isEnabled(call goja.FunctionCall) goja.Value {
	state := a.view("isEnabled")
	return a.reply(call.Argument(0), a.m.VM.ToValue(!state.Disabled && !state.Forgotten))
}

// learn takes over what an answer to the acting device told: its ADID, and that it has opted out.
func (a *API) learn(reg *registration, r *engine.Response) {
	opted := optedOut(r)
	adid := ""
	if r.Package.Kind == engine.KindSession && r.Outcome.Success() {
		adid = r.ADID
	}
	if adid == "" && !opted {
		return
	}
	ctx, cancel := a.context()
	defer cancel()
	err := reg.device.update(ctx, func(s *deviceState) ([]engine.Package, error) {
		if adid != "" {
			s.ADID = adid
		}
		s.Forgotten = s.Forgotten || opted
		return nil, nil
	})
	if err != nil {
		a.plugin.Note(zerolog.WarnLevel, "cannot keep what the server told about this host's device: "+err.Error())
		return
	}
	if adid != "" {
		a.answerQuestions(reg)
	}
}

// optedOut tells whether an answer says that its device has opted out of tracking.
func optedOut(r *engine.Response) bool {
	if !bytes.Contains(r.Body, []byte(`"opted_out"`)) {
		return false
	}
	var body map[string]json.RawMessage
	return json.Unmarshal(r.Body, &body) == nil && jsonText(body["tracking_state"]) == "opted_out"
}

// pushToken is Adjust.setPushToken: the token travels with the next session.
func (a *API) pushToken(call goja.FunctionCall) goja.Value {
	if a.strict() && !goja.IsString(call.Argument(0)) {
		a.console("log", "[Adjust] Push token is not of type string")
		return goja.Undefined()
	}
	token, given := text(call.Argument(0))
	if !given {
		return goja.Undefined()
	}
	return a.change("setPushToken", func(_ *registration, s *deviceState) []engine.Package {
		s.PushToken = token
		return nil
	})
}

// parameterMethod is a method that adds, removes or resets session parameters, which version 5 calls global.
type parameterMethod struct {
	name, kind, operation string
	global                bool
}

// wellTyped checks the arguments as version 5 does, with its words.
func (p *parameterMethod) wellTyped(a *API, key, value goja.Value) bool {
	problem := ""
	switch {
	case !p.global || p.operation == "reset":
	case p.operation == "add" && (!goja.IsString(key) || !goja.IsString(value)):
		problem = "key or value"
	case !goja.IsString(key):
		problem = "key"
	}
	if problem != "" {
		a.console("log", "[Adjust] Global "+strings.ToLower(p.kind)+" parameter "+problem+" is not of type string")
	}
	return problem == ""
}

// sessionParameter adds, removes or resets session parameters, with the SDK's words.
func (a *API) sessionParameter(m *parameterMethod, call goja.FunctionCall) goja.Value {
	key, value := call.Argument(0), call.Argument(1)
	if !m.wellTyped(a, key, value) {
		return goja.Undefined()
	}
	kind, operation := "Session "+m.kind, m.operation
	if m.global {
		kind = "Global " + m.kind
	}
	if operation == "add" && !a.validParam(kind, key, value) {
		return goja.Undefined()
	}
	if operation == "remove" && !a.validParam(kind, key, a.m.VM.ToValue("-")) {
		return goja.Undefined()
	}
	name, text := key.String(), value.String()
	say := func(level zerolog.Level, format string, args ...any) {
		a.plugin.Note(level, fmt.Sprintf(format, args...))
	}
	return a.change(m.name, func(_ *registration, s *deviceState) []engine.Package {
		params := &s.CallbackParams
		if m.kind == "Partner" {
			params = &s.PartnerParams
		}
		old, there := (*params)[name]
		switch {
		case operation == "reset" || operation == "remove" && len(*params) == 0:
			if len(*params) == 0 {
				say(zerolog.WarnLevel, "%s parameters are not set", kind)
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
