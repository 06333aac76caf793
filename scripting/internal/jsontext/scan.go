package jsontext

import (
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// The functions of this file read text that [Object] has checked, and check nothing.

// jsonValueEnd returns the end of the value that starts at s[i].
func jsonValueEnd(s string, i int) int {
	switch s[i] {
	case '"':
		return jsonStringEnd(s, i)
	case '{', '[':
		return jsonNestedEnd(s, i)
	default:
		for i < len(s) {
			switch s[i] {
			case ',', '}', ']', ' ', '\n', '\r', '\t':
				return i
			}
			i++
		}
		return i
	}
}

func jsonStringEnd(s string, i int) int {
	for i = plainJSONEnd(s, i+1); s[i] != '"'; i = plainJSONEnd(s, i+2) {
		continue // past the letter of an escape
	}
	return i + 1
}

// jsonNestedEnd counts brackets without caring which: in checked text they match.
func jsonNestedEnd(s string, i int) int {
	for depth := 0; ; i++ {
		switch s[i] {
		case '"':
			i = jsonStringEnd(s, i) - 1
		case '{', '[':
			depth++
		case '}', ']':
			if depth--; depth == 0 {
				return i + 1
			}
		}
	}
}

// Items walks over the members of an object or the elements of an array, in the order of the text.
type Items struct {
	text string
	pos  int
	tape *Tape // where the members are known; nil: they are looked for
	// level is the object on the tape, at the next member, and last the one before.
	level    Level
	at, last uint32
}

// NewItems starts at the first item of text, which begins with '{' or '['.
func NewItems(text string) Items { return Items{text: text, pos: 1} }

// Done tells that there is no next item.
func (it *Items) Done() bool {
	if it.tape != nil {
		return it.at >= it.level.to
	}
	again := *it
	_, _, ok := again.Next()
	return !ok
}

// Next returns the next item. The key is the literal with its quotes, "" in an array.
func (it *Items) Next() (key, value string, ok bool) {
	if it.tape != nil {
		return it.nextOnTape()
	}
	s := it.text
	i := skipJSONBlanks(s, it.pos)
	if s[i] == ',' {
		i = skipJSONBlanks(s, i+1)
	}
	if s[i] == '}' || s[i] == ']' {
		it.pos = i
		return "", "", false
	}
	if s[0] == '{' {
		end := jsonStringEnd(s, i)
		key = s[i:end]
		i = skipJSONBlanks(s, end) + 1 // past the colon
		i = skipJSONBlanks(s, i)
	}
	end := jsonValueEnd(s, i)
	it.pos = end
	return key, s[i:end], true
}

// Unquote returns the string that the literal stands for. A half of a surrogate pair on its own, which UTF-8
// cannot hold, becomes U+FFFD, and exact is false: UnquoteUnits has it.
func Unquote(literal string) (s string, exact bool) {
	inner := literal[1 : len(literal)-1]
	if strings.IndexByte(inner, '\\') < 0 {
		return inner, true
	}
	exact = true
	out := make([]byte, 0, len(inner))
	for i := 0; i < len(inner); {
		c := inner[i]
		if c != '\\' {
			out = append(out, c)
			i++
			continue
		}
		if inner[i+1] != 'u' {
			out = append(out, unescapeJSON(inner[i+1]))
			i += 2
			continue
		}
		r := rune(jsonUnit(inner, i))
		i += 6
		if utf16.IsSurrogate(r) {
			pair := rune(utf8.RuneError)
			if strings.HasPrefix(inner[i:], `\u`) {
				pair = utf16.DecodeRune(r, rune(jsonUnit(inner, i)))
			}
			if pair == utf8.RuneError {
				exact = false
			} else {
				i += 6
			}
			r = pair
		}
		out = utf8.AppendRune(out, r)
	}
	return string(out), exact
}

// UnquoteUnits returns the string that the literal stands for as UTF-16, halves of surrogate pairs included.
func UnquoteUnits(literal string) []uint16 {
	inner := literal[1 : len(literal)-1]
	out := make([]uint16, 0, len(inner))
	for i := 0; i < len(inner); {
		switch {
		case inner[i] != '\\':
			r, size := utf8.DecodeRuneInString(inner[i:])
			out = utf16.AppendRune(out, r)
			i += size
		case inner[i+1] == 'u':
			out = append(out, jsonUnit(inner, i))
			i += 6
		default:
			out = append(out, uint16(unescapeJSON(inner[i+1])))
			i += 2
		}
	}
	return out
}

// jsonUnit reads the four digits of \uXXXX at s[i].
func jsonUnit(s string, i int) (unit uint16) {
	for _, c := range []byte(s[i+2 : i+6]) {
		digit, _ := hexDigit(c) // checked before
		unit = unit<<4 | digit
	}
	return unit
}

func unescapeJSON(c byte) byte {
	switch c {
	case 'b':
		return '\b'
	case 'f':
		return '\f'
	case 'n':
		return '\n'
	case 'r':
		return '\r'
	case 't':
		return '\t'
	default:
		return c
	}
}
