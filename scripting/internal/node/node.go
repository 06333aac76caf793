package node

import (
	"fmt"
	"strings"

	"github.com/dop251/goja"
)

//go:generate go test . -run ^TestModulesAreThoseOfTheirPackages$ -write

// Options is what the modules of one machine work with. All are required.
type Options struct {
	VM       *goja.Runtime
	Programs *Programs
	// Process returns the object process.
	Process func() goja.Value
	// Inspect returns a value as util.inspect prints it, with the options of that; Format joins values as util.format does.
	Inspect func(value, options goja.Value) string
	Format  func(values []goja.Value) string
}

// Modules are the modules of one machine.
type Modules struct {
	Options
	// loaded holds the object module of each that was named, from the moment when it begins to run.
	loaded  map[string]*goja.Object
	require goja.Value
}

// New makes the modules of a machine. It runs nothing before a module is named.
func New(options *Options) *Modules {
	return &Modules{Options: *options, loaded: map[string]*goja.Object{}}
}

// Require returns what a module exports, by its name with or without node:, and runs it the first time. It throws into the
// script when there is no such module, so it must be called from one.
func (m *Modules) Require(name string) goja.Value {
	name = strings.TrimPrefix(name, "node:")
	if alias, ok := aliases()[name]; ok {
		of := m.Require(alias[0])
		if alias[1] == "" {
			return of
		}
		return of.ToObject(m.VM).Get(alias[1])
	}
	if module := m.loaded[name]; module != nil {
		return module.Get("exports")
	}
	program := m.Programs.program(name)
	if known, ok := Find(name); program == nil && ok && known.Instead != "" {
		return m.VM.NewObject() // a package that needs something of it finds nothing
	}
	if program == nil {
		m.throw("MODULE_NOT_FOUND", fmt.Sprintf("Cannot find module '%s'", name))
	}
	body, err := m.VM.RunProgram(program)
	rethrow(err)
	run, ok := goja.AssertFunction(body)
	if !ok {
		panic(m.VM.NewTypeError("the module " + name + " is no function"))
	}
	module, exports, natives := m.VM.NewObject(), m.VM.NewObject(), m.VM.NewObject()
	rethrow(module.Set("exports", exports))
	for key, f := range m.natives(name) {
		rethrow(natives.Set(key, f))
	}
	m.loaded[name] = module
	if m.require == nil {
		m.require = m.VM.ToValue(func(call goja.FunctionCall) goja.Value { return m.Require(call.Argument(0).String()) })
	}
	if _, err := run(goja.Undefined(), m.require, module, exports, natives); err != nil {
		delete(m.loaded, name)
		panic(err)
	}
	return module.Get("exports")
}

// throw throws an Error with a code, throwAs one of another class.
func (m *Modules) throw(code, text string) { m.throwAs("Error", code, text) }

func (m *Modules) throwAs(class, code, text string) {
	failure, err := m.VM.New(m.VM.Get(class), m.VM.ToValue(text))
	rethrow(err)
	rethrow(failure.Set("code", code))
	panic(failure)
}

// rethrow hands an exception that came out of the machine on to whoever called into Go.
func rethrow(err error) {
	if err != nil {
		panic(err)
	}
}
