package adjust

import (
	"slices"

	"github.com/dop251/goja"

	"trackhook/scripting/internal/machine"
)

// lazyObject is an object whose properties are made when they are first looked at: a [goja.DynamicObject]. A function
// of goja takes about half a kilobyte, and Adjust and AdjustConfig have two hundred of them, of which a script uses
// five. All properties are own, enumerable and can be written and deleted, as those of the SDK's objects.
//
// It belongs to the runtime's goroutine; names is shared and never changed.
type lazyObject struct {
	// names are all properties in their order. build makes one of them, and returns nil for every other name.
	names []string
	build func(name string) goja.Value
	// made holds what was built or assigned; nil stands for deleted. added are the names that a script has added.
	made  map[string]goja.Value
	added []string
}

func newLazyObject(names []string, build func(string) goja.Value) *lazyObject {
	return &lazyObject{names: names, build: build, made: map[string]goja.Value{}}
}

// Get returns a property, nil where there is none.
func (o *lazyObject) Get(name string) goja.Value {
	value, known := o.made[name]
	if known {
		return value
	}
	if value = o.build(name); value != nil {
		o.made[name] = value
	}
	return value
}

// Set makes or changes a property.
func (o *lazyObject) Set(name string, value goja.Value) bool {
	if !slices.Contains(o.names, name) && !slices.Contains(o.added, name) {
		o.added = append(o.added, name)
	}
	o.made[name] = value
	return true
}

// Has tells whether there is such a property.
func (o *lazyObject) Has(name string) bool {
	if value, known := o.made[name]; known {
		return value != nil
	}
	return slices.Contains(o.names, name)
}

// Delete removes a property.
func (o *lazyObject) Delete(name string) bool {
	o.made[name] = nil
	o.added = slices.DeleteFunc(o.added, func(added string) bool { return added == name })
	return true
}

// Keys returns the names of all properties.
func (o *lazyObject) Keys() []string {
	if len(o.made) == 0 {
		return o.names
	}
	keys := make([]string, 0, len(o.names)+len(o.added))
	for _, name := range o.names {
		if o.Has(name) {
			keys = append(keys, name)
		}
	}
	return append(keys, o.added...)
}

// lateGlobals are the global names of the API that are made when a script first names them, and are ordinary properties
// of the global object from then on: an object in the prototype chain of the global object, like the one for named
// elements in the chain of a browser's window.
type lateGlobals struct {
	API   *API
	built map[string]bool
}

// installLate puts the names into the chain. It costs about a microsecond.
func (a *API) installLate() {
	global := a.m.VM.GlobalObject()
	names := a.m.VM.NewDynamicObject(&lateGlobals{API: a, built: map[string]bool{}})
	machine.Must(names.SetPrototype(global.Prototype()))
	machine.Must(global.SetPrototype(names))
}

// Get makes what the name stands for.
func (g *lateGlobals) Get(name string) goja.Value {
	if !g.Has(name) {
		return nil
	}
	g.built[name] = true
	value := g.API.export(name)
	g.API.m.DefineValue(name, value)
	return value
}

// Has tells whether Get would make something. A name that was made, and then deleted, stays deleted.
func (g *lateGlobals) Has(name string) bool {
	return !g.built[name] && g.API.api().parts[name] != nil
}

// Set refuses: a script assigns to the global object itself.
func (*lateGlobals) Set(string, goja.Value) bool { return false }

// Delete has nothing to do: what a script can delete is on the global object.
func (*lateGlobals) Delete(string) bool { return true }

// Keys lists nothing, because globals of a host are not enumerable.
func (*lateGlobals) Keys() []string { return nil }
