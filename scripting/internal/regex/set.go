package regex

import (
	"slices"
	"unicode"
)

// span is a run of code points, both ends included.
type span struct{ lo, hi rune }

// set is a set of code points: spans in order, which do not touch.
type set []span

const maxRune = unicode.MaxRune

// tidy brings spans that were added in any order into the order of a set.
func (s set) tidy() set {
	slices.SortFunc(s, func(a, b span) int { return int(a.lo - b.lo) })
	out := s[:0]
	for _, one := range s {
		if last := len(out) - 1; last >= 0 && one.lo <= out[last].hi+1 {
			out[last].hi = max(out[last].hi, one.hi)
			continue
		}
		out = append(out, one)
	}
	return out
}

// has tells whether a code point is in the set.
func (s set) has(c rune) bool {
	lo, hi := 0, len(s)
	for lo < hi {
		middle := (lo + hi) / 2
		switch {
		case c < s[middle].lo:
			hi = middle
		case c > s[middle].hi:
			lo = middle + 1
		default:
			return true
		}
	}
	return false
}

// inverted is every other code point.
func (s set) inverted() set {
	var out set
	next := rune(0)
	for _, one := range s {
		if one.lo > next {
			out = append(out, span{next, one.lo - 1})
		}
		next = one.hi + 1
	}
	if next <= maxRune {
		out = append(out, span{next, maxRune})
	}
	return out
}

// with is what is in either set.
func (s set) with(other set) set { return append(slices.Clone(s), other...).tidy() }

// without is what is not in the other set.
func (s set) without(other set) set { return s.within(other.inverted()) }

// within is what is in both sets.
func (s set) within(other set) set {
	var out set
	for i, j := 0, 0; i < len(s) && j < len(other); {
		if lo, hi := max(s[i].lo, other[j].lo), min(s[i].hi, other[j].hi); lo <= hi {
			out = append(out, span{lo, hi})
		}
		if s[i].hi < other[j].hi {
			i++
		} else {
			j++
		}
	}
	return out
}

// chars is a set that is asked often.
type chars struct {
	ascii [2]uint64
	rest  set
}

func newChars(s set) *chars {
	c := &chars{rest: s}
	for r := range rune(128) {
		if s.has(r) {
			c.ascii[r>>6] |= 1 << (r & 63)
		}
	}
	return c
}

func (c *chars) has(r rune) bool {
	if r < 128 {
		return c.ascii[r>>6]&(1<<(r&63)) != 0
	}
	return c.rest.has(r)
}

// The sets of escapes (ECMAScript, CharacterClassEscape).
func digits() set { return set{{'0', '9'}} }
func words() set  { return set{{'0', '9'}, {'A', 'Z'}, {'_', '_'}, {'a', 'z'}} }
func blanks() set {
	return set{
		{0x09, 0x0d},
		{' ', ' '},
		{0xa0, 0xa0},
		{0x1680, 0x1680},
		{0x2000, 0x200a},
		{0x2028, 0x2029},
		{0x202f, 0x202f},
		{0x205f, 0x205f},
		{0x3000, 0x3000},
		{0xfeff, 0xfeff},
	}
}
func lineEnds() set { return set{{'\n', '\n'}, {'\r', '\r'}, {0x2028, 0x2029}} }
