package folder

import (
	"errors"
	"io/fs"
	"os"
	"path"
	"syscall"

	"golang.org/x/sys/unix"
)

// errQuota means that the owner has no more room.
const errQuota = syscall.EDQUOT

// exchange lets two files change places in one step. errors.ErrUnsupported: this file system cannot.
func exchange(root *os.Root, one, other string) error {
	return rename2(root, one, other, unix.RENAME_EXCHANGE)
}

// moveNew gives a file or a folder a name that nothing has, in one step. errors.ErrUnsupported: this file system cannot.
func moveNew(root *os.Root, from, to string) error {
	return rename2(root, from, to, unix.RENAME_NOREPLACE)
}

// rename2 works in opened folders: [os.Root] has opened them, so no link leads it out.
func rename2(root *os.Root, from, to string, flags uint) error {
	source, err := root.Open(path.Dir(from))
	if err != nil {
		return err
	}
	defer source.Close() //nolint:errcheck // only opened
	target, err := root.Open(path.Dir(to))
	if err != nil {
		return err
	}
	defer target.Close()                                                                            //nolint:errcheck // only opened
	err = unix.Renameat2(int(source.Fd()), path.Base(from), int(target.Fd()), path.Base(to), flags) //nolint:gosec // descriptors are small
	if errors.Is(err, unix.EINVAL) || errors.Is(err, unix.ENOSYS) {
		return errors.ErrUnsupported
	}
	if err != nil {
		return &fs.PathError{Op: "rename", Path: to, Err: err}
	}
	return nil
}

// syncFolder makes sure that the names in a folder are on disk.
func syncFolder(root *os.Root, dir string) error {
	file, err := root.Open(dir)
	if err != nil {
		return err
	}
	defer file.Close() //nolint:errcheck // only opened
	if err := file.Sync(); err != nil && !errors.Is(err, syscall.EINVAL) {
		return err
	}
	return nil
}

// keepOwner gives a file the owner of another, as far as this process may.
func keepOwner(file *os.File, like fs.FileInfo) {
	if owner, ok := like.Sys().(*syscall.Stat_t); ok {
		_ = file.Chown(int(owner.Uid), int(owner.Gid)) // it may not, unless it is root
	}
}
