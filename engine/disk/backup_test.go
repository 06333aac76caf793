package disk_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"

	"trackhook/engine"
	"trackhook/engine/disk"

	"github.com/cockroachdb/pebble/v2/vfs"
	"github.com/cockroachdb/pebble/v2/vfs/errorfs"
	"github.com/rs/zerolog"
)

// TestBackupWhileItGoesOn backs a store up again and again while it takes packages in. Each copy opens without a word, is
// whole, and holds what was accepted before it was begun; and it stays so when the store itself goes on and ends.
func TestBackupWhileItGoesOn(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	store, err := disk.Open(disk.WithMemTable(disk.Config{Dir: filepath.Join(dir, "data")}, 64<<10))
	if err != nil {
		t.Fatal(err)
	}
	var accepted [4]atomic.Int64
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	var senders sync.WaitGroup
	for n := range accepted {
		senders.Go(func() {
			for ctx.Err() == nil {
				id := fmt.Sprint("s", n, "p", accepted[n].Load())
				if err := store.Append(ctx, storePackage(id, fmt.Sprint("d", n))); err == nil {
					accepted[n].Add(1)
				} else if ctx.Err() == nil {
					t.Error(err)
					return
				}
			}
		})
	}
	const copies = 3
	type made struct {
		report *disk.BackupReport
		before [len(accepted)]int64
	}
	var all []made
	for c := range copies {
		var before [len(accepted)]int64
		for enough := false; !enough; {
			enough = true
			for n := range accepted {
				before[n] = accepted[n].Load()
				enough = enough && before[n] >= int64(50*(c+1))
			}
			runtime.Gosched()
		}
		report, err := store.Backup(ctx, filepath.Join(dir, fmt.Sprint("copy", c)))
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, made{report, before})
	}
	stop()
	senders.Wait()
	closeStore(t, store)
	for _, one := range all {
		holdsCopy(t, one.report, one.before[:])
	}
}

// holdsCopy opens a copy and compares it with what was accepted before.
func holdsCopy(t *testing.T, report *disk.BackupReport, before []int64) {
	t.Helper()
	isPrivate(t, report.Dir)
	if found, err := disk.Verify(t.Context(), disk.Config{Dir: report.Dir}); err != nil || found.Damaged() {
		t.Errorf("%s: %+v, %v", report.Dir, found, err)
	}
	var log bytes.Buffer
	store, err := disk.Open(disk.Config{Dir: report.Dir, Log: zerolog.New(&log).Level(zerolog.InfoLevel)})
	if err != nil {
		t.Fatal(err)
	}
	defer closeStore(t, store)
	total := uint64(0)
	for n := range before {
		total += uint64(before[n])
		for p := range before[n] {
			if _, err := store.Package(t.Context(), fmt.Sprint("s", n, "p", p)); err != nil {
				t.Fatalf("%s: package %d of sender %d: %v", report.Dir, p, n, err)
			}
		}
	}
	stats, err := store.Stats(t.Context())
	if err != nil || report.Queued < total || stats.Queued < report.Queued {
		t.Errorf("%s: %d packages were accepted, %d are reported, %d are there (%v)", report.Dir, total, report.Queued, stats.Queued, err)
	}
	if report.Bytes == 0 || report.Shared > report.Bytes {
		t.Errorf("%+v", report)
	}
	if err := store.Append(t.Context(), storePackage("new", "d0")); err != nil {
		t.Error(err)
	}
	if log.Len() > 0 {
		t.Errorf("%s: the log says %s", report.Dir, &log)
	}
}

func isPrivate(t *testing.T, dir string) {
	t.Helper()
	if runtime.GOOS == "windows" {
		return // it has no modes
	}
	err := filepath.WalkDir(dir, func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		info, err := entry.Info()
		if err == nil && info.Mode().Perm()&0o077 != 0 {
			t.Errorf("%s has mode %v", path, info.Mode())
		}
		return err
	})
	if err != nil {
		t.Error(err)
	}
}

// stored makes a store with n packages in dir, and closes it.
func stored(t *testing.T, dir string, n int) {
	t.Helper()
	store, err := disk.Open(disk.Config{Dir: dir})
	if err != nil {
		t.Fatal(err)
	}
	for i := range n {
		if err := store.Append(t.Context(), storePackage(fmt.Sprint("s0p", i), "d")); err != nil {
			t.Fatal(err)
		}
	}
	closeStore(t, store)
}

// TestBackupOfAClosedStore copies a store that nobody has open.
func TestBackupOfAClosedStore(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	cfg := disk.Config{Dir: filepath.Join(dir, "data")}
	if _, err := disk.Backup(t.Context(), cfg, filepath.Join(dir, "copy")); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("backup of nothing = %v", err)
	}
	stored(t, cfg.Dir, 10)
	names := list(t, cfg.Dir)
	report, err := disk.Backup(t.Context(), cfg, filepath.Join(dir, "copy"))
	if err != nil || report.Queued != 10 {
		t.Fatalf("%+v, %v", report, err)
	}
	if after := list(t, cfg.Dir); after != names {
		t.Errorf("the store has %s, and had %s", after, names)
	}
	holdsCopy(t, report, []int64{10})
	store, err := disk.Open(cfg)
	if err != nil {
		t.Fatal(err)
	}
	defer closeStore(t, store)
	if _, err := disk.Backup(t.Context(), cfg, filepath.Join(dir, "other")); err == nil || !strings.Contains(err.Error(), "is in use by process") {
		t.Errorf("backup of an open store = %v", err)
	}
}

func list(t *testing.T, dir string) string {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, entry := range entries {
		names = append(names, entry.Name())
	}
	return strings.Join(names, " ")
}

// TestBackupRefuses names folders that cannot take a backup. Nothing is made in them.
func TestBackupRefuses(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	path := func(names ...string) string { return filepath.Join(append([]string{dir}, names...)...) }
	stored(t, path("data"), 1)
	store, err := disk.Open(disk.Config{Dir: path("data")})
	if err != nil {
		t.Fatal(err)
	}
	defer closeStore(t, store)
	for _, err := range []error{
		os.Mkdir(path("full"), 0o700), os.WriteFile(path("full", "letter"), nil, 0o600), os.WriteFile(path("file"), nil, 0o600),
		os.Mkdir(path("half.unfinished"), 0o700), os.Symlink(path("data"), path("link")), os.Mkdir(path("empty"), 0o700),
		os.Symlink(path("empty"), path("other")), os.Mkdir(path("plugins"), 0o700),
	} {
		if err != nil {
			t.Fatal(err)
		}
	}
	for target, want := range map[string]string{
		"relative":                 "is not an absolute path",
		path("full"):               "is not empty",
		path("file"):               "is no folder",
		path("file", "x"):          "no folder in which",
		path("data"):               "is not empty",
		path("plugins", "x"):       "lies in " + path("plugins"),
		path("data", "x"):          "lies in " + path("data") + ", where no backup may be",
		path("link", "x"):          "lies in " + path("data") + ", where no backup may be",
		path("missing", "x"):       "does not exist; is its disk mounted?",
		path("half"):               "is what is left of a backup that was broken off",
		path("other"):              "is no folder",
		path("x") + "/../data/y/.": "lies in " + path("data") + ", where no backup may be",
	} {
		if _, err := store.Backup(t.Context(), target, path("plugins"), path("missing")); !errors.Is(err, disk.ErrBackupFolder) || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %q", target, err, want)
		}
	}
	if report, err := store.Backup(t.Context(), path("empty")); err != nil {
		t.Errorf("an empty folder: %v", err)
	} else {
		holdsCopy(t, report, []int64{1})
	}
	if got := list(t, dir); got != "data empty file full half.unfinished link other plugins" {
		t.Errorf("the folder holds %s", got)
	}
}

// besideFault fails the n-th operation on what is no file of the store.
type besideFault struct {
	n    int64
	seen atomic.Int64
	then func()
}

func (*besideFault) String() string { return "fault beside the store" }

func (f *besideFault) MaybeError(op errorfs.Op) error {
	if !strings.Contains(op.Path, "copy") || f.seen.Add(1) != f.n {
		return nil
	}
	if f.then != nil {
		f.then()
		return nil
	}
	return fmt.Errorf("injected: %w", syscall.ENOSPC)
}

// TestBackupFails lets each operation on the copy fail, one in each run: the caller is told, nothing is left, and the
// store itself does not notice.
func TestBackupFails(t *testing.T) {
	t.Parallel()
	for n := int64(1); ; n++ {
		fault := &besideFault{n: n}
		files := vfs.NewMem()
		if err := files.MkdirAll("backups", 0o700); err != nil {
			t.Fatal(err)
		}
		store, err := disk.Open(disk.Config{Dir: "data", FS: wrap(files, fault)})
		if err != nil {
			t.Fatal(err)
		}
		if err := store.Append(t.Context(), storePackage("p", "d")); err != nil {
			t.Fatal(err)
		}
		_, err = store.Backup(t.Context(), "backups/copy")
		names, listErr := files.List("backups")
		if listErr != nil {
			t.Fatal(listErr)
		}
		hit := fault.seen.Load() >= n
		if err != nil && len(names) > 0 {
			t.Errorf("operation %d: %v left %v", n, err, names)
		}
		if appendErr := store.Append(t.Context(), storePackage("q", "d")); appendErr != nil {
			t.Errorf("operation %d: the store failed: %v", n, appendErr)
		}
		closeStore(t, store)
		if err == nil {
			copied, err := disk.Open(disk.Config{Dir: "backups/copy", FS: files})
			if err != nil {
				t.Fatalf("operation %d: %v", n, err)
			}
			if _, err := copied.Package(t.Context(), "p"); err != nil {
				t.Errorf("operation %d: %v", n, err)
			}
			closeStore(t, copied)
		}
		if !hit || t.Failed() {
			t.Logf("%d operations failed", n-1)
			return
		}
	}
}

// TestBackupEnds gives a backup up in its middle: its caller goes, or the store is closed. Another one is refused meanwhile.
func TestBackupEnds(t *testing.T) {
	t.Parallel()
	for name, end := range map[string]func(store *disk.Store, cancel func(), closed *sync.WaitGroup){
		"the caller goes": func(_ *disk.Store, cancel func(), _ *sync.WaitGroup) { cancel() },
		"the store is closed": func(store *disk.Store, _ func(), closed *sync.WaitGroup) {
			closed.Go(func() { _ = store.Close() })
			for {
				if _, err := store.Stats(context.Background()); errors.Is(err, engine.ErrClosed) {
					return
				}
			}
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			files := vfs.NewMem()
			if err := files.MkdirAll("backups", 0o700); err != nil {
				t.Fatal(err)
			}
			reached, goOn := make(chan struct{}), make(chan struct{})
			fault := &besideFault{n: 12, then: func() {
				close(reached)
				<-goOn
			}}
			store, err := disk.Open(disk.Config{Dir: "data", FS: wrap(files, fault)})
			if err != nil {
				t.Fatal(err)
			}
			ctx, cancel := context.WithCancel(t.Context())
			defer cancel()
			done := make(chan error, 1)
			go func() {
				_, err := store.Backup(ctx, "backups/copy")
				done <- err
			}()
			<-reached
			if _, err := store.Backup(t.Context(), "backups/second"); !errors.Is(err, disk.ErrBackupFolder) || !strings.Contains(err.Error(), "another backup is at work") {
				t.Errorf("a second backup = %v", err)
			}
			var closed sync.WaitGroup
			end(store, cancel, &closed)
			close(goOn)
			if err := <-done; !errors.Is(err, context.Canceled) && !errors.Is(err, engine.ErrClosed) {
				t.Errorf("Backup = %v", err)
			}
			closed.Wait()
			if names, err := files.List("backups"); err != nil || len(names) > 0 {
				t.Errorf("left are %v, %v", names, err)
			}
			closeStore(t, store)
		})
	}
}
