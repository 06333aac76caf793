package view

import (
	"reflect"

	"github.com/dop251/goja"
)

// maxCopyDepth bounds Copy, whose recursion is on Go's stack.
const maxCopyDepth = 10_000

// Copy returns the value with every response view and every view of JSON in it copied deeply to ordinary
// objects, of which anything can be asked, such as to be frozen. Views within ordinary arrays and plain objects are
// found too, and those containers are copied with them; references among what is copied stay as they are, cycles
// included. Everything else (dates, maps, functions, instances of classes) is not copied but referred to.
//
// It panics with a JavaScript exception where a getter throws or the value is more than 10,000 levels deep.
func Copy(vm *goja.Runtime, value goja.Value) goja.Value {
	c := plainCopier{vm: vm, proto: vm.NewObject().Prototype(), done: make(map[*goja.Object]*goja.Object)}
	return c.value(value, 0)
}

type plainCopier struct {
	vm    *goja.Runtime
	proto *goja.Object
	done  map[*goja.Object]*goja.Object
}

func (c *plainCopier) value(value goja.Value, depth int) goja.Value {
	object, ok := value.(*goja.Object)
	if !ok {
		return OrUndefined(value)
	}
	if copied := c.done[object]; copied != nil {
		return copied
	}
	if depth > maxCopyDepth {
		panic(c.vm.NewTypeError("the value is nested too deeply to be copied"))
	}
	switch {
	case isView(object):
		return c.properties(object, c.vm.NewObject(), depth)
	case object.ExportType() == reflect.TypeFor[[]any]() && object.ClassName() == "Array":
		copied := c.vm.NewArray()
		_ = copied.Set("length", object.Get("length")) // a new array takes any length of another
		return c.properties(object, copied, depth)
	case c.isPlain(object):
		return c.properties(object, c.vm.CreateObject(object.Prototype()), depth)
	default:
		return object
	}
}

func isView(object *goja.Object) bool {
	t := object.ExportType()
	return t == reflect.TypeFor[*responseView]() || t == reflect.TypeFor[*jsonObject]()
}

// isPlain tells whether the object is of no class. A Map and the like have another type; what inherits from a class of
// the script has another prototype.
func (c *plainCopier) isPlain(object *goja.Object) bool {
	if object.ExportType() != reflect.TypeFor[map[string]any]() || object.ClassName() != "Object" {
		return false
	}
	proto := object.Prototype()
	return proto == nil || proto == c.proto
}

func (c *plainCopier) properties(from, to *goja.Object, depth int) goja.Value {
	c.done[from] = to
	for _, name := range from.Keys() {
		// Defined, not set: a property may be called __proto__.
		_ = to.DefineDataProperty(name, c.value(from.Get(name), depth+1), goja.FLAG_TRUE, goja.FLAG_TRUE, goja.FLAG_TRUE) // a new object takes any property
	}
	for _, symbol := range from.Symbols() {
		_ = to.DefineDataPropertySymbol(symbol, c.value(from.GetSymbol(symbol), depth+1), goja.FLAG_TRUE, goja.FLAG_TRUE, goja.FLAG_TRUE) // likewise
	}
	return to
}

// IsHostObject tells objects that are Go behind a JavaScript face, such as a response.
func IsHostObject(object *goja.Object) bool {
	t := object.ExportType()
	return t != nil &&
		(t.Implements(reflect.TypeFor[goja.DynamicObject]()) || t.Implements(reflect.TypeFor[goja.DynamicArray]()))
}
