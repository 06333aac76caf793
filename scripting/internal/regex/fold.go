package regex

import (
	"encoding/binary"
	"slices"
	"unicode"
)

// fold is what stands for all letters that count as one where case is ignored (ECMAScript, Canonicalize).
func fold(c rune, full bool) rune {
	if c < 128 {
		if 'a' <= c && c <= 'z' {
			return c - 'a' + 'A'
		}
		return c
	}
	if full {
		least := c
		for other := unicode.SimpleFold(c); other != c; other = unicode.SimpleFold(other) {
			least = min(least, other)
		}
		return least
	}
	if manyUpper(c) {
		return c
	}
	// What has a capital in ASCII stands for itself.
	if upper := unicode.ToUpper(c); upper >= 128 {
		return upper
	}
	return c
}

// manyUpper tells Greek letters whose capital is more than one character although they have a single one for titles.
func manyUpper(c rune) bool {
	switch c {
	case 0x1fb3, 0x1fbc, 0x1fc3, 0x1fcc, 0x1ff3, 0x1ffc:
		return true
	}
	return 0x1f80 <= c && c <= 0x1faf
}

// maxFoldSpans bounds the spans that are remembered of sets with both cases.
const maxFoldSpans = 100_000

// folded adds to a set what its members stand for where case is ignored. The result is not to be written.
func (e *Engine) folded(s set, full bool) set {
	if size(s)+len(s) < fewChars {
		return e.foldedAnew(s, full)
	}
	name := s.key(full)
	e.mu.Lock()
	known, ok := e.folds[name]
	e.mu.Unlock()
	if ok {
		return known
	}
	out := slices.Clip(e.foldedAnew(s, full))
	e.mu.Lock()
	defer e.mu.Unlock()
	e.foldsMade++
	if e.foldSpans += len(s) + len(out); e.foldSpans > maxFoldSpans {
		clear(e.folds)
		e.foldSpans = len(s) + len(out)
	}
	if e.foldSpans <= maxFoldSpans {
		e.folds[name] = out
	}
	return out
}

// key names a set.
func (s set) key(full bool) string {
	out := make([]byte, 0, 8*len(s)+1)
	for _, one := range s {
		out = binary.LittleEndian.AppendUint32(out, uint32(one.lo)) //nolint:gosec // code points
		out = binary.LittleEndian.AppendUint32(out, uint32(one.hi)) //nolint:gosec // as above
	}
	if full {
		out = append(out, 1)
	}
	return string(out)
}

// fewChars is up to how many characters a set is sooner folded than looked up.
const fewChars = 8

func (e *Engine) foldedAnew(s set, full bool) set {
	more := set{}
	if size(s) < manyChars {
		for _, one := range s {
			for c := one.lo; c <= one.hi; c++ {
				more = bothCases(more, c, full)
			}
		}
	} else {
		for _, c := range e.cased() {
			if s.has(c) {
				more = bothCases(more, c, full)
			}
		}
	}
	if len(more) == 0 {
		return s
	}
	return s.with(more)
}

// bothCases appends what else counts as a character where case is ignored.
func bothCases(more set, c rune, full bool) set {
	key := fold(c, full)
	for other := unicode.SimpleFold(c); other != c; other = unicode.SimpleFold(other) {
		if fold(other, full) == key {
			more = append(more, span{other, other})
		}
	}
	return more
}

// manyChars is from how many members on those are tried that have a second case at all, which are about as many.
const manyChars = 2500

// size counts the members of a set, up to manyChars.
func size(s set) int {
	n := 0
	for _, one := range s {
		if n += int(one.hi-one.lo) + 1; n >= manyChars {
			return manyChars
		}
	}
	return n
}

// foldCost is about how many characters folded tries.
func foldCost(s set) int { return size(s) + len(s) }

// casedChars lists the characters of which there is a second one in another case.
func casedChars() []rune {
	var all []rune
	for _, table := range []*unicode.RangeTable{unicode.L, unicode.M, unicode.Nl, unicode.So} {
		for _, r := range table.R16 {
			for c := rune(r.Lo); c <= rune(r.Hi); c += rune(r.Stride) {
				if unicode.SimpleFold(c) != c {
					all = append(all, c)
				}
			}
		}
		for _, r := range table.R32 {
			if r.Lo > 0x1ffff {
				break
			}
			for c := rune(r.Lo); c <= rune(r.Hi); c += rune(r.Stride) {
				if unicode.SimpleFold(c) != c {
					all = append(all, c)
				}
			}
		}
	}
	return all
}
