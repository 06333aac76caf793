package console

import (
	"math"
	"slices"
	"unsafe"

	"github.com/dop251/goja"
)

// Inspect returns the value as Node's util.inspect prints it with its default options, at most maxInspectBytes of
// it: for error messages and logs. It never throws, whatever the value does; an interrupt passes through.
// To be called on the runtime's goroutine.
func Inspect(vm *goja.Runtime, value goja.Value) string {
	in := newInspector(vm)
	in.value(value, 0)
	return in.text()
}

const (
	// maxInspectBytes bounds what one console call prints.
	maxInspectBytes = 64 << 10
	// maxInspectDepth bounds the recursion where a script asks for any depth: Go ends the process when a stack
	// outgrows its limit.
	maxInspectDepth = 500
)

// inspectOptions are the options of util.inspect that matter here.
type inspectOptions struct {
	// depth is how many levels below the value are shown.
	depth int
	// maxArray is how many elements are shown; width the length of line that is aimed at, 0 for no bound.
	maxArray, width       int
	showHidden, showProxy bool
	// custom tells whether objects may print themselves through Symbol.for('nodejs.util.inspect.custom').
	custom bool
}

func defaultInspectOptions() inspectOptions {
	return inspectOptions{depth: 2, maxArray: 100, width: 80, custom: true}
}

// inspector writes values as Node's util.inspect does: the same text, without colours. It is used for one text at a
// time, and again for the next after reset.
//
// Where goja cannot tell, it differs: iterators show no items, and WeakMap and WeakSet are known by their names.
type inspector struct {
	vm       *goja.Runtime
	builtins *inspectBuiltins
	// objectProto is Object.prototype.
	objectProto *goja.Object
	opt         inspectOptions

	// out is the text so far. The parts of values that are not complete are its end; entries tells where each begins
	// and ends. Layout needs all parts of a value before it can place the first, so that a value's text is written
	// twice: first its parts, then, from spare, the whole in their place. Buffers instead of strings make that cheap.
	out, spare []byte
	entries    []inspectEntry

	indent int
	// deepest is how deep the innermost value was that was written last: Node's currentDepth.
	deepest int
	// shows returns the function that prints an object of the host's own classes, called as custom inspection is; nil where
	// there is none.
	shows    func(*goja.Object) *goja.Object
	seen     []*goja.Object
	circular []*goja.Object
}

// inspectEntry is one part of a value, such as "key: value", as a place in out.
type inspectEntry struct{ start, end int }

func newInspector(vm *goja.Runtime) *inspector {
	return &inspector{vm: vm, objectProto: vm.NewObject().Prototype(), opt: defaultInspectOptions()}
}

// reset makes the inspector ready for the next text. It lets go of buffers that have grown large.
func (in *inspector) reset() {
	if cap(in.out) > maxInspectBytes {
		in.out, in.spare = nil, nil
	}
	in.out, in.entries = in.out[:0], in.entries[:0]
	clear(in.seen)
	clear(in.circular)
	in.seen, in.circular = in.seen[:0], in.circular[:0]
	in.indent, in.deepest = 0, 0
	in.opt = defaultInspectOptions()
}

// full tells that enough is written. What follows is dropped.
func (in *inspector) full() bool { return len(in.out) > maxInspectBytes }

// text returns what was written, cut at the limit with a note that says so.
func (in *inspector) text() string { return cutText(in.out) }

// passing is text, for the time until anything else is written.
func (in *inspector) passing() string {
	if len(in.out) > maxInspectBytes {
		return in.text()
	}
	return unsafe.String(unsafe.SliceData(in.out), len(in.out)) // a copy was a tenth of what it costs to print an answer
}

func (in *inspector) write(s string) { in.out = append(in.out, s...) }

// with runs f with other options, for a value inside a text that has its own.
func (in *inspector) with(opt inspectOptions, f func()) {
	old, seen, circular := in.opt, in.seen, in.circular
	in.opt, in.seen, in.circular = opt, nil, nil
	f()
	in.opt, in.seen, in.circular = old, seen, circular
}

// value writes any value. level is 0 for what was asked for, and one more for each object around the value.
func (in *inspector) value(value goja.Value, level int) {
	if in.full() {
		return
	}
	switch v := value.(type) {
	case nil:
		in.write("undefined")
	case *goja.Object:
		in.object(v, level)
	case goja.String:
		in.string(v)
	case *goja.Symbol:
		in.write(symbolText(v))
	default:
		in.out = appendPrimitive(in.out, v)
	}
}

// object writes an object, or the sign for one that is being written already.
func (in *inspector) object(object *goja.Object, level int) {
	if in.view(object, level) {
		return
	}
	in.needBuiltins()
	start, entries, indent, seen, opt := len(in.out), len(in.entries), in.indent, len(in.seen), in.opt
	// A script's getters, traps and inspection methods may throw.
	if ex := in.vm.Try(func() { in.foreign(object, level) }); ex != nil {
		in.out, in.entries, in.indent, in.seen, in.opt = in.out[:start], in.entries[:entries], indent, in.seen[:seen], opt
		in.write("<Inspection threw (" + exceptionMessage(in.vm, ex) + ")>")
	}
}

func (in *inspector) needBuiltins() {
	if in.builtins == nil {
		in.builtins = newInspectBuiltins(in.vm)
	}
}

// foreign writes an object that is not a view.
func (in *inspector) foreign(object *goja.Object, level int) {
	self := object
	for range maxInspectDepth {
		proxy, ok := asProxy(object)
		if !ok {
			break
		}
		target, handler := proxy.Target(), proxy.Handler()
		if target == nil || handler == nil {
			in.write("<Revoked Proxy>")
			return
		}
		if in.opt.showProxy && !isOfHost(handler) {
			in.proxy(target, handler, level)
			return
		}
		object = target
	}
	if in.opt.custom && in.customText(self, object, level) {
		return
	}
	if in.inCircle(object) {
		return
	}
	if object != self && in.view(object, level) {
		return
	}
	in.ordinary(object, level)
}

// inCircle writes the reference to an object that is being written already.
func (in *inspector) inCircle(object *goja.Object) bool {
	if !slices.Contains(in.seen, object) {
		return false
	}
	i := slices.Index(in.circular, object)
	if i < 0 {
		i = len(in.circular)
		in.circular = append(in.circular, object)
	}
	in.out = appendInt(append(in.out, "[Circular *"...), i+1)
	in.write("]")
	return true
}

// reference returns the mark of an object that something inside it refers to, else "".
func (in *inspector) reference(object *goja.Object) string {
	if i := slices.Index(in.circular, object); i >= 0 {
		return string(appendInt([]byte("<ref *"), i+1)) + ">"
	}
	return ""
}

func (in *inspector) proxy(target, handler *goja.Object, level int) {
	if level > in.opt.depth {
		in.write("Proxy [Array]")
		return
	}
	part := in.begin()
	in.indent += 2
	for _, object := range []*goja.Object{target, handler} {
		entry := len(in.out)
		in.object(object, level+1)
		in.entry(entry)
	}
	in.indent -= 2
	in.finish(part, inspectFrame{open: "Proxy [", close: "]", array: true}, level+1)
}

// customText lets the object print itself, and tells whether it did.
func (in *inspector) customText(self, object *goja.Object, level int) bool {
	// Asked of the target, so that no trap of a proxy runs.
	method, ok := object.GetSymbol(in.builtins.custom).(*goja.Object)
	if (!ok || !isFunction(method)) && in.shows != nil {
		method = in.shows(object)
		ok = method != nil
	}
	if !ok || !isFunction(method) {
		return false
	}
	// A prototype that carries the method is not one of its instances.
	if class, ok := object.Get("constructor").(*goja.Object); ok && class.Get("prototype") == goja.Value(object) {
		return false
	}
	call, ok := goja.AssertFunction(method)
	if !ok {
		return false
	}
	result, err := call(self, in.vm.ToValue(in.opt.depth-level), in.customOptions(), in.inspectFunction())
	if err != nil {
		panic(err)
	}
	if result == goja.Value(self) || result == goja.Value(object) {
		return false
	}
	if text, ok := result.(goja.String); ok {
		in.writeIndented(text.String())
		return true
	}
	in.value(result, level)
	return true
}

func (in *inspector) customOptions() *goja.Object {
	options := in.vm.NewObject()
	for name, value := range map[string]any{
		"depth": in.opt.depth, "showHidden": in.opt.showHidden, "showProxy": in.opt.showProxy, "colors": false,
		"maxArrayLength": in.opt.maxArray, "breakLength": in.opt.width, "compact": 3,
		"stylize": func(call goja.FunctionCall) goja.Value { return call.Argument(0).ToString() },
	} {
		_ = options.Set(name, value) // a new object takes any property
	}
	return options
}

func (in *inspector) inspectFunction() goja.Value {
	vm := in.vm
	return vm.ToValue(func(call goja.FunctionCall) goja.Value {
		inner := newInspector(vm)
		inner.shows = in.shows
		inner.opt.apply(call.Argument(1))
		inner.value(call.Argument(0), 0)
		return vm.ToValue(inner.text())
	})
}

// apply takes over the options that console.dir and custom inspection pass.
func (o *inspectOptions) apply(value goja.Value) {
	options, ok := value.(*goja.Object)
	if !ok {
		return
	}
	number := func(name string, into *int, most int) {
		switch v := options.Get(name); {
		case v == nil || goja.IsUndefined(v):
		case goja.IsNull(v):
			*into = most
		case goja.IsNumber(v) && !goja.IsNaN(v):
			*into = int(math.Max(-1, math.Min(v.ToFloat(), float64(most))))
		}
	}
	flag := func(name string, into *bool) {
		if v := options.Get(name); v != nil && !goja.IsUndefined(v) {
			*into = v.ToBoolean()
		}
	}
	number("depth", &o.depth, maxInspectDepth)
	number("maxArrayLength", &o.maxArray, maxInspectBytes)
	number("breakLength", &o.width, maxInspectBytes)
	flag("showHidden", &o.showHidden)
	flag("showProxy", &o.showProxy)
	flag("customInspect", &o.custom)
}
