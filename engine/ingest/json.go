package ingest

import (
	"strconv"
	"strings"
	"unicode/utf16"
	"unicode/utf8"

	"trackhook/engine"
)

// scanner reads JSON of the one shape that the door takes: objects of strings and numbers, nested once. It is stricter
// than encoding/json, which takes duplicate keys, lone surrogates and broken UTF-8, and it allocates nothing but what
// has escapes: every string is a part of the text. encoding/json takes more than five times as long, see BenchmarkLine; the
// faster jsontext is not in Go 1.26 without an experiment, and libraries that build trees make them only to be copied.
type scanner struct {
	text string
	at   int
}

// syntaxError tells where text stops being what it should be.
type syntaxError struct {
	column int // in bytes, from 1
	want   string
}

func (e *syntaxError) Error() string {
	return "column " + strconv.Itoa(e.column) + ": expected " + e.want
}

// wrong says that the text is not what it should be at this place.
func (s *scanner) wrong(want string) error { return &syntaxError{column: s.at + 1, want: want} }

// next skips white space and returns the byte that follows, 0 at the end.
func (s *scanner) next() byte {
	for s.at < len(s.text) {
		switch c := s.text[s.at]; c {
		case ' ', '\t', '\r', '\n':
			s.at++
		default:
			return c
		}
	}
	return 0
}

// object reads an object and calls member at each value.
func (s *scanner) object(member func(name string) error) error {
	if s.next() != '{' {
		return s.wrong("an object")
	}
	s.at++
	if s.next() == '}' {
		s.at++
		return nil
	}
	for {
		if s.next() != '"' {
			return s.wrong("a key in double quotes")
		}
		name, err := s.str()
		if err != nil {
			return err
		}
		if s.next() != ':' {
			return s.wrong("a colon")
		}
		s.at++
		s.next()
		if err := member(name); err != nil {
			return err
		}
		switch s.next() {
		case ',':
			s.at++
		case '}':
			s.at++
			return nil
		default:
			return s.wrong("a comma or the end of the object")
		}
	}
}

// end checks that nothing follows.
func (s *scanner) end() error {
	if s.next(); s.at < len(s.text) {
		return s.wrong("nothing after the object")
	}
	return nil
}

// str reads a string. All of the text must be valid UTF-8.
func (s *scanner) str() (string, error) {
	if s.at >= len(s.text) || s.text[s.at] != '"' {
		return "", s.wrong("a string")
	}
	start := s.at + 1
	for i := start; i < len(s.text); i++ {
		switch c := s.text[i]; {
		case c == '"':
			s.at = i + 1
			return s.text[start:i], nil
		case c == '\\':
			s.at = i
			return s.escaped(start)
		case c < ' ':
			s.at = i
			return "", s.wrong("control characters to be escaped")
		}
	}
	s.at = len(s.text)
	return "", s.wrong("the end of a string")
}

// escaped reads the rest of a string that began at start and has its first backslash here.
func (s *scanner) escaped(start int) (string, error) {
	var out strings.Builder
	out.WriteString(s.text[start:s.at])
	for s.at < len(s.text) {
		switch c := s.text[s.at]; {
		case c == '"':
			s.at++
			return out.String(), nil
		case c < ' ':
			return "", s.wrong("control characters to be escaped")
		case c != '\\':
			out.WriteByte(c)
			s.at++
		default:
			if err := s.escape(&out); err != nil {
				return "", err
			}
		}
	}
	return "", s.wrong("the end of a string")
}

// escape reads one escape sequence.
func (s *scanner) escape(out *strings.Builder) error {
	if s.at+1 >= len(s.text) {
		return s.wrong("an escape sequence")
	}
	switch c := s.text[s.at+1]; c {
	case '"', '\\', '/':
		out.WriteByte(c)
	case 'b':
		out.WriteByte('\b')
	case 'f':
		out.WriteByte('\f')
	case 'n':
		out.WriteByte('\n')
	case 'r':
		out.WriteByte('\r')
	case 't':
		out.WriteByte('\t')
	case 'u':
		size := 6
		r, ok := s.unicode(s.at)
		if ok && utf16.IsSurrogate(r) {
			low, isPair := s.unicode(s.at + 6)
			r = utf16.DecodeRune(r, low)
			ok = isPair && r != utf8.RuneError
			size = 12
		}
		if !ok {
			return s.wrong("a whole unicode escape sequence")
		}
		s.at += size
		out.WriteRune(r)
		return nil
	default:
		return s.wrong("an escape sequence of JSON")
	}
	s.at += 2
	return nil
}

// unicode reads a backslash, u and four hexadecimal digits.
func (s *scanner) unicode(at int) (rune, bool) {
	if at+6 > len(s.text) || s.text[at] != '\\' || s.text[at+1] != 'u' {
		return 0, false
	}
	var r rune
	for _, c := range []byte(s.text[at+2 : at+6]) {
		switch {
		case c >= '0' && c <= '9':
			c -= '0'
		case c >= 'a' && c <= 'f':
			c -= 'a' - 10
		case c >= 'A' && c <= 'F':
			c -= 'A' - 10
		default:
			return 0, false
		}
		r = r<<4 | rune(c)
	}
	return r, true
}

// number reads a number and returns its text.
func (s *scanner) number() (string, error) {
	start := s.at
	if s.at < len(s.text) && s.text[s.at] == '-' {
		s.at++
	}
	integer := s.at
	if digits := s.digits(); digits == 0 || digits > 1 && s.text[integer] == '0' {
		s.at = start
		return "", s.wrong("a number")
	}
	if s.at < len(s.text) && s.text[s.at] == '.' {
		s.at++
		if s.digits() == 0 {
			return "", s.wrong("digits")
		}
	}
	if s.at < len(s.text) && (s.text[s.at] == 'e' || s.text[s.at] == 'E') {
		s.at++
		if s.at < len(s.text) && (s.text[s.at] == '+' || s.text[s.at] == '-') {
			s.at++
		}
		if s.digits() == 0 {
			return "", s.wrong("digits")
		}
	}
	return s.text[start:s.at], nil
}

// digits skips digits, and returns how many there were.
func (s *scanner) digits() int {
	start := s.at
	for s.at < len(s.text) && s.text[s.at] >= '0' && s.text[s.at] <= '9' {
		s.at++
	}
	return s.at - start
}

// pairError is a member of a flat object that is not allowed.
type pairError struct{ name, problem string }

func (e *pairError) Error() string { return "key " + engine.Quote(e.name) + " " + e.problem }

// flat reads an object of strings; with numbers, these are taken as their text.
func (s *scanner) flat(numbers bool) (map[string]string, error) {
	if s.next() != '{' {
		return nil, s.wrong("an object of strings")
	}
	pairs := make(map[string]string)
	err := s.object(func(name string) error {
		var value string
		var err error
		switch c := s.next(); {
		case c == '"':
			value, err = s.str()
		case numbers && (c == '-' || c >= '0' && c <= '9'):
			value, err = s.number()
		case numbers:
			return &pairError{name, "must have a string or a number as its value"}
		default:
			return &pairError{name, "must have a string as its value"}
		}
		if err != nil {
			return err
		}
		// One look into the map instead of two: a key that was there already does not make it longer.
		before := len(pairs)
		pairs[name] = value
		if len(pairs) == before {
			return &pairError{name, "is given twice"}
		}
		if before == maxParams {
			return &pairError{name, "is one too many; at most " + strconv.Itoa(maxParams) + " are taken"}
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return pairs, nil
}

// flatText reads a text that is a flat object of strings and nothing else.
func flatText(text string) (map[string]string, error) {
	s := scanner{text: text}
	pairs, err := s.flat(false)
	if err != nil {
		return nil, err
	}
	return pairs, s.end()
}
