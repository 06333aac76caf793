package web

import (
	"bytes"
	"fmt"
	"time"

	"github.com/dop251/goja"
)

// Web is the web functions of one runtime: fetch, URL, crypto and the others of [features]. Nothing is built before
// a script first names it, because most plugins need none of it and building it all would cost a hundred times what
// the rest of a runtime costs. All of it belongs to the runtime's goroutine.
type Web struct {
	Options
	started time.Time
	// built holds what each feature has exported, by its name, from the moment when its building begins.
	built map[string]*goja.Object
	// intl is the Go half of Intl; nil until that is built.
	intl map[string]native
	// looking is true while the machine's own globals are looked at.
	looking bool
	timers  *signalTimers
	// shown holds for the prototypes of classes what says how their objects are printed, and alike what compares two; see
	// show.js.
	shown, alike map[*goja.Object]*goja.Object
}

// maxPrototypes bounds how far an object's prototypes are followed, because a Proxy can answer with another one for ever. It
// is what the console follows as well.
const maxPrototypes = 500

// Shown returns the function that says how an object of the web platform is printed, as Node's custom inspection has it;
// nil: it is none. The classes do not carry it, because nothing that a standard does not know is to be found on them.
func (w *Web) Shown(object *goja.Object) *goja.Object {
	return inherited(w.shown, object)
}

// Alike returns the function that compares two objects of a class of the web platform: it takes both, and a function that
// compares what they hold, and returns whether they are equal, or a text that says why that cannot be told; nil: there is
// none, and they are equal where they are printed alike.
func (w *Web) Alike(object *goja.Object) *goja.Object { return inherited(w.alike, object) }

// inherited finds what is held for the nearest prototype of an object; nil: nothing.
func inherited(held map[*goja.Object]*goja.Object, object *goja.Object) *goja.Object {
	if len(held) == 0 {
		return nil
	}
	for o, n := object.Prototype(), 0; o != nil && n < maxPrototypes; o, n = o.Prototype(), n+1 {
		if function := held[o]; function != nil {
			return function
		}
	}
	return nil
}

// showNatives are what show.js needs.
func (w *Web) showNatives() map[string]native {
	hold := func(held *map[*goja.Object]*goja.Object) native {
		return func(call goja.FunctionCall) goja.Value {
			if *held == nil {
				*held = map[*goja.Object]*goja.Object{}
			}
			(*held)[call.Argument(0).ToObject(w.VM)] = call.Argument(1).ToObject(w.VM)
			return goja.Undefined()
		}
	}
	return map[string]native{
		"register": hold(&w.shown),
		"compare":  hold(&w.alike),
		"sameBytes": func(call goja.FunctionCall) goja.Value {
			return w.VM.ToValue(bytes.Equal(bytesOf(call.Argument(0)), bytesOf(call.Argument(1))))
		},
	}
}

// Install makes the web functions known to a fresh machine. It costs about a microsecond. Call it on the runtime's
// goroutine before any code of the script runs.
//
// The names are not properties of the global object until they are used: they stand in an object in its prototype
// chain, as the named elements of a browser's window do. The first look at one builds its feature, and makes each
// name of that feature an ordinary property of the global object: writable, configurable, not enumerable. Whatever a
// script assigns or declares itself is never touched. One thing differs from ordinary globals: in strict code a bare
// "fetch = x" before any use of fetch is a ReferenceError, where "globalThis.fetch = x" is not.
func Install(options *Options) (*Web, error) {
	w := &Web{Options: *options, built: map[string]*goja.Object{}}
	if w.Now == nil {
		w.Now = time.Now
	}
	w.started = w.Now()
	global := w.VM.GlobalObject()
	names := w.VM.NewDynamicObject((*lazyGlobals)(w))
	if err := names.SetPrototype(global.Prototype()); err != nil {
		return nil, fmt.Errorf("install the web functions: %w", err)
	}
	if err := global.SetPrototype(names); err != nil {
		return nil, fmt.Errorf("install the web functions: %w", err)
	}
	return w, nil
}

// feature returns the feature that a global name belongs to, or "" when this runtime has no such name.
func (w *Web) feature(name string) string {
	feature := w.Programs.features[name]
	if feature == "fetch" && w.Fetcher == nil || feature == "storage" && w.Storage == nil {
		return ""
	}
	return feature
}

// Build returns what a feature exports, and builds it if that has not happened.
func (w *Web) Build(feature string) *goja.Object {
	if exports := w.built[feature]; exports != nil {
		return exports
	}
	exports := w.run(feature)
	w.built[feature] = exports
	global := w.VM.GlobalObject()
	for _, name := range exports.Keys() {
		if w.Programs.features[name] == feature && !w.assigned(name) {
			rethrow(global.DefineDataProperty(name, exports.Get(name), goja.FLAG_TRUE, goja.FLAG_TRUE, goja.FLAG_FALSE))
		}
	}
	return exports
}

// assigned tells whether the script has given the global name a meaning of its own.
func (w *Web) assigned(name string) bool {
	w.looking = true
	defer func() { w.looking = false }()
	return w.VM.GlobalObject().Get(name) != nil
}

// run runs the program of a feature: a function that takes the feature's natives and a function to reach others.
func (w *Web) run(feature string) *goja.Object {
	natives := w.VM.CreateObject(nil) // nothing that a script gives all objects may stand in the way
	for name, f := range w.natives(feature) {
		rethrow(natives.Set(name, f))
	}
	body, err := w.VM.RunProgram(w.Programs.program(feature))
	rethrow(err)
	install, ok := goja.AssertFunction(body)
	if !ok {
		panic(w.VM.NewTypeError("the program of " + feature + " is no function"))
	}
	exports, err := install(goja.Undefined(), natives, w.VM.ToValue(w.use))
	rethrow(err)
	return exports.ToObject(w.VM)
}

// use is how features reach each other: use('url') builds one and returns its exports; use('url', true) returns
// undefined unless it is built, when no object of it can exist either.
func (w *Web) use(call goja.FunctionCall) goja.Value {
	feature := call.Argument(0).String()
	if call.Argument(1).ToBoolean() && w.built[feature] == nil {
		return goja.Undefined()
	}
	return w.Build(feature)
}

// throwDOM throws a DOMException.
func (w *Web) throwDOM(name, message string) {
	class := w.Build("exception").Get("DOMException")
	exception, err := w.VM.New(class, w.VM.ToValue(message), w.VM.ToValue(name))
	rethrow(err)
	panic(exception)
}

// lazyGlobals are the names of a [Web], as an object in the prototype chain of the global object.
type lazyGlobals Web

// Get builds what the name stands for. Nil: the name is not one of ours, or it was built and then deleted.
func (l *lazyGlobals) Get(name string) goja.Value {
	w := (*Web)(l)
	feature := w.feature(name)
	if feature == "" || w.looking || w.built[feature] != nil {
		return nil
	}
	return w.Build(feature).Get(name)
}

// Has tells whether Get would return something.
func (l *lazyGlobals) Has(name string) bool {
	w := (*Web)(l)
	feature := w.feature(name)
	return feature != "" && !w.looking && w.built[feature] == nil
}

// Set refuses: names are assigned on the global object.
func (l *lazyGlobals) Set(string, goja.Value) bool { return false }

// Delete does nothing: names are deleted from the global object.
func (l *lazyGlobals) Delete(string) bool { return true }

// Keys lists nothing, as for all globals.
func (l *lazyGlobals) Keys() []string { return nil }
