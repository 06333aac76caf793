package bundle

import (
	"strings"
	"testing"

	"github.com/evanw/esbuild/pkg/api"
)

// A made name is hidden where it stands, whatever ends the lines above it.
func TestMadeNamesBehindAnyLineEnd(t *testing.T) {
	for name, end := range map[string]string{
		"newline": "\n", "both": "\r\n", "return": "\r", "line separator": "\u2028", "paragraph separator": "\u2029",
	} {
		text := strings.Join([]string{
			`const a = "ä", b = 1;`, `/* one`, `two */ try { require("./lib/" + a + ".js"); require("./lib/" + b) } catch { console.log("none", a) }`,
			``, `try { require("./other/" + a + ".js") } catch { console.log("none", b) }`, `import "./side.js";`,
		}, end)
		disk := newTestTree(t, map[string]string{"x.js": text, "side.js": `console.log("side")`})
		b, err := Build(disk.options("x.js"))
		if err != nil {
			t.Errorf("%s: %v", name, problemText(t, err))
			continue
		}
		if got, want := runBundled(t, b), "side\nnone ä\nnone 1\n"; got != want {
			t.Errorf("%s: it printed %q, want %q", name, got, want)
		}
		if len(b.Warnings) != 3 {
			t.Errorf("%s: %s", name, listProblems(b.Warnings))
		}
	}
}

// Nothing is put into a line that is not the one that esbuild has seen.
func TestPlaceOf(t *testing.T) {
	for _, row := range []struct {
		text, line   string
		number, from int
		want         int // -1: refused
	}{
		{"a\nbc", "bc", 2, 1, 3},
		{"a\r\nbc\r\n", "bc", 2, 1, 4},
		{"a\r\rbc", "bc", 3, 0, 3},
		{"a\u2028bc", "bc", 2, 2, 6},
		{"a\nb" + hidden + "c", "bc", 2, 1, 3},
		{"a\nbc", "bd", 2, 1, -1},
		{"a\nbc", "bc", 1, 1, -1},
		{"a\nbc", "bc", 3, 0, -1},
		{"a\nbc", "bc", 2, 3, -1},
	} {
		at, ok := placeOf(row.text, &api.Location{Line: row.number, Column: row.from, LineText: row.line})
		if !ok {
			at = -1
		}
		if at != row.want {
			t.Errorf("%q, line %d, column %d: %d, want %d", row.text, row.number, row.from, at, row.want)
		}
	}
}
