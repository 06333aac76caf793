package folder

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"syscall"
	"time"

	"trackhook/engine/scripts"
	"trackhook/scripting/internal/source"
)

// content is a file that was read.
type content struct {
	data []byte
	info fs.FileInfo
	// link tells that a link leads to it.
	link bool
}

func (c *content) version() string { return versionOf(c.data) }

// File reads a file.
func (f *Folder) File(name string) (scripts.File, error) {
	root, err := f.open()
	if err != nil {
		return scripts.File{}, err
	}
	defer root.Close() //nolint:errcheck // only read
	c, err := f.read(root, name)
	if err != nil {
		return scripts.File{}, err
	}
	if c == nil {
		return scripts.File{}, notThere(name)
	}
	if !isText(c.data) {
		return scripts.File{}, refuse(scripts.NoText, "No text", "%s is no text in UTF-8, and cannot be edited here", name)
	}
	file := scripts.File{
		Path: name, Plugin: f.owner(name), Test: source.IsTest(name), Version: c.version(), Size: c.info.Size(), Modified: c.info.ModTime().UTC(),
		Mode: fmt.Sprintf("%#o", c.info.Mode().Perm()), LineEnds: lineEnds(string(c.data)),
	}
	file.Text, file.ByteOrderMark = shown(c.data)
	file.Why = f.whyNot(root, c)
	file.Editable = file.Why == ""
	f.remembered.add(name, file.Version, file.Text)
	return file, nil
}

func notThere(name string) error {
	return refuse(scripts.NotFound, "File not found", "there is no file %s in the plugins folder", name)
}

// whyNot says why a file cannot be saved; empty: it can.
func (f *Folder) whyNot(root *os.Root, c *content) string {
	switch why := f.sealed(root); {
	case why != "":
		return why
	case c.link:
		return "this is a link, and a save would take its place: edit what it leads to"
	case c.info.Mode().Perm()&0o222 == 0:
		return "this file may not be written: its permissions say so"
	default:
		return ""
	}
}

// read reads a file; nil: there is none.
func (f *Folder) read(root *os.Root, name string) (*content, error) {
	if err := CheckPath(name); err != nil {
		return nil, err
	}
	return readIn(root, name)
}

// readIn reads a file of any name.
func readIn(root *os.Root, name string) (*content, error) {
	link, err := linked(root, name)
	if err != nil {
		return nil, err
	}
	info, err := root.Stat(name) // opening a pipe would wait
	switch {
	case errors.Is(err, fs.ErrNotExist) || errors.Is(err, syscall.ENOTDIR):
		return nil, nil
	case err != nil && link:
		return nil, refuse(scripts.NotAllowed, "Link", "%s is a link that leads out of the plugins folder, or nowhere", name)
	case err != nil:
		return nil, unreadable(name, err)
	case info.IsDir():
		return nil, refuse(scripts.Invalid, "Invalid path", "%s is a folder", name)
	case !info.Mode().IsRegular():
		return nil, refuse(scripts.NotAllowed, "No file", "%s is no regular file", name)
	case info.Size() > scripts.MaxFile:
		return nil, tooLarge(name)
	}
	file, err := root.Open(name)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, unreadable(name, err)
	}
	defer file.Close() //nolint:errcheck // only read
	c := &content{link: link}
	if c.info, err = file.Stat(); err != nil {
		return nil, unreadable(name, err)
	}
	if c.data, err = io.ReadAll(io.LimitReader(file, scripts.MaxFile+1)); err != nil {
		return nil, unreadable(name, err)
	}
	if len(c.data) > scripts.MaxFile {
		return nil, tooLarge(name)
	}
	return c, nil
}

func tooLarge(name string) error {
	return refuse(scripts.TooLarge, "Too large", "%s is larger than %d bytes, which is as much as can be edited here", name, scripts.MaxFile)
}

// unreadable is the error of a file that is there. Only what people can act on is told to them.
func unreadable(name string, err error) error {
	if errors.Is(err, fs.ErrPermission) {
		return refuse(scripts.NotAllowed, "Not allowed", "the host may not read %s: its permissions, or those of a folder, say so", name)
	}
	return fmt.Errorf("read a script: %w", err)
}

// linked tells whether a part of a path is a link.
func linked(root *os.Root, name string) (bool, error) {
	for at := name; at != "."; at = path.Dir(at) {
		info, err := root.Lstat(at)
		switch {
		case errors.Is(err, fs.ErrNotExist) || errors.Is(err, syscall.ENOTDIR):
		case err != nil && at == name:
			// Its folder may be a link that leads out, which is found next.
		case err != nil:
			return false, unreadable(name, err)
		case info.Mode()&fs.ModeSymlink != 0:
			return true, nil
		}
	}
	return false, nil
}

// sideOf shows a file in a conflict.
func sideOf(c *content) *scripts.Side {
	if c == nil {
		return nil
	}
	side := &scripts.Side{Version: c.version(), Modified: new(c.info.ModTime().UTC().Truncate(time.Millisecond))}
	if isText(c.data) {
		side.Text, _ = shown(c.data)
	}
	return side
}
