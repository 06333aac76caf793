package bundle

import (
	"fmt"
	"path"
	"path/filepath"
	"strings"

	"github.com/evanw/esbuild/pkg/api"
)

// plugin makes esbuild ask us for everything.
func (b *bundler) plugin(onImport func(api.OnResolveArgs) (api.OnResolveResult, error)) api.Plugin {
	return api.Plugin{Name: "trackhook", Setup: func(build api.PluginBuild) {
		build.OnResolve(api.OnResolveOptions{Filter: ".*"}, func(args api.OnResolveArgs) (api.OnResolveResult, error) {
			if args.Path == "entry" && args.Namespace != fileNamespace && args.Kind == api.ResolveJSImportStatement {
				return api.OnResolveResult{Path: b.key(b.Entry), Namespace: fileNamespace}, nil
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
			b.Name(file)), nil
	}
	text, missing, err := b.Look(file)
	if err != nil {
		return refuse("cannot read %s: %s", b.Name(file), err), nil
	}
	if missing {
		return refuse("cannot read %s: the file has gone", b.Name(file)), nil
	}
	if strings.HasPrefix(text, "\xff\xfe") || strings.HasPrefix(text, "\xfe\xff") {
		return refuse("%s is written in UTF-16; save it as UTF-8", b.Name(file)), nil
	}
	text = strings.TrimPrefix(text, "\ufeff")
	if patched, ok := b.made.texts[args.Path]; ok {
		text = patched
	}
	return api.OnLoadResult{Contents: &text, Loader: loader, ResolveDir: b.nowhere()}, nil
}

func refuse(format string, args ...any) api.OnLoadResult {
	return api.OnLoadResult{Errors: []api.Message{{Text: fmt.Sprintf(format, args...)}}}
}

func loaders() map[string]api.Loader {
	return map[string]api.Loader{
		// Apps of React have JSX in files of any ending.
		".js": api.LoaderJSX, ".mjs": api.LoaderJSX, ".cjs": api.LoaderJSX, ".jsx": api.LoaderJSX,
		".ts": api.LoaderTS, ".mts": api.LoaderTS, ".cts": api.LoaderTS, ".tsx": api.LoaderTSX, ".json": api.LoaderJSON,
	}
}
