package console

import (
	"reflect"
	"strings"

	"github.com/dop251/goja"
)

// functionBase is how a function or class is named.
func (in *inspector) functionBase(s *objectShape) string {
	if s.object.ExportType() == reflect.TypeFor[func(goja.ConstructorCall) *goja.Object]() {
		text := in.builtins.call(in.builtins.function("Function.prototype.toString"), s.object).String()
		if strings.HasPrefix(text, "class") && strings.HasSuffix(text, "}") {
			return in.classBase(s)
		}
	}
	kind := "Function"
	switch s.class {
	case "AsyncFunction", "GeneratorFunction", "AsyncGeneratorFunction":
		kind = s.class
	}
	base := "[" + kind
	if !s.known {
		base += " (null prototype)"
	}
	if name := textOf(s.object.Get("name")); name != "" {
		base += ": " + name
	} else {
		base += " (anonymous)"
	}
	base += "]"
	if s.known && s.class != kind {
		base += " " + s.class
	}
	if s.tag != "" && s.tag != s.class {
		base += " [" + s.tag + "]"
	}
	return base
}

func (in *inspector) classBase(s *objectShape) string {
	name := "(anonymous)"
	if own := in.builtins.property(s.object, propertyKey{name: "name"}); own.exists {
		if text := textOf(s.object.Get("name")); text != "" {
			name = text
		}
	}
	base := "class " + name
	if s.known && s.class != "Function" {
		base += " [" + s.class + "]"
	}
	if s.tag != "" && s.tag != s.class {
		base += " [" + s.tag + "]"
	}
	if !s.known {
		base += " extends [null prototype]"
	} else if super := s.object.Prototype(); super != nil {
		if text := textOf(super.Get("name")); text != "" {
			base += " extends " + text
		}
	}
	return "[" + base + "]"
}
