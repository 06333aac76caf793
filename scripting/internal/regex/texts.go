package regex

import (
	"errors"
	"fmt"

	"github.com/dop251/goja"
)

// texts replaces the methods that take a text for a regular expression, which goja reads its own way, and to any depth.
func (s *script) texts() error {
	prototype := s.VM.Get("String").ToObject(s.VM).Get("prototype").ToObject(s.VM)
	err := errors.Join(
		s.textMethod(prototype, "match", goja.SymMatch, ""),
		s.textMethod(prototype, "matchAll", goja.SymMatchAll, "g"),
		s.textMethod(prototype, "search", goja.SymSearch, ""),
	)
	if compile, ok := goja.AssertFunction(s.prototype.Get("compile")); ok {
		object := s.function("compile", func(call goja.FunctionCall) goja.Value { return s.compile(compile, call) })
		err = errors.Join(err,
			object.DefineDataProperty("length", s.VM.ToValue(2), goja.FLAG_FALSE, goja.FLAG_TRUE, goja.FLAG_FALSE),
			s.prototype.DefineDataProperty("compile", object, goja.FLAG_TRUE, goja.FLAG_TRUE, goja.FLAG_FALSE))
	}
	return err
}

// textMethod replaces a method of String.prototype (ECMAScript, String.prototype.match and its like). What is no text stays as
// it was.
func (s *script) textMethod(prototype *goja.Object, name string, symbol *goja.Symbol, flags string) error {
	native, ok := goja.AssertFunction(prototype.Get(name))
	if !ok {
		return fmt.Errorf("replace String.prototype.%s: it is not what it was", name)
	}
	method := s.function(name, func(call goja.FunctionCall) goja.Value {
		argument := call.Argument(0)
		if object, isObject := argument.(*goja.Object); goja.IsUndefined(call.This) || goja.IsNull(call.This) || isObject && has(object, symbol) {
			value, err := native(call.This, call.Arguments...)
			rethrow(err)
			return value
		}
		text, pattern := s.textOf(call.This), s.textOf(s.VM.ToValue(""))
		if !goja.IsUndefined(argument) {
			pattern = s.textOf(argument)
		}
		re := s.make(pattern, flags, s.constructor)
		find, isFunction := goja.AssertFunction(re.GetSymbol(symbol))
		if !isFunction {
			panic(s.VM.NewTypeError("RegExp.prototype[Symbol.%s] is not a function", name))
		}
		value, err := find(re, text)
		rethrow(err)
		return value
	})
	return errors.Join(
		method.DefineDataProperty("length", s.VM.ToValue(1), goja.FLAG_FALSE, goja.FLAG_TRUE, goja.FLAG_FALSE),
		prototype.DefineDataProperty(name, method, goja.FLAG_TRUE, goja.FLAG_TRUE, goja.FLAG_FALSE))
}

// has tells whether an object says itself how it is searched for.
func has(object *goja.Object, symbol *goja.Symbol) bool {
	method := object.GetSymbol(symbol)
	return method != nil && !goja.IsUndefined(method) && !goja.IsNull(method)
}

// compile is RegExp.prototype.compile. An object whose pattern goja reads right stays goja's.
func (s *script) compile(native goja.Callable, call goja.FunctionCall) goja.Value {
	object, ok := call.This.(*goja.Object)
	if !ok || object.ClassName() != "RegExp" {
		panic(s.VM.NewTypeError("Method RegExp.prototype.compile called on incompatible receiver %s", call.This))
	}
	if given, isObject := call.Argument(0).(*goja.Object); isObject && given.ClassName() == "RegExp" && !goja.IsUndefined(call.Argument(1)) {
		panic(s.VM.NewTypeError("Invalid flags"))
	}
	pattern, flags := s.arguments(call.Arguments)
	re, err := s.Engine.Compile(units(pattern), flags)
	if err != nil {
		s.throw(s.errors.syntax, Explain(pattern.String(), flags, err))
	}
	if re.Simple && s.held(object) == nil {
		_, err = native(object, pattern, s.VM.ToValue(flags))
	} else if _, err = native(object, s.VM.ToValue("(?:)"), s.VM.ToValue(natives(flags))); err == nil {
		s.hold(object, re, pattern)
	}
	rethrow(err)
	return object
}
