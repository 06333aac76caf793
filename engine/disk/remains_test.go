package disk_test

import (
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"trackhook/engine/disk"
	"trackhook/engine/disk/internal/folder"

	"github.com/cockroachdb/pebble/v2"
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

// copied returns a copy of the directory "data".
func copied(t *testing.T, files vfs.FS) *vfs.MemFS {
	t.Helper()
	to := vfs.NewMem()
	if ok, err := vfs.Clone(files, to, "data", "data"); !ok || err != nil {
		t.Fatalf("copy: %v, %v", ok, err)
	}
	return to
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
	if _, err := openKilled(files); err == nil || !strings.Contains(err.Error(), "the manifest is damaged or missing") ||
		!strings.Contains(err.Error(), "cannot save anything") {
		t.Errorf("Open = %v", err)
	}
}

// TestMissingLog removes each log of a store that was killed, with and without tables beside it.
func TestMissingLog(t *testing.T) {
	t.Parallel()
	for _, cfg := range []disk.Config{{}, disk.WithMemTable(disk.Config{}, 32<<10)} {
		left := killed(t, cfg, 400)
		oldest := folder.OldestLog(left, "data")
		needed := 0
		for _, name := range named(t, left, "", ".log") {
			files := copied(t, left)
			if err := files.Remove(files.PathJoin("data", name)); err != nil {
				t.Fatal(err)
			}
			if name >= fmt.Sprintf("%06d.log", oldest) {
				needed++
				refused(t, files, name, "missing")
				continue
			}
			store, err := openKilled(files)
			if err != nil {
				t.Errorf("without %s, which is not needed: Open = %v", name, err)
				continue
			}
			if stats, err := store.Stats(t.Context()); err != nil || stats.Queued != 400 {
				t.Errorf("without %s: Stats = %+v, %v", name, stats, err)
			}
			closeStore(t, store)
		}
		if needed == 0 || oldest == 0 {
			t.Errorf("no log was needed of %v, from %d on", named(t, left, "", ".log"), oldest)
		}
	}
}

// TestMissingBeginning shows that a store without its first entries is not taken for new: number 1 would be given out again.
func TestMissingBeginning(t *testing.T) {
	t.Parallel()
	files := killed(t, disk.Config{}, 50)
	db, err := pebble.Open("data", &pebble.Options{FS: files, Logger: quiet{}})
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(db.Delete([]byte("mformat"), pebble.Sync), db.Delete([]byte("mstate"), pebble.Sync), db.Close()); err != nil {
		t.Fatal(err)
	}
	if _, err = openKilled(files); err == nil || !strings.Contains(err.Error(), "first log is missing") {
		t.Errorf("Open = %v", err)
	}
}

// TestLogsFile shows that a store of before the file of logs is opened and gets one, and that a damaged one is said.
func TestLogsFile(t *testing.T) {
	t.Parallel()
	files := killed(t, disk.Config{}, 50)
	change(t, files, "LOGS", func(text []byte) []byte { return append(text[:3], text[4:]...) })
	if _, err := openKilled(files); err == nil || !strings.Contains(err.Error(), "the file LOGS") || !strings.Contains(err.Error(), "remove it") {
		t.Errorf("Open = %v", err)
	}
	if err := files.Remove("data/LOGS"); err != nil {
		t.Fatal(err)
	}
	store, err := openKilled(files)
	if err != nil {
		t.Fatal(err)
	}
	if stats, err := store.Stats(t.Context()); err != nil || stats.Queued != 50 {
		t.Errorf("Stats = %+v, %v", stats, err)
	}
	closeStore(t, store)
	if len(named(t, files, "LOGS", "")) != 1 {
		t.Error("there is no file of logs")
	}
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
	store, err := disk.Open(disk.Config{Dir: "data", FS: wrap(files, errorfs.InjectorFunc(observe))})
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

// TestFlippedBit flips one bit at many places of each log of a store that was never closed. What was accepted is all there,
// or the refusal says that it is not.
func TestFlippedBit(t *testing.T) {
	t.Parallel()
	const packages = 300
	left := killed(t, disk.Config{}, packages)
	chance := rand.New(rand.NewPCG(7, 7))
	opened, flips := 0, 60
	for range flips {
		files := copied(t, left)
		logs := named(t, files, "", ".log")
		name, at, of := logs[chance.IntN(len(logs))], 0, 0
		change(t, files, name, func(text []byte) []byte {
			at, of = chance.IntN(max(len(text), 1)), len(text)
			if at < len(text) {
				text[at] ^= 1 << chance.IntN(8)
			}
			return text
		})
		store, err := openKilled(files)
		if err != nil {
			if !strings.Contains(err.Error(), name) || !strings.Contains(err.Error(), "store repair") {
				t.Errorf("%s at %d of %d: Open = %v", name, at, of, err)
			}
			continue
		}
		stats, err := store.Stats(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		// Nothing tells damage in the last package from the end that a crash leaves.
		if stats.Queued < packages-1 && stats.Damaged == "" {
			t.Errorf("%s at %d of %d: %d packages are left of %d, and nothing is said", name, at, of, stats.Queued, packages)
		}
		opened++
		closeStore(t, store)
	}
	t.Logf("%d of %d opened", opened, flips)
}

// TestCutTail cuts the end of the newest log off, or overwrites it, after the mark was written. It looks like a crash, and
// the number that is missing is said, at every start until somebody has seen to it.
func TestCutTail(t *testing.T) {
	for name, damage := range map[string]func([]byte) []byte{
		"cut":    func(text []byte) []byte { return text[:len(text)*3/4] },
		"zeroed": func(text []byte) []byte { clear(text[len(text)*3/4:]); return text },
		"empty":  func([]byte) []byte { return nil },
	} {
		var left *vfs.MemFS
		synctest.Test(t, func(t *testing.T) {
			files := vfs.NewCrashableMem()
			store, err := disk.Open(disk.Config{Dir: "data", FS: files, RetainCounts: keepCounts})
			if err != nil {
				t.Fatal(err)
			}
			for i := range 200 {
				if err := store.Append(t.Context(), storePackage(fmt.Sprint("p", i), fmt.Sprint("d", i%7))); err != nil {
					t.Fatal(err)
				}
			}
			<-time.After(2 * time.Second)
			left = files.CrashClone(vfs.CrashCloneCfg{UnsyncedDataPercent: 100, RNG: rand.New(rand.NewPCG(1, 1))})
			closeStore(t, store)
		})
		logs := named(t, left, "", ".log")
		change(t, left, logs[len(logs)-1], damage)
		for range 2 {
			store, err := openKilled(left)
			if err != nil {
				t.Fatalf("%s: Open = %v", name, err)
			}
			stats, err := store.Stats(t.Context())
			if want := fmt.Sprintf("%d packages and 0 responses that were on disk are missing", 200-stats.Queued); err != nil ||
				stats.Queued >= 200 || !strings.Contains(stats.Damaged, want) {
				t.Errorf("%s: Stats = %+v, %v", name, stats, err)
			}
			closeStore(t, store)
		}
		if err := left.Remove("data/MARK"); err != nil {
			t.Fatal(err)
		}
		store, err := openKilled(left)
		if err != nil {
			t.Fatal(err)
		}
		if stats, err := store.Stats(t.Context()); err != nil || stats.Damaged != "" {
			t.Errorf("%s: Stats = %+v, %v after the mark was removed", name, stats, err)
		}
		closeStore(t, store)
	}
}
