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
// what new Date is given, and the class, and returns the time that a text means; calls of it are the bundler's. Where everything is
// true, the constructor does that for all that is made with it, whoever calls it, and takes the parts of local times as V8 does;
// it is slower by half. Call it on the machine's goroutine before any code of the script runs.
func (w *Web) DateMethods(name string, everything bool) error {
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
	if err := w.dateSetters(prototype, value); err != nil {
		return err
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
	return w.dateTexts(name, everything)
}

// dateSetters has the setters take the first of an hour that there is twice, as V8 does: goja takes either, by the time zone.
func (w *Web) dateSetters(prototype *goja.Object, value goja.Callable) error {
	vm := w.VM
	setTime, isFunction := goja.AssertFunction(prototype.Get("setTime"))
	if !isFunction {
		return errors.New("define methods of dates: Date has no setTime")
	}
	for _, name := range []string{"setMilliseconds", "setSeconds", "setMinutes", "setHours", "setDate", "setMonth", "setFullYear"} {
		set, isFunction := goja.AssertFunction(prototype.Get(name))
		if !isFunction {
			return fmt.Errorf("define methods of dates: Date has no %s", name)
		}
		length := prototype.Get(name).ToObject(vm).Get("length")
		err := w.replaceMethod(prototype, name, func(call goja.FunctionCall) goja.Value {
			out, err := set(call.This, call.Arguments...)
			rethrow(err)
			at := out.ToFloat()
			if math.IsNaN(at) {
				return out
			}
			first := firstOfTwo(int64(at))
			if first == int64(at) {
				return out
			}
			out, err = setTime(call.This, vm.ToValue(first))
			rethrow(err)
			return out
		})
		if err == nil {
			err = prototype.Get(name).ToObject(vm).DefineDataProperty("length", length, goja.FLAG_FALSE, goja.FLAG_TRUE, goja.FLAG_FALSE)
		}
		if err != nil {
			return fmt.Errorf("define Date.prototype.%s: %w", name, err)
		}
	}
	return nil
}

// dateClass makes a constructor for dates that reads texts, and the parts of local times, as V8 does.
func (w *Web) dateClass(class *goja.Object) (*goja.Object, error) {
	vm := w.VM
	prototype := class.Get("prototype").ToObject(vm)
	construct, isConstructor := goja.AssertConstructor(class)
	utc, isFunction := goja.AssertFunction(class.Get("UTC"))
	if !isConstructor || !isFunction {
		return nil, errors.New("define Date: there is no such class")
	}
	made := vm.ToValue(vm.NewProxy(class, &goja.ProxyTrapConfig{
		Construct: func(_ *goja.Object, args []goja.Value, target *goja.Object) *goja.Object {
			switch {
			case len(args) == 1 && goja.IsString(args[0]):
				args = []goja.Value{vm.ToValue(parseDate(args[0].String()))}
			case len(args) > 1:
				at, err := utc(class, args...)
				rethrow(err)
				if local := at.ToFloat(); !math.IsNaN(local) {
					at = vm.ToValue(fromLocal(int64(local)))
				}
				args = []goja.Value{at}
			}
			date, err := construct(target, args...)
			rethrow(err)
			return date
		},
		Apply: func(*goja.Object, goja.Value, []goja.Value) goja.Value {
			date, err := construct(nil)
			rethrow(err)
			return date.ToString()
		},
	})).ToObject(vm)
	err := errors.Join(
		// goja's own refuses proxies.
		class.DefineDataPropertySymbol(goja.SymHasInstance, vm.ToValue(isInstance), goja.FLAG_FALSE, goja.FLAG_FALSE, goja.FLAG_FALSE),
		prototype.DefineDataProperty("constructor", made, goja.FLAG_TRUE, goja.FLAG_TRUE, goja.FLAG_FALSE),
		vm.GlobalObject().DefineDataProperty("Date", made, goja.FLAG_TRUE, goja.FLAG_TRUE, goja.FLAG_FALSE),
	)
	if err != nil {
		return nil, fmt.Errorf("define Date: %w", err)
	}
	return made, nil
}

// isInstance tells whether the prototype of a class, the receiver, is among those of an object (ECMAScript, 7.3.22).
func isInstance(call goja.FunctionCall, vm *goja.Runtime) goja.Value {
	class, isClass := call.This.(*goja.Object)
	object, isObject := call.Argument(0).(*goja.Object)
	if !isClass || !isObject {
		return vm.ToValue(false)
	}
	wanted, isObject := class.Get("prototype").(*goja.Object)
	for at := object.Prototype(); isObject && at != nil; at = at.Prototype() {
		if at == wanted {
			return vm.ToValue(true)
		}
	}
	return vm.ToValue(false)
}

// dateTexts has texts read as dates as V8 reads them.
func (w *Web) dateTexts(name string, everything bool) error {
	vm := w.VM
	class := vm.Get("Date").ToObject(vm)
	if everything {
		made, err := w.dateClass(class)
		if err != nil {
			return err
		}
		class = made
	}
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
