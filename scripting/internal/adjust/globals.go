package adjust

import (
	"maps"
	"slices"
	"strings"

	"github.com/dop251/goja"

	"trackhook/engine"
	"trackhook/scripting/internal/machine"
	"trackhook/scripting/internal/surface"
)

// This file puts the API where scripts find it: as globals, and as modules.

// adjustParts returns what makes each global name of the API that is made late, and the names that the SDKs export.
func adjustParts() (parts map[string]func(*API) goja.Value, exports []string) {
	parts = map[string]func(*API) goja.Value{}
	for _, name := range []string{
		"AdjustConfig", "AdjustEvent", "AdjustAdRevenue", "AdjustThirdPartySharing", "AdjustDeeplink", "AdjustStoreInfo",
		"AdjustAppStoreSubscription", "AdjustPlayStoreSubscription", "AdjustAppStorePurchase", "AdjustPlayStorePurchase",
		"document",
	} {
		parts[name] = func(a *API) goja.Value { return a.part(name) }
	}
	parts["AdjustConfig"] = (*API).configClass
	// These are no part of the SDKs, although their documentation uses them.
	for name, values := range map[string][][2]string{
		"AdjustEnvironment": {{"Sandbox", "sandbox"}, {"Production", "production"}},
		"AdjustLogLevel": {
			{"Verbose", "VERBOSE"},
			{"Debug", "DEBUG"},
			{"Info", "INFO"},
			{"Warn", "WARN"},
			{"Error", "ERROR"},
			{"Assert", "ASSERT"},
			{"Suppress", "SUPPRESS"},
		},
		"AdjustAdRevenueSource": adRevenueConstants(),
	} {
		parts[name] = func(a *API) goja.Value {
			object := a.m.VM.NewObject()
			for _, value := range values {
				machine.Must(object.Set(value[0], value[1]))
			}
			return object
		}
	}
	parts["apps"] = (*API).apps
	for name := range parts {
		if strings.HasPrefix(name, "Adjust") {
			exports = append(exports, name)
		}
	}
	slices.Sort(exports)
	return parts, append([]string{"Adjust"}, exports...)
}

// GlobalNames returns the global names that are made when a script first names them, in no order.
func GlobalNames() []string {
	parts, _ := adjustParts()
	return slices.Collect(maps.Keys(parts))
}

// install defines the globals. The object Adjust is there at once and makes its methods when they are asked for; all
// else is made when it is first named, because a plugin uses two or three of twenty.
func (a *API) install() {
	api := a.api()
	object := a.m.VM.NewDynamicObject(newLazyObject(api.names, func(name string) goja.Value {
		if m := api.methods[name]; m != nil {
			return a.function(name, m)
		}
		return nil
	}))
	a.exports["Adjust"] = object
	a.m.DefineValue("Adjust", object)
	app := a.Devices.cfg.DefaultApp
	a.m.DefineValue("appToken", a.m.VM.ToValue(app.Token))
	a.m.DefineValue("environment", a.m.VM.ToValue(string(app.Environment)))
	a.installLate()
}

// function makes the function of a method.
func (a *API) function(name string, m method) goja.Value {
	return a.m.Function(name, func(call goja.FunctionCall) goja.Value {
		value := m(a, call)
		if record := a.Devices.Record; record != nil {
			a.record(record, name, call)
		}
		return value
	})
}

// export returns what a name of the API stands for, made the first time.
func (a *API) export(name string) goja.Value {
	if a.exports[name] == nil {
		a.exports[name] = a.api().parts[name](a)
	}
	return a.exports[name]
}

// apps makes the list of the apps that this host serves, the default app first.
func (a *API) apps() goja.Value {
	known := knownApps(a.Devices.cfg)
	list := make([]any, 0, len(known))
	add := func(app engine.App) {
		object := a.m.VM.NewObject()
		machine.Must(object.Set("appToken", app.Token))
		machine.Must(object.Set("environment", string(app.Environment)))
		list = append(list, object)
	}
	add(a.Devices.cfg.DefaultApp)
	for _, app := range known {
		if app != a.Devices.cfg.DefaultApp {
			add(app)
		}
	}
	return a.m.VM.NewArray(list...)
}

// part makes one of the things of adjust.js.
func (a *API) part(name string) goja.Value {
	if a.prelude == nil {
		program, err := a.Devices.prelude()
		if err != nil {
			panic(a.m.NewError(err.Error())) // only a mistake in adjust.js leads here
		}
		function, err := a.m.VM.RunProgram(program)
		machine.Must(err)
		a.prelude, _ = machine.AsFunction(function)
	}
	return a.prelude(goja.FunctionCall{Arguments: []goja.Value{a.host(), a.m.VM.ToValue(name)}})
}

// host is what adjust.js is given.
func (a *API) host() goja.Value {
	return a.m.VM.NewDynamicObject(newLazyObject(nil, func(name string) goja.Value {
		f := map[string]func(goja.FunctionCall) goja.Value{
			"strict":      func(goja.FunctionCall) goja.Value { return a.m.VM.ToValue(a.strict()) },
			"reactNative": func(goja.FunctionCall) goja.Value { return a.m.VM.ToValue(a.dialect.ReactNative) },
			"sdkPrefix":   func(goja.FunctionCall) goja.Value { return a.m.VM.ToValue(a.sdkPrefix(max(a.generation(), 4))) },
			"removed":     a.removed,
			"missing":     a.missing,
			"deviceReady": a.onDeviceReady,
			"plain":       a.plain,
		}[name]
		if f == nil {
			return nil
		}
		return a.m.Function(name, f)
	}))
}

// configClass makes AdjustConfig. Its prototype is an ordinary object and inherits the methods.
func (a *API) configClass() goja.Value {
	api := a.api()
	class := a.part("AdjustConfig").ToObject(a.m.VM)
	a.configs = a.m.VM.NewDynamicObject(newLazyObject(api.configNames, func(name string) goja.Value {
		m := api.config[name]
		if m == nil {
			return nil
		}
		return a.m.Function(name, func(call goja.FunctionCall) goja.Value { return m(a, call) })
	}))
	machine.Must(class.Get("prototype").ToObject(a.m.VM).SetPrototype(a.configs))
	for _, constant := range configConstants() {
		machine.Must(class.Set(constant[0], constant[1]))
	}
	return class
}

// isConfig tells whether a value is an AdjustConfig, or of a class that extends it.
func (a *API) isConfig(v goja.Value) bool {
	object, ok := v.(*goja.Object)
	for ok && object != nil && a.configs != nil {
		if object = object.Prototype(); object == a.configs {
			return true
		}
	}
	return false
}

// Module returns the module that a name means for require; false when it is none of the host's own.
func (a *API) Module(name string) (goja.Value, bool) {
	if slices.Contains(surface.AdjustModules(), name) {
		return a.sdk(), true
	}
	if part, ok := strings.CutPrefix(name, surface.CordovaModule+"."); ok && slices.Contains(a.api().exports, part) {
		return a.export(part), true
	}
	return nil, false
}

// sdk returns what a script gets that requires the SDK: every class, the object Adjust, and that object again as the
// default export. It is one object for each runtime.
func (a *API) sdk() *goja.Object {
	if a.module == nil {
		names := append(slices.Clone(a.api().exports), "default")
		a.module = a.m.VM.NewDynamicObject(newLazyObject(names, func(name string) goja.Value {
			switch {
			case name == "default":
				return a.export("Adjust")
			case slices.Contains(a.api().exports, name):
				return a.export(name)
			default:
				return nil
			}
		}))
		// What an import compiles to looks for the mark; it is no export, so it is inherited.
		mark := a.m.VM.NewObject()
		machine.Must(mark.Set("__esModule", true))
		machine.Must(a.module.SetPrototype(mark))
	}
	return a.module
}
