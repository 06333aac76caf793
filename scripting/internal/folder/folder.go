package folder

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"

	"trackhook/engine/scripts"
	"trackhook/scripting/internal/source"
)

// Config says which folder it is.
type Config struct {
	// Dir is the plugins folder. It need not exist.
	Dir string
	// Locked is why nothing may be changed, in a sentence for people. Empty: what the system allows may be. It may be called
	// by many goroutines at once. Nil: never.
	Locked func() string
	// Templates hold a plugin each: a file with its tests, or a folder with an index file. Nil: there are none but the empty one.
	Templates fs.FS
}

// Folder is the plugins folder.
type Folder struct {
	cfg        Config
	remembered remembered
	changing   sync.Mutex // held while something is changed
	letGo      func()     // ends the hold on the folder; of whoever holds changing

	mu       sync.Mutex
	versions map[string]dated // by path; guarded by mu
}

// dated is the version of a file that had this size at this time.
type dated struct {
	size     int64
	modified time.Time
	version  string
	text     bool
}

// New makes it. Nothing is read before it is asked for.
func New(cfg Config) *Folder {
	if dir, err := filepath.Abs(cfg.Dir); err == nil {
		cfg.Dir = dir
	}
	if cfg.Locked == nil {
		cfg.Locked = func() string { return "" }
	}
	return &Folder{cfg: cfg, versions: map[string]dated{}}
}

// open opens the folder. The caller closes it.
func (f *Folder) open() (*os.Root, error) {
	root, err := os.OpenRoot(f.cfg.Dir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, refuse(scripts.NotFound, "No plugins folder", "there is no plugins folder at %s", f.cfg.Dir)
	}
	if err != nil {
		return nil, fmt.Errorf("open the plugins folder: %w", err)
	}
	return root, nil
}

// sealed says why nothing in the folder can be changed; empty: it can.
func (f *Folder) sealed(root *os.Root) string {
	if why := f.cfg.Locked(); why != "" {
		return why
	}
	info, err := root.Stat(".")
	if err == nil && info.Mode().Perm()&0o222 == 0 || !mayWrite(f.cfg.Dir) {
		return "the host may not write to the plugins folder " + f.cfg.Dir + ": it is read-only for it. Drafts can be tried, and not saved"
	}
	return ""
}

// List lists what is in the folder. Permissions are left to the caller.
func (f *Folder) List(ctx context.Context) (scripts.Folder, error) {
	list := scripts.Folder{Name: filepath.Base(f.cfg.Dir), Path: f.cfg.Dir}
	root, err := f.open()
	if refused, ok := errors.AsType[*scripts.RefusedError](err); ok {
		list.Why = refused.Detail
		return list, nil
	}
	if err != nil {
		return list, err
	}
	defer root.Close() //nolint:errcheck // only read
	list.Present, list.Why = true, f.sealed(root)
	list.Writable = list.Why == ""
	found, err := source.Scan(f.cfg.Dir)
	if err != nil {
		return list, fmt.Errorf("list scripts: %w", err)
	}
	owners := ownersOf(found)
	err = fs.WalkDir(root.FS(), ".", func(name string, d fs.DirEntry, err error) error {
		switch {
		case ctx.Err() != nil:
			return ctx.Err()
		case name == ".":
			return err
		case err != nil:
			return nil //nolint:nilerr // a folder that cannot be read, or has just gone, is left out
		case d.Name() == "node_modules":
			list.Files = append(list.Files, scripts.Entry{
				Path: name, Folder: true, Plugin: owners.of(name), Why: "packages are installed by their manager, and not edited here",
			})
			return fs.SkipDir
		case source.Ignored(d.Name()):
			return skipped(d)
		case d.IsDir():
			return nil
		case len(list.Files) >= scripts.MaxListed:
			list.Truncated = true
			return fs.SkipAll
		}
		if entry, ok := f.entry(root, name, d); ok {
			entry.Plugin = owners.of(name)
			list.Files = append(list.Files, entry)
		}
		return nil
	})
	if err != nil {
		return list, err
	}
	list.Plugins = owners.plugins(list.Files)
	return list, nil
}

func skipped(d fs.DirEntry) error {
	if d.IsDir() {
		return fs.SkipDir
	}
	return nil
}

// entry is a file in the list; false: it has just gone.
func (f *Folder) entry(root *os.Root, name string, d fs.DirEntry) (scripts.Entry, bool) {
	info, err := d.Info()
	if err != nil {
		return scripts.Entry{}, false
	}
	e := scripts.Entry{Path: name, Test: source.IsTest(name), Size: info.Size(), Modified: info.ModTime().UTC()}
	e.Why = f.unfit(root, &e, info)
	e.Editable = e.Why == ""
	return e, true
}

// unfit says why a file cannot be edited, and fills in its version.
func (f *Folder) unfit(root *os.Root, e *scripts.Entry, info fs.FileInfo) string {
	switch err := CheckPath(e.Path); {
	case info.Mode()&fs.ModeSymlink != 0:
		return "this is a link: edit what it leads to"
	case !info.Mode().IsRegular():
		return "this is no regular file"
	case err != nil:
		return err.Error()
	case info.Size() > scripts.MaxFile:
		return fmt.Sprintf("larger than %d bytes", scripts.MaxFile)
	}
	known, err := f.dated(root, e.Path, info)
	switch {
	case err != nil:
		return "it cannot be read"
	case !known.text:
		return "this is no text in UTF-8"
	case info.Mode().Perm()&0o222 == 0:
		e.Version = known.version
		return "its permissions say that it may not be written"
	}
	e.Version = known.version
	return ""
}

// dated reads a file unless it has the size and the time that it had when it was read before. The list only informs: a
// change compares bytes.
func (f *Folder) dated(root *os.Root, name string, info fs.FileInfo) (dated, error) {
	f.mu.Lock()
	known, ok := f.versions[name]
	f.mu.Unlock()
	if ok && known.size == info.Size() && known.modified.Equal(info.ModTime()) {
		return known, nil
	}
	c, err := readIn(root, name)
	if err != nil || c == nil {
		return dated{}, cmp.Or(err, fs.ErrNotExist)
	}
	known = dated{c.info.Size(), c.info.ModTime(), c.version(), isText(c.data)}
	f.mu.Lock()
	defer f.mu.Unlock()
	if len(f.versions) >= 2*scripts.MaxListed {
		clear(f.versions)
	}
	f.versions[name] = known
	return known, nil
}

// owners finds the plugin of a path.
type owners struct{ entries []source.Entry }

func ownersOf(found *source.Folder) owners { return owners{found.Entries} }

// of is the name of the plugin that a file belongs to: its first file, the tests beside that, or what is in its folder.
func (o owners) of(name string) string {
	top, _, inside := strings.Cut(name, "/")
	for i := range o.entries {
		e := &o.entries[i]
		folder, _, isFolder := strings.Cut(e.File, "/")
		switch {
		case isFolder && inside && top == folder,
			!isFolder && !inside && (name == e.File || source.IsTest(name) && source.TestedName(name) == e.Name):
			return e.Name
		}
	}
	return ""
}

// plugins lists the plugins with their files.
func (o owners) plugins(files []scripts.Entry) []scripts.Plugin {
	var plugins []scripts.Plugin
	for i := range o.entries {
		e := &o.entries[i]
		if slices.ContainsFunc(plugins, func(p scripts.Plugin) bool { return p.Name == e.Name }) {
			continue
		}
		p := scripts.Plugin{Name: e.Name, Files: []string{e.File}, Tests: []string{}}
		for n := range files {
			if files[n].Plugin != e.Name || files[n].Folder {
				continue
			}
			if files[n].Path != e.File {
				p.Files = append(p.Files, files[n].Path)
			}
			if files[n].Test {
				p.Tests = append(p.Tests, files[n].Path)
			}
		}
		plugins = append(plugins, p)
	}
	return plugins
}

// owner is the name of the plugin that a file belongs to; empty: none.
func (f *Folder) owner(name string) string {
	found, err := source.Scan(f.cfg.Dir)
	if err != nil {
		return ""
	}
	return ownersOf(found).of(path.Clean(name))
}
