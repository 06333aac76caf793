package folder

import (
	"bytes"
	"crypto/rand"
	"errors"
	"io/fs"
	"os"
	"path"
)

// errMet means that the disk had something else than was expected.
var errMet = errors.New("the file was changed meanwhile")

// besideName is a name in the folder of a file that hosts, editors and lists do not look at.
func besideName(name string) string {
	return path.Join(path.Dir(name), "."+path.Base(name)+"."+rand.Text()[:8]+".tmp")
}

// writeBeside writes a file under another name, and returns when it is on disk. like is the file that it is to replace; nil:
// none.
func writeBeside(root *os.Root, name string, data []byte, like fs.FileInfo) (beside string, err error) {
	beside = besideName(name)
	mode := fs.FileMode(0o644)
	if like != nil {
		mode = like.Mode().Perm()
	}
	file, err := root.OpenFile(beside, os.O_WRONLY|os.O_CREATE|os.O_EXCL, mode)
	if err != nil {
		return "", err
	}
	_, err = file.Write(data)
	if like != nil {
		keepOwner(file, like)
		err = errors.Join(err, file.Chmod(mode)) // the umask may have taken from it, and a new owner, too
	}
	if err = errors.Join(err, file.Sync(), file.Close()); err != nil {
		_ = root.Remove(beside) // what failed is told
		return "", err
	}
	return beside, nil
}

// makeNew makes a file that must not be there; fs.ErrExist: it is.
func makeNew(root *os.Root, name string, data []byte) error {
	beside, err := writeBeside(root, name, data, nil)
	if err != nil {
		return err
	}
	err = move(root, beside, name)
	if err != nil {
		_ = root.Remove(beside) // what failed is told
		return err
	}
	return syncFolder(root, path.Dir(name))
}

// replace gives a file other bytes in one step. now is what it is expected to be; [errMet], with what it was: it was
// something else, and is so still.
func replace(root *os.Root, name string, data []byte, now *content) (met *content, err error) {
	beside, err := writeBeside(root, name, data, now.info)
	if err != nil {
		return nil, err
	}
	defer func() { _ = root.Remove(beside) }() // gone, when all went well where nothing is exchanged
	switch err := exchange(root, beside, name); {
	case errors.Is(err, errors.ErrUnsupported):
		return compareAndRename(root, beside, name, now)
	case errors.Is(err, fs.ErrNotExist):
		return nil, errMet
	case err != nil:
		return nil, err
	}
	// What was replaced is beside now.
	out, err := readIn(root, beside)
	if err == nil && out != nil && bytes.Equal(out.data, now.data) {
		return nil, syncFolder(root, path.Dir(name))
	}
	return giveBack(root, beside, name, data)
}

// giveBack puts back what an exchange has taken out. Who replaces the file at this very moment has the last word: what comes
// out next must be what was put in, or it is put back in turn.
func giveBack(root *os.Root, beside, name string, put []byte) (met *content, err error) {
	for range 10 {
		met, err = readIn(root, beside)
		if err := exchange(root, beside, name); err != nil {
			_ = move(root, beside, name) // somebody has removed what was put in, and not this
			return met, errors.Join(errMet, err)
		}
		out, readErr := readIn(root, beside)
		if readErr != nil || out == nil || bytes.Equal(out.data, put) {
			break
		}
		if met == nil {
			break
		}
		put = met.data
	}
	if err != nil {
		return nil, err // such as a file that has become too large to be shown
	}
	return met, errMet
}

// compareAndRename is the step where files cannot be exchanged.
func compareAndRename(root *os.Root, beside, name string, now *content) (met *content, err error) {
	met, err = readIn(root, name)
	switch {
	case err != nil:
		return nil, err
	case met == nil || !bytes.Equal(met.data, now.data):
		return met, errMet
	}
	if err := root.Rename(beside, name); err != nil {
		return nil, err
	}
	return nil, syncFolder(root, path.Dir(name))
}

// move gives a file or a folder a name that nothing has; fs.ErrExist: something has it.
func move(root *os.Root, from, to string) error {
	err := moveNew(root, from, to)
	if !errors.Is(err, errors.ErrUnsupported) {
		return err
	}
	if _, err := root.Lstat(to); err == nil {
		return &fs.PathError{Op: "rename", Path: to, Err: fs.ErrExist}
	}
	return root.Rename(from, to)
}
