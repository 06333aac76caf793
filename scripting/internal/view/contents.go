package view

import (
	"reflect"

	"github.com/dop251/goja"

	"trackhook/scripting/internal/jsontext"
)

// Contents are what a view consists of, for a printer that writes it without asking goja: Text, Members, or, where
// both are empty, the fields of a response.
type Contents struct {
	// Proto is the prototype that the view was given; nil: that of all objects. A script may have changed it.
	Proto *goja.Object
	// Text is the JSON of an object that nobody has looked into, and Items are its members.
	Text  string
	Items jsontext.Items
	// Members are the properties of one that was read or changed.
	Members *Members

	response *responseView
}

// Fields yields the properties of a response that nobody has changed, in order: each a text, or a value where that is
// not nil.
func (c *Contents) Fields(yield func(name, text string, value goja.Value)) {
	if c.response == nil {
		return
	}
	for _, f := range c.response.shape.fields {
		switch f {
		case fieldWillRetry, fieldJSONResponse:
			yield(responseFieldName(f), "", c.response.field(f))
		default:
			yield(responseFieldName(f), c.response.fieldText(f), nil)
		}
	}
}

// ContentsOf returns what a view consists of; false: the object is no view.
func ContentsOf(object *goja.Object) (c Contents, ok bool) {
	// What is behind a pointer is exported as that; of all else Export makes a copy.
	if t := object.ExportType(); t == nil || t.Kind() != reflect.Pointer {
		return c, false
	}
	switch view := object.Export().(type) {
	case *responseView:
		if c.Proto = view.shape.proto; view.own != nil {
			c.Members = view.own
		} else {
			c.response = view
		}
		return c, true
	case *jsonObject:
		if view.untouched() {
			c.Text, c.Items = view.text, view.home.tape.Items(view.level, view.text)
		} else {
			c.Members = view.load()
		}
		return c, true
	default:
		return c, false
	}
}
