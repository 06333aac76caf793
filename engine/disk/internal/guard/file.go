package guard

import (
	"errors"
	"fmt"

	"github.com/cockroachdb/pebble/v2/vfs"
)

// file is a file that is written, or a directory. Pebble writes and syncs a file from one goroutine at a time.
type file struct {
	vfs.File
	guard   *FS
	name    string
	written int64
	unnamed bool     // a log that the file of logs may not name yet
	memory  vfs.File // what the file has become since the guard was frozen; nil before
}

// Write implements [vfs.File]. When the guard is frozen, the file goes on in memory, after a copy of what it holds.
func (f *file) Write(p []byte) (int, error) {
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
func (f *file) WriteAt(p []byte, offset int64) (int, error) {
	f.guard.change("write", f.name, func() error {
		_, err := f.File.WriteAt(p, offset)
		return err
	})
	return len(p), nil
}

// noteLog names a log before its first bytes are durable. Pebble has synced its entry in the directory by then.
func (f *file) noteLog() error {
	if !f.unnamed {
		return nil
	}
	f.unnamed = false
	return f.guard.logs.add(f.guard.FS, f.name)
}

func (f *file) Sync() error {
	f.guard.change("sync", f.name, func() error { return errors.Join(f.noteLog(), f.File.Sync()) })
	return nil
}

func (f *file) SyncData() error {
	f.guard.change("sync", f.name, func() error { return errors.Join(f.noteLog(), f.File.SyncData()) })
	return nil
}

func (f *file) SyncTo(length int64) (full bool, err error) {
	f.guard.change("sync", f.name, func() (err error) {
		if err := f.noteLog(); err != nil {
			return err
		}
		full, err = f.File.SyncTo(length)
		return err
	})
	return full, nil
}

func (f *file) Stat() (vfs.FileInfo, error) {
	if f.memory != nil {
		return f.memory.Stat()
	}
	return f.File.Stat()
}

// Close always closes: a frozen disk is no reason to leak the file.
func (f *file) Close() error {
	if f.memory != nil {
		_ = f.memory.Close() // memory
	}
	if err := f.File.Close(); err != nil {
		f.guard.Freeze(fmt.Errorf("close %s: %w", f.name, err))
	}
	return nil
}
