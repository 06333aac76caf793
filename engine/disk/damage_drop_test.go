package disk_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"trackhook/engine"
	"trackhook/engine/disk"

	"github.com/cockroachdb/pebble/v2/vfs"
)

// TestDamagedByIDThatWasNotLookedFor drops a damaged package by its ID when so many are damaged that its own was not
// looked for. The ID must not be taken for a queued package afterwards.
func TestDamagedByIDThatWasNotLookedFor(t *testing.T) {
	t.Parallel()
	const n = 12
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	store := damagedPackages(ctx, t, n)
	var ids []string
	for i := range n {
		ids = append(ids, fmt.Sprint("id", i+1))
	}
	if dropped, err := store.Drop(ctx, ids...); dropped != n || err != nil {
		t.Fatalf("Drop = %d, %v", dropped, err)
	}
	for _, id := range ids {
		if state, err := store.Package(ctx, id); err != nil || state.Status != engine.Done {
			t.Errorf("package %+v, %v", state, err)
		}
	}
}

// TestDamagedLane has a damaged package beside a lane whose record is damaged. Both wait, neither takes a place under the
// limit of its app, what is appended to the lane is refused, and all else goes on.
func TestDamagedLane(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	cfg := disk.Config{Dir: "data", FS: vfs.NewMem()}
	store, err := disk.Open(cfg)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = store.Close() }()
	packages := []engine.Package{storePackage("1", "a"), storePackage("2", "b"), storePackage("3", "c"), storePackage("4", "d")}
	if err := store.Append(ctx, packages...); err != nil {
		t.Fatal(err)
	}
	if err := disk.Damage(store, 1, []byte("x")); err != nil {
		t.Fatal(err)
	}
	if err := store.Close(); err != nil {
		t.Fatal(err)
	}
	if store, err = disk.Open(cfg); err != nil { // so that lanes are read from the disk
		t.Fatal(err)
	}
	lane := packages[1].Lane()
	mend, err := disk.DamageLane(store, lane)
	if err != nil {
		t.Fatal(err)
	}
	store.Limit(lane.App, 1)
	for _, id := range []string{"3", "4"} {
		leases, err := store.Lease(ctx, 10)
		if err != nil || len(leases) != 1 || leases[0].Package.ID != id {
			t.Fatalf("leased %v, %v; want %s", leases, err, id)
		}
		if err := store.Settle(ctx, settlements(leases)...); err != nil {
			t.Fatal(err)
		}
	}
	stats, err := store.Stats(ctx)
	if err != nil || !strings.Contains(stats.Damaged, "of 1 devices the place in the queue cannot be read") || !strings.Contains(stats.Damaged, " 1;") {
		t.Fatalf("stats %+v, %v", stats, err)
	}
	if err := store.Append(ctx, storePackage("5", "b")); err == nil || !strings.Contains(err.Error(), "damaged") {
		t.Fatalf("Append to the damaged lane: %v", err)
	}
	if err := store.Append(ctx, storePackage("6", "e")); err != nil {
		t.Fatal(err)
	}
	leased(ctx, t, store, "6")
	if err := errors.Join(mend(), store.Close()); err != nil {
		t.Fatal(err)
	}
	if store, err = disk.Open(cfg); err != nil {
		t.Fatal(err)
	}
	leases, err := store.Lease(ctx, 10)
	if err != nil || len(leases) != 2 || leases[0].Package.ID != "2" {
		t.Fatalf("leased %v, %v; want 2 and 6", leases, err)
	}
}

// TestHastenBesideDamage hastens what waits beside a package and a lane that cannot be read. The package is found out, the
// lane is left alone, and all else is due.
func TestHastenBesideDamage(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	cfg := disk.Config{Dir: "data", FS: vfs.NewMem()}
	store, err := disk.Open(cfg)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = store.Close() }()
	packages := []engine.Package{storePackage("1", "a"), storePackage("2", "b"), storePackage("3", "c"), storePackage("4", "a")}
	if err := store.Append(ctx, packages...); err != nil {
		t.Fatal(err)
	}
	leases, err := store.Lease(ctx, 10)
	if err != nil || len(leases) != 3 {
		t.Fatalf("leased %v, %v", leases, err)
	}
	later := settlements(leases)
	for i := range later {
		later[i].Verdict, later[i].Due = engine.Requeue, time.Now().Add(time.Duration(i+1)*time.Hour)
	}
	if err := store.Settle(ctx, later...); err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(disk.Damage(store, 1, []byte("x")), store.Close()); err != nil {
		t.Fatal(err)
	}
	if store, err = disk.Open(cfg); err != nil { // so that lanes are read from the disk
		t.Fatal(err)
	}
	mend, err := disk.DamageLane(store, packages[1].Lane())
	if err != nil {
		t.Fatal(err)
	}
	if n, err := store.Hasten(ctx, packages[0].App, 10); n != 2 || err != nil {
		t.Fatalf("Hasten = %d, %v, want 2", n, err)
	}
	leased(ctx, t, store, "3")
	if stats, err := store.Stats(ctx); err != nil || !strings.Contains(stats.Damaged, " 1;") || strings.Contains(stats.Damaged, "devices") {
		t.Fatalf("stats %+v, %v", stats, err)
	}
	if n, err := store.Drop(ctx, "1"); n != 1 || err != nil {
		t.Fatalf("Drop = %d, %v", n, err)
	}
	leased(ctx, t, store, "4")
	if err := mend(); err != nil {
		t.Fatal(err)
	}
	if n, err := store.Hasten(ctx, packages[0].App, 10); n != 1 || err != nil {
		t.Fatalf("Hasten = %d, %v, want 1", n, err)
	}
	leased(ctx, t, store, "2")
}
