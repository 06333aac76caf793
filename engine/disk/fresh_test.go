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
