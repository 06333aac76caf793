package instance

import (
	"fmt"
	"path"

	"github.com/dop251/goja"

	"trackhook/scripting/internal/bundle"
	"trackhook/scripting/internal/machine"
)

// A plugin that is a classic script finds the names of CommonJS as globals: require, module, exports, __filename and
// __dirname. What it can require was bundled before it runs: the names that stand in its calls of require and import().

// installRequire runs the library and defines those names; within the run of the top level.
func (rt *Runtime) installRequire() {
	library := map[string]machine.Function{}
	if rt.program.library != nil {
		table, err := rt.Machine.VM.RunProgram(rt.program.library)
		if err != nil {
			panic(err)
		}
		object := table.ToObject(rt.Machine.VM)
		for _, name := range object.Keys() {
			if load, ok := machine.AsFunction(object.Get(name)); ok {
				library[name] = load
			}
		}
	}
	name := rt.inst.graph.Name(rt.inst.cfg.Entry)
	module, exports := rt.Machine.VM.NewObject(), rt.Machine.VM.NewObject()
	machine.Must(module.Set("id", name))
	machine.Must(module.Set("filename", name))
	machine.Must(module.Set("exports", exports))
	rt.Machine.DefineValue("require", rt.Machine.Function("require", func(call goja.FunctionCall) goja.Value {
		return rt.require(library, call.Argument(0))
	}))
	rt.Machine.DefineValue("module", module)
	rt.Machine.DefineValue("exports", exports)
	rt.Machine.DefineValue("__filename", rt.Machine.VM.ToValue(name))
	rt.Machine.DefineValue("__dirname", rt.Machine.VM.ToValue(path.Dir(name)))
}

// require returns the exports of a module, and runs it when it is required first.
func (rt *Runtime) require(library map[string]machine.Function, of goja.Value) goja.Value {
	name, ok := of.Export().(string)
	if !ok || name == "" {
		panic(rt.Machine.VM.NewTypeError("require needs the name of a module, such as './lib.js'"))
	}
	if module, ok := rt.adjust.Module(name); ok {
		return module
	}
	if load := library[name]; load != nil {
		return load(goja.FunctionCall{This: goja.Undefined()})
	}
	failure := rt.Machine.NewError(fmt.Sprintf("Cannot find module '%s': %s", name, bundle.WriteOut))
	machine.Must(failure.Set("code", "MODULE_NOT_FOUND"))
	panic(failure)
}
