package disk_test

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"trackhook/engine"
	"trackhook/engine/disk"
	"trackhook/engine/disk/internal/format"

	"github.com/cockroachdb/pebble/v2/vfs"
	"github.com/rs/zerolog"
)

// respond sends packages, which leaves a response of each.
func respond(t *testing.T, store *disk.Store, ids ...string) {
	t.Helper()
	for _, id := range ids {
		if err := store.Append(t.Context(), storePackage(id, id)); err != nil {
			t.Fatal(err)
		}
	}
	leases, err := store.Lease(t.Context(), len(ids))
	if err != nil || len(leases) != len(ids) {
		t.Fatal(leases, err)
	}
	for i := range leases {
		s := engine.Settlement{Lease: leases[i], Verdict: engine.Remove, Response: engine.Response{Package: leases[i].Package, Outcome: engine.Delivered}}
		if err := store.Settle(t.Context(), s); err != nil {
			t.Fatal(err)
		}
	}
}

// TestDamagedCursor makes the cursor of a listener one that cannot be understood. The store opens, the listener misses
// nothing, and people are told whose cursor it was.
func TestDamagedCursor(t *testing.T) {
	t.Parallel()
	for versions, want := range map[int]uint64{1: 0, 2: 2} { // what another version has handled is known
		var log bytes.Buffer
		cfg := disk.Config{Dir: "data", FS: vfs.NewMem(), Log: zerolog.New(&log)}
		store, err := disk.Open(cfg)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := store.Enroll(t.Context(), "l"); err != nil {
			t.Fatal(err)
		}
		respond(t, store, "1", "2", "3", "4")
		for i := range versions {
			if err := store.Commit(t.Context(), "l", uint64(2*(i+1)), engine.Runs{Version: fmt.Sprint("v", i)}); err != nil { //nolint:gosec // small
				t.Fatal(err)
			}
		}
		if _, err := store.Runs(t.Context(), 1); err != nil { // all is written
			t.Fatal(err)
		}
		closeStore(t, store)
		if store, err = disk.Open(cfg); err != nil {
			t.Fatal(err)
		}
		if err := disk.DamageKey(store, format.CursorKey(nil, "l"), []byte("x")); err != nil {
			t.Fatal(err)
		}
		closeStore(t, store)
		to := fmt.Sprint("repaired ", versions)
		if report, err := disk.Repair(t.Context(), cfg, to); err != nil || report.WrongCount != 1 {
			t.Errorf("Repair = %+v, %v", report, err)
		}
		if store, err = disk.Open(disk.Config{Dir: to, FS: cfg.FS}); err != nil {
			t.Fatal(err)
		}
		if seq, err := store.Enroll(t.Context(), "l"); seq != want || err != nil {
			t.Errorf("after %d versions and a repair: Enroll = %d, %v; want %d", versions, seq, err, want)
		}
		closeStore(t, store)
		if store, err = disk.Open(cfg); err != nil {
			t.Fatalf("Open = %v", err)
		}
		if seq, err := store.Enroll(t.Context(), "l"); seq != want || err != nil {
			t.Errorf("after %d versions: Enroll = %d, %v; want %d", versions, seq, err, want)
		}
		if stats, err := store.Stats(t.Context()); err != nil || !strings.Contains(stats.Damaged, "could not be read of l; responses that were handled are handed over again") {
			t.Errorf("Stats = %+v, %v", stats, err)
		}
		if !strings.Contains(log.String(), `"listener":"l","after":`) {
			t.Errorf("the log says %s", &log)
		}
		closeStore(t, store)
		forgetsLost(t, cfg)
		if store, err = disk.Open(cfg); err != nil {
			t.Fatal(err)
		}
		if stats, err := store.Stats(t.Context()); err != nil || stats.Damaged != "" {
			t.Errorf("Stats = %+v, %v after it was written again", stats, err)
		}
		closeStore(t, store)
	}
}

// forgetsLost damages the cursor of "l" again in a copy of a store. It is told of, until the listener is forgotten.
func forgetsLost(t *testing.T, cfg disk.Config) {
	t.Helper()
	cfg.FS = copied(t, cfg.FS)
	for _, told := range []bool{false, true} {
		store, err := disk.Open(cfg)
		if err != nil {
			t.Fatal(err)
		}
		stats, err := store.Stats(t.Context())
		if err != nil || strings.Contains(stats.Damaged, "could not be read of l;") != told {
			t.Errorf("Stats = %+v, %v", stats, err)
		}
		if told {
			err = store.Forget(t.Context(), "l")
		} else {
			err = disk.DamageKey(store, format.CursorKey(nil, "l"), []byte("x"))
		}
		if stats, statsErr := store.Stats(t.Context()); err != nil || statsErr != nil || stats.Damaged != "" {
			t.Errorf("Stats = %+v, %v, %v", stats, err, statsErr)
		}
		closeStore(t, store)
	}
}

// TestHiddenCursor damages a block that holds cursors. Their listeners miss nothing, one that is new begins at the end of the
// log, and what is handled afterwards is known at the next start.
func TestHiddenCursor(t *testing.T) {
	t.Parallel()
	cfg := disk.Config{Dir: "data", FS: vfs.NewMem()}
	store, err := disk.Open(cfg)
	if err != nil {
		t.Fatal(err)
	}
	for n := range 1000 {
		if _, err := store.Enroll(t.Context(), fmt.Sprintf("listener %06d", n)); err != nil {
			t.Fatal(err)
		}
	}
	respond(t, store, "1", "2", "3")
	closeStore(t, store)
	hidden := string(damageBlock(t, cfg, format.Cursors)[1:])
	for _, want := range []uint64{0, 3} {
		if store, err = disk.Open(cfg); err != nil {
			t.Fatal(err)
		}
		if seq, err := store.Enroll(t.Context(), hidden); seq != want || err != nil {
			t.Errorf("Enroll = %d, %v; want %d", seq, err, want)
		}
		if stats, err := store.Stats(t.Context()); err != nil || strings.Contains(stats.Damaged, "could not be read of "+hidden) != (want == 0) {
			t.Errorf("Stats = %+v, %v", stats, err)
		}
		if seq, err := store.Enroll(t.Context(), "new"); seq != 3 || err != nil {
			t.Errorf("Enroll of one that is new = %d, %v", seq, err)
		}
		if err := store.Commit(t.Context(), hidden, 3, engine.Runs{Version: "v"}); err != nil {
			t.Fatal(err)
		}
		closeStore(t, store)
	}
}
