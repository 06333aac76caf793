package regex_test

import (
	"fmt"
	"strings"
	"testing"
	"unicode/utf16"

	"trackhook/scripting/internal/regex"
)

// Patterns that would cost a host its stack or its memory are refused, and those that are only long are not.
func TestLargePatterns(t *testing.T) {
	t.Parallel()
	var names strings.Builder
	for i := range 30_000 {
		_, _ = fmt.Fprintf(&names, `(?<a%d>a)\k<a%d>`, i, i)
	}
	for name, test := range map[string]struct {
		pattern, flags string
		tooLarge       bool
	}{
		"groups":               {strings.Repeat("(", 900_000), "", true},
		"groups without index": {strings.Repeat("(?:", 300_000), "u", true},
		"lookarounds":          {strings.Repeat("(?<!", 200_000), "", true},
		"classes":              {strings.Repeat("[", 900_000), "v", true},
		"length":               {strings.Repeat("a", 1<<20+1), "", true},
		"sets":                 {strings.Repeat(`\P{L}`, 100_000), "u", true},
		"sets in classes":      {strings.Repeat(`[\p{L}]`, 100_000), "u", true},
		"cases of sets":        {strings.Repeat(`\W`, 300_000), "iu", true},
		"one level less":       {strings.Repeat("(?:", 5000) + "a" + strings.Repeat(")", 5000), "", false},
		"beside each other":    {strings.Repeat("((a)[a])", 50_000), "", false},
		"letters":              {strings.Repeat("aä", 250_000), "iu", false},
		"small classes":        {strings.Repeat("[a-z]", 50_000), "i", false},
		"letters of a class":   {"[" + strings.Repeat("aß", 250_000) + "]", "v", false},
		"texts of a class":     {`[\q{` + strings.Repeat("ab|c|", 50_000) + `}&&\q{` + strings.Repeat("ab|c|", 50_000) + "}]", "v", false},
		"repetitions":          {strings.Repeat("(?:", 5000) + "a" + strings.Repeat(")+", 5000), "", false},
		"names":                {names.String(), "", false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := regex.NewEngine().Compile(utf16.Encode([]rune(test.pattern)), test.flags)
			if tooLarge := err != nil && err.Error() == "Regular expression too large"; tooLarge != test.tooLarge || !tooLarge && err != nil {
				t.Errorf("got %v", err)
			}
		})
	}
}

// What is remembered of patterns is bounded in bytes too.
func TestLargePatternsAreNotRemembered(t *testing.T) {
	t.Parallel()
	engine := regex.NewEngine()
	compile := func(pattern string) *regex.Regexp {
		re, err := engine.Compile(utf16.Encode([]rune(pattern)), "u")
		if err != nil {
			t.Fatal(err)
		}
		return re
	}
	small := strings.Repeat("a", 4096)
	again := func(pattern string) bool {
		before := compile(pattern)
		return compile(pattern) != before
	}
	if again(small) || again(`\p{L}`) {
		t.Error("small patterns are compiled again")
	}
	for _, large := range []string{strings.Repeat("a", 4097), strings.Repeat(`\p{L}`, 500)} {
		if !again(large) {
			t.Error("a large pattern is remembered")
		}
	}
	first := compile("first")
	for i := range 100 {
		compile(strings.Repeat(`\p{L}`, 60) + strings.Repeat("b", i))
	}
	if compile("first") == first {
		t.Error("patterns of more bytes than are remembered are")
	}
}

// The other cases of a set are looked for once, however often it is in a pattern, and in how many patterns.
func TestCasesOfSetsAreRemembered(t *testing.T) {
	t.Parallel()
	engine := regex.NewEngine()
	compile := func(pattern, flags string) {
		if _, err := engine.Compile(utf16.Encode([]rune(pattern)), flags); err != nil {
			t.Fatal(err)
		}
	}
	for n := range 100 {
		compile(strings.Repeat(`\W[\W]`, 5)+strings.Repeat("a", n), "iu")
	}
	if made := engine.FoldsMade(); made > 2 { // words, and all others
		t.Errorf("they were looked for %d times", made)
	}
	before := engine.FoldsMade()
	for n := range 300 {
		compile(fmt.Sprintf(`[\u{%x}-\u{%x}]`, 0x100+n, 0x2500+n), "iu") // another one each: what is remembered is bounded
	}
	if made := engine.FoldsMade(); made != before+300 {
		t.Errorf("of 300 sets %d were looked at", made-before)
	}
	if spans := engine.FoldSpans(); spans > regex.MaxFoldSpans {
		t.Errorf("%d spans are remembered", spans)
	}
}
