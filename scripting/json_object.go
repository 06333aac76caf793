package scripting

import (
	"math"
	"strconv"

	"github.com/dop251/goja"
)

// jsonObject is a JSON object as a script sees it: a [goja.DynamicObject] over its text. One level is read when the
// first property is asked for, nested levels when they are; written properties are kept beside the text.
//
// An object that nobody has asked for a property has no members, and is printed from its text. Beyond that no
// bookkeeping is needed to never print stale text: a member that was read or written carries its value, nested views
// keep their own changes, and only members that still are text are printed as text.
type jsonObject struct {
	vm      *goja.Runtime
	text    string
	members jsonMembers
	read    bool
}

func newJSONObject(vm *goja.Runtime, text string) *goja.Object {
	return vm.NewDynamicObject(&jsonObject{vm: vm, text: text})
}

func (o *jsonObject) load() *jsonMembers {
	if !o.read {
		o.members = parseJSONMembers(o.text)
		o.read = true
		o.text = "" // what is needed of it is in the members
	}
	return &o.members
}

// Get returns the value of an own property, nil where there is none.
func (o *jsonObject) Get(key string) goja.Value { return memberValue(o.vm, o.load().find(key)) }

// Set makes or changes an own property.
func (o *jsonObject) Set(key string, value goja.Value) bool {
	o.load().set(key, value)
	return true
}

// Has tells whether there is such an own property.
func (o *jsonObject) Has(key string) bool { return o.load().find(key) != nil }

// Delete removes an own property.
func (o *jsonObject) Delete(key string) bool {
	o.load().remove(key)
	return true
}

// Keys returns the names of all own properties in the order of an ordinary object.
func (o *jsonObject) Keys() []string { return o.load().keys() }

// memberValue returns the member's value, made from its text the first time: an object keeps its identity.
func memberValue(vm *goja.Runtime, member *jsonMember) goja.Value {
	if member == nil {
		return nil
	}
	if member.value == nil {
		member.value = jsonToValue(vm, member.raw)
		member.raw = ""
	}
	return member.value
}

// jsonToValue returns what the text stands for: a view of an object, an ordinary array, or a primitive.
//
// Arrays are ordinary ones, made at once with views of the objects inside. A goja.DynamicArray was tried: it cannot
// have holes or names, answers to negative indexes and cannot be frozen, and saves little, because the first thing
// that a script asks of an array is its length.
func jsonToValue(vm *goja.Runtime, text string) goja.Value {
	switch text[0] {
	case '{':
		return newJSONObject(vm, text)
	case '[':
		return jsonToArray(vm, text)
	case '"':
		s, exact := unquoteJSON(text)
		if !exact {
			return goja.StringFromUTF16(unquoteJSONUnits(text))
		}
		return vm.ToValue(s)
	case 't':
		return vm.ToValue(true)
	case 'f':
		return vm.ToValue(false)
	case 'n':
		return goja.Null()
	default:
		return vm.ToValue(jsonNumber(text))
	}
}

func jsonToArray(vm *goja.Runtime, text string) goja.Value {
	var values []any
	items := newJSONItems(text)
	for {
		_, raw, ok := items.next()
		if !ok {
			return vm.NewArray(values...)
		}
		values = append(values, jsonToValue(vm, raw))
	}
}

// jsonNumber returns an int64 where that holds the number exactly as JavaScript would have it, else a float64.
func jsonNumber(text string) any {
	if isShortInteger(text) {
		n, _ := strconv.ParseInt(text, 10, 64) // 15 digits always fit
		return n
	}
	f, _ := strconv.ParseFloat(text, 64) // out of range is infinite, as in JSON.parse
	if f == 0 && math.Signbit(f) {
		return math.Copysign(0, -1)
	}
	return f
}

// isShortInteger tells whether the number's text is also how JavaScript prints it: up to 15 digits, no more.
func isShortInteger(text string) bool {
	digits := text
	if digits[0] == '-' {
		digits = digits[1:]
	}
	return len(digits) <= 15 && skipDigits(digits, 0) == len(digits) && text != "-0"
}
