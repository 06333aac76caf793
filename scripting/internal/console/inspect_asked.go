package console

import (
	"reflect"
	"slices"
	"strings"

	"github.com/dop251/goja"

	"trackhook/scripting/internal/view"
)

// nativeFunction is a built-in function of goja, called without a wrapper: it panics with what it throws.
type nativeFunction func(goja.FunctionCall) goja.Value

// inspectBuiltins are the built-in functions through which an inspector looks into objects. Each is taken when it is
// needed first, because goja makes a class when it is touched first: all of them are 90 KB. A script that has replaced
// one spoils its own output only.
type inspectBuiltins struct {
	vm     *goja.Runtime
	taken  map[string]nativeFunction
	custom *goja.Symbol
	// descriptor is what nearly all time goes to.
	descriptor nativeFunction
}

func newInspectBuiltins(vm *goja.Runtime) *inspectBuiltins {
	b := &inspectBuiltins{vm: vm, taken: make(map[string]nativeFunction), custom: goja.NewSymbol("nodejs.util.inspect.custom")}
	b.descriptor = b.function("Object.getOwnPropertyDescriptor")
	tryQuietly(vm, func() {
		registered := b.call(b.function("Symbol.for"), goja.Undefined(), vm.ToValue("nodejs.util.inspect.custom"))
		if symbol, ok := registered.(*goja.Symbol); ok {
			b.custom = symbol
		}
	})
	return b
}

// function returns the function at the path, or one that gives undefined where a script has removed it.
func (b *inspectBuiltins) function(path string) nativeFunction {
	if f := b.taken[path]; f != nil {
		return f
	}
	f := nativeFunction(undefinedFunction)
	tryQuietly(b.vm, func() { f = b.take(path) })
	b.taken[path] = f
	return f
}

func (b *inspectBuiltins) take(path string) nativeFunction {
	switch path {
	case "Map iterator":
		return b.next("Map", "Map.prototype.entries")
	case "Set iterator":
		return b.next("Set", "Set.prototype.values")
	case "TypedArray tag":
		return b.typedArrayTag()
	}
	value := goja.Value(b.vm.GlobalObject())
	for name := range strings.SplitSeq(path, ".") {
		object, ok := value.(*goja.Object)
		if !ok {
			return undefinedFunction
		}
		value = object.Get(name)
	}
	return asNative(value)
}

func undefinedFunction(goja.FunctionCall) goja.Value { return goja.Undefined() }

func asNative(value goja.Value) nativeFunction {
	if object, ok := value.(*goja.Object); ok {
		if _, proxy := asProxy(object); !proxy && isFunction(object) {
			if call, ok := object.Export().(func(goja.FunctionCall) goja.Value); ok {
				return call
			}
		}
	}
	return undefinedFunction
}

// next returns the method next of the iterators of a Map or Set.
func (b *inspectBuiltins) next(class, items string) nativeFunction {
	collection, err := b.vm.New(b.vm.Get(class))
	if err != nil {
		return undefinedFunction
	}
	iterator, ok := b.call(b.function(items), collection).(*goja.Object)
	if !ok {
		return undefinedFunction
	}
	return asNative(iterator.Get("next"))
}

// typedArrayTag returns the getter that gives the class of a typed array, and undefined for anything else.
func (b *inspectBuiltins) typedArrayTag() nativeFunction {
	class, ok := b.vm.Get("Uint8Array").(*goja.Object)
	if !ok || class.Prototype() == nil {
		return undefinedFunction
	}
	proto, ok := class.Prototype().Get("prototype").(*goja.Object)
	if !ok {
		return undefinedFunction
	}
	descriptor, ok := b.call(b.descriptor, goja.Undefined(), proto, goja.SymToStringTag).(*goja.Object)
	if !ok {
		return undefinedFunction
	}
	return asNative(descriptor.Get("get"))
}

func (b *inspectBuiltins) call(f nativeFunction, this goja.Value, arguments ...goja.Value) goja.Value {
	return view.OrUndefined(f(goja.FunctionCall{This: this, Arguments: arguments}))
}

// items calls f with each item of a Map (key and value) or Set (value twice) until f returns false.
func (b *inspectBuiltins) items(object *goja.Object, isMap bool, f func(key, value goja.Value) bool) {
	items, next := b.function("Set.prototype.values"), b.function("Set iterator")
	if isMap {
		items, next = b.function("Map.prototype.entries"), b.function("Map iterator")
	}
	iterator := b.call(items, object)
	for {
		result, ok := b.call(next, iterator).(*goja.Object)
		if !ok || view.OrUndefined(result.Get("done")).ToBoolean() {
			return
		}
		key := view.OrUndefined(result.Get("value"))
		value := key
		if pair, ok := key.(*goja.Object); ok && isMap {
			key, value = view.OrUndefined(pair.Get("0")), view.OrUndefined(pair.Get("1"))
		}
		if !f(key, value) {
			return
		}
	}
}

// propertyKey is the name or the symbol of a property.
type propertyKey struct {
	name   string
	symbol *goja.Symbol
}

func (k propertyKey) value(vm *goja.Runtime) goja.Value {
	if k.symbol != nil {
		return k.symbol
	}
	return vm.ToValue(k.name)
}

// propertyInfo is what Object.getOwnPropertyDescriptor tells.
type propertyInfo struct {
	value                              goja.Value
	getter, setter, enumerable, exists bool
}

func (b *inspectBuiltins) property(object *goja.Object, key propertyKey) (info propertyInfo) {
	descriptor, ok := b.call(b.descriptor, goja.Undefined(), object, key.value(b.vm)).(*goja.Object)
	if !ok {
		return info
	}
	info.exists = true
	info.enumerable = view.OrUndefined(descriptor.Get("enumerable")).ToBoolean()
	// Only the descriptor of a data property has writable. Printing an ordinary object is mostly these lookups.
	if descriptor.Get("writable") != nil {
		info.value = descriptor.Get("value")
		return info
	}
	info.getter = !goja.IsUndefined(view.OrUndefined(descriptor.Get("get")))
	info.setter = !goja.IsUndefined(view.OrUndefined(descriptor.Get("set")))
	return info
}

// keys returns the properties that are shown: the enumerable ones, or all.
func (b *inspectBuiltins) keys(object *goja.Object, hidden bool) (keys []propertyKey) {
	names := object.Keys
	if hidden {
		names = object.GetOwnPropertyNames
	}
	for _, name := range names() {
		keys = append(keys, propertyKey{name: name})
	}
	if !hidden {
		for _, symbol := range object.Symbols() {
			if key := (propertyKey{symbol: symbol}); b.property(object, key).enumerable {
				keys = append(keys, key)
			}
		}
		return keys
	}
	if symbols, ok := b.call(b.function("Object.getOwnPropertySymbols"), goja.Undefined(), object).(*goja.Object); ok {
		for i := range view.OrUndefined(symbols.Get("length")).ToInteger() {
			if symbol, ok := symbols.Get(b.vm.ToValue(i).String()).(*goja.Symbol); ok {
				keys = append(keys, propertyKey{symbol: symbol})
			}
		}
	}
	return keys
}

func asProxy(object *goja.Object) (goja.Proxy, bool) {
	if object.ExportType() != reflect.TypeFor[goja.Proxy]() {
		return goja.Proxy{}, false
	}
	proxy, ok := object.Export().(goja.Proxy)
	return proxy, ok
}

// isOfHost tells whether it is the host that stands behind a proxy, as behind the class of dates; then it is printed as what it is
// put before.
func isOfHost(handler *goja.Object) bool {
	return handler != nil && handler.ExportType() == reflect.TypeFor[*goja.ProxyTrapConfig]()
}

func isFunction(object *goja.Object) bool {
	if proxy, ok := asProxy(object); ok && isOfHost(proxy.Handler()) {
		object = proxy.Target()
	}
	t := object.ExportType()
	return t != nil && t.Kind() == reflect.Func
}

// tryQuietly runs f and forgets what it throws, where there is something to print either way.
func tryQuietly(vm *goja.Runtime, f func()) { _ = vm.Try(f) }

// exceptionMessage returns the message of what was thrown.
func exceptionMessage(vm *goja.Runtime, ex *goja.Exception) (message string) {
	thrown := ex.Value()
	tryQuietly(vm, func() {
		if object, ok := thrown.(*goja.Object); ok {
			message = view.OrUndefined(object.Get("message")).String()
		} else {
			message = view.OrUndefined(thrown).String()
		}
	})
	if strings.HasPrefix(message, "Could not convert &{") {
		return "Cannot convert object to primitive value" // goja's text shows the inside of the object
	}
	line, _, _ := strings.Cut(message, "\n")
	return line
}

// isBuiltinClass tells whether the name is that of a global class of JavaScript.
func isBuiltinClass(name string) bool {
	return slices.Contains([]string{
		"Object", "Function", "Array", "Number", "Boolean", "String", "Symbol", "Date", "Promise", "RegExp", "Error",
		"AggregateError", "EvalError", "RangeError", "ReferenceError", "SyntaxError", "TypeError", "URIError", "ArrayBuffer",
		"Uint8Array", "Int8Array", "Uint16Array", "Int16Array", "Uint32Array", "Int32Array", "Float32Array", "Float64Array",
		"Uint8ClampedArray", "BigUint64Array", "BigInt64Array", "DataView", "Map", "BigInt", "Set", "WeakMap", "WeakSet",
		"WeakRef", "Proxy", "Buffer", "URL", "URLSearchParams", "TextEncoder", "TextDecoder", "AbortController",
		"AbortSignal", "Headers", "Request", "Response",
	}, name)
}
