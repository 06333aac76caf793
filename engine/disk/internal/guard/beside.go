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
}

// NewBeside makes the way to a folder, which is not there yet. Before each change, goOn tells whether to go on: its error is
// that of the change.
func NewBeside(files vfs.FS, dir string, goOn func() error) *Beside {
	return &Beside{FS: files, dir: dir, goOn: goOn}
}

// Shared returns the bytes of the files that are linked, and not copied.
func (b *Beside) Shared() uint64 { return b.shared.Load() }

// CopyTo runs a function that copies the database to the folder of b. It returns false when another is at work: the function
// was not run then.
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

// MkdirAll implements [vfs.FS], for this user alone.
func (b *Beside) MkdirAll(dir string, _ os.FileMode) error { return b.FS.MkdirAll(dir, privateDir) }

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
