package disk_test

import (
	"fmt"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"trackhook/engine"
	"trackhook/engine/disk"

	"github.com/cockroachdb/pebble/v2/vfs"
)

// TestGroupsEnd closes the store, or lets its disk fail for a while, at moments when groups wait for the disk, for more
// requests, or for their turn. Every producer is answered, and what was accepted is there once and in order.
func TestGroupsEnd(t *testing.T) {
	const producers = 12
	for _, fails := range []bool{false, true} {
		for at := time.Millisecond; at < 40*time.Millisecond; at += 1300 * time.Microsecond {
			synctest.Test(t, func(t *testing.T) {
				mem, slow := vfs.NewMem(), &slowSync{takes: 5 * time.Millisecond}
				cfg := disk.Config{Dir: "data", FS: wrap(mem, slow)}
				store, err := disk.Open(cfg)
				if err != nil {
					t.Fatal(err)
				}
				accepted := make([][]string, producers)
				var all sync.WaitGroup
				for producer := range producers {
					all.Go(func() {
						for n := range 60 {
							id := fmt.Sprint(producer, "-", n)
							if err := store.Append(t.Context(), storePackage(id, fmt.Sprint("d", producer))); err == nil {
								accepted[producer] = append(accepted[producer], id)
							}
							<-time.After(time.Duration(producer) * 150 * time.Microsecond)
						}
					})
				}
				<-time.After(at)
				if fails {
					slow.broken.Store(true)
					<-time.After(20 * time.Millisecond)
					slow.broken.Store(false)
					all.Wait()
					// What reached the disk although it was refused is taken back when the store heals.
					err := store.Append(t.Context(), storePackage("probe", "probe"))
					for n := 0; err != nil && n < 600; n++ {
						<-time.After(time.Second)
						err = store.Append(t.Context(), storePackage("probe", "probe"))
					}
					if err != nil {
						t.Fatalf("failing at %v, the store did not heal: %v", at, err)
					}
				}
				slow.quick.Store(true)
				closed := store.Close()
				all.Wait()
				if closed != nil && !fails {
					t.Errorf("Close: %v", closed)
				}
				if store, err = disk.Open(disk.Config{Dir: "data", FS: mem}); err != nil {
					t.Fatal(err)
				}
				got := map[string][]string{}
				for page := ""; ; {
					rows, next, err := store.Packages(t.Context(), engine.Filter{}, page, 100)
					if err != nil {
						t.Fatal(err)
					}
					for _, row := range rows {
						got[row.Package.Device] = append(got[row.Package.Device], row.Package.ID)
					}
					if page = next; page == "" {
						break
					}
				}
				for producer, want := range accepted {
					if have := got[storePackage("", fmt.Sprint("d", producer)).Device]; fmt.Sprint(have) != fmt.Sprint(want) {
						t.Errorf("ended at %v, failing %v: producer %d has %v, accepted were %v", at, fails, producer, have, want)
					}
				}
				if err := store.Close(); err != nil {
					t.Error(err)
				}
			})
		}
	}
}
