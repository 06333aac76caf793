package web

import (
	"fmt"
	"strconv"
	"unicode/utf16"

	"github.com/dop251/goja"
	"golang.org/x/text/cases"
	"golang.org/x/text/language"

	"trackhook/scripting/internal/intl"
)

// intlNatives are what Intl needs. Its parts share them.
func (w *Web) intlNatives() map[string]native {
	if w.intl == nil {
		w.intl = intl.Natives(&intl.Options{VM: w.VM, Data: w.Programs.intl, Note: w.Note})
	}
	return w.intl
}

// LocaleMethods replaces the methods of the language that write for people, such as Date.prototype.toLocaleString, which goja has
// without languages, time zones and options. They build Intl when the first of them is called. Call it on the machine's goroutine
// before any code of the script runs.
func (w *Web) LocaleMethods() error {
	for _, class := range []struct {
		name    string
		methods map[string]localeMethod
	}{
		{"Date", map[string]localeMethod{
			"toLocaleString": w.written("date"), "toLocaleDateString": w.written("dateOnly"), "toLocaleTimeString": w.written("timeOnly"),
		}},
		{"Number", map[string]localeMethod{"toLocaleString": w.number("Number")}},
		{"BigInt", map[string]localeMethod{"toLocaleString": w.number("BigInt")}},
		{"Array", map[string]localeMethod{"toLocaleString": w.elements}},
		{"String", map[string]localeMethod{
			"localeCompare": w.compareTexts, "toLocaleUpperCase": w.inCase(true), "toLocaleLowerCase": w.inCase(false),
		}},
	} {
		prototype := w.VM.Get(class.name).ToObject(w.VM).Get("prototype").ToObject(w.VM)
		for name, method := range class.methods {
			if err := w.replaceMethod(prototype, name, method); err != nil {
				return fmt.Errorf("define %s.prototype.%s: %w", class.name, name, err)
			}
		}
	}
	typed := w.VM.Get("Uint8Array").ToObject(w.VM).Prototype().Get("prototype").ToObject(w.VM)
	if err := w.replaceMethod(typed, "toLocaleString", w.elements); err != nil {
		return fmt.Errorf("define toLocaleString of typed arrays: %w", err)
	}
	return nil
}

// localeMethod is a method that gets its receiver, and locales and options behind what else it takes.
type localeMethod = func(call goja.FunctionCall) goja.Value

func (w *Web) replaceMethod(prototype *goja.Object, name string, method localeMethod) error {
	function := w.VM.ToValue(method).ToObject(w.VM)
	length := 0
	if name == "localeCompare" {
		length = 1
	}
	for property, value := range map[string]any{"name": name, "length": length} {
		if err := function.DefineDataProperty(property, w.VM.ToValue(value), goja.FLAG_FALSE, goja.FLAG_TRUE, goja.FLAG_FALSE); err != nil {
			return fmt.Errorf("define %s: %w", property, err)
		}
	}
	if err := prototype.DefineDataProperty(name, function, goja.FLAG_TRUE, goja.FLAG_TRUE, goja.FLAG_FALSE); err != nil {
		return fmt.Errorf("define %s: %w", name, err)
	}
	return nil
}

// intlMethod calls one of the methods of the program of Intl.
func (w *Web) intlMethod(name string, args ...goja.Value) goja.Value {
	method, ok := goja.AssertFunction(w.Build("intl").Get("methods").ToObject(w.VM).Get(name))
	if !ok {
		panic(w.VM.NewTypeError(name + " is not a function"))
	}
	value, err := method(goja.Undefined(), args...)
	rethrow(err)
	return value
}

// written is a method of dates.
func (w *Web) written(name string) localeMethod {
	return func(call goja.FunctionCall) goja.Value {
		return w.intlMethod(name, call.This, call.Argument(0), call.Argument(1))
	}
}

// number is a method of numbers: of a primitive, or of an object that holds one.
func (w *Web) number(class string) localeMethod {
	valueOf, _ := goja.AssertFunction(w.VM.Get(class).ToObject(w.VM).Get("prototype").ToObject(w.VM).Get("valueOf"))
	return func(call goja.FunctionCall) goja.Value {
		value, err := valueOf(call.This)
		rethrow(err)
		return w.intlMethod("number", value, call.Argument(0), call.Argument(1))
	}
}

// elements is the method of arrays, which hands locales and options on to each element.
func (w *Web) elements(call goja.FunctionCall) goja.Value {
	array := call.This.ToObject(w.VM)
	out := w.VM.ToValue("")
	for i := int64(0); i < array.Get("length").ToInteger(); i++ {
		text := w.VM.ToValue("")
		element := array.Get(strconv.FormatInt(i, 10))
		if element != nil && !goja.IsUndefined(element) && !goja.IsNull(element) {
			method, ok := goja.AssertFunction(element.ToObject(w.VM).Get("toLocaleString"))
			if !ok {
				panic(w.VM.NewTypeError("toLocaleString is not a function"))
			}
			value, err := method(element, call.Argument(0), call.Argument(1))
			rethrow(err)
			text = value.ToString()
		}
		if i > 0 {
			out = w.concat(out, w.VM.ToValue(","))
		}
		out = w.concat(out, text)
	}
	return out
}

// concat puts two texts together.
func (w *Web) concat(a, b goja.Value) goja.Value { return w.text(a).Concat(w.text(b)) }

// text is a value as a text. goja's ToString leaves some values that are no texts as they are.
func (w *Web) text(v goja.Value) goja.String {
	switch text := v.ToString().(type) {
	case goja.String:
		return text
	case *goja.Symbol:
		panic(w.VM.NewTypeError("Cannot convert a Symbol value to a string"))
	default:
		return goja.StringFromUTF16(utf16.Encode([]rune(text.String())))
	}
}

// receiver is the text that a method of texts is called on.
func (w *Web) receiver(call goja.FunctionCall, method string) goja.Value {
	if goja.IsUndefined(call.This) || goja.IsNull(call.This) {
		panic(w.VM.NewTypeError("String.prototype.%s called on null or undefined", method))
	}
	return w.text(call.This)
}

func (w *Web) compareTexts(call goja.FunctionCall) goja.Value {
	text := w.receiver(call, "localeCompare")
	return w.intlMethod("compare", text, w.text(call.Argument(0)), call.Argument(1), call.Argument(2))
}

// inCase is toLocaleUpperCase or toLocaleLowerCase. Few languages have rules of their own.
func (w *Web) inCase(upper bool) localeMethod {
	name := "toLowerCase"
	if upper {
		name = "toUpperCase"
	}
	plain, _ := goja.AssertFunction(w.VM.Get("String").ToObject(w.VM).Get("prototype").ToObject(w.VM).Get(name))
	return func(call goja.FunctionCall) goja.Value {
		text := w.receiver(call, "toLocale"+name[2:])
		if !goja.IsUndefined(call.Argument(0)) {
			tag := language.Make(w.intlMethod("languages", call.Argument(0)).String())
			switch base, _ := tag.Base(); base.String() {
			case "tr", "az", "lt", "el", "nl":
				if upper {
					return w.VM.ToValue(cases.Upper(tag).String(text.String()))
				}
				return w.VM.ToValue(cases.Lower(tag).String(text.String()))
			}
		}
		value, err := plain(text)
		rethrow(err)
		return value
	}
}
