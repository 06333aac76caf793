package source

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// Rescans bounds how often one look scans again because it has met new folders.
const Rescans = 10

// Kinds lists the file name extensions that a plugin may have. Of two entries with one name, the one that is earlier in
// the list wins, and a file wins over a folder.
func Kinds() []string { return []string{".js", ".mjs", ".cjs", ".ts", ".jsx", ".tsx"} }

const (
	// MaxName bounds a plugin's name, because it is part of the store's keys.
	MaxName = 100
	// MaxFolders bounds the walk, for the symlink that points at a whole disk.
	MaxFolders = 1000
	// maxLinks is what Linux allows for one path.
	maxLinks = 40
)

// Entry is one plugin as it lies in the folder.
type Entry struct {
	// Name is the plugin's name, file its path relative to the folder with slashes, path the same made absolute.
	Name, File, Path string
	// Problem says why the entry cannot be loaded whatever it contains. Empty: it can.
	Problem string
}

// Folder is the result of one scan.
type Folder struct {
	// Entries are sorted by name; entries with one name follow each other, the winner first.
	Entries []Entry
	// Strays are what looks like a plugin and is none, sorted.
	Strays []Stray
	// Watch are the directories in which something can happen that makes the next scan, or the content of a file,
	// another one: real paths, without symlinks.
	Watch map[string]interest
	// Overflow tells that there are more than MaxFolders folders; those beyond are not in watch.
	Overflow bool
	// Absent tells that there is no such folder, which has no plugins.
	Absent bool
}

// interest says which names matter in a directory.
type interest struct {
	// all is every name that is not ignored; names matter even if ignored.
	all   bool
	names map[string]bool
}

func (i interest) in(name string) bool { return i.names[name] || i.all && !Ignored(name) }

// Same tells whether two scans found the same plugins. Contents are not compared.
func (f *Folder) Same(other *Folder) bool { return slices.Equal(f.Entries, other.Entries) }

// Scan looks for plugins in dir, an absolute path that need not exist. The error means that the folder is there and
// cannot be read; watch is filled nevertheless.
func Scan(dir string) (*Folder, error) {
	f := &Folder{Watch: map[string]interest{}}
	root := f.resolve(dir)
	f.name(filepath.Dir(root), filepath.Base(root))
	s := &walk{Folder: f, visited: map[string]bool{}}
	s.folder(root)
	// Only a folder that is not there has no plugins: too many open files must not look like a deletion.
	dirents, err := os.ReadDir(root)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return f, fmt.Errorf("scan plugins: %w", err)
	}
	f.Absent = err != nil
	for _, dirent := range dirents {
		if e, ok := entryAt(dir, dirent.Name()); ok {
			f.Entries = append(f.Entries, e)
		} else if stray, ok := strayAt(dir, dirent.Name()); ok {
			f.Strays = append(f.Strays, stray)
		}
	}
	slices.SortStableFunc(f.Entries, func(a, b Entry) int {
		if order := strings.Compare(a.Name, b.Name); order != 0 {
			return order
		}
		return Rank(a.File) - Rank(b.File)
	})
	for i := 1; i < len(f.Entries); i++ {
		e, first := &f.Entries[i], &f.Entries[i-1]
		if e.Name == first.Name && e.Problem == "" {
			e.Problem = fmt.Sprintf("the name %q is taken by %s: rename or remove one of them", e.Name, winner(f.Entries[:i], e.Name))
		}
	}
	return f, nil
}

// winner returns the file of the first entry of that name.
func winner(entries []Entry, name string) string {
	i := slices.IndexFunc(entries, func(e Entry) bool { return e.Name == name })
	return entries[i].File
}

// entryAt returns the plugin that base, a name in dir, stands for. ok is false when it is none.
func entryAt(dir, base string) (e Entry, ok bool) {
	if Ignored(base) {
		return Entry{}, false
	}
	info, err := os.Stat(filepath.Join(dir, base))
	if err == nil && info.IsDir() {
		for _, ext := range Kinds() {
			index := filepath.Join(base, "index"+ext)
			if _, err := os.Lstat(filepath.Join(dir, index)); !errors.Is(err, fs.ErrNotExist) {
				return newEntry(dir, base, index), true
			}
		}
		return Entry{}, false
	}
	for _, ext := range Kinds() {
		name, isKind := strings.CutSuffix(base, ext)
		if !isKind {
			continue
		}
		// Tests stand beside plugins, and type declarations are for editors.
		if strings.HasSuffix(name, ".test") || ext == ".ts" && strings.HasSuffix(name, ".d") {
			return Entry{}, false
		}
		return newEntry(dir, name, base), true
	}
	return Entry{}, false
}

// newEntry checks what can be told without reading the file.
func newEntry(dir, name, file string) Entry {
	e := Entry{Name: name, File: filepath.ToSlash(file), Path: filepath.Join(dir, file)}
	// A link that leads nowhere is left to the load: it may be in the middle of being swapped.
	info, err := os.Stat(e.Path)
	switch {
	case !GoodName(name):
		e.Problem = fmt.Sprintf("%q cannot be a plugin's name: rename it with at most %d letters, digits, dashes, underscores and dots",
			name, MaxName)
	case err == nil && !info.Mode().IsRegular():
		e.Problem = "is not a regular file: put a script there"
	}
	return e
}

// GoodName tells whether a plugin may have that name.
func GoodName(name string) bool {
	const good = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_."
	return name != "" && len(name) <= MaxName && strings.Trim(name, good) == ""
}

// Rank orders entries with the same name.
func Rank(file string) int {
	order := slices.Index(Kinds(), filepath.Ext(file))
	if strings.Contains(file, "/") {
		order += len(Kinds())
	}
	return order
}

// Ignored tells names that are never plugins and never matter: dotfiles, what editors write beside a file, packages.
func Ignored(name string) bool {
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
	Folder  *Folder
	visited map[string]bool
}

// folder adds a real directory and all below it. Packages are left out: they are many and change rarely; the poll
// notices when one that is imported does.
func (w *walk) folder(dir string) {
	if w.visited[dir] {
		return
	}
	if len(w.visited) == MaxFolders {
		w.Folder.Overflow = true
		return
	}
	if info, err := os.Stat(dir); err != nil || !info.IsDir() {
		return
	}
	w.visited[dir] = true
	kept := w.Folder.Watch[dir]
	kept.all = true
	w.Folder.Watch[dir] = kept
	// A folder that cannot be read now is looked at again later.
	dirents, err := os.ReadDir(dir)
	if err != nil {
		return
	}
	for _, dirent := range dirents {
		path := filepath.Join(dir, dirent.Name())
		switch {
		case Ignored(dirent.Name()):
		case dirent.IsDir():
			w.folder(path)
		case dirent.Type()&fs.ModeSymlink != 0:
			target := w.Folder.resolve(path)
			if info, err := os.Stat(target); err == nil && info.IsDir() {
				w.folder(target)
			} else {
				w.Folder.name(filepath.Dir(target), filepath.Base(target))
			}
		}
	}
}

// resolve follows path one element at a time and notes each directory in which an element is a symlink, because
// swapping that link changes what path means. ConfigMaps swap "..data", two links away from the file. It returns the
// real path; where an element is missing, the rest is appended as it is and the missing name is noted.
func (f *Folder) resolve(path string) string {
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
func (f *Folder) name(dir, name string) {
	if info, err := os.Stat(dir); err != nil || !info.IsDir() {
		return
	}
	kept := f.Watch[dir]
	if kept.names == nil {
		kept.names = map[string]bool{}
	}
	kept.names[name] = true
	f.Watch[dir] = kept
}

// LoadedFrom adds what the files of a graph have to do with folders that the walk leaves out, such as packages: a change
// of one that was imported, or the appearance of one that was looked for.
func (f *Folder) LoadedFrom(paths []string) {
	for _, path := range paths {
		target := f.resolve(path)
		if _, err := os.Lstat(target); err == nil {
			f.name(filepath.Dir(target), filepath.Base(target))
		}
	}
}

// Files lists the first files of the plugins that lie in dir, relative to it, sorted, without looking into them.
func Files(dir string) ([]string, error) {
	found, err := Scan(dir)
	if err != nil {
		return nil, err
	}
	files := make([]string, 0, len(found.Entries))
	for _, e := range found.Entries {
		files = append(files, e.File)
	}
	return files, nil
}

// Locate finds the plugin that file belongs to, and the plugins folder.
func Locate(dir, file string) (Entry, string, error) {
	file, err := filepath.Abs(file)
	if err != nil {
		return Entry{}, "", err
	}
	if _, err := os.Stat(file); err != nil {
		return Entry{}, "", err
	}
	beside := dir != "" // the other plugins of the folder count
	if dir == "" {
		dir = filepath.Dir(file)
	}
	if dir, err = filepath.Abs(dir); err != nil {
		return Entry{}, "", err
	}
	inside, err := filepath.Rel(dir, file)
	if err != nil || inside == "." || !filepath.IsLocal(inside) || filepath.Dir(filepath.Dir(inside)) != "." {
		dir, inside, beside = filepath.Dir(file), filepath.Base(file), false
	}
	top, _, _ := strings.Cut(inside, string(filepath.Separator))
	e, ok := entryAt(dir, top)
	if ok && beside {
		// The host says of two plugins of one name which it takes.
		if found, err := Scan(dir); err == nil {
			if i := slices.IndexFunc(found.Entries, func(other Entry) bool { return other.File == e.File }); i >= 0 {
				e = found.Entries[i]
			}
		}
	}
	if !ok || e.Path != file && filepath.Dir(e.Path) != file {
		return Entry{}, "", fmt.Errorf("%s is no plugin: give a .js, .mjs, .cjs, .ts, .jsx or .tsx file in the plugins folder, or a folder there with an index file; "+
			"to check all that a folder holds, name it with --plugins", file)
	}
	return e, dir, nil
}
