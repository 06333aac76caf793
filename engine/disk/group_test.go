package disk_test

import (
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"trackhook/engine/disk"

	"github.com/cockroachdb/pebble/v2/vfs"
	"github.com/cockroachdb/pebble/v2/vfs/errorfs"
)

// slowSync is a file system whose disk takes its time for each fsync of the log, and fails them while broken is true. It
// counts them.
//
// It must be made quick before the store is closed: Pebble syncs its log then while it holds a mutex, and time stands still
// in a bubble as long as another of its goroutines waits for that.
type slowSync struct {
	takes  time.Duration
	quick  atomic.Bool
	broken atomic.Bool
	count  atomic.Int64
}

func (s *slowSync) MaybeError(op errorfs.Op) error {
	if op.Kind == errorfs.OpFileSyncData {
		s.count.Add(1)
		if !s.quick.Load() {
			<-time.After(s.takes)
		}
		if s.broken.Load() {
			return errorfs.ErrInjected
		}
	}
	return nil
}

func (*slowSync) String() string { return "slow fsync" }

// TestProducersShareSyncs lets producers come back at different times, a little after their package was accepted: one
// fsync serves them all, and a producer alone does not wait for others.
func TestProducersShareSyncs(t *testing.T) {
	const producers, rounds = 64, 20
	synctest.Test(t, func(t *testing.T) {
		slow := &slowSync{takes: 10 * time.Millisecond}
		store, err := disk.Open(disk.Config{Dir: "data", FS: wrap(vfs.NewMem(), slow)})
		if err != nil {
			t.Fatal(err)
		}
		slow.count.Store(0)
		var all sync.WaitGroup
		for producer := range producers {
			all.Go(func() {
				for round := range rounds {
					id := fmt.Sprint(producer, "-", round)
					if err := store.Append(t.Context(), storePackage(id, id)); err != nil {
						t.Error(err)
					}
					<-time.After(time.Duration(producer) * 10 * time.Microsecond)
				}
			})
		}
		all.Wait()
		if n := slow.count.Load(); n > rounds+rounds/4 {
			t.Errorf("%d producers took %d fsyncs for %d packages each", producers, n, rounds)
		}

		// The crowd is gone. That is waited for once.
		slow.count.Store(0)
		for round := range 3 {
			start := time.Now()
			id := fmt.Sprint("alone ", round)
			if err := store.Append(t.Context(), storePackage(id, id)); err != nil {
				t.Fatal(err)
			}
			if took := time.Since(start); round > 0 && took != slow.takes {
				t.Errorf("package %d of a producer alone took %v, and an fsync takes %v", round, took, slow.takes)
			}
		}
		slow.quick.Store(true)
		if err := store.Close(); err != nil {
			t.Fatal(err)
		}
	})
}
