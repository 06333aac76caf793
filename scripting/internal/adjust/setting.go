package adjust

import (
	"fmt"

	"github.com/dop251/goja"
	"github.com/rs/zerolog"

	"trackhook/scripting/internal/machine"
)

// configState is what a config carries besides its fields, out of sight of scripts.
type configState struct {
	// startedBy is the method that took the config; empty before.
	startedBy string
	wrong     []wrongValue
	// spelled tells for each field by which setter it was set last.
	spelled map[string]string
}

// wrongValue is a value that version 4 takes and version 5 does not.
type wrongValue struct {
	setter *configSetter
	// before is what the field held; nil where nothing. said is true when the line of version 5 was printed.
	before goja.Value
	said   bool
}

// findState returns the state of a config, nil when there is none.
func (a *API) findState(config *goja.Object) *configState {
	if v := config.GetSymbol(a.stateKey); v != nil {
		if state, ok := v.Export().(*configState); ok {
			return state
		}
	}
	return a.frozen[config]
}

// stateOf returns the state of a config, made where there is none.
func (a *API) stateOf(config *goja.Object) *configState {
	state := a.findState(config)
	if state == nil {
		state = &configState{}
		err := config.DefineDataPropertySymbol(a.stateKey, a.m.VM.ToValue(state), goja.FLAG_FALSE, goja.FLAG_FALSE, goja.FLAG_FALSE)
		if err != nil {
			a.frozen[config] = state
		}
	}
	return state
}

// started returns the method that has taken a config, and whether one has.
func (a *API) started(config *goja.Object) (by string, started bool) {
	state := a.findState(config)
	if state == nil {
		return "", false
	}
	return state.startedBy, state.startedBy != ""
}

// late warns when a config is changed that was taken before.
func (a *API) late(config *goja.Object, setter string) {
	if by, started := a.started(config); started {
		a.plugin.Note(zerolog.WarnLevel, fmt.Sprintf("AdjustConfig.%s has no effect after Adjust.%s: call it before", setter, by))
	}
}

// set is a setter of a config.
func (a *API) set(s *configSetter, call goja.FunctionCall) goja.Value {
	config := call.This.ToObject(a.m.VM)
	a.late(config, s.name)
	value := call.Argument(0)
	switch {
	case s.fixed != nil:
		value = a.m.VM.ToValue(*s.fixed)
	case s.takes(value):
	case !s.shared || a.strict():
		a.console("log", s.complaint())
		return goja.Undefined()
	case a.generation() == 4:
	default:
		wrong := wrongValue{setter: s, before: config.Get(s.field), said: !goja.IsNull(value) && !goja.IsUndefined(value)}
		if wrong.said {
			a.console("log", s.complaint())
		}
		a.stateOf(config).wrong = append(a.stateOf(config).wrong, wrong)
	}
	a.setField(config, s.field, value)
	state := a.stateOf(config)
	if state.spelled == nil {
		state.spelled = map[string]string{}
	}
	state.spelled[s.field] = s.name
	a.noteUnstarted(config, s, value)
	return goja.Undefined()
}

// spelledFive tells whether a listener was registered as in version 5: by the name of its setter, or, where the script
// has written the field itself, by how the config is started.
func (a *API) spelledFive(config *goja.Object, l *configListener, generation int) bool {
	if by := a.stateOf(config).spelled[l.field]; by != "" {
		return by == l.setters[len(l.setters)-1]
	}
	return generation == 5
}

// strictly makes a config what version 5 would have made of the same calls: values of a wrong type never came in.
func (a *API) strictly(config *goja.Object) {
	state := a.stateOf(config)
	for _, wrong := range state.wrong {
		if !wrong.said {
			a.console("log", wrong.setter.complaint())
		}
		if now := config.Get(wrong.setter.field); now != nil && !wrong.setter.takes(now) {
			machine.Must(config.Set(wrong.setter.field, lastRight(state.wrong, wrong.setter)))
		}
	}
	state.wrong = nil
}

// lastRight returns the last value that a field held and that version 5 takes, or null.
func lastRight(wrong []wrongValue, s *configSetter) goja.Value {
	last := goja.Null()
	for _, w := range wrong {
		if w.setter.field == s.field && w.before != nil && s.takes(w.before) {
			last = w.before
		}
	}
	return last
}

// setURLStrategy takes one constant in version 4, and a list of domains and two booleans in version 5.
func (a *API) setURLStrategy(call goja.FunctionCall) goja.Value {
	config := call.This.ToObject(a.m.VM)
	a.late(config, "setUrlStrategy")
	strategy, subdomains, residency := call.Argument(0), call.Argument(1), call.Argument(2)
	list, isObject := strategy.(*goja.Object)
	switch {
	case isObject && list.ClassName() == "Array" && isBoolean(subdomains) && isBoolean(residency):
		machine.Must(config.Set("urlStrategyDomains", strategy))
		machine.Must(config.Set("useSubdomains", subdomains))
		machine.Must(config.Set("isDataResidency", residency))
	case a.generation() != 4 && (len(call.Arguments) > 1 || isObject):
		a.console("log", "[Adjust] URL strategy parameters are not of a proper data types")
	default:
		machine.Must(config.Set("urlStrategy", strategy))
	}
	return goja.Undefined()
}

func isBoolean(v goja.Value) bool {
	_, ok := v.Export().(bool)
	return ok && !isObjectValue(v)
}

func isObjectValue(v goja.Value) bool {
	_, ok := v.(*goja.Object)
	return ok
}

// setAppSecret stores five values as text. The signatures that they were for are no part of the S2S protocol.
func (a *API) setAppSecret(call goja.FunctionCall) goja.Value {
	config := call.This.ToObject(a.m.VM)
	a.late(config, "setAppSecret")
	for i, field := range []string{"secretId", "info1", "info2", "info3", "info4"} {
		value := call.Argument(i)
		if goja.IsUndefined(value) && !a.dialect.ReactNative {
			panic(a.m.VM.NewTypeError("AdjustConfig.setAppSecret needs five values, such as (1, 2, 3, 4, 5)"))
		}
		if !goja.IsNull(value) && !goja.IsUndefined(value) {
			machine.Must(config.Set(field, value.String()))
		}
	}
	return goja.Undefined()
}

// removed says of a method what the SDK says of it.
func (a *API) removed(goja.FunctionCall) goja.Value {
	a.console("warn", "Calling deprecated function! This functionality has been removed from the SDK.")
	return goja.Undefined()
}

// explainSettings says which settings of a config a host does not follow.
func (a *API) explainSettings(config *goja.Object, strict bool) {
	spelled, said := a.stateOf(config).spelled, map[string]bool{}
	for _, s := range a.api().setters {
		// Two setters of one field are one setting. The one that was called is named, or, where the script has written the
		// field, that of the version.
		by := spelled[s.field]
		if s.effect == used || said[s.field] || by != "" && by != s.name || by == "" && s.twin && (s.fixed != nil) != strict || !a.isSet(config, a.fieldOf(config, s.field)) {
			continue
		}
		said[s.field] = true
		name := "AdjustConfig." + s.name
		switch {
		case s.effect == idle:
			a.once(name)
		case config.Get(a.fieldOf(config, s.field)).ToBoolean():
			a.plugin.Note(zerolog.WarnLevel, name+" is not supported by this host: Adjust is not told")
		}
	}
	if a.isSet(config, "secretId") {
		a.once("AdjustConfig.setAppSecret")
	}
	residency, _ := text(config.Get("isDataResidency"))
	strategy, given := text(config.Get("urlStrategy"))
	switch {
	case residency == "true" || len(strategy) > 4 && strategy[:4] == "data":
		a.plugin.Note(zerolog.WarnLevel, "AdjustConfig.setUrlStrategy is not supported by this host: the endpoint in its configuration decides where data goes")
	case given || a.isSet(config, "urlStrategyDomains"):
		a.once("AdjustConfig.setUrlStrategy")
	}
}

// isSet tells whether a field holds more than its default.
func (a *API) isSet(config *goja.Object, field string) bool {
	v := a.field(config, field)
	return v != nil && !goja.IsUndefined(v) && !v.StrictEquals(a.m.VM.ToValue(0))
}

// field returns a field of an object; nil when it is missing or null. Undefined counts as a value, as in the SDK.
func (a *API) field(object goja.Value, name string) goja.Value {
	v := object.ToObject(a.m.VM).Get(name)
	if v == nil || goja.IsNull(v) {
		return nil
	}
	return v
}

// console prints a line as the script's own console does, also when the script has replaced it.
func (a *API) console(name, text string) {
	if object, ok := a.m.VM.Get("console").(*goja.Object); ok {
		if write, ok := machine.AsFunction(object.Get(name)); ok {
			write(goja.FunctionCall{This: object, Arguments: []goja.Value{a.m.VM.ToValue(text)}})
		}
	}
}
