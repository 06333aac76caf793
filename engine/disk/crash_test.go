package disk_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"sync"
	"testing"
	"time"

	"trackhook/engine/disk"
	"trackhook/engine/storetest"

	"github.com/cockroachdb/pebble/v2/vfs"
	"github.com/cockroachdb/pebble/v2/vfs/errorfs"
)

// crash is what a crash at one moment would have left, and what a store opened on it may hold.
type crash struct {
	files  *vfs.MemFS
	models []*storetest.Model
}

// crasher takes a crash just before every sync of a file or directory, which is when most is at stake, and before every
// file is made, renamed or removed.
type crasher struct {
	files *vfs.MemFS

	mu      sync.Mutex
	chance  *rand.Rand         // guarded by mu
	history *storetest.History // guarded by mu
	crashes []crash            // guarded by mu
}

// observe sees every operation before it is carried out. It never injects an error.
func (c *crasher) observe(op errorfs.Op) error {
	switch op.Kind {
	case errorfs.OpFileSync, errorfs.OpFileSyncData, errorfs.OpFileSyncTo, errorfs.OpRename, errorfs.OpCreate, errorfs.OpRemove:
	default:
		return nil
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.history == nil {
		return nil
	}
	sure, maybe := c.history.Models()
	clone := c.files.CrashClone(vfs.CrashCloneCfg{
		UnsyncedDataPercent: []int{0, 50, 100}[c.chance.IntN(3)],
		RNG:                 rand.New(rand.NewPCG(c.chance.Uint64(), 0)),
	})
	// A sync in the background may have let the history go on meanwhile.
	laterSure, laterMaybe := c.history.Models()
	cr := crash{files: clone}
	for _, m := range []*storetest.Model{sure, maybe, laterSure, laterMaybe} {
		if m != nil {
			cr.models = append(cr.models, m)
		}
	}
	c.crashes = append(c.crashes, cr)
	return nil
}

func (c *crasher) begin(h *storetest.History) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.history = h
}

func (c *crasher) take() []crash {
	c.mu.Lock()
	defer c.mu.Unlock()
	taken := c.crashes
	c.crashes = nil
	return taken
}

// TestCrash lets random histories crash at every sync point and compares what a store finds afterwards with the model:
// nothing acknowledged is lost, nothing settled comes back, order is kept, and no cursor is ahead.
func TestCrash(t *testing.T) {
	t.Parallel()
	seeds, steps := 2, 120
	if os.Getenv("TRACKHOOK_LONG") != "" {
		seeds, steps = 4, 800
	}
	for seed := range seeds {
		t.Run(fmt.Sprint("seed=", seed), func(t *testing.T) {
			t.Parallel()
			files := vfs.NewCrashableMem()
			c := &crasher{files: files, chance: rand.New(rand.NewPCG(uint64(seed), 1))}
			cfg := disk.WithMemTable(disk.Config{RetainCounts: keepCounts, Dir: "data", FS: wrap(files, errorfs.InjectorFunc(c.observe))}, 32<<10)
			store, err := disk.Open(cfg)
			if err != nil {
				t.Fatal(err)
			}
			chance := rand.New(rand.NewPCG(uint64(seed), 2))
			history := storetest.NewHistory(store, chance.IntN)
			c.begin(history)
			ctx, cancel := context.WithTimeout(context.Background(), 10*time.Minute)
			defer cancel()
			checked := 0
			for step := range steps {
				if err := history.Step(ctx); err != nil {
					t.Fatalf("step %d: %v", step, err)
				}
				for _, cr := range c.take() {
					checked++
					checkCrash(ctx, t, cr, step)
				}
			}
			c.begin(nil)
			if err := store.Close(); err != nil {
				t.Fatal(err)
			}
			if checked < steps/8 {
				t.Errorf("only %d crashes in %d steps", checked, steps)
			}
			t.Logf("%d crashes", checked)
		})
	}
}

func checkCrash(ctx context.Context, t *testing.T, cr crash, step int) {
	t.Helper()
	store, err := disk.Open(disk.Config{RetainCounts: keepCounts, Dir: "data", FS: cr.files}) //nolint:contextcheck // Open outlives the test's context
	if err != nil {
		t.Fatalf("step %d: open after the crash: %v", step, err)
	}
	got, err := storetest.Contents(ctx, store)
	if err != nil {
		t.Fatalf("step %d: read after the crash: %v", step, err)
	}
	if err := store.Close(); err != nil {
		t.Fatalf("step %d: close after the crash: %v", step, err)
	}
	var diff string
	for _, m := range cr.models {
		if diff = m.Diff(got, true); diff == "" {
			return
		}
	}
	t.Fatalf("step %d: after the crash the store holds neither what was acknowledged nor that and the step in hand (-want +got):\n%s", step, diff)
}
