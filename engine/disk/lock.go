package disk

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"runtime"
	"strings"
	"syscall"
	"time"

	"github.com/cockroachdb/pebble/v2"
	"github.com/cockroachdb/pebble/v2/vfs"
)

// ownerFile tells people which process holds the lock. The lock itself is Pebble's, on the file LOCK: the operating
// system drops it when the process ends, however it ends. It cannot hold text, because opening it truncates it.
const ownerFile = "OWNER"

// lockDir makes dir if it is missing, and locks it for this process.
func lockDir(files vfs.FS, dir string) (*pebble.Lock, error) {
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
	name := files.PathJoin(dir, ownerFile)
	text := fmt.Sprintf("process %d (started %s)", os.Getpid(), time.Now().UTC().Format(time.RFC3339))
	if err := writeFile(files, name, text); err != nil {
		return nil, errors.Join(fmt.Errorf("lock %s: %w", dir, err), lock.Close())
	}
	return lock, nil
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

func unlockDir(files vfs.FS, dir string, lock *pebble.Lock) error {
	// Nobody needs the owner's name when the lock is free, so that it cannot be removed harms nobody.
	_ = files.Remove(files.PathJoin(dir, ownerFile))
	if err := lock.Close(); err != nil {
		return fmt.Errorf("unlock %s: %w", dir, err)
	}
	return nil
}

// owner names the process that holds the lock, as well as it can.
func owner(files vfs.FS, dir string) string {
	const unknown = "another process"
	f, err := files.Open(files.PathJoin(dir, ownerFile))
	if err != nil {
		return unknown
	}
	defer func() { _ = f.Close() }() // it was only read
	text, err := io.ReadAll(io.LimitReader(f, 200))
	if err != nil || !strings.HasPrefix(string(text), "process ") {
		return unknown
	}
	return strings.TrimSpace(string(text))
}

func writeFile(files vfs.FS, name, text string) error {
	f, err := files.Create(name, vfs.WriteCategoryUnspecified)
	if err != nil {
		return fmt.Errorf("create %s: %w", name, err)
	}
	_, err = f.Write([]byte(text))
	if err = errors.Join(err, f.Close()); err != nil {
		return fmt.Errorf("write %s: %w", name, err)
	}
	return nil
}

// makeDir makes dir with its parents and syncs the directories that they are entered in, so that a crash cannot take
// away a directory whose files were synced.
func makeDir(files vfs.FS, dir string) error {
	var entered []string
	for at := dir; ; {
		if _, err := files.Stat(at); err == nil {
			break
		}
		parent := files.PathDir(at)
		entered = append(entered, parent)
		if parent == at {
			break
		}
		at = parent
	}
	if err := files.MkdirAll(dir, 0o700); err != nil {
		return fmt.Errorf("make directory %s: %w", dir, err)
	}
	for _, parent := range entered {
		if err := syncDir(files, parent); err != nil {
			return err
		}
	}
	return nil
}

func syncDir(files vfs.FS, dir string) error {
	f, err := files.OpenDir(dir)
	if err != nil {
		return fmt.Errorf("open directory %s: %w", dir, err)
	}
	if err := errors.Join(f.Sync(), f.Close()); err != nil {
		return fmt.Errorf("sync directory %s: %w", dir, err)
	}
	return nil
}
