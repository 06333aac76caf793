package disk_test

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"testing"
	"time"

	"trackhook/engine"
	"trackhook/engine/disk"
)

// BenchmarkBacklog measures what a long queue costs: the time to open it, the memory, and the time for each package
// while it is sent. The size of the large ones is TRACKHOOK_BENCH_BACKLOG, by default 50,000 so that a run of all
// benchmarks stays short; README.md speaks of 1,000,000.
func BenchmarkBacklog(b *testing.B) {
	size := 50_000
	if text := os.Getenv("TRACKHOOK_BENCH_BACKLOG"); text != "" {
		n, err := strconv.Atoi(text)
		if err != nil || n < 1 {
			b.Fatalf("TRACKHOOK_BENCH_BACKLOG is %q and must be a number", text)
		}
		size = n
	}
	for _, c := range []struct{ packages, devices int }{{10_000, 10_000}, {size, 10_000}, {size, size}} {
		b.Run(fmt.Sprintf("packages=%d/devices=%d", c.packages, c.devices), func(b *testing.B) {
			for b.Loop() {
				backlog(b, c.packages, c.devices)
			}
		})
	}
}

func backlog(b *testing.B, packages, devices int) {
	b.Helper()
	ctx := context.Background()
	dir := b.TempDir()
	b.StopTimer()
	start := time.Now()
	fillElsewhere(b, dir, packages, devices)
	b.ReportMetric(float64(time.Since(start).Nanoseconds())/float64(packages), "fill-ns/package")
	before := resident()
	b.StartTimer()

	start = time.Now()
	store := openBench(b, dir)
	leases, err := store.Lease(ctx, 1)
	if err != nil {
		b.Fatal(err)
	}
	b.ReportMetric(float64(time.Since(start).Microseconds())/1000, "open-ms")
	start = time.Now()
	most := resident()
	for done := 0; ; {
		settlements := make([]engine.Settlement, 0, len(leases))
		for _, lease := range leases {
			settlements = append(settlements, delivered(lease))
		}
		if err := store.Settle(ctx, settlements...); err != nil {
			b.Fatal(err)
		}
		if done += len(leases); done == packages {
			break
		}
		if leases, err = store.Lease(ctx, 256); err != nil {
			b.Fatal(err)
		}
		if done%4096 < 256 {
			most = max(most, resident())
		}
	}
	b.ReportMetric(float64(time.Since(start).Nanoseconds())/float64(packages), "drain-ns/package")
	b.ReportMetric(float64(most)/(1<<20), "resident-MB")
	b.ReportMetric(float64(before)/(1<<20), "resident-before-MB")
	b.StopTimer()
	if err := store.Close(); err != nil {
		b.Fatal(err)
	}
	b.StartTimer()
}

// fillElsewhere fills a store in another process, so that the memory of this one is that of a host which was just started.
func fillElsewhere(b *testing.B, dir string, packages, devices int) {
	b.Helper()
	program, err := os.Executable()
	if err != nil {
		b.Fatal(err)
	}
	fill := exec.CommandContext(b.Context(), program, "-test.run=^TestFillBacklog$") //nolint:gosec // it is this program
	fill.Env = append(os.Environ(), fmt.Sprintf("%s=%d %d %s", fillVariable, packages, devices, dir))
	if out, err := fill.CombinedOutput(); err != nil {
		b.Fatalf("fill the store: %v\n%s", err, out)
	}
}

const fillVariable = "TRACKHOOK_BENCH_FILL"

// TestFillBacklog is what fillElsewhere runs, and nothing by itself.
func TestFillBacklog(t *testing.T) {
	text, ok := os.LookupEnv(fillVariable)
	if !ok {
		t.Skipf("%s is not set: this test fills the store of a benchmark", fillVariable)
	}
	var packages, devices int
	var dir string
	if _, err := fmt.Sscanf(text, "%d %d %s", &packages, &devices, &dir); err != nil {
		t.Fatalf("%s is %q: %v", fillVariable, text, err)
	}
	store, err := disk.Open(disk.Config{Dir: dir})
	if err != nil {
		t.Fatal(err)
	}
	batch := make([]engine.Package, 0, 500)
	for n := range packages {
		if batch = append(batch, benchPackage(n, n%devices)); len(batch) == cap(batch) || n == packages-1 {
			if err := store.Append(t.Context(), batch...); err != nil {
				t.Fatal(err)
			}
			batch = batch[:0]
		}
	}
	if err := store.Close(); err != nil {
		t.Fatal(err)
	}
}

// resident returns the memory of this process, or 0 where the system does not tell it.
func resident() uint64 {
	status, err := os.ReadFile("/proc/self/status")
	if err != nil {
		return 0
	}
	for line := range strings.Lines(string(status)) {
		if text, ok := strings.CutPrefix(line, "VmRSS:"); ok {
			kb, _ := strconv.ParseUint(strings.TrimSuffix(strings.TrimSpace(text), " kB"), 10, 64)
			return kb << 10
		}
	}
	return 0
}
