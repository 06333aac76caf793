package disk_test

import (
	"errors"
	"fmt"
	"os"
	"testing"

	"trackhook/engine"
	"trackhook/engine/disk"

	"github.com/cockroachdb/pebble/v2/vfs"
)

// Whether an ID or a device is new is told by what was written of late and by the tables. Both must know everything: over
// many flushes, after an orderly end and after a crash.
func TestNothingKnownIsTakenForNew(t *testing.T) {
	const rounds = 8
	each := 300
	if os.Getenv("TRACKHOOK_LONG") != "" {
		each = 1000
	}
	ctx, files := t.Context(), vfs.NewCrashableMem()
	cfg := disk.WithMemTable(disk.Config{Dir: "data", FS: files}, 64<<10)
	store, err := disk.Open(cfg)
	if err != nil {
		t.Fatal(err)
	}
	packageOf := func(n int) engine.Package { return storePackage(fmt.Sprintf("p%d", n), fmt.Sprintf("d%d", n%1000)) }
	for round := range rounds {
		var packages []engine.Package
		for n := range (round + 1) * each { // all that came before, again, and new ones
			packages = append(packages, packageOf(n))
		}
		for len(packages) > 0 {
			n := min(20, len(packages))
			for range 2 { // in a memtable, and wherever they are by then
				if err := store.Append(ctx, packages[:n]...); err != nil {
					t.Fatal(err)
				}
			}
			packages = packages[n:]
		}
		stats, err := store.Stats(ctx)
		if want := uint64((round + 1) * each); err != nil || stats.Queued != want || stats.Damaged != "" {
			t.Fatalf("round %d: %d queued, not %d (%v, %s)", round, stats.Queued, want, err, stats.Damaged)
		}
		switch round % 4 {
		case 1:
			if err := store.Close(); err != nil {
				t.Fatal(err)
			}
		case 3:
			crashed := files.CrashClone(vfs.CrashCloneCfg{})
			if err := store.Close(); err != nil {
				t.Fatal(err)
			}
			files, cfg.FS = crashed, crashed
		default:
			continue
		}
		if store, err = disk.Open(cfg); err != nil {
			t.Fatal(err)
		}
	}
	// Devices that were taken for new would have forgotten what waits, or who is first.
	next := map[string]int{}
	for left := rounds * each; left > 0; {
		leases, err := store.Lease(ctx, 500)
		if err != nil {
			t.Fatal(err)
		}
		for i := range leases {
			p, n := leases[i].Package, 0
			if _, err := fmt.Sscanf(p.ID, "p%d", &n); err != nil || n < next[p.Device] {
				t.Fatalf("%s of %s comes after p%d", p.ID, p.Device, next[p.Device])
			}
			next[p.Device] = n
		}
		if err := store.Settle(ctx, settlements(leases)...); err != nil {
			t.Fatal(err)
		}
		left -= len(leases)
	}
	stats, err := store.Stats(ctx)
	if err := errors.Join(err, store.Close()); err != nil || stats.Queued != 0 {
		t.Fatalf("%+v (%v)", stats, err)
	}
}
