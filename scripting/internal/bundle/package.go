package bundle

import (
	"encoding/json"
	"path"
	"path/filepath"
	"slices"
	"strings"
)

// packageJSON is what matters of a package.json.
type packageJSON struct {
	file string // its path

	Name        string          `json:"name"`
	Type        string          `json:"type"`
	Main        json.RawMessage `json:"main"`
	Module      json.RawMessage `json:"module"`
	Browser     json.RawMessage `json:"browser"`
	Exports     json.RawMessage `json:"exports"`
	Imports     json.RawMessage `json:"imports"`
	SideEffects json.RawMessage `json:"sideEffects"`
}

// main returns a main field, or nothing when it is no string: packages write anything.
func (p *packageJSON) main(field string) string {
	raw := map[string]json.RawMessage{"main": p.Main, "module": p.Module, "browser": p.Browser}[field]
	var text string
	if json.Unmarshal(raw, &text) != nil {
		return ""
	}
	return text
}

// packageAt returns the package.json of a folder, or nil. One that is not JSON counts as empty, so that its folder is
// a package all the same.
func (r *resolver) packageAt(dir string) *packageJSON {
	r.mu.Lock()
	p, known := r.packages[dir]
	r.mu.Unlock()
	if known {
		return p
	}
	file := filepath.Join(dir, "package.json")
	text, missing, err := r.o.Look(file)
	if err == nil && !missing {
		p = &packageJSON{}
		if json.Unmarshal([]byte(strings.TrimPrefix(text, "\ufeff")), p) != nil {
			p = &packageJSON{}
		}
		p.file = file
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.packages[dir] = p
	return p
}

// packageOf returns the package that a folder belongs to: the closest package.json upwards, within the plugins folder.
func (r *resolver) packageOf(dir string) *packageJSON {
	for ; withinRoot(r.o.Root, dir); dir = filepath.Dir(dir) {
		if filepath.Base(dir) == "node_modules" {
			return nil
		}
		if p := r.packageAt(dir); p != nil {
			return p
		}
	}
	return nil
}

// sideEffectFree tells that a package says so of a file.
func (r *resolver) sideEffectFree(file string) bool {
	if !inNodeModules(file) {
		return false // an author who imports a file of their own means it
	}
	p := r.packageOf(filepath.Dir(file))
	if p == nil {
		return false
	}
	var flag bool
	if json.Unmarshal(p.SideEffects, &flag) == nil && len(p.SideEffects) > 0 {
		return !flag
	}
	var patterns []string
	if json.Unmarshal(p.SideEffects, &patterns) != nil || len(p.SideEffects) == 0 {
		return false
	}
	rel, err := filepath.Rel(filepath.Dir(p.file), file)
	if err != nil {
		return false
	}
	return !slices.ContainsFunc(patterns, func(pattern string) bool {
		if strings.Contains(pattern, "**") {
			return true // rather keep too much than too little
		}
		if !strings.Contains(pattern, "/") {
			ok, _ := path.Match(pattern, path.Base(filepath.ToSlash(rel)))
			return ok
		}
		ok, _ := path.Match(strings.TrimPrefix(path.Clean(pattern), "/"), filepath.ToSlash(rel))
		return ok
	})
}

// findPackage finds a package, or a file of one, in the node_modules folders from q.dir upwards.
func (r *resolver) findPackage(q importRequest) resolution {
	name, rest, ok := splitPackage(q.name)
	if !ok {
		return unresolved(q.name, "Cannot find module %q: this is not the name of a package", q.name).
			note("import files by a path that begins with ./ or ../")
	}
	if p := r.packageOf(q.dir); p != nil && p.Name == name && len(p.Exports) > 0 {
		return r.findExport(q, filepath.Dir(p.file), p, rest)
	}
	var tried []string
	for dir := q.dir; withinRoot(r.o.Root, dir); dir = filepath.Dir(dir) {
		if filepath.Base(dir) == "node_modules" {
			continue
		}
		folder := filepath.Join(dir, "node_modules", filepath.FromSlash(name))
		if f, ok := r.findIn(q, folder, rest, &tried); ok {
			return f
		}
	}
	if f, ok := r.nodeName(q); ok {
		return f
	}
	f := unresolved(q.name, "Cannot find package %q", name)
	if instead, ok := wrongPackages()[name]; ok {
		return f.note("%s", instead)
	}
	if showsSomething(name) {
		return f.note("%s", noInterface)
	}
	if isForHandset(name) {
		f = f.note("%s", handsetOnly)
	}
	return f.note("looked for %s", listPaths(tried)).note("run `npm install %s` in the plugin's folder", name)
}

// findIn finds a file of a package whose folder would be this.
func (r *resolver) findIn(q importRequest, folder, rest string, tried *[]string) (resolution, bool) {
	*tried = append(*tried, r.o.Name(folder))
	linked := r.packageAt(folder) // also when there is no such folder: its appearance matters
	folder, missing, err := r.realFolder(folder)
	if err != nil {
		return unresolved(q.name, "Cannot import %q: %s", q.name, err).note("copy the package into the plugins folder"), true
	}
	if missing {
		return resolution{}, false
	}
	p := r.packageAt(folder)
	if p == nil {
		p = linked
	}
	if p != nil && len(p.Exports) > 0 && string(p.Exports) != "null" {
		return r.findExport(q, folder, p, rest), true
	}
	var looked []string
	if rest != "" {
		base := filepath.Join(folder, filepath.FromSlash(rest))
		if !withinRoot(folder, base) {
			return unresolved(q.name, "Cannot import %q: it leads out of its package", q.name), true
		}
		return r.findFile(q, base, lastPart(rest)), true
	}
	if f, ok := r.tryFolder(q, folder, &looked); ok {
		return f, true
	}
	f := unresolved(q.name, "the package %q has nothing to import", q.name).note("looked for %s", listPaths(looked))
	if strings.HasPrefix(q.name, "@types/") {
		f = f.note("packages of @types hold types only")
	}
	return f, true
}

// splitPackage splits "@scope/name/some/file" into the package and the rest.
func splitPackage(name string) (pkg, rest string, ok bool) {
	pkg, rest, _ = strings.Cut(name, "/")
	if strings.HasPrefix(pkg, "@") {
		var second string
		second, rest, _ = strings.Cut(rest, "/")
		if second == "" || len(pkg) == 1 || strings.HasPrefix(second, ".") {
			return "", "", false
		}
		pkg += "/" + second
	}
	if strings.HasPrefix(pkg, ".") || strings.ContainsAny(pkg, "%:\x00\\") || pkg == "node_modules" {
		return "", "", false
	}
	return pkg, rest, true
}
