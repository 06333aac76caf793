package adjust

// Answers nest a few levels. A body that nests deeper is no answer of the server, and must not exhaust the stack.
const maxDepth = 500

// scan tells whether body is one valid JSON object, by the grammar of RFC 8259, and returns fields of its top level. The
// last of several equal names wins. It reads each byte once and allocates nothing. Of broken UTF-8 inside
// strings it makes nothing, as encoding/json.
func scan(body []byte) (fields, bool) {
	s := scanner{body: body}
	s.space()
	if s.peek() != '{' || !s.object(0) {
		return fields{}, false
	}
	s.space()
	return s.fields, s.at == len(body)
}

type scanner struct {
	body   []byte
	at     int
	fields fields
}

// peek returns the next byte, 0 at the end. A zero byte is valid nowhere outside of strings, so they cannot be confused.
func (s *scanner) peek() byte {
	if s.at < len(s.body) {
		return s.body[s.at]
	}
	return 0
}

func (s *scanner) space() {
	for s.at < len(s.body) {
		switch s.body[s.at] {
		case ' ', '\t', '\n', '\r':
			s.at++
		default:
			return
		}
	}
}

func (s *scanner) value(depth int) bool {
	if depth > maxDepth {
		return false
	}
	switch c := s.peek(); {
	case c == '"':
		return s.text()
	case c == '{':
		return s.object(depth)
	case c == '[':
		return s.array(depth)
	case c == '-', c >= '0' && c <= '9':
		return s.number()
	case c == 't':
		return s.word("true")
	case c == 'f':
		return s.word("false")
	case c == 'n':
		return s.word("null")
	default:
		return false
	}
}

func (s *scanner) object(depth int) bool {
	s.at++ // {
	s.space()
	if s.peek() == '}' {
		s.at++
		return true
	}
	for {
		s.space()
		name := s.at
		if s.peek() != '"' || !s.text() {
			return false
		}
		field := -1
		if depth == 0 {
			field = fieldOf(s.body[name+1 : s.at-1])
		}
		s.space()
		if s.peek() != ':' {
			return false
		}
		s.at++
		s.space()
		from := s.at
		if !s.value(depth + 1) {
			return false
		}
		if field >= 0 {
			s.fields[field] = s.body[from:s.at]
		}
		s.space()
		switch s.peek() {
		case ',':
			s.at++
		case '}':
			s.at++
			return true
		default:
			return false
		}
	}
}

func (s *scanner) array(depth int) bool {
	s.at++ // [
	s.space()
	if s.peek() == ']' {
		s.at++
		return true
	}
	for {
		s.space()
		if !s.value(depth + 1) {
			return false
		}
		s.space()
		switch s.peek() {
		case ',':
			s.at++
		case ']':
			s.at++
			return true
		default:
			return false
		}
	}
}

func (s *scanner) text() bool {
	s.at++ // "
	for s.at < len(s.body) {
		// Nearly all bytes are plain; local variables keep the loop over them in registers.
		body, at := s.body, s.at
		for at < len(body) && body[at] >= ' ' && body[at] != '"' && body[at] != '\\' {
			at++
		}
		s.at = at
		switch s.peek() {
		case '"':
			s.at++
			return true
		case '\\':
			if !s.escape() {
				return false
			}
		default: // a control character, or the end
			return false
		}
	}
	return false
}

func (s *scanner) escape() bool {
	s.at++ // backslash
	switch s.peek() {
	case '"', '\\', '/', 'b', 'f', 'n', 'r', 't':
		s.at++
		return true
	case 'u':
		s.at++
		for range 4 {
			c := s.peek()
			if (c < '0' || c > '9') && (c < 'a' || c > 'f') && (c < 'A' || c > 'F') {
				return false
			}
			s.at++
		}
		return true
	default:
		return false
	}
}

func (s *scanner) number() bool {
	if s.peek() == '-' {
		s.at++
	}
	if s.peek() == '0' {
		s.at++
	} else if !s.digits() {
		return false
	}
	if s.peek() == '.' {
		s.at++
		if !s.digits() {
			return false
		}
	}
	if c := s.peek(); c == 'e' || c == 'E' {
		s.at++
		if c := s.peek(); c == '+' || c == '-' {
			s.at++
		}
		return s.digits()
	}
	return true
}

// digits reads one digit or more.
func (s *scanner) digits() bool {
	from := s.at
	for s.peek() >= '0' && s.peek() <= '9' {
		s.at++
	}
	return s.at > from
}

func (s *scanner) word(word string) bool {
	if len(s.body)-s.at < len(word) || string(s.body[s.at:s.at+len(word)]) != word {
		return false
	}
	s.at += len(word)
	return true
}
