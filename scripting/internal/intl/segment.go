package intl

import (
	"unicode"
	"unicode/utf16"

	"github.com/clipperhouse/uax29/v2/graphemes"
	"github.com/clipperhouse/uax29/v2/sentences"
	"github.com/clipperhouse/uax29/v2/words"
	"github.com/dop251/goja"
)

// cutter takes a text apart.
type cutter interface {
	Next() bool
	Value() string
}

// segments returns where the segments of a text end, in units of UTF-16, and whether they are like words, in turns:
// segments(text, granularity).
func (s *script) segments(call goja.FunctionCall) goja.Value {
	// A half of a pair that stands alone becomes one character that counts as much.
	text := call.Argument(0).String()
	var cut cutter
	switch call.Argument(1).String() {
	case "word":
		cut = words.FromString(text)
	case "sentence":
		cut = sentences.FromString(text)
	default:
		cut = graphemes.FromString(text)
	}
	var out []any
	for at := 0; cut.Next(); {
		isWord, joiners := false, 0
		for _, c := range cut.Value() {
			at += utf16.RuneLen(c)
			if unicode.Is(unicode.Pc, c) {
				joiners++ // one alone is none
			}
			isWord = isWord || joiners > 1 || unicode.In(c, unicode.L, unicode.Nd, unicode.Nl)
		}
		out = append(out, at, isWord)
	}
	return s.VM.NewArray(out...)
}
