package disk_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"trackhook/engine"
	"trackhook/engine/disk"
	"trackhook/engine/proctest"

	"github.com/cockroachdb/pebble/v2/vfs"
)

// benchPackage makes a package of about 400 bytes on disk.
func benchPackage(n, device int) engine.Package {
	id := fmt.Sprintf("%08x-8cf0-11bd-b23e-%012x", device*2654435761%(1<<32), device)
	return engine.Package{
		ID: fmt.Sprintf("%032x", n), Kind: engine.KindEvent,
		App:    engine.App{Token: "abc123def456", Environment: engine.Production},
		Device: "gps_adid=" + id,
		Params: map[string]string{
			"gps_adid": id, "event_token": "f0ob4r", "revenue": "1.99", "currency": "EUR", "os_name": "android",
			"device_type": "phone", "app_version": "1.4.2", "ip_address": "192.0.2.17", "user_agent": "Dalvik/2.1.0 (Linux; U; Android 14)",
		},
		CallbackParams: map[string]string{"order": "2f9a77c1", "level": "17"},
		CallbackID:     "order-2f9a77c1",
		Created:        time.Unix(1_700_000_000, int64(n)),
	}
}

func openBench(b *testing.B, dir string) *disk.Store {
	b.Helper()
	store, err := disk.Open(disk.Config{Dir: dir})
	if err != nil {
		b.Fatal(err)
	}
	return store
}

// BenchmarkAppend measures the durable accept: 64 producers, each waiting for its package. The floor does the least
// that is durable: a plain file, one write and one fdatasync for all that wait. To reach: 70 % of its rate. Network
// volumes take a millisecond or two for an fsync, which the second half adds to both.
func BenchmarkAppend(b *testing.B) {
	for _, slow := range []time.Duration{0, 2 * time.Millisecond} {
		b.Run(fmt.Sprintf("fsync+%v/floor", slow), func(b *testing.B) {
			f := openFloor(b, filepath.Join(b.TempDir(), "floor"), slow)
			record := make([]byte, 400)
			produce(b, func(int) error { return f.append(record) })
		})
		for _, devices := range []int{10_000, 1 << 30} {
			name := fmt.Sprintf("fsync+%v/store/devices=%d", slow, devices)
			if devices == 1<<30 {
				name = fmt.Sprintf("fsync+%v/store/devices=new", slow)
			}
			b.Run(name, func(b *testing.B) {
				cfg := disk.Config{Dir: b.TempDir()}
				if slow > 0 {
					cfg.FS = wrap(vfs.Default, &slowSync{takes: slow})
				}
				store, err := disk.Open(cfg)
				if err != nil {
					b.Fatal(err)
				}
				// Made beforehand, as the record of the floor is.
				packages := make([]engine.Package, b.N)
				for i := range packages {
					packages[i] = benchPackage(i, i%devices)
				}
				produce(b, func(i int) error { return store.Append(context.Background(), packages[i]) })
				if err := store.Close(); err != nil {
					b.Fatal(err)
				}
			})
		}
	}
}

// produce lets 64 producers accept b.N records of about 400 bytes.
func produce(b *testing.B, accept func(i int) error) {
	b.Helper()
	const producers = 64
	var n atomic.Int64
	b.SetBytes(400)
	b.SetParallelism(max(1, producers/runtime.GOMAXPROCS(0)))
	b.ReportAllocs()
	b.ResetTimer()
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			if err := accept(int(n.Add(1) - 1)); err != nil {
				b.Error(err)
			}
		}
	})
	b.StopTimer()
}

// BenchmarkLife measures the whole life of packages in the store: 64 producers append, and at the same time packages
// are leased, settled, read and committed, as the two loops of the engine do it.
func BenchmarkLife(b *testing.B) {
	const producers, devices = 64, 10_000
	store := openBench(b, b.TempDir())
	ctx := b.Context()
	if _, err := store.Enroll(ctx, "bench"); err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	written, used := processIO(), proctest.CPU("self")
	b.ResetTimer()
	total := b.N
	var all sync.WaitGroup
	var next atomic.Int64
	for range producers {
		all.Go(func() {
			for {
				n := int(next.Add(1))
				if n > total {
					return
				}
				if err := store.Append(ctx, benchPackage(n, n%devices)); err != nil {
					b.Error(err)
					return
				}
			}
		})
	}
	attempts := make(chan engine.Settlement, 256)
	all.Go(func() {
		defer close(attempts)
		for done := 0; done < total; {
			leases, err := store.Lease(ctx, 64)
			if err != nil {
				b.Error(err)
				return
			}
			for _, lease := range leases {
				attempts <- delivered(lease)
			}
			done += len(leases)
		}
	})
	all.Go(func() { settleAll(ctx, b, store, attempts) })
	all.Go(func() {
		for cursor := uint64(0); cursor < uint64(total); {
			responses, err := store.Read(ctx, cursor, 256)
			if err != nil {
				b.Error(err)
				return
			}
			cursor = responses[len(responses)-1].Seq
			if err := store.Commit(ctx, "bench", cursor, engine.Runs{}); err != nil {
				b.Error(err)
				return
			}
		}
	})
	all.Wait()
	b.StopTimer()
	b.ReportMetric(float64(total)/b.Elapsed().Seconds(), "packages/s")
	if err := store.Close(); err != nil {
		b.Fatal(err)
	}
	b.ReportMetric((proctest.CPU("self")-used).Seconds()/float64(total)*100_000, "cpu-s/100000")
	b.ReportMetric(float64(processIO()-written)/float64(total), "written-B/package")
}

// processIO returns the bytes that this process has written to disks; 0 where the system does not tell.
func processIO() uint64 {
	text, err := os.ReadFile("/proc/self/io")
	if err != nil {
		return 0
	}
	for line := range strings.Lines(string(text)) {
		if value, ok := strings.CutPrefix(line, "write_bytes: "); ok {
			n, _ := strconv.ParseUint(strings.TrimSpace(value), 10, 64)
			return n
		}
	}
	return 0
}

func delivered(lease engine.Lease) engine.Settlement {
	return engine.Settlement{
		Lease: lease, Verdict: engine.Remove,
		Response: engine.Response{
			Package: lease.Package, Attempt: lease.Attempts + 1, Outcome: engine.Delivered, Rule: "delivered", Status: 200,
			Body:    []byte(`{"app_token":"abc123def456","adid":"8cf011bdb23e10b96e40000d","timestamp":"2025-03-01T12:00:00.000Z+0000","message":"Event tracked"}`),
			Message: "Event tracked", Timestamp: "2025-03-01T12:00:00.000Z+0000", ADID: "8cf011bdb23e10b96e40000d", At: time.Now(),
		},
	}
}

// settleAll settles as many attempts at once as have come in.
func settleAll(ctx context.Context, b *testing.B, store *disk.Store, attempts <-chan engine.Settlement) {
	b.Helper()
	batch := make([]engine.Settlement, 0, 256)
	for first := range attempts {
		batch = append(batch[:0], first)
	fill:
		for len(batch) < cap(batch) {
			select {
			case s, ok := <-attempts:
				if !ok {
					break fill
				}
				batch = append(batch, s)
			default:
				break fill
			}
		}
		if err := store.Settle(ctx, batch...); err != nil {
			b.Error(err)
		}
	}
}
