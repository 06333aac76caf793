package regex

import (
	"errors"
	"strings"

	"github.com/dop251/goja"
)

// find is exec (ECMAScript, RegExpBuiltinExec).
func (s *script) find(call goja.FunctionCall) goja.Value {
	h := s.held(call.This)
	if h == nil {
		value, err := s.exec(call.This, call.Arguments...)
		rethrow(err)
		return value
	}
	object, text := call.This.ToObject(s.VM), s.textOf(call.Argument(0))
	last := object.Get("lastIndex").ToInteger()
	sticky := strings.Contains(h.re.Flags, "y")
	if moves := sticky || strings.Contains(h.re.Flags, "g"); !moves {
		last = 0
	} else {
		if last < 0 {
			last = 0
		}
		defer func() { rethrow(object.Set("lastIndex", last)) }()
	}
	if last > int64(text.Length()) {
		last = 0
		return goja.Null()
	}
	ends, err := h.re.Find(text, int(last), sticky, s.Stop)
	if errors.Is(err, ErrTooFar) {
		s.throw(s.errors.bounds, err.Error())
	}
	if ends == nil {
		last = 0
		return goja.Null()
	}
	last = int64(ends[1])
	return s.result(h.re, text, ends)
}

// test is the test of ours (ECMAScript, RegExpExec).
func (s *script) test(call goja.FunctionCall) goja.Value {
	object := call.This.ToObject(s.VM)
	exec, ok := goja.AssertFunction(object.Get("exec"))
	if !ok {
		panic(s.VM.NewTypeError("exec is not a function"))
	}
	found, err := exec(object, s.textOf(call.Argument(0)))
	rethrow(err)
	return s.VM.ToValue(!goja.IsNull(found))
}

// result is what exec returns for a match.
func (s *script) result(re *Regexp, text goja.String, ends []int32) goja.Value {
	found := make([]any, len(ends)/2)
	places := make([]any, len(ends)/2)
	withPlaces := strings.Contains(re.Flags, "d")
	for i := range found {
		found[i], places[i] = goja.Undefined(), goja.Undefined()
		if from, to := int(ends[2*i]), int(ends[2*i+1]); from >= 0 && to >= 0 {
			found[i] = text.Substring(from, to)
			if withPlaces {
				places[i] = s.VM.NewArray(from, to)
			}
		}
	}
	result := s.VM.NewArray(found...)
	rethrow(result.Set("index", ends[0]))
	rethrow(result.Set("input", text))
	rethrow(result.Set("groups", s.groups(re, found)))
	if withPlaces {
		indices := s.VM.NewArray(places...)
		rethrow(indices.Set("groups", s.groups(re, places)))
		rethrow(result.Set("indices", indices))
	}
	return result
}

// groups is the object of what groups with a name have matched; undefined: there are none.
func (s *script) groups(re *Regexp, values []any) goja.Value {
	var object *goja.Object
	for i, name := range re.Groups {
		if name == "" {
			continue
		}
		if object == nil {
			object = s.VM.CreateObject(nil)
		}
		rethrow(object.Set(name, values[i]))
	}
	if object == nil {
		return goja.Undefined()
	}
	return object
}
