package disk

import (
	"fmt"
	"io"
	"os"
	"sync"
	"time"

	"github.com/cockroachdb/pebble/v2/vfs"
)

// guard is the file system that Pebble works on. The first operation that changes the disk and fails freezes it: from
// then on every change is accepted and goes nowhere, so that the disk stays as a crash at that moment would have left
// it, and the store, which is told by onFail, acknowledges nothing any more.
//
// The reason is what Pebble does otherwise. A commit whose write to the WAL fails ends in Logger.Fatalf; a WAL that
// cannot be rotated, the usual case on a full disk, ends in a panic under a deferred Unlock of a mutex that is not
// locked at that point, which no recover can catch. Returning the error to Pebble therefore means a dead process.
// Lying to it is safe, because nothing that it writes afterwards counts, and it lets Pebble close in order; then the
// database is opened again and recovers as after a crash.
type guard struct {
	vfs.FS
	onFail func(error)

	mu  sync.RWMutex
	err error // guarded by mu: why it is frozen
}

func (g *guard) failure() error {
	g.mu.RLock()
	defer g.mu.RUnlock()
	return g.err
}

// freeze keeps the first reason and tells it.
func (g *guard) freeze(err error) {
	g.mu.Lock()
	first := g.err == nil
	if first {
		g.err = err
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
		return &nowhere{name: name}, nil
	}
	return &guardedFile{File: f, guard: g, name: name}, nil
}

// Create and the methods below are those of vfs.FS that change the disk.
func (g *guard) Create(name string, category vfs.DiskWriteCategory) (vfs.File, error) {
	return g.file("create", name, func() (vfs.File, error) { return g.FS.Create(name, category) })
}

func (g *guard) OpenReadWrite(name string, category vfs.DiskWriteCategory, opts ...vfs.OpenOption) (vfs.File, error) {
	return g.file("open", name, func() (vfs.File, error) { return g.FS.OpenReadWrite(name, category, opts...) })
}

func (g *guard) ReuseForWrite(from, to string, category vfs.DiskWriteCategory) (vfs.File, error) {
	return g.file("reuse", to, func() (vfs.File, error) { return g.FS.ReuseForWrite(from, to, category) })
}

func (g *guard) Link(from, to string) error {
	g.change("link", to, func() error { return g.FS.Link(from, to) })
	return nil
}

func (g *guard) Rename(from, to string) error {
	g.change("rename", to, func() error { return g.FS.Rename(from, to) })
	return nil
}

func (g *guard) MkdirAll(dir string, perm os.FileMode) error {
	g.change("make directory", dir, func() error { return g.FS.MkdirAll(dir, perm) })
	return nil
}

// Remove only frees space; Pebble bears that it fails.
func (g *guard) Remove(name string) error {
	if g.failure() != nil {
		return nil
	}
	return g.FS.Remove(name)
}

func (g *guard) RemoveAll(name string) error {
	if g.failure() != nil {
		return nil
	}
	return g.FS.RemoveAll(name)
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

type guardedFile struct {
	vfs.File
	guard *guard
	name  string
}

func (f *guardedFile) Write(p []byte) (int, error) {
	f.guard.change("write", f.name, func() error {
		_, err := f.File.Write(p)
		return err
	})
	return len(p), nil
}

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

// Close always closes: a frozen disk is no reason to leak the file.
func (f *guardedFile) Close() error {
	if err := f.File.Close(); err != nil {
		f.guard.freeze(fmt.Errorf("close %s: %w", f.name, err))
	}
	return nil
}

// nowhere is a file that was created on a frozen disk.
type nowhere struct {
	name string
	size int64
}

func (n *nowhere) Write(p []byte) (int, error) {
	n.size += int64(len(p))
	return len(p), nil
}

func (n *nowhere) WriteAt(p []byte, offset int64) (int, error) {
	n.size = max(n.size, offset+int64(len(p)))
	return len(p), nil
}

func (*nowhere) Read([]byte) (int, error)          { return 0, io.EOF }
func (*nowhere) ReadAt([]byte, int64) (int, error) { return 0, io.EOF }
func (*nowhere) Preallocate(int64, int64) error    { return nil }
func (*nowhere) Prefetch(int64, int64) error       { return nil }
func (*nowhere) Sync() error                       { return nil }
func (*nowhere) SyncData() error                   { return nil }
func (*nowhere) SyncTo(int64) (bool, error)        { return true, nil }
func (*nowhere) Close() error                      { return nil }
func (*nowhere) Fd() uintptr                       { return vfs.InvalidFd }
func (n *nowhere) Stat() (vfs.FileInfo, error)     { return nowhereInfo{n}, nil }

type nowhereInfo struct{ file *nowhere }

func (i nowhereInfo) Name() string         { return i.file.name }
func (i nowhereInfo) Size() int64          { return i.file.size }
func (nowhereInfo) Mode() os.FileMode      { return 0o600 }
func (nowhereInfo) ModTime() time.Time     { return time.Time{} }
func (nowhereInfo) IsDir() bool            { return false }
func (nowhereInfo) Sys() any               { return nil }
func (nowhereInfo) DeviceID() vfs.DeviceID { return vfs.DeviceID{} }
