package regex_test

import (
	"errors"
	"strings"
	"testing"
	"unicode/utf16"

	"trackhook/scripting/internal/regex"
)

// counted is a text that counts how often it is looked at.
type counted struct {
	length, looks int
}

func (c *counted) Length() int { return c.length }

func (c *counted) CharAt(int) uint16 {
	c.looks++
	return 'a'
}

// Whatever a search does, it asks now and then whether to stop.
func TestSearchesCanBeStopped(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		pattern string
		looks   int
	}{
		"a long repetition":            {`a{1000001,}b`, 3_000_000},
		"a long group again":           {`(a{400000})\1\1`, 3_000_000},
		"a long group again, backward": {`(?<=\1\1(a{400000}))b`, 3_000_000},
		"many groups":                  {`(?:b|c)` + strings.Repeat("()", 100_000), 100_000},
		"many groups in a loop":        {`(?:a` + strings.Repeat("()?", 50_000) + `)*b`, 100_000},
		"many ways":                    {`(a*)*b`, 3_000_000},
	} {
		t.Run(name, func(t *testing.T) {
			re, err := regex.NewEngine().Compile(utf16.Encode([]rune(test.pattern)), "u")
			if err != nil {
				t.Fatal(err)
			}
			text := &counted{length: 1_000_000}
			if _, err := re.Find(text, 0, false, func() bool { return true }); !errors.Is(err, regex.ErrStopped) || text.looks > test.looks {
				t.Errorf("looked %d times: %v", text.looks, err)
			}
		})
	}
}
