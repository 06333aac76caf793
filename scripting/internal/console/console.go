package console

import (
	"strings"
	"time"

	"github.com/dop251/goja"

	"trackhook/scripting/internal/script"
)

// Level is how much a printed line matters.
type Level uint8

// The levels, by method: debug; log, info, dir, table, count, time, group and trace; warn and Node's warnings about
// labels; error and a failed assert. They are those of the console standard, whose log is info here.
const (
	Debug Level = iota
	Info
	Warn
	Error
)

// Console is the global of that name in one runtime. It belongs to the runtime's goroutine.
type Console struct {
	vm   *goja.Runtime
	sink func(Level, string)
	// in is free unless busy: an object may print while it is being printed.
	in     *inspector
	busy   bool
	indent string
	counts map[string]int
	timers map[string]time.Time
	// Now is the time of the stopwatches.
	Now func() time.Time
}

// Install sets the global console, with all methods of Node's, which print as Node does without colours.
//
// sink is called once for each line that a script prints (a line may hold line breaks), on the runtime's goroutine,
// with at most 64 KB; what is longer is cut, and says so. The text is there until sink returns: who keeps it takes a copy
// (strings.Clone). sink must not call into the runtime.
//
// Printing never throws into the script, also when a getter, a proxy or a toString of what is printed does.
func Install(vm *goja.Runtime, sink func(level Level, text string)) *Console {
	c := &Console{vm: vm, sink: sink, in: newInspector(vm), Now: time.Now}
	object := vm.NewDynamicObject(&consoleObject{c: c})
	_ = vm.GlobalObject().DefineDataProperty("console", object, goja.FLAG_TRUE, goja.FLAG_TRUE, goja.FLAG_FALSE) // the global object is extensible
	return c
}

// Show says how objects are printed of whose contents a printer sees nothing: shows returns a function that is called as
// the custom inspection of Node is, or nil for an object that is none of these.
func (c *Console) Show(shows func(object *goja.Object) *goja.Object) { c.in.shows = shows }

// Text returns the values as util.format joins them.
func (c *Console) Text(values []goja.Value) string { return c.format(values) }

// Inspect returns a value as util.inspect prints it with these options.
func (c *Console) Inspect(value, options goja.Value) string {
	inner := newInspector(c.vm)
	inner.shows = c.in.shows
	inner.opt.apply(options)
	inner.value(value, 0)
	return inner.text()
}

func (c *Console) printer(level Level) func(goja.FunctionCall) goja.Value {
	return func(call goja.FunctionCall) goja.Value {
		c.print(level, call.Arguments)
		return goja.Undefined()
	}
}

func (c *Console) print(level Level, arguments []goja.Value) {
	if len(arguments) == 1 {
		if text, ok := arguments[0].(goja.String); ok {
			c.line(level, text.String()) // as it is, and most often without a copy
			return
		}
	}
	c.draw(func(in *inspector) {
		c.formatInto(in, arguments)
		c.line(level, in.passing())
	})
}

// line hands a line to the sink, within the bound and the group.
func (c *Console) line(level Level, text string) {
	if c.indent != "" {
		text = c.indent + strings.ReplaceAll(text, "\n", "\n"+c.indent)
	}
	if len(text) > maxInspectBytes && !strings.HasSuffix(text, TruncatedNote) {
		text = cutText([]byte(text))
	}
	c.sink(level, text)
}

// render runs f with an inspector and returns what f wrote.
func (c *Console) render(f func(in *inspector)) (text string) {
	c.draw(func(in *inspector) {
		f(in)
		text = in.text()
	})
	return text
}

// draw runs f with an inspector, which is f's until f returns.
func (c *Console) draw(f func(in *inspector)) {
	if c.busy {
		inner := newInspector(c.vm)
		inner.shows = c.in.shows
		f(inner)
		return
	}
	c.busy = true
	// Deferred, because an interrupt leaves as a panic.
	defer func() { c.busy = false }()
	c.in.reset()
	f(c.in)
}

func (c *Console) dir(call goja.FunctionCall) goja.Value {
	c.line(Info, c.render(func(in *inspector) {
		in.opt.custom = false
		tryQuietly(c.vm, func() { in.opt.apply(call.Argument(1)) })
		in.value(call.Argument(0), 0)
	}))
	return goja.Undefined()
}

func (c *Console) assert(call goja.FunctionCall) goja.Value {
	if call.Argument(0).ToBoolean() {
		return goja.Undefined()
	}
	arguments := append([]goja.Value(nil), call.Arguments[min(1, len(call.Arguments)):]...)
	if len(arguments) == 0 {
		c.line(Error, "Assertion failed")
		return goja.Undefined()
	}
	// Console standard, 1.1.1: a text is a format, everything else comes after the words.
	if goja.IsString(arguments[0]) {
		arguments[0] = c.vm.ToValue("Assertion failed: " + arguments[0].String())
	} else {
		arguments = append([]goja.Value{c.vm.ToValue("Assertion failed")}, arguments...)
	}
	c.print(Error, arguments)
	return goja.Undefined()
}

func (c *Console) trace(call goja.FunctionCall) goja.Value {
	text := "Trace"
	if len(call.Arguments) > 0 {
		text += ": " + c.format(call.Arguments)
	}
	c.line(Info, text+callStack(c.vm))
	return goja.Undefined()
}

// callStack returns the frames of the script that is running, each on a line of its own.
func callStack(vm *goja.Runtime) string {
	var b strings.Builder
	for _, frame := range vm.CaptureCallStack(0, nil) {
		position := frame.Position()
		if position.Line == 0 || script.InNoFile(position.Filename) {
			continue // console itself, a built-in function, or code that stands in no file
		}
		b.WriteString("\n    at ")
		if name := frame.FuncName(); name != "<anonymous>" {
			b.WriteString(name + " (" + position.String() + ")")
		} else {
			b.WriteString(position.String())
		}
	}
	return b.String()
}

func (c *Console) group(call goja.FunctionCall) goja.Value {
	const most = 128 // a group that is never ended must not fill the log with blanks
	if len(call.Arguments) > 0 {
		c.print(Info, call.Arguments)
	}
	if len(c.indent) < most {
		c.indent += "  "
	}
	return goja.Undefined()
}

func (c *Console) groupEnd(goja.FunctionCall) goja.Value {
	c.indent = c.indent[:max(len(c.indent)-2, 0)]
	return goja.Undefined()
}

// label returns the label of a count or timer.
func (c *Console) label(call goja.FunctionCall) string {
	if goja.IsUndefined(call.Argument(0)) {
		return "default"
	}
	return c.stringOf(call.Argument(0))
}

func (c *Console) count(call goja.FunctionCall) goja.Value {
	if c.counts == nil {
		c.counts = make(map[string]int)
	}
	label := c.label(call)
	c.counts[label]++
	c.line(Info, label+": "+string(appendInt(nil, c.counts[label])))
	return goja.Undefined()
}

func (c *Console) countReset(call goja.FunctionCall) goja.Value {
	label := c.label(call)
	if _, ok := c.counts[label]; !ok {
		c.line(Warn, "Warning: Count for '"+label+"' does not exist")
	}
	delete(c.counts, label)
	return goja.Undefined()
}
