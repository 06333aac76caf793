package adjust

import (
	"strings"

	"github.com/dop251/goja"

	"trackhook/scripting/internal/machine"
)

// record tells a test of a call of Adjust, in the form in which the JavaScript of the Cordova SDK hands it to the
// device: callbacks are left out, and objects travel as the JSON text of an array.
func (a *API) record(report func(string, []any), name string, call goja.FunctionCall) {
	if (name == "create" || name == "initSdk") && a.isConfig(call.Argument(0)) {
		config := call.Argument(0)
		for _, l := range a.api().listeners {
			if a.field(config, l.field) != nil {
				report(l.action, []any{})
			}
		}
	}
	arguments, object := []any{}, false
	var values []any
	for _, arg := range call.Arguments {
		if _, isFunction := machine.AsFunction(arg); isFunction {
			if strings.HasPrefix(name, "add") {
				arguments = append(arguments, nil) // no callback, so it is lost on the way
			}
			continue
		}
		object = object || isObjectValue(arg)
		values = append(values, arg)
		arguments = append(arguments, arg.Export())
	}
	if object {
		text, err := a.m.VM.NewArray(values...).MarshalJSON()
		machine.Must(err)
		arguments = []any{string(text)}
	}
	report(name, arguments)
}
