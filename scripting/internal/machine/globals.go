package machine

import (
	"fmt"
	"reflect"

	"github.com/dop251/goja"
)

// This file holds what every machine gets, and the few helpers that the files around it use to talk to goja.

// installGlobals defines what belongs to no other file.
func (m *Machine) installGlobals() {
	m.DefineValue("self", m.VM.GlobalObject())
	m.define("queueMicrotask", m.queueMicrotask)
}

// queueMicrotask runs a function as a promise job. What it throws is reported as an error, not as a rejection.
func (m *Machine) queueMicrotask(call goja.FunctionCall) goja.Value {
	fn, ok := AsFunction(call.Argument(0))
	if !ok {
		panic(m.VM.NewTypeError("Failed to execute 'queueMicrotask': parameter 1 is not of type 'Function'."))
	}
	promise, resolve, _ := m.VM.NewPromise()
	job := m.Function("", func(goja.FunctionCall) goja.Value {
		if exception := m.VM.Try(func() { fn(goja.FunctionCall{This: goja.Undefined()}) }); exception != nil {
			// The description of an error may run code of the script, which must not happen inside of this run.
			m.loop.post(func() { m.owner.Failed("microtask", exception) })
		}
		return goja.Undefined()
	})
	m.classes.then(goja.FunctionCall{This: m.VM.ToValue(promise), Arguments: []goja.Value{job}})
	if err := resolve(goja.Undefined()); err != nil {
		panic(err)
	}
	return goja.Undefined()
}

// define makes a global function. Like the globals of browsers it can be replaced, and is not listed.
func (m *Machine) define(name string, f func(goja.FunctionCall) goja.Value) {
	m.DefineValue(name, m.Function(name, f))
}

// DefineValue makes a global that can be replaced and is not listed.
func (m *Machine) DefineValue(name string, v goja.Value) {
	Must(m.VM.GlobalObject().DefineDataProperty(name, v, goja.FLAG_TRUE, goja.FLAG_TRUE, goja.FLAG_FALSE))
}

// Function makes a function with a name for stack traces.
func (m *Machine) Function(name string, f func(goja.FunctionCall) goja.Value) *goja.Object {
	object := m.VM.ToValue(f).ToObject(m.VM)
	Must(object.DefineDataProperty("name", m.VM.ToValue(name), goja.FLAG_FALSE, goja.FLAG_TRUE, goja.FLAG_FALSE))
	return object
}

// NewError makes an Error; RangeError a RangeError. Throw them with panic.
func (m *Machine) NewError(text string) *goja.Object { return m.construct(m.classes.err, text) }

// RangeError makes a RangeError; throw it with panic.
func (m *Machine) RangeError(text string) *goja.Object {
	return m.construct(m.classes.rangeError, text)
}

func (m *Machine) construct(class goja.Value, text string) *goja.Object {
	object, err := m.VM.New(class, m.VM.ToValue(text))
	Must(err)
	return object
}

// AsFunction returns a function of the script. Calling it is only right inside of a run.
func AsFunction(v goja.Value) (Function, bool) {
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

// Must is for calls that fail only when a script has tampered with the object in question: the exception goes on to
// the script.
func Must(err error) {
	if err != nil {
		panic(err)
	}
}

// Compile compiles a script of the host's own.
func Compile(name, text string) (*goja.Program, error) {
	program, err := goja.Compile(name, text, false)
	if err != nil {
		return nil, fmt.Errorf("compile %s: %w", name, err)
	}
	return program, nil
}

// AsPromise returns a value as a promise; nil when it is something else.
func AsPromise(value goja.Value) *goja.Promise {
	object, ok := value.(*goja.Object)
	if !ok || object.ExportType() != reflect.TypeFor[*goja.Promise]() {
		return nil
	}
	promise, _ := object.Export().(*goja.Promise)
	return promise
}
