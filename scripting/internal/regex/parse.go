package regex

import (
	"errors"
)

// parser reads a pattern (ECMAScript, Patterns, with the leniency of its annex B where there is neither flag u nor v). The
// words of its errors are those of V8.
type parser struct {
	engine *Engine
	text   []rune
	at     int
	// full is the flag u or v, sets the flag v.
	full, sets, ignoreCase, dotAll, multiline bool

	groupCount int // all, known beforehand
	named      bool
	index      int      // of the last group that was read
	groupNames []string // by index, from 1; "" for those without
	references []*namedReference
	byName     map[string]int
	// odd tells that the pattern has something that goja reads otherwise.
	odd bool

	depth int // of groups and classes, as they are read
	spent int // see spend
	// letters are characters in both cases.
	letters map[rune]node
}

// What a pattern may be: longer or deeper ones would cost a host its memory or the stack, which nothing interrupts.
const (
	maxPattern = 1 << 20 // units
	maxDepth   = 5000    // groups in groups, and classes in classes
	maxSpent   = 10_000_000
)

const tooLarge = "Regular expression too large"

// enter and leave stand around what a parser calls itself for.
func (p *parser) enter() {
	if p.depth++; p.depth > maxDepth {
		p.fail(tooLarge)
	}
}

func (p *parser) leave() { p.depth-- }

// spend counts the spans of sets that are gone through or made, because a few letters of a pattern may stand for hundreds.
func (p *parser) spend(spans int) {
	if p.spent += spans; p.spent > maxSpent {
		p.fail(tooLarge)
	}
}

const noMax = -1

// syntax ends the parse; parse returns it.
type syntax struct{ text string }

func (p *parser) fail(text string) { panic(syntax{text}) }

func (p *parser) parse() (tree node, err error) {
	defer func() {
		if failure, ok := recover().(syntax); ok {
			tree, err = nil, errors.New(failure.text)
		} else if r := recover(); r != nil {
			panic(r)
		}
	}()
	p.countGroups()
	p.groupNames, p.byName = make([]string, p.groupCount+1), map[string]int{}
	tree = p.alternatives()
	if !p.done() {
		p.fail("Unmatched ')'")
	}
	for _, reference := range p.references {
		index, ok := p.byName[reference.name]
		if !ok {
			p.fail("Invalid named capture referenced")
		}
		reference.node.groups = []int{index}
	}
	return tree, nil
}

func (p *parser) done() bool { return p.at >= len(p.text) }

// peek is the character ahead; -1 at the end.
func (p *parser) peek(ahead int) rune {
	if p.at+ahead < len(p.text) {
		return p.text[p.at+ahead]
	}
	return -1
}

func (p *parser) take(c rune) bool {
	if p.peek(0) != c {
		return false
	}
	p.at++
	return true
}

func (p *parser) takeText(text string) bool {
	for i, c := range text {
		if p.peek(i) != c {
			return false
		}
	}
	p.at += len(text)
	return true
}

func (p *parser) alternatives() node {
	var all choice
	for {
		all = append(all, p.alternative())
		if !p.take('|') {
			break
		}
	}
	if len(all) == 1 {
		return all[0]
	}
	return all
}

func (p *parser) alternative() node {
	var terms sequence
	for !p.done() && p.peek(0) != '|' && p.peek(0) != ')' {
		terms = append(terms, p.term())
	}
	if len(terms) == 1 {
		return terms[0]
	}
	return terms
}

// term is an assertion, or an atom with its quantifier.
func (p *parser) term() node {
	first := p.index + 1
	var atom node
	c := p.text[p.at]
	p.at++
	switch c {
	case '^', '$':
		return assertion{c}
	case '(':
		var quantifiable bool
		if atom, quantifiable = p.parenthesis(); !quantifiable {
			if _, isRepeat := p.quantified(atom, first).(repeat); isRepeat {
				p.fail("Invalid quantifier")
			}
			return atom
		}
	case '.':
		if p.dotAll {
			atom = setNode{set{{0, maxRune}}}
		} else {
			atom = setNode{lineEnds().inverted()}
		}
	case '[':
		atom = p.class()
	case '\\':
		if p.peek(0) == 'b' || p.peek(0) == 'B' {
			p.at++
			return assertion{p.text[p.at-1]}
		}
		atom = p.escape()
	case '*', '+', '?':
		p.fail("Nothing to repeat")
	case '{':
		p.at--
		if _, _, is := p.braces(); is {
			p.fail("Nothing to repeat")
		}
		p.at++
		atom = p.lone(c)
	case ']', '}':
		atom = p.lone(c)
	default:
		// goja writes these otherwise in source.
		p.odd = p.odd || c == '/' || lineEnd(c)
		atom = p.char(c)
	}
	return p.quantified(atom, first)
}

// lone is a bracket that belongs to nothing.
func (p *parser) lone(c rune) node {
	if p.full {
		p.fail("Lone quantifier brackets")
	}
	p.odd = true
	return p.char(c)
}

// char is one character, in both cases where case is ignored.
func (p *parser) char(c rune) node {
	if !p.ignoreCase {
		return charNode{c}
	}
	if known, ok := p.letters[c]; ok {
		return known
	}
	var letter node = charNode{c}
	if s := (set{{c, c}}).with(bothCases(nil, c, p.full)); len(s) > 1 || s[0].lo != s[0].hi {
		letter = setNode{s}
	}
	if p.letters == nil || len(p.letters) >= maxLetters {
		p.letters = map[rune]node{}
	}
	p.letters[c] = letter
	return letter
}

// maxLetters bounds the letters of which a parser remembers both cases.
const maxLetters = 1000

// anyOf is one character of a set.
func (p *parser) anyOf(s set) node {
	if p.ignoreCase {
		s = p.folded(s)
	}
	return setNode{s}
}

// folded adds to a set what its members stand for where case is ignored.
func (p *parser) folded(s set) set {
	p.spend(foldCost(s))
	out := p.engine.folded(s, p.full)
	p.spend(len(out))
	return out
}

// inverted is every character that is not in a set.
func (p *parser) inverted(s set) set {
	p.spend(len(s))
	return s.inverted()
}

// quantified reads the quantifier of an atom, if there is one.
func (p *parser) quantified(atom node, first int) node {
	least, most := 0, noMax
	switch p.peek(0) {
	case '*':
		p.at++
	case '+':
		p.at++
		least = 1
	case '?':
		p.at++
		most = 1
	case '{':
		var is bool
		if least, most, is = p.braces(); !is {
			if p.full {
				p.fail("Incomplete quantifier")
			}
			return atom
		}
		if most != noMax && most < least {
			p.fail("numbers out of order in {} quantifier")
		}
	default:
		return atom
	}
	greedy := !p.take('?')
	return repeat{body: atom, min: least, max: most, greedy: greedy, first: first, last: p.index + 1}
}

// maxCount is beyond any text.
const maxCount = 1<<31 - 1

// braces reads {1}, {1,} or {1,2}. False: it is something else, and nothing is read.
func (p *parser) braces() (least, most int, is bool) {
	start := p.at
	p.at++
	number := func() (n int, ok bool) {
		for ; '0' <= p.peek(0) && p.peek(0) <= '9'; p.at++ {
			n, ok = min(n*10+int(p.peek(0)-'0'), maxCount), true
		}
		return n, ok
	}
	least, is = number()
	most = least
	if is && p.take(',') {
		if most, is = number(); !is {
			most, is = noMax, true
		}
	}
	if !is || !p.take('}') {
		p.at = start
		return 0, 0, false
	}
	return least, most, true
}
