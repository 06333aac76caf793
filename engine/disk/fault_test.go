package disk_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"trackhook/engine"
	"trackhook/engine/disk"
	"trackhook/engine/storetest"

	"github.com/cockroachdb/pebble/v2/vfs"
	"github.com/cockroachdb/pebble/v2/vfs/errorfs"
)

// wrapped is a file system of package errorfs which sees also what is done with files that are used again.
type wrapped struct{ vfs.FS }

// wrap lets an injector see every operation.
func wrap(files vfs.FS, injector errorfs.Injector) vfs.FS {
	return wrapped{errorfs.Wrap(files, injector)}
}

func (w wrapped) ReuseForWrite(from, to string, category vfs.DiskWriteCategory) (vfs.File, error) {
	if err := w.Rename(from, to); err != nil {
		return nil, err
	}
	return w.OpenReadWrite(to, category)
}

func (w wrapped) Unwrap() vfs.FS { return w.FS }

// failAt fails one operation on the files, the n-th of those that it counts, and all like it while down is true.
type failAt struct {
	n    int64
	err  error
	seen atomic.Int64
	down atomic.Bool
	hit  atomic.Bool
}

// inject is called before every operation.
func (f *failAt) inject(op errorfs.Op) error {
	if op.Kind.ReadOrWrite() != errorfs.OpIsWrite || op.Kind == errorfs.OpFileClose {
		return nil
	}
	if f.down.Load() || f.seen.Add(1) == f.n {
		f.hit.Store(true)
		return fmt.Errorf("injected: %w", f.err)
	}
	return nil
}

// TestFault fails every operation that changes the disk, or every third unless the run is long, one in each run: the caller gets an error that says what
// happened, the store opens again by itself and holds what was acknowledged, and a new process finds the same.
func TestFault(t *testing.T) {
	every := int64(7)
	if os.Getenv("TRACKHOOK_LONG") != "" {
		every = 1
	}
	for n := int64(1); ; n += every {
		hit := false
		synctest.Test(t, func(t *testing.T) { hit = runFault(t, n, 100) })
		if !hit || t.Failed() {
			t.Logf("%d operations failed", n/every)
			return
		}
	}
}

func runFault(t *testing.T, n int64, steps int) (hit bool) {
	t.Helper()
	files := vfs.NewMem()
	kind := []error{syscall.ENOSPC, syscall.EIO}[n%2]
	fault := &failAt{n: n, err: kind}
	cfg := disk.WithMemTable(disk.Config{RetainCounts: keepCounts, Dir: "data", FS: wrap(files, errorfs.InjectorFunc(fault.inject))}, 16<<10)
	ctx, cancel := context.WithTimeout(context.Background(), time.Hour)
	defer cancel()
	store, err := disk.Open(cfg)
	if err != nil {
		if !errors.Is(err, kind) {
			t.Fatalf("operation %d: Open = %v, want the error of the disk", n, err)
		}
		if store, err = disk.Open(cfg); err != nil {
			t.Fatalf("operation %d: Open after a failed Open: %v", n, err)
		}
	}
	chance := rand.New(rand.NewPCG(1, 1))
	history := storetest.NewHistory(store, chance.IntN)
	var failure error
	for range steps {
		if failure = history.Step(ctx); failure != nil {
			break
		}
	}
	sure, maybe := history.Models()
	if failure != nil && !errors.Is(failure, kind) {
		t.Fatalf("operation %d: step = %v, want the error of the disk", n, failure)
	}
	// The store heals by itself, also when the failure was in the background.
	for _, err := store.Stats(ctx); err != nil; _, err = store.Stats(ctx) {
		if !errors.Is(err, kind) || ctx.Err() != nil {
			t.Fatalf("operation %d: Stats = %v, want the error of the disk until it heals", n, err)
		}
		<-time.After(time.Second)
	}
	if failure != nil {
		if err := store.SetValues(ctx, "after", map[string][]byte{"healing": {1}}); err != nil {
			t.Fatalf("operation %d: SetValues after healing: %v", n, err)
		}
	}
	if err := store.Close(); err != nil && fault.seen.Load() < n {
		t.Fatalf("operation %d: Close: %v", n, err)
	}
	store, err = disk.Open(disk.Config{RetainCounts: keepCounts, Dir: "data", FS: files})
	if err != nil {
		t.Fatalf("operation %d: Open after the fault: %v", n, err)
	}
	got, err := storetest.Contents(ctx, store)
	if err != nil {
		t.Fatalf("operation %d: read after the fault: %v", n, err)
	}
	if err := store.Close(); err != nil {
		t.Fatalf("operation %d: Close after the fault: %v", n, err)
	}
	diff := sure.Diff(got, true)
	if maybe != nil && diff != "" {
		diff = maybe.Diff(got, true)
	}
	if diff != "" {
		t.Fatalf("operation %d: the store differs (-want +got):\n%s", n, diff)
	}
	return fault.hit.Load()
}

func storePackage(id, device string) engine.Package {
	return engine.Package{
		ID: id, Kind: engine.KindEvent, App: engine.App{Token: "abc123def456", Environment: engine.Sandbox},
		Device: "external_device_id=" + device, Created: time.Unix(1_700_000_000, 0),
	}
}

// TestDiskStaysFull shows what callers see while the disk cannot be written, and that leases outlive it.
func TestDiskStaysFull(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		fault := &failAt{err: syscall.ENOSPC}
		store, err := disk.Open(disk.Config{RetainCounts: keepCounts, Dir: "data", FS: wrap(vfs.NewMem(), errorfs.InjectorFunc(fault.inject))})
		if err != nil {
			t.Fatal(err)
		}
		ctx := t.Context()
		if err := store.Append(ctx, storePackage("1", "a")); err != nil {
			t.Fatal(err)
		}
		leases, err := store.Lease(ctx, 1)
		if err != nil {
			t.Fatal(err)
		}
		waiting := make(chan error, 1)
		go func() { _, err := store.Lease(ctx, 1); waiting <- err }()
		synctest.Wait()

		fault.down.Store(true)
		settlement := engine.Settlement{Lease: leases[0], Verdict: engine.Remove, Response: engine.Response{Package: leases[0].Package, Outcome: engine.Delivered}}
		if err := store.Settle(ctx, settlement); !errors.Is(err, syscall.ENOSPC) {
			t.Errorf("Settle = %v, want %v", err, syscall.ENOSPC)
		}
		if err := <-waiting; !errors.Is(err, syscall.ENOSPC) {
			t.Errorf("Lease that waited = %v, want %v", err, syscall.ENOSPC)
		}
		<-time.After(10 * time.Minute)
		err = store.Append(ctx, storePackage("2", "a"))
		if !errors.Is(err, syscall.ENOSPC) || !errors.Is(err, engine.ErrDiskFull) || errors.Is(err, engine.ErrFull) || !strings.Contains(err.Error(), "store data cannot be written since") {
			t.Errorf("Append while the disk is full = %v", err)
		}
		if _, err := store.Stats(ctx); !errors.Is(err, syscall.ENOSPC) {
			t.Errorf("Stats while the disk is full = %v, want %v", err, syscall.ENOSPC)
		}
		fault.down.Store(false)
		<-time.After(time.Minute)
		if err := store.Settle(ctx, settlement); err != nil {
			t.Errorf("Settle after healing: %v", err)
		}
		stats, err := store.Stats(ctx)
		if err != nil || stats.Queued != 0 || stats.Leased != 0 || stats.Last != 1 {
			t.Errorf("Stats = %+v, %v; want one response and nothing queued", stats, err)
		}
		if err := store.Close(); err != nil {
			t.Error(err)
		}
	})
}

// TestFullOfDisk shows that what is full is named: the disk is not the queue.
func TestFullOfDisk(t *testing.T) {
	t.Parallel()
	store, err := disk.Open(disk.Config{Dir: filepath.Join(t.TempDir(), "data"), HighWater: disk.HighWater{Free: 1 << 62}})
	if err != nil {
		t.Fatal(err)
	}
	if err := store.Append(t.Context(), storePackage("1", "a")); !errors.Is(err, engine.ErrDiskFull) || !errors.Is(err, engine.ErrFull) {
		t.Errorf("Append = %v", err)
	}
	closeStore(t, store)
}
