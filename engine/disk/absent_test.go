package disk_test

import (
	"errors"
	"slices"
	"strconv"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"trackhook/engine"
	"trackhook/engine/disk"
	"trackhook/engine/disk/internal/format"

	"github.com/cockroachdb/pebble/v2"
	"github.com/cockroachdb/pebble/v2/vfs"
)

// withoutKeys removes keys of a kind, the first n of them, from a store that is closed: as if a file of them had gone
// together with the note of it.
func withoutKeys(t *testing.T, files vfs.FS, kind format.Prefix, n int) {
	t.Helper()
	db, err := pebble.Open("data", &pebble.Options{FS: files, Logger: quiet{}, FormatMajorVersion: pebble.FormatTableFormatV6})
	if err != nil {
		t.Fatal(err)
	}
	lower, upper := kind.Bounds()
	it, err := db.NewIter(&pebble.IterOptions{LowerBound: lower, UpperBound: upper})
	if err != nil {
		t.Fatal(err)
	}
	for valid := it.First(); valid && n > 0; valid = it.Next() {
		n--
		err = errors.Join(err, db.Delete(it.Key(), pebble.Sync))
	}
	if err := errors.Join(err, it.Close(), db.Close()); err != nil || n > 0 {
		t.Fatalf("%d keys are left to remove: %v", n, err)
	}
}

// buried makes a store of five queued packages and four dead letters, of a device each.
func buried(t *testing.T) vfs.FS {
	t.Helper()
	files := vfs.NewMem()
	store, err := disk.Open(disk.Config{Dir: "data", FS: files})
	if err != nil {
		t.Fatal(err)
	}
	for n := range 9 {
		id := strconv.Itoa(n + 1)
		if err := store.Append(t.Context(), storePackage(id, id)); err != nil {
			t.Fatal(err)
		}
	}
	leases, err := store.Lease(t.Context(), 4)
	if err != nil || len(leases) != 4 {
		t.Fatal(leases, err)
	}
	for i := range leases {
		err = errors.Join(err, store.Settle(t.Context(), engine.Settlement{Lease: leases[i], Verdict: engine.Bury, Response: engine.Response{
			Package: leases[i].Package, Attempt: 1, Outcome: engine.Rejected, Message: "no",
		}}))
	}
	if err != nil {
		t.Fatal(err)
	}
	closeStore(t, store)
	return files
}

// TestCountedAndAbsent opens stores that have lost keys without any other trace. The number that is missing is told at every
// start, until the store was repaired.
func TestCountedAndAbsent(t *testing.T) {
	t.Parallel()
	for kind, row := range map[format.Prefix]struct {
		n    int
		want string
		lost uint64
	}{
		format.Packages:    {3, "missing of what the store has counted: 3 queued packages;", 3},
		format.DeadLetters: {1, "missing of what the store has counted: 1 dead letter;", 1},
		format.Due:         {2, "missing of what the store has counted: 2 places in the order of sending (their devices wait);", 0},
	} {
		files := buried(t)
		withoutKeys(t, files, kind, row.n)
		for range 2 {
			store, err := disk.Open(disk.Config{Dir: "data", FS: files})
			if err != nil {
				t.Fatal(err)
			}
			if stats, err := store.Stats(t.Context()); err != nil || !strings.Contains(stats.Damaged, row.want) || !strings.Contains(stats.Damaged, "store repair") {
				t.Errorf("%s: %+v, %v", kind.Holds(), stats, err)
			}
			closeStore(t, store)
		}
		if kind == format.DeadLetters {
			synctest.Test(t, func(t *testing.T) { showsAbsent(t, files, row.n) })
		}
		report, err := disk.Repair(t.Context(), disk.Config{Dir: "data", FS: files}, "new")
		if err != nil || report.LostPackages+report.LostDeadLetters != row.lost {
			t.Fatalf("%s: %+v, %v", kind.Holds(), report, err)
		}
		store, err := disk.Open(disk.Config{Dir: "new", FS: files})
		if err != nil {
			t.Fatal(err)
		}
		if stats, err := store.Stats(t.Context()); err != nil || stats.Damaged != "" {
			t.Errorf("%s: %+v, %v after the repair", kind.Holds(), stats, err)
		}
		closeStore(t, store)
	}
}

// showsAbsent shows the dead letters of a store that has lost n of them, when retention has removed all responses: of those
// that are lost nothing but the ID is known, and that they are dead.
func showsAbsent(t *testing.T, files vfs.FS, n int) {
	t.Helper()
	store, err := disk.Open(disk.Config{Dir: "data", FS: files, RetainBytes: 1})
	if err != nil {
		t.Fatal(err)
	}
	defer closeStore(t, store)
	<-time.After(2 * time.Second)
	if stats, err := store.Stats(t.Context()); err != nil || stats.First <= stats.Last {
		t.Fatalf("the log is still there: %+v, %v", stats, err)
	}
	dead, _, err := store.Packages(t.Context(), engine.Filter{State: engine.Dead}, "", 10)
	if err != nil {
		t.Fatal(err)
	}
	for id := 1; id <= 4; id++ {
		id := strconv.Itoa(id)
		if slices.ContainsFunc(dead, func(p engine.PackageState) bool { return p.Package.ID == id }) {
			continue
		}
		n--
		state, err := store.Package(t.Context(), id)
		wantPart(t, err, "what is kept of the dead letter")
		if err == nil || state.Package.ID != id || state.Status != engine.Dead || state.Seq == 0 {
			t.Errorf("Package of the lost dead letter %s = %+v, %v", id, state, err)
		}
	}
	if n != 0 {
		t.Errorf("%d more are lost than are not listed", n)
	}
}
