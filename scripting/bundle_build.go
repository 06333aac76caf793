package scripting

import (
	"encoding/json"
	"errors"
	"fmt"
	"path"
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
	bundleOptions
	*resolver
	tsconfig string
	// careful translates class fields too, which goja has, but with gaps: it trips over a field of the name get.
	careful bool
}

func newBundler(o bundleOptions) *bundler {
	b := &bundler{bundleOptions: o, resolver: newResolver(o)}
	b.tsconfig = b.nearest(filepath.Dir(o.entry), "tsconfig.json")
	return b
}

// nearest returns the text of the closest file of that name, from a folder up to the plugins folder. A file that
// cannot be read counts as empty: it only tunes the translation.
func (b *bundler) nearest(dir, name string) string {
	if !strings.HasPrefix(path.Ext(b.entry), ".ts") && !strings.HasSuffix(b.entry, "x") {
		return ""
	}
	for ; withinRoot(b.root, dir); dir = filepath.Dir(dir) {
		text, missing, err := b.look(filepath.Join(dir, name))
		if err == nil && !missing {
			return text
		}
	}
	return ""
}

// supported says what goja has of the syntax after ES2022, and what it lacks before. esbuild translates what is false.
// Regular expressions are left alone: goja's parser names the place of one that it cannot do.
func (b *bundler) supported() map[string]bool {
	return map[string]bool{
		"async-generator": false,
		"for-await":       false,
		"dynamic-import":  false,
		"import-meta":     false,
		"decorators":      false,
		"using":           false,
		"hashbang":        true,

		"class-field":        !b.careful,
		"class-static-field": !b.careful,

		"regexp-dot-all-flag":             true,
		"regexp-lookbehind-assertions":    true,
		"regexp-match-indices":            true,
		"regexp-named-capture-groups":     true,
		"regexp-set-notation":             true,
		"regexp-sticky-and-unicode-flags": true,
		"regexp-unicode-property-escapes": true,
	}
}

// carefully makes a second attempt, with class fields translated, when goja did not take what came out. The first error is the
// one that counts: the second is about code that is further from the author's.
func carefully[T any](b *bundler, attempt func() (T, error)) (T, error) {
	out, err := attempt()
	refused, ok := errors.AsType[*parseError](err)
	if b.careful || !ok {
		return out, err
	}
	b.careful = true
	defer func() { b.careful = false }()
	if again, err := attempt(); err == nil {
		return again, nil
	}
	return out, refused.err
}

// parseError means that goja does not parse what esbuild made.
type parseError struct{ err error }

func (e *parseError) Error() string { return e.err.Error() }

// defines are the few names that packages expect of every bundler.
func (b *bundler) defines() map[string]string {
	return map[string]string{
		"process.env.NODE_ENV": `"production"`,
		"import.meta.url":      quoteJS("file:///" + b.name(b.entry)),
		"global":               "globalThis",
	}
}

// scanned is what the first file alone tells.
type scanned struct {
	module   bool
	imports  []string        // what it requires or imports, each once, in order of appearance
	reported map[string]bool // those that were already warned about
	warnings []problem
}

// scan parses the first file alone.
func (b *bundler) scan(text string) (*scanned, error) {
	out := &scanned{reported: map[string]bool{}}
	var mu sync.Mutex // guards out.imports and out.reported
	onImport := func(args api.OnResolveArgs) (api.OnResolveResult, error) {
		found := b.resolve(args.Path, b.entry, args.Kind)
		mu.Lock()
		defer mu.Unlock()
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
	result := api.Build(o)
	if awaitsAtTop(result.Errors) {
		out.module = true
		return out, nil // the build says what else is wrong
	}
	if len(result.Errors) > 0 {
		return nil, &bundleError{b.problems(result.Errors)}
	}
	out.module = formats(result.Metafile)[b.key(b.entry)] == "esm"
	out.warnings = b.problems(useful(result.Warnings, !out.module))
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
	code     *bundledCode
	async    bool
	warnings []problem
}

// build bundles what text imports. It is one function call; table, where it is not empty, names a variable that text
// may fill, which is its value. Names in reported were warned about before.
func (b *bundler) build(text, table string, reported map[string]bool) (*built, error) {
	return carefully(b, func() (*built, error) { return b.buildOnce(text, table, reported) })
}

func (b *bundler) buildOnce(text, table string, reported map[string]bool) (*built, error) {
	out := &built{}
	result := b.run(text, table, reported, api.FormatIIFE)
	if awaitsAtTop(result.Errors) {
		out.async = true
		result = b.run(text, table, reported, api.FormatESModule)
	}
	if len(result.Errors) > 0 {
		return nil, &bundleError{b.problems(result.Errors)}
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

// generated makes code of what esbuild made, and parses it. The error is a *parseError when goja does not take it.
func (b *bundler) generated(text string, sources []byte) (*bundledCode, error) {
	code := &bundledCode{name: bundleCode, text: text, entry: b.name(b.entry)}
	var err error
	if code.sources, err = newSourceMap(sources, b.textOf); err != nil {
		return nil, fmt.Errorf("bundle %s: %w", code.entry, err)
	}
	if err := code.parse(); err != nil {
		return nil, &parseError{err}
	}
	return code, nil
}

func (b *bundler) run(text, table string, reported map[string]bool, format api.Format) api.BuildResult {
	onImport := func(args api.OnResolveArgs) (api.OnResolveResult, error) {
		importer := b.entry
		if args.Namespace == fileNamespace {
			importer = b.file(args.Importer)
		}
		result := b.resolve(args.Path, importer, args.Kind).result(args.Kind)
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
	// The host's require belongs to the plugin's first file, and must not be found by code of the bundle.
	o.Banner = map[string]string{"js": "(" + async + "function (require, module, exports) {" + variable}
	o.Footer = map[string]string{"js": value + "})();"}
	return api.Build(o)
}

// options are those that all runs share.
func (b *bundler) options(format api.Format) api.BuildOptions {
	return api.BuildOptions{
		Bundle: true, Format: format, Metafile: true, LogLevel: api.LogLevelSilent, LogLimit: 20,
		Target: api.ES2022, Supported: b.supported(), Platform: api.PlatformBrowser, Define: b.defines(),
		Sourcemap: api.SourceMapExternal, SourcesContent: api.SourcesContentExclude, LegalComments: api.LegalCommentsNone,
		AbsWorkingDir: b.root, Outfile: filepath.Join(b.root, "bundle.js"), TsconfigRaw: b.tsconfig,
	}
}

// plugin makes esbuild ask us for everything.
func (b *bundler) plugin(onImport func(api.OnResolveArgs) (api.OnResolveResult, error)) api.Plugin {
	return api.Plugin{Name: "trackhook", Setup: func(build api.PluginBuild) {
		build.OnResolve(api.OnResolveOptions{Filter: ".*"}, func(args api.OnResolveArgs) (api.OnResolveResult, error) {
			if args.Path == "entry" && args.Namespace != fileNamespace && args.Kind == api.ResolveJSImportStatement {
				return api.OnResolveResult{Path: b.key(b.entry), Namespace: fileNamespace}, nil
			}
			return onImport(args)
		})
		build.OnLoad(api.OnLoadOptions{Filter: ".*", Namespace: hostNamespace}, b.loadHostModule)
		build.OnLoad(api.OnLoadOptions{Filter: ".*", Namespace: fileNamespace}, b.loadFile)
	}}
}

// loadFile hands a file to esbuild.
func (b *bundler) loadFile(args api.OnLoadArgs) (api.OnLoadResult, error) {
	file := b.file(args.Path)
	loader, ok := loaders()[path.Ext(filepath.ToSlash(file))]
	if !ok {
		return refuse("cannot load %s: plugins are made of .js, .mjs, .cjs, .jsx, .ts, .mts, .cts, .tsx and .json files",
			b.name(file)), nil
	}
	text, missing, err := b.look(file)
	if err != nil {
		return refuse("cannot read %s: %s", b.name(file), err), nil
	}
	if missing {
		return refuse("cannot read %s: the file has gone", b.name(file)), nil
	}
	text = strings.TrimPrefix(text, "\ufeff")
	return api.OnLoadResult{Contents: &text, Loader: loader}, nil
}

func refuse(format string, args ...any) api.OnLoadResult {
	return api.OnLoadResult{Errors: []api.Message{{Text: fmt.Sprintf(format, args...)}}}
}

func loaders() map[string]api.Loader {
	return map[string]api.Loader{
		".js": api.LoaderJS, ".mjs": api.LoaderJS, ".cjs": api.LoaderJS, ".jsx": api.LoaderJSX,
		".ts": api.LoaderTS, ".mts": api.LoaderTS, ".cts": api.LoaderTS, ".tsx": api.LoaderTSX, ".json": api.LoaderJSON,
	}
}

// lower translates a classic script to what goja can run. It stays one.
func (b *bundler) lower(text string) (*bundledCode, error) {
	return carefully(b, func() (*bundledCode, error) { return b.lowerOnce(text) })
}

func (b *bundler) lowerOnce(text string) (*bundledCode, error) {
	name := b.name(b.entry)
	result := api.Transform(text, api.TransformOptions{
		LogLevel: api.LogLevelSilent, LogLimit: 20, Target: api.ES2022, Supported: b.supported(), Define: b.defines(),
		Sourcemap: api.SourceMapExternal, SourcesContent: api.SourcesContentExclude, LegalComments: api.LegalCommentsNone,
		Loader: loaders()[path.Ext(filepath.ToSlash(b.entry))], Sourcefile: name, TsconfigRaw: b.tsconfig,
	})
	if len(result.Errors) > 0 {
		return nil, &bundleError{b.problems(result.Errors)}
	}
	return b.generated(string(result.Code), result.Map)
}

// awaitsAtTop tells that esbuild gave up because of a top-level await, which it cannot put into a plain function.
func awaitsAtTop(messages []api.Message) bool {
	return slices.ContainsFunc(messages, func(m api.Message) bool {
		return strings.HasPrefix(m.Text, "Top-level await is currently not supported")
	})
}

// formats returns the module format of each input, by its key.
func formats(metafile string) map[string]string {
	var meta struct {
		Inputs map[string]struct {
			Format string `json:"format"`
		} `json:"inputs"`
	}
	if err := json.Unmarshal([]byte(metafile), &meta); err != nil {
		return nil // esbuild's own output; without it, everything counts as a script
	}
	out := make(map[string]string, len(meta.Inputs))
	for name, input := range meta.Inputs {
		out[strings.TrimPrefix(name, fileNamespace+":")] = input.Format
	}
	return out
}

func allFormats(metafile string) []string {
	var out []string
	for name, format := range formats(metafile) {
		if !strings.HasPrefix(name, hostNamespace+":") && !strings.HasSuffix(name, ".json") {
			out = append(out, format)
		}
	}
	return out
}
