package web

import (
	"bytes"
	"encoding/base64"
	"encoding/hex"
	"strings"
	"unicode/utf8"

	"github.com/dop251/goja"
)

// bufferNatives are what Buffer needs.
func (w *Web) bufferNatives() map[string]native {
	return map[string]native{
		"later":  w.defineLater,
		"become": w.become,
		"encode": func(call goja.FunctionCall) goja.Value {
			return w.arrayBuffer(encodeBuffer(call.Argument(0), call.Argument(1).String()))
		},
		"byteLength": func(call goja.FunctionCall) goja.Value {
			return w.VM.ToValue(bufferLength(call.Argument(0), call.Argument(1).String()))
		},
		"write": func(call goja.FunctionCall) goja.Value {
			return w.VM.ToValue(writeBuffer(call.Argument(0), call.Argument(1).String(), bytesOf(call.Argument(2))))
		},
		"decode": func(call goja.FunctionCall) goja.Value {
			return w.decodeBuffer(bytesOf(call.Argument(0)), call.Argument(1).String())
		},
		"compare": func(call goja.FunctionCall) goja.Value {
			return w.VM.ToValue(bytes.Compare(bytesOf(call.Argument(0)), bytesOf(call.Argument(1))))
		},
		"index": func(call goja.FunctionCall) goja.Value {
			in := bytesOf(call.Argument(0))
			at := int(min(max(call.Argument(2).ToInteger(), 0), int64(len(in))))
			found := bytes.Index(in[at:], bytesOf(call.Argument(1)))
			if found >= 0 {
				found += at
			}
			return w.VM.ToValue(found)
		},
		"lastIndex": func(call goja.FunctionCall) goja.Value {
			in, what := bytesOf(call.Argument(0)), bytesOf(call.Argument(1))
			end := min(int(min(max(call.Argument(2).ToInteger(), 0), int64(len(in))))+len(what), len(in))
			return w.VM.ToValue(bytes.LastIndex(in[:end], what))
		},
	}
}

// become(function, class) gives a function the prototypes and the static members of a class.
func (w *Web) become(call goja.FunctionCall) goja.Value {
	function, class := call.Argument(0).ToObject(w.VM), call.Argument(1).ToObject(w.VM)
	rethrow(function.SetPrototype(class.Prototype()))
	prototype := class.Get("prototype").ToObject(w.VM)
	rethrow(function.Set("prototype", prototype))
	rethrow(prototype.DefineDataProperty("constructor", function, goja.FLAG_TRUE, goja.FLAG_TRUE, goja.FLAG_FALSE))
	for _, name := range class.GetOwnPropertyNames() {
		if name != "prototype" && name != "name" && name != "length" {
			rethrow(function.DefineDataProperty(name, class.Get(name), goja.FLAG_TRUE, goja.FLAG_TRUE, goja.FLAG_TRUE))
		}
	}
	return goja.Undefined()
}

// defineLater(prototype, define) has define called when a property whose name begins with read or write is first looked
// for and not found.
func (w *Web) defineLater(call goja.FunctionCall) goja.Value {
	prototype := call.Argument(0).ToObject(w.VM)
	define, ok := goja.AssertFunction(call.Argument(1))
	if !ok {
		panic(w.VM.NewTypeError("later needs a function"))
	}
	parent := prototype.Prototype()
	later := &laterProperties{prototype: prototype, define: func() {
		rethrow(prototype.SetPrototype(parent))
		_, err := define(goja.Undefined())
		rethrow(err)
	}}
	link := w.VM.NewDynamicObject(later)
	rethrow(link.SetPrototype(parent))
	rethrow(prototype.SetPrototype(link))
	return goja.Undefined()
}

// laterProperties stands above a prototype until one of the properties is asked for that are not there yet.
type laterProperties struct {
	prototype *goja.Object
	define    func()
}

func (l *laterProperties) ours(name string) bool {
	return len(name) > len("write") && (strings.HasPrefix(name, "read") || strings.HasPrefix(name, "write"))
}

// Get defines the properties and returns the one asked for, or nil.
func (l *laterProperties) Get(name string) goja.Value {
	if !l.ours(name) {
		return nil
	}
	l.define()
	return l.prototype.Get(name)
}

// Has tells whether there is such a property.
func (l *laterProperties) Has(name string) bool { return l.ours(name) && l.Get(name) != nil }

// Set refuses; properties are set on objects below.
func (l *laterProperties) Set(string, goja.Value) bool { return false }

// Delete has nothing to delete.
func (l *laterProperties) Delete(string) bool { return true }

// Keys lists nothing: methods of a class are not enumerable.
func (l *laterProperties) Keys() []string { return nil }

// encodeBuffer turns a string into bytes as Buffer.from does: what an encoding cannot hold is cut off or left out, and
// nothing is an error.
func encodeBuffer(v goja.Value, encoding string) []byte {
	switch encoding {
	case "hex":
		return lenientHex(v.String())
	case "base64", "base64url":
		return lenientBase64(v.String())
	case "latin1", "ascii", "utf16le":
		s, ok := v.ToString().(goja.String)
		if !ok {
			return nil
		}
		out := make([]byte, 0, s.Length())
		for i := range s.Length() {
			c := s.CharAt(i)
			out = append(out, byte(c))
			if encoding == "utf16le" {
				out = append(out, byte(c>>8))
			}
		}
		return out
	default:
		return []byte(v.String())
	}
}

// lenientHex decodes up to the first pair that is not hexadecimal.
func lenientHex(s string) []byte {
	s = s[:len(s)&^1]
	out := make([]byte, hex.DecodedLen(len(s)))
	n, _ := hex.Decode(out, []byte(s)) // as in Node, what comes before an error counts
	return out[:n]
}

// lenientBase64 decodes both alphabets, skips what belongs to neither, and stops at the first padding.
func lenientBase64(s string) []byte {
	s, _, _ = strings.Cut(s, "=")
	s = strings.Map(func(r rune) rune {
		switch {
		case r == '-':
			return '+'
		case r == '_':
			return '/'
		case 'a' <= r && r <= 'z', 'A' <= r && r <= 'Z', '0' <= r && r <= '9', r == '+', r == '/':
			return r
		}
		return -1
	}, s)
	if len(s)%4 == 1 {
		s = s[:len(s)-1]
	}
	out, _ := base64.RawStdEncoding.DecodeString(s) // nothing is left that could be wrong
	return out
}

func bufferLength(v goja.Value, encoding string) int {
	s, ok := v.ToString().(goja.String)
	if !ok {
		return 0
	}
	switch encoding {
	case "hex":
		return s.Length() / 2
	case "latin1", "ascii":
		return s.Length()
	case "utf16le":
		return s.Length() * 2
	case "base64", "base64url": // by its length alone, as in Node
		n := s.Length()
		for range 2 {
			if n > 0 && s.CharAt(n-1) == '=' {
				n--
			}
		}
		return n * 3 / 4
	default:
		return len(encodeBuffer(v, encoding))
	}
}

// writeBuffer encodes into memory of the script and returns how many bytes it wrote. A character that does not fit as
// a whole is not written.
func writeBuffer(v goja.Value, encoding string, to []byte) int {
	from := encodeBuffer(v, encoding)
	n := min(len(from), len(to))
	switch encoding {
	case "utf8":
		for n < len(from) && n > 0 && !utf8.RuneStart(from[n]) {
			n--
		}
	case "utf16le":
		n &^= 1
	}
	return copy(to, from[:n])
}

func (w *Web) decodeBuffer(b []byte, encoding string) goja.Value {
	switch encoding {
	case "hex":
		return w.VM.ToValue(hex.EncodeToString(b))
	case "base64":
		return w.VM.ToValue(base64.StdEncoding.EncodeToString(b))
	case "base64url":
		return w.VM.ToValue(base64.RawURLEncoding.EncodeToString(b))
	case "latin1":
		return w.latin1String(b)
	case "ascii":
		b = bytes.Clone(b)
		for i := range b {
			b[i] &= 0x7f
		}
		return w.latin1String(b)
	case "utf16le":
		units := make([]uint16, len(b)/2)
		for i := range units {
			units[i] = uint16(b[2*i]) | uint16(b[2*i+1])<<8
		}
		return goja.StringFromUTF16(units)
	default:
		return w.VM.ToValue(decodeUTF8(b))
	}
}
