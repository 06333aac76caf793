package scripting

import (
	"errors"
	"fmt"
	"path"
	"path/filepath"
	"strings"

	"github.com/dop251/goja"
)

// modules are the CommonJS modules of one runtime. They belong to its goroutine.
type modules struct {
	rt     *jsRuntime
	loaded map[string]*goja.Object // the module object by path; there as soon as the module begins, so cycles end
}

func newModules(rt *jsRuntime) *modules {
	return &modules{rt: rt, loaded: map[string]*goja.Object{}}
}

// enter gives the plugin's first file, which is a script and no module, the names that a module has.
func (m *modules) enter(f *sourceFile) {
	module, exports := m.object(f)
	m.loaded[f.path] = module
	m.rt.defineValue("require", m.require(f))
	m.rt.defineValue("module", module)
	m.rt.defineValue("exports", exports)
	m.rt.defineValue("__filename", m.rt.vm.ToValue(f.name))
	m.rt.defineValue("__dirname", m.rt.vm.ToValue(path.Dir(f.name)))
}

// object makes a module object and its empty exports.
func (m *modules) object(f *sourceFile) (module, exports *goja.Object) {
	module, exports = m.rt.vm.NewObject(), m.rt.vm.NewObject()
	must(module.Set("id", f.name))
	must(module.Set("filename", f.name))
	must(module.Set("exports", exports))
	must(module.Set("loaded", false))
	return module, exports
}

// require makes the require function of a file.
func (m *modules) require(from *sourceFile) goja.Value {
	return m.rt.function("require", func(call goja.FunctionCall) goja.Value {
		name, ok := call.Argument(0).Export().(string)
		if !ok || name == "" {
			panic(m.rt.vm.NewTypeError("require needs the name of a module, such as './lib.js'"))
		}
		if exports := m.rt.inst.cfg.probe.module(name); exports != nil {
			return exports
		}
		return m.load(m.resolve(from, name))
	})
}

// resolve finds the file that a name means, as Node does for local files: as it is, with an ending, or as a folder.
// It throws when there is none.
func (m *modules) resolve(from *sourceFile, name string) *sourceFile {
	local := name == "." || name == ".." || strings.HasPrefix(name, "./") || strings.HasPrefix(name, "../")
	if !local {
		hint := "only files of the plugins folder can be required, by a name that begins with ./ or ../"
		if !strings.HasPrefix(name, "/") {
			hint += fmt.Sprintf(", such as require('./%s')", name)
		}
		m.notFound(fmt.Sprintf("Cannot find module '%s': %s", name, hint))
	}
	base := filepath.Join(filepath.Dir(from.path), filepath.FromSlash(name))
	var candidates []string
	if !strings.HasSuffix(name, "/") && name != "." && name != ".." {
		candidates = append(candidates, base, base+".js", base+".json", base+".cjs")
	}
	candidates = append(candidates, filepath.Join(base, "index.js"), filepath.Join(base, "index.json"))

	tried := make([]string, 0, len(candidates))
	for _, candidate := range candidates {
		f, err := m.rt.inst.graph.look(candidate)
		if errors.Is(err, errOutside) {
			m.notFound(fmt.Sprintf("Cannot find module '%s' from %s: it %s", name, from.name, errOutside))
		}
		if err != nil {
			panic(m.rt.newError(fmt.Sprintf("Cannot read module '%s': %s", name, err)))
		}
		if !f.missing {
			return f
		}
		tried = append(tried, f.name)
	}
	m.notFound(fmt.Sprintf("Cannot find module '%s' from %s: tried %s", name, from.name, strings.Join(tried, ", ")))
	return nil
}

func (m *modules) notFound(text string) {
	failure := m.rt.newError(text)
	must(failure.Set("code", "MODULE_NOT_FOUND"))
	panic(failure)
}

// load returns the exports of a module and runs it first if this runtime has not. A module that is still being
// loaded gives what it has exported so far.
func (m *modules) load(f *sourceFile) goja.Value {
	if module := m.loaded[f.path]; module != nil {
		return module.Get("exports")
	}
	module, exports := m.object(f)
	if strings.HasSuffix(f.path, ".json") {
		must(module.Set("exports", m.parse(f)))
		m.loaded[f.path] = module
		return module.Get("exports")
	}
	program, err := m.rt.inst.graph.compileModule(f)
	if err != nil {
		m.syntaxError(err)
	}
	m.loaded[f.path] = module
	complete := false
	defer func() {
		if !complete {
			delete(m.loaded, f.path) // the next require tries again, as in Node
		}
	}()
	function, err := m.rt.vm.RunProgram(program)
	if err != nil {
		panic(err)
	}
	body, ok := asListener(function)
	if !ok {
		panic(m.rt.newError("cannot load " + f.name + ": the module is no function"))
	}
	body(goja.FunctionCall{This: exports, Arguments: []goja.Value{
		exports, m.require(f), module, m.rt.vm.ToValue(f.name), m.rt.vm.ToValue(path.Dir(f.name)),
	}})
	complete = true
	must(module.Set("loaded", true))
	return module.Get("exports")
}

// parse reads a JSON module.
func (m *modules) parse(f *sourceFile) goja.Value {
	var value goja.Value
	exception := m.rt.vm.Try(func() {
		text := strings.TrimPrefix(f.text, "\ufeff")
		value = m.rt.jsonParse(goja.FunctionCall{Arguments: []goja.Value{m.rt.vm.ToValue(text)}})
	})
	if exception != nil {
		m.syntaxError(&ScriptError{File: f.name, Message: "SyntaxError: not JSON: " + exception.Value().String()})
	}
	return value
}

// syntaxError throws a SyntaxError whose place is in the module and not at the require.
func (m *modules) syntaxError(err error) {
	var failure *ScriptError
	if !errors.As(err, &failure) {
		panic(m.rt.newError(err.Error()))
	}
	text := strings.TrimPrefix(failure.Message, "SyntaxError: ")
	object := m.rt.construct(m.rt.classes.syntaxError, fmt.Sprintf("%s: %s", failure.Where(), text))
	m.rt.origins[object] = failure
	panic(object)
}
