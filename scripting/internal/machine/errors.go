package machine

import (
	"errors"
	"fmt"
	"strings"

	"github.com/dop251/goja"

	"trackhook/scripting/internal/console"
	"trackhook/scripting/internal/script"
)

// This file says in the author's terms what went wrong in a machine, and where.

// PanicError is a Go panic that came out of a machine. It is a bug of ours; the machine is thrown away.
type PanicError struct {
	Value any
	Stack []byte
}

func (e *PanicError) Error() string { return fmt.Sprint("internal error: ", e.Value) }

// Origin knows what a machine runs: whose it is, and where its lines come from.
type Origin interface {
	// Plugin and Version name what runs.
	Plugin() string
	Version() string
	// Line is a line of a file of the author's, counted from 1; empty when it is not known.
	Line(file string, number int) string
	// SourceName is the author's name of a file that generated code came from.
	SourceName(name string) string
	// Explain may add to the text of an error what the author should know of this host. line is the author's line that
	// threw it; empty when it is not known.
	Explain(message, line string) string
}

// ScriptError says in our words what a call into the machine ended with. It may run code of the script, such as a
// toString of what was thrown, so it belongs on the machine's goroutine, outside of any run.
func (m *Machine) ScriptError(err error) *script.Error {
	var (
		known     *script.Error
		exception *goja.Exception
		interrupt *goja.InterruptedError
		overflow  *goja.StackOverflowError
		panicked  *PanicError
	)
	failure := &script.Error{}
	switch {
	case errors.As(err, &known):
		*failure = *known
	case errors.As(err, &interrupt):
		failure.Message = m.interruptText(interrupt)
		m.place(failure, interrupt.Stack())
	case errors.As(err, &overflow):
		failure.Message = fmt.Sprintf("RangeError: Maximum call stack size exceeded (%d calls)", maxCallDepth)
		m.place(failure, overflow.Stack())
	case errors.As(err, &exception):
		m.fromValue(failure, exception.Value(), exception.Stack())
	case errors.As(err, &panicked):
		failure.Message = panicked.Error()
	default:
		failure.Message = err.Error()
	}
	failure.Plugin, failure.Version = m.owner.Plugin(), m.owner.Version()
	return failure
}

func (m *Machine) interruptText(err *goja.InterruptedError) string {
	if errors.Is(err, errTimeLimit) {
		return fmt.Sprintf("the script ran longer than the time limit of %s and was interrupted", m.guard.limit)
	}
	return "the script was interrupted: " + err.Error()
}

// Thrown says what a value that was thrown or rejected with means.
func (m *Machine) Thrown(v goja.Value) *script.Error {
	var stack []goja.StackFrame
	// An Error carries its stack where only the machine can see it; throwing it once more brings it out.
	if exception := m.VM.Try(func() { panic(v) }); exception != nil {
		if _, ok := v.(*goja.Object); ok {
			stack = exception.Stack()
		}
	}
	failure := &script.Error{Plugin: m.owner.Plugin(), Version: m.owner.Version()}
	m.fromValue(failure, v, stack)
	return failure
}

func (m *Machine) fromValue(failure *script.Error, v goja.Value, stack []goja.StackFrame) {
	if object, ok := v.(*goja.Object); ok {
		if origin := m.origins[object]; origin != nil {
			*failure = *origin
			return
		}
	}
	m.place(failure, stack)
	failure.Message = m.owner.Explain(orNull(m.describe(v)), failure.Source)
}

// orNull corrects what goja says of a read from null, which it takes for undefined. Which of the two it was it does not tell.
func orNull(message string) string {
	if strings.HasPrefix(message, "TypeError: Cannot read property '") && strings.HasSuffix(message, "' of undefined") {
		return message + " or null"
	}
	return message
}

// describe returns the text of a thrown value, whatever its toString does.
func (m *Machine) describe(v goja.Value) string {
	if v == nil {
		return "undefined"
	}
	object, ok := v.(*goja.Object)
	if !ok {
		return "Uncaught " + console.Inspect(m.VM, v)
	}
	text := ""
	err := m.Attempt(func() {
		if object.ClassName() == "Error" {
			text = object.String()
		} else {
			text = "Uncaught " + console.Inspect(m.VM, v)
		}
	})
	if err != nil {
		return "Uncaught " + object.ClassName() + " that cannot be printed"
	}
	return text
}

// place fills the position from the innermost frame that belongs to the plugin, and the stack from all that do.
func (m *Machine) place(failure *script.Error, frames []goja.StackFrame) {
	var stack strings.Builder
	for i := range frames {
		file, number, column, ok := m.authors(&frames[i])
		if !ok {
			continue
		}
		line := m.owner.Line(file, number)
		if frames[i].SrcName() != script.BundleCode {
			column = script.UTF16Column(line, column)
		}
		if failure.File == "" {
			failure.File, failure.Line, failure.Column, failure.Source = file, number, column, line
		}
		if stack.Len() > 0 {
			stack.WriteByte('\n')
		}
		_, _ = fmt.Fprintf(&stack, "at %s (%s:%d:%d)", frames[i].FuncName(), file, number, column)
	}
	failure.Stack = stack.String()
}

// authors returns the place of a frame in a file of the author's. The column is in bytes, and in UTF-16 units where the
// file was translated. False: the frame is in code that no author wrote.
func (m *Machine) authors(frame *goja.StackFrame) (file string, line, column int, ok bool) {
	failure := frame.SrcName()
	if failure != script.BundleCode && script.InNoFile(failure) {
		return "", 0, 0, false
	}
	at := frame.Position()
	file = at.Filename
	if failure == script.BundleCode {
		file = m.owner.SourceName(file)
	}
	return file, at.Line, at.Column, !script.InNoFile(file)
}

// Here returns the place in the plugin that is calling into the host now.
func (m *Machine) Here() *script.Error {
	var place script.Error
	m.place(&place, m.VM.CaptureCallStack(0, nil))
	return &place
}
