package disk_test

import (
	"fmt"
	"io"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"testing"

	"trackhook/engine/disk"

	"github.com/cockroachdb/pebble/v2/vfs"
	"github.com/cockroachdb/pebble/v2/vfs/errorfs"
)

// killed returns the files of a store in the directory "data" that has taken n packages in and was killed. cfg is how it
// was opened.
func killed(t *testing.T, cfg disk.Config, n int) *vfs.MemFS {
	t.Helper()
	files := vfs.NewCrashableMem()
	cfg.Dir, cfg.FS, cfg.RetainCounts = "data", files, keepCounts
	store, err := disk.Open(cfg)
	if err != nil {
		t.Fatal(err)
	}
	for i := range n {
		if err := store.Append(t.Context(), storePackage(fmt.Sprint("p", i), fmt.Sprint("d", i%7))); err != nil {
			t.Fatal(err)
		}
	}
	left := files.CrashClone(vfs.CrashCloneCfg{})
	closeStore(t, store)
	return left
}

// openKilled opens what killed returned.
func openKilled(files vfs.FS) (*disk.Store, error) {
	return disk.Open(disk.Config{Dir: "data", FS: files, RetainCounts: keepCounts})
}

// named returns the names of files in "data" that have a prefix and a suffix, in order.
func named(t *testing.T, files vfs.FS, prefix, suffix string) (names []string) {
	t.Helper()
	all, err := files.List("data")
	if err != nil {
		t.Fatal(err)
	}
	slices.Sort(all)
	for _, name := range all {
		if strings.HasPrefix(name, prefix) && strings.HasSuffix(name, suffix) {
			names = append(names, name)
		}
	}
	return names
}

// change changes the bytes of a file in "data".
func change(t *testing.T, files vfs.FS, name string, change func(text []byte) []byte) {
	t.Helper()
	path := files.PathJoin("data", name)
	f, err := files.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	text, err := io.ReadAll(f)
	if err != nil {
		t.Fatal(err)
	}
	_ = f.Close()
	if f, err = files.Create(path, vfs.WriteCategoryUnspecified); err != nil {
		t.Fatal(err)
	}
	if _, err := f.Write(change(text)); err != nil {
		t.Fatal(err)
	}
	_ = f.Close()
}

// refused checks that Open says what is wrong and what to do, names the directory once, and removes nothing.
func refused(t *testing.T, files vfs.FS, wants ...string) {
	t.Helper()
	before := named(t, files, "", "")
	store, err := openKilled(files)
	if err == nil {
		closeStore(t, store)
		t.Fatalf("Open works, want an error that says %q", wants)
	}
	for _, want := range append(wants, "open store data", "`trackhook store verify`", "`trackhook store repair --to DIR`") {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("Open = %v, want it to say %q", err, want)
		}
	}
	for _, bad := range []string{"carrier", "pebble: ", "\n", "data/", `"data"`} {
		if strings.Contains(err.Error(), bad) {
			t.Errorf("Open = %v, and says %q", err, bad)
		}
	}
	for _, name := range before {
		if _, err := files.Stat(files.PathJoin("data", name)); err != nil && name != "OWNER" {
			t.Errorf("%s is gone", name)
		}
	}
}

// TestMissingMarker removes the empty files by which a store is found, as a copy that leaves empty files out does.
func TestMissingMarker(t *testing.T) {
	t.Parallel()
	for _, marker := range []string{"marker.manifest.", "marker.format-version."} {
		for _, closed := range []bool{false, true} {
			files := killed(t, disk.Config{}, 50)
			if closed {
				store, err := openKilled(files)
				if err != nil {
					t.Fatal(err)
				}
				closeStore(t, store)
			}
			for _, name := range named(t, files, marker, "") {
				if err := files.Remove(files.PathJoin("data", name)); err != nil {
					t.Fatal(err)
				}
			}
			refused(t, files, marker)
		}
	}
	files := killed(t, disk.Config{}, 50)
	for _, name := range named(t, files, "MANIFEST-", "") {
		if err := files.Remove(files.PathJoin("data", name)); err != nil {
			t.Fatal(err)
		}
	}
	refused(t, files, "MANIFEST-")
}

// TestDamagedOptions shows that a file which nothing depends on is made anew.
func TestDamagedOptions(t *testing.T) {
	t.Parallel()
	for damage, change1 := range map[string]func([]byte) []byte{
		"cut":      func(text []byte) []byte { return text[:len(text)/2] },
		"flipped":  func(text []byte) []byte { return []byte(strings.Replace(string(text), "=", "}", 3)) },
		"comparer": func(text []byte) []byte { return []byte(strings.ReplaceAll(string(text), "leveldb", "leveldc")) },
		"empty":    func([]byte) []byte { return nil },
	} {
		files := killed(t, disk.Config{}, 50)
		for _, name := range named(t, files, "OPTIONS-", "") {
			change(t, files, name, change1)
		}
		store, err := openKilled(files)
		if err != nil {
			t.Errorf("%s: Open = %v", damage, err)
			continue
		}
		if stats, err := store.Stats(t.Context()); err != nil || stats.Queued != 50 {
			t.Errorf("%s: Stats = %+v, %v", damage, stats, err)
		}
		closeStore(t, store)
	}
}

// TestCrashWhileMade lets the making of a store crash before every operation that changes the disk. What is left is
// opened or made anew: never refused.
func TestCrashWhileMade(t *testing.T) {
	t.Parallel()
	files := vfs.NewCrashableMem()
	var mu sync.Mutex
	var crashes []*vfs.MemFS
	observe := func(op errorfs.Op) error {
		if op.Kind.ReadOrWrite() != errorfs.OpIsWrite {
			return nil
		}
		mu.Lock()
		defer mu.Unlock()
		for _, percent := range []int{0, 50, 100} {
			crashes = append(crashes, files.CrashClone(vfs.CrashCloneCfg{UnsyncedDataPercent: percent, RNG: rand.New(rand.NewPCG(1, uint64(len(crashes))))}))
		}
		return nil
	}
	store, err := disk.Open(disk.Config{Dir: "data", FS: errorfs.Wrap(files, errorfs.InjectorFunc(observe))})
	if err != nil {
		t.Fatal(err)
	}
	if err := store.Append(t.Context(), storePackage("1", "a")); err != nil {
		t.Fatal(err)
	}
	closeStore(t, store)
	mu.Lock()
	defer mu.Unlock()
	for i, crash := range crashes {
		store, err := openKilled(crash)
		if err != nil {
			t.Fatalf("crash %d: Open = %v", i, err)
		}
		closeStore(t, store)
	}
	if len(crashes) < 100 {
		t.Errorf("only %d crashes", len(crashes))
	}
}
