package scripting_test

import (
	"strconv"
	"testing"
)

// What a plugin prints comes out in order, also when it prints thousands of lines before its version is known, and while it is.
func TestLinesInOrder(t *testing.T) {
	t.Parallel()
	for _, isolation := range isolations()[:2] {
		t.Run(string(isolation), func(t *testing.T) {
			t.Parallel()
			const lines = 2500
			r := setUp(t)
			r.write("a.js", hearing("let n = 0; for (; n < 2500; n++) console.log(n); queueMicrotask(() => console.log(n++)); setTimeout(() => console.log(n++));",
				"for (let i = 0; i < 2500; i++) console.log(n++)"))
			r.start(in(isolation))
			r.answer("1", "a")
			r.stop()
			printed := r.log.printed(0, "a")
			if len(printed) < 2*lines {
				t.Fatalf("it printed %d lines", len(printed))
			}
			for n, text := range printed {
				if text != strconv.Itoa(n) {
					t.Fatalf("line %d is %s", n, text)
				}
			}
		})
	}
}
