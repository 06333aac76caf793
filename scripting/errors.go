package scripting

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/dop251/goja"
)

// ScriptError is an error that a script is to blame for: it did not compile, it threw, it ran too long. Fields that
// are not known are zero.
type ScriptError struct {
	// Plugin and Version name the code that failed.
	Plugin, Version string
	// File is where it failed, relative to the folder above the plugins, such as plugins/count.js. Line and Column count
	// from 1; columns count UTF-16 units, as editors and JavaScript do.
	File         string
	Line, Column int
	// Message is what was thrown, such as "TypeError: x is not a function".
	Message string
	// Source is the offending line as it stands in the file.
	Source string
	// Notes are what may help, and what else is wrong.
	Notes []string
	// Stack is the calls that led there, innermost first, a line each, as "at name (file:line:column)".
	Stack string
}

// Error returns one line, such as "plugins/count.js:3:7: TypeError: x is not a function".
func (e *ScriptError) Error() string {
	if where := e.Where(); where != "" {
		return where + ": " + e.Message
	}
	return e.Message
}

// Where returns file:line:column, as much of it as is known.
func (e *ScriptError) Where() string {
	switch {
	case e.File == "":
		return ""
	case e.Line == 0:
		return e.File
	default:
		return e.File + ":" + strconv.Itoa(e.Line) + ":" + strconv.Itoa(e.Column)
	}
}

// Detail returns several lines for people: [ScriptError.Error], the source line with a caret below the column, the
// notes, and the stack. It does not end in a line break.
func (e *ScriptError) Detail() string {
	var b strings.Builder
	b.WriteString(e.Error())
	if e.Source != "" {
		source, caret := excerpt(e.Source, e.Column)
		b.WriteString("\n    " + source + "\n    " + caret)
	}
	for _, note := range e.Notes {
		b.WriteString("\n  " + note)
	}
	for line := range strings.Lines(e.Stack) {
		b.WriteString("\n  " + strings.TrimSuffix(line, "\n"))
	}
	return b.String()
}

// excerpt cuts a window out of a long line, and makes the caret line for it.
func excerpt(source string, column int) (line, caret string) {
	const most, before = 160, 60
	units := 0
	at := len(source)
	for i, r := range source {
		if units >= column-1 {
			at = i
			break
		}
		units += len(utf16.AppendRune(nil, r))
	}
	from := 0
	if len(source) > most && at > before {
		from = at - before
		for from < at && !utf8.RuneStart(source[from]) {
			from++
		}
	}
	line = source[from:]
	if len(line) > most {
		line = strings.ToValidUTF8(line[:most], "")
	}
	// Tabs stay tabs, so that the caret stands below its character whatever their width.
	caret = strings.Map(func(r rune) rune {
		if r == '\t' {
			return r
		}
		return ' '
	}, source[from:at])
	return line, caret + "^"
}

func utf16Column(line string, column int) int {
	if column < 1 || column-1 > len(line) {
		return column
	}
	units := 0
	for _, r := range line[:column-1] {
		units += utf16.RuneLen(max(r, 0))
	}
	return units + 1
}

// panicError is a Go panic that came out of a runtime. It is a bug of ours; the runtime is thrown away.
type panicError struct {
	value any
	stack []byte
}

func (e *panicError) Error() string { return fmt.Sprint("internal error: ", e.value) }

// scriptError says in our words what a call into the runtime ended with. It may run code of the script, such as a
// toString of what was thrown, so it belongs on the runtime's goroutine, outside of any run.
func (rt *jsRuntime) scriptError(err error) *ScriptError {
	var (
		known     *ScriptError
		exception *goja.Exception
		interrupt *goja.InterruptedError
		overflow  *goja.StackOverflowError
		panicked  *panicError
	)
	failure := &ScriptError{}
	switch {
	case errors.As(err, &known):
		*failure = *known
	case errors.As(err, &interrupt):
		failure.Message = rt.interruptText(interrupt)
		rt.place(failure, interrupt.Stack())
	case errors.As(err, &overflow):
		failure.Message = fmt.Sprintf("RangeError: Maximum call stack size exceeded (%d calls)", maxCallDepth)
		rt.place(failure, overflow.Stack())
	case errors.As(err, &exception):
		rt.fromValue(failure, exception.Value(), exception.Stack())
	case errors.As(err, &panicked):
		failure.Message = panicked.Error()
	default:
		failure.Message = err.Error()
	}
	failure.Plugin, failure.Version = rt.inst.cfg.name, rt.inst.versionNow()
	return failure
}

func (rt *jsRuntime) interruptText(err *goja.InterruptedError) string {
	if errors.Is(err, errTimeLimit) {
		return fmt.Sprintf("the script ran longer than the time limit of %s and was interrupted", rt.guard.limit)
	}
	return "the script was interrupted: " + err.Error()
}

// thrown says what a value that was thrown or rejected with means.
func (rt *jsRuntime) thrown(v goja.Value) *ScriptError {
	var stack []goja.StackFrame
	// An Error carries its stack where only the machine can see it; throwing it once more brings it out.
	if exception := rt.vm.Try(func() { panic(v) }); exception != nil {
		if _, ok := v.(*goja.Object); ok {
			stack = exception.Stack()
		}
	}
	failure := &ScriptError{Plugin: rt.inst.cfg.name, Version: rt.inst.versionNow()}
	rt.fromValue(failure, v, stack)
	return failure
}

func (rt *jsRuntime) fromValue(failure *ScriptError, v goja.Value, stack []goja.StackFrame) {
	if object, ok := v.(*goja.Object); ok {
		if origin := rt.origins[object]; origin != nil {
			*failure = *origin
			return
		}
	}
	failure.Message = undeclared(rt.describe(v))
	rt.place(failure, stack)
}

// describe returns the text of a thrown value, whatever its toString does.
func (rt *jsRuntime) describe(v goja.Value) string {
	if v == nil {
		return "undefined"
	}
	object, ok := v.(*goja.Object)
	if !ok {
		return "Uncaught " + inspectText(rt.vm, v)
	}
	text := ""
	err := rt.attempt(func() {
		if object.ClassName() == "Error" {
			text = object.String()
		} else {
			text = "Uncaught " + inspectText(rt.vm, v)
		}
	})
	if err != nil {
		return "Uncaught " + object.ClassName() + " that cannot be printed"
	}
	return text
}

// place fills the position from the innermost frame that belongs to the plugin, and the stack from all that do.
func (rt *jsRuntime) place(failure *ScriptError, frames []goja.StackFrame) {
	var stack strings.Builder
	for i := range frames {
		file, number, column, ok := rt.authors(&frames[i])
		if !ok {
			continue
		}
		line := rt.inst.graph.line(file, number)
		if frames[i].SrcName() != bundleCode {
			column = utf16Column(line, column)
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
func (rt *jsRuntime) authors(frame *goja.StackFrame) (file string, line, column int, ok bool) {
	script := frame.SrcName()
	if script != bundleCode && inNoFile(script) {
		return "", 0, 0, false
	}
	at := frame.Position()
	file = at.Filename
	if script == bundleCode && rt.program != nil {
		file = rt.program.sourceName(file)
	}
	return file, at.Line, at.Column, !inNoFile(file)
}

// here returns the place in the plugin that is calling into the host now.
func (rt *jsRuntime) here() *ScriptError {
	var place ScriptError
	rt.place(&place, rt.vm.CaptureCallStack(0, nil))
	return &place
}
