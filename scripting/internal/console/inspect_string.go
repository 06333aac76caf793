package console

import (
	"math"
	"strings"
	"unicode/utf8"

	"github.com/dop251/goja"

	"trackhook/scripting/internal/jsontext"
)

const (
	// maxStringUnits is how much of a string inside an object is shown.
	maxStringUnits = 10_000
	// minSplitUnits is the length from which a string is split at its line breaks.
	minSplitUnits = 16
)

// string writes a string in quotes.
func (in *inspector) string(s goja.String) {
	text := jsontext.ValidText(s.String())
	if hasLoneSurrogate(s, text) {
		units := make([]uint16, s.Length())
		for i := range units {
			units[i] = s.CharAt(i)
		}
		text = escapeLoneSurrogates(units)
	}
	in.quoted(text, s.Length())
}

// hasLoneSurrogate tells whether text, in which halves of surrogate pairs are U+FFFD, had any.
func hasLoneSurrogate(s goja.String, text string) bool {
	if !strings.Contains(text, "\uFFFD") {
		return false
	}
	for i := 0; i < s.Length(); i++ {
		c := s.CharAt(i)
		if c < 0xD800 || c > 0xDFFF {
			continue
		}
		if c > 0xDBFF || i+1 == s.Length() || s.CharAt(i+1) < 0xDC00 || s.CharAt(i+1) > 0xDFFF {
			return true
		}
		i++
	}
	return false
}

// loneSurrogateMark stands before the digits of a half of a surrogate pair in text that is about to be quoted. It is
// no byte of UTF-8, and what is quoted has gone through ValidText.
const loneSurrogateMark = '\xFF'

// escapeLoneSurrogates returns the units as UTF-8, with each half of a surrogate pair as its mark and two bytes.
func escapeLoneSurrogates(units []uint16) string {
	out := make([]byte, 0, len(units)+8)
	for i := 0; i < len(units); i++ {
		c := rune(units[i])
		switch {
		case c < 0xD800 || c > 0xDFFF:
			out = utf8.AppendRune(out, c)
		case c <= 0xDBFF && i+1 < len(units) && units[i+1] >= 0xDC00 && units[i+1] <= 0xDFFF:
			i++
			out = utf8.AppendRune(out, (c-0xD800)<<10+(rune(units[i])-0xDC00)+0x10000)
		default:
			out = append(out, loneSurrogateMark, byte(c>>8), byte(c))
		}
	}
	return string(out)
}

// quoted writes text in quotes; units is its length in JavaScript. A long text is cut, and split at its line breaks.
func (in *inspector) quoted(text string, units int) {
	rest := 0
	if units > maxStringUnits {
		rest = units - maxStringUnits
		text, units = cutUnits(text, maxStringUnits), maxStringUnits
	}
	most := in.opt.width
	if most <= 0 {
		most = math.MaxInt - 4
	}
	if units > minSplitUnits && units > most-in.indent-4 && strings.Contains(text, "\n") {
		for i, line := range strings.SplitAfter(text, "\n") {
			if line == "" {
				break // after a final line break
			}
			if i > 0 {
				in.write(" +")
				in.out = appendLineBreak(in.out, in.indent+2)
			}
			in.out = appendQuoted(in.out, line)
		}
	} else {
		in.out = appendQuoted(in.out, text)
	}
	if rest > 0 {
		in.out = appendInt(append(in.out, "... "...), rest)
		in.write(" more character" + pluralS(rest))
	}
}

func pluralS(n int) string {
	if n > 1 {
		return "s"
	}
	return ""
}

// cutUnits returns the first units of text. A pair that would be split goes whole.
func cutUnits(text string, units int) string {
	n := 0
	for i := 0; i < len(text); {
		if n >= units {
			return text[:i]
		}
		if text[i] == loneSurrogateMark {
			i += 3
			n++
			continue
		}
		r, size := utf8.DecodeRuneInString(text[i:])
		i += size
		n++
		if r > 0xFFFF {
			n++
		}
	}
	return text
}

// appendQuoted appends text in single quotes, or in others where that saves escapes.
func appendQuoted(b []byte, text string) []byte {
	if jsontext.IsPlainText(text) {
		return append(append(append(b, '\''), text...), '\'')
	}
	quote := byte('\'')
	if strings.IndexByte(text, '\'') >= 0 {
		if strings.IndexByte(text, '"') < 0 {
			quote = '"'
		} else if strings.IndexByte(text, '`') < 0 && !strings.Contains(text, "${") {
			quote = '`'
		}
	}
	b = append(b, quote)
	b = appendEscaped(b, text, quote == '\'')
	return append(b, quote)
}

// appendEscaped appends text with control characters, backslashes and, if asked for, single quotes escaped.
func appendEscaped(b []byte, text string, singleQuotes bool) []byte {
	last := 0
	for i := 0; i < len(text); i++ {
		c := text[i]
		if c >= ' ' && c < 0x7F && c != '\\' && (c != '\'' || !singleQuotes) {
			continue
		}
		size := 1
		switch {
		case c == loneSurrogateMark:
			size = 3
		case c == 0xC2 && i+1 < len(text) && text[i+1] < 0xA0:
			size = 2 // U+0080 to U+009F
		case c >= 0x80:
			continue
		}
		b = append(b, text[last:i]...)
		b = appendEscape(b, text[i:i+size])
		i += size - 1
		last = i + 1
	}
	return append(b, text[last:]...)
}

func appendEscape(b []byte, char string) []byte {
	const upper, lower = "0123456789ABCDEF", "0123456789abcdef"
	c := char[len(char)-1]
	switch {
	case char[0] == loneSurrogateMark:
		return append(b, '\\', 'u', lower[char[1]>>4], lower[char[1]&15], lower[c>>4], lower[c&15])
	case c == '\b':
		return append(b, `\b`...)
	case c == '\t':
		return append(b, `\t`...)
	case c == '\n':
		return append(b, `\n`...)
	case c == '\f':
		return append(b, `\f`...)
	case c == '\r':
		return append(b, `\r`...)
	case c == '\\' || c == '\'':
		return append(b, '\\', c)
	default:
		return append(b, '\\', 'x', upper[c>>4], upper[c&15])
	}
}

// appendKey appends the name of a property.
func appendKey(b []byte, key string) []byte {
	switch {
	case key == "__proto__":
		return append(b, "['__proto__']"...)
	case jsontext.IsIdentifier(key):
		return append(b, key...)
	default:
		return appendQuoted(b, key)
	}
}

// appendPrimitive appends a primitive that is neither a string nor a symbol.
func appendPrimitive(b []byte, value goja.Value) []byte {
	switch {
	case goja.IsBigInt(value):
		return append(append(b, value.String()...), 'n')
	case goja.IsNumber(value):
		if f := value.ToFloat(); f == 0 && math.Signbit(f) {
			return append(b, "-0"...)
		}
	}
	return append(b, value.String()...)
}

func symbolText(symbol *goja.Symbol) string { return "Symbol(" + symbol.String() + ")" }
