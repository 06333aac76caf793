package regex_test

import (
	"testing"
	"unicode/utf16"

	"trackhook/scripting/internal/regex"
)

// Halves of surrogate pairs in brackets are not left to goja, which never finds them.
func TestHalvesInBracketsAreNotSimple(t *testing.T) {
	engine := regex.NewEngine()
	for pattern, want := range map[string]bool{
		`[\uD800-\uDBFF][\uDC00-\uDFFF]`: false, `[^\uD800-\uDFFF]`: false, `[\x01-\t\xA0-\uFFFF]`: true, `[a-z]`: true,
	} {
		re, err := engine.Compile(utf16.Encode([]rune(pattern)), "g")
		if err != nil || re.Simple != want {
			t.Errorf("%s: %v, simple %v, want %v", pattern, err, re.Simple, want)
		}
	}
}
