package scripting

import (
	"encoding/json"
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
	var body map[string]any
	if json.Unmarshal(r.Body, &body) == nil {
		_ = o.Set("jsonResponse", body)
	} else {
		_ = o.Set("jsonResponse", nil)
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
		data, err := json.Marshal(o.Export())
		if err == nil {
			return string(data)
		}
	}
	return fmt.Sprint(v)
}
