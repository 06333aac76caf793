package scripting

import (
	"fmt"
	"path"

	"github.com/dop251/goja"

	"trackhook/scripting/internal/machine"
)

// A plugin that is a classic script finds the names of CommonJS as globals: require, module, exports, __filename and
// __dirname. What it can require was bundled before it runs: the names that stand in its calls of require and import().

// installRequire runs the library and defines those names; within the run of the top level.
func (rt *Runtime) installRequire() {
	library := map[string]machine.Function{}
	if rt.program.library != nil {
		table, err := rt.machine.VM.RunProgram(rt.program.library)
		if err != nil {
			panic(err)
		}
		object := table.ToObject(rt.machine.VM)
		for _, name := range object.Keys() {
			if load, ok := machine.AsFunction(object.Get(name)); ok {
				library[name] = load
			}
		}
	}
	name := rt.inst.graph.Name(rt.inst.cfg.entry)
	module, exports := rt.machine.VM.NewObject(), rt.machine.VM.NewObject()
	machine.Must(module.Set("id", name))
	machine.Must(module.Set("filename", name))
	machine.Must(module.Set("exports", exports))
	rt.machine.DefineValue("require", rt.machine.Function("require", func(call goja.FunctionCall) goja.Value {
		return rt.require(library, call.Argument(0))
	}))
	rt.machine.DefineValue("module", module)
	rt.machine.DefineValue("exports", exports)
	rt.machine.DefineValue("__filename", rt.machine.VM.ToValue(name))
	rt.machine.DefineValue("__dirname", rt.machine.VM.ToValue(path.Dir(name)))
}

// require returns the exports of a module, and runs it when it is required first.
func (rt *Runtime) require(library map[string]machine.Function, of goja.Value) goja.Value {
	name, ok := of.Export().(string)
	if !ok || name == "" {
		panic(rt.machine.VM.NewTypeError("require needs the name of a module, such as './lib.js'"))
	}
	if module, ok := rt.adjust.Module(name); ok {
		return module
	}
	if load := library[name]; load != nil {
		return load(goja.FunctionCall{This: goja.Undefined()})
	}
	failure := rt.machine.NewError(fmt.Sprintf("Cannot find module '%s': only a name that is written out, as in require('./lib.js'), is found", name))
	machine.Must(failure.Set("code", "MODULE_NOT_FOUND"))
	panic(failure)
}
