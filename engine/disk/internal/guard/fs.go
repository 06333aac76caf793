package guard

import (
	"fmt"
	"io"
	"os"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/cockroachdb/pebble/v2/vfs"
)

// FS is a file system for Pebble which never returns an error from an operation that changes the disk. The first one that
// fails freezes it: the disk stays as a crash at that moment would have left it, and what follows goes into memory.
//
// Reading may still fail, and the error is returned: Pebble passes it on to whoever reads.
type FS struct {
	vfs.FS
	onFail func(error)
	logs   logs
	beside atomic.Pointer[Beside] // where a copy is being made; nil: nowhere

	mu     sync.RWMutex
	err    error      // guarded by mu: why it is frozen
	memory *vfs.MemFS // guarded by mu: what was changed since; nil before
	log    string     // guarded by mu: the log that was opened last to be read
}

// New guards files. onFail is called once, with the first failure, by the goroutine that met it; it must not wait for
// anything that Pebble does.
func New(files vfs.FS, onFail func(error)) *FS { return &FS{FS: files, onFail: onFail} }

// Failure returns why the file system is frozen; nil while it is not.
func (g *FS) Failure() error {
	g.mu.RLock()
	defer g.mu.RUnlock()
	return g.err
}

// Log returns the log that was opened last to be read: when Pebble cannot replay one, its error does not say which.
func (g *FS) Log() string {
	g.mu.RLock()
	defer g.mu.RUnlock()
	return g.log
}

// Freeze freezes the file system, as a failed operation does. The first reason stays; later ones are ignored.
func (g *FS) Freeze(err error) {
	g.mu.Lock()
	first := g.err == nil
	if first {
		g.err = err
		g.memory = vfs.NewMem()
	}
	g.mu.Unlock()
	if first {
		g.onFail(err)
	}
}

// frozen returns the files in memory; nil when the file system is not frozen.
func (g *FS) frozen() *vfs.MemFS {
	g.mu.RLock()
	defer g.mu.RUnlock()
	return g.memory
}

// change carries out an operation, unless the file system is frozen. It reports whether it was carried out.
func (g *FS) change(what, name string, operation func() error) bool {
	if g.Failure() != nil {
		return false
	}
	if err := operation(); err != nil {
		g.Freeze(fmt.Errorf("%s %s: %w", what, name, err))
		return false
	}
	return true
}

// open carries out an operation that opens a file for writing.
func (g *FS) open(what, name string, operation func() (vfs.File, error)) (vfs.File, error) {
	var f vfs.File
	ok := g.change(what, name, func() (err error) {
		f, err = operation()
		return err
	})
	if !ok {
		return g.remember(name, 0)
	}
	return &file{File: f, guard: g, name: name, unnamed: strings.HasSuffix(name, logEnding)}, nil
}

// remember makes a file in memory, with the first size bytes of the one on disk.
func (g *FS) remember(name string, size int64) (vfs.File, error) {
	memory := g.frozen()
	if err := memory.MkdirAll(g.PathDir(name), 0o700); err != nil {
		return nil, err
	}
	f, err := memory.Create(name, vfs.WriteCategoryUnspecified)
	if err != nil || size == 0 {
		return f, err
	}
	disk, err := g.FS.Open(name)
	if err != nil {
		return f, nil //nolint:nilerr // an empty file is as good as none to a database that will be closed
	}
	_, _ = io.CopyN(f, disk, size) // the same holds for a short one
	_ = disk.Close()
	return f, nil
}

// Create implements [vfs.FS]. A file that cannot be created is made in memory.
func (g *FS) Create(name string, category vfs.DiskWriteCategory) (vfs.File, error) {
	if b := g.besideOf(name); b != nil {
		return b.Create(name, category)
	}
	return g.open("create", name, func() (vfs.File, error) { return g.FS.Create(name, category) })
}

// OpenReadWrite implements [vfs.FS]. A file that cannot be opened is made in memory, empty.
func (g *FS) OpenReadWrite(name string, category vfs.DiskWriteCategory, opts ...vfs.OpenOption) (vfs.File, error) {
	return g.open("open", name, func() (vfs.File, error) { return g.FS.OpenReadWrite(name, category, opts...) })
}

// ReuseForWrite implements [vfs.FS]. A file that cannot be reused is made in memory.
func (g *FS) ReuseForWrite(from, to string, category vfs.DiskWriteCategory) (vfs.File, error) {
	return g.open("reuse", to, func() (vfs.File, error) {
		if err := g.logs.remove(g.FS, from); err != nil {
			return nil, err
		}
		return g.FS.ReuseForWrite(from, to, category)
	})
}

// Link implements [vfs.FS]. A store uses it for a copy of itself only; while frozen it does nothing.
func (g *FS) Link(from, to string) error {
	if b := g.besideOf(to); b != nil {
		return b.Link(from, to)
	}
	g.change("link", to, func() error { return g.FS.Link(from, to) })
	return nil
}

// Rename implements [vfs.FS].
func (g *FS) Rename(from, to string) error {
	if b := g.besideOf(to); b != nil {
		return b.Rename(from, to)
	}
	if !g.change("rename", to, func() error { return g.FS.Rename(from, to) }) {
		_ = g.frozen().Rename(from, to) // when it is not in memory, nobody has written it since
	}
	return nil
}

// MkdirAll implements [vfs.FS].
func (g *FS) MkdirAll(dir string, perm os.FileMode) error {
	if b := g.besideOf(dir); b != nil {
		return b.MkdirAll(dir, perm)
	}
	g.change("make directory", dir, func() error { return g.FS.MkdirAll(dir, perm) })
	return nil
}

// Remove implements [vfs.FS]. It only frees space, and Pebble goes on when it fails: the error is returned and
// freezes nothing.
func (g *FS) Remove(name string) error {
	if b := g.besideOf(name); b != nil {
		return b.Remove(name)
	}
	if memory := g.frozen(); memory != nil {
		_ = memory.Remove(name) // as Rename
		return nil
	}
	if err := g.logs.remove(g.FS, name); err != nil {
		return err
	}
	return g.FS.Remove(name)
}

// RemoveAll implements [vfs.FS], as Remove does.
func (g *FS) RemoveAll(name string) error {
	if b := g.besideOf(name); b != nil {
		return b.RemoveAll(name)
	}
	if memory := g.frozen(); memory != nil {
		_ = memory.RemoveAll(name) // as Rename
		return nil
	}
	return g.FS.RemoveAll(name)
}

// Open implements [vfs.FS]. What was written while frozen is read from memory.
func (g *FS) Open(name string, opts ...vfs.OpenOption) (vfs.File, error) {
	if strings.HasSuffix(name, logEnding) {
		g.mu.Lock()
		g.log = name
		g.mu.Unlock()
	}
	if memory := g.frozen(); memory != nil {
		if f, err := memory.Open(name, opts...); err == nil {
			return f, nil
		}
	}
	return g.FS.Open(name, opts...)
}

// Stat implements [vfs.FS]. What was written while frozen is found in memory.
func (g *FS) Stat(name string) (vfs.FileInfo, error) {
	if memory := g.frozen(); memory != nil {
		if info, err := memory.Stat(name); err == nil {
			return info, nil
		}
	}
	return g.FS.Stat(name)
}

// OpenDir implements [vfs.FS]. It returns an error when the directory cannot be opened; syncing it is guarded.
func (g *FS) OpenDir(name string) (vfs.File, error) {
	if b := g.besideOf(name); b != nil {
		return b.OpenDir(name)
	}
	f, err := g.FS.OpenDir(name)
	if err != nil {
		return nil, err
	}
	return &file{File: f, guard: g, name: name}, nil
}

// Unwrap returns the file system that is guarded.
func (g *FS) Unwrap() vfs.FS { return g.FS }
