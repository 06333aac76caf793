package console

import (
	"encoding/hex"
	"fmt"
	"strconv"
	"strings"

	"github.com/dop251/goja"

	"trackhook/scripting/internal/jsontext"
	"trackhook/scripting/internal/view"
)

func (in *inspector) classifyArray(s *objectShape) {
	length := int(max(view.OrUndefined(s.object.Get("length")).ToInteger(), 0))
	prefix := ""
	if s.class != "Array" || s.tag != "" {
		prefix = s.prefix("Array", length)
	}
	s.frame.open, s.frame.close, s.frame.array = prefix+"[", "]", true
	names := in.keysOf(s)
	s.keys = names[:0:0]
	for _, key := range names {
		if key.symbol != nil || !jsontext.IsArrayIndex(key.name) {
			s.keys = append(s.keys, key)
		}
	}
	if length == 0 {
		return
	}
	s.frame.numeric = func(n int) bool { return in.allNumbers(s.object, n) }
	s.items = func(level int) { in.elements(s.object, length, level) }
}

// allNumbers tells whether the first n elements are numbers or bigints.
func (in *inspector) allNumbers(object *goja.Object, n int) bool {
	for i := range n {
		value := in.builtins.property(object, propertyKey{name: strconv.Itoa(i)}).value
		if value == nil || !goja.IsNumber(value) && !goja.IsBigInt(value) {
			return false
		}
	}
	return true
}

// elements writes the elements of an array; a row of holes is one entry.
func (in *inspector) elements(object *goja.Object, length, level int) {
	most := min(in.opt.maxArray, length)
	i := 0
	for shown := 0; shown < most && i < length && !in.full(); shown++ {
		info := in.builtins.property(object, propertyKey{name: strconv.Itoa(i)})
		if !info.exists {
			next := in.nextElement(object, i, length)
			in.note("<" + strconv.Itoa(next-i) + " empty item" + pluralS(next-i) + ">")
			i = next
			continue
		}
		start := len(in.out)
		in.propertyValue(info, level)
		in.entry(start)
		i++
	}
	in.moreItems(length - i)
}

// nextElement returns the first index after i that is no hole. The array may be as long as 2^32 and nearly empty.
func (in *inspector) nextElement(object *goja.Object, i, length int) int {
	const near = 64
	for next := i + 1; next < min(i+near, length); next++ {
		if in.builtins.property(object, propertyKey{name: strconv.Itoa(next)}).exists {
			return next
		}
	}
	for _, name := range object.Keys() {
		if jsontext.IsArrayIndex(name) {
			if n, _ := strconv.Atoi(name); n > i {
				return n
			}
		}
	}
	return length
}

func (in *inspector) classifyCollection(s *objectShape, isMap bool) {
	size := 0
	in.builtins.items(s.object, isMap, func(_, _ goja.Value) bool { size++; return true })
	fallback := "Set"
	if isMap {
		fallback = "Map"
	}
	s.frame.open = s.prefix(fallback, size) + "{"
	s.keys = in.keysOf(s)
	if size == 0 {
		return
	}
	s.items = func(level int) {
		in.indent += 2
		n := 0
		in.builtins.items(s.object, isMap, func(key, value goja.Value) bool {
			if n == in.opt.maxArray || in.full() {
				return false
			}
			start := len(in.out)
			in.value(key, level)
			if isMap {
				in.write(" => ")
				in.value(value, level)
			}
			in.entry(start)
			n++
			return true
		})
		in.moreItems(size - n)
		in.indent -= 2
	}
}

func (in *inspector) classifyTypedArray(s *objectShape) bool {
	fallback := textOf(in.builtins.call(in.builtins.function("TypedArray tag"), s.object))
	if fallback == "" {
		return false
	}
	length := int(max(view.OrUndefined(s.object.Get("length")).ToInteger(), 0))
	if s.class == "Buffer" && fallback == "Uint8Array" {
		s.frame.base, s.whole = bufferText(s.object, length), true
		return true
	}
	if s.tag == s.class || s.tag == fallback && !s.known {
		s.tag = ""
	}
	s.frame.open, s.frame.close, s.frame.array = s.prefix(fallback, length)+"[", "]", true
	names := in.keysOf(s)
	s.keys = names[:0:0]
	for _, key := range names {
		if key.symbol != nil || !jsontext.IsArrayIndex(key.name) {
			s.keys = append(s.keys, key)
		}
	}
	if length == 0 {
		return true
	}
	s.items = func(int) {
		shown := min(in.opt.maxArray, length)
		for i := range shown {
			start := len(in.out)
			in.out = appendPrimitive(in.out, view.OrUndefined(s.object.Get(strconv.Itoa(i))))
			in.entry(start)
		}
		in.moreItems(length - shown)
	}
	return true
}

// bufferText is how Node prints its Buffer.
func bufferText(object *goja.Object, length int) string {
	const most = 50
	var b strings.Builder
	b.WriteString("<Buffer")
	for i := range min(length, most) {
		fmt.Fprintf(&b, " %02x", view.OrUndefined(object.Get(strconv.Itoa(i))).ToInteger())
	}
	if rest := length - most; rest > 0 {
		fmt.Fprintf(&b, " ... %d more byte%s", rest, pluralS(rest))
	}
	return b.String() + ">"
}

func (in *inspector) classifyArrayBuffer(s *objectShape) {
	buffer, _ := s.object.Export().(goja.ArrayBuffer)
	s.frame.open = s.prefix("ArrayBuffer", -1) + "{"
	s.keys = append([]propertyKey{{name: "byteLength"}}, in.keysOf(s)...)
	s.items = func(int) {
		if buffer.Detached() {
			in.note("(detached)")
			return
		}
		bytes := buffer.Bytes()
		shown := min(len(bytes), in.opt.maxArray)
		text := make([]string, shown)
		for i := range shown {
			text[i] = hex.EncodeToString(bytes[i : i+1])
		}
		more := ""
		if rest := len(bytes) - shown; rest > 0 {
			more = fmt.Sprintf(" ... %d more byte%s", rest, pluralS(rest))
		}
		in.note("[Uint8Contents]: <" + strings.Join(text, " ") + more + ">")
	}
}

func (in *inspector) classifyPromise(s *objectShape) {
	promise, _ := s.object.Export().(*goja.Promise)
	s.frame.open = s.prefix("Promise", -1) + "{"
	s.keys = in.keysOf(s)
	s.items = func(level int) {
		start := len(in.out)
		switch promise.State() {
		case goja.PromiseStatePending:
			in.write("<pending>")
		default:
			if promise.State() == goja.PromiseStateRejected {
				in.write("<rejected> ")
			}
			in.indent += 2
			in.value(promise.Result(), level)
			in.indent -= 2
		}
		in.entry(start)
	}
}

func (in *inspector) classifyBoxed(s *objectShape, kind string) {
	s.keys, s.whole = in.keysOf(s), true
	inner := newInspector(in.vm) // what is in the box is no object
	switch kind {
	case "String":
		value, ok := in.builtins.call(in.builtins.function("String.prototype.valueOf"), s.object).(goja.String)
		if !ok {
			break
		}
		inner.string(value)
		// The characters are among the keys.
		s.keys = s.keys[min(value.Length(), len(s.keys)):]
	case "Symbol":
		inner.value(in.builtins.call(in.builtins.function("Symbol.prototype.valueOf"), s.object), 0)
	default:
		inner.value(in.vm.ToValue(s.object.Export()), 0)
	}
	base := "[" + kind
	if kind != s.class {
		if s.known {
			base += " (" + s.class + ")"
		} else {
			base += " (null prototype)"
		}
	}
	base += ": " + inner.text() + "]"
	if s.tag != "" && s.tag != s.class {
		base += " [" + s.tag + "]"
	}
	s.frame.base = base
}
