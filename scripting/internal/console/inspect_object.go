package console

import (
	"math/big"
	"reflect"
	"strconv"
	"strings"

	"github.com/dop251/goja"
)

// objectShape is how an object is printed.
type objectShape struct {
	object *goja.Object
	// class is the name of the constructor; known is false where the prototype is null. tag is Symbol.toStringTag
	// where that adds to the class.
	class string
	known bool
	tag   string
	frame inspectFrame
	keys  []propertyKey
	// items writes the entries before the properties.
	items func(level int)
	// whole tells that base says it all when there are no keys.
	whole bool
}

// ordinary writes an object by its class, items and properties. It panics with what the object throws.
func (in *inspector) ordinary(object *goja.Object, level int) {
	s := &objectShape{object: object}
	s.class, s.known = in.className(object, level)
	s.tag = in.tagOf(object)
	in.classify(s, level)
	if s.whole && len(s.keys) == 0 {
		in.write(s.frame.base)
		return
	}
	if s.items == nil && len(s.keys) == 0 && s.frame.base == "" {
		in.write(s.frame.open + s.frame.close)
		return
	}
	if level > in.opt.depth {
		name := strings.TrimSuffix(s.prefix("Object", -1), " ")
		if s.known {
			name = "[" + name + "]"
		}
		in.write(name)
		return
	}
	in.seen = append(in.seen, object)
	in.deepest = level + 1
	part := in.begin()
	if s.items != nil {
		s.items(level + 1)
	}
	for _, key := range s.keys {
		if in.full() {
			break
		}
		start := len(in.out)
		in.property(object, key, level+1)
		in.entry(start)
	}
	if reference := in.reference(object); reference != "" {
		s.frame.base = strings.TrimSuffix(reference+" "+s.frame.base, " ")
	}
	in.seen = in.seen[:len(in.seen)-1]
	in.finish(part, s.frame, level+1)
}

// prefix returns the class, the size where it is not negative, and the tag, each followed by a blank.
func (s *objectShape) prefix(fallback string, size int) string {
	count := ""
	if size >= 0 {
		count = "(" + strconv.Itoa(size) + ")"
	}
	if !s.known {
		if s.tag != "" && s.tag != fallback {
			return "[" + fallback + count + ": null prototype] [" + s.tag + "] "
		}
		return "[" + fallback + count + ": null prototype] "
	}
	if s.tag != "" && s.tag != s.class {
		return s.class + count + " [" + s.tag + "] "
	}
	return s.class + count + " "
}

func (in *inspector) tagOf(object *goja.Object) string {
	tag, ok := object.GetSymbol(goja.SymToStringTag).(goja.String)
	if !ok || tag.Length() == 0 {
		return ""
	}
	own := in.builtins.property(object, propertyKey{symbol: goja.SymToStringTag})
	if own.enumerable || own.exists && in.opt.showHidden {
		return "" // printed as a property
	}
	return tag.String()
}

// className returns the name of the class that the object is an instance of; false where its prototype is null.
func (in *inspector) className(object *goja.Object, level int) (string, bool) {
	first := object.Prototype()
	for o, n := object, 0; o != nil && n < maxInspectDepth; o, n = o.Prototype(), n+1 {
		if o == in.objectProto && object != o {
			return "Object", true
		}
		class, ok := in.builtins.property(o, propertyKey{name: "constructor"}).value.(*goja.Object)
		if !ok || !isFunction(class) {
			continue
		}
		if name := textOf(class.Get("name")); name != "" && isInstance(object, class) {
			return name, true
		}
	}
	if first == nil {
		return "", false
	}
	if level > in.opt.depth {
		return "Object <Complex prototype>", true
	}
	if name, ok := in.className(first, level+1); ok {
		return "Object <" + name + ">", true
	}
	inner := newInspector(in.vm)
	inner.builtins, inner.opt.depth, inner.opt.custom = in.builtins, -1, false
	inner.ordinary(first, 0)
	return "Object <" + inner.text() + ">", true
}

// isInstance is instanceof without what a class may do about it.
func isInstance(object, class *goja.Object) bool {
	proto, ok := class.Get("prototype").(*goja.Object)
	if !ok {
		return false
	}
	for o, n := object.Prototype(), 0; o != nil && n < maxInspectDepth; o, n = o.Prototype(), n+1 {
		if o == proto {
			return true
		}
	}
	return false
}

func textOf(value goja.Value) string {
	if s, ok := value.(goja.String); ok {
		return s.String()
	}
	return ""
}

// classify finds out what the object is.
func (in *inspector) classify(s *objectShape, level int) {
	s.frame.open, s.frame.close = "{", "}"
	if isFunction(s.object) {
		s.keys, s.whole = in.keysOf(s), true
		s.frame.base = in.functionBase(s)
		return
	}
	kind := s.object.ClassName()
	if s.known && s.class == "Object" && kind != "Array" && kind != "Arguments" {
		kind = "Object" // such as a Date whose prototype was replaced: what its prototype says counts
	}
	switch kind {
	case "Array":
		in.classifyArray(s)
		return
	case "Error":
		s.keys, s.whole = in.keysOf(s), true
		s.frame.base = in.errorBase(s)
		return
	case "Date":
		s.keys, s.whole = in.keysOf(s), true
		s.frame.base = in.named(s, "Date", in.dateText(s.object))
		return
	case "RegExp":
		s.keys, s.whole = in.keysOf(s), true
		s.frame.base = in.named(s, "RegExp", in.builtins.call(in.builtins.function("RegExp.prototype.toString"), s.object).String())
		if level > in.opt.depth {
			s.keys = nil
		}
		return
	case "Number", "String", "Boolean":
		in.classifyBoxed(s, kind)
		return
	case "Arguments":
		s.keys = in.keysOf(s)
		s.frame.open = "[Arguments] {"
		return
	}
	in.classifyExported(s)
}

// named puts the class before a base where it is another than the usual one.
func (in *inspector) named(s *objectShape, usual, base string) string {
	if prefix := s.prefix(usual, -1); prefix != usual+" " {
		return prefix + base
	}
	return base
}

func (in *inspector) dateText(object *goja.Object) string {
	if goja.IsNaN(in.builtins.call(in.builtins.function("Date.prototype.getTime"), object)) {
		return "Invalid Date"
	}
	return in.builtins.call(in.builtins.function("Date.prototype.toISOString"), object).String()
}

// classifyExported tells apart the objects of goja that have the class name Object, by the Go type that they stand for.
func (in *inspector) classifyExported(s *objectShape) {
	switch t := s.object.ExportType(); {
	case t == nil:
	case t == reflect.TypeFor[*goja.Promise]():
		in.classifyPromise(s)
		return
	case t == reflect.TypeFor[goja.ArrayBuffer]():
		in.classifyArrayBuffer(s)
		return
	case t == reflect.TypeFor[[][2]any]():
		in.classifyCollection(s, true)
		return
	case t == reflect.TypeFor[[]any]():
		in.classifyCollection(s, false)
		return
	case t == reflect.TypeFor[string]():
		in.classifyBoxed(s, "Symbol")
		return
	case t == reflect.TypeFor[*big.Int]():
		in.classifyBoxed(s, "BigInt")
		return
	case t.Kind() == reflect.Slice && in.classifyTypedArray(s):
		return
	}
	s.keys = in.keysOf(s)
	switch s.tag {
	case "WeakMap", "WeakSet":
		s.frame.open = s.prefix(s.tag, -1) + "{"
		s.items = func(int) { in.note("<items unknown>") }
	case "DataView":
		s.frame.open = s.prefix(s.tag, -1) + "{"
		s.keys = append([]propertyKey{{name: "byteLength"}, {name: "byteOffset"}, {name: "buffer"}}, s.keys...)
	default:
		if s.class != "Object" || s.tag != "" {
			s.frame.open = s.prefix("Object", -1) + "{"
		}
	}
}

// note writes an entry that is no value.
func (in *inspector) note(text string) {
	start := len(in.out)
	in.write(text)
	in.entry(start)
}

func (in *inspector) keysOf(s *objectShape) []propertyKey {
	return in.builtins.keys(s.object, in.opt.showHidden)
}

// property writes a property with its name.
func (in *inspector) property(object *goja.Object, key propertyKey, level int) {
	info := in.builtins.property(object, key)
	switch {
	case key.symbol != nil:
		in.write("[")
		in.out = appendEscaped(in.out, symbolText(key.symbol), true)
		in.write("]")
	case key.name != "__proto__" && info.exists && !info.enumerable:
		in.write("[")
		in.out = appendEscaped(in.out, key.name, true)
		in.write("]")
	default:
		in.out = appendKey(in.out, key.name)
	}
	in.write(": ")
	if !info.exists {
		info.value = object.Get(key.name) // such as the byteLength of a buffer, which the prototype has
	}
	in.propertyValue(info, level)
}

func (in *inspector) propertyValue(info propertyInfo, level int) {
	switch {
	case info.value != nil && !goja.IsUndefined(info.value):
		in.indent += 2
		in.value(info.value, level)
		in.indent -= 2
	case info.getter && info.setter:
		in.write("[Getter/Setter]")
	case info.getter:
		in.write("[Getter]")
	case info.setter:
		in.write("[Setter]")
	default:
		in.write("undefined")
	}
}
