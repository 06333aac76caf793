package guard_test

import (
	"bytes"
	"errors"
	"io"
	"io/fs"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"

	"trackhook/engine/disk/internal/guard"

	"github.com/cockroachdb/pebble/v2/vfs"
	"github.com/cockroachdb/pebble/v2/vfs/errorfs"
	"github.com/rs/zerolog"
	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

var errDisk = errors.New("the disk is broken")

// brokenDisk is a disk in memory that fails whatever changes it while broken is true.
func brokenDisk() (disk *vfs.MemFS, files vfs.FS, broken *atomic.Bool) {
	disk, broken = vfs.NewMem(), &atomic.Bool{}
	return disk, errorfs.Wrap(disk, errorfs.InjectorFunc(func(op errorfs.Op) error {
		if broken.Load() && op.Kind.ReadOrWrite() == errorfs.OpIsWrite {
			return errDisk
		}
		return nil
	})), broken
}

func write(t *testing.T, f vfs.File, text string) {
	t.Helper()
	if n, err := f.Write([]byte(text)); err != nil || n != len(text) {
		t.Fatalf("Write = %d, %v", n, err)
	}
}

func read(t *testing.T, files vfs.FS, name string) string {
	t.Helper()
	f, err := files.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	text, err := io.ReadAll(f)
	if err := errors.Join(err, f.Close()); err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// create makes a file that holds text and is synced.
func create(t *testing.T, files vfs.FS, name, text string) vfs.File {
	t.Helper()
	f, err := files.Create(name, vfs.WriteCategoryUnspecified)
	if err != nil {
		t.Fatal(err)
	}
	write(t, f, text)
	if err := f.Sync(); err != nil {
		t.Fatal(err)
	}
	return f
}

// TestEveryChangeFreezes lets each operation that changes the disk be the first that fails. It returns no error, the owner
// is told once, and what the disk holds stays.
func TestEveryChangeFreezes(t *testing.T) {
	t.Parallel()
	for what, change := range map[string]func(files vfs.FS, open, dir vfs.File) error{
		"create": func(files vfs.FS, _, _ vfs.File) error {
			f, err := files.Create("new", vfs.WriteCategoryUnspecified)
			if err != nil {
				return err
			}
			return f.Close()
		},
		"open": func(files vfs.FS, _, _ vfs.File) error {
			f, err := files.OpenReadWrite(files.PathJoin("no directory", "file"), vfs.WriteCategoryUnspecified)
			if err != nil {
				return err
			}
			return f.Close()
		},
		"reuse": func(files vfs.FS, _, _ vfs.File) error {
			f, err := files.ReuseForWrite("kept", "new", vfs.WriteCategoryUnspecified)
			if err != nil {
				return err
			}
			return f.Close()
		},
		"link":           func(files vfs.FS, _, _ vfs.File) error { return files.Link("kept", "new") },
		"rename":         func(files vfs.FS, _, _ vfs.File) error { return files.Rename("kept", "new") },
		"make directory": func(files vfs.FS, _, _ vfs.File) error { return files.MkdirAll("directory", 0o700) },
		"write": func(_ vfs.FS, open, _ vfs.File) error {
			_, err := open.Write([]byte("more"))
			return err
		},
		"sync": func(_ vfs.FS, open, dir vfs.File) error { return errors.Join(open.Sync(), dir.Sync()) },
	} {
		t.Run(what, func(t *testing.T) {
			t.Parallel()
			disk, files, broken := brokenDisk()
			var told []error
			guarded := guard.New(files, func(err error) { told = append(told, err) })
			open := create(t, guarded, "kept", "before")
			dir, err := guarded.OpenDir("")
			if err != nil {
				t.Fatal(err)
			}
			broken.Store(true)
			for range 2 {
				if err := change(guarded, open, dir); err != nil {
					t.Fatalf("%s = %v", what, err)
				}
			}
			err = guarded.Failure()
			if err == nil || !strings.HasPrefix(err.Error(), what+" ") {
				t.Errorf("Failure = %v, want that of %s", err, what)
			}
			if len(told) != 1 || !errors.Is(told[0], err) {
				t.Errorf("the owner was told %v", told)
			}
			broken.Store(false)
			if err := guarded.Rename("kept", "elsewhere"); err != nil {
				t.Errorf("Rename = %v", err)
			}
			if err := guarded.Remove("kept"); err != nil {
				t.Errorf("Remove = %v", err)
			}
			if names, err := disk.List(""); err != nil || len(names) != 1 || read(t, disk, "kept") != "before" {
				t.Errorf("the disk holds %q, %v", names, err)
			}
		})
	}
}

// TestFrozenFilesAreReadBack shows that Pebble finds what it has written: before the failure on disk, after it in memory.
func TestFrozenFilesAreReadBack(t *testing.T) {
	t.Parallel()
	disk, files, broken := brokenDisk()
	guarded := guard.New(files, func(error) {})
	f := create(t, guarded, "log", "on disk,")
	create(t, guarded, "other", "untouched")
	broken.Store(true)
	write(t, f, " in memory")
	write(t, create(t, guarded, "new", "made"), " later")
	for name, want := range map[string]string{"log": "on disk, in memory", "new": "made later", "other": "untouched"} {
		if got := read(t, guarded, name); got != want {
			t.Errorf("%s holds %q, want %q", name, got, want)
		}
		info, err := guarded.Stat(name)
		if err != nil || info.Size() != int64(len(want)) {
			t.Errorf("Stat of %s = %v, %v", name, info, err)
		}
	}
	if info, err := f.Stat(); err != nil || info.Size() != int64(len("on disk, in memory")) {
		t.Errorf("Stat of the open file = %v, %v", info, err)
	}
	if got := read(t, disk, "log"); got != "on disk," {
		t.Errorf("the disk holds %q", got)
	}
	if guarded.Unwrap() != files {
		t.Error("Unwrap returns another file system")
	}
}

// TestRemoveMayFail shows that a file which cannot be removed freezes nothing.
func TestRemoveMayFail(t *testing.T) {
	t.Parallel()
	_, files, broken := brokenDisk()
	guarded := guard.New(files, func(error) {})
	create(t, guarded, "file", "")
	broken.Store(true)
	if err := guarded.Remove("file"); !errors.Is(err, errDisk) || guarded.Failure() != nil {
		t.Errorf("Remove = %v, and the failure is %v", err, guarded.Failure())
	}
}

func TestLogger(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	log := guard.NewLogger(zerolog.New(&out).Level(zerolog.InfoLevel))
	log.Infof("flushed %d", 1)
	log.Errorf("bad %s", "block")
	log.Fatalf("broken %s", "log") // it returns
	const want = `{"level":"error","message":"storage: bad block"}
{"level":"error","message":"storage: fatal: broken log"}
`
	if out.String() != want {
		t.Errorf("logged %s", out.String())
	}
}

func TestRecover(t *testing.T) {
	t.Parallel()
	call := func(work func()) (err error) {
		defer guard.Recover("commit", &err)
		work()
		return nil
	}
	if err := call(func() { panic("no log") }); err == nil || err.Error() != "commit: storage panicked: no log" {
		t.Errorf("a panic became %v", err)
	}
	if err := call(func() {}); err != nil {
		t.Errorf("no panic became %v", err)
	}
}

// TestMakeNew makes a folder many times at once: one call succeeds.
func TestMakeNew(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "new")
	answers := make(chan error)
	for range 8 {
		go func() { answers <- guard.MakeNew(vfs.Default, dir) }()
	}
	made := 0
	for range 8 {
		if err := <-answers; err == nil {
			made++
		} else if !errors.Is(err, fs.ErrExist) {
			t.Error(err)
		}
	}
	if made != 1 {
		t.Errorf("%d calls have made the folder", made)
	}
	files := vfs.NewMem()
	if err := guard.MakeNew(files, "new"); err != nil {
		t.Error(err)
	}
	if err := guard.MakeNew(files, "new"); !errors.Is(err, fs.ErrExist) {
		t.Errorf("in memory, the second call = %v", err)
	}
}
