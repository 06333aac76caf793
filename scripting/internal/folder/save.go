package folder

import (
	"bytes"
	"errors"
	"io/fs"
	"os"
	"path"
	"strings"
	"syscall"
	"unicode/utf8"

	"trackhook/engine/scripts"
)

// Save writes a file, or makes it where the edit was made from nothing.
func (f *Folder) Save(name string, edit scripts.Save) (scripts.Saved, error) {
	none := scripts.Saved{}
	if err := CheckPath(name); err != nil {
		return none, err
	}
	switch {
	case len(edit.Text) > scripts.MaxFile:
		return none, tooLarge(name)
	case !utf8.ValidString(edit.Text) || strings.Contains(edit.Text, "\x00"):
		return none, refuse(scripts.NoText, "No text", "the text holds bytes that no script can: it was not saved")
	}
	root, err := f.begin()
	if err != nil {
		return none, err
	}
	defer f.end(root)
	now, err := f.read(root, name)
	if err != nil {
		return none, err
	}
	saved := scripts.Saved{Path: name, Created: now == nil}
	if now == nil {
		if edit.Version != "" {
			return none, f.conflict(name, &edit, nil)
		}
		err = f.create(root, name, []byte(edit.Text))
		if errors.Is(err, fs.ErrExist) {
			if now, err = f.read(root, name); err == nil {
				err = f.conflict(name, &edit, now)
			}
		}
		saved.Version = versionOf([]byte(edit.Text))
	} else {
		saved.Version, saved.Unchanged, err = f.overwrite(root, name, &edit, now)
	}
	if err != nil {
		return none, err
	}
	saved.Plugin = f.owner(name)
	text, _ := shown([]byte(edit.Text))
	f.remembered.add(name, saved.Version, text)
	return saved, nil
}

// begin opens the folder for a change, or says why there may be none.
func (f *Folder) begin() (*os.Root, error) {
	f.changing.Lock()
	root, err := f.open()
	if err == nil {
		why := f.sealed(root)
		if why == "" {
			f.letGo = holdFolder(root)
			return root, nil
		}
		_ = root.Close() // nothing was written
		err = refuse(scripts.NotAllowed, "Read-only folder", "%s", why)
	}
	f.changing.Unlock()
	return nil, err
}

func (f *Folder) end(root *os.Root) {
	f.letGo()
	_ = root.Close() // what was written is on disk
	f.changing.Unlock()
}

// overwrite replaces a file that is there.
func (f *Folder) overwrite(root *os.Root, name string, edit *scripts.Save, now *content) (version string, unchanged bool, err error) {
	if why := f.whyNot(root, now); why != "" {
		return "", false, refuse(scripts.NotAllowed, "Not allowed", "%s: %s", name, why)
	}
	data := rendered(edit.Text, now.data)
	if len(data) > scripts.MaxFile {
		return "", false, tooLarge(name)
	}
	version = versionOf(data)
	if bytes.Equal(data, now.data) {
		return version, true, nil // also when the edit was made from another version: both came to the same
	}
	if edit.Version != now.version() {
		return "", false, f.conflict(name, edit, now)
	}
	met, err := replace(root, name, data, now)
	if errors.Is(err, errMet) {
		return "", false, f.conflict(name, edit, met)
	}
	return version, false, failed(name, err)
}

// create makes a file that must not be there; fs.ErrExist: it is.
func (f *Folder) create(root *os.Root, name string, data []byte) error {
	if dir := path.Dir(name); dir != "." {
		if err := makeFolders(root, dir); err != nil {
			return failed(name, err)
		}
	}
	return failed(name, makeNew(root, name, data))
}

// makeFolders makes the folders on the way to a file. None may be a link.
func makeFolders(root *os.Root, dir string) error {
	if link, err := linked(root, dir); err != nil || link {
		return refuse(scripts.NotAllowed, "Link", "%s is a link: make files in the folder that it leads to", dir)
	}
	err := root.MkdirAll(dir, 0o755)
	if errors.Is(err, fs.ErrExist) {
		return syscall.ENOTDIR // where a folder is needed, there is something else
	}
	return err
}

// conflict shows the three sides.
func (f *Folder) conflict(name string, edit *scripts.Save, now *content) error {
	e := &scripts.ConflictError{Conflict: scripts.Conflict{Path: name, Theirs: sideOf(now), Yours: &scripts.Side{Text: edit.Text}}}
	if text, ok := f.remembered.find(name, edit.Version); ok && edit.Version != "" {
		e.Conflict.Base = &scripts.Side{Version: edit.Version, Text: text}
	}
	switch {
	case now == nil:
		e.Detail = name + " was removed or renamed meanwhile; nothing was saved. To make it again, save it as a new file"
	case edit.Version == "":
		e.Detail = "there is a file " + name + " already; nothing was saved. Choose another name, or look at what is there first"
	default:
		e.Detail = name + " was changed on disk since this edit began; nothing was saved. Compare the two, and save the result"
	}
	return e
}

// failed is the error of a change, in words where people can act on it.
func failed(name string, err error) error {
	if refused, ok := errors.AsType[*scripts.RefusedError](err); ok {
		return refused
	}
	switch {
	case err == nil || errors.Is(err, fs.ErrExist):
		return err
	case errors.Is(err, syscall.ENOSPC), errors.Is(err, errQuota):
		return refuse(scripts.NoRoom, "No room", "the disk of the host is full: %s is as it was", name)
	case errors.Is(err, fs.ErrPermission), errors.Is(err, syscall.EROFS):
		return refuse(scripts.NotAllowed, "Read-only folder", "the host may not write there: %s is as it was", name)
	case errors.Is(err, syscall.ENOTDIR):
		return refuse(scripts.Invalid, "Invalid path", "a part of %s is a file, and not a folder", name)
	default:
		return unreadable(name, err)
	}
}
