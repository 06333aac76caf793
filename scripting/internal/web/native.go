package web

import (
	"github.com/dop251/goja"
)

// native is a function of Go as goja calls it.
type native = func(goja.FunctionCall) goja.Value

// natives returns the Go half of a feature, by the names that its program uses.
func (w *Web) natives(feature string) map[string]native {
	if isIntl(feature) {
		return w.intlNatives()
	}
	switch feature {
	case "exception":
		return w.interfaceNatives()
	case "abort":
		return w.abortNatives()
	case "blob":
		return w.blobNatives()
	case "buffer":
		return w.bufferNatives()
	case "clone":
		return w.cloneNatives()
	case "crypto":
		return w.cryptoNatives()
	case "encoding":
		return w.encodingNatives()
	case "body":
		return w.bodyNatives()
	case "fetch":
		return w.fetchNatives()
	case "host":
		return w.hostNatives()
	case "show":
		return w.showNatives()
	case "storage":
		return w.storageNatives()
	case "url":
		return w.urlNatives()
	default:
		return nil
	}
}

// hostNatives are what performance and process need.
func (w *Web) hostNatives() map[string]native {
	return map[string]native{
		"now":    func(goja.FunctionCall) goja.Value { return w.VM.ToValue(w.millis()) },
		"origin": func(goja.FunctionCall) goja.Value { return w.VM.ToValue(float64(w.started.UnixMicro()) / 1e3) },
		"env": func(goja.FunctionCall) goja.Value {
			env := w.VM.NewObject()
			for name, value := range w.Env {
				rethrow(env.Set(name, value))
			}
			return env
		},
		"builtin": func(call goja.FunctionCall) goja.Value {
			if w.Builtin == nil {
				return goja.Undefined()
			}
			return w.Builtin(call.Argument(0).String())
		},
	}
}

// millis is the time since the runtime's start in milliseconds, on a clock that never goes back.
func (w *Web) millis() float64 { return float64(w.Now().Sub(w.started).Nanoseconds()) / 1e6 }

// bytesOf returns the bytes of an argument that the program has made a Uint8Array. They are the script's own memory:
// copy what outlives the call.
func bytesOf(v goja.Value) []byte {
	object, ok := v.(*goja.Object)
	if !ok {
		return nil
	}
	// goja points behind the memory for an array that is empty and at its end, which the race detector does not allow.
	if length := object.Get("length"); length == nil || length.ToInteger() == 0 {
		return nil
	}
	b, _ := object.Export().([]byte)
	return b
}

// bufferOf returns an argument that the program has made an ArrayBuffer, unless the script has replaced what it is made
// with: an ArrayBuffer of Go that is none of the machine's must not be looked into.
func (w *Web) bufferOf(v goja.Value) goja.ArrayBuffer {
	buffer, ok := v.Export().(goja.ArrayBuffer)
	if !ok {
		panic(w.VM.NewTypeError("an ArrayBuffer is expected here"))
	}
	return buffer
}

// arrayBuffer hands bytes over to the script.
func (w *Web) arrayBuffer(b []byte) goja.Value { return w.VM.ToValue(w.VM.NewArrayBuffer(b)) }

// stringsOf returns a JavaScript array of strings.
func (w *Web) stringsOf(texts ...string) goja.Value {
	values := make([]any, len(texts))
	for i, text := range texts {
		values[i] = text
	}
	return w.VM.NewArray(values...)
}

// member is a member of an object; undefined where there is none.
func (w *Web) member(object *goja.Object, name string) goja.Value {
	if v := object.Get(name); v != nil {
		return v
	}
	return goja.Undefined()
}

// rethrow hands an exception that came out of the machine on to whoever called into Go.
func rethrow(err error) {
	if err != nil {
		panic(err)
	}
}

// interfaceNatives define what Web IDL demands of a class and a class body cannot say. A loop in the program would cost
// ten times as much.
func (w *Web) interfaceNatives() map[string]native {
	return map[string]native{
		// constants(Class, {NAME: value ...}) defines constants on a class and its prototype (Web IDL, 3.7.5).
		"constants": func(call goja.FunctionCall) goja.Value {
			class, values := call.Argument(0).ToObject(w.VM), call.Argument(1).ToObject(w.VM)
			prototype := w.member(class, "prototype").ToObject(w.VM)
			for _, name := range values.Keys() {
				value := values.Get(name)
				rethrow(class.DefineDataProperty(name, value, goja.FLAG_FALSE, goja.FLAG_FALSE, goja.FLAG_TRUE))
				rethrow(prototype.DefineDataProperty(name, value, goja.FLAG_FALSE, goja.FLAG_FALSE, goja.FLAG_TRUE))
			}
			return goja.Undefined()
		},
		// enumerable(prototype, name ...) makes members enumerable, as those of interfaces are (Web IDL, 3.7.6, 3.7.7).
		"enumerable": func(call goja.FunctionCall) goja.Value {
			descriptor := w.VM.CreateObject(nil) // what a script gives all objects is no part of it
			rethrow(descriptor.Set("enumerable", true))
			define, ok := goja.AssertFunction(w.member(w.member(w.VM.GlobalObject(), "Object").ToObject(w.VM), "defineProperty"))
			if !ok {
				panic(w.VM.NewTypeError("Object.defineProperty is not a function"))
			}
			for _, name := range call.Arguments[1:] {
				_, err := define(goja.Undefined(), call.Argument(0), name, descriptor)
				rethrow(err)
			}
			return goja.Undefined()
		},
	}
}
