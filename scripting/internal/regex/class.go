package regex

import (
	"slices"
	"strings"
)

// class reads what is in brackets.
func (p *parser) class() node {
	if p.sets {
		return p.setClass()
	}
	not := p.take('^')
	if p.peek(0) == ']' {
		p.odd = true
	}
	all := set{}
	for !p.take(']') {
		if p.done() {
			p.fail("Unterminated character class")
		}
		from, one := p.classAtom()
		p.spend(len(from))
		if p.peek(0) != '-' || p.peek(1) == ']' || p.peek(1) == -1 {
			all = append(all, from...)
			continue
		}
		p.at++
		to, other := p.classAtom()
		p.spend(len(to))
		switch {
		case one && other:
			if from[0].lo > to[0].lo {
				p.fail("Range out of order in character class")
			}
			all = append(all, span{from[0].lo, to[0].lo})
		case p.full:
			p.fail("Invalid character class")
		default:
			p.odd = true
			all = append(append(append(all, from...), span{'-', '-'}), to...)
		}
	}
	all = all.tidy()
	if p.ignoreCase {
		all = p.folded(all)
	}
	if not {
		all = p.inverted(all)
	}
	return setNode{all}
}

// classAtom reads one character of a class, or an escape for several.
func (p *parser) classAtom() (s set, one bool) {
	if p.done() {
		p.fail("Unterminated character class")
	}
	c := p.text[p.at]
	p.at++
	p.odd = p.odd || c == '/' || lineEnd(c)
	if c == '\\' {
		if s, ok := p.classEscape(true); ok {
			return s, false
		}
		if p.take('b') {
			c = '\b'
		} else {
			c = p.characterEscape(true)
		}
	}
	return set{{c, c}}, true
}

// members are what a class with the flag v stands for: characters, and texts of none or several.
type members struct {
	chars set
	texts []string // of runes
}

// setClass reads a class with the flag v, behind its bracket.
func (p *parser) setClass() node {
	all, not := p.setMembers()
	if p.ignoreCase {
		all.chars = p.folded(all.chars)
	}
	if not {
		if len(all.texts) > 0 {
			p.fail("Negated character class may contain strings")
		}
		return setNode{p.inverted(all.chars)}
	}
	if len(all.texts) == 0 {
		return setNode{all.chars}
	}
	slices.SortStableFunc(all.texts, func(a, b string) int { return len([]rune(b)) - len([]rune(a)) })
	var out choice
	empty := false
	for _, text := range all.texts {
		if text == "" {
			empty = true
			continue
		}
		var one sequence
		for _, c := range text {
			one = append(one, p.char(c))
		}
		out = append(out, one)
	}
	if len(all.chars) > 0 {
		out = append(out, setNode{all.chars})
	}
	if empty {
		out = append(out, sequence{})
	}
	return out
}

// setMembers reads up to the end of a class with the flag v. not: it is to be inverted.
func (p *parser) setMembers() (all members, not bool) {
	not = p.take('^')
	operator, isRange := "", false
	for first := true; !p.take(']'); first = false {
		if p.done() {
			p.fail("Unterminated character class")
		}
		if !first && (operator != "" || p.isOperator()) {
			next := string(p.text[p.at : p.at+min(2, len(p.text)-p.at)])
			if operator == "" {
				operator = next
			}
			if next != operator || isRange {
				p.fail("Invalid set operation in character class")
			}
			p.at += 2
			if p.peek(0) == '&' {
				p.fail("Invalid character in character class")
			}
			operand, _ := p.operand()
			all.chars = all.chars.tidy()
			p.spend(len(all.chars) + len(all.texts) + len(operand.chars) + len(operand.texts))
			all = all.combined(operand, operator)
			continue
		}
		operand, one := p.operand()
		if !one && p.peek(0) == '-' && p.peek(1) != '-' {
			p.fail("Invalid character class")
		}
		if one && p.peek(0) == '-' && p.peek(1) != '-' {
			p.at++
			to, other := p.operand()
			if !other {
				p.fail("Invalid character class")
			}
			if operand.chars[0].lo > to.chars[0].lo {
				p.fail("Range out of order in character class")
			}
			operand.chars = set{{operand.chars[0].lo, to.chars[0].lo}}
			isRange = true
		}
		if !first && p.isOperator() && operator == "" {
			p.fail("Invalid set operation in character class")
		}
		p.spend(len(operand.chars) + len(operand.texts))
		all = members{append(all.chars, operand.chars...), append(all.texts, operand.texts...)}
	}
	all.chars = all.chars.tidy()
	return all, not
}

func (p *parser) isOperator() bool {
	return p.peek(0) == '&' && p.peek(1) == '&' || p.peek(0) == '-' && p.peek(1) == '-'
}

// combined is what two operands of && or -- have.
func (m members) combined(other members, operator string) members {
	others := map[string]bool{}
	for _, text := range other.texts {
		others[text] = true
	}
	keep := func(text string) bool { return others[text] == (operator == "&&") }
	var texts []string
	for _, text := range m.texts {
		if keep(text) {
			texts = append(texts, text)
		}
	}
	if operator == "&&" {
		return members{m.chars.within(other.chars), texts}
	}
	return members{m.chars.without(other.chars), texts}
}

// operand reads one operand of a class with the flag v. one: it is a single character.
func (p *parser) operand() (m members, one bool) {
	if p.done() {
		p.fail("Unterminated character class")
	}
	c := p.text[p.at]
	p.at++
	switch {
	case c == '[':
		p.enter()
		inner, not := p.setMembers()
		p.leave()
		if not {
			if len(inner.texts) > 0 {
				p.fail("Negated character class may contain strings")
			}
			if p.ignoreCase {
				inner.chars = p.folded(inner.chars)
			}
			inner.chars = p.inverted(inner.chars)
		}
		return inner, false
	case c == '\\' && p.peek(0) == 'q' && p.peek(1) == '{':
		p.at += 2
		return p.quoted(), false
	case c == '\\':
		if s, ok := p.classEscape(true); ok {
			return members{chars: s}, false
		}
		return members{chars: set{}.withRune(p.setEscape())}, true
	case strings.ContainsRune("()]{}/|-", c):
		p.fail("Invalid character in character class")
	case c == p.peek(0) && strings.ContainsRune("&!#$%*+,.:;<=>?@^`~", c):
		p.fail("Invalid set operation in character class")
	}
	return members{chars: set{}.withRune(c)}, true
}

func (s set) withRune(c rune) set { return append(s, span{c, c}) }

// setEscape reads an escape for one character in a class with the flag v.
func (p *parser) setEscape() rune {
	if p.take('b') {
		return '\b'
	}
	if c := p.peek(0); c > 0 && strings.ContainsRune("&-!#%,:;<=>@`~", c) {
		p.at++
		return c
	}
	return p.characterEscape(true)
}

// quoted reads the texts of \q{...}.
func (p *parser) quoted() members {
	var m members
	var text []rune
	end := func() {
		if len(text) == 1 {
			m.chars = m.chars.withRune(text[0])
		} else {
			m.texts = append(m.texts, string(text))
		}
		text = nil
	}
	for {
		if p.done() {
			p.fail("Invalid escape")
		}
		c := p.text[p.at]
		p.at++
		switch c {
		case '}':
			end()
			m.chars = m.chars.tidy()
			return m
		case '|':
			end()
		case '\\':
			text = append(text, p.setEscape())
		default:
			text = append(text, c)
		}
	}
}
