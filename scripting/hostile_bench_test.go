package scripting_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"trackhook/scripting"
)

// BenchmarkBesideHostile measures how long a plugin takes from a response in the log to its committed cursor while
// another one misbehaves, and reports its p99 as a ratio to that of the same plugin alone, in the same run. On a machine
// with two processors, one of which the other plugin holds, the ratio tells how well Go's scheduler shares the second.
func BenchmarkBesideHostile(b *testing.B) {
	var alone time.Duration
	for _, test := range []struct{ name, top, body string }{
		{"nothing", "", ""},
		{"loop", "", "for (;;) {}"},
		{"recursion", "function deep() { return deep() + 1 }", "deep();"},
		{"promises", "const again = () => Promise.resolve().then(again);", "again();"},
		{"timers", "const again = () => { setTimeout(again, 0); setTimeout(again, 0) };", "again();"},
		{"regexp", "", `/^(a+)+(?!c)$/.test("` + strings.Repeat("a", 22) + `b")`},
		{"allocation", "", "const kept = []; for (;;) kept.push(new Array(1000).fill(1));"},
		{"output", "const line = 'x'.repeat(60000);", "for (;;) console.log(line);"},
		{"fetch", "", "for (;;) fetch('http://127.0.0.1:1').catch(() => {});"},
	} {
		b.Run("beside="+test.name, func(b *testing.B) {
			r := setUp(b)
			r.write("good.js", version("good"))
			if test.body != "" {
				r.write("bad.js", hearing(test.top, test.body))
			}
			r.start(func(c scripting.Config) scripting.Config {
				c.Plugins = map[string]scripting.PluginConfig{"bad": {Timeout: 500 * time.Millisecond}}
				return c
			})
			var took []time.Duration
			for b.Loop() {
				sent := time.Now()
				r.answer("r", "good")
				took = append(took, time.Since(sent))
			}
			b.StopTimer()
			report(b, took)
			p99 := took[len(took)*99/100]
			if test.body == "" {
				alone = p99
			}
			if alone > 0 {
				b.ReportMetric(float64(p99)/float64(alone), "p99-ratio")
			}
			r.stop()
			if got := r.log.printed(0, "good"); len(got) != len(took) || slices.ContainsFunc(got, func(text string) bool { return text != "good r" }) {
				b.Errorf("good printed %d lines for %d responses", len(got), len(took))
			}
		})
	}
}
