package view

import (
	"strings"

	"github.com/dop251/goja"

	"trackhook/engine"
	"trackhook/scripting/internal/jsontext"
)

// Responses makes the objects that the listeners of one runtime get. It belongs to that runtime's goroutine, like
// everything that it makes.
type Responses struct {
	home
	shapes [4]*responseShape
	// base holds the accessors that all shapes share. Made with the first shape.
	base *goja.Object
	// last holds the value made last for a field, because many repeat from one response to the next, and to make
	// the value of a string takes two allocations.
	last [responseFieldCount]lastFieldValue
	none goja.Value
	// room holds views to come: several are allocated at once. One that a script keeps keeps its neighbours, as its
	// response keeps those of its batch.
	room []responseView
	// Replay is what the property of that name says.
	Replay bool
}

// roomForViews is how many are allocated at once.
const roomForViews = 8

type lastFieldValue struct {
	text  string
	value goja.Value
}

// NewResponses costs next to nothing until the first object is made.
func NewResponses(vm *goja.Runtime) *Responses {
	return &Responses{home: home{vm: vm}, none: vm.ToValue("")}
}

// Object returns the response as a listener sees it. r must not be written any more; the object keeps it, and with it
// the slice that it may be part of.
//
// The object has the documented properties as its own, enumerable, in the order of the documentation: message,
// timestamp, adid and jsonResponse; for events also eventToken and callbackId; on failures also willRetry, a boolean.
// Missing strings are "". jsonResponse is an object that is its own JSON where a text is needed, or null when the body is
// not a JSON object; see also Text. The PascalCase names
// and what exceeds the documentation (id, attempt, status, outcome, duplicate, nextAttemptAt, replay, request,
// rawBody) are accessors of its prototype: they can be read, written and destructured, and are not listed, spread or
// stringified.
//
// It is an ordinary object to a script, save for what goja's dynamic objects refuse with a TypeError: to have accessors,
// symbols, or single properties that are read-only or not enumerable. A script that needs those takes a copy first
// ({...e} or structuredClone(e)). To be frozen, sealed or made non-extensible takes a machine that is [Lockable].
//
// Kinds of package that no documented listener hears look like sessions.
func (v *Responses) Object(r *engine.Response) *goja.Object { return v.object(r, false) }

// Text returns the response as a listener of version 5 of the SDKs sees it: as Object does, except that jsonResponse is
// the text that the server sent, or "" when that is not a JSON object.
func (v *Responses) Text(r *engine.Response) *goja.Object { return v.object(r, true) }

func (v *Responses) object(r *engine.Response, text bool) *goja.Object {
	if len(v.room) == 0 {
		v.room = make([]responseView, roomForViews)
	}
	view := &v.room[0]
	v.room = v.room[1:]
	view.r, view.shape, view.text = r, v.shape(r), text
	object := v.vm.NewDynamicObject(view)
	_ = object.SetPrototype(view.shape.proto) // a dynamic object takes any prototype
	return object
}

// responseField is one of the documented properties.
type responseField uint8

const (
	fieldMessage responseField = iota
	fieldTimestamp
	fieldEventToken
	fieldCallbackID
	fieldADID
	fieldWillRetry
	fieldJSONResponse
	responseFieldCount

	noResponseField = responseFieldCount
)

func responseFieldName(f responseField) string {
	return [...]string{"message", "timestamp", "eventToken", "callbackId", "adid", "willRetry", "jsonResponse"}[f]
}

// responseFieldAlias is the name in the tables of the documentation.
func responseFieldAlias(f responseField) string {
	return [...]string{"Message", "Timestamp", "EventToken", "CallbackId", "Adid", "WillRetry", "JsonResponse"}[f]
}

func responseFieldOf(name string) responseField {
	switch name {
	case "message":
		return fieldMessage
	case "timestamp":
		return fieldTimestamp
	case "eventToken":
		return fieldEventToken
	case "callbackId":
		return fieldCallbackID
	case "adid":
		return fieldADID
	case "willRetry":
		return fieldWillRetry
	case "jsonResponse":
		return fieldJSONResponse
	default:
		return noResponseField
	}
}

// responseView is a response as a script sees it: a [goja.DynamicObject] over the Go value.
type responseView struct {
	r     *engine.Response
	shape *responseShape
	// json is jsonResponse once it was asked for: the object keeps its identity.
	json goja.Value
	// text tells that jsonResponse is a text.
	text bool
	lock lock
	// own holds all properties once one was written or deleted; until then they are read from r.
	own *Members
	// extra holds what was made for or written to properties of the prototype.
	extra map[string]goja.Value
}

// Get returns the value of an own property, nil where there is none.
func (w *responseView) Get(key string) goja.Value {
	if w.own != nil {
		return w.shape.views.valueOf(w.own.Find(key))
	}
	if f := responseFieldOf(key); w.shape.has(f) {
		return w.field(f)
	}
	return nil
}

// Set makes or changes an own property.
func (w *responseView) Set(key string, value goja.Value) bool {
	if w.lock.refusesSet(w.Has, key) {
		return false
	}
	w.load().Set(key, value)
	return true
}

// Has tells whether there is such an own property.
func (w *responseView) Has(key string) bool {
	if w.own != nil {
		return w.own.Find(key) != nil
	}
	return w.shape.has(responseFieldOf(key))
}

// Delete removes an own property.
func (w *responseView) Delete(key string) bool {
	if w.lock.refusesDelete(w.Has, key) {
		return false
	}
	if w.Has(key) {
		w.load().Remove(key)
	}
	return true
}

// Keys returns the names of all own properties.
func (w *responseView) Keys() []string {
	if w.own != nil {
		return w.own.Keys()
	}
	return w.shape.names
}

// load copies the properties out, because the script is about to change them.
func (w *responseView) load() *Members {
	if w.own == nil {
		own := &Members{list: make([]Member, 0, len(w.shape.fields)+1)}
		for _, f := range w.shape.fields {
			own.Add(Member{Key: responseFieldName(f), Value: w.field(f)})
		}
		w.own = own
	}
	return w.own
}

func (w *responseView) field(f responseField) goja.Value {
	switch f {
	case fieldWillRetry:
		return w.shape.views.vm.ToValue(w.r.WillRetry)
	case fieldJSONResponse:
		if w.json == nil {
			w.json = w.jsonResponse()
		}
		return w.json
	default:
		return w.shape.views.text(f, w.fieldText(f))
	}
}

func (w *responseView) jsonResponse() goja.Value {
	text, level, ok := w.shape.views.tape.Object(w.r.Body)
	switch {
	case ok && w.text && len(text) == len(w.r.Body):
		return w.shape.views.vm.ToValue(strings.Clone(text))
	case ok && w.text:
		return w.shape.views.vm.ToValue(jsontext.ValidText(string(w.r.Body))) // with the blanks around it
	case w.text:
		return w.shape.views.none
	case ok:
		return w.shape.views.answer(text, level)
	default:
		return goja.Null()
	}
}

func (w *responseView) fieldText(f responseField) string {
	switch f {
	case fieldMessage:
		return w.r.Message
	case fieldTimestamp:
		return w.r.Timestamp
	case fieldEventToken:
		return w.r.Package.Params["event_token"]
	case fieldCallbackID:
		return w.r.Package.CallbackID
	case fieldADID:
		return w.r.ADID
	default:
		return ""
	}
}

func (v *Responses) text(f responseField, text string) goja.Value {
	last := &v.last[f]
	if text == "" {
		return v.none
	}
	if last.value == nil || last.text != text {
		last.text, last.value = text, v.vm.ToValue(jsontext.ValidText(text))
	}
	return last.value
}
