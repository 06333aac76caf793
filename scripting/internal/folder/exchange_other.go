//go:build !linux

package folder

import (
	"errors"
	"io/fs"
	"os"
)

// errQuota means that the owner has no more room, where systems say so.
var errQuota = errors.New("quota exceeded")

// exchange would let two files change places in one step.
func exchange(*os.Root, string, string) error { return errors.ErrUnsupported }

// moveNew gives a file a name that nothing has, in one step, by a second link. errors.ErrUnsupported: it is a folder, or the
// file system has none.
func moveNew(root *os.Root, from, to string) error {
	err := root.Link(from, to)
	switch {
	case errors.Is(err, fs.ErrExist):
		return &fs.PathError{Op: "rename", Path: to, Err: fs.ErrExist}
	case err != nil:
		return errors.ErrUnsupported
	default:
		return root.Remove(from)
	}
}

// syncFolder would make sure that the names in a folder are on disk. Systems differ in whether they can.
func syncFolder(root *os.Root, dir string) error {
	if file, err := root.Open(dir); err == nil {
		_ = file.Sync() // where it can
		_ = file.Close()
	}
	return nil
}

// keepOwner would give a file the owner of another.
func keepOwner(*os.File, fs.FileInfo) {}
