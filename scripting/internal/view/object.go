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
	home    *home
	text    string
	kept    *keptValue
	reads   int32
	lock    lock
	root    bool // it is the whole of an answer, and its own text; see [home.toString]
	body    bool // the text is that of the response's body
	members *Members
	level   jsontext.Level // where its members are, while its answer is the one that was looked into last
}

// keptValue is a property that was handed out, and the one before it.
type keptValue struct {
	key    string
	value  goja.Value
	before *keptValue
}

// home is what the objects of one runtime have in common.
type home struct {
	vm *goja.Runtime
	// text is what toString returns for a root; made when it is first asked for.
	text *goja.Object
	// tape has the places of the members of the answer that was looked into last.
	tape jsontext.Tape
	// strings are values of strings that came before.
	strings texts
	// room and keeps are for objects to come, and for what they hand out: several are allocated at once, and one that a
	// script keeps keeps its neighbours.
	room  []jsonObject
	keeps []keptValue
}

// roomForObjects is how many are allocated at once.
const roomForObjects = 8

// make returns an object over the text of a level.
func (h *home) make(text string, level jsontext.Level, answer bool) *goja.Object {
	if len(h.room) == 0 {
		h.room = make([]jsonObject, roomForObjects)
	}
	o := &h.room[0]
	h.room = h.room[1:]
	o.home, o.text, o.level, o.root, o.body = h, text, level, answer, answer
	return h.vm.NewDynamicObject(o)
}

// keep remembers what the object has handed out.
func (o *jsonObject) keep(key string, value goja.Value) {
	h := o.home
	if len(h.keeps) == 0 {
		h.keeps = make([]keptValue, roomForObjects)
	}
	kept := &h.keeps[0]
	h.keeps = h.keeps[1:]
	kept.key, kept.value, kept.before = key, value, o.kept
	o.kept = kept
}

// toString is the method of that name of an answer: it returns the answer as compact JSON, as scripts that were written
// for the SDKs add to texts what is a text there. It is no property of the object: nothing lists it, and the object keeps
// the prototype of all objects, which libraries tell plain objects by.
func (h *home) toString() goja.Value {
	if h.text == nil {
		h.text = h.vm.ToValue(func(call goja.FunctionCall) goja.Value {
			text, err := call.This.ToObject(h.vm).MarshalJSON()
			if err != nil {
				panic(err) // the script's own exception: it put a getter that throws, or a circle, into the answer
			}
			return h.vm.ToValue(string(text))
		}).ToObject(h.vm)
		_ = h.text.DefineDataProperty("name", h.vm.ToValue("toString"), goja.FLAG_FALSE, goja.FLAG_TRUE, goja.FLAG_FALSE) // a new function takes any
	}
	return h.text
}

// readsBeforeIndex is how often a level is looked through before it is indexed.
const readsBeforeIndex = 8

// NewObject makes an object over text, which [jsontext.Object] has checked.
func NewObject(vm *goja.Runtime, text string) *goja.Object {
	return (&home{vm: vm}).object(text)
}

func (h *home) object(text string) *goja.Object {
	return h.vm.NewDynamicObject(&jsonObject{home: h, text: text})
}

func (h *home) answer(text string, level jsontext.Level) *goja.Object {
	return h.make(text, level, true)
}

// leave takes a copy of the text, so that what a script keeps of an answer does not keep the batch that it came with. What is only
// printed or passed over needs none.
func (o *jsonObject) leave() {
	if o.body {
		o.text, o.body = strings.Clone(o.text), false
	}
}

// untouched tells that the text is all there is.
func (o *jsonObject) untouched() bool { return o.members == nil && o.kept == nil }

// load makes the level members, from then on.
func (o *jsonObject) load() *Members {
	if o.members == nil {
		o.leave()
		members := ParseMembers(o.text)
		for kept := o.kept; kept != nil; kept = kept.before {
			members.Set(kept.key, kept.value)
		}
		o.members = &members
		o.text, o.kept = "", nil
	}
	return o.members
}

// look returns the text of the property while the level is text, and the level of that where it is an object.
func (o *jsonObject) look(key string) (raw string, inner jsontext.Level, ok bool) {
	raw, inner, ok, known := o.home.tape.Look(o.level, o.text, key)
	if known {
		return raw, inner, ok
	}
	items := jsontext.NewItems(o.text)
	for {
		literal, value, more := items.Next()
		if !more {
			return raw, jsontext.Level{}, ok
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

// Get returns the value of an own property, or the method of an answer; nil where there is none.
func (o *jsonObject) Get(key string) goja.Value {
	value := o.own(key)
	if value == nil && o.root && key == "toString" {
		return o.home.toString()
	}
	return value
}

func (o *jsonObject) own(key string) goja.Value {
	if !o.isText() {
		return o.home.valueOf(o.members.Find(key))
	}
	for kept := o.kept; kept != nil; kept = kept.before {
		if kept.key == key {
			return kept.value
		}
	}
	o.leave()
	raw, inner, ok := o.look(key)
	if !ok {
		return nil
	}
	var value goja.Value
	if raw[0] == '{' {
		value = o.home.make(raw, inner, false)
	} else {
		value = o.home.value(raw)
	}
	if raw[0] == '{' || raw[0] == '[' {
		o.keep(key, value)
	}
	return value
}

// Set makes or changes an own property.
func (o *jsonObject) Set(key string, value goja.Value) bool {
	if o.lock.refusesSet(o.Has, key) {
		return false
	}
	o.load().Set(key, value)
	return true
}

// Has tells whether there is such an own property.
func (o *jsonObject) Has(key string) bool {
	if !o.isText() {
		return o.members.Find(key) != nil
	}
	_, _, ok := o.look(key)
	return ok
}

// Delete removes an own property.
func (o *jsonObject) Delete(key string) bool {
	if o.lock.refusesDelete(o.Has, key) {
		return false
	}
	o.load().Remove(key)
	return true
}

// Keys returns the names of all own properties in the order of an ordinary object.
func (o *jsonObject) Keys() []string { return o.load().Keys() }

// ValueOf returns the member's value, made from its text the first time: an object keeps its identity.
func ValueOf(vm *goja.Runtime, member *Member) goja.Value { return (&home{vm: vm}).valueOf(member) }

func (h *home) valueOf(member *Member) goja.Value {
	if member == nil {
		return nil
	}
	if member.Value == nil {
		member.Value = h.value(member.Raw)
		member.Raw = ""
	}
	return member.Value
}

// value returns what the text stands for: a view of an object, an ordinary array, or a primitive.
//
// Arrays are ordinary ones, made at once with views of the objects inside. A goja.DynamicArray cannot have
// holes or names, answers to negative indexes and cannot be frozen, and would save little, because the first thing that
// a script asks of an array is its length.
func (h *home) value(text string) goja.Value {
	vm := h.vm
	switch text[0] {
	case '{':
		return h.object(text)
	case '[':
		return h.array(text)
	case '"':
		if value := h.strings.value(vm, text[1:len(text)-1]); value != nil {
			return value
		}
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

func (h *home) array(text string) goja.Value {
	var values []any
	items := jsontext.NewItems(text)
	for {
		_, raw, ok := items.Next()
		if !ok {
			return h.vm.NewArray(values...)
		}
		values = append(values, h.value(raw))
	}
}
