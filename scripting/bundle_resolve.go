package scripting

import (
	"errors"
	"fmt"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"sync"

	"github.com/evanw/esbuild/pkg/api"
)

// resolver finds what the names in import and require mean, as Node and bundlers for browsers do, within the plugins
// folder and nowhere else. It may be used by several goroutines at once.
type resolver struct {
	o bundleOptions

	mu       sync.Mutex
	files    map[string]string       // by key; guarded by mu
	packages map[string]*packageJSON // by folder, nil for none; guarded by mu
}

func newResolver(o bundleOptions) *resolver {
	return &resolver{o: o, files: map[string]string{}, packages: map[string]*packageJSON{}}
}

// resolution is what a name means: a file, one of the host's own modules, or a problem.
type resolution struct {
	name    string // as it was asked for
	file    string // absolute
	key     string // of file
	host    string // what loadHostModule is given
	pure    bool   // importing it for its side effects alone does nothing
	problem string
	notes   []string
}

func unresolved(name, format string, args ...any) resolution {
	return resolution{name: name, problem: fmt.Sprintf(format, args...)}
}

func (f resolution) note(format string, args ...any) resolution {
	f.notes = append(slices.Clone(f.notes), fmt.Sprintf(format, args...))
	return f
}

// result says it in esbuild's words. What is imported has to be there; what is required may be missing until the call,
// as in Node, since packages try what they can do without.
func (f resolution) result(kind api.ResolveKind) api.OnResolveResult {
	switch {
	case f.problem != "":
		message := api.Message{Text: f.problem}
		for _, note := range f.notes {
			message.Notes = append(message.Notes, api.Note{Text: note})
		}
		if kind == api.ResolveJSRequireCall || kind == api.ResolveJSRequireResolve {
			text := strings.Join(append([]string{f.problem}, f.notes...), "; ")
			return api.OnResolveResult{
				Path: hostMissing + f.name, Namespace: hostNamespace, PluginData: text, Warnings: []api.Message{message},
			}
		}
		return api.OnResolveResult{Errors: []api.Message{message}}
	case f.host != "":
		return api.OnResolveResult{Path: f.host, Namespace: hostNamespace}
	default:
		result := api.OnResolveResult{Path: f.key, Namespace: fileNamespace}
		if f.pure {
			result.SideEffects = api.SideEffectsFalse
		}
		return result
	}
}

// importRequest is a name and where it stands.
type importRequest struct {
	name string
	dir  string // of the importing file
	ts   bool   // the importing file is TypeScript
	// conditions are those of package.json's exports that hold; fields its main fields in order.
	conditions, fields []string
	// final: a browser field has been applied. One is enough; two could lead in a circle.
	final bool
}

// resolve finds what name means in the file importer.
func (r *resolver) resolve(name, importer string, kind api.ResolveKind) resolution {
	q := importRequest{name: name, dir: filepath.Dir(importer), ts: isTypeScript(importer)}
	if kind == api.ResolveJSRequireCall || kind == api.ResolveJSRequireResolve {
		q.conditions = []string{"require", "module", "browser", "production", "default"}
		q.fields = []string{"browser", "main", "module"}
	} else {
		q.conditions = []string{"import", "module", "browser", "production", "default"}
		q.fields = []string{"browser", "module", "main"}
	}
	f := r.find(q)
	f.name = name
	if f.file != "" {
		f.key = r.key(f.file)
		f.pure = r.sideEffectFree(f.file)
	}
	return f
}

func (r *resolver) find(q importRequest) resolution {
	if f, refused := refusedName(q.name); refused {
		return f
	}
	if isRelative(q.name) {
		return r.findFile(q, filepath.Join(q.dir, filepath.FromSlash(q.name)), lastPart(q.name))
	}
	if strings.HasPrefix(q.name, "#") {
		return r.findInternal(q)
	}
	if f, ok := r.redirected(q, q.name, q.dir); ok {
		return f
	}
	if _, ok := hostModules()[q.name]; ok {
		return resolution{host: q.name}
	}
	return r.findPackage(q)
}

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
	case strings.HasPrefix(name, "node:"):
		return nodeModule(name), true
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

// findFile finds a file by its path: as it stands, with an ending, or as a folder.
func (r *resolver) findFile(q importRequest, base, last string) resolution {
	if !withinRoot(r.o.root, base) {
		return unresolved(q.name, "Cannot import %q: it leads out of the plugins folder", q.name).
			note("copy the file into the plugins folder")
	}
	var tried []string
	if last != "folder" {
		for _, file := range candidates(base, q.ts) {
			if f, ok := r.try(q, file, &tried); ok {
				return f
			}
		}
	}
	if f, ok := r.tryFolder(q, base, &tried); ok {
		return f
	}
	return unresolved(q.name, "Cannot find module %q", q.name).note("looked for %s", listPaths(tried))
}

// tryFolder finds what a folder stands for: what its package.json says, or an index file.
func (r *resolver) tryFolder(q importRequest, dir string, tried *[]string) (resolution, bool) {
	if p := r.packageAt(dir); p != nil {
		for _, field := range q.fields {
			main := p.main(field)
			if main == "" {
				continue
			}
			base := filepath.Join(dir, filepath.FromSlash(main))
			if !withinRoot(dir, base) {
				return unresolved(q.name, "the field %q of %s leads out of its folder: %q", field, r.o.name(p.file), main), true
			}
			for _, file := range append(candidates(base, q.ts), candidates(filepath.Join(base, "index"), q.ts)[1:]...) {
				if f, ok := r.try(q, file, tried); ok {
					return f, true
				}
			}
		}
	}
	for _, file := range candidates(filepath.Join(dir, "index"), q.ts)[1:] {
		if f, ok := r.try(q, file, tried); ok {
			return f, true
		}
	}
	return resolution{}, false
}

// try looks for one file, after what the browser field of its package makes of it.
func (r *resolver) try(q importRequest, file string, tried *[]string) (resolution, bool) {
	text := r.o.name(file)
	_, missing, err := r.o.look(file)
	if err != nil {
		return unresolved(q.name, "Cannot import %q: %s: %s", q.name, text, err), true
	}
	if missing {
		*tried = append(*tried, text)
		return resolution{}, false
	}
	if p := r.packageOf(filepath.Dir(file)); p != nil {
		rel, err := filepath.Rel(filepath.Dir(p.file), file)
		if err == nil {
			if f, ok := r.redirected(q, "./"+filepath.ToSlash(rel), filepath.Dir(p.file)); ok {
				return f, true
			}
		}
	}
	return resolution{file: file}, true
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
	key := r.o.name(file)
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
	text, _, err := r.o.look(file)
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
	root, err := filepath.EvalSymlinks(r.o.root)
	if err != nil {
		return "", true, nil //nolint:nilerr // neither is anything below a folder that has gone
	}
	rel, err := filepath.Rel(root, target)
	if err != nil || !filepath.IsLocal(rel) {
		return "", false, errLinkOutside
	}
	return filepath.Join(r.o.root, rel), false, nil
}

var errLinkOutside = errors.New("it is a link that leads out of the plugins folder")
