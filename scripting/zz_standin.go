package scripting

import (
	"fmt"
	"strings"

	"github.com/dop251/goja"

	"trackhook/engine"
)

// Stand-ins until response.go, console.go and inspect.go are merged.

type consoleLevel uint8

const (
	consoleDebug consoleLevel = iota
	consoleInfo
	consoleWarn
	consoleError
)

type responseViews struct{ vm *goja.Runtime }

func newResponseViews(vm *goja.Runtime) *responseViews { return &responseViews{vm: vm} }

func (v *responseViews) object(r *engine.Response) *goja.Object {
	o := v.vm.NewObject()
	_ = o.Set("message", r.Message)
	_ = o.Set("timestamp", r.Timestamp)
	_ = o.Set("adid", r.ADID)
	if r.Package.Kind == engine.KindEvent {
		_ = o.Set("eventToken", r.Package.Params["event_token"])
		_ = o.Set("callbackId", r.Package.CallbackID)
	}
	if !r.Outcome.Success() {
		_ = o.Set("willRetry", r.WillRetry)
	}
	_ = o.Set("jsonResponse", goja.Null())
	if parse, ok := goja.AssertFunction(v.vm.Get("JSON").ToObject(v.vm).Get("parse")); ok && r.Body != nil {
		if body, err := parse(goja.Undefined(), v.vm.ToValue(string(r.Body))); err == nil {
			_ = o.Set("jsonResponse", body)
		}
	}
	return o
}

func installConsole(vm *goja.Runtime, sink func(level consoleLevel, text string)) {
	console := vm.NewObject()
	for name, level := range map[string]consoleLevel{
		"log": consoleInfo, "info": consoleInfo, "debug": consoleDebug, "warn": consoleWarn, "error": consoleError,
	} {
		_ = console.Set(name, func(call goja.FunctionCall) goja.Value {
			parts := make([]string, len(call.Arguments))
			for i, arg := range call.Arguments {
				if goja.IsString(arg) {
					parts[i] = arg.String()
				} else {
					parts[i] = inspectText(vm, arg)
				}
			}
			sink(level, strings.Join(parts, " "))
			return goja.Undefined()
		})
	}
	_ = vm.Set("console", console)
}

func plainCopy(_ *goja.Runtime, v goja.Value) goja.Value { return v }

func inspectText(_ *goja.Runtime, v goja.Value) string {
	if goja.IsString(v) {
		return "'" + v.String() + "'"
	}
	if o, ok := v.(*goja.Object); ok && o.ClassName() == "Object" {
		lines := make([]string, 0, len(o.Keys()))
		for _, key := range o.Keys() {
			lines = append(lines, "  "+key+": "+inspectText(nil, o.Get(key)))
		}
		return "{\n" + strings.Join(lines, ",\n") + "\n}"
	}
	return fmt.Sprint(v)
}
