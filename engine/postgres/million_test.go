package postgres_test

import (
	"flag"
	"os"
	"runtime"
	"strconv"
	"strings"
	"testing"
	"time"

	"trackhook/engine"
	"trackhook/engine/postgres"
	"trackhook/engine/postgres/internal/pgtest"
)

// TestMillion shows how long a store takes to open with a million packages queued, for as many devices and for few, and how much
// memory it holds while they are sent. It takes minutes, so it runs when it is asked for: -million 1000000.
func TestMillion(t *testing.T) {
	queued, err := strconv.Atoi(flag.Lookup("million").Value.String())
	if err != nil || queued == 0 {
		t.Skip("takes minutes: say -million 1000000")
	}
	for _, devices := range []int{queued, 1000} {
		t.Run(strconv.Itoa(devices)+" devices", func(t *testing.T) { testMillion(t, queued, devices) })
	}
}

func testMillion(t *testing.T, queued, devices int) {
	t.Helper()
	server := pgtest.Start(t)
	cfg := postgres.Config{URL: server.URL()}
	store, err := postgres.Open(t.Context(), cfg)
	if err != nil {
		t.Fatal(err)
	}
	batch := make([]engine.Package, 0, 1000)
	for n := range queued {
		if batch = append(batch, benchPackage(n, n%devices)); len(batch) == cap(batch) {
			if err := store.Append(t.Context(), batch...); err != nil {
				t.Fatal(err)
			}
			batch = batch[:0]
		}
	}
	if err := store.Close(); err != nil {
		t.Fatal(err)
	}
	before := resident()
	began := time.Now()
	if store, err = postgres.Open(t.Context(), cfg); err != nil {
		t.Fatal(err)
	}
	opened := time.Since(began)
	sent := 0
	var first time.Duration
	for sent < 20_000 {
		leases, err := store.Lease(t.Context(), 64)
		if err != nil {
			t.Fatal(err)
		}
		if sent == 0 {
			first = time.Since(began)
		}
		if err := store.Settle(t.Context(), deliver(leases)...); err != nil {
			t.Fatal(err)
		}
		sent += len(leases)
	}
	drained := time.Since(began) - first
	began = time.Now()
	stats, err := store.Stats(t.Context())
	if err != nil || stats.Queued == 0 {
		t.Errorf("Stats = %+v, %v", stats, err)
	}
	counted := time.Since(began)
	t.Logf("%d queued: opened in %s, first lease after %s, %.0f settled a second, counted in %s, %d MB resident (%d MB before), %d MB in use",
		queued, opened, first, float64(sent)/drained.Seconds(), counted, resident()>>20, before>>20, inUse()>>20)
	if err := store.Close(); err != nil {
		t.Fatal(err)
	}
}

func inUse() uint64 {
	var m runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&m)
	return m.HeapInuse
}

// resident is the memory of this process in bytes, 0 where the system does not tell.
func resident() uint64 {
	text, err := os.ReadFile("/proc/self/status")
	if err != nil {
		return 0
	}
	for line := range strings.Lines(string(text)) {
		if fields := strings.Fields(line); len(fields) > 1 && fields[0] == "VmRSS:" {
			kb, _ := strconv.ParseUint(fields[1], 10, 64)
			return kb << 10
		}
	}
	return 0
}
