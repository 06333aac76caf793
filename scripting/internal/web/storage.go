package web

import (
	"strings"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/dop251/goja"

	"trackhook/scripting/internal/storage"
)

// storageNatives are what Storage needs. The first argument is the object that a method was called on, the second is
// of no meaning.
func (w *Web) storageNatives() map[string]native {
	own := func(call goja.FunctionCall) storage.Items {
		if object, ok := call.Argument(0).(*goja.Object); ok {
			if items, ok := object.Export().(*storageItems); ok {
				return items.Web.Storage
			}
		}
		panic(w.VM.NewTypeError("Illegal invocation"))
	}
	return map[string]native{
		"create": func(call goja.FunctionCall) goja.Value {
			prototype := call.Argument(0).ToObject(w.VM)
			hidden := map[string]bool{}
			for p := prototype; p != nil; p = p.Prototype() {
				for _, name := range p.GetOwnPropertyNames() {
					hidden[name] = true
				}
			}
			object := w.VM.NewDynamicObject(&storageItems{Web: w, hidden: hidden})
			rethrow(object.SetPrototype(prototype))
			return object
		},
		"length": func(call goja.FunctionCall) goja.Value { return w.VM.ToValue(own(call).Size()) },
		"key": func(call goja.FunctionCall) goja.Value {
			key, ok := own(call).Key(int(uint32(call.Argument(2).ToInteger()))) //nolint:gosec // Web IDL: modulo 2^32
			if !ok {
				return goja.Null()
			}
			return fromWTF8(w.VM, key)
		},
		"getItem": func(call goja.FunctionCall) goja.Value {
			value, ok := own(call).Get(toWTF8(w.VM, call.Argument(2)))
			if !ok {
				return goja.Null()
			}
			return fromWTF8(w.VM, value)
		},
		"setItem": func(call goja.FunctionCall) goja.Value {
			s := own(call)
			w.setItem(s, toWTF8(w.VM, call.Argument(2)), toWTF8(w.VM, call.Argument(3)))
			return goja.Undefined()
		},
		"removeItem": func(call goja.FunctionCall) goja.Value {
			own(call).Remove(toWTF8(w.VM, call.Argument(2)))
			return goja.Undefined()
		},
		"clear": func(call goja.FunctionCall) goja.Value {
			own(call).Clear()
			return goja.Undefined()
		},
	}
}

// setItem stores an item, or throws as browsers do when there is no room.
func (w *Web) setItem(s storage.Items, key, value string) {
	if err := s.Set(key, value); err != nil {
		w.throwDOM("QuotaExceededError",
			"Failed to execute 'setItem' on 'Storage': a plugin may keep 5 Mi characters in localStorage, keys and values together; remove items first")
	}
}

// storageItems are the items of a storage as properties of an object. A name that the prototype has, such as getItem,
// is never an item when it is read as a property, and always one when it is assigned: so says Web IDL (3.9) of an
// interface without [LegacyOverrideBuiltIns].
type storageItems struct {
	Web *Web
	// hidden are the names of the prototype chain.
	hidden map[string]bool
}

// Get returns an item, or nil.
func (i *storageItems) Get(key string) goja.Value {
	value, ok := i.Web.Storage.Get(key)
	if !ok || i.hidden[key] {
		return nil
	}
	return fromWTF8(i.Web.VM, value)
}

// Set stores an item.
func (i *storageItems) Set(key string, value goja.Value) bool {
	i.Web.setItem(i.Web.Storage, key, toWTF8(i.Web.VM, value))
	return true
}

// Has tells whether Get would return something.
func (i *storageItems) Has(key string) bool {
	_, ok := i.Web.Storage.Get(key)
	return ok && !i.hidden[key]
}

// Delete removes an item.
func (i *storageItems) Delete(key string) bool {
	if !i.hidden[key] {
		i.Web.Storage.Remove(key)
	}
	return true
}

// Keys lists the items that are properties.
func (i *storageItems) Keys() []string {
	keys := i.Web.Storage.Keys()
	shown := keys[:0]
	for _, key := range keys {
		if !i.hidden[key] {
			shown = append(shown, key)
		}
	}
	return shown
}

// toWTF8 converts to a string without loss: a lone surrogate, which UTF-8 cannot hold, is encoded as if it were a
// character.
func toWTF8(vm *goja.Runtime, v goja.Value) string {
	if _, symbol := v.(*goja.Symbol); symbol {
		panic(vm.NewTypeError("Cannot convert a Symbol value to a string"))
	}
	v = v.ToString()
	text := v.String()
	s, ok := v.(goja.String)
	if !ok || !strings.ContainsRune(text, utf8.RuneError) {
		return text
	}
	out := make([]byte, 0, len(text))
	for i := 0; i < s.Length(); i++ {
		c := rune(s.CharAt(i))
		if utf16.IsSurrogate(c) {
			if i+1 < s.Length() {
				if r := utf16.DecodeRune(c, rune(s.CharAt(i+1))); r != utf8.RuneError {
					out = utf8.AppendRune(out, r)
					i++
					continue
				}
			}
			out = append(out, 0xED, byte(0x80|c>>6&0x3F), byte(0x80|c&0x3F))
			continue
		}
		out = utf8.AppendRune(out, c)
	}
	return string(out)
}

// fromWTF8 is the way back.
func fromWTF8(vm *goja.Runtime, s string) goja.Value {
	if utf8.ValidString(s) {
		return vm.ToValue(s)
	}
	var units []uint16
	for len(s) > 0 {
		r, size := storage.DecodeRune(s)
		if utf16.IsSurrogate(r) {
			units = append(units, uint16(r)) //nolint:gosec // a surrogate has 16 bits
		} else {
			units = utf16.AppendRune(units, r)
		}
		s = s[size:]
	}
	return goja.StringFromUTF16(units)
}
