package scripting

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// rescans bounds how often one look scans again because it has met new folders.
const rescans = 10

// kinds lists the file name extensions that a plugin may have. Of two entries with one name, the one that is earlier in
// the list wins, and a file wins over a folder.
func kinds() []string { return []string{".js", ".mjs", ".cjs", ".ts"} }

const (
	// maxName bounds a plugin's name, because it is part of the store's keys.
	maxName = 100
	// maxFolders bounds the walk, for the symlink that points at a whole disk.
	maxFolders = 1000
	// maxLinks is what Linux allows for one path.
	maxLinks = 40
)

// entry is one plugin as it lies in the folder.
type entry struct {
	// name is the plugin's name, file its path relative to the folder with slashes, path the same made absolute.
	name, file, path string
	// problem says why the entry cannot be loaded whatever it contains. Empty: it can.
	problem string
}

// found is the result of one scan.
type found struct {
	// entries are sorted by name; entries with one name follow each other, the winner first.
	entries []entry
	// watch are the directories in which something can happen that makes the next scan, or the content of a file,
	// another one: real paths, without symlinks.
	watch map[string]interest
	// overflow tells that there are more than maxFolders folders; those beyond are not in watch.
	overflow bool
}

// interest says which names matter in a directory.
type interest struct {
	// all is every name that is not ignored; names matter even if ignored.
	all   bool
	names map[string]bool
}

func (i interest) in(name string) bool { return i.names[name] || i.all && !ignored(name) }

// same tells whether two scans found the same plugins. Contents are not compared.
func (f *found) same(other *found) bool { return slices.Equal(f.entries, other.entries) }

// scan looks for plugins in dir, an absolute path that need not exist. The error means that the folder is there and
// cannot be read; watch is filled nevertheless.
func scan(dir string) (*found, error) {
	f := &found{watch: map[string]interest{}}
	root := f.resolve(dir)
	f.name(filepath.Dir(root), filepath.Base(root))
	s := &walk{found: f, visited: map[string]bool{}}
	s.folder(root)
	// Only a folder that is not there has no plugins: too many open files must not look like a deletion.
	dirents, err := os.ReadDir(root)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return f, fmt.Errorf("scan plugins: %w", err)
	}
	for _, dirent := range dirents {
		if e, ok := entryAt(dir, dirent.Name()); ok {
			f.entries = append(f.entries, e)
		}
	}
	slices.SortStableFunc(f.entries, func(a, b entry) int {
		if order := strings.Compare(a.name, b.name); order != 0 {
			return order
		}
		return rank(a.file) - rank(b.file)
	})
	for i := 1; i < len(f.entries); i++ {
		e, first := &f.entries[i], &f.entries[i-1]
		if e.name == first.name && e.problem == "" {
			e.problem = fmt.Sprintf("the name %q is taken by %s: rename or remove one of them", e.name, winner(f.entries[:i], e.name))
		}
	}
	return f, nil
}

// winner returns the file of the first entry of that name.
func winner(entries []entry, name string) string {
	i := slices.IndexFunc(entries, func(e entry) bool { return e.name == name })
	return entries[i].file
}

// entryAt returns the plugin that base, a name in dir, stands for. ok is false when it is none.
func entryAt(dir, base string) (e entry, ok bool) {
	if ignored(base) {
		return entry{}, false
	}
	info, err := os.Stat(filepath.Join(dir, base))
	if err == nil && info.IsDir() {
		for _, ext := range kinds() {
			index := filepath.Join(base, "index"+ext)
			if _, err := os.Lstat(filepath.Join(dir, index)); !errors.Is(err, fs.ErrNotExist) {
				return newEntry(dir, base, index), true
			}
		}
		return entry{}, false
	}
	for _, ext := range kinds() {
		name, isKind := strings.CutSuffix(base, ext)
		if !isKind {
			continue
		}
		// Tests stand beside plugins, and type declarations are for editors.
		if strings.HasSuffix(name, ".test") || ext == ".ts" && strings.HasSuffix(name, ".d") {
			return entry{}, false
		}
		return newEntry(dir, name, base), true
	}
	return entry{}, false
}

// newEntry checks what can be told without reading the file.
func newEntry(dir, name, file string) entry {
	e := entry{name: name, file: filepath.ToSlash(file), path: filepath.Join(dir, file)}
	// A link that leads nowhere is left to the load: it may be in the middle of being swapped.
	info, err := os.Stat(e.path)
	switch {
	case !goodName(name):
		e.problem = fmt.Sprintf("%q cannot be a plugin's name: rename it with at most %d letters, digits, dashes, underscores and dots",
			name, maxName)
	case err == nil && !info.Mode().IsRegular():
		e.problem = "is not a regular file: put a script there"
	}
	return e
}

func goodName(name string) bool {
	const good = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_."
	return name != "" && len(name) <= maxName && strings.Trim(name, good) == ""
}

// rank orders entries with the same name.
func rank(file string) int {
	order := slices.Index(kinds(), filepath.Ext(file))
	if strings.Contains(file, "/") {
		order += len(kinds())
	}
	return order
}

// ignored tells names that are never plugins and never matter: dotfiles, what editors write beside a file, packages.
func ignored(name string) bool {
	if name == "node_modules" || strings.HasPrefix(name, ".") || strings.HasSuffix(name, "~") ||
		strings.HasPrefix(name, "#") && strings.HasSuffix(name, "#") {
		return true
	}
	// Vim writes and removes 4913, or a higher number, to learn whether it may.
	if strings.Trim(name, "0123456789") == "" {
		return true
	}
	switch filepath.Ext(name) {
	case ".swp", ".swo", ".swx", ".tmp", ".temp", ".bak", ".orig", ".rej", ".part", ".crdownload":
		return true
	default:
		return strings.HasSuffix(name, "___jb_tmp___") || strings.HasSuffix(name, "___jb_old___")
	}
}

// walk collects the folders to watch.
type walk struct {
	found   *found
	visited map[string]bool
}

// folder adds a real directory and all below it. Packages are left out: they are many and change rarely; the poll
// notices when one that is imported does.
func (w *walk) folder(dir string) {
	if w.visited[dir] {
		return
	}
	if len(w.visited) == maxFolders {
		w.found.overflow = true
		return
	}
	if info, err := os.Stat(dir); err != nil || !info.IsDir() {
		return
	}
	w.visited[dir] = true
	kept := w.found.watch[dir]
	kept.all = true
	w.found.watch[dir] = kept
	// A folder that cannot be read now is looked at again later.
	dirents, err := os.ReadDir(dir)
	if err != nil {
		return
	}
	for _, dirent := range dirents {
		path := filepath.Join(dir, dirent.Name())
		switch {
		case ignored(dirent.Name()):
		case dirent.IsDir():
			w.folder(path)
		case dirent.Type()&fs.ModeSymlink != 0:
			target := w.found.resolve(path)
			if info, err := os.Stat(target); err == nil && info.IsDir() {
				w.folder(target)
			} else {
				w.found.name(filepath.Dir(target), filepath.Base(target))
			}
		}
	}
}

// resolve follows path one element at a time and notes each directory in which an element is a symlink, because
// swapping that link changes what path means. ConfigMaps swap "..data", two links away from the file. It returns the
// real path; where an element is missing, the rest is appended as it is and the missing name is noted.
func (f *found) resolve(path string) string {
	volume := filepath.VolumeName(path)
	root := volume + string(filepath.Separator)
	at, rest := root, strings.TrimPrefix(path, root)
	for links := 0; rest != ""; {
		element, tail, _ := strings.Cut(rest, string(filepath.Separator))
		rest = tail
		next := filepath.Join(at, element)
		info, err := os.Lstat(next)
		if err != nil {
			f.name(at, element)
			return filepath.Join(next, rest)
		}
		if info.Mode()&fs.ModeSymlink == 0 {
			at = next
			continue
		}
		f.name(at, element)
		target, err := os.Readlink(next)
		if links++; err != nil || links > maxLinks {
			return filepath.Join(next, rest)
		}
		if filepath.IsAbs(target) {
			at = root
			target = strings.TrimPrefix(filepath.Clean(target), root)
		} else {
			target = filepath.Clean(target)
		}
		rest = strings.TrimSuffix(target+string(filepath.Separator)+rest, string(filepath.Separator))
	}
	return at
}

// name notes that name matters in dir, if dir is there to be watched.
func (f *found) name(dir, name string) {
	if info, err := os.Stat(dir); err != nil || !info.IsDir() {
		return
	}
	kept := f.watch[dir]
	if kept.names == nil {
		kept.names = map[string]bool{}
	}
	kept.names[name] = true
	f.watch[dir] = kept
}

// loadedFrom adds what the files of a graph have to do with folders that the walk leaves out, such as packages: a change
// of one that was imported, or the appearance of one that was looked for.
func (f *found) loadedFrom(paths []string) {
	for _, path := range paths {
		target := f.resolve(path)
		if _, err := os.Lstat(target); err == nil {
			f.name(filepath.Dir(target), filepath.Base(target))
		}
	}
}

// Files lists the first files of the plugins that lie in dir, relative to it, sorted, without looking into them.
func Files(dir string) ([]string, error) {
	found, err := scan(dir)
	if err != nil {
		return nil, err
	}
	files := make([]string, 0, len(found.entries))
	for _, e := range found.entries {
		files = append(files, e.file)
	}
	return files, nil
}

// locate finds the plugin that file belongs to, and the plugins folder.
func locate(dir, file string) (entry, string, error) {
	file, err := filepath.Abs(file)
	if err != nil {
		return entry{}, "", err
	}
	if _, err := os.Stat(file); err != nil {
		return entry{}, "", err
	}
	if dir == "" {
		dir = filepath.Dir(file)
	}
	if dir, err = filepath.Abs(dir); err != nil {
		return entry{}, "", err
	}
	inside, err := filepath.Rel(dir, file)
	if err != nil || inside == "." || !filepath.IsLocal(inside) || filepath.Dir(filepath.Dir(inside)) != "." {
		dir, inside = filepath.Dir(file), filepath.Base(file)
	}
	top, _, _ := strings.Cut(inside, string(filepath.Separator))
	e, ok := entryAt(dir, top)
	if !ok || e.path != file && filepath.Dir(e.path) != file {
		return entry{}, "", fmt.Errorf("%s is no plugin: give a .js, .mjs, .cjs or .ts file in the plugins folder, or a folder there with an index file; "+
			"to check all that a folder holds, name it with --plugins", file)
	}
	return e, dir, nil
}
