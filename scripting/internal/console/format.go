package console

import (
	"strings"

	"github.com/dop251/goja"
)

// format joins the arguments as util.format does: a first string with placeholders takes its values from the others.
func (c *Console) format(arguments []goja.Value) string {
	return c.render(func(in *inspector) { c.formatInto(in, arguments) })
}

func (c *Console) formatInto(in *inspector, arguments []goja.Value) {
	first := ""
	if len(arguments) > 1 {
		first = textOf(arguments[0])
	}
	if strings.IndexByte(first, '%') < 0 {
		c.join(in, arguments)
		return
	}
	rest := c.substitute(in, first, arguments[1:])
	if len(rest) > 0 {
		in.write(" ")
		c.join(in, rest)
	}
}

// join writes the values with blanks between them, strings without quotes.
func (c *Console) join(in *inspector, values []goja.Value) {
	for i, value := range values {
		if i > 0 {
			in.write(" ")
		}
		if text, ok := value.(goja.String); ok {
			if !in.full() {
				in.write(text.String())
			}
			continue
		}
		in.value(value, 0)
	}
}

// substitute writes the text with its placeholders replaced, and returns the values that it has not used.
func (c *Console) substitute(in *inspector, text string, values []goja.Value) []goja.Value {
	for {
		i := strings.IndexByte(text, '%')
		if i < 0 || i == len(text)-1 {
			in.write(text)
			return values
		}
		in.write(text[:i])
		verb := text[i+1]
		text = text[i+2:]
		switch {
		case verb == '%':
			in.write("%")
		case len(values) == 0 || strings.IndexByte("sdifjoOc", verb) < 0:
			in.out = append(in.out, '%', verb)
		default:
			c.placeholder(in, verb, values[0])
			values = values[1:]
		}
	}
}

func (c *Console) placeholder(in *inspector, verb byte, value goja.Value) {
	switch verb {
	case 's':
		c.textual(in, value)
	case 'd', 'i', 'f':
		c.number(in, verb, value)
	case 'j':
		in.write(c.jsonText(in, value))
	case 'O':
		in.with(in.opt, func() { in.value(value, 0) })
	case 'o':
		opt := in.opt
		opt.depth, opt.showHidden, opt.showProxy = 4, true, true
		in.with(opt, func() { in.value(value, 0) })
	case 'c': // CSS, which there is no use for
	}
}

// textual writes a value for %s: an object that has its own way to be a string uses that.
func (c *Console) textual(in *inspector, value goja.Value) {
	object, ok := value.(*goja.Object)
	switch {
	case !ok && (goja.IsNumber(value) || goja.IsBigInt(value)):
		in.out = appendPrimitive(in.out, value)
	case !ok || isFunction(object) || c.hasOwnText(in, object):
		in.write(c.stringOf(value))
	default:
		opt := in.opt
		opt.depth = 0
		in.with(opt, func() { in.value(value, 0) })
	}
}

// hasOwnText tells whether a class of the script, or the object itself, says how the object is a string.
func (c *Console) hasOwnText(in *inspector, object *goja.Object) (own bool) {
	tryQuietly(c.vm, func() {
		for range maxInspectDepth {
			proxy, ok := asProxy(object)
			if !ok || proxy.Target() == nil {
				break
			}
			object = proxy.Target()
		}
		in.needBuiltins()
		if f, ok := object.Get("toString").(*goja.Object); !ok || !isFunction(f) {
			f, ok := object.GetSymbol(goja.SymToPrimitive).(*goja.Object)
			own = ok && isFunction(f)
			return
		}
		for o, n := object, 0; o != nil && n < maxInspectDepth; o, n = o.Prototype(), n+1 {
			method := in.builtins.property(o, propertyKey{name: "toString"})
			primitive := in.builtins.property(o, propertyKey{symbol: goja.SymToPrimitive})
			if !method.exists && !primitive.exists {
				continue
			}
			class, _ := in.builtins.property(o, propertyKey{name: "constructor"}).value.(*goja.Object)
			own = o == object || class == nil || !isBuiltinClass(textOf(class.Get("name")))
			return
		}
	})
	return own
}

// number writes a value for %d, %i and %f: as Number, parseInt and parseFloat read it.
func (c *Console) number(in *inspector, verb byte, value goja.Value) {
	if goja.IsBigInt(value) && verb != 'f' {
		in.out = appendPrimitive(in.out, value)
		return
	}
	number := goja.NaN()
	if _, symbol := value.(*goja.Symbol); !symbol {
		tryQuietly(c.vm, func() {
			in.needBuiltins()
			switch verb {
			case 'd':
				number = value.ToNumber()
			case 'i':
				number = in.builtins.call(in.builtins.function("parseInt"), goja.Undefined(), value)
			default:
				number = in.builtins.call(in.builtins.function("parseFloat"), goja.Undefined(), value)
			}
		})
	}
	in.out = appendPrimitive(in.out, number)
}

func (c *Console) jsonText(in *inspector, value goja.Value) string {
	text := "undefined"
	ex := c.vm.Try(func() {
		in.needBuiltins()
		text = in.builtins.call(in.builtins.function("JSON.stringify"), goja.Undefined(), value).String()
	})
	if ex == nil {
		return text
	}
	message := exceptionMessage(c.vm, ex)
	if strings.Contains(message, "circular") {
		return "[Circular]"
	}
	return "<Inspection threw (" + message + ")>"
}

// stringOf is String(value), and says so where that throws.
func (c *Console) stringOf(value goja.Value) string {
	switch v := value.(type) {
	case *goja.Symbol:
		return symbolText(v)
	case *goja.Object:
		text := ""
		if ex := c.vm.Try(func() { text = v.String() }); ex != nil {
			return "<Inspection threw (" + exceptionMessage(c.vm, ex) + ")>"
		}
		return text
	default:
		return value.String()
	}
}
