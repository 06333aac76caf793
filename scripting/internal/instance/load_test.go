package instance

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"
)

func TestBrokenAtLoad(t *testing.T) {
	for name, test := range map[string]struct {
		source, want string
		line, column int
		text         string
	}{
		"syntax":     {"let a = 1;\nlet b = = 2;", `SyntaxError: Unexpected "="`, 2, 9, "let b = = 2;"},
		"throw":      {"\n  throw new TypeError('no')", "TypeError: no", 2, 9, "  throw new TypeError('no')"},
		"string":     {"throw 'no'", "Uncaught 'no'", 1, 1, "throw 'no'"},
		"columns":    {"const é = '€😀'; null.x", "TypeError: Cannot read property 'x' of undefined or null", 1, 23, "const é = '€😀'; null.x"},
		"duplicate":  {"let a;\nlet a;", `SyntaxError: The symbol "a" has already been declared`, 2, 5, "let a;"},
		"rejection":  {"async function main() {\n  throw new Error('no')\n}\nmain()", "Error: no (in a promise that nobody handles)", 2, 9, "  throw new Error('no')"},
		"late throw": {"document.addEventListener('deviceready', () => missing(), false)", "ReferenceError: missing is not defined", 1, 55, "document.addEventListener('deviceready', () => missing(), false)"},
	} {
		t.Run(name, func(t *testing.T) {
			b := newBench(t)
			got := b.broken(test.source)
			if got.Message != test.want || got.File != "plugins/x.js" || got.Line != test.line || got.Column != test.column ||
				got.Source != test.text || got.Plugin != "x" || len(got.Version) != 8 {
				t.Errorf("got %+v", got)
			}
			if want := fmt.Sprintf("plugins/x.js:%d:%d: %s", test.line, test.column, test.want); got.Error() != want {
				t.Errorf("Error() = %q, want %q", got.Error(), want)
			}
		})
	}
}

func TestDetailPointsAtTheColumn(t *testing.T) {
	b := newBench(t)
	got := b.broken("function inner() {\n\tnull.x\n}\nfunction outer() { inner() }\nouter()").Detail()
	want := "plugins/x.js:2:7: TypeError: Cannot read property 'x' of undefined or null\n" +
		"    \tnull.x\n" +
		"    \t     ^\n" +
		"  at inner (plugins/x.js:2:7)\n" +
		"  at outer (plugins/x.js:4:25)\n" +
		"  at <anonymous> (plugins/x.js:5:6)"
	if got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

func TestLinesOfTheTopLevelCarryTheFinalVersion(t *testing.T) {
	b := newBench(t)
	b.write("lib.js", `console.log('lib')`)
	_, g, err := b.start(`console.log('first'); require('./lib'); console.log('last')`)
	if err != nil {
		t.Fatal(err)
	}
	for _, line := range b.log.lines() {
		if line.Version != g.Version() {
			t.Errorf("line %q has version %s, want %s", line.Message, line.Version, g.Version())
		}
	}
	b.printed("info", "first", "lib", "last")
}

func TestStartIsCancelled(t *testing.T) {
	b := newBench(t)
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond)
	defer cancel()
	_, g, err := Start(ctx, b.plugin("x", b.write("x.js", "for (;;) {}")))
	if !errors.Is(err, context.DeadlineExceeded) || g == nil {
		t.Errorf("got %v", err)
	}
}
