package regex

import (
	"errors"
	"fmt"
	"strings"
	"unicode/utf16"

	"github.com/dop251/goja"
)

// LiteralName is the name of the global function that stands for a literal whose pattern goja would not read right: it takes
// the pattern and the flags.
const LiteralName = "__trackhook_regexp"

// Options is what [Install] works on.
type Options struct {
	VM     *goja.Runtime
	Engine *Engine
	// Stop is asked in a long search whether to give up, because the run is over; then the search finds nothing.
	Stop func() bool
}

// script is the RegExp of one machine.
type script struct {
	Options
	native, constructor, prototype *goja.Object
	// exact is the prototype of those that this package searches with. It inherits from the one of all.
	exact *goja.Object
	// state is the symbol of the property that holds a [held]; nobody else has it.
	state     *goja.Symbol
	values    map[*Regexp]goja.Value
	bytes     int // of all that is in values
	errors    struct{ syntax, bounds goja.Value }
	construct func(newTarget *goja.Object, args ...goja.Value) (*goja.Object, error)
	exec      goja.Callable
	// inherited tells that the prototype of all has an exec that knows ours, for classes that extend RegExp.
	inherited bool
}

// held is what an object of ours has.
type held struct {
	re     *Regexp
	source goja.Value
}

// Install puts a RegExp into a machine that does what ECMAScript says: where goja does too its own objects are made, as fast as
// ever, and else objects that search with this package. Call it on the machine's goroutine before any code of the script runs.
func Install(o Options) error {
	vm := o.VM
	s := &script{Options: o, state: goja.NewSymbol("pattern"), values: map[*Regexp]goja.Value{}}
	s.native = vm.Get("RegExp").ToObject(vm)
	s.prototype = s.native.Get("prototype").ToObject(vm)
	s.errors.syntax, s.errors.bounds = vm.Get("SyntaxError"), vm.Get("RangeError")
	var constructs, calls bool
	s.construct, constructs = goja.AssertConstructor(s.native)
	s.exec, calls = goja.AssertFunction(s.prototype.Get("exec"))
	if !constructs || !calls {
		return errors.New("install regular expressions: RegExp is not what it was")
	}
	s.constructor = vm.ToValue(func(call goja.ConstructorCall) *goja.Object {
		if call.NewTarget == nil {
			return s.call(call.Arguments)
		}
		pattern, flags := s.arguments(call.Arguments)
		return s.make(pattern, flags, call.NewTarget)
	}).ToObject(vm)
	s.exact = vm.CreateObject(s.prototype)
	global, literal := vm.GlobalObject(), s.function(LiteralName, s.literal)
	species := s.function("get [Symbol.species]", func(call goja.FunctionCall) goja.Value { return call.This })
	err := errors.Join(
		s.constructor.DefineDataProperty("prototype", s.prototype, goja.FLAG_FALSE, goja.FLAG_FALSE, goja.FLAG_FALSE),
		s.constructor.DefineDataProperty("name", vm.ToValue("RegExp"), goja.FLAG_FALSE, goja.FLAG_TRUE, goja.FLAG_FALSE),
		s.constructor.DefineDataProperty("length", vm.ToValue(2), goja.FLAG_FALSE, goja.FLAG_TRUE, goja.FLAG_FALSE),
		s.constructor.DefineAccessorPropertySymbol(goja.SymSpecies, species, nil, goja.FLAG_TRUE, goja.FLAG_FALSE),
		global.DefineDataProperty("RegExp", s.constructor, goja.FLAG_TRUE, goja.FLAG_TRUE, goja.FLAG_FALSE),
		global.DefineDataProperty(LiteralName, literal, goja.FLAG_FALSE, goja.FLAG_FALSE, goja.FLAG_FALSE),
		s.prototype.DefineDataProperty("constructor", s.constructor, goja.FLAG_TRUE, goja.FLAG_TRUE, goja.FLAG_FALSE),
		s.exact.DefineDataProperty("exec", s.function("exec", s.find), goja.FLAG_TRUE, goja.FLAG_TRUE, goja.FLAG_FALSE),
		s.exact.DefineDataProperty("test", s.function("test", s.test), goja.FLAG_TRUE, goja.FLAG_TRUE, goja.FLAG_FALSE),
		s.getter("source", func(h *held) goja.Value { return h.source }),
		s.getter("flags", func(h *held) goja.Value { return vm.ToValue(h.re.Flags) }),
		s.getter("hasIndices", func(h *held) goja.Value { return vm.ToValue(strings.Contains(h.re.Flags, "d")) }),
		s.getter("unicodeSets", func(h *held) goja.Value { return vm.ToValue(strings.Contains(h.re.Flags, "v")) }),
		s.texts(),
	)
	if err != nil {
		return fmt.Errorf("install regular expressions: %w", err)
	}
	return nil
}

// function makes a function with a name.
func (s *script) function(name string, f func(goja.FunctionCall) goja.Value) *goja.Object {
	object := s.VM.ToValue(f).ToObject(s.VM)
	rethrow(object.DefineDataProperty("name", s.VM.ToValue(name), goja.FLAG_FALSE, goja.FLAG_TRUE, goja.FLAG_FALSE))
	return object
}

// getter defines a property of the prototype of all: for ours it is asked here, for others it is what it was.
func (s *script) getter(name string, ours func(*held) goja.Value) error {
	was := goja.Undefined()
	if descriptor, ok := s.descriptor(name); ok {
		was = descriptor
	}
	native, isFunction := goja.AssertFunction(was)
	get := s.function("get "+name, func(call goja.FunctionCall) goja.Value {
		if h := s.held(call.This); h != nil {
			return ours(h)
		}
		if isFunction {
			value, err := native(call.This)
			rethrow(err)
			return value
		}
		object, ok := call.This.(*goja.Object)
		switch {
		case ok && object == s.prototype:
			return goja.Undefined()
		case !ok || object.ClassName() != "RegExp":
			panic(s.VM.NewTypeError("RegExp.prototype.%s getter called on non-RegExp object", name))
		}
		return s.VM.ToValue(false)
	})
	if err := s.prototype.DefineAccessorProperty(name, get, nil, goja.FLAG_TRUE, goja.FLAG_FALSE); err != nil {
		return fmt.Errorf("define %s: %w", name, err)
	}
	return nil
}

// descriptor returns the getter of a property of the prototype.
func (s *script) descriptor(name string) (goja.Value, bool) {
	find, ok := goja.AssertFunction(s.VM.Get("Object").ToObject(s.VM).Get("getOwnPropertyDescriptor"))
	if !ok {
		return nil, false
	}
	found, err := find(goja.Undefined(), s.prototype, s.VM.ToValue(name))
	rethrow(err)
	object, ok := found.(*goja.Object)
	if !ok {
		return nil, false
	}
	return object.Get("get"), true
}

// held returns what an object of ours has; nil: it is none.
func (s *script) held(v goja.Value) *held {
	object, ok := v.(*goja.Object)
	if !ok || object.ClassName() != "RegExp" {
		return nil
	}
	value := object.GetSymbol(s.state)
	if value == nil {
		return nil
	}
	h, _ := value.Export().(*held)
	return h
}

// call is RegExp without new, which returns what is one already.
func (s *script) call(args []goja.Value) *goja.Object {
	if len(args) > 0 && (len(args) == 1 || goja.IsUndefined(args[1])) && s.isRegExp(args[0]) {
		object := args[0].ToObject(s.VM)
		if constructor := object.Get("constructor"); constructor != nil && constructor.SameAs(s.constructor) {
			return object
		}
	}
	pattern, flags := s.arguments(args)
	return s.make(pattern, flags, s.constructor)
}

// isRegExp tells what counts as one (ECMAScript, IsRegExp).
func (s *script) isRegExp(v goja.Value) bool {
	object, ok := v.(*goja.Object)
	if !ok {
		return false
	}
	if matcher := object.GetSymbol(goja.SymMatch); matcher != nil && !goja.IsUndefined(matcher) {
		return matcher.ToBoolean()
	}
	return object.ClassName() == "RegExp"
}

// arguments returns the pattern and the flags that a call means.
func (s *script) arguments(args []goja.Value) (pattern goja.String, flags string) {
	argument := func(n int) goja.Value {
		if n < len(args) {
			return args[n]
		}
		return goja.Undefined()
	}
	first, second := argument(0), argument(1)
	if s.isRegExp(first) {
		object := first.ToObject(s.VM)
		if goja.IsUndefined(second) {
			second = object.Get("flags")
		}
		first = object.Get("source")
	}
	text := func(v goja.Value) goja.String {
		if v == nil || goja.IsUndefined(v) {
			return s.textOf(s.VM.ToValue(""))
		}
		return s.textOf(v)
	}
	pattern = text(first)
	return pattern, text(second).String()
}

// literal makes what a literal stands for.
func (s *script) literal(call goja.FunctionCall) goja.Value {
	return s.make(s.textOf(call.Argument(0)), call.Argument(1).String(), s.constructor)
}

// make makes a regular expression.
func (s *script) make(pattern goja.String, flags string, newTarget *goja.Object) *goja.Object {
	re, err := s.Engine.Compile(units(pattern), flags)
	if err != nil {
		s.throw(s.errors.syntax, Explain(pattern.String(), flags, err))
	}
	if newTarget == s.constructor {
		newTarget = s.native
	}
	if re.Simple {
		object, err := s.construct(newTarget, pattern, s.VM.ToValue(flags))
		if err == nil {
			return object
		}
	}
	object, err := s.construct(newTarget, s.VM.ToValue("(?:)"), s.VM.ToValue(natives(flags)))
	rethrow(err)
	s.hold(object, re, pattern)
	return object
}

// natives are those of flags that goja knows.
func natives(flags string) string { return strings.NewReplacer("d", "", "v", "").Replace(flags) }

// hold makes an object of goja's one that searches with this package.
func (s *script) hold(object *goja.Object, re *Regexp, pattern goja.String) {
	rethrow(object.DefineDataPropertySymbol(s.state, s.value(re, pattern), goja.FLAG_FALSE, goja.FLAG_TRUE, goja.FLAG_FALSE))
	if object.Prototype() == s.prototype {
		rethrow(object.SetPrototype(s.exact))
	} else if !s.inherited {
		s.inherited = true
		rethrow(s.prototype.DefineDataProperty("exec", s.function("exec", s.find), goja.FLAG_TRUE, goja.FLAG_TRUE, goja.FLAG_FALSE))
		rethrow(s.prototype.DefineDataProperty("test", s.function("test", s.test), goja.FLAG_TRUE, goja.FLAG_TRUE, goja.FLAG_FALSE))
	}
}

// value is what the objects of a pattern hold.
func (s *script) value(re *Regexp, pattern goja.String) goja.Value {
	if known := s.values[re]; known != nil {
		return known
	}
	h := &held{re, s.VM.ToValue(source(pattern.String()))}
	if pattern.String() == source(pattern.String()) {
		h.source = pattern
	}
	value := s.VM.ToValue(h)
	if pattern.Length() > maxKeptUnits || re.bytes > maxKeptBytes {
		return value
	}
	if s.bytes += re.bytes; len(s.values) >= maxCompiled || s.bytes > maxCompiledBytes {
		clear(s.values)
		s.bytes = re.bytes
	}
	s.values[re] = value
	return value
}

// source is a pattern as it stands between slashes (ECMAScript, EscapeRegExpPattern).
func source(pattern string) string {
	if pattern == "" {
		return "(?:)"
	}
	var out strings.Builder
	inClass, escaped := false, false
	for _, c := range pattern {
		switch {
		case c == '\n' && escaped:
			out.WriteString("n")
		case c == '\n':
			out.WriteString(`\n`)
		case c == '\r':
			out.WriteString(`\r`)
		case c == 0x2028:
			out.WriteString(`\u2028`)
		case c == 0x2029:
			out.WriteString(`\u2029`)
		case c == '/' && !escaped && !inClass:
			out.WriteString(`\/`)
		default:
			out.WriteRune(c)
		}
		switch {
		case escaped:
			escaped = false
			continue
		case c == '[':
			inClass = true
		case c == ']':
			inClass = false
		}
		escaped = c == '\\'
	}
	return out.String()
}

// Explain is the text of a SyntaxError for a pattern that Compile refuses.
func Explain(pattern, flags string, err error) string {
	if IsFlagsError(err) {
		return "Invalid flags supplied to RegExp constructor '" + flags + "'"
	}
	return "Invalid regular expression: /" + pattern + "/" + sorted(flags) + ": " + err.Error()
}

func (s *script) throw(class goja.Value, text string) {
	object, err := s.VM.New(class, s.VM.ToValue(text))
	rethrow(err)
	panic(object)
}

// textOf is a value as a text. goja's ToString leaves some values that are no texts as they are.
func (s *script) textOf(v goja.Value) goja.String {
	switch text := v.ToString().(type) {
	case goja.String:
		return text
	case *goja.Symbol:
		panic(s.VM.NewTypeError("Cannot convert a Symbol value to a string"))
	default:
		return goja.StringFromUTF16(utf16.Encode([]rune(text.String())))
	}
}

// units returns a text by units of UTF-16.
func units(text goja.String) []uint16 {
	out := make([]uint16, text.Length())
	for i := range out {
		out[i] = text.CharAt(i)
	}
	return out
}

// rethrow hands an exception that came out of the machine on to whoever called into Go.
func rethrow(err error) {
	if err != nil {
		panic(err)
	}
}
