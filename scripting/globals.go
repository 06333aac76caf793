package scripting

import (
	"fmt"
	"reflect"

	"github.com/dop251/goja"
)

// This file holds what every machine gets, and the few helpers that the files around it use to talk to goja.

// installGlobals defines what belongs to no other file.
func (m *machine) installGlobals() {
	m.defineValue("self", m.vm.GlobalObject())
	m.define("queueMicrotask", m.queueMicrotask)
}

// queueMicrotask runs a function as a promise job. What it throws is reported as an error, not as a rejection.
func (m *machine) queueMicrotask(call goja.FunctionCall) goja.Value {
	fn, ok := asListener(call.Argument(0))
	if !ok {
		panic(m.vm.NewTypeError("Failed to execute 'queueMicrotask': parameter 1 is not of type 'Function'."))
	}
	promise, resolve, _ := m.vm.NewPromise()
	job := m.function("", func(goja.FunctionCall) goja.Value {
		if exception := m.vm.Try(func() { fn(goja.FunctionCall{This: goja.Undefined()}) }); exception != nil {
			// The description of an error may run code of the script, which must not happen inside of this run.
			m.loop.post(func() { m.owner.Failed("microtask", exception) })
		}
		return goja.Undefined()
	})
	m.classes.then(goja.FunctionCall{This: m.vm.ToValue(promise), Arguments: []goja.Value{job}})
	if err := resolve(goja.Undefined()); err != nil {
		panic(err)
	}
	return goja.Undefined()
}

// define makes a global function. Like the globals of browsers it can be replaced, and is not listed.
func (m *machine) define(name string, f func(goja.FunctionCall) goja.Value) {
	m.defineValue(name, m.function(name, f))
}

func (m *machine) defineValue(name string, v goja.Value) {
	must(m.vm.GlobalObject().DefineDataProperty(name, v, goja.FLAG_TRUE, goja.FLAG_TRUE, goja.FLAG_FALSE))
}

// function makes a function with a name for stack traces.
func (m *machine) function(name string, f func(goja.FunctionCall) goja.Value) *goja.Object {
	object := m.vm.ToValue(f).ToObject(m.vm)
	must(object.DefineDataProperty("name", m.vm.ToValue(name), goja.FLAG_FALSE, goja.FLAG_TRUE, goja.FLAG_FALSE))
	return object
}

// newError makes an Error; rangeError a RangeError. Throw them with panic.
func (m *machine) newError(text string) *goja.Object { return m.construct(m.classes.err, text) }

func (m *machine) rangeError(text string) *goja.Object {
	return m.construct(m.classes.rangeError, text)
}

func (m *machine) construct(class goja.Value, text string) *goja.Object {
	object, err := m.vm.New(class, m.vm.ToValue(text))
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

// compile compiles a script of the host's own.
func compile(name, text string) (*goja.Program, error) {
	program, err := goja.Compile(name, text, false)
	if err != nil {
		return nil, fmt.Errorf("compile %s: %w", name, err)
	}
	return program, nil
}

// asPromise returns a value as a promise; nil when it is something else.
func asPromise(value goja.Value) *goja.Promise {
	object, ok := value.(*goja.Object)
	if !ok || object.ExportType() != reflect.TypeFor[*goja.Promise]() {
		return nil
	}
	promise, _ := object.Export().(*goja.Promise)
	return promise
}
