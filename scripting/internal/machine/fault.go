package machine

import (
	"runtime"
	"strings"

	"github.com/dop251/goja"
)

// isBrokenIterator tells whether a function is one in which goja calls the method next of an iterator that may have none:
// for for-of and a destructured array, and for yield*. Elsewhere it throws a TypeError.
func isBrokenIterator(function string) bool {
	return strings.Contains(function, "goja.(*iteratorRecord).step") || strings.Contains(function, "goja.(*generatorObject).callDelegated")
}

// engineFault makes an exception of a Go panic that goja should have thrown as one, and nil of any other: what a script
// writes is never a bug of ours. goja has unwound its stacks by then, as it does for an interrupt, and had begun nothing
// that is left half done, so the machine is as good as before. A try in the script does not catch it: the run is over.
func (m *Machine) engineFault(recovered any) *goja.Exception {
	if _, ok := recovered.(runtime.Error); !ok || !isBrokenIterator(panicOrigin()) {
		return nil
	}
	return m.VM.Try(func() { panic(m.VM.NewTypeError("iterator.next is missing or not a function")) })
}

// panicOrigin returns the function that the panic began in which is being recovered from. goja recovers from it at each
// level and panics again, but the stack is still there.
func panicOrigin() string {
	callers := make([]uintptr, 1<<14)
	frames := runtime.CallersFrames(callers[:runtime.Callers(0, callers)])
	origin, after := "", false
	for {
		frame, more := frames.Next()
		if after {
			origin = frame.Function
		}
		after = frame.Function == "runtime.sigpanic"
		if !more {
			return origin
		}
	}
}
