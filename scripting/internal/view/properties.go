package view

import (
	"maps"
	"reflect"
	"slices"
	"strconv"
	"time"

	"github.com/dop251/goja"

	"trackhook/engine"
	"trackhook/scripting/internal/jsontext"
)

// responseShape is what the views of one of the four callbacks have in common.
type responseShape struct {
	views  *Responses
	fields []responseField
	names  []string
	mask   uint
	proto  *goja.Object
}

func (s *responseShape) has(f responseField) bool { return s.mask&(1<<f) != 0 }

// shape returns the shape of r, made when the first response of its callback comes.
func (v *Responses) shape(r *engine.Response) *responseShape {
	event, failure := r.Package.Kind == engine.KindEvent, !r.Outcome.Success()
	i := 0
	if event {
		i = 1
	}
	if failure {
		i += 2
	}
	if v.shapes[i] == nil {
		v.shapes[i] = v.newShape(event, failure)
	}
	return v.shapes[i]
}

func (v *Responses) newShape(event, failure bool) *responseShape {
	s := &responseShape{views: v, fields: []responseField{fieldMessage, fieldTimestamp}}
	if event {
		s.fields = append(s.fields, fieldEventToken, fieldCallbackID)
	}
	s.fields = append(s.fields, fieldADID)
	if failure {
		s.fields = append(s.fields, fieldWillRetry)
	}
	s.fields = append(s.fields, fieldJSONResponse)

	if v.base == nil {
		v.base = v.newBasePrototype()
	}
	s.proto = v.vm.CreateObject(v.base)
	if object := v.base.Get("constructor"); object != nil {
		// Libraries ask the nearest prototype of a plain object for it.
		_ = s.proto.DefineDataProperty("constructor", object, goja.FLAG_TRUE, goja.FLAG_TRUE, goja.FLAG_FALSE) // a new object takes any property
	}
	for _, f := range s.fields {
		s.names = append(s.names, responseFieldName(f))
		s.mask |= 1 << f
		v.defineAlias(s.proto, responseFieldAlias(f), responseFieldName(f))
	}
	return s
}

// newBasePrototype makes the prototype of all shapes. Own properties that are not enumerable are beyond a dynamic
// object: it could leave them out of its keys, but would contradict itself in getOwnPropertyDescriptor. The
// constructor keeps what libraries ask of a plain object true. 40 us, once a runtime.
func (v *Responses) newBasePrototype() *goja.Object {
	base := v.vm.NewObject()
	if object := base.Get("constructor"); object != nil {
		_ = base.DefineDataProperty("constructor", object, goja.FLAG_TRUE, goja.FLAG_TRUE, goja.FLAG_FALSE) // a new object takes any property
	}
	for _, name := range []string{"id", "attempt", "status", "outcome", "duplicate", "nextAttemptAt", "replay", "request", "rawBody"} {
		v.defineExtra(base, name)
	}
	return base
}

// defineAlias makes another name for a property, also on what inherits from a view.
func (v *Responses) defineAlias(proto *goja.Object, alias, name string) {
	get := func(call goja.FunctionCall) goja.Value {
		return OrUndefined(call.This.ToObject(v.vm).Get(name))
	}
	set := func(call goja.FunctionCall) goja.Value {
		if err := call.This.ToObject(v.vm).Set(name, call.Argument(0)); err != nil {
			panic(err) // the script's own exception, thrown by a setter or a proxy of the script
		}
		return goja.Undefined()
	}
	v.defineAccessor(proto, alias, get, set)
}

func (v *Responses) defineExtra(proto *goja.Object, name string) {
	get := func(call goja.FunctionCall) goja.Value {
		if view := asResponseView(call.This); view != nil {
			return view.extraValue(name)
		}
		return goja.Undefined()
	}
	set := func(call goja.FunctionCall) goja.Value {
		if view := asResponseView(call.This); view != nil {
			view.setExtra(name, call.Argument(0))
		}
		return goja.Undefined()
	}
	v.defineAccessor(proto, name, get, set)
}

func (v *Responses) defineAccessor(proto *goja.Object, name string, get, set func(goja.FunctionCall) goja.Value) {
	// A new object takes any property.
	_ = proto.DefineAccessorProperty(name, v.vm.ToValue(get), v.vm.ToValue(set), goja.FLAG_TRUE, goja.FLAG_FALSE)
}

// asResponseView returns the view behind a value, nil when the value is something else.
func asResponseView(value goja.Value) *responseView {
	object, ok := value.(*goja.Object)
	if !ok || object.ExportType() != reflect.TypeFor[*responseView]() {
		return nil // Export of an object that is no view would copy all of it
	}
	view, _ := object.Export().(*responseView)
	return view
}

// OrUndefined returns the value, or undefined in place of nil.
func OrUndefined(value goja.Value) goja.Value {
	if value == nil {
		return goja.Undefined()
	}
	return value
}

func (w *responseView) setExtra(name string, value goja.Value) {
	if w.extra == nil {
		w.extra = make(map[string]goja.Value, 1)
	}
	w.extra[name] = value
}

// extraValue returns a property of the prototype for this response.
func (w *responseView) extraValue(name string) goja.Value {
	if value, ok := w.extra[name]; ok {
		return value
	}
	vm, r := w.shape.views.vm, w.r
	switch name {
	case "id":
		return vm.ToValue(r.Package.ID)
	case "attempt":
		return vm.ToValue(r.Attempt)
	case "status":
		return vm.ToValue(r.Status)
	case "outcome":
		return vm.ToValue(r.Outcome.String())
	case "duplicate":
		return vm.ToValue(r.Outcome == engine.Duplicate)
	case "replay":
		return vm.ToValue(w.shape.views.Replay)
	case "rawBody":
		return vm.ToValue(jsontext.ValidText(string(r.Body)))
	case "nextAttemptAt":
		w.setExtra(name, w.shape.views.date(r.NextAttempt))
	case "request":
		w.setExtra(name, w.shape.views.request(&r.Package))
	}
	return OrUndefined(w.extra[name])
}

// date returns a Date, or null for the zero time.
func (v *Responses) date(t time.Time) goja.Value {
	if t.IsZero() {
		return goja.Null()
	}
	date, err := v.vm.New(v.vm.Get("Date"), v.vm.ToValue(t.UnixMilli()))
	if err != nil {
		return goja.Null() // the script has put something else in the place of Date
	}
	return date
}

// request returns the parameters that were sent, without what authenticates the sender, which is no part of a package.
func (v *Responses) request(p *engine.Package) goja.Value {
	object := v.vm.NewObject()
	define := func(name string, value goja.Value) {
		_ = object.DefineDataProperty(name, value, goja.FLAG_TRUE, goja.FLAG_TRUE, goja.FLAG_TRUE) // a new object takes any property
	}
	define("app_token", v.vm.ToValue(p.App.Token))
	define("environment", v.vm.ToValue(string(p.App.Environment)))
	for _, name := range slices.Sorted(maps.Keys(p.Params)) {
		define(name, v.vm.ToValue(p.Params[name]))
	}
	if !p.Created.IsZero() {
		define("created_at_unix", v.vm.ToValue(strconv.FormatInt(p.Created.Unix(), 10)))
	}
	if len(p.CallbackParams) > 0 {
		define("callback_params", v.pairs(p.CallbackParams))
	}
	if len(p.PartnerParams) > 0 {
		define("partner_params", v.pairs(p.PartnerParams))
	}
	return object
}

func (v *Responses) pairs(pairs map[string]string) goja.Value {
	object := v.vm.NewObject()
	for _, name := range slices.Sorted(maps.Keys(pairs)) {
		_ = object.DefineDataProperty(name, v.vm.ToValue(pairs[name]), goja.FLAG_TRUE, goja.FLAG_TRUE, goja.FLAG_TRUE) // a new object takes any property
	}
	return object
}
