package disk_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"trackhook/engine"
	"trackhook/engine/disk"

	"github.com/cockroachdb/pebble/v2/vfs"
)

// waitForStats waits until Stats fails, or works.
func waitForStats(t *testing.T, store *disk.Store, works bool) (err error) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	for {
		if _, err = store.Stats(ctx); (err == nil) == works {
			return err
		}
		select {
		case <-time.After(10 * time.Millisecond):
		case <-ctx.Done():
			t.Fatalf("Stats is %v after a minute", err)
		}
	}
}

// TestFolderGoes takes the data folder from a running store in each way. On most systems its open files can still be
// written, so nothing fails by itself.
func TestFolderGoes(t *testing.T) {
	t.Parallel()
	for name, take := range map[string]func(dir string) error{
		"removed":  os.RemoveAll,
		"moved":    func(dir string) error { return os.Rename(dir, dir+" moved") },
		"unlocked": func(dir string) error { return os.Remove(filepath.Join(dir, "LOCK")) },
		"replaced": func(dir string) error {
			return errors.Join(os.Rename(dir, dir+" moved"), os.Mkdir(dir, 0o700), os.WriteFile(filepath.Join(dir, "LOCK"), nil, 0o600))
		},
	} {
		for _, idle := range []bool{true, false} {
			t.Run(name+map[bool]string{true: "/idle", false: "/appending"}[idle], func(t *testing.T) {
				t.Parallel()
				dir := filepath.Join(t.TempDir(), "data")
				store, err := disk.Open(disk.Config{Dir: dir})
				if err != nil {
					t.Fatal(err)
				}
				if err := store.Append(t.Context(), storePackage("1", "a")); err != nil {
					t.Fatal(err)
				}
				if err := take(dir); err != nil {
					t.Skipf("this system does not let go of a folder in use: %v", err)
				}
				before, _ := filepath.Glob(filepath.Join(dir, "*"))
				if idle {
					err = waitForStats(t, store, false)
				} else {
					err = store.Append(t.Context(), storePackage("2", "a"))
				}
				if err == nil || !strings.Contains(err.Error(), "is not the one that was opened") {
					t.Errorf("the error is %v", err)
				}
				// Healing has been tried at least once when the text has changed.
				for !strings.Contains(err.Error(), "cannot be written since") {
					<-time.After(10 * time.Millisecond)
					if _, err = store.Stats(t.Context()); err == nil {
						t.Fatal("it has healed")
					}
				}
				if !strings.Contains(err.Error(), "or restart") {
					t.Errorf("the error does not say what to do: %v", err)
				}
				if err := store.Close(); err != nil {
					t.Errorf("Close: %v", err)
				}
				if after, _ := filepath.Glob(filepath.Join(dir, "*")); len(after) != len(before) && name != "unlocked" {
					t.Errorf("the folder held %v, and now %v", before, after)
				}
			})
		}
	}
}

// TestFolderComesBack shows that nothing is lost when the folder was away for a while.
func TestFolderComesBack(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "data")
	store, err := disk.Open(disk.Config{Dir: dir})
	if err != nil {
		t.Fatal(err)
	}
	if err := store.Append(t.Context(), storePackage("1", "a")); err != nil {
		t.Fatal(err)
	}
	if err := os.Rename(dir, dir+" moved"); err != nil {
		t.Skipf("this system does not let go of a folder in use: %v", err)
	}
	_ = waitForStats(t, store, false)
	if err := os.Rename(dir+" moved", dir); err != nil {
		t.Fatal(err)
	}
	_ = waitForStats(t, store, true)
	if err := store.Append(t.Context(), storePackage("2", "a")); err != nil {
		t.Error(err)
	}
	if stats, err := store.Stats(t.Context()); err != nil || stats.Queued != 2 {
		t.Errorf("Stats = %+v, %v", stats, err)
	}
	closeStore(t, store)
}

// TestFolderInMemoryGoes shows the same where files have no numbers.
func TestFolderInMemoryGoes(t *testing.T) {
	t.Parallel()
	files := vfs.NewMem()
	store, err := disk.Open(disk.Config{Dir: "data", FS: files})
	if err != nil {
		t.Fatal(err)
	}
	// So that the log in use is complete, which it is at some time after the store was opened otherwise.
	if err := store.Append(t.Context(), storePackage("0", "a")); err != nil {
		t.Fatal(err)
	}
	if err := files.Rename("data", "moved"); err != nil {
		t.Fatal(err)
	}
	if err := store.Append(t.Context(), storePackage("1", "a")); err == nil || errors.Is(err, engine.ErrFull) {
		t.Errorf("Append = %v", err)
	}
	if err := store.Close(); err != nil {
		t.Error(err)
	}
	if _, err := files.Stat("data"); err == nil {
		t.Error("the folder was made again")
	}
}
