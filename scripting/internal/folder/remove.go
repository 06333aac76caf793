package folder

import (
	"errors"
	"io/fs"
	"os"
	"path"

	"trackhook/engine/scripts"
)

// Delete removes a file, or a folder with all in it, packages too.
func (f *Folder) Delete(name, version string) (scripts.Deleted, error) {
	none := scripts.Deleted{}
	if err := CheckPath(name); err != nil {
		return none, err
	}
	root, err := f.begin()
	if err != nil {
		return none, err
	}
	defer f.end(root)
	files, err := f.expect(root, name, version)
	if err != nil {
		return none, err
	}
	// Out of sight first: what is looked at then is what is removed, whoever writes meanwhile.
	beside := besideName(name)
	if err := root.Rename(name, beside); err != nil {
		if errors.Is(err, fs.ErrNotExist) {
			return none, notThere(name)
		}
		return none, failed(name, err)
	}
	found, err := versionIn(root, beside)
	if err != nil || found != version {
		if back := move(root, beside, name); errors.Is(back, fs.ErrExist) {
			_ = root.RemoveAll(beside) // who made the new one has replaced this one
		}
		if err != nil {
			return none, err
		}
		return none, f.moved(root, name, version)
	}
	if err := root.RemoveAll(beside); err != nil {
		return none, failed(name, err)
	}
	return scripts.Deleted{Deleted: files}, failed(name, syncFolder(root, path.Dir(name)))
}

// expect returns what a file or a folder holds if it has that version, or a conflict. A link is neither.
func (f *Folder) expect(root *os.Root, name, version string) (files []string, err error) {
	info, err := root.Lstat(name)
	switch {
	case err == nil && info.IsDir():
		tree, err := treeIn(root, name)
		if err != nil {
			return nil, err
		}
		if tree.Version != version {
			return nil, f.moved(root, name, version)
		}
		return tree.Files, nil
	case err == nil && info.Mode()&fs.ModeSymlink != 0:
		return nil, refuse(scripts.NotAllowed, "Not allowed", "%s is a link: change it where it was made", name)
	}
	now, err := f.read(root, name)
	switch {
	case err != nil:
		return nil, err
	case now == nil:
		return nil, notThere(name)
	case now.version() != version:
		return nil, f.moved(root, name, version)
	case now.link:
		return nil, refuse(scripts.NotAllowed, "Not allowed", "a folder on the way to %s is a link: change the file where it lies", name)
	}
	return []string{name}, nil
}

// versionIn is the version of a file or a folder.
func versionIn(root *os.Root, name string) (string, error) {
	info, err := root.Lstat(name)
	if err != nil {
		return "", unreadable(name, err)
	}
	if info.IsDir() {
		tree, err := treeIn(root, name)
		return tree.Version, err
	}
	c, err := readIn(root, name)
	if err != nil || c == nil {
		return "", err
	}
	return c.version(), nil
}

// moved is the conflict of a change that has no text.
func (f *Folder) moved(root *os.Root, name, version string) error {
	e := &scripts.ConflictError{
		Conflict: scripts.Conflict{Path: name},
		Detail:   name + " was changed on disk since it was looked at; nothing was done. Look at it again first",
	}
	if text, ok := f.remembered.find(name, version); ok {
		e.Conflict.Base = &scripts.Side{Version: version, Text: text}
	}
	if info, err := root.Lstat(name); err == nil && info.IsDir() {
		if tree, err := treeIn(root, name); err == nil {
			e.Conflict.Theirs = &scripts.Side{Version: tree.Version}
		}
		return e
	}
	now, err := readIn(root, name)
	if err == nil {
		e.Conflict.Theirs = sideOf(now)
	}
	return e
}
