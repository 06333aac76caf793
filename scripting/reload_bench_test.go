package scripting_test

import (
	"fmt"
	"os"
	"slices"
	"testing"
	"time"

	"trackhook/engine/memory"
	"trackhook/scripting"
)

// BenchmarkReload measures a change of one file until the plugin has taken over.
//
//   - save: from the save to the line that the new version prints for the next response, on an idle host with the
//     default debounce of 20 ms.
//   - swap: compare, load and take over, without the file system's events and the debounce.
//   - unchanged: what an event costs that changes nothing.
func BenchmarkReload(b *testing.B) {
	b.Run("save", func(b *testing.B) {
		r := setUp(b)
		r.write("a.js", version("v0"))
		r.start()
		r.says("a", "plugin loaded")
		var took []time.Duration
		n := 0
		for b.Loop() {
			n++
			mark := fmt.Sprintf("v%d", n)
			text := version(mark)
			saved := time.Now()
			r.write("a.js", text)
			r.says("a", "plugin reloaded")
			r.prints("a", mark, mark+" "+mark)
			took = append(took, time.Since(saved))
		}
		report(b, took)
	})
	b.Run("swap", func(b *testing.B) {
		r := setUp(b)
		r.write("a.js", version("v0"))
		r.start(scripting.Config.WithoutEvents)
		r.says("a", "plugin loaded")
		var took []time.Duration
		n := 0
		for b.Loop() {
			n++
			r.write("a.js", version(fmt.Sprintf("v%d", n)))
			started := time.Now()
			r.host.Compare("a")
			r.says("a", "plugin reloaded")
			took = append(took, time.Since(started))
		}
		report(b, took)
	})
	b.Run("unchanged", func(b *testing.B) {
		r := setUp(b)
		r.write("a.js", version("v0"))
		r.start(scripting.Config.WithoutEvents)
		for b.Loop() {
			r.quiet("a", func() { r.host.Compare("a") })
		}
	})
}

// BenchmarkStart measures from New to Ready with five plugins.
func BenchmarkStart(b *testing.B) {
	r := setUp(b)
	for n := range 5 {
		r.write(fmt.Sprintf("p%d.js", n), version("x"))
	}
	for b.Loop() {
		r.start()
		b.StopTimer()
		r.stop()
		r.store = memory.New()
		b.StartTimer()
	}
}

// report adds the distribution to the mean that the benchmark prints by itself.
func report(b *testing.B, took []time.Duration) {
	b.Helper()
	slices.Sort(took)
	at := func(share float64) float64 {
		return float64(took[min(len(took)-1, int(share*float64(len(took))))].Microseconds()) / 1000
	}
	b.ReportMetric(at(0.5), "p50-ms")
	b.ReportMetric(at(0.99), "p99-ms")
}

// BenchmarkScan measures one look at a folder with a hundred plugins, which the poll does every two seconds.
func BenchmarkScan(b *testing.B) {
	dir := b.TempDir()
	for n := range 100 {
		if err := os.WriteFile(fmt.Sprintf("%s/p%d.js", dir, n), nil, 0o600); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportAllocs()
	for b.Loop() {
		scripting.Scan(dir)
	}
}
