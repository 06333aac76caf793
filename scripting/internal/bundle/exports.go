package bundle

import (
	"bytes"
	"encoding/json"
	"path/filepath"
	"slices"
	"strings"
)

// This file follows "Packages: exports, imports" of the Node documentation (modules/esm, the resolution algorithm).

// findExport finds what a package exports under a name: "" for the package itself, "feature" for pkg/feature.
func (r *resolver) findExport(q importRequest, folder string, p *packageJSON, rest string) resolution {
	subpath := "."
	if rest != "" {
		subpath = "./" + rest
	}
	if target, ok := matchTarget(exportTable(p.Exports), subpath, q.conditions); ok {
		return r.findTarget(q, folder, p, target)
	}
	f := unresolved(q.name, "the package %q does not export %q", p.Name, subpath)
	return f.note("its package.json says what can be imported: %s", r.o.Name(p.file))
}

// findInternal finds a name that begins with #, which the importing package defines for itself.
func (r *resolver) findInternal(q importRequest) resolution {
	p := r.packageOf(q.dir)
	if p == nil || len(p.Imports) == 0 {
		return unresolved(q.name, "Cannot find module %q: no package.json above the file has imports", q.name)
	}
	var table map[string]json.RawMessage
	if json.Unmarshal(p.Imports, &table) != nil {
		return unresolved(q.name, "Cannot find module %q: the imports of %s are not a table", q.name, r.o.Name(p.file))
	}
	target, ok := matchTarget(table, q.name, q.conditions)
	if !ok {
		return unresolved(q.name, "Cannot find module %q: it is not in the imports of %s", q.name, r.o.Name(p.file))
	}
	folder := filepath.Dir(p.file)
	if isRelative(target) || strings.HasPrefix(target, "/") {
		return r.findTarget(q, folder, p, target)
	}
	if f, refused := refusedName(target); refused {
		return f
	}
	if _, ok := r.builtin(target); ok {
		return r.nodeModule(importRequest{target, folder, q.ts, q.conditions, q.fields})
	}
	return r.findPackage(importRequest{target, folder, q.ts, q.conditions, q.fields})
}

// findTarget finds the file that package.json names. It has to be exact and within the package.
func (r *resolver) findTarget(q importRequest, folder string, p *packageJSON, target string) resolution {
	parts := strings.FieldsFunc(strings.ToLower(target), func(c rune) bool { return c == '/' || c == '\\' })
	escapes := len(parts) > 1 && slices.ContainsFunc(parts[1:], func(part string) bool {
		return part == "." || part == ".." || part == "node_modules" || strings.Contains(part, "%")
	})
	base := filepath.Join(folder, filepath.FromSlash(target))
	if !strings.HasPrefix(target, "./") || escapes || strings.ContainsAny(target, "\x00\\") || !withinRoot(folder, base) {
		return unresolved(q.name, "%s leads out of its folder: %q", r.o.Name(p.file), target)
	}
	var tried []string
	if f, ok := r.try(q, base, &tried); ok {
		return f
	}
	return unresolved(q.name, "Cannot find module %q: %s names %s, which does not exist", q.name, r.o.Name(p.file), target)
}

// exportTable brings the forms of "exports" into one: a table by subpath.
func exportTable(raw json.RawMessage) map[string]json.RawMessage {
	var table map[string]json.RawMessage
	if json.Unmarshal(raw, &table) != nil {
		return map[string]json.RawMessage{".": raw}
	}
	for key := range table {
		if !strings.HasPrefix(key, ".") {
			return map[string]json.RawMessage{".": raw}
		}
	}
	return table
}

// matchTarget returns the target of a name: the exact entry, or that of the longest pattern.
func matchTarget(table map[string]json.RawMessage, name string, conditions []string) (string, bool) {
	if raw, ok := table[name]; ok && !strings.Contains(name, "*") {
		return chooseTarget(raw, "", conditions)
	}
	best, bestStar := "", ""
	for key := range table {
		before, after, ok := strings.Cut(key, "*")
		if !ok {
			// Folders are the old form of patterns.
			if !strings.HasSuffix(key, "/") || !strings.HasPrefix(name, key) {
				continue
			}
			before, after = key, ""
		}
		if len(name) < len(before)+len(after) || !strings.HasPrefix(name, before) || !strings.HasSuffix(name, after) ||
			(ok && name == before) {
			continue
		}
		if bestBefore, _, _ := strings.Cut(best, "*"); best == "" || len(before) > len(bestBefore) ||
			(len(before) == len(bestBefore) && (len(key) > len(best) || len(key) == len(best) && key < best)) {
			best, bestStar = key, name[len(before):len(name)-len(after)]
		}
	}
	if best == "" {
		return "", false
	}
	if !strings.Contains(best, "*") {
		target, ok := chooseTarget(table[best], "", conditions)
		return target + bestStar, ok && strings.HasSuffix(target, "/")
	}
	return chooseTarget(table[best], bestStar, conditions)
}

// chooseTarget follows conditions and alternatives down to a path.
func chooseTarget(raw json.RawMessage, star string, conditions []string) (string, bool) {
	raw = bytes.TrimSpace(raw)
	if len(raw) == 0 {
		return "", false
	}
	switch raw[0] {
	case '"':
		var target string
		if json.Unmarshal(raw, &target) != nil {
			return "", false
		}
		return strings.ReplaceAll(target, "*", star), true
	case '[':
		var list []json.RawMessage
		if json.Unmarshal(raw, &list) != nil {
			return "", false
		}
		for _, item := range list {
			if target, ok := chooseTarget(item, star, conditions); ok && strings.HasPrefix(target, "./") {
				return target, true
			}
		}
	case '{':
		for condition, item := range orderedFields(raw) {
			if !slices.Contains(conditions, condition) {
				continue
			}
			if bytes.Equal(bytes.TrimSpace(item), []byte("null")) {
				return "", false
			}
			if target, ok := chooseTarget(item, star, conditions); ok {
				return target, true
			}
		}
	}
	return "", false
}

// orderedFields goes through an object in the order of its text, which is the order in which conditions count.
func orderedFields(raw json.RawMessage) func(yield func(string, json.RawMessage) bool) {
	return func(yield func(string, json.RawMessage) bool) {
		d := json.NewDecoder(bytes.NewReader(raw))
		if _, err := d.Token(); err != nil {
			return
		}
		for d.More() {
			key, err := d.Token()
			name, ok := key.(string)
			var item json.RawMessage
			if err != nil || !ok || d.Decode(&item) != nil || !yield(name, item) {
				return
			}
		}
	}
}
