package scripting

import (
	"reflect"

	"github.com/dop251/goja"
)

// This file holds what every machine gets, and the few helpers that the files around it use to talk to goja.

// installGlobals defines what belongs to no other file.
func (rt *jsRuntime) installGlobals() error {
	rt.defineValue("self", rt.vm.GlobalObject())
	rt.define("queueMicrotask", rt.queueMicrotask)
	rt.adjust.install()
	return nil
}

// queueMicrotask runs a function as a promise job. What it throws is reported as an error, not as a rejection.
func (rt *jsRuntime) queueMicrotask(call goja.FunctionCall) goja.Value {
	fn, ok := asListener(call.Argument(0))
	if !ok {
		panic(rt.vm.NewTypeError("Failed to execute 'queueMicrotask': parameter 1 is not of type 'Function'."))
	}
	promise, resolve, _ := rt.vm.NewPromise()
	job := rt.function("", func(goja.FunctionCall) goja.Value {
		if exception := rt.vm.Try(func() { fn(goja.FunctionCall{This: goja.Undefined()}) }); exception != nil {
			// The description of an error may run code of the script, which must not happen inside of this run.
			rt.loop.post(func() { rt.report("microtask", exception) })
		}
		return goja.Undefined()
	})
	rt.classes.then(goja.FunctionCall{This: rt.vm.ToValue(promise), Arguments: []goja.Value{job}})
	if err := resolve(goja.Undefined()); err != nil {
		panic(err)
	}
	return goja.Undefined()
}

// plain returns a copy of a host's object as an ordinary one; everything else is returned as it is.
func (rt *jsRuntime) plain(call goja.FunctionCall) goja.Value {
	object, ok := call.Argument(0).(*goja.Object)
	if !ok {
		return call.Argument(0)
	}
	if t := object.ExportType(); t != nil &&
		(t.Implements(reflect.TypeFor[goja.DynamicObject]()) || t.Implements(reflect.TypeFor[goja.DynamicArray]())) {
		return plainCopy(rt.vm, object)
	}
	return object
}

// define makes a global function. Like the globals of browsers it can be replaced, and is not listed.
func (rt *jsRuntime) define(name string, f func(goja.FunctionCall) goja.Value) {
	rt.defineValue(name, rt.function(name, f))
}

func (rt *jsRuntime) defineValue(name string, v goja.Value) {
	must(rt.vm.GlobalObject().DefineDataProperty(name, v, goja.FLAG_TRUE, goja.FLAG_TRUE, goja.FLAG_FALSE))
}

// function makes a function with a name for stack traces.
func (rt *jsRuntime) function(name string, f func(goja.FunctionCall) goja.Value) *goja.Object {
	object := rt.vm.ToValue(f).ToObject(rt.vm)
	must(object.DefineDataProperty("name", rt.vm.ToValue(name), goja.FLAG_FALSE, goja.FLAG_TRUE, goja.FLAG_FALSE))
	return object
}

// newError makes an Error; rangeError a RangeError. Throw them with panic.
func (rt *jsRuntime) newError(text string) *goja.Object { return rt.construct(rt.classes.err, text) }

func (rt *jsRuntime) rangeError(text string) *goja.Object {
	return rt.construct(rt.classes.rangeError, text)
}

func (rt *jsRuntime) construct(class goja.Value, text string) *goja.Object {
	object, err := rt.vm.New(class, rt.vm.ToValue(text))
	must(err)
	return object
}

// asListener returns a function of the script. Calling it is only right inside of a run.
func asListener(v goja.Value) (listener, bool) {
	object, ok := v.(*goja.Object)
	if !ok {
		return nil, false
	}
	callable, ok := goja.AssertFunction(object)
	if !ok {
		return nil, false
	}
	// What a plain function exports is its bare call, without what AssertFunction does around each.
	if object.ClassName() == "Function" {
		if fn, ok := object.Export().(func(goja.FunctionCall) goja.Value); ok {
			return fn, true
		}
	}
	return func(call goja.FunctionCall) goja.Value {
		v, err := callable(call.This, call.Arguments...)
		if err != nil {
			panic(err)
		}
		return v
	}, true
}

// must is for calls that fail only when a script has tampered with the object in question: the exception goes on to
// the script.
func must(err error) {
	if err != nil {
		panic(err)
	}
}
