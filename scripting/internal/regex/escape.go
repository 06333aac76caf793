package regex

import "strings"

// escape reads what follows a backslash outside of classes.
func (p *parser) escape() node {
	if p.done() {
		p.fail("\\ at end of pattern")
	}
	c := p.text[p.at]
	switch {
	case '1' <= c && c <= '9':
		return p.numbered()
	case c == 'k':
		p.at++
		if !p.full && !p.named {
			p.odd = true
			return p.char('k')
		}
		if !p.take('<') {
			p.fail("Invalid named reference")
		}
		start := p.at
		name := func() string {
			defer func() {
				if _, ok := recover().(syntax); ok {
					p.at = start
					p.fail("Invalid named reference")
				}
			}()
			return p.groupName()
		}()
		reference := &backreference{}
		p.references = append(p.references, &namedReference{name, reference})
		return reference
	}
	if s, ok := p.classEscape(false); ok {
		return p.anyOf(s)
	}
	return p.char(p.characterEscape(false))
}

// numbered reads a reference to a group by its number, or without such a group what old scripts mean.
func (p *parser) numbered() node {
	start, n := p.at, 0
	for ; '0' <= p.peek(0) && p.peek(0) <= '9'; p.at++ {
		n = min(n*10+int(p.peek(0)-'0'), maxCount)
	}
	if n <= p.groupCount {
		return &backreference{[]int{n}}
	}
	if p.full {
		p.fail("Invalid escape")
	}
	p.at = start
	p.odd = true
	return p.char(p.octal())
}

// octal reads up to three digits that make a unit, or an 8 or 9 as it is.
func (p *parser) octal() rune {
	c := p.text[p.at]
	p.at++
	if c >= '8' {
		return c
	}
	value := c - '0'
	for range 2 {
		if d := p.peek(0); d < '0' || d > '7' || value*8+d-'0' > 0o377 {
			break
		}
		value = value*8 + p.text[p.at] - '0'
		p.at++
	}
	return value
}

// classEscape reads an escape that stands for more than one character.
func (p *parser) classEscape(inClass bool) (set, bool) {
	c := p.peek(0)
	var s set
	switch c {
	case 'd', 'D':
		s = digits()
	case 's', 'S':
		s = blanks()
	case 'w', 'W':
		s = words()
		if p.full && p.ignoreCase {
			s = p.folded(s)
		}
	case 'p', 'P':
		if !p.full {
			p.odd = true
			return nil, false
		}
		p.at++
		return p.propertyEscape(c == 'P', inClass), true
	default:
		return nil, false
	}
	p.at++
	if c < 'a' {
		p.odd = true
		return p.inverted(s), true
	}
	return s, true
}

// propertyEscape reads the braces of \p{...}.
func (p *parser) propertyEscape(not, inClass bool) set {
	invalid := "Invalid property name"
	if inClass {
		invalid += " in character class"
	}
	if !p.take('{') {
		p.fail(invalid)
	}
	var name strings.Builder
	for p.peek(0) != '}' {
		if p.done() {
			p.fail(invalid)
		}
		name.WriteRune(p.text[p.at])
		p.at++
	}
	p.at++
	s, ok := p.engine.property(name.String())
	if !ok {
		if p.sets && isOfStrings(name.String()) {
			p.fail("\\p{" + name.String() + "} stands for sequences of characters, which this host does not know; use a property of single ones, such as \\p{Emoji_Presentation}")
		}
		p.fail(invalid)
	}
	if not {
		if p.sets && p.ignoreCase {
			s = p.folded(s)
		}
		return p.inverted(s)
	}
	return s
}

// isOfStrings tells the properties whose members may have more than one character.
func isOfStrings(name string) bool {
	switch name {
	case "Basic_Emoji", "Emoji_Keycap_Sequence", "RGI_Modifier_Sequence", "RGI_Flag_Sequence", "RGI_Emoji", "RGI_Emoji_Flag_Sequence",
		"RGI_Emoji_Modifier_Sequence", "RGI_Emoji_Tag_Sequence", "RGI_Emoji_ZWJ_Sequence":
		return true
	}
	return false
}

// characterEscape reads an escape that stands for one character.
func (p *parser) characterEscape(inClass bool) rune {
	if p.done() {
		p.fail("\\ at end of pattern")
	}
	c := p.text[p.at]
	p.at++
	switch c {
	case 'f':
		return '\f'
	case 'n':
		return '\n'
	case 'r':
		return '\r'
	case 't':
		return '\t'
	case 'v':
		return '\v'
	case 'c':
		return p.controlEscape(inClass)
	case 'x':
		if value, ok := p.hex(2); ok {
			return value
		}
	case 'u':
		if value, ok := p.unicodeEscape(p.full); ok {
			return value
		}
		if p.full {
			p.fail("Invalid Unicode escape")
		}
	}
	switch {
	case '0' <= c && c <= '9':
		next := p.peek(0)
		if c == '0' && (next < '0' || next > '9') {
			return 0
		}
		if p.full {
			if inClass {
				p.fail("Invalid class escape")
			}
			p.fail("Invalid decimal escape")
		}
		p.odd = true
		p.at--
		return p.octal()
	case p.full && !strings.ContainsRune("^$\\.*+?()[]{}|/", c) && (!inClass || c != '-'):
		p.fail("Invalid escape")
	case 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || c >= 128:
		p.odd = true
	}
	return c
}

// controlEscape reads what follows \c.
func (p *parser) controlEscape(inClass bool) rune {
	next := p.peek(0)
	letter := 'a' <= next && next <= 'z' || 'A' <= next && next <= 'Z'
	if letter || inClass && !p.full && ('0' <= next && next <= '9' || next == '_') {
		p.odd = p.odd || !letter
		p.at++
		return next % 32
	}
	if p.full {
		p.fail("Invalid Unicode escape")
	}
	p.odd = true
	p.at-- // the c stands for itself, and so does the backslash
	return '\\'
}

// hex reads so many digits. False: they are not there, and nothing is read.
func (p *parser) hex(digits int) (value rune, ok bool) {
	for i := range digits {
		d := hexDigit(p.peek(i))
		if d < 0 {
			return 0, false
		}
		value = value*16 + d
	}
	p.at += digits
	return value, true
}

func hexDigit(c rune) rune {
	switch {
	case '0' <= c && c <= '9':
		return c - '0'
	case 'a' <= c && c <= 'f':
		return c - 'a' + 10
	case 'A' <= c && c <= 'F':
		return c - 'A' + 10
	}
	return -1
}

// unicodeEscape reads what follows \u. full: code points in braces, and pairs, are one.
func (p *parser) unicodeEscape(full bool) (value rune, ok bool) {
	start := p.at
	if full && p.take('{') {
		for digits := 0; ; digits++ {
			c := p.peek(0)
			p.at++
			if c == '}' && digits > 0 {
				return value, true
			}
			d := hexDigit(c)
			if value = value*16 + d; d < 0 || value > maxRune {
				p.at = start
				return 0, false
			}
		}
	}
	value, ok = p.hex(4)
	if ok && full && isLead(value) && p.peek(0) == '\\' && p.peek(1) == 'u' {
		before := p.at
		p.at += 2
		if trail, isUnit := p.hex(4); isUnit && isTrail(trail) {
			return joined(value, trail), true
		}
		p.at = before
	}
	return value, ok
}
