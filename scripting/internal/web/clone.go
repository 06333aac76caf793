package web

import (
	"math/big"
	"reflect"

	"github.com/dop251/goja"
)

// cloneNatives are what structuredClone needs.
func (w *Web) cloneNatives() map[string]native {
	return map[string]native{
		"kind": func(call goja.FunctionCall) goja.Value { return w.VM.ToValue(w.kind(call.Argument(0))) },
		"plain": func(call goja.FunctionCall) goja.Value {
			return w.PlainCopy(w.VM, call.Argument(0))
		},
		"detached": func(call goja.FunctionCall) goja.Value { return w.VM.ToValue(w.bufferOf(call.Argument(0)).Detached()) },
		"detach":   func(call goja.FunctionCall) goja.Value { return w.VM.ToValue(w.bufferOf(call.Argument(0)).Detach()) },
	}
}

// kind says what an object is by its internal slots. "Object" may also be a typed array, a DataView or a WeakMap,
// which only the machine's own methods can tell. "" is what cannot be cloned.
func (w *Web) kind(v goja.Value) string {
	object, ok := v.(*goja.Object)
	if !ok {
		return ""
	}
	exported := object.ExportType()
	if exported == reflect.TypeFor[*storageItems]() {
		return ""
	}
	if w.IsHostObject != nil && w.IsHostObject(object) {
		return "host"
	}
	switch exported {
	case reflect.TypeFor[goja.Proxy](), reflect.TypeFor[*goja.Promise](), reflect.TypeFor[*goja.Symbol]():
		return ""
	}
	class := object.ClassName()
	switch class {
	case "Boolean", "Number", "String", "Date", "RegExp", "Error", "Array":
		return class
	case "Arguments":
		return "Object"
	case "Object":
		return objectKind(exported)
	default:
		return ""
	}
}

// objectKind tells apart what goja keeps under the class Object.
func objectKind(exported reflect.Type) string {
	switch exported {
	case reflect.TypeFor[[][2]any]():
		return "Map"
	case reflect.TypeFor[[]any]():
		return "Set"
	case reflect.TypeFor[goja.ArrayBuffer]():
		return "ArrayBuffer"
	case reflect.TypeFor[map[string]any]():
		return "Object"
	}
	if exported == nil {
		return "Object"
	}
	if exported == reflect.TypeFor[*big.Int]() {
		return "BigInt"
	}
	if exported.Kind() == reflect.Slice { // a typed array
		return "Object"
	}
	return ""
}
