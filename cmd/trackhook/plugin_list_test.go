package main

import (
	"strings"
	"testing"

	"trackhook/cmd/trackhook/internal/terminal"
	"trackhook/engine/admin"
)

func TestPrintPlugins(t *testing.T) {
	plugins := []admin.Plugin{
		{Name: "a", State: admin.Live, Disk: "d1", Running: "d1", Runs: 12, P50: 14_321, P99: 1_234_567, Lag: 3, Lost: 17},
		{Name: "longer", State: admin.BrokenEdit, Lag: 3, CursorUnknown: true, LastError: &admin.PluginError{
			Message: "SyntaxError: oh", File: "plugins/longer.ts", Line: 3, Column: 5, Source: "let x = y;", Notes: []string{"mind the gap"},
		}},
		{Name: "longer", State: admin.Broken, LastError: &admin.PluginError{Message: "another plugin has this name", File: "plugins/longer.js"}},
		{Name: "gone", State: admin.Removed, Lag: 9, LastError: &admin.PluginError{Message: "no file at all"}},
	}
	want := `NAME    STATE        DISK  RUNNING  SINCE  RELOADS  RUNS  ERRORS  P50     P99     LAG  LOST
a       live         d1    d1       -      0        12    0       14.3µs  1.23ms  3    17
longer  broken_edit  -     -        -      0        0     0       -       -       ?    0
longer  broken       -     -        -      0        0     0       -       -       0    0
gone    removed      -     -        -      0        0     0       -       -       9    0

longer: plugins/longer.ts:3:5: SyntaxError: oh
  let x = y;
      ^
  mind the gap

longer: plugins/longer.js: another plugin has this name

gone: no file at all
`
	for _, color := range []bool{false, true} {
		var out strings.Builder
		if err := printPlugins(&out, plugins, color); err != nil {
			t.Fatal(err)
		}
		got := out.String()
		if color {
			if !strings.Contains(got, "\x1b[31mlonger  broken_edit") || strings.Contains(got, "\x1b[31ma  ") {
				t.Errorf("printed %q", got)
			}
			for _, code := range []string{terminal.Bold, terminal.Faint, terminal.Red, "0"} {
				got = strings.ReplaceAll(got, "\x1b["+code+"m", "")
			}
		}
		if got != want {
			t.Errorf("printed\n%s\nwant\n%s", got, want)
		}
	}
}

// The name of a file may hold anything.
func TestPrintPluginsWithOddNames(t *testing.T) {
	var out strings.Builder
	plugins := []admin.Plugin{
		{Name: "a\nb\tc\x1b[2J", State: admin.Live}, {Name: "d", State: admin.Broken, LastError: &admin.PluginError{Message: "oh", File: "e\nf.js"}},
	}
	if err := printPlugins(&out, plugins, true); err != nil {
		t.Fatal(err)
	}
	got := out.String()
	if !strings.Contains(got, `a\nb\tc\x1b[2J  live`) || !strings.Contains(got, `e\nf.js: oh`) || strings.Count(got, "\n") != 5 {
		t.Errorf("printed %q", got)
	}
}
