package disk_test

import (
	"context"
	"strconv"
	"testing"
	"time"

	"trackhook/engine"
	"trackhook/engine/disk"

	"github.com/cockroachdb/pebble/v2/vfs"
)

// TestFreshAndStored leases the same packages from a store that has just taken them in and, after it was opened again, from the
// disk: they must not differ, nor may the order.
func TestFreshAndStored(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	cfg := disk.WithMemTable(disk.Config{Dir: "data", FS: vfs.NewMem()}, 64<<10)
	store, err := disk.Open(cfg)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = store.Close() }()
	const lanes, each = 50, 40
	for n := range lanes * each {
		p := storePackage(strconv.Itoa(n), "d"+strconv.Itoa(n%lanes))
		p.CallbackParams = map[string]string{"n": strconv.Itoa(n), "empty": ""}
		if err := store.Append(ctx, p); err != nil {
			t.Fatal(err)
		}
	}
	// Half of it as it came in, half of it from the disk, in each half with lanes that are put back and leased again.
	next := 0
	for round := range each {
		if round == each/2 {
			if err := store.Close(); err != nil {
				t.Fatal(err)
			}
			if store, err = disk.Open(cfg); err != nil {
				t.Fatal(err)
			}
		}
		for again := range 2 {
			got := leaseAll(ctx, t, store, lanes)
			for i, l := range got {
				n := strconv.Itoa(next + i)
				if p := l.Package; p.ID != n || p.CallbackParams["n"] != n || len(p.CallbackParams) != 2 || p.Device != "external_device_id=d"+strconv.Itoa(i) {
					t.Fatalf("round %d.%d: lease %d is %+v, want package %s", round, again, i, p, n)
				}
				s := delivered(l)
				if again == 0 {
					s.Verdict, s.Due = engine.Return, time.Now()
				}
				if err := store.Settle(ctx, s); err != nil {
					t.Fatal(err)
				}
			}
		}
		next += lanes
	}
}

// leaseAll leases until it has so many, which it returns in the order of their devices.
func leaseAll(ctx context.Context, t *testing.T, store *disk.Store, many int) []engine.Lease {
	t.Helper()
	all := make([]engine.Lease, many)
	for n := 0; n < many; {
		leases, err := store.Lease(ctx, many-n)
		if err != nil {
			t.Fatal(err)
		}
		for _, l := range leases {
			id, err := strconv.Atoi(l.Package.ID)
			if err != nil {
				t.Fatal(err)
			}
			all[id%many] = l
		}
		n += len(leases)
	}
	return all
}

// TestLongLane empties a lane that is longer than what is known of it from memory, with packages dropped out of its middle and
// others put at its end meanwhile, and the store opened again now and then.
func TestLongLane(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	cfg := disk.Config{Dir: "data", FS: vfs.NewMem()}
	store, err := disk.Open(cfg)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = store.Close() }()
	var want []string
	add := func(many int) {
		for range many {
			id := "p" + strconv.Itoa(len(want))
			want = append(want, id)
			if err := store.Append(ctx, storePackage(id, "d")); err != nil {
				t.Fatal(err)
			}
		}
	}
	dropped := map[string]bool{}
	add(60)
	for n := 0; n < len(want); n++ {
		switch {
		case n%23 == 22:
			if err := store.Close(); err != nil {
				t.Fatal(err)
			}
			if store, err = disk.Open(cfg); err != nil {
				t.Fatal(err)
			}
		case n%7 == 6 && n+12 < len(want):
			ids := []string{want[n+3], want[n], want[n+11], want[n+1]} // the head of the lane is among them
			if many, err := store.Drop(ctx, ids...); err != nil {
				t.Fatal(err)
			} else if many == 0 {
				t.Fatalf("nothing of %v was dropped", ids)
			}
			for _, id := range ids {
				dropped[id] = true
			}
		}
		if len(want) < 120 {
			add(1)
		}
		if dropped[want[n]] {
			continue
		}
		leases, err := store.Lease(ctx, 1)
		if err != nil || len(leases) != 1 || leases[0].Package.ID != want[n] {
			t.Fatalf("leased %v, %v; want %s", leases, err, want[n])
		}
		if err := store.Settle(ctx, delivered(leases[0])); err != nil {
			t.Fatal(err)
		}
	}
	stats, err := store.Stats(ctx)
	if err != nil || stats.Queued != 0 || stats.Lanes != 0 {
		t.Fatalf("at the end %+v, %v", stats, err)
	}
}
