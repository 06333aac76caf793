package scripting

import (
	"fmt"
	"path"

	"github.com/dop251/goja"
)

// A plugin that is a classic script finds the names of CommonJS as globals: require, module, exports, __filename and
// __dirname. What it can require was bundled before it runs: the names that stand in its calls of require and import().

// installRequire runs the library and defines those names; within the run of the top level.
func (rt *Runtime) installRequire() {
	library := map[string]listener{}
	if rt.program.library != nil {
		table, err := rt.machine.vm.RunProgram(rt.program.library)
		if err != nil {
			panic(err)
		}
		object := table.ToObject(rt.machine.vm)
		for _, name := range object.Keys() {
			if load, ok := asListener(object.Get(name)); ok {
				library[name] = load
			}
		}
	}
	name := rt.inst.graph.Name(rt.inst.cfg.entry)
	module, exports := rt.machine.vm.NewObject(), rt.machine.vm.NewObject()
	must(module.Set("id", name))
	must(module.Set("filename", name))
	must(module.Set("exports", exports))
	rt.machine.defineValue("require", rt.machine.function("require", func(call goja.FunctionCall) goja.Value {
		return rt.require(library, call.Argument(0))
	}))
	rt.machine.defineValue("module", module)
	rt.machine.defineValue("exports", exports)
	rt.machine.defineValue("__filename", rt.machine.vm.ToValue(name))
	rt.machine.defineValue("__dirname", rt.machine.vm.ToValue(path.Dir(name)))
}

// require returns the exports of a module, and runs it when it is required first.
func (rt *Runtime) require(library map[string]listener, of goja.Value) goja.Value {
	name, ok := of.Export().(string)
	if !ok || name == "" {
		panic(rt.machine.vm.NewTypeError("require needs the name of a module, such as './lib.js'"))
	}
	if module, ok := rt.adjust.Module(name); ok {
		return module
	}
	if load := library[name]; load != nil {
		return load(goja.FunctionCall{This: goja.Undefined()})
	}
	failure := rt.machine.newError(fmt.Sprintf("Cannot find module '%s': only a name that is written out, as in require('./lib.js'), is found", name))
	must(failure.Set("code", "MODULE_NOT_FOUND"))
	panic(failure)
}
