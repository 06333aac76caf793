package bundle

import (
	"path/filepath"
	"slices"
	"strings"
	"sync"

	"github.com/evanw/esbuild/pkg/api"
)

// fileNamespace marks the files of a plugin within esbuild, and hostNamespace what we write ourselves. Neither is
// "file", so esbuild never looks at the disk.
const (
	fileNamespace = "module"
	hostNamespace = "trackhook"
)

// bundler bundles one plugin once.
type bundler struct {
	Options
	*resolver
	tsconfig string
	// careful translates class fields too, which goja has, but with gaps: it trips over a field of the name get.
	careful bool
	made    madeNames
}

func newBundler(o Options) *bundler {
	b := &bundler{Options: o, resolver: newResolver(o)}
	b.tsconfig = b.nearest(filepath.Dir(o.Entry), "tsconfig.json")
	return b
}

// scanned is what the first file alone tells.
type scanned struct {
	module   bool
	imports  []string        // what it requires or imports, each once, in order of appearance
	reported map[string]bool // those that were already warned about
	warnings []Problem
}

// scan parses the first file alone.
func (b *bundler) scan(text string) (*scanned, error) {
	out := &scanned{reported: map[string]bool{}}
	imports := false  // it has an import statement
	var mu sync.Mutex // guards imports, out.imports and out.reported
	onImport := func(args api.OnResolveArgs) (api.OnResolveResult, error) {
		found := b.resolve(args.Path, b.Entry, args.Kind)
		mu.Lock()
		defer mu.Unlock()
		imports = imports || args.Kind == api.ResolveJSImportStatement
		if !slices.Contains(out.imports, args.Path) {
			out.imports = append(out.imports, args.Path)
		}
		result := found.result(args.Kind)
		out.reported[args.Path] = len(result.Warnings) > 0
		result.Path, result.Namespace, result.External = args.Path, "", true
		return result, nil
	}
	o := b.options(api.FormatIIFE)
	o.Stdin = &api.StdinOptions{Contents: `import "entry"`, Sourcefile: hostNamespace + ":entry"}
	o.Plugins = []api.Plugin{b.plugin(onImport)}
	o.Sourcemap = api.SourceMapNone
	result := b.settled(o)
	if awaitsAtTop(result.Errors) {
		out.module = true
		return out, nil // the build says what else is wrong
	}
	if len(result.Errors) > 0 {
		return nil, &Error{b.problems(result.Errors)}
	}
	// esbuild takes what calls eval for CommonJS, since the text may use module and exports, but only a module has such
	// a statement.
	out.module = formats(result.Metafile)[b.key(b.Entry)] == "esm" || imports
	out.warnings = b.problems(useful(result.Warnings, !out.module))
	out.warnings = append(out.warnings, b.made.warnings...)
	sortByUse(out.imports, text)
	return out, nil
}

// sortByUse brings names into the order of the text; esbuild resolves them all at once.
func sortByUse(names []string, text string) {
	slices.SortFunc(names, func(a, b string) int {
		if at := strings.Index(text, a) - strings.Index(text, b); at != 0 {
			return at
		}
		return strings.Compare(a, b)
	})
}

// built is the outcome of one run of esbuild.
type built struct {
	code     *Code
	async    bool
	warnings []Problem
}

// build bundles what text imports. It is one function call; table, where it is not empty, names a variable that text
// may fill, which is its value. Names in reported were warned about before.
func (b *bundler) build(text, table string, reported map[string]bool) (*built, error) {
	said := len(b.made.warnings)
	if table == "" {
		said = 0 // what the scan has found in a module is not said yet
	}
	out, err := carefully(b, func() (*built, error) { return b.buildOnce(text, table, reported) })
	if err == nil {
		out.warnings = append(out.warnings, b.made.warnings[said:]...)
	}
	return out, err
}

func (b *bundler) buildOnce(text, table string, reported map[string]bool) (*built, error) {
	out := &built{}
	result := b.run(text, table, reported, api.FormatIIFE)
	if awaitsAtTop(result.Errors) {
		out.async = true
		result = b.run(text, table, reported, api.FormatESModule)
	}
	if len(result.Errors) > 0 {
		return nil, &Error{b.problems(result.Errors)}
	}
	var script, sources []byte
	for _, f := range result.OutputFiles {
		if strings.HasSuffix(f.Path, ".map") {
			sources = f.Contents
		} else {
			script = f.Contents
		}
	}
	generated := string(script)
	if !slices.Contains(allFormats(result.Metafile), "cjs") {
		// ES modules are strict, and nothing here is not one. With CommonJS among them all is sloppy, since packages of
		// that kind may depend on it. The first line has no mappings, so nothing shifts.
		generated = strings.Replace(generated, "\n", `"use strict";`+"\n", 1)
	}
	out.warnings = b.problems(useful(result.Warnings, false))
	var err error
	out.code, err = b.generated(generated, sources)
	return out, err
}

func (b *bundler) run(text, table string, reported map[string]bool, format api.Format) api.BuildResult {
	onImport := func(args api.OnResolveArgs) (api.OnResolveResult, error) {
		importer := b.Entry
		if args.Namespace == fileNamespace {
			importer = b.file(args.Importer)
		}
		found := b.resolve(args.Path, importer, args.Kind)
		if table != "" && found.file == b.Entry {
			found = resolution{name: found.name, host: hostSelf} // it must not run a second time
		}
		result := found.result(args.Kind)
		if args.Namespace != fileNamespace && reported[args.Path] || inNodeModules(importer) {
			result.Warnings = nil
		}
		return result, nil
	}
	o := b.options(format)
	o.Stdin = &api.StdinOptions{Contents: text, Sourcefile: hostNamespace + ":entry"}
	o.Plugins = []api.Plugin{b.plugin(onImport)}
	async, variable, value := "", "", ""
	if format == api.FormatESModule {
		async = "async "
	}
	if table != "" {
		variable, value = "var "+table+" = {};", "return "+table+";"
	}
	// The host's require belongs to the plugin's first file, and must not be found by code of the bundle; what code of the
	// bundle requires by a name that it makes when it runs is not there.
	o.Banner = map[string]string{"js": "(" + async + "function (require, module, exports) {" + variable}
	o.Footer = map[string]string{"js": value + "})(" + requireOfBundle() + ");"}
	return b.settled(o)
}

// options are those that all runs share.
func (b *bundler) options(format api.Format) api.BuildOptions {
	return api.BuildOptions{
		Bundle: true, Format: format, Metafile: true, LogLevel: api.LogLevelSilent, LogLimit: 20,
		Target: api.ES2022, Supported: b.supported(), Platform: api.PlatformBrowser, Define: b.defines(),
		Sourcemap: api.SourceMapExternal, SourcesContent: api.SourcesContentExclude, LegalComments: api.LegalCommentsNone,
		AbsWorkingDir: b.Root, Outfile: filepath.Join(b.Root, "bundle.js"), TsconfigRaw: b.tsconfig,
	}
}
