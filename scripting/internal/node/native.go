package node

import (
	"reflect"

	"github.com/dop251/goja"
)

// natives returns the Go half of a module, by the names that its program uses.
func (m *Modules) natives(module string) map[string]any {
	switch module {
	case "crypto":
		return m.cryptoNatives()
	case "module":
		return map[string]any{"names": func(goja.FunctionCall) goja.Value { return m.names() }}
	case "process":
		return map[string]any{"process": m.Process()}
	case "util":
		return m.utilNatives()
	case "zlib":
		return map[string]any{"convert": m.convert}
	default:
		return nil
	}
}

func (m *Modules) names() goja.Value {
	var names []any
	for _, module := range Table() {
		names = append(names, module.Name)
	}
	return m.VM.NewArray(names...)
}

func (m *Modules) utilNatives() map[string]any {
	return map[string]any{
		"inspectOf": func(call goja.FunctionCall) goja.Value {
			return m.VM.ToValue(m.Inspect(call.Argument(0), call.Argument(1)))
		},
		"format": func(call goja.FunctionCall) goja.Value { return m.VM.ToValue(m.Format(call.Arguments)) },
		"kind":   func(call goja.FunctionCall) goja.Value { return m.VM.ToValue(kind(call.Argument(0))) },
	}
}

// kind is what goja calls a value, whatever its tag says.
func kind(value goja.Value) string {
	object, ok := value.(*goja.Object)
	if !ok {
		return ""
	}
	switch object.ExportType() {
	case reflect.TypeFor[goja.Proxy]():
		return "Proxy"
	case reflect.TypeFor[*goja.Promise]():
		return "Promise"
	case reflect.TypeFor[goja.ArrayBuffer]():
		return "ArrayBuffer"
	}
	return object.ClassName()
}

// bytesOf returns the bytes of an argument that the program has made a Uint8Array. They are the script's own memory:
// copy what outlives the call.
func bytesOf(v goja.Value) []byte {
	b, _ := v.Export().([]byte)
	return b
}

// arrayBuffer hands bytes over to the script.
func (m *Modules) arrayBuffer(b []byte) goja.Value { return m.VM.ToValue(m.VM.NewArrayBuffer(b)) }
