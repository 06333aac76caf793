package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"trackhook/engine"
	"trackhook/engine/admin"
)

// BenchmarkSaves is how long a plain save takes until the new version is live, with the binary, beside four other plugins. cpu-ms
// is what the host and the processes of its scripts need for one. The process that is started ahead is waited for, because nobody
// saves again within the hundredth of a second that it takes.
func BenchmarkSaves(b *testing.B) {
	binary := builtBinary(b)
	for _, isolation := range []string{"auto", "process", "none"} {
		b.Run("isolation="+isolation, func(b *testing.B) {
			r := runBinary(b, binary, isolation, 5)
			r.untilReady()
			file := filepath.Join(r.dir, "plugins", "p000.js")
			var took []time.Duration
			before := cpuOfFamily(r.process.Process.Pid)
			for b.Loop() {
				b.StopTimer()
				r.untilSpare()
				b.StartTimer()
				saved := time.Now()
				if err := os.WriteFile(file, []byte(plainScript+"// "+strconv.Itoa(len(took))), 0o600); err != nil {
					b.Fatal(err)
				}
				r.until("plugin reloaded")
				took = append(took, time.Since(saved))
			}
			cpu := cpuOfFamily(r.process.Process.Pid) - before
			b.ReportMetric(float64(cpu.Microseconds())/1000/float64(len(took)), "cpu-ms")
			slices.Sort(took)
			b.ReportMetric(float64(took[len(took)/2].Microseconds())/1000, "p50-ms")
			b.ReportMetric(float64(took[len(took)*99/100].Microseconds())/1000, "p99-ms")
			r.stop()
		})
	}
}

// BenchmarkStarts is how long the binary takes from its start until it listens, on an empty store: ms, and cpu-ms for its whole life.
func BenchmarkStarts(b *testing.B) {
	binary := builtBinary(b)
	for _, plugins := range []int{5, 300} {
		for _, isolation := range []string{"auto", "none"} {
			b.Run(fmt.Sprintf("plugins=%d/isolation=%s", plugins, isolation), func(b *testing.B) {
				var took []time.Duration
				var cpu time.Duration
				for b.Loop() {
					started := time.Now()
					r := runBinary(b, binary, isolation, plugins)
					started = started.Add(r.prepared)
					r.untilReady()
					took = append(took, time.Since(started))
					r.stop()
					cpu += r.process.ProcessState.UserTime() + r.process.ProcessState.SystemTime() // with the processes that it has waited for
				}
				slices.Sort(took)
				b.ReportMetric(float64(took[len(took)/2].Microseconds())/1000, "ms")
				b.ReportMetric(float64(cpu.Microseconds())/1000/float64(len(took)), "cpu-ms")
			})
		}
	}
}

// builtBinary builds the binary, or takes that of TRACKHOOK_BINARY.
func builtBinary(b *testing.B) string {
	b.Helper()
	if binary := os.Getenv("TRACKHOOK_BINARY"); binary != "" {
		return binary
	}
	binary := filepath.Join(b.TempDir(), "trackhook.exe")
	if text, err := exec.CommandContext(b.Context(), "go", "build", "-o", binary, "trackhook/cmd/trackhook").CombinedOutput(); err != nil {
		b.Fatalf("%v\n%s", err, text)
	}
	return binary
}

const plainScript = `const adjustConfig = new AdjustConfig(appToken, environment);
adjustConfig.setEventTrackingSucceededCallbackListener((event) => console.log(event.timestamp));
Adjust.create(adjustConfig);
`

// running is a binary at work.
type running struct {
	b       *testing.B
	dir     string
	url     string
	process *exec.Cmd
	log     *bufio.Reader
	// prepared is how long it took to write its files.
	prepared time.Duration
}

func runBinary(b *testing.B, binary, isolation string, plugins int) *running {
	b.Helper()
	begun := time.Now()
	r := &running{b: b, dir: b.TempDir()}
	files := map[string]string{"trackhook.yaml": configuration + "isolation: " + isolation + "\n"}
	for n := range plugins {
		files[fmt.Sprintf("plugins/p%03d.js", n)] = plainScript
	}
	if err := os.Mkdir(filepath.Join(r.dir, "plugins"), 0o700); err != nil {
		b.Fatal(err)
	}
	for name, text := range files {
		if err := os.WriteFile(filepath.Join(r.dir, name), []byte(text), 0o600); err != nil {
			b.Fatal(err)
		}
	}
	r.process = exec.Command(binary, "run", "--config", filepath.Join(r.dir, "trackhook.yaml"), "--listen", "127.0.0.1:0",
		"--endpoint", "http://127.0.0.1:9", "--data", filepath.Join(r.dir, "data"), "--plugins", filepath.Join(r.dir, "plugins"), "--log-format", "json")
	stderr, err := r.process.StderrPipe()
	if err != nil {
		b.Fatal(err)
	}
	r.log = bufio.NewReader(stderr)
	r.prepared = time.Since(begun)
	if err := r.process.Start(); err != nil {
		b.Fatal(err)
	}
	return r
}

func (r *running) untilReady() {
	r.b.Helper()
	r.url = r.until("listening for sessions and events")
}

// untilSpare waits until the next process is ready, if there is one at all.
func (r *running) untilSpare() {
	r.b.Helper()
	client := admin.Client{BaseURL: r.url, Timeout: time.Minute}
	for {
		health, err := client.Health(r.b.Context())
		if err != nil {
			r.b.Fatal(err)
		}
		if health.Spare == nil || health.Spare.Ready {
			return
		}
		engine.Wait(r.b.Context(), time.Millisecond)
	}
}

// until reads the log up to a message, and returns the address in it.
func (r *running) until(message string) (url string) {
	r.b.Helper()
	for {
		text, err := r.log.ReadBytes('\n')
		if err != nil {
			r.b.Fatalf("it never said %q: %v", message, err)
		}
		var line struct{ Message, URL string }
		if json.Unmarshal(text, &line) == nil && line.Message == message {
			return line.URL
		}
	}
}

func (r *running) stop() {
	r.b.Helper()
	if err := r.process.Process.Signal(os.Interrupt); err != nil {
		r.b.Fatal(err)
	}
	_, _ = io.Copy(io.Discard, r.log)
	if err := r.process.Wait(); err != nil {
		r.b.Error(err)
	}
}

// cpuOfFamily is the processor time of a process, of those that it has started, and of those of them that have ended, in hundredths of
// a second; 0 where the system does not tell.
func cpuOfFamily(pid int) (all time.Duration) {
	processes, err := os.ReadDir("/proc")
	if err != nil {
		return 0
	}
	for _, one := range processes {
		text, err := os.ReadFile(filepath.Join("/proc", one.Name(), "stat"))
		if err != nil {
			continue
		}
		// The name, in brackets, may hold spaces. Behind it are the state, the parent, and, the 12th to the 15th, the times.
		_, rest, _ := strings.Cut(string(text), ") ")
		fields := strings.Fields(rest)
		if len(fields) < 15 || one.Name() != strconv.Itoa(pid) && fields[1] != strconv.Itoa(pid) {
			continue
		}
		for _, field := range fields[11:15] {
			ticks, _ := strconv.Atoi(field)
			all += time.Duration(ticks) * 10 * time.Millisecond
		}
	}
	return all
}
