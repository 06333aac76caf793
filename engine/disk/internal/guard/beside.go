package guard

import (
	"errors"
	"io/fs"
	"os"
	"sync/atomic"
	"syscall"

	"github.com/cockroachdb/pebble/v2/vfs"
)

// privateDir is the mode of the folder of a copy: what is queued tells who did what.
const privateDir = 0o700

// Beside is a folder beside that of a database, where a copy of it is made. The database needs nothing of what is there:
// an error is returned as it is, and freezes nothing.
type Beside struct {
	vfs.FS
	dir    string
	goOn   func() error
	shared atomic.Uint64
	made   atomic.Bool // dir is there, and was made here
}

// NewBeside makes the way to a folder, which is not there yet: MkdirAll makes it. Before each change, goOn tells whether to
// go on: its error is that of the change.
func NewBeside(files vfs.FS, dir string, goOn func() error) *Beside {
	return &Beside{FS: files, dir: dir, goOn: goOn}
}

// Shared returns the bytes of the files that are linked, and not copied.
func (b *Beside) Shared() uint64 { return b.shared.Load() }

// Made tells whether the folder was made here, and not removed since. One that was not is somebody else's.
func (b *Beside) Made() bool { return b.made.Load() }

// CopyTo runs a function that copies the database to the folder of b. It returns false when another is at work: the function
// was not run then. So whatever looks at that folder or changes it belongs into the function.
func (g *FS) CopyTo(b *Beside, work func() error) (bool, error) {
	if !g.beside.CompareAndSwap(nil, b) {
		return false, nil
	}
	defer g.beside.Store(nil)
	return true, work()
}

// besideOf returns the way to a name that lies beside the database; nil for all others. The folder that the copy's own
// lies in is synced when that is made.
func (g *FS) besideOf(name string) *Beside {
	b := g.beside.Load()
	if b == nil {
		return nil
	}
	above := b.PathDir(b.dir)
	if dir := b.PathDir(name); name == b.dir || name == above || dir == b.dir {
		return b
	}
	return nil
}

// Create implements [vfs.FS].
func (b *Beside) Create(name string, category vfs.DiskWriteCategory) (vfs.File, error) {
	if err := b.goOn(); err != nil {
		return nil, err
	}
	f, err := b.FS.Create(name, category)
	if err != nil {
		return nil, err
	}
	return &besideFile{f, b.goOn}, nil
}

// Link implements [vfs.FS]. Where links cannot be made, Pebble copies, unless it is a matter of rights; but some file
// systems say that of all links.
func (b *Beside) Link(from, to string) error {
	if err := b.goOn(); err != nil {
		return err
	}
	if err := b.FS.Link(from, to); errors.Is(err, fs.ErrPermission) {
		return errors.New(err.Error())
	} else if err != nil {
		return err
	}
	info, err := b.Stat(to)
	if err == nil {
		b.shared.Add(uint64(info.Size())) //nolint:gosec // a size
	}
	return err
}

// MkdirAll implements [vfs.FS], for this user alone. It makes the folder of the copy only where there is none: the error wraps
// [fs.ErrExist] else.
func (b *Beside) MkdirAll(dir string, _ os.FileMode) error {
	if dir != b.dir {
		return b.FS.MkdirAll(dir, privateDir)
	}
	if err := MakeNew(b.FS, dir); err != nil {
		return err
	}
	b.made.Store(true)
	return nil
}

// Rename implements [vfs.FS]. The folder of the copy is not in its place any more, and what comes there is another's.
func (b *Beside) Rename(from, to string) error {
	if err := b.FS.Rename(from, to); err != nil {
		return err
	}
	if from == b.dir {
		b.made.Store(false)
	}
	return nil
}

// RemoveAll implements [vfs.FS]. The folder of the copy is left alone unless it was made here.
func (b *Beside) RemoveAll(name string) error {
	if name == b.dir && !b.Made() {
		return nil
	}
	if err := b.FS.RemoveAll(name); err != nil {
		return err
	}
	if name == b.dir {
		b.made.Store(false)
	}
	return nil
}

// MakeNew makes a folder for this user alone, in one that is there. Of several that make the same one, also in other
// processes, one succeeds; the error of the others wraps [fs.ErrExist].
func MakeNew(files vfs.FS, dir string) error {
	if vfs.Root(files) == vfs.Default {
		return os.Mkdir(dir, privateDir)
	}
	// Other file systems cannot do it in one step; they are those of tests.
	if _, err := files.Stat(dir); err == nil {
		return &fs.PathError{Op: "mkdir", Path: dir, Err: fs.ErrExist}
	}
	return files.MkdirAll(dir, privateDir)
}

// OpenDir implements [vfs.FS].
func (b *Beside) OpenDir(name string) (vfs.File, error) {
	dir, err := b.FS.OpenDir(name)
	if err != nil {
		return nil, err
	}
	return besideDir{dir}, nil
}

// Unwrap returns the file system that is used.
func (b *Beside) Unwrap() vfs.FS { return b.FS }

// besideFile is a file of the copy. Each piece that is written asks whether to go on.
type besideFile struct {
	vfs.File
	goOn func() error
}

func (f *besideFile) Write(p []byte) (int, error) {
	if err := f.goOn(); err != nil {
		return 0, err
	}
	return f.File.Write(p)
}

// besideDir is a directory. File systems of other machines may not know how to sync one: it is no harm then.
type besideDir struct{ vfs.File }

func (d besideDir) Sync() error {
	err := d.File.Sync()
	if errors.Is(err, syscall.EINVAL) || errors.Is(err, errors.ErrUnsupported) {
		return nil
	}
	return err
}
