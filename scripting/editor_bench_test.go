package scripting_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"trackhook/engine/scripts"
	"trackhook/scripting"
)

// BenchmarkTry measures what a person waits for: a draft on answers, beside the version that runs. The floor is the check of
// the same draft at the same place: a load, without answers, and the start of a process where that is the place.
func BenchmarkTry(b *testing.B) {
	text, err := os.ReadFile(filepath.Join("..", "examples", "scripts", "daily-report.js"))
	if err != nil {
		b.Fatal(err)
	}
	for where, place := range places() {
		r := setUp(b)
		r.write("daily-report.js", string(text))
		r.start(place)
		for n := range 500 {
			r.store.Log(event(fmt.Sprint("p", n)))
		}
		r.must(r.store.WaitCommit(r.ctx, "plugin/daily-report", 500))
		e := r.host.Editor(scripting.EditorConfig{})
		d := draft("daily-report", string(text)+"\nconsole.log('edited');\n")
		b.Run("place="+where+"/floor=check", func(b *testing.B) {
			defer processors(b)()
			for b.Loop() {
				if checked, err := e.Check(r.ctx, d); err != nil || !checked.OK {
					b.Fatal(checked, err)
				}
			}
		})
		for _, answers := range []int{1, 100, 500} {
			b.Run(fmt.Sprintf("place=%s/answers=%d", where, answers), func(b *testing.B) {
				defer processors(b)()
				for b.Loop() {
					tried, err := e.Try(r.ctx, scripts.Trial{Draft: d, Answers: scripts.Answers{Last: answers}})
					if err != nil || tried.Summary.Answers != answers || tried.Draft.Problem != nil {
						b.Fatal(tried.Summary, err)
					}
				}
			})
		}
		r.stop()
	}
}

// processors reports how long this process and those that it has started and seen end ran on processors for each turn, where
// the system tells: that does not depend on what else the machine does.
func processors(b *testing.B) func() {
	b.Helper()
	used := func() (all time.Duration) {
		text, err := os.ReadFile("/proc/self/stat")
		if err != nil {
			return 0
		}
		// The name, in brackets, may hold spaces. Behind it are the times, the 12th to 15th, in hundredths.
		_, rest, _ := strings.Cut(string(text), ") ")
		for _, field := range strings.Fields(rest)[11:15] {
			ticks, _ := strconv.Atoi(field)
			all += time.Duration(ticks) * 10 * time.Millisecond
		}
		return all
	}
	before := used()
	return func() { b.ReportMetric(float64((used()-before).Milliseconds())/float64(b.N), "cpu-ms/op") }
}
