package view

import (
	"strings"

	"github.com/dop251/goja"

	"trackhook/scripting/internal/jsontext"
)

// jsonObject is a JSON object as a script sees it: a [goja.DynamicObject] over its text.
//
// While it is only read, and seldom, it stays text: each read looks through the level for the key. To index the level
// first was tried; a listener reads one or two properties of a level, and the index is half of what it allocates. The
// objects and arrays that were handed out are kept, because they have an identity and the script may change them.
// When a property is written, or all are listed, or many read, the level becomes members.
//
// No bookkeeping beyond that is needed to never print stale text: what was handed out or written is printed as the
// value that it is, and views within keep their own changes.
type jsonObject struct {
	vm      *goja.Runtime
	text    string
	kept    []Member
	reads   int
	members *Members
}

// readsBeforeIndex is how often a level is looked through before it is indexed.
const readsBeforeIndex = 8

// NewObject makes an object over text, which [jsontext.Object] has checked.
func NewObject(vm *goja.Runtime, text string) *goja.Object {
	return vm.NewDynamicObject(&jsonObject{vm: vm, text: text})
}

// untouched tells that the text is all there is.
func (o *jsonObject) untouched() bool { return o.members == nil && len(o.kept) == 0 }

// load makes the level members, from then on.
func (o *jsonObject) load() *Members {
	if o.members == nil {
		members := ParseMembers(o.text)
		for _, kept := range o.kept {
			members.Set(kept.Key, kept.Value)
		}
		o.members = &members
		o.text, o.kept = "", nil
	}
	return o.members
}

// look returns the text of the property while the level is text.
func (o *jsonObject) look(key string) (raw string, ok bool) {
	items := jsontext.NewItems(o.text)
	for {
		literal, value, more := items.Next()
		if !more {
			return raw, ok
		}
		if name := literal[1 : len(literal)-1]; name != key {
			if strings.IndexByte(name, '\\') < 0 {
				continue
			}
			if name, _ = jsontext.Unquote(literal); name != key {
				continue
			}
		}
		raw, ok = value, true // and on: of equal keys the last wins
	}
}

// isText tells whether the level still is text, and counts a read of it.
func (o *jsonObject) isText() bool {
	if o.members != nil {
		return false
	}
	if o.reads++; o.reads > readsBeforeIndex {
		o.load()
		return false
	}
	return true
}

// Get returns the value of an own property, nil where there is none.
func (o *jsonObject) Get(key string) goja.Value {
	if !o.isText() {
		return ValueOf(o.vm, o.members.Find(key))
	}
	for i := range o.kept {
		if o.kept[i].Key == key {
			return o.kept[i].Value
		}
	}
	raw, ok := o.look(key)
	if !ok {
		return nil
	}
	value := jsonToValue(o.vm, raw)
	if raw[0] == '{' || raw[0] == '[' {
		o.kept = append(o.kept, Member{Key: key, Value: value})
	}
	return value
}

// Set makes or changes an own property.
func (o *jsonObject) Set(key string, value goja.Value) bool {
	o.load().Set(key, value)
	return true
}

// Has tells whether there is such an own property.
func (o *jsonObject) Has(key string) bool {
	if !o.isText() {
		return o.members.Find(key) != nil
	}
	_, ok := o.look(key)
	return ok
}

// Delete removes an own property.
func (o *jsonObject) Delete(key string) bool {
	o.load().Remove(key)
	return true
}

// Keys returns the names of all own properties in the order of an ordinary object.
func (o *jsonObject) Keys() []string { return o.load().Keys() }

// ValueOf returns the member's value, made from its text the first time: an object keeps its identity.
func ValueOf(vm *goja.Runtime, member *Member) goja.Value {
	if member == nil {
		return nil
	}
	if member.Value == nil {
		member.Value = jsonToValue(vm, member.Raw)
		member.Raw = ""
	}
	return member.Value
}

// jsonToValue returns what the text stands for: a view of an object, an ordinary array, or a primitive.
//
// Arrays are ordinary ones, made at once with views of the objects inside. A goja.DynamicArray cannot have
// holes or names, answers to negative indexes and cannot be frozen, and would save little, because the first thing that
// a script asks of an array is its length.
func jsonToValue(vm *goja.Runtime, text string) goja.Value {
	switch text[0] {
	case '{':
		return NewObject(vm, text)
	case '[':
		return jsonToArray(vm, text)
	case '"':
		s, exact := jsontext.Unquote(text)
		if !exact {
			return goja.StringFromUTF16(jsontext.UnquoteUnits(text))
		}
		return vm.ToValue(s)
	case 't':
		return vm.ToValue(true)
	case 'f':
		return vm.ToValue(false)
	case 'n':
		return goja.Null()
	default:
		return vm.ToValue(jsontext.Number(text))
	}
}

func jsonToArray(vm *goja.Runtime, text string) goja.Value {
	var values []any
	items := jsontext.NewItems(text)
	for {
		_, raw, ok := items.Next()
		if !ok {
			return vm.NewArray(values...)
		}
		values = append(values, jsonToValue(vm, raw))
	}
}
