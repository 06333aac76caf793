package adjust

import (
	"context"
	_ "embed"
	"fmt"
	"slices"
	"strings"

	"github.com/dop251/goja"
	"github.com/rs/zerolog"

	"trackhook/engine"
	"trackhook/scripting/internal/console"
	"trackhook/scripting/internal/machine"
	"trackhook/scripting/internal/script"
	"trackhook/scripting/internal/view"
)

//go:embed adjust.js
var adjustSource string

func compilePrelude() (*goja.Program, error) {
	return machine.Compile(script.OwnPrefix+"adjust.js", adjustSource)
}

// method is a method of Adjust or of AdjustConfig.
type method func(*API, goja.FunctionCall) goja.Value

// definition is what the Adjust API consists of, apart from the classes of adjust.js. It is made once for all plugins
// of a host and never changed.
type definition struct {
	setters     []configSetter
	listeners   []configListener
	config      map[string]method
	configNames []string
	methods     map[string]method
	names       []string
	// parts make the global names, exports are those of them that the SDKs export.
	parts   map[string]func(*API) goja.Value
	exports []string
}

func newDefinition() *definition {
	api := &definition{setters: configSetters(), listeners: configListeners()}
	api.config, api.configNames = configMethods()
	api.methods, api.names = adjustMethods()
	api.parts, api.exports = adjustParts()
	return api
}

// Plugin is the version of a plugin that an API belongs to. All of it is called on the machine's goroutine.
type Plugin interface {
	// Register notes the names of the listeners that the plugin has for an app.
	Register(app engine.App, listeners []string)
	// Unstarted notes the configs that have listeners and were not started; it replaces what was noted before.
	Unstarted(configs []Unstarted)
	// Note logs a line of the host about what the script does at this moment, with its place in the script.
	Note(level zerolog.Level, text string)
}

// API is the Adjust API of one runtime. It belongs to the runtime's goroutine.
type API struct {
	m       *machine.Machine
	plugin  Plugin
	Devices *Devices
	views   *view.Responses
	args    [1]goja.Value
	// registrations are the configs that were started, one for each app.
	registrations []*registration
	// held is what the top level tracks; it is sent when the load has succeeded.
	held  []heldCall
	noted map[string]bool // what was said about missing features
	// module is what require returns for the SDK's names; nil until it is needed.
	module *goja.Object

	ready     []machine.Function // waiting for deviceready
	readyDone bool

	prelude  machine.Function      // makes the classes of adjust.js; nil until one is needed
	exports  map[string]goja.Value // what was made of definition.parts
	configs  *goja.Object          // what all configs inherit their methods from; nil until AdjustConfig is used
	stateKey *goja.Symbol          // where a config carries its configState, unless it is frozen
	frozen   map[*goja.Object]*configState
	calls    []listenerCall // what else is to be called for the response in hand
	Running  string         // names the listener that runs now, where the response does not tell it
	waiting  []*question    // what was asked about the device and is not known yet
	offline  bool

	unstarted []Unstarted // see Plugin.Unstarted
	dialect   Dialect
}

// Dialect is which of the SDKs a script is written for, as its text tells before it runs. The zero value is the Cordova
// SDK, of a version that is known when the first config is started.
type Dialect struct {
	// Generation is the version that holds until a config is started: 4, 5, or 0 where the script asks which of them
	// there is.
	Generation int
	// ReactNative is true for the SDK of React Native.
	ReactNative bool
}

// Speak says which SDK the script is written for. Call it before the script runs.
func (a *API) Speak(d Dialect) { a.dialect = d }

// registration is a config as it was when a script started it.
type registration struct {
	app engine.App
	// generation is the version of the API that the config was started by: 4 or 5.
	generation int
	// The listeners. unmounted is true when all were dropped, and others may take their places.
	sessionSucceeded, sessionFailed, eventSucceeded, eventFailed, attribution, deeplink listener

	unmounted bool
	// device is whom the script acts for; nil when this host has none. params are its S2S parameters, sessionParams
	// those that only sessions carry.
	device                *device
	params, sessionParams map[string]string
	// maxDedupIDs is how many ids are remembered.
	maxDedupIDs int
	// delayed holds what is tracked before Adjust.endFirstSessionDelay, while delaying is true.
	delaying bool
	delayed  []func() error
}

// listener is a function that hears answers. The zero value is none.
type listener struct {
	fn machine.Function
	// five is true when it was registered in the spelling of version 5 of the SDKs, whose jsonResponse is a text.
	five bool
}

// New makes the API in a machine and defines its globals. views makes the objects that listeners get.
func New(m *machine.Machine, plugin Plugin, devices *Devices, views *view.Responses) *API {
	a := &API{
		m: m, plugin: plugin, Devices: devices, views: views, noted: map[string]bool{}, exports: map[string]goja.Value{}, frozen: map[*goja.Object]*configState{}, stateKey: goja.NewSymbol(""),
	}
	a.install()
	return a
}

func (a *API) api() *definition { return a.Devices.api() }

// generation is the version of the SDKs that the script is written for: by which method it has started its first config,
// because that is no guess; before that, what its text tells.
func (a *API) generation() int {
	if len(a.registrations) > 0 {
		return a.registrations[0].generation
	}
	return a.dialect.Generation
}

// strict tells whether the script is written for version 5, whose classes check their arguments.
func (a *API) strict() bool { return a.generation() == 5 }

// create is Adjust.create, and initSDK Adjust.initSdk.
func (a *API) create(call goja.FunctionCall) goja.Value { return a.begin(call, "create", 4) }

func (a *API) initSDK(call goja.FunctionCall) goja.Value { return a.begin(call, "initSdk", 5) }

// begin registers what is set in a config, and starts the host's own device.
func (a *API) begin(call goja.FunctionCall, by string, generation int) goja.Value {
	if !a.isConfig(call.Argument(0)) {
		panic(a.m.VM.NewTypeError(fmt.Sprintf("Adjust.%s needs an AdjustConfig: Adjust.%s(new AdjustConfig(appToken, environment))", by, by)))
	}
	config := call.Argument(0).ToObject(a.m.VM)
	if before, started := a.started(config); started {
		a.plugin.Note(zerolog.WarnLevel, fmt.Sprintf("Adjust.%s was called before with this config; the second call has no effect", before))
		return goja.Undefined()
	}
	if generation == 5 {
		a.strictly(config)
	}
	_ = config.Set("sdkPrefix", a.sdkPrefix(generation)) // the SDKs write it as well; a frozen config cannot take it
	app := a.appOf(config)
	at := slices.IndexFunc(a.registrations, func(reg *registration) bool { return reg.app == app })
	switch {
	case at < 0:
		a.register(config, &registration{app: app, generation: generation})
	case a.registrations[at].unmounted:
		a.registrations[at].unmounted = false
		a.readListeners(config, a.registrations[at])
	default:
		a.plugin.Note(zerolog.WarnLevel, "Adjust already initialized: this plugin has another config of app "+app.String()+
			"; this one has no effect")
	}
	a.stateOf(config).startedBy = by
	a.forgetUnstarted(config)
	return goja.Undefined()
}

// register takes a config.
func (a *API) register(config *goja.Object, reg *registration) {
	a.readListeners(config, reg)
	a.checkLogLevel(config)
	a.explainSettings(config, reg.generation == 5)
	a.findDevice(reg, config)
	a.registrations = append(a.registrations, reg)
	if reg.device != nil || reg.delaying {
		a.startAfterLoad(func() error { return a.startDevice(reg) })
	}
}

// readListeners takes over the listeners that are set in a config.
func (a *API) readListeners(config *goja.Object, reg *registration) {
	var names []string
	for _, l := range a.api().listeners {
		value := a.field(config, l.field)
		if value == nil {
			continue
		}
		// The SDKs take anything here and fail when the callback is due, which may be never.
		fn, ok := machine.AsFunction(value)
		if !ok {
			panic(a.m.VM.NewTypeError(fmt.Sprintf("%s needs a function, got %s", l.name(reg.generation), console.Inspect(a.m.VM, value))))
		}
		if l.slot == nil {
			a.once("AdjustConfig." + l.name(reg.generation))
			continue
		}
		*l.slot(reg) = listener{fn, a.spelledFive(config, &l, reg.generation)}
		names = append(names, strings.TrimSuffix(strings.TrimPrefix(l.action, "set"), "Callback"))
	}
	if reg.deeplink.fn != nil {
		a.nameLinks()
	}
	a.plugin.Register(reg.app, names)
}

// DeviceReady fires the event that mobile scripts wait for. It is part of the load.
func (a *API) DeviceReady() {
	a.readyDone = true
	ready := a.ready
	a.ready = nil
	if len(ready) == 0 {
		return
	}
	event := a.m.VM.NewObject()
	machine.Must(event.Set("type", "deviceready"))
	for _, fn := range ready {
		fn(goja.FunctionCall{This: a.m.VM.Get("document"), Arguments: []goja.Value{event}})
	}
}

func (a *API) onDeviceReady(call goja.FunctionCall) goja.Value {
	fn, ok := machine.AsFunction(call.Argument(0))
	if !ok {
		return goja.Undefined()
	}
	if !a.readyDone {
		a.ready = append(a.ready, fn)
		return goja.Undefined()
	}
	// It has been: Cordova calls those who come late at once, but not within the call.
	event := a.m.VM.NewObject()
	machine.Must(event.Set("type", "deviceready"))
	a.later(fn, event)
	return goja.Undefined()
}

// unmount is Adjust.componentWillUnmount: it drops all listeners. A new config may bring others.
func (a *API) unmount(goja.FunctionCall) goja.Value {
	for _, reg := range a.registrations {
		reg.sessionSucceeded, reg.sessionFailed, reg.eventSucceeded, reg.eventFailed = listener{}, listener{}, listener{}, listener{}
		reg.attribution, reg.deeplink, reg.unmounted = listener{}, listener{}, true
	}
	return goja.Undefined()
}

// reply calls back with a value, from the loop. A callback that is missing or no function is ignored, as in the SDK.
func (a *API) reply(callback, v goja.Value) goja.Value {
	if fn, ok := machine.AsFunction(callback); ok {
		a.later(fn, v)
	}
	return goja.Undefined()
}

func (a *API) later(fn machine.Function, args ...goja.Value) {
	deliver := a.m.Reserve()
	deliver(func() { a.m.Callback("callback", fn, args) })
}

// missing says once that this host does not have a feature.
func (a *API) missing(call goja.FunctionCall) goja.Value {
	a.once(call.Argument(0).String())
	return goja.Undefined()
}

func (a *API) once(feature string) {
	a.tell(zerolog.DebugLevel, feature, feature+" does nothing on this host")
}

// tell says something about a feature, the first time.
func (a *API) tell(level zerolog.Level, feature, text string) {
	if !a.noted[feature] {
		a.noted[feature] = true
		a.plugin.Note(level, text)
	}
}

// context bounds what a call of a script may wait for. It must end well before the watchdog loses patience, so that
// the script gets an error that tells the reason.
func (a *API) context() (context.Context, context.CancelFunc) {
	return context.WithTimeout(context.Background(), a.m.Limit()/2)
}

// plain returns a copy of a host's object as an ordinary one; everything else is returned as it is.
func (a *API) plain(call goja.FunctionCall) goja.Value {
	object, ok := call.Argument(0).(*goja.Object)
	if ok && view.IsHostObject(object) {
		return view.Copy(a.m.VM, object)
	}
	return call.Argument(0)
}

// text reads a string as the native sides of the SDKs do: null, undefined and "" count as missing. Some of them cannot
// tell null from the text "null", and take neither; a host can, and takes the text.
func text(v goja.Value) (s string, given bool) {
	if v == nil || goja.IsUndefined(v) || goja.IsNull(v) {
		return "", false
	}
	s = v.String()
	return s, s != ""
}

// identity reads a string that tells one thing from others, where the text "null" is none: it is what becomes of null in
// String(id), and would make one device, or one purchase, of many.
func identity(v goja.Value) (s string, given bool) {
	s, given = text(v)
	return s, given && s != "null"
}
