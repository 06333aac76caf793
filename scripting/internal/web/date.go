package web

import (
	"errors"
	"fmt"
	"math"
	"time"

	"github.com/dop251/goja"
)

// DateMethods gives dates what goja lacks or writes otherwise: the names of time zones in toString, years beyond four digits in
// toISOString, whole minutes in getTimezoneOffset, and toGMTString, getYear and setYear. name is that of a global function that takes
// what new Date is given, and the class, and returns the time that a text means; calls of it are the bundler's. Call it on the machine's goroutine before
// any code of the script runs.
func (w *Web) DateMethods(name string) error {
	vm := w.VM
	prototype := vm.Get("Date").ToObject(vm).Get("prototype").ToObject(vm)
	value, isFunction := goja.AssertFunction(prototype.Get("getTime"))
	if !isFunction {
		return errors.New("define methods of dates: Date has no getTime")
	}
	// of returns the time of a date; false: it is none, or an invalid one.
	of := func(this goja.Value) (time.Time, bool) {
		at, err := value(this)
		rethrow(err)
		if millis := at.ToFloat(); !math.IsNaN(millis) {
			return time.UnixMilli(int64(millis)), true
		}
		return time.Time{}, false
	}
	text := func(write func(t time.Time) string) localeMethod {
		return func(call goja.FunctionCall) goja.Value {
			t, valid := of(call.This)
			if !valid {
				return vm.ToValue("Invalid Date")
			}
			return vm.ToValue(write(t))
		}
	}
	methods := map[string]localeMethod{
		"toString":     text(func(t time.Time) string { return t.Format("Mon Jan 02 ") + w.timeOfDay(t, t.Format("2006 ")) }),
		"toTimeString": text(func(t time.Time) string { return w.timeOfDay(t, "") }),
		"toISOString": func(call goja.FunctionCall) goja.Value {
			t, valid := of(call.This)
			if !valid {
				class, err := vm.New(vm.Get("RangeError"), vm.ToValue("Invalid time value"))
				rethrow(err)
				panic(class)
			}
			t = t.UTC()
			if year := t.Year(); year < 0 || year > 9999 {
				return vm.ToValue(fmt.Sprintf("%+07d", year) + t.Format("-01-02T15:04:05.000Z"))
			}
			return vm.ToValue(t.Format("2006-01-02T15:04:05.000Z"))
		},
		"getTimezoneOffset": func(call goja.FunctionCall) goja.Value {
			t, valid := of(call.This)
			if !valid {
				return vm.ToValue(math.NaN())
			}
			_, seconds := t.Zone()
			return vm.ToValue(-seconds / 60)
		},
		"getYear": func(call goja.FunctionCall) goja.Value {
			t, valid := of(call.This)
			if !valid {
				return vm.ToValue(math.NaN())
			}
			return vm.ToValue(t.Year() - 1900)
		},
	}
	set, isFunction := goja.AssertFunction(prototype.Get("setFullYear"))
	if !isFunction {
		return errors.New("define methods of dates: Date has no setFullYear")
	}
	methods["setYear"] = func(call goja.FunctionCall) goja.Value {
		year := call.Argument(0).ToFloat()
		if whole := math.Trunc(year); whole >= 0 && whole <= 99 {
			year = whole + 1900
		}
		out, err := set(call.This, vm.ToValue(year))
		rethrow(err)
		return out
	}
	for name, method := range methods {
		if err := w.replaceMethod(prototype, name, method); err != nil {
			return fmt.Errorf("define Date.prototype.%s: %w", name, err)
		}
	}
	if err := prototype.DefineDataProperty("toGMTString", prototype.Get("toUTCString"), goja.FLAG_TRUE, goja.FLAG_TRUE, goja.FLAG_FALSE); err != nil {
		return fmt.Errorf("define Date.prototype.toGMTString: %w", err)
	}
	return w.dateTexts(name)
}

// dateTexts has texts read as dates as V8 reads them.
func (w *Web) dateTexts(name string) error {
	vm := w.VM
	class := vm.Get("Date").ToObject(vm)
	parse := vm.ToValue(func(call goja.FunctionCall) goja.Value {
		return vm.ToValue(parseDate(w.text(call.Argument(0)).String()))
	}).ToObject(vm)
	read := func(call goja.FunctionCall) goja.Value {
		if text := call.Argument(0); goja.IsString(text) && call.Argument(1) == class {
			return vm.ToValue(parseDate(text.String()))
		}
		return call.Argument(0)
	}
	err := errors.Join(
		parse.DefineDataProperty("name", vm.ToValue("parse"), goja.FLAG_FALSE, goja.FLAG_TRUE, goja.FLAG_FALSE),
		parse.DefineDataProperty("length", vm.ToValue(1), goja.FLAG_FALSE, goja.FLAG_TRUE, goja.FLAG_FALSE),
		class.DefineDataProperty("parse", parse, goja.FLAG_TRUE, goja.FLAG_TRUE, goja.FLAG_FALSE),
		vm.GlobalObject().DefineDataProperty(name, vm.ToValue(read), goja.FLAG_FALSE, goja.FLAG_FALSE, goja.FLAG_FALSE),
	)
	if err != nil {
		return fmt.Errorf("define Date.parse: %w", err)
	}
	return nil
}

// timeOfDay is the time behind a date, with what the time zone is called in English.
func (w *Web) timeOfDay(t time.Time, before string) string {
	return before + t.Format("15:04:05 GMT-0700 (") + w.Programs.intl.LocalZoneName(t) + ")"
}
