package disk_test

import (
	"context"
	"errors"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"trackhook/engine"
	"trackhook/engine/disk"

	"github.com/cockroachdb/pebble/v2/vfs"
)

// TestDamagedPackage damages the stored value of the head of a lane, in several ways. Others go on, the reason is told, and
// dropping it lets go what is behind it, also after the store was opened again.
func TestDamagedPackage(t *testing.T) {
	t.Parallel()
	for name, row := range map[string]struct {
		damage  func(value []byte) []byte
		id      string // by which it can be dropped
		dropped string // the ID in the log
		kind    engine.Kind
	}{
		"cut in the middle": {func(v []byte) []byte { return v[:len(v)/2] }, "1", "1", engine.KindEvent},
		"garbage":           {func([]byte) []byte { return []byte("garbage") }, "1", "1", ""},
		"empty":             {func([]byte) []byte { return []byte{} }, "1", "1", ""},
		"missing":           {func([]byte) []byte { return nil }, "1", "1", ""},
		"by its number":     {func([]byte) []byte { return []byte{0xff} }, "#1", "1", ""},
		// Its ID leads to another package, and so is not believed.
		"another's ID": {func(v []byte) []byte { return append([]byte(strings.Replace(string(v), "\x011", "\x012", 1)), 7) }, "1", "1", ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
			defer cancel()
			cfg := disk.Config{Dir: "data", FS: vfs.NewMem()}
			store, err := disk.Open(cfg)
			if err != nil {
				t.Fatal(err)
			}
			defer func() { _ = store.Close() }()
			if err := store.Append(ctx, storePackage("1", "a"), storePackage("2", "a"), storePackage("3", "b")); err != nil {
				t.Fatal(err)
			}
			value, err := disk.Stored(store, 1)
			if err != nil {
				t.Fatal(err)
			}
			if err := disk.Damage(store, 1, row.damage(value)); err != nil {
				t.Fatal(err)
			}
			for range 2 { // as it is, and opened again
				leased(ctx, t, store, "3")
				stats, err := store.Stats(ctx)
				if err != nil || !strings.Contains(stats.Damaged, "cannot be read") || !strings.Contains(stats.Damaged, " 1;") {
					t.Fatalf("stats %+v, %v", stats, err)
				}
				if err := store.Close(); err != nil {
					t.Fatal(err)
				}
				if store, err = disk.Open(cfg); err != nil {
					t.Fatal(err)
				}
			}
			leased(ctx, t, store, "3")
			if n, err := store.Retry(ctx, row.id); n != 0 || err != nil {
				t.Fatalf("Retry = %d, %v", n, err)
			}
			if n, err := store.Drop(ctx, "#2", "#99", row.id, row.id); n != 1 || err != nil {
				t.Fatalf("Drop = %d, %v", n, err)
			}
			leased(ctx, t, store, "2")
			stats, err := store.Stats(ctx)
			if err != nil || stats.Damaged != "" || stats.Queued != 2 || stats.Lanes != 2 || stats.Leased != 2 {
				t.Fatalf("stats %+v, %v", stats, err)
			}
			last, err := store.Read(ctx, 0, 1)
			if err != nil || last[0].Outcome != engine.Dropped || last[0].Package.ID != row.dropped || last[0].Package.Kind != row.kind ||
				last[0].Package.Device != storePackage("1", "a").Device || !strings.Contains(last[0].Message, "could not be read") {
				t.Fatalf("the log has %+v, %v", last, err)
			}
			state, err := store.Package(ctx, "1")
			if err != nil || state.Status != engine.Done || state.Last != engine.Dropped {
				t.Fatalf("package %+v, %v", state, err)
			}
			// The last of a lane, and the ID is known for ever.
			if err := store.Append(ctx, storePackage("1", "a")); err != nil {
				t.Fatal(err)
			}
			if stats, err = store.Stats(ctx); err != nil || stats.Queued != 2 {
				t.Fatalf("stats %+v, %v", stats, err)
			}
		})
	}
}

// leased leases what can be, which must be one package.
func leased(ctx context.Context, t *testing.T, store *disk.Store, id string) {
	t.Helper()
	leases, err := store.Lease(ctx, 10)
	if err != nil || len(leases) != 1 || leases[0].Package.ID != id {
		t.Fatalf("leased %v, %v; want %s", leases, err, id)
	}
}

// TestDamagedAlone drops a damaged package that nothing is behind, and one whose session went before it.
func TestDamagedAlone(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	store, err := disk.Open(disk.Config{Dir: "data", FS: vfs.NewMem()})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = store.Close() }()
	if err := store.Append(ctx, storePackage("1", "a"), storePackage("2", "b")); err != nil {
		t.Fatal(err)
	}
	if err := disk.Damage(store, 1, []byte("x")); err != nil {
		t.Fatal(err)
	}
	leased(ctx, t, store, "2")
	if n, err := store.Drop(ctx, "1"); n != 1 || err != nil {
		t.Fatalf("Drop = %d, %v", n, err)
	}
	stats, err := store.Stats(ctx)
	if err != nil || stats.Queued != 1 || stats.Lanes != 1 || stats.Damaged != "" {
		t.Fatalf("stats %+v, %v", stats, err)
	}
	// The lane lives on.
	if err := store.Append(ctx, storePackage("4", "a"), storePackage("5", "a")); err != nil {
		t.Fatal(err)
	}
	leased(ctx, t, store, "4")
	// What is damaged behind the front is found when its turn comes, and stays until then.
	if err := disk.Damage(store, 4, []byte("x")); err != nil { // packages 1, 2, then 4 and 5 as the third and fourth
		t.Fatal(err)
	}
	if n, err := store.Drop(ctx, "5"); n != 0 || err != nil {
		t.Fatalf("Drop = %d, %v", n, err)
	}
	short, stop := context.WithTimeout(ctx, 10*time.Millisecond)
	defer stop()
	if _, err := store.Lease(short, 1); !errors.Is(err, context.DeadlineExceeded) {
		t.Fatal(err)
	}
	rows, _, err := store.Packages(ctx, engine.Filter{}, "", 10)
	if err != nil || len(rows) != 2 || slices.ContainsFunc(rows, func(p engine.PackageState) bool { return p.Package.ID == "5" }) {
		t.Fatalf("listed %v, %v", rows, err)
	}
}

// damagedPackages makes a store with n damaged packages, id1 and so on, each of a device of its own, and one that is not, good,
// which is leased.
func damagedPackages(ctx context.Context, t *testing.T, n int) *disk.Store {
	t.Helper()
	store, err := disk.Open(disk.Config{Dir: "data", FS: vfs.NewMem()})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = store.Close() })
	for i := range n {
		id := strconv.Itoa(i + 1)
		if err := store.Append(ctx, storePackage("id"+id, id)); err != nil {
			t.Fatal(err)
		}
		if err := disk.Damage(store, uint64(i+1), nil); err != nil {
			t.Fatal(err)
		}
	}
	if err := store.Append(ctx, storePackage("good", "good")); err != nil {
		t.Fatal(err)
	}
	leased(ctx, t, store, "good")
	return store
}

// TestManyDamaged drops packages by their numbers, also those whose IDs were not looked for at first.
func TestManyDamaged(t *testing.T) {
	t.Parallel()
	const n = 12
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	store := damagedPackages(ctx, t, n)
	var numbers []string
	for i := range n {
		numbers = append(numbers, "#"+strconv.Itoa(i+1))
	}
	stats, err := store.Stats(ctx)
	if err != nil || !strings.Contains(stats.Damaged, ": id1, id2, id3 and 9 more;") {
		t.Fatalf("stats %+v, %v", stats, err)
	}
	if dropped, err := store.Drop(ctx, numbers...); dropped != n || err != nil {
		t.Fatalf("Drop = %d, %v", dropped, err)
	}
	for i := range n {
		if state, err := store.Package(ctx, "id"+strconv.Itoa(i+1)); err != nil || state.Status != engine.Done {
			t.Errorf("package %+v, %v", state, err)
		}
	}
	if stats, err = store.Stats(ctx); err != nil || stats.Queued != 1 || stats.Damaged != "" {
		t.Errorf("stats %+v, %v", stats, err)
	}
}
