package bundle

import (
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"sync"

	"github.com/evanw/esbuild/pkg/api"

	"trackhook/scripting/internal/source"
	"trackhook/scripting/internal/surface"
)

// resolver finds what the names in import and require mean, as Node and bundlers for browsers do, within the plugins
// folder and nowhere else. It may be used by several goroutines at once.
type resolver struct {
	o Options

	mu       sync.Mutex
	files    map[string]string       // by key; guarded by mu
	packages map[string]*packageJSON // by folder, nil for none; guarded by mu
	// reactNative is true once something imports the SDK of React Native; guarded by mu.
	reactNative bool
	// node is true once something imports a module of Node; guarded by mu.
	node bool
}

func newResolver(o Options) *resolver {
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

// result says it in esbuild's words. What an import statement names has to be there; what is required, or imported by a
// call, may be missing until the call, as in Node, since scripts and packages try what they can do without.
func (f resolution) result(kind api.ResolveKind) api.OnResolveResult {
	switch {
	case f.problem != "":
		message := api.Message{Text: f.problem}
		for _, note := range f.notes {
			message.Notes = append(message.Notes, api.Note{Text: note})
		}
		if kind == api.ResolveJSRequireCall || kind == api.ResolveJSRequireResolve || kind == api.ResolveJSDynamicImport {
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
}

// resolve finds what name means in the file importer.
func (r *resolver) resolve(name, importer string, kind api.ResolveKind) resolution {
	q := importRequest{name: name, dir: filepath.Dir(importer), ts: isTypeScript(importer)}
	if kind == api.ResolveJSRequireCall || kind == api.ResolveJSRequireResolve {
		q.conditions = []string{"node", "require", "module", "production", "default"}
		q.fields = []string{"main", "module", "browser"}
	} else {
		q.conditions = []string{"node", "import", "module", "production", "default"}
		q.fields = []string{"module", "main", "browser"}
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
	if strings.HasPrefix(q.name, "node:") {
		return r.nodeModule(q)
	}
	if f, refused := refusedName(q.name); refused {
		return f
	}
	if isRelative(q.name) {
		return r.findFile(q, filepath.Join(q.dir, filepath.FromSlash(q.name)), lastPart(q.name))
	}
	if strings.HasPrefix(q.name, "#") {
		return r.findInternal(q)
	}
	// A module of Node that is there goes before a package of the same name, as in Node.
	if instead, ok := r.builtin(q.name); ok && instead == "" {
		return r.nodeModule(q)
	}
	if isHostModule(q.name) {
		r.noteHostModule(q.name)
		return resolution{host: q.name}
	}
	if q.name == surface.TestModule {
		if source.IsTest(r.o.Entry) {
			return resolution{host: q.name}
		}
		return unresolved(q.name, "Cannot import %q: it exists only in tests, which are files named NAME.test.js or NAME.test.ts", q.name)
	}
	return r.findPackage(q)
}

func (r *resolver) noteHostModule(name string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.reactNative = r.reactNative || name == surface.ReactNativeModule
}

func (r *resolver) noteNode() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.node = true
}

func (r *resolver) usesNode() bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.node
}

func (r *resolver) usesReactNative() bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.reactNative
}

// findFile finds a file by its path: as it stands, with an ending, or as a folder.
func (r *resolver) findFile(q importRequest, base, last string) resolution {
	if !withinRoot(r.o.Root, base) {
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
				return unresolved(q.name, "the field %q of %s leads out of its folder: %q", field, r.o.Name(p.file), main), true
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

// try looks for one file.
func (r *resolver) try(q importRequest, file string, tried *[]string) (resolution, bool) {
	text := r.o.Name(file)
	_, missing, err := r.o.Look(file)
	if err != nil {
		return unresolved(q.name, "Cannot import %q: %s: %s", q.name, text, err), true
	}
	if missing {
		*tried = append(*tried, text)
		return resolution{}, false
	}
	return resolution{file: file}, true
}
