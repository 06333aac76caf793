package bound

import "fmt"

// Source says where the tokens of a source stand deeper inside of each other than [MaxDepth], as an *Error; nil: nowhere.
// It takes JavaScript, TypeScript, JSX and JSON, and says nothing about what else is wrong with them.
func Source(text string) error {
	if len(text) <= MaxDepth {
		return nil
	}
	s := scanner{text: text, levels: []level{{}}}
	if len(text) > 1 && text[:2] == "#!" {
		s.skipLine()
	}
	for s.at < len(text) {
		s.step()
		if s.total > MaxDepth {
			return errorAt(text, min(s.start, len(text)), fmt.Sprintf(
				"more than %d brackets, operators or branches stand inside of each other here, and no parser is trusted with that", MaxDepth))
		}
	}
	return nil
}

// scanner goes over a source once.
type scanner struct {
	text      string
	at, start int // the next byte, and where the token in hand begins
	levels    []level
	total     int // the tokens of all levels
	// operand tells that the last token may end an expression: a name, a literal, a closing bracket.
	operand bool
	// word is the last token if it was a word, and wordBefore the one before it.
	word, wordBefore string
	afterDot         bool
	// fresh tells that nothing has come since the end of a statement.
	fresh bool
	// misses count slashes that looked like the beginning of a regular expression and were none.
	misses int
}

// level is what is known between two brackets.
type level struct {
	open byte // the bracket, '$' for that of a template
	// head tells that what stands in the brackets is followed by a statement, as in if (...).
	head bool
	// count are the tokens since the last end of a statement or list item, and ended those before that end. angles are the
	// open < of types, and tags the elements of JSX that are open.
	count, ended, angles, tags int
}

func (s *scanner) top() *level { return &s.levels[len(s.levels)-1] }

// push opens a bracket.
func (s *scanner) push(open byte, head bool) {
	s.token(1)
	s.levels = append(s.levels, level{open: open, head: head})
	s.operand, s.word = false, ""
}

// pop closes a bracket, whichever: what does not match is for the parser to say.
func (s *scanner) pop() level {
	closed := *s.top()
	if len(s.levels) == 1 {
		s.end()
		return closed
	}
	s.total -= closed.count
	s.levels = s.levels[:len(s.levels)-1]
	return closed
}

// token counts tokens of the chain in hand.
func (s *scanner) token(n int) {
	s.top().count += n
	s.total += n
	s.fresh = false
}

// end is the end of a statement or list item. Types and tags that are open go on.
func (s *scanner) end() {
	top := s.top()
	left := min(top.angles+top.tags, top.count)
	top.ended = max(top.count, 1)
	s.total += left - top.count
	top.count = left
	s.fresh = true
}

// takeBack takes an end back that stands right before, because an else goes on with the statement.
func (s *scanner) takeBack() {
	if top := s.top(); s.fresh {
		s.token(max(top.ended-top.count, 0))
	}
}

// step reads a token, or what stands between tokens.
func (s *scanner) step() {
	s.start = s.at
	c := s.text[s.at]
	switch {
	case c == ' ' || c == '\t' || c == '\n' || c == '\r':
		s.at++
	case isWord(c):
		s.readWord()
	case c == '"' || c == '\'':
		s.literal()
		s.readString(c)
	case c == '`':
		s.token(1)
		s.at++
		s.readTemplate()
	case c == '/':
		s.slash()
	default:
		s.at++
		s.punctuation(c)
	}
}

func (s *scanner) punctuation(c byte) {
	switch c {
	case '(':
		s.push(c, !s.afterDot && (isHead(s.word) || s.word == "await" && s.wordBefore == "for"))
	case '[', '{':
		s.push(c, false)
	case ')', ']', '}':
		closed := s.pop()
		s.word, s.operand, s.afterDot = "", !closed.head, false
		if closed.open == '$' && c == '}' {
			s.readTemplate()
		}
		return
	case ';':
		s.end()
		s.word, s.operand = "", false
	case ',':
		s.end()
		s.word, s.operand = "", false
	default:
		s.operator(c)
	}
	s.afterDot = false
}

// operator counts an operator; those of several characters count as one where they are frequent.
func (s *scanner) operator(c byte) {
	s.token(1)
	top := s.top()
	switch {
	case c == '<' && (top.tags > 0 || !s.operand) && s.tag(top):
	case c == '<':
		top.angles++
	case c == '>' && top.angles > 0:
		top.angles--
	case s.at < len(s.text) && s.text[s.at] == c && (c == '&' || c == '|' || c == '=' || c == '?' || c == '*'):
		s.at++
	case (c == '=' || c == '?') && s.at < len(s.text) && (s.text[s.at] == '>' || s.text[s.at] == '.'):
		s.at++
	}
	s.word, s.operand = "", false
	if s.text[s.at-1] == '.' {
		s.afterDotNext()
	}
}

// tag counts an opening or a closing tag of JSX after its <. It returns false where there is none.
func (s *scanner) tag(top *level) bool {
	if s.at == len(s.text) {
		return false
	}
	switch next := s.text[s.at]; {
	case next == '/':
		top.tags = max(top.tags-1, 0)
	case next == '>' || isWord(next):
		top.tags++
		top.angles++ // taken back by its >
	default:
		return false
	}
	return true
}

// literal counts a literal, which after another operand begins a statement.
func (s *scanner) literal() {
	if s.operand {
		s.end()
	}
	s.token(1)
	s.word, s.operand, s.afterDot = "", true, false
}
