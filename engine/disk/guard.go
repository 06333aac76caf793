package disk

import (
	"fmt"
	"io"
	"os"
	"sync"

	"github.com/cockroachdb/pebble/v2/vfs"
)

// guard is the file system that Pebble works on. The first operation that changes the disk and fails freezes it: from
// then on every change goes into memory only, so that the disk stays as a crash at that moment would have left it, and
// the store, which is told by onFail, acknowledges nothing any more.
//
// The reason is what Pebble does otherwise. A commit whose write to the WAL fails ends in Logger.Fatalf; a WAL that
// cannot be rotated, the usual case on a full disk, ends in a panic under a deferred Unlock of a mutex that is not
// locked at that point, which no recover can catch. Returning the error to Pebble therefore means a dead process.
// Lying to it is safe, because nothing that it writes afterwards counts, and it lets Pebble close in order; then the
// database is opened again and recovers as after a crash. The lie is complete: Pebble reads back files that it has
// written, and finds them in memory.
type guard struct {
	vfs.FS
	onFail func(error)

	mu     sync.RWMutex
	err    error      // guarded by mu: why it is frozen
	memory *vfs.MemFS // guarded by mu: what was changed since; nil before
}

func (g *guard) failure() error {
	g.mu.RLock()
	defer g.mu.RUnlock()
	return g.err
}

// frozen returns the files in memory; nil when the guard is not frozen.
func (g *guard) frozen() *vfs.MemFS {
	g.mu.RLock()
	defer g.mu.RUnlock()
	return g.memory
}

// freeze keeps the first reason and tells it.
func (g *guard) freeze(err error) {
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

// change carries out an operation, unless the guard is frozen. It reports whether it was carried out.
func (g *guard) change(what, name string, operation func() error) bool {
	if g.failure() != nil {
		return false
	}
	if err := operation(); err != nil {
		g.freeze(fmt.Errorf("%s %s: %w", what, name, err))
		return false
	}
	return true
}

// file carries out an operation that opens a file for writing.
func (g *guard) file(what, name string, open func() (vfs.File, error)) (vfs.File, error) {
	var f vfs.File
	ok := g.change(what, name, func() (err error) {
		f, err = open()
		return err
	})
	if !ok {
		return g.remember(name, 0)
	}
	return &guardedFile{File: f, guard: g, name: name}, nil
}

// remember makes a file in memory, with the first size bytes of the one on disk.
func (g *guard) remember(name string, size int64) (vfs.File, error) {
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

// Create and the methods below are those of vfs.FS that change the disk, or see what was changed.
func (g *guard) Create(name string, category vfs.DiskWriteCategory) (vfs.File, error) {
	return g.file("create", name, func() (vfs.File, error) { return g.FS.Create(name, category) })
}

func (g *guard) OpenReadWrite(name string, category vfs.DiskWriteCategory, opts ...vfs.OpenOption) (vfs.File, error) {
	return g.file("open", name, func() (vfs.File, error) { return g.FS.OpenReadWrite(name, category, opts...) })
}

func (g *guard) ReuseForWrite(from, to string, category vfs.DiskWriteCategory) (vfs.File, error) {
	return g.file("reuse", to, func() (vfs.File, error) { return g.FS.ReuseForWrite(from, to, category) })
}

// Link is not used by what the store does with Pebble; while frozen it does nothing.
func (g *guard) Link(from, to string) error {
	g.change("link", to, func() error { return g.FS.Link(from, to) })
	return nil
}

func (g *guard) Rename(from, to string) error {
	if !g.change("rename", to, func() error { return g.FS.Rename(from, to) }) {
		_ = g.frozen().Rename(from, to) // when it is not in memory, nobody has written it since
	}
	return nil
}

func (g *guard) MkdirAll(dir string, perm os.FileMode) error {
	g.change("make directory", dir, func() error { return g.FS.MkdirAll(dir, perm) })
	return nil
}

// Remove only frees space; Pebble bears that it fails.
func (g *guard) Remove(name string) error {
	if memory := g.frozen(); memory != nil {
		_ = memory.Remove(name) // as Rename
		return nil
	}
	return g.FS.Remove(name)
}

func (g *guard) RemoveAll(name string) error {
	if memory := g.frozen(); memory != nil {
		_ = memory.RemoveAll(name) // as Rename
		return nil
	}
	return g.FS.RemoveAll(name)
}

func (g *guard) Open(name string, opts ...vfs.OpenOption) (vfs.File, error) {
	if memory := g.frozen(); memory != nil {
		if f, err := memory.Open(name, opts...); err == nil {
			return f, nil
		}
	}
	return g.FS.Open(name, opts...)
}

func (g *guard) Stat(name string) (vfs.FileInfo, error) {
	if memory := g.frozen(); memory != nil {
		if info, err := memory.Stat(name); err == nil {
			return info, nil
		}
	}
	return g.FS.Stat(name)
}

func (g *guard) OpenDir(name string) (vfs.File, error) {
	f, err := g.FS.OpenDir(name)
	if err != nil {
		return nil, err
	}
	return &guardedFile{File: f, guard: g, name: name}, nil
}

// Unwrap returns the file system that is guarded.
func (g *guard) Unwrap() vfs.FS { return g.FS }

// guardedFile is a file that is written. Pebble writes and syncs a file from one goroutine at a time.
type guardedFile struct {
	vfs.File
	guard   *guard
	name    string
	written int64
	memory  vfs.File // what the file has become since the guard was frozen; nil before
}

func (f *guardedFile) Write(p []byte) (int, error) {
	ok := f.guard.change("write", f.name, func() error {
		_, err := f.File.Write(p)
		return err
	})
	if ok {
		f.written += int64(len(p))
		return len(p), nil
	}
	if f.memory == nil {
		memory, err := f.guard.remember(f.name, f.written)
		if err != nil {
			return 0, err
		}
		f.memory = memory
	}
	return f.memory.Write(p)
}

// WriteAt is not used by what the store does with Pebble; while frozen it does nothing.
func (f *guardedFile) WriteAt(p []byte, offset int64) (int, error) {
	f.guard.change("write", f.name, func() error {
		_, err := f.File.WriteAt(p, offset)
		return err
	})
	return len(p), nil
}

func (f *guardedFile) Sync() error {
	f.guard.change("sync", f.name, f.File.Sync)
	return nil
}

func (f *guardedFile) SyncData() error {
	f.guard.change("sync", f.name, f.File.SyncData)
	return nil
}

func (f *guardedFile) SyncTo(length int64) (full bool, err error) {
	f.guard.change("sync", f.name, func() (err error) {
		full, err = f.File.SyncTo(length)
		return err
	})
	return full, nil
}

func (f *guardedFile) Stat() (vfs.FileInfo, error) {
	if f.memory != nil {
		return f.memory.Stat()
	}
	return f.File.Stat()
}

// Close always closes: a frozen disk is no reason to leak the file.
func (f *guardedFile) Close() error {
	if f.memory != nil {
		_ = f.memory.Close() // memory
	}
	if err := f.File.Close(); err != nil {
		f.guard.freeze(fmt.Errorf("close %s: %w", f.name, err))
	}
	return nil
}
