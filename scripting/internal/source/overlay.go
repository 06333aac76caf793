package source

import (
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// Overlay lays texts that are not saved over a plugins folder. Nil lays nothing. It is only read, by any goroutine.
type Overlay struct {
	// Root is the plugins folder, absolute.
	Root string
	// Files are texts by path relative to Root, with slashes; nil is a file that is to be gone.
	Files map[string]*string
}

// Reader reads for a graph, in the place of the disk: a version is made of what is read alone. Nil: there is nothing to lay.
func (o *Overlay) Reader() func(file string) (text string, missing bool, err error) {
	if o == nil || len(o.Files) == 0 {
		return nil
	}
	return func(file string) (string, bool, error) {
		if rel, err := filepath.Rel(o.Root, file); err == nil {
			if text, laid := o.Files[filepath.ToSlash(rel)]; laid {
				if text == nil {
					return "", true, nil
				}
				return *text, false, nil
			}
		}
		return readSource(o.Root, file)
	}
}

// IsFile tells whether there is a regular file at an absolute path.
func (o *Overlay) IsFile(file string) bool {
	if o != nil {
		if rel, err := filepath.Rel(o.Root, file); err == nil {
			if text, laid := o.Files[filepath.ToSlash(rel)]; laid {
				return text != nil
			}
		}
	}
	info, err := os.Stat(file)
	return err == nil && info.Mode().IsRegular()
}

// Plugin finds a plugin by its name; false: there is none. A problem of what is on disk alone is that of the entry.
func (o *Overlay) Plugin(name string) (Entry, bool, error) {
	found, err := Scan(o.Root)
	if err != nil {
		return Entry{}, false, err
	}
	for _, e := range found.Entries {
		// Tests and what comes after a first file of the same name are not meant.
		if e.Name == name && e.Problem == "" && o.IsFile(e.Path) {
			return e, true, nil
		}
	}
	// In the order in which one of two is chosen on disk.
	for _, inside := range []string{"", "/index"} {
		for _, kind := range Kinds() {
			file := name + inside + kind
			if text := o.Files[file]; text != nil && GoodName(name) {
				return Entry{Name: name, File: file, Path: filepath.Join(o.Root, filepath.FromSlash(file))}, true, nil
			}
		}
	}
	for _, e := range found.Entries {
		if e.Name == name && e.Problem != "" {
			return e, true, nil
		}
	}
	return Entry{}, false, nil
}

// Locate finds the plugin that a file belongs to, and the plugins folder, as the function of that name does.
func (o *Overlay) Locate(dir, file string) (Entry, string, error) {
	if o == nil {
		return Locate(dir, file)
	}
	abs, err := filepath.Abs(file)
	if err != nil {
		return Entry{}, "", err
	}
	if rel, err := filepath.Rel(o.Root, abs); err == nil && filepath.IsLocal(rel) {
		rel = filepath.ToSlash(rel)
		for _, laid := range slices.Sorted(maps.Keys(o.Files)) {
			name, ok := pluginAt(laid)
			if !ok || o.Files[laid] == nil || rel != laid && rel != name {
				continue
			}
			return Entry{Name: name, File: laid, Path: filepath.Join(o.Root, filepath.FromSlash(laid))}, o.Root, nil
		}
		if text, laid := o.Files[rel]; laid && text == nil {
			return Entry{}, "", fmt.Errorf("%s: the draft has removed it", rel)
		}
	}
	return Locate(dir, file)
}

// pluginAt is the name of the plugin whose first file this may be.
func pluginAt(file string) (name string, ok bool) {
	top, base, isFolder := strings.Cut(file, "/")
	if !isFolder {
		base = top
	}
	ext := filepath.Ext(base)
	stem := strings.TrimSuffix(base, ext)
	switch {
	case !slices.Contains(Kinds(), ext) || IsTest(base) || strings.HasSuffix(stem, ".d") && ext == ".ts":
		return "", false
	case !isFolder:
		return stem, true
	default:
		return top, stem == "index"
	}
}
