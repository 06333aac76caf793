package scripting_test

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"testing"

	"trackhook/scripting"
)

// What plugins print is kept with the response that they ran on, wherever they run: also behind an await, and failures. It
// does not change the log.
func TestLines(t *testing.T) {
	t.Parallel()
	for name, where := range map[string]func(scripting.Config) scripting.Config{
		"host": func(c scripting.Config) scripting.Config { return c }, "process": in(scripting.InProcess),
		"shared": in(scripting.InShared),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := setUp(t)
			r.write("a.js", `console.log("top", "level");
const config = new AdjustConfig(appToken, environment);
config.setEventTrackingSucceededCallbackListener(async (event) => {
  console.warn("first", event.callbackId);
  await Promise.resolve();
  console.log("second", event.callbackId, "{\"a\":1}");
  if (event.callbackId === "two") throw new Error("no more");
});
Adjust.create(config);`)
			r.start(where)
			r.answer("one", "a")
			r.answer("two", "a")
			version := r.plugin("a").Running
			lines, next := r.host.Lines(0)
			var got []string
			for _, line := range lines {
				text, _, _ := strings.Cut(line.Text, "\n")
				got = append(got, fmt.Sprint(line.Seq, " ", line.Level, " ", text))
				if line.Plugin != "a" || line.Version != version || line.At.IsZero() {
					t.Errorf("line %+v", line)
				}
			}
			want := []string{"0 info top level", "1 warn first one", `1 info second one {"a":1}`, "2 warn first two", `2 info second two {"a":1}`, "2 error plugins/a.js:7:43: no more"}
			for i := range want {
				if i >= len(got) || got[i] != want[i] && i < 5 || !strings.HasSuffix(got[i], "no more") && i == 5 {
					t.Fatalf("lines\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
				}
			}
			if strings.Contains(r.log.text(), "ran_on") {
				t.Errorf("the log has %s", r.log.text())
			}
			if more, again := r.host.Lines(next); len(more) > 0 || again != next {
				t.Errorf("then %v, %d", more, again)
			}
			r.answer("three", "a")
			if more, _ := r.host.Lines(next); len(more) != 2 {
				t.Errorf("then %v", more)
			}
		})
	}
}

// The lines that are kept are bounded, whatever is printed.
func TestLinesAreBounded(t *testing.T) {
	t.Parallel()
	r := setUp(t)
	r.write("a.js", hearing("", `for (let i = 0; i < 5000; i++) console.log(event.callbackId, i);`))
	r.start()
	r.answer("many", "a")
	lines, next := r.host.Lines(0)
	if len(lines) != 4096 || next != 5000 || lines[4095].Text != "many 4999" {
		t.Errorf("%d lines, next %d", len(lines), next)
	}
	if tail, _ := r.host.Lines(4999); len(tail) != 1 {
		t.Errorf("the last are %v", tail)
	}
	r.quiet("a", func() { r.write("a.js", hearing("", `for (let i = 0; i < 30; i++) console.log("x".repeat(20000));`)) })
	for i := range 45 {
		r.answer(strconv.Itoa(i), "a")
	}
	lines, _ = r.host.Lines(0)
	bytes := 0
	for _, line := range lines {
		bytes += len(line.Text)
	}
	if long := slices.ContainsFunc(lines, func(l scripting.Printed) bool { return len(l.Text) > 4<<10+4 }); bytes > 4<<20 || long {
		t.Errorf("%d lines of %d bytes, long %t", len(lines), bytes, long)
	}
}
