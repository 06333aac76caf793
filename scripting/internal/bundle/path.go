package bundle

import (
	"errors"
	"path"
	"path/filepath"
	"slices"
	"strings"
)

// refusedName refuses what is neither a relative path nor the name of a package.
func refusedName(name string) (f resolution, refused bool) {
	const hint = "import files by a path that begins with ./ or ../, and packages by their name"
	switch {
	case name == "":
		return unresolved(name, "the name of the module is empty").note(hint), true
	case strings.ContainsRune(name, 0):
		return unresolved(name, "the name of the module contains a NUL byte"), true
	case strings.HasPrefix(name, "/"), strings.Contains(name, `\`), len(name) > 1 && name[1] == ':':
		return unresolved(name, "Cannot import %q: absolute paths and backslashes are not allowed", name).note(hint), true
	case name == "react-native" || strings.HasPrefix(name, "react-native/"): // also where it is installed: it is not plain JavaScript
		return unresolved(name, "Cannot import %q: %s", name, noInterface), true
	case strings.Contains(name, "://"), strings.HasPrefix(name, "file:"), strings.HasPrefix(name, "data:"):
		return unresolved(name, "Cannot import %q: modules cannot be loaded from addresses", name).note(hint), true
	default:
		return resolution{}, false
	}
}

func isRelative(name string) bool {
	return name == "." || name == ".." || strings.HasPrefix(name, "./") || strings.HasPrefix(name, "../")
}

// lastPart tells how a path ends: "folder" when it can only mean one.
func lastPart(name string) string {
	if base := path.Base(name); strings.HasSuffix(name, "/") || base == "." || base == ".." {
		return "folder"
	}
	return "file"
}

// candidates are the files that a path may mean, the path itself first.
func candidates(base string, ts bool) []string {
	ts = ts && !inNodeModules(base) // packages are published as JavaScript, with their sources beside it at times
	out := []string{base}
	endings := []string{".js", ".jsx", ".json", ".cjs", ".mjs", ".ts", ".tsx", ".mts", ".cts"}
	if ts {
		// TypeScript's authors write the name of the output, also where there is none.
		for written, source := range map[string][]string{".js": {".ts", ".tsx"}, ".mjs": {".mts"}, ".cjs": {".cts"}} {
			if stem, ok := strings.CutSuffix(base, written); ok {
				for _, ending := range source {
					out = append(out, stem+ending)
				}
			}
		}
		endings = []string{".ts", ".tsx", ".mts", ".cts", ".js", ".jsx", ".json", ".cjs", ".mjs"}
	}
	for _, ending := range endings {
		out = append(out, base+ending)
	}
	return out
}

// listPaths writes paths that differ in their ending only as one.
func listPaths(paths []string) string {
	var out, endings []string
	stem := ""
	flush := func() {
		switch len(endings) {
		case 0:
		case 1:
			out = append(out, stem+endings[0])
		default:
			out = append(out, stem+".("+strings.ReplaceAll(strings.Join(endings, "|"), ".", "")+")")
		}
		endings = nil
	}
	for _, file := range paths {
		ending := path.Ext(file)
		if s := strings.TrimSuffix(file, ending); ending == "" || s != stem {
			flush()
			stem = s
		}
		if ending == "" {
			out = append(out, file)
			continue
		}
		endings = append(endings, ending)
	}
	flush()
	return strings.Join(out, ", ")
}

func isTypeScript(file string) bool {
	switch filepath.Ext(file) {
	case ".ts", ".tsx", ".mts", ".cts":
		return true
	default:
		return false
	}
}

// key is the name of a file within esbuild: the name that people see, with a mark for what package.json says of it.
func (r *resolver) key(file string) string {
	key := r.o.Name(file)
	if p := r.packageOf(filepath.Dir(file)); p != nil && p.Type == "module" {
		// esbuild tells an ES module by the ending alone.
		switch filepath.Ext(file) {
		case ".js", ".jsx":
			key += markJS
		case ".ts", ".tsx":
			key += markTS
		}
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.files[key] = file
	return key
}

const (
	markJS = "#.mjs"
	markTS = "#.mts"
)

// file is the path that key was made of.
func (r *resolver) file(key string) string {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.files[key]
}

// sourceName is the name that people see of what esbuild calls a file.
func sourceName(esbuilds string) string {
	name := strings.TrimPrefix(esbuilds, fileNamespace+":")
	return strings.TrimSuffix(strings.TrimSuffix(name, markJS), markTS)
}

// withinRoot tells whether a clean path is root or lies below it, by its text alone.
func withinRoot(root, file string) bool {
	rel, err := filepath.Rel(root, file)
	return err == nil && filepath.IsLocal(rel)
}

func inNodeModules(file string) bool {
	return slices.Contains(strings.Split(filepath.ToSlash(file), "/"), "node_modules")
}

// textOf returns the text of a file that was read, by the name that people see.
func (r *resolver) textOf(name string) string {
	r.mu.Lock()
	file := r.files[name]
	for _, mark := range []string{markJS, markTS} {
		if file == "" {
			file = r.files[name+mark]
		}
	}
	r.mu.Unlock()
	if file == "" {
		return ""
	}
	text, _, err := r.o.Look(file)
	if err != nil {
		return ""
	}
	return text
}

// realFolder follows the links of a package's folder, as package managers lay them. missing: there is no such folder.
func (r *resolver) realFolder(dir string) (folder string, missing bool, err error) {
	target, err := filepath.EvalSymlinks(dir)
	if err != nil {
		return "", true, nil //nolint:nilerr // what cannot be followed is not there
	}
	root, err := filepath.EvalSymlinks(r.o.Root)
	if err != nil {
		return "", true, nil //nolint:nilerr // neither is anything below a folder that has gone
	}
	rel, err := filepath.Rel(root, target)
	if err != nil || !filepath.IsLocal(rel) {
		return "", false, errLinkOutside
	}
	return filepath.Join(r.o.Root, rel), false, nil
}

var errLinkOutside = errors.New("it is a link that leads out of the plugins folder")
