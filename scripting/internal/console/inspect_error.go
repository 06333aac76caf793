package console

import (
	"regexp"
	"slices"
	"strings"

	"github.com/dop251/goja"

	"trackhook/scripting/internal/jsontext"
	"trackhook/scripting/internal/script"
	"trackhook/scripting/internal/view"
)

// errorBase is an error with its stack, in brackets where it has none. It adds cause and errors to the keys, and takes
// out those that the stack shows.
func (in *inspector) errorBase(s *objectShape) string {
	name := "Error"
	if value := s.object.Get("name"); value != nil && !goja.IsUndefined(value) && !goja.IsNull(value) {
		name = value.String()
	}
	stack := in.stackOf(s.object)
	s.keys = slices.DeleteFunc(s.keys, func(key propertyKey) bool {
		switch key.name {
		case "name", "message", "stack":
			text := view.OrUndefined(s.object.Get(key.name)).String()
			return !in.opt.showHidden && (strings.Contains(stack, text) || key.name == "stack")
		}
		return false
	})
	for _, extra := range []string{"cause", "errors"} {
		value := s.object.Get(extra)
		list, _ := value.(*goja.Object)
		if value == nil || extra == "errors" && (list == nil || list.ClassName() != "Array") {
			continue
		}
		if !slices.ContainsFunc(s.keys, func(key propertyKey) bool { return key.name == extra }) {
			s.keys = append(s.keys, propertyKey{name: extra})
		}
	}
	stack = in.improveStack(s, name, stack)
	if !strings.Contains(stack, stackFrameStart) {
		stack = "[" + stack + "]"
	}
	if in.indent > 0 {
		stack = strings.ReplaceAll(stack, "\n", string(appendLineBreak(nil, in.indent)))
	}
	return stack
}

const stackFrameStart = "\n    at "

// stackOf returns the error's stack in the form of Node: four blanks before each frame, no positions of goja's own.
func (in *inspector) stackOf(object *goja.Object) string {
	value := object.Get("stack")
	if value == nil || !value.ToBoolean() {
		return in.builtins.call(in.builtins.function("Error.prototype.toString"), object).String()
	}
	return nodeStack(value.String())
}

// nodeStack rewrites a stack of goja in the form of Node. Frames inside goja and this program are left out where they
// would show names of Go.
func nodeStack(stack string) string {
	lines := strings.Split(strings.TrimRight(stack, "\n"), "\n")
	kept := lines[:0]
	for _, line := range lines {
		frame, ok := strings.CutPrefix(line, script.FramePrefix)
		if !ok {
			kept = append(kept, line)
			continue
		}
		if script.InNoFileFrame(frame) {
			continue
		}
		if name, ok := strings.CutSuffix(frame, " (native)"); ok {
			if strings.ContainsAny(name, "/*") {
				continue
			}
			frame = name + " (<anonymous>)"
		}
		kept = append(kept, "    at "+cutProgramCounter(frame))
	}
	return strings.Join(kept, "\n")
}

// cutProgramCounter turns "f (file.js:1:2(34))" into "f (file.js:1:2)".
func cutProgramCounter(frame string) string {
	open := strings.LastIndexByte(frame, '(')
	if open < 0 {
		return frame
	}
	end := jsontext.SkipDigits(frame, open+1)
	if end == open+1 || end >= len(frame) || frame[end] != ')' {
		return frame
	}
	return frame[:open] + frame[end+1:]
}

// improveStack puts the class of the error where the stack says only Error.
func (in *inspector) improveStack(s *objectShape, name, stack string) string {
	size := len(name)
	regular := strings.HasSuffix(name, "Error") && strings.HasPrefix(stack, name) &&
		(len(stack) == size || stack[size] == ':' || stack[size] == '\n')
	if s.known && !regular {
		return stack
	}
	fallback := "Error"
	if !s.known {
		start := errorStart().FindStringSubmatch(stack)
		fallback = ""
		if start != nil {
			fallback = start[1] + start[2] // one of the two is empty
		}
		size = len(fallback)
		if fallback == "" {
			fallback = "Error"
		}
	}
	prefix := strings.TrimSuffix(s.prefix(fallback, -1), " ")
	switch {
	case name == prefix:
		return stack
	case !strings.Contains(prefix, name):
		return prefix + " [" + name + "]" + stack[size:]
	case size == 0:
		return prefix + ": " + stack
	default:
		return prefix + stack[size:]
	}
}

func errorStart() *regexp.Regexp {
	return regexp.MustCompile(`^([A-Z][a-z_ A-Z0-9[\]()-]+)(?::|\n {4}at)|^([a-z_A-Z0-9-]*Error)$`)
}
