package regex

import (
	"strings"
	"unicode"
)

// namedReference is a \k whose group may come later.
type namedReference struct {
	name string
	node *backreference
}

// countGroups looks ahead for how many groups there are, and whether any has a name.
func (p *parser) countGroups() {
	depth := 0 // of brackets
	for i := 0; i < len(p.text); i++ {
		switch c := p.text[i]; {
		case c == '\\':
			i++
		case c == '[' && (depth == 0 || p.sets):
			depth++
		case c == ']' && depth > 0:
			depth--
		case c == '(' && depth == 0:
			next := func(n int) rune {
				if i+n < len(p.text) {
					return p.text[i+n]
				}
				return -1
			}
			if next(1) != '?' {
				p.groupCount++
			} else if next(2) == '<' && next(3) != '=' && next(3) != '!' {
				p.groupCount++
				p.named = true
			}
		}
	}
}

// parenthesis reads a group or a lookaround.
func (p *parser) parenthesis() (n node, quantifiable bool) {
	p.enter()
	defer p.leave()
	first := p.index + 1
	around := func(behind, not bool) node {
		body := p.alternatives()
		p.close()
		return look{behind: behind, not: not, body: body, first: first, last: p.index + 1}
	}
	switch {
	case p.takeText("?:"):
		n = p.alternatives()
		p.close()
		return n, true
	case p.takeText("?="):
		return around(false, false), !p.full
	case p.takeText("?!"):
		return around(false, true), !p.full
	case p.takeText("?<="):
		return around(true, false), false
	case p.takeText("?<!"):
		return around(true, true), false
	}
	p.index++
	index, name := p.index, ""
	if p.take('?') {
		if !p.take('<') {
			p.fail("Invalid group")
		}
		name = p.groupName()
	}
	body := p.alternatives()
	p.close()
	if name != "" {
		if _, twice := p.byName[name]; twice {
			p.fail("Duplicate capture group name")
		}
		p.groupNames[index], p.byName[name] = name, index
	}
	return group{index, body}, true
}

func (p *parser) close() {
	if !p.take(')') {
		p.fail("Unterminated group")
	}
}

// groupName reads a name and the > behind it.
func (p *parser) groupName() string {
	var name strings.Builder
	for {
		if p.done() {
			p.fail("Invalid capture group name")
		}
		c := p.text[p.at]
		p.at++
		if c == '>' {
			break
		}
		if c == '\\' {
			var ok bool
			if !p.take('u') {
				p.fail("Invalid Unicode escape")
			}
			if c, ok = p.unicodeEscape(true); !ok {
				p.fail("Invalid Unicode escape")
			}
		} else if isLead(c) && isTrail(p.peek(0)) {
			c = joined(c, p.text[p.at])
			p.at++
		}
		start := c == '$' || c == '_' || unicode.IsLetter(c) || unicode.Is(unicode.Nl, c) || unicode.Is(unicode.Other_ID_Start, c)
		more := unicode.In(c, unicode.Mn, unicode.Mc, unicode.Nd, unicode.Pc, unicode.Other_ID_Continue) || c == 0x200c || c == 0x200d
		if !start && (!more || name.Len() == 0) {
			p.fail("Invalid capture group name")
		}
		if c >= 128 {
			p.odd = true
		}
		name.WriteRune(c)
	}
	if name.Len() == 0 {
		p.fail("Invalid capture group name")
	}
	return name.String()
}
