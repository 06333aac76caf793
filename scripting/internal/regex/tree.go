package regex

import "slices"

// The tree of a pattern.
type (
	node any

	// charNode is one character.
	charNode struct{ c rune }
	// setNode is one character of a set, where case was already taken care of.
	setNode struct{ set set }
	// sequence is one after the other; none is the empty pattern.
	sequence []node
	// choice is one of several.
	choice []node
	// group is a capturing group, counted from 1.
	group struct {
		index int
		body  node
	}
	// repeat is a quantifier; max is -1 for no end. The groups from first to before last begin anew each time.
	repeat struct {
		body        node
		min, max    int
		greedy      bool
		first, last int
	}
	// assertion is ^, $, \b (b) or \B (B).
	assertion struct{ kind rune }
	// look is a lookahead, or a lookbehind.
	look struct {
		behind, not bool
		body        node
		first, last int
	}
	// backreference is to a group by its number, or to whichever of several groups of one name took part.
	backreference struct{ groups []int }
)

// simple tells whether goja's own engines find in a pattern what ECMAScript says. They do not begin groups anew when what is
// around them is repeated, they do not end a repetition of nothing, they know one line end, and ends of words differ. empty tells
// whether a node may match nothing; it errs on the side of yes.
func simple(n node, multiline bool) (is, empty bool) {
	switch n := n.(type) {
	case charNode:
		return n.c < 0x10000 && !isLead(n.c) && !isTrail(n.c), false
	case setNode:
		return len(n.set) > 0 && !slices.ContainsFunc(n.set, halves), false
	case sequence:
		is, empty = true, true
		for _, one := range n {
			oneIs, oneEmpty := simple(one, multiline)
			is, empty = is && oneIs, empty && oneEmpty
		}
		return is, empty
	case choice:
		is = true
		for _, one := range n {
			oneIs, oneEmpty := simple(one, multiline)
			is, empty = is && oneIs, empty || oneEmpty
		}
		return is, empty
	case group:
		return simple(n.body, multiline)
	case repeat:
		is, empty = simple(n.body, multiline)
		return is && n.first == n.last && !empty && n.max <= 1000 && n.min <= 1000, empty || n.min == 0
	case assertion:
		return !multiline && n.kind != 'b' && n.kind != 'B', true
	default:
		return false, true
	}
}

// halves tells a span that begins or ends among the halves of surrogate pairs, or beside them: goja reads texts of characters.
func halves(s span) bool {
	return s.lo > 0xd7ff && s.lo <= 0xe000 || s.hi >= 0xd7ff && s.hi < 0xe000
}
