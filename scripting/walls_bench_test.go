package scripting_test

import (
	"fmt"
	"os"
	"strconv"
	"testing"
	"time"

	"trackhook/scripting"
)

// isolations are the processes that plugins run in, by name.
func isolations() []scripting.Isolation {
	return []scripting.Isolation{scripting.InHost, scripting.InShared, scripting.InProcess}
}

func in(isolation scripting.Isolation) func(scripting.Config) scripting.Config {
	return func(c scripting.Config) scripting.Config {
		c.Isolation, c.Worker = isolation, []string{os.Args[0], "worker"}
		return c
	}
}

// BenchmarkManyPlugins is what 300 small plugins take in the process of the host and in one that they share: to start (start-ms), and
// to hear 2,500 responses each (runs-ms).
func BenchmarkManyPlugins(b *testing.B) {
	const plugins, responses = 300, 2500
	for _, isolation := range isolations()[:2] {
		b.Run(string(isolation), func(b *testing.B) {
			for b.Loop() {
				b.StopTimer()
				r := setUp(b)
				for n := range plugins {
					r.write(fmt.Sprintf("p%03d.js", n), hearing("", `globalThis.n = (globalThis.n || 0) + 1; if (event.callbackId === "last") console.log(n)`))
				}
				b.StartTimer()
				begun := time.Now()
				r.start(in(isolation))
				started := time.Now()
				b.ReportMetric(residentMB(os.Getpid()), "host-idle-MB")
				if processes := scripting.WorkerProcesses(r.host); len(processes) > 0 {
					b.ReportMetric(residentMB(processes[0].Pid), "worker-idle-MB")
				}
				for n := range responses - 1 {
					r.store.Log(event(strconv.Itoa(n)))
				}
				last := r.store.Log(event("last"))
				for n := range plugins {
					r.must(r.store.WaitCommit(r.ctx, fmt.Sprintf("plugin/p%03d", n), last))
				}
				b.ReportMetric(float64(started.Sub(begun).Milliseconds()), "start-ms")
				b.ReportMetric(float64(time.Since(started).Milliseconds()), "runs-ms")
				b.ReportMetric(residentMB(os.Getpid()), "host-MB")
				if processes := scripting.WorkerProcesses(r.host); len(processes) > 0 {
					b.ReportMetric(residentMB(processes[0].Pid), "worker-MB") // they share it
					b.ReportMetric(ownMB(r.spare()), "spare-own-MB")
				}
				r.stop()
			}
		})
	}
}

// BenchmarkSaveToLive is how long a save takes until the new version is live.
func BenchmarkSaveToLive(b *testing.B) {
	for _, isolation := range isolations() {
		b.Run(string(isolation), func(b *testing.B) {
			r := setUp(b)
			r.write("a.js", version("0"))
			r.start(in(isolation))
			var took []time.Duration
			n := 0
			for b.Loop() {
				n++
				saved := time.Now()
				r.replace("a.js", version(strconv.Itoa(n)))
				r.says("a", "plugin reloaded")
				took = append(took, time.Since(saved))
			}
			b.StopTimer()
			report(b, took)
			r.stop()
		})
	}
}

// BenchmarkDeathToNextRun is how long it takes from the end of the process that plugins share until a plugin that did not run
// then has heard its next response.
func BenchmarkDeathToNextRun(b *testing.B) {
	r := setUp(b)
	r.write("a.js", version("a"))
	r.start(in(scripting.InShared))
	var took []time.Duration
	for b.Loop() {
		for _, process := range scripting.WorkerProcesses(r.host) {
			r.must(process.Kill())
		}
		killed := time.Now()
		r.answer("r", "a")
		took = append(took, time.Since(killed))
	}
	b.StopTimer()
	report(b, took)
	r.stop()
}

// residentMB is how much memory a process has, shared pages included; 0 when that is not known.
func residentMB(pid int) float64 {
	resident, _ := memoryMB(pid)
	return resident
}

// ownMB is residentMB without the pages that it shares with others.
func ownMB(pid int) float64 {
	resident, shared := memoryMB(pid)
	return resident - shared
}

func memoryMB(pid int) (resident, shared float64) {
	text, err := os.ReadFile("/proc/" + strconv.Itoa(pid) + "/statm")
	if err != nil {
		return 0, 0
	}
	var size float64
	if _, err := fmt.Sscan(string(text), &size, &resident, &shared); err != nil {
		return 0, 0
	}
	page := float64(os.Getpagesize()) / (1 << 20)
	return resident * page, shared * page
}
