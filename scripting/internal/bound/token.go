package bound

import "strings"

// isWord tells bytes of names and numbers. All beyond ASCII counts as one of a name.
func isWord(c byte) bool {
	return 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9' || c == '_' || c == '$' || c == '#' || c == '\\' || c >= 0x80
}

// isHead tells words whose brackets are followed by a statement.
func isHead(word string) bool {
	switch word {
	case "if", "for", "while", "with":
		return true
	default:
		return false
	}
}

// isPrefix tells words that do not end an expression: what follows them belongs to them.
func isPrefix(word string) bool {
	switch word {
	case "if", "for", "while", "with", "do", "else", "switch", "catch", "try", "finally", "case", "default", "return", "throw", "typeof",
		"void", "delete", "new", "await", "yield", "in", "of", "instanceof", "function", "class", "extends", "implements", "async",
		"import", "export", "let", "var", "const", "keyof", "infer", "unique", "readonly", "asserts", "is", "as", "satisfies", "abstract",
		"declare", "namespace", "module", "type", "interface", "enum", "static", "get", "set", "accessor":
		return true
	default:
		return false
	}
}

// goesOn tells words that go on with the statement or the expression before them.
func goesOn(word string) bool {
	switch word {
	case "else", "catch", "finally", "in", "of", "instanceof", "as", "satisfies", "extends", "implements", "is", "from":
		return true
	default:
		return false
	}
}

// afterDotNext notes that a word would be the name of a property now.
func (s *scanner) afterDotNext() { s.afterDot, s.word = true, "." }

// readWord reads a name, a keyword or a number.
func (s *scanner) readWord() {
	for s.at < len(s.text) && isWord(s.text[s.at]) {
		s.at++
	}
	word := s.text[s.start:s.at]
	if s.word == "." { // a property
		s.token(1)
		s.word, s.wordBefore, s.operand, s.afterDot = word, "", true, true
		return
	}
	switch {
	case word == "else":
		s.takeBack()
	case s.operand && !goesOn(word):
		s.end()
	}
	s.token(1)
	s.word, s.wordBefore, s.operand, s.afterDot = word, s.word, !isPrefix(word), false
}

// readString reads a string up to its quote, or to the end of the line.
func (s *scanner) readString(quote byte) {
	for s.at++; s.at < len(s.text); s.at++ {
		switch s.text[s.at] {
		case quote:
			s.at++
			return
		case '\\':
			s.at++
		case '\n':
			return
		}
	}
}

// readTemplate reads the text of a template up to its end, or to the expression in it.
func (s *scanner) readTemplate() {
	for ; s.at < len(s.text); s.at++ {
		switch s.text[s.at] {
		case '`':
			s.at++
			s.word, s.operand, s.afterDot = "", true, false
			return
		case '\\':
			s.at++
		case '$':
			if strings.HasPrefix(s.text[s.at:], "${") {
				s.at += 2
				s.push('$', false)
				return
			}
		}
	}
}

// maxMisses bounds how often the end of a regular expression is looked for in vain: each time takes the rest of a line.
const maxMisses = 1000

// slash reads a comment, a regular expression, or a division.
func (s *scanner) slash() {
	rest := s.text[s.at:]
	switch {
	case strings.HasPrefix(rest, "//"):
		s.skipLine()
	case strings.HasPrefix(rest, "/*"):
		end := strings.Index(rest[2:], "*/")
		if end < 0 {
			s.at = len(s.text)
			return
		}
		s.at += end + 4
	case strings.HasPrefix(rest, "/>") && s.top().tags > 0:
		s.top().tags--
		s.at++
		s.operator('/')
	case s.operand || s.at > 0 && s.text[s.at-1] == '<' || s.misses > maxMisses || !s.readRegexp():
		s.at = s.start + 1
		s.operator('/')
	}
}

func (s *scanner) skipLine() {
	if end := strings.IndexByte(s.text[s.at:], '\n'); end >= 0 {
		s.at += end
		return
	}
	s.at = len(s.text)
}

// readRegexp reads a regular expression, and counts how deep its groups nest. It returns false when there is none.
func (s *scanner) readRegexp() bool {
	class, depth, deepest := false, 0, 0
	for i := s.at + 1; i < len(s.text) && s.text[i] != '\n'; i++ {
		switch c := s.text[i]; {
		case c == '\\':
			i++
		case c == '[':
			class = true
		case c == ']':
			class = false
		case class:
		case c == '(':
			depth++
			deepest = max(deepest, depth)
		case c == ')':
			depth--
		case c == '/':
			s.at = i + 1
			s.token(1 + deepest)
			s.word, s.operand, s.afterDot = "", true, false
			return true
		}
	}
	s.misses++
	return false
}
