package folder

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"syscall"

	"trackhook/engine/scripts"
	"trackhook/scripting/internal/source"
)

// maxTree bounds the bytes of a folder that is taken as a whole.
const maxTree = 64 << 20

// Tree tells what is in a folder.
func (f *Folder) Tree(name string) (scripts.Tree, error) {
	root, err := f.open()
	if err != nil {
		return scripts.Tree{}, err
	}
	defer root.Close() //nolint:errcheck // only read
	if err := CheckPath(name); err != nil {
		return scripts.Tree{}, err
	}
	if isFolder, err := f.isFolder(root, name); err != nil {
		return scripts.Tree{}, err
	} else if !isFolder {
		return scripts.Tree{}, refuse(scripts.NotFound, "Folder not found", "there is no folder %s in the plugins folder", name)
	}
	return treeIn(root, name)
}

// isFolder tells whether a path is a folder, and no link to one.
func (f *Folder) isFolder(root *os.Root, name string) (bool, error) {
	link, err := linked(root, name)
	if err != nil {
		return false, err
	}
	info, err := root.Lstat(name)
	switch {
	case errors.Is(err, fs.ErrNotExist) || errors.Is(err, syscall.ENOTDIR):
		return false, nil
	case link:
		return false, nil // a file is read through it, and a folder is none
	case err != nil:
		return false, unreadable(name, err)
	}
	return info.IsDir(), nil
}

// treeIn looks into a folder of any name. Its version is the same under another.
func treeIn(root *os.Root, name string) (scripts.Tree, error) {
	tree := scripts.Tree{Path: name, Files: []string{}}
	sum, left := sha256.New(), int64(maxTree)
	err := fs.WalkDir(root.FS(), name, func(at string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return unreadable(at, err)
		case at == name:
			return nil
		case d.Name() == "node_modules":
			tree.Packages = true
			return skipped(d)
		case d.IsDir() && !source.Ignored(d.Name()):
			return nil
		case source.Ignored(d.Name()):
			return skipped(d)
		case len(tree.Files) >= scripts.MaxListed:
			return refuse(scripts.TooLarge, "Too large", "%s holds more than %d files: work on it with other tools", name, scripts.MaxListed)
		}
		inside := at[len(name)+1:]
		_, _ = fmt.Fprintf(sum, "%d:%s,", len(inside), inside) // a hash's Write never fails
		tree.Files = append(tree.Files, at)
		n, err := addFile(sum, root, at, d, left)
		if left -= n; err == nil && left <= 0 {
			err = refuse(scripts.TooLarge, "Too large", "%s holds more than %d MB: work on it with other tools", name, maxTree>>20)
		}
		return err
	})
	if err != nil {
		return scripts.Tree{}, err
	}
	tree.Version = hex.EncodeToString(sum.Sum(nil)[:8])
	return tree, nil
}

// addFile adds the bytes of a file to a sum, or where a link leads.
func addFile(sum io.Writer, root *os.Root, at string, d fs.DirEntry, most int64) (int64, error) {
	if d.Type()&fs.ModeSymlink != 0 {
		to, err := root.Readlink(at)
		_, _ = io.WriteString(sum, "link:"+to)
		return 0, err
	}
	if !d.Type().IsRegular() {
		return 0, nil
	}
	file, err := root.Open(at)
	if err != nil {
		return 0, unreadable(path.Base(at), err)
	}
	defer file.Close() //nolint:errcheck // only read
	own := sha256.New()
	n, err := io.Copy(own, io.LimitReader(file, most+1))
	_, _ = sum.Write(own.Sum(nil))
	return n, err
}
