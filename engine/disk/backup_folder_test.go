package disk_test

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"trackhook/engine/disk"
	"trackhook/engine/disk/internal/folder"

	"github.com/cockroachdb/pebble/v2"
	"github.com/cockroachdb/pebble/v2/vfs"
	"github.com/cockroachdb/pebble/v2/vfs/errorfs"
)

// TestBackupOfTwo starts a second backup into the folder of one that is being finished. It is told to wait, not to remove
// what the first has made, and the first ends well.
func TestBackupOfTwo(t *testing.T) {
	t.Parallel()
	files := vfs.NewMem()
	if err := files.MkdirAll("backups", 0o700); err != nil {
		t.Fatal(err)
	}
	reached, goOn := make(chan struct{}), make(chan struct{})
	pause := errorfs.InjectorFunc(func(op errorfs.Op) error {
		if op.Kind == errorfs.OpCreate && strings.HasSuffix(op.Path, "copy.unfinished/LOGS.new") {
			close(reached)
			<-goOn
		}
		return nil
	})
	store, err := disk.Open(disk.Config{Dir: "data", FS: wrap(files, pause)})
	if err != nil {
		t.Fatal(err)
	}
	defer closeStore(t, store)
	done := make(chan error, 1)
	go func() {
		_, err := store.Backup(context.WithoutCancel(t.Context()), "backups/copy")
		done <- err
	}()
	<-reached
	for range 2 {
		_, err := store.Backup(t.Context(), "backups/copy")
		if !errors.Is(err, disk.ErrBackupFolder) || !strings.Contains(err.Error(), "another backup is at work") || strings.Contains(err.Error(), "remove") {
			t.Errorf("the second backup = %v", err)
		}
	}
	close(goOn)
	if err := <-done; err != nil {
		t.Errorf("the first backup = %v", err)
	}
	if _, err := store.Backup(t.Context(), "backups/copy"); !errors.Is(err, disk.ErrBackupFolder) || !strings.Contains(err.Error(), "is not empty") {
		t.Errorf("a third backup = %v", err)
	}
	copied, err := disk.Open(disk.Config{Dir: "backups/copy", FS: files})
	if err != nil {
		t.Fatal(err)
	}
	closeStore(t, copied)
}

// elsewhere is a file system where somebody else begins a backup: just after the n-th look at a folder, it is there.
type elsewhere struct {
	vfs.FS
	n int
}

func (e *elsewhere) Unwrap() vfs.FS { return e.FS }

func (e *elsewhere) Stat(name string) (vfs.FileInfo, error) {
	info, err := e.FS.Stat(name)
	if strings.HasSuffix(name, ".unfinished") && errors.Is(err, fs.ErrNotExist) {
		if e.n--; e.n == 0 {
			err = errors.Join(err, os.Mkdir(name, 0o700), os.WriteFile(filepath.Join(name, "theirs"), nil, 0o600))
		}
	}
	return info, err
}

// TestBackupBesideAnother lets somebody else begin a backup in the same folder at each moment when that can be: what is theirs
// stays, and nothing comes to it.
func TestBackupBesideAnother(t *testing.T) {
	t.Parallel()
	for name, row := range map[string]struct {
		looks int
		made  func(t *testing.T, cfg disk.Config, dir string) error
	}{
		"of an open store": {2, func(t *testing.T, cfg disk.Config, dir string) error {
			t.Helper()
			store, err := disk.Open(cfg)
			if err != nil {
				return err
			}
			_, err = store.Backup(t.Context(), dir)
			return errors.Join(err, store.Close())
		}},
		"of a closed store": {1, func(t *testing.T, cfg disk.Config, dir string) error {
			t.Helper()
			_, err := disk.Backup(t.Context(), cfg, dir)
			return err
		}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for n := range row.looks {
				dir := t.TempDir()
				cfg := disk.Config{Dir: filepath.Join(dir, "data"), FS: &elsewhere{vfs.Default, n + 1}}
				stored(t, cfg.Dir, 1)
				err := row.made(t, cfg, filepath.Join(dir, "copy"))
				if !errors.Is(err, disk.ErrBackupFolder) || !strings.Contains(err.Error(), "unless another store is backed up there") {
					t.Errorf("look %d: Backup = %v", n+1, err)
				}
				if got := list(t, dir); got != "copy.unfinished data" {
					t.Errorf("look %d: the folder holds %s", n+1, got)
				} else if got := list(t, filepath.Join(dir, "copy.unfinished")); got != "theirs" {
					t.Errorf("look %d: in the folder of the other is %s", n+1, got)
				}
			}
		})
	}
}

// cutShort returns a store that has lost the end of its log, so that packages are missing which were on disk.
func cutShort(t *testing.T) (left *vfs.MemFS) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		files := vfs.NewCrashableMem()
		store, err := disk.Open(disk.Config{Dir: "data", FS: files, RetainCounts: keepCounts})
		if err != nil {
			t.Fatal(err)
		}
		for i := range 100 {
			if err := store.Append(t.Context(), storePackage(fmt.Sprint("p", i), fmt.Sprint("d", i%7))); err != nil {
				t.Fatal(err)
			}
		}
		<-time.After(2 * time.Second) // the mark is written
		left = files.CrashClone(vfs.CrashCloneCfg{UnsyncedDataPercent: 100, RNG: rand.New(rand.NewPCG(1, 1))})
		closeStore(t, store)
	})
	logs := named(t, left, "", ".log")
	change(t, left, logs[len(logs)-1], func(text []byte) []byte { return text[:len(text)*3/4] })
	return left
}

// TestBackupKeepsWhatWasMissing backs a store up that has lost the end of its log: the copy says so as well.
func TestBackupKeepsWhatWasMissing(t *testing.T) {
	t.Parallel()
	files := cutShort(t)
	store, err := openKilled(files)
	if err != nil {
		t.Fatal(err)
	}
	stats, err := store.Stats(t.Context())
	missing := fmt.Sprintf("%d packages and 0 responses that were on disk are missing", 100-stats.Queued)
	if err != nil || stats.Queued == 100 || !strings.Contains(stats.Damaged, missing) {
		t.Fatalf("Stats = %+v, %v", stats, err)
	}
	if _, err := store.Backup(t.Context(), "open"); err != nil {
		t.Fatal(err)
	}
	closeStore(t, store)
	if _, err := disk.Backup(t.Context(), disk.Config{Dir: "data", FS: files}, "closed"); err != nil {
		t.Fatal(err)
	}
	for _, dir := range []string{"open", "closed"} {
		for range 2 {
			copied, err := disk.Open(disk.Config{Dir: dir, FS: files, RetainCounts: keepCounts})
			if err != nil {
				t.Fatal(err)
			}
			if stats, err := copied.Stats(t.Context()); err != nil || !strings.Contains(stats.Damaged, missing) {
				t.Errorf("the copy of the store that is %s: %+v, %v; want %q", dir, stats, err, missing)
			}
			closeStore(t, copied)
		}
	}
}

// TestBackupIsOnDisk lets the system crash after a backup: the copy is there with all that belongs to it.
func TestBackupIsOnDisk(t *testing.T) {
	t.Parallel()
	files := vfs.NewCrashableMem()
	store, err := disk.Open(disk.Config{Dir: "data", FS: files})
	if err != nil {
		t.Fatal(err)
	}
	if err := store.Append(t.Context(), storePackage("p", "d")); err != nil {
		t.Fatal(err)
	}
	if _, err := store.Backup(t.Context(), "open"); err != nil {
		t.Fatal(err)
	}
	closeStore(t, store)
	if _, err := disk.Backup(t.Context(), disk.Config{Dir: "data", FS: files}, "closed"); err != nil {
		t.Fatal(err)
	}
	left := files.CrashClone(vfs.CrashCloneCfg{})
	for _, dir := range []string{"open", "closed"} {
		if mark, err := folder.ReadMark(left, dir); err != nil || mark.Packages != 1 {
			t.Errorf("the mark of the copy of the store that is %s: %+v, %v", dir, mark, err)
		}
		copied, err := disk.Open(disk.Config{Dir: dir, FS: left})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := copied.Package(t.Context(), "p"); err != nil {
			t.Error(err)
		}
		closeStore(t, copied)
	}
}

// TestBackupOfNoStore refuses to copy a closed store of which the entries are missing or damaged without which it does not
// open, and leaves nothing.
func TestBackupOfNoStore(t *testing.T) {
	t.Parallel()
	for _, key := range []string{"mformat", "mstate"} {
		for _, value := range [][]byte{nil, []byte("\xff")} {
			files := vfs.NewMem()
			cfg := disk.Config{Dir: "data", FS: files}
			store, err := disk.Open(cfg)
			if err != nil {
				t.Fatal(err)
			}
			if err := store.Append(t.Context(), storePackage("p", "d")); err != nil {
				t.Fatal(err)
			}
			closeStore(t, store)
			db, err := pebble.Open("data", &pebble.Options{FS: files, Logger: quiet{}, FormatMajorVersion: pebble.FormatTableFormatV6})
			if err != nil {
				t.Fatal(err)
			}
			if value == nil {
				err = db.Delete([]byte(key), pebble.Sync)
			} else {
				err = db.Set([]byte(key), value, pebble.Sync)
			}
			if err := errors.Join(err, db.Close()); err != nil {
				t.Fatal(err)
			}
			if report, err := disk.Backup(t.Context(), cfg, "copy"); err == nil || !strings.Contains(err.Error(), "store repair") {
				t.Errorf("%s is %q: %+v, %v", key, value, report, err)
			}
			if names, err := files.List(""); err != nil || !slices.Equal(names, []string{"data"}) {
				t.Errorf("%s is %q: left are %v, %v", key, value, names, err)
			}
			if store, err = disk.Open(cfg); err == nil {
				t.Errorf("%s is %q: it opens", key, value)
				closeStore(t, store)
			}
		}
	}
}
