package folder

import (
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"time"

	"github.com/cockroachdb/pebble/v2"
	"github.com/cockroachdb/pebble/v2/vfs"
)

// ownerFile tells people which process holds the lock. The lock itself is Pebble's, on the file LOCK: the operating
// system drops it when the process ends, however it ends. It cannot hold text, because opening it truncates it.
const (
	ownerFile = "OWNER"
	lockFile  = "LOCK"
)

// IsLock tells the files that say who has a folder, which no copy of it has.
func IsLock(name string) bool { return name == ownerFile || name == lockFile }

// Folder is the data directory that this process has locked, and how to know it again.
type Folder struct {
	files vfs.FS
	dir   string
	lock  *pebble.Lock
	owner string // what ownerFile holds: no other lock has the same
	// lockInfo is LOCK as it was locked; nil where files are not told apart, as in memory. LOCK is never opened again: to
	// close any descriptor of it gives the lock away.
	lockInfo os.FileInfo
}

// Lock makes dir if it is missing, and locks it for this process.
func Lock(files vfs.FS, dir string) (*Folder, error) {
	if err := makeDir(files, dir); err != nil {
		return nil, err
	}
	lock, err := pebble.LockDirectory(dir, files)
	if err != nil {
		if !isHeld(err) {
			return nil, fmt.Errorf("lock %s: %w", dir, err)
		}
		return nil, fmt.Errorf("%s is in use by %s; stop it or choose another --data", dir, owner(files, dir))
	}
	f := &Folder{files: files, dir: dir, lock: lock}
	f.owner = fmt.Sprintf("process %d (started %s, lock %s)", os.Getpid(), time.Now().UTC().Format(time.RFC3339), rand.Text())
	if err := f.enter(); err != nil {
		return nil, errors.Join(fmt.Errorf("lock %s: %w", dir, err), lock.Close())
	}
	return f, nil
}

// enter writes who holds the lock, and remembers what was locked.
func (f *Folder) enter() (err error) {
	if err := WriteFile(f.files, f.files.PathJoin(f.dir, ownerFile), f.owner); err != nil {
		return err
	}
	if vfs.Root(f.files) != vfs.Default {
		return nil
	}
	if f.lockInfo, err = os.Stat(filepath.Join(f.dir, lockFile)); err != nil {
		return fmt.Errorf("look at the lock: %w", err)
	}
	os.SameFile(f.lockInfo, f.lockInfo) // on Windows, the first comparison looks into the folder for what is compared later
	return nil
}

// Look returns an error when dir is not the directory that was locked any more: it was removed, moved away, unmounted,
// or another is in its place. Files that are open can be written all the same, and nobody would ever find them.
func (f *Folder) Look() error {
	if f.lockInfo == nil {
		return f.lookForOwner()
	}
	info, err := os.Stat(filepath.Join(f.dir, lockFile))
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return f.gone("its file LOCK is not there")
	case err != nil:
		return f.gone(err.Error())
	case !os.SameFile(info, f.lockInfo):
		return f.gone("another folder is in its place")
	}
	return nil
}

// LookAgain is look before the directory is opened again. A file system that gives its numbers out anew is found by its
// owner.
func (f *Folder) LookAgain() error {
	if err := f.Look(); err != nil {
		return err
	}
	return f.lookForOwner()
}

func (f *Folder) lookForOwner() error {
	switch text, err := readOwner(f.files, f.dir); {
	case err != nil && (f.lockInfo == nil || !errors.Is(err, fs.ErrNotExist)):
		return f.gone(fmt.Sprintf("its file %s cannot be read", ownerFile))
	case err == nil && text != f.owner:
		return f.gone("another process has it")
	}
	return nil
}

func (f *Folder) gone(why string) error {
	return fmt.Errorf("the data folder %s is not the one that was opened: %s; put the folder back where it was, or restart", f.dir, why)
}

// isHeld tells a lock that somebody holds from one that cannot be had: no permission, a disk that is full or read-only.
// Systems answer the first with EAGAIN, EACCES or, on Windows, a sharing violation, bare; and Pebble with a text when it
// is this process itself.
func isHeld(err error) bool {
	const sharingViolation = syscall.Errno(32)
	if pathError := (*fs.PathError)(nil); errors.As(err, &pathError) {
		return false
	}
	errno := syscall.Errno(0)
	if !errors.As(err, &errno) {
		return true
	}
	return errno == syscall.EAGAIN || errno == syscall.EACCES || errno == sharingViolation && runtime.GOOS == "windows"
}

// PebbleLock is the lock as Pebble wants it.
func (f *Folder) PebbleLock() *pebble.Lock { return f.lock }

// Unlock gives the directory free.
func (f *Folder) Unlock() error {
	// Nobody needs the owner's name when the lock is free, so that it cannot be removed harms nobody. In a folder that is
	// not this one any more, it is somebody else's.
	if f.LookAgain() == nil {
		_ = f.files.Remove(f.files.PathJoin(f.dir, ownerFile))
	}
	if err := f.lock.Close(); err != nil {
		return fmt.Errorf("unlock %s: %w", f.dir, err)
	}
	return nil
}

// owner names the process that holds the lock, as well as it can.
func owner(files vfs.FS, dir string) string {
	text, err := readOwner(files, dir)
	if err != nil || !strings.HasPrefix(text, "process ") {
		return "another process"
	}
	if name, _, ok := strings.Cut(text, ", lock "); ok {
		return name + ")"
	}
	return text
}

func readOwner(files vfs.FS, dir string) (string, error) {
	f, err := files.Open(files.PathJoin(dir, ownerFile))
	if err != nil {
		return "", err
	}
	defer func() { _ = f.Close() }() // it was only read
	text, err := io.ReadAll(io.LimitReader(f, 200))
	return strings.TrimSpace(string(text)), err
}
