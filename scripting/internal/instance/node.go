package instance

import (
	"github.com/dop251/goja"

	"trackhook/scripting/internal/bundle"
	"trackhook/scripting/internal/node"
)

// NodeModule tells the bundler of a module of Node.
func NodeModule(name string) (instead string, ok bool) {
	m, ok := node.Find(name)
	return m.Instead, ok
}

// installNode makes the modules of Node reachable for a program that names some.
func (rt *Runtime) installNode() {
	if rt.program.node {
		rt.Machine.DefineValue(bundle.NodeGlobal, rt.Machine.Function("require", func(call goja.FunctionCall) goja.Value {
			return rt.nodeModules().Require(call.Argument(0).String())
		}))
	}
}

// builtin is process.getBuiltinModule.
func (rt *Runtime) builtin(name string) goja.Value {
	if m, ok := node.Find(name); !ok || m.Instead != "" {
		return goja.Undefined()
	}
	return rt.nodeModules().Require(name)
}

// nodeModules are made when the first is named.
func (rt *Runtime) nodeModules() *node.Modules {
	if rt.modules == nil {
		rt.modules = node.New(&node.Options{
			VM: rt.Machine.VM, Programs: rt.inst.cfg.Shared.node, Inspect: rt.printer.Inspect, Format: rt.printer.Text,
			Process: func() goja.Value { return rt.web.Build("host").Get("process") },
		})
	}
	return rt.modules
}
