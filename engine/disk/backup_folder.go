package disk

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"

	"trackhook/engine/disk/internal/folder"
	"trackhook/engine/disk/internal/guard"

	"github.com/cockroachdb/pebble/v2/vfs"
)

// ErrBackupFolder means that a folder cannot take a backup, or not now; the text of the error says why.
var ErrBackupFolder = errors.New("no folder for a backup")

// unfinished ends the name of the folder that a backup is made in: one that was broken off must not be taken for whole, and
// Pebble's own copy can be opened before its logs are in it.
const unfinished = ".unfinished"

// noBackup says why a folder cannot take a backup.
type noBackup struct{ text string }

func (e noBackup) Error() string        { return e.text }
func (e noBackup) Is(target error) bool { return target == ErrBackupFolder }

func noBackupf(format string, args ...any) error { return noBackup{fmt.Sprintf(format, args...)} }

// backupFolder is where a backup is made.
type backupFolder struct {
	files vfs.FS
	dir   string        // where it will be
	new   string        // where it is made
	way   *guard.Beside // to new, which it makes and removes
}

// newBackupFolder names the folder dir, and looks at nothing yet. goOn tells whether to go on.
func newBackupFolder(files vfs.FS, dir string, goOn func() error) *backupFolder {
	if vfs.Root(files) == vfs.Default {
		dir = filepath.Clean(dir)
	}
	b := &backupFolder{files: files, dir: dir, new: dir + unfinished}
	b.way = guard.NewBeside(files, b.new, goOn)
	return b
}

// fill checks the folder, makes the copy in it by copyInto, and finishes it. What fails leaves nothing, and nothing that was
// there is touched. mark is that of the copy; nil: it has one. One call at a time may do this for a store.
func (b *backupFolder) fill(apart []string, copyInto func() error, mark *folder.Mark) (size uint64, err error) {
	if err := b.check(apart); err != nil {
		return 0, err
	}
	if err = copyInto(); err == nil {
		size, err = b.finish(mark)
	} else if errors.Is(err, fs.ErrExist) && !b.way.Made() {
		err = b.taken()
	}
	if err != nil {
		return 0, errors.Join(err, b.discard())
	}
	return size, nil
}

// taken refuses a folder in which a backup is made, or was. No other of the same store is at work.
func (b *backupFolder) taken() error {
	return noBackupf("%s is what is left of a backup that was broken off, unless another store is backed up there at this moment; "+
		"when none is, remove it, or else name another folder", b.new)
}

// check looks whether the folder can take a backup. It must be a new one, because nothing is overwritten; in a folder that is
// there, because a disk that is not mounted is the commonest mistake; and in none of apart, such as the data folder, whose
// files are Pebble's.
func (b *backupFolder) check(apart []string) error {
	files, dir := b.files, b.dir
	onDisk := vfs.Root(files) == vfs.Default
	if onDisk && !filepath.IsAbs(dir) {
		return noBackupf("%q is not an absolute path", dir)
	}
	above := files.PathDir(dir)
	switch info, err := files.Stat(above); {
	case errors.Is(err, fs.ErrNotExist):
		return noBackupf("the folder %s, in which the backup is to be made, does not exist; is its disk mounted?", above)
	case err != nil:
		return fmt.Errorf("%w: %w", ErrBackupFolder, err)
	case !info.IsDir() || above == dir:
		return noBackupf("%s is no folder in which a backup could be made", above)
	}
	if onDisk {
		for _, other := range apart {
			if err := outside(other, above); err != nil {
				return err
			}
		}
		if info, err := os.Lstat(dir); err == nil && !info.IsDir() {
			return noBackupf("%s is there already, and is no folder; name one that does not exist yet", dir)
		}
	}
	names, err := files.List(dir)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("%w: %w", ErrBackupFolder, err)
	}
	if len(names) > 0 {
		return noBackupf("%s is not empty; name a folder that does not exist yet", dir)
	}
	if _, err := files.Stat(b.new); !errors.Is(err, fs.ErrNotExist) {
		return b.taken()
	}
	return nil
}

// outside refuses a folder that lies in another, whatever links lead to it.
func outside(other, dir string) error {
	inside, err := os.Stat(other)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("look at %s: %w", other, err)
	}
	at, err := filepath.EvalSymlinks(dir)
	if err != nil {
		return fmt.Errorf("%w: %w", ErrBackupFolder, err)
	}
	for {
		info, err := os.Stat(at)
		if err == nil && os.SameFile(info, inside) {
			return noBackupf("%s lies in %s, where no backup may be; name a folder elsewhere, on another disk if there is one", dir, other)
		}
		above := filepath.Dir(at)
		if above == at {
			return nil
		}
		at = above
	}
}

// finish adds what the store has beside Pebble's files, keeps other users out, and puts the copy where it belongs. It returns
// the size.
func (b *backupFolder) finish(m *folder.Mark) (size uint64, err error) {
	if err := guard.WriteLogs(b.files, b.new); err != nil {
		return 0, fmt.Errorf("name the logs of the copy: %w", err)
	}
	if m != nil {
		if err := m.WriteSynced(b.files, b.new); err != nil {
			return 0, fmt.Errorf("write the mark of the copy: %w", err)
		}
	}
	if size, err = b.close(); err != nil {
		return 0, err
	}
	// An empty folder that is in the place goes: on some systems nothing can be renamed over one.
	if err := b.files.Remove(b.dir); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return 0, fmt.Errorf("%w: %s is there and cannot be replaced, as when it is where a disk is mounted; name a folder in it: %w", ErrBackupFolder, b.dir, err)
	}
	if err := b.way.Rename(b.new, b.dir); err != nil {
		return 0, fmt.Errorf("put the copy in its place: %w", err)
	}
	if err := syncFolder(b.files, b.files.PathDir(b.dir)); err != nil {
		return 0, errors.Join(err, b.files.RemoveAll(b.dir))
	}
	return size, nil
}

// close makes every file private and adds up their sizes.
func (b *backupFolder) close() (size uint64, err error) {
	names, err := b.files.List(b.new)
	if err != nil {
		return 0, fmt.Errorf("list the copy: %w", err)
	}
	private := vfs.Root(b.files) == vfs.Default && runtime.GOOS != "windows"
	for _, name := range names {
		path := b.files.PathJoin(b.new, name)
		info, err := b.files.Stat(path)
		if err == nil && private {
			err = os.Chmod(path, 0o600)
		}
		if err != nil {
			return 0, fmt.Errorf("make the copy private: %w", err)
		}
		size += uint64(info.Size()) //nolint:gosec // a size
	}
	return size, syncFolder(b.files, b.new)
}

// syncFolder syncs a directory of the copy.
func syncFolder(files vfs.FS, dir string) error {
	f, err := guard.NewBeside(files, dir, nil).OpenDir(dir)
	if err != nil {
		return fmt.Errorf("sync the copy: %w", err)
	}
	if err := errors.Join(f.Sync(), f.Close()); err != nil {
		return fmt.Errorf("sync the copy: %w", err)
	}
	return nil
}

// discard removes a copy that did not become one. What this call has not made stays.
func (b *backupFolder) discard() error {
	if err := b.way.RemoveAll(b.new); err != nil {
		return fmt.Errorf("remove the unfinished backup: %w", err)
	}
	return nil
}
