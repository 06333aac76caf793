package view

import (
	"github.com/dop251/goja"
)

// lock says what a script may not do to a view any more. goja's dynamic objects know nothing of that: Object.freeze and its
// kin fail for them, so a machine whose script may call these has them replaced, see [Lockable].
type lock uint8

const (
	open lock = iota
	// closed takes no new properties, sealed gives none up either, and frozen changes none.
	closed
	sealed
	frozen
)

// lockable is a view.
type lockable interface {
	goja.DynamicObject
	lockOf() *lock
}

func (o *jsonObject) lockOf() *lock   { return &o.lock }
func (w *responseView) lockOf() *lock { return &w.lock }

// refusesSet tells whether a property cannot be set; has tells whether it is there.
func (l lock) refusesSet(has func(string) bool, key string) bool {
	return l == frozen || l != open && !has(key)
}

func (l lock) refusesDelete(has func(string) bool, key string) bool { return l >= sealed && has(key) }

// Lockable replaces the functions of Object and Reflect that make objects immutable, and that tell whether they are, in
// a fresh machine, so that they work for views too.
func Lockable(vm *goja.Runtime) error {
	for _, owner := range []string{"Object", "Reflect"} {
		object := vm.Get(owner).ToObject(vm)
		for _, name := range []string{
			"freeze", "seal", "preventExtensions", "isFrozen", "isSealed", "isExtensible", "getOwnPropertyDescriptor", "getOwnPropertyDescriptors",
		} {
			if err := replaceLock(vm, object, name, owner == "Reflect"); err != nil {
				return err
			}
		}
	}
	return nil
}

// replaceLock puts a function before one of goja's. Those of Reflect return whether it could be done.
func replaceLock(vm *goja.Runtime, owner *goja.Object, name string, reflects bool) error {
	was, ok := goja.AssertFunction(owner.Get(name))
	if !ok {
		return nil // Reflect has some of them
	}
	function := vm.ToValue(func(call goja.FunctionCall) goja.Value {
		object, view := viewOf(call.Argument(0))
		if view == nil {
			return mustCall(was, call)
		}
		state := view.lockOf()
		switch name {
		case "isFrozen":
			return vm.ToValue(*state == frozen || *state != open && len(view.Keys()) == 0)
		case "isSealed":
			return vm.ToValue(*state >= sealed || *state != open && len(view.Keys()) == 0)
		case "isExtensible":
			return vm.ToValue(*state == open)
		case "getOwnPropertyDescriptor", "getOwnPropertyDescriptors":
			return state.describe(vm, mustCall(was, call), name == "getOwnPropertyDescriptors")
		}
		*state = max(*state, map[string]lock{"freeze": frozen, "seal": sealed, "preventExtensions": closed}[name])
		if reflects {
			return vm.ToValue(true)
		}
		return object
	}).ToObject(vm)
	for key, value := range map[string]any{"name": name, "length": owner.Get(name).ToObject(vm).Get("length")} {
		if err := function.DefineDataProperty(key, vm.ToValue(value), goja.FLAG_FALSE, goja.FLAG_TRUE, goja.FLAG_FALSE); err != nil {
			return err //nolint:wrapcheck // it cannot fail: a new function takes any
		}
	}
	return owner.DefineDataProperty(name, function, goja.FLAG_TRUE, goja.FLAG_TRUE, goja.FLAG_FALSE) //nolint:wrapcheck // likewise
}

// describe puts what the lock forbids into the descriptors of properties.
func (l lock) describe(vm *goja.Runtime, of goja.Value, several bool) goja.Value {
	if l < sealed || goja.IsUndefined(of) {
		return of
	}
	object := of.ToObject(vm)
	descriptors := []*goja.Object{object}
	if several {
		descriptors = descriptors[:0]
		for _, name := range object.Keys() {
			descriptors = append(descriptors, object.Get(name).ToObject(vm))
		}
	}
	for _, d := range descriptors {
		_ = d.Set("configurable", false) // a descriptor is an ordinary object
		if l == frozen {
			_ = d.Set("writable", false)
		}
	}
	return of
}

// viewOf returns the view behind a value, nil when the value is something else.
func viewOf(value goja.Value) (*goja.Object, lockable) {
	object, ok := value.(*goja.Object)
	if !ok || !isView(object) {
		return nil, nil
	}
	view, _ := object.Export().(lockable)
	return object, view
}

func mustCall(f goja.Callable, call goja.FunctionCall) goja.Value {
	v, err := f(call.This, call.Arguments...)
	if err != nil {
		panic(err)
	}
	return v
}
