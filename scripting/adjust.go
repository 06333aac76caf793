package scripting

import (
	"context"
	_ "embed"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/dop251/goja"
	"github.com/rs/zerolog"

	"trackhook/engine"
)

//go:embed adjust.js
var adjustSource string

func compilePrelude() (*goja.Program, error) {
	return compile(internalPrefix+"adjust.js", adjustSource)
}

// appTokenPlaceholder is what the documentation writes in place of an app token. It means the default app.
const appTokenPlaceholder = "{YourAppToken}"

// adjust is the part of the Adjust API that acts, for one runtime; the classes are in adjust.js. It belongs to the
// runtime's goroutine.
type adjust struct {
	rt *jsRuntime
	// registrations are the configs that Adjust.create has taken, one for each app.
	registrations []*registration
	// held is what the top level tracks; it is sent when the load has succeeded.
	held []func() error
	told map[string]bool // what was said about missing features

	ready     []listener // waiting for deviceready
	readyDone bool
}

// registration is a config as Adjust.create found it.
type registration struct {
	app engine.App
	// The listeners; nil where none was set.
	sessionSucceeded, sessionFailed, eventSucceeded, eventFailed listener
	// device is whom the script acts for; nil when this host has none. params are its S2S parameters, sessionParams
	// those that only sessions carry.
	device                *device
	params, sessionParams map[string]string
}

func newAdjust(rt *jsRuntime) *adjust { return &adjust{rt: rt, told: map[string]bool{}} }

// bridge is what adjust.js is given.
func (a *adjust) bridge() *goja.Object {
	host := a.rt.vm.NewObject()
	for name, f := range map[string]func(goja.FunctionCall) goja.Value{
		"create":                a.create,
		"trackEvent":            a.trackEvent,
		"trackAdRevenue":        a.trackAdRevenue,
		"trackAdRevenuePayload": a.trackAdRevenuePayload,
		"forget":                a.forget,
		"setEnabled":            a.setEnabled,
		"isEnabled":             a.isEnabled,
		"adid":                  a.adid,
		"attribution":           a.attribution,
		"pushToken":             a.pushToken,
		"sessionParameter":      a.sessionParameter,
		"deviceParameter":       a.deviceParameter,
		"unmount":               a.unmount,
		"answer":                a.answer,
		"log":                   a.log,
		"missing":               a.missing,
		"deviceReady":           a.onDeviceReady,
		"plain":                 a.rt.plain,
	} {
		must(host.Set(name, f))
	}
	app := a.rt.inst.cfg.host.DefaultApp
	must(host.Set("appToken", app.Token))
	must(host.Set("environment", string(app.Environment)))
	return host
}

// listenerFor returns the listener that a response is for; nil when there is none.
func (a *adjust) listenerFor(r *engine.Response) listener {
	if r.Repeat {
		return nil
	}
	for _, reg := range a.registrations {
		if reg.app != r.Package.App {
			continue
		}
		success := r.Outcome.Success()
		switch r.Package.Kind {
		case engine.KindSession:
			if success {
				a.learn(reg, r)
				return reg.sessionSucceeded
			}
			return reg.sessionFailed
		case engine.KindEvent:
			if success {
				return reg.eventSucceeded
			}
			return reg.eventFailed
		case engine.KindAdRevenue, engine.KindGDPRForgetDevice:
			return nil // the SDKs have no callback for these
		default:
			return nil
		}
	}
	return nil
}

// create is Adjust.create: it registers what is set in a config, and starts the host's own device.
func (a *adjust) create(call goja.FunctionCall) goja.Value {
	config := call.Argument(0).ToObject(a.rt.vm)
	app := a.appOf(config)
	for _, reg := range a.registrations {
		if reg.app == app {
			a.rt.note(zerolog.WarnLevel, "Adjust already initialized: this plugin has another config of app "+app.String()+
				"; this one has no effect")
			return goja.Undefined()
		}
	}
	reg := &registration{app: app}
	var names []string
	for _, slot := range []struct {
		field, setter string
		listener      *listener
	}{
		{"sessionTrackingSucceededCallback", "setSessionTrackingSucceededCallbackListener", &reg.sessionSucceeded},
		{"sessionTrackingFailedCallback", "setSessionTrackingFailedCallbackListener", &reg.sessionFailed},
		{"eventTrackingSucceededCallback", "setEventTrackingSucceededCallbackListener", &reg.eventSucceeded},
		{"eventTrackingFailedCallback", "setEventTrackingFailedCallbackListener", &reg.eventFailed},
		{"attributionCallback", "setAttributionCallbackListener", nil},
		{"deferredDeeplinkCallback", "setDeferredDeeplinkCallbackListener", nil},
		{"conversionValueUpdatedCallback", "setConversionValueUpdatedCallbackListener", nil},
		{"skad4ConversionValueUpdatedCallback", "setSkad4ConversionValueUpdatedCallbackListener", nil},
	} {
		value := config.Get(slot.field)
		if value == nil || goja.IsNull(value) {
			continue
		}
		// The SDKs take anything here and fail when the callback is due, which may be never.
		fn, ok := asListener(value)
		if !ok {
			panic(a.rt.vm.NewTypeError(fmt.Sprintf("%s needs a function, got %s", slot.setter, inspectText(a.rt.vm, value))))
		}
		if slot.listener == nil {
			a.once("AdjustConfig." + slot.setter)
			continue
		}
		*slot.listener = fn
		names = append(names, strings.TrimSuffix(strings.TrimPrefix(slot.setter, "set"), "CallbackListener"))
	}
	a.checkLogLevel(config)
	a.findDevice(reg, config)
	a.registrations = append(a.registrations, reg)
	a.rt.inst.register(app, names)
	if reg.device != nil {
		a.track(func() error { return a.startDevice(reg) })
	}
	return goja.Undefined()
}

// appOf finds the app that a config names. It throws what the SDK would log, because a plugin that hears nothing for
// ever is worse than one that is broken.
func (a *adjust) appOf(config *goja.Object) engine.App {
	cfg := a.rt.inst.cfg.host
	known := knownApps(cfg)
	token, given := text(config.Get("appToken"))
	if !given {
		panic(a.rt.newError("Missing App Token: give the app's token, or " + appTokenPlaceholder + " for the default app; this host knows " + listApps(known)))
	}
	environment, given := text(config.Get("environment"))
	switch {
	case !given:
		panic(a.rt.newError("Missing environment: give AdjustConfig.EnvironmentSandbox or AdjustConfig.EnvironmentProduction"))
	case !engine.Environment(environment).Known():
		panic(a.rt.newError(fmt.Sprintf("Unknown environment '%s': give AdjustConfig.EnvironmentSandbox or AdjustConfig.EnvironmentProduction", environment)))
	}
	if token == appTokenPlaceholder {
		token = cfg.DefaultApp.Token
	}
	app := engine.App{Token: token, Environment: engine.Environment(environment)}
	if slices.Contains(known, app) {
		return app
	}
	switch {
	case slices.ContainsFunc(known, func(k engine.App) bool { return k.Token == token }):
		panic(a.rt.newError(fmt.Sprintf("App %s is not configured for environment '%s': this host knows %s", token, environment, listApps(known))))
	case len(token) != 12:
		panic(a.rt.newError(fmt.Sprintf("Malformed App Token '%s': it has 12 letters and digits; this host knows %s", token, listApps(known))))
	default:
		panic(a.rt.newError(fmt.Sprintf("Unknown App Token '%s': this host knows %s; add the app to the configuration", token, listApps(known))))
	}
}

func knownApps(cfg *Config) []engine.App {
	if slices.Contains(cfg.Apps, cfg.DefaultApp) {
		return cfg.Apps
	}
	return append([]engine.App{cfg.DefaultApp}, cfg.Apps...)
}

func listApps(apps []engine.App) string {
	names := make([]string, len(apps))
	for i, app := range apps {
		names[i] = app.String()
	}
	return strings.Join(names, ", ")
}

// checkLogLevel says what the SDK says about a log level that does not exist. The host's own level is not a script's
// to choose.
func (a *adjust) checkLogLevel(config *goja.Object) {
	level, given := text(config.Get("logLevel"))
	if !given {
		return
	}
	switch strings.ToUpper(level) {
	case "VERBOSE", "DEBUG", "INFO", "WARN", "ERROR", "ASSERT", "SUPPRESS":
	default:
		a.rt.note(zerolog.ErrorLevel, fmt.Sprintf("Malformed logLevel '%s', falling back to 'info'", level))
	}
}

// findDevice finds whom a config acts for: the host's own device, or one that the config names.
func (a *adjust) findDevice(reg *registration, config *goja.Object) {
	params := maps.Clone(a.rt.inst.cfg.host.Device)
	if params == nil {
		params = map[string]string{}
	}
	if id, given := text(config.Get("externalDeviceId")); given {
		params["external_device_id"] = id
	}
	reg.params = params
	reg.device = a.rt.inst.cfg.devices.device(reg.app, params)
	reg.sessionParams = map[string]string{}
	for field, param := range map[string]string{"defaultTracker": "default_tracker", "isDeviceKnown": "device_known", "needsCost": "needs_cost"} {
		switch s, _ := text(config.Get(field)); s {
		case "", "false":
		case "true":
			reg.sessionParams[param] = "1"
		default:
			reg.sessionParams[param] = s
		}
	}
}

// deviceReady fires the event that mobile scripts wait for. It is part of the load.
func (a *adjust) deviceReady() {
	a.readyDone = true
	ready := a.ready
	a.ready = nil
	event := a.rt.vm.NewObject()
	must(event.Set("type", "deviceready"))
	for _, fn := range ready {
		fn(goja.FunctionCall{This: a.rt.vm.Get("document"), Arguments: []goja.Value{event}})
	}
}

func (a *adjust) onDeviceReady(call goja.FunctionCall) goja.Value {
	fn, ok := asListener(call.Argument(0))
	if !ok {
		return goja.Undefined()
	}
	if !a.readyDone {
		a.ready = append(a.ready, fn)
		return goja.Undefined()
	}
	// It has been: Cordova calls those who come late at once, but not within the call.
	event := a.rt.vm.NewObject()
	must(event.Set("type", "deviceready"))
	a.later(fn, event)
	return goja.Undefined()
}

// unmount drops all listeners.
func (a *adjust) unmount(goja.FunctionCall) goja.Value {
	for _, reg := range a.registrations {
		reg.sessionSucceeded, reg.sessionFailed, reg.eventSucceeded, reg.eventFailed = nil, nil, nil, nil
	}
	return goja.Undefined()
}

// answer calls back with a value, from the loop. A callback that is missing or no function is ignored, as in the SDK.
func (a *adjust) answer(call goja.FunctionCall) goja.Value {
	if fn, ok := asListener(call.Argument(0)); ok {
		a.later(fn, call.Argument(1))
	}
	return goja.Undefined()
}

func (a *adjust) later(fn listener, args ...goja.Value) {
	deliver := a.rt.reserve()
	deliver(func() { a.rt.callback("callback", fn, args) })
}

// log writes a line of the API at a level's name, with the place in the script.
func (a *adjust) log(call goja.FunctionCall) goja.Value {
	level, err := zerolog.ParseLevel(call.Argument(0).String())
	if err != nil {
		level = zerolog.InfoLevel
	}
	a.rt.note(level, call.Argument(1).String())
	return goja.Undefined()
}

// missing says once that this host does not have a feature.
func (a *adjust) missing(call goja.FunctionCall) goja.Value {
	a.once(call.Argument(0).String())
	return goja.Undefined()
}

func (a *adjust) once(feature string) {
	if !a.told[feature] {
		a.told[feature] = true
		a.rt.note(zerolog.DebugLevel, feature+" does nothing on this host")
	}
}

// context bounds what a call of a script may wait for. It must end well before the watchdog loses patience, so that
// the script gets an error that tells the reason.
func (a *adjust) context() (context.Context, context.CancelFunc) {
	return context.WithTimeout(context.Background(), a.rt.guard.limit/2)
}

// text reads a string as the native side of the SDK does: null, undefined, "" and the text "null" count as missing.
func text(v goja.Value) (s string, given bool) {
	if v == nil || goja.IsUndefined(v) || goja.IsNull(v) {
		return "", false
	}
	s = v.String()
	return s, s != "" && s != "null"
}
