package node

import (
	"encoding/json"
	"errors"
	"flag"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"trackhook/engine/nodetest"

	"github.com/evanw/esbuild/pkg/api"
	"github.com/google/go-cmp/cmp"
)

var write = flag.Bool("write", false, "write what is made of src and of the packages, and do not compare")

// TestModulesAreThoseOfTheirPackages makes the modules of src and of the packages of npm that the lock file pins, and
// compares them with those that are held.
func TestModulesAreThoseOfTheirPackages(t *testing.T) {
	packages := nodetest.Locked(t, "node", "packages", *write)
	made, licenses := build(t, packages)
	if *write {
		if err := os.RemoveAll("dist"); err != nil {
			t.Fatal(err)
		}
		if err := os.MkdirAll("dist", 0o755); err != nil {
			t.Fatal(err)
		}
		for name, text := range made {
			if err := os.WriteFile(filepath.Join("dist", name), []byte(text), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		if err := os.WriteFile("dist/licenses.json", licenses, 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	held := map[string]string{}
	entries, err := os.ReadDir("dist")
	if err != nil {
		t.Fatal(err)
	}
	for _, entry := range entries {
		text, err := os.ReadFile(filepath.Join("dist", entry.Name()))
		if err != nil {
			t.Fatal(err)
		}
		held[entry.Name()] = string(text)
	}
	made["licenses.json"] = string(licenses)
	if diff := cmp.Diff(made, held); diff != "" {
		t.Errorf("src and the packages make other modules than dist has; do `go generate ./scripting/internal/node` (-made +held):\n%.2000s", diff)
	}
}

// build bundles each module of src, and finds the licenses of the packages in them.
func build(t *testing.T, packages string) (made map[string]string, licenses []byte) {
	t.Helper()
	// The names of files stand in what is made. Beside the packages, they are the same wherever the tree lies.
	beside, err := os.MkdirTemp(packages, "") //nolint:usetesting // the packages lie there
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = os.RemoveAll(beside) }()
	if err := os.CopyFS(filepath.Join(beside, "src"), os.DirFS("src")); err != nil {
		t.Fatal(err)
	}
	entries, err := filepath.Glob(filepath.Join(beside, "src", "*.js"))
	if err != nil {
		t.Fatal(err)
	}
	made = map[string]string{}
	used := map[string]bool{}
	for _, entry := range entries {
		name := filepath.Base(entry)
		if name == "refuse.js" {
			continue
		}
		result := api.Build(api.BuildOptions{
			EntryPoints: []string{entry}, Bundle: true, Format: api.FormatCommonJS, Platform: api.PlatformNeutral, MainFields: []string{"main"},
			Conditions: []string{"import", "default"}, Target: api.ES2022,
			Supported:        map[string]bool{"async-generator": false, "for-await": false, "dynamic-import": false},
			MinifyWhitespace: true, MinifySyntax: true, LineLimit: 160, LegalComments: api.LegalCommentsNone, Metafile: true, LogLevel: api.LogLevelSilent,
			NodePaths: []string{filepath.Join(packages, "node_modules")}, Plugins: []api.Plugin{outside()}, AbsWorkingDir: beside,
			Define:  map[string]string{"global": "globalThis"},
			Outfile: filepath.Join(beside, "out.js"),
		})
		for _, problem := range result.Errors {
			t.Fatalf("%s: %s (%v)", name, problem.Text, problem.Location)
		}
		made[name] = string(result.OutputFiles[0].Contents)
		for _, match := range regexp.MustCompile(`node_modules/((?:@[^/"]+/)?[^/"]+)/`).FindAllStringSubmatch(result.Metafile, -1) {
			used[match[1]] = true
		}
	}
	return made, licensesOf(t, packages, used)
}

// outside leaves the modules of Node to require, and puts what a machine has in the place of packages that stand in for it.
func outside() api.Plugin {
	builtin := func(name string) bool {
		_, ok := Find(name)
		return ok
	}
	return api.Plugin{Name: "outside", Setup: func(b api.PluginBuild) {
		b.OnResolve(api.OnResolveOptions{Filter: ".*"}, func(args api.OnResolveArgs) (api.OnResolveResult, error) {
			name := strings.TrimSuffix(strings.TrimPrefix(args.Path, "node:"), "/")
			if text, ok := standIns()[args.Path]; ok {
				return api.OnResolveResult{Path: text, Namespace: "text"}, nil
			}
			if name == "safe-buffer" {
				name = "buffer"
			}
			if builtin(name) {
				return api.OnResolveResult{Path: name, External: true}, nil
			}
			return api.OnResolveResult{}, nil
		})
		b.OnLoad(api.OnLoadOptions{Filter: ".*", Namespace: "text"}, func(args api.OnLoadArgs) (api.OnLoadResult, error) {
			return api.OnLoadResult{Contents: &args.Path}, nil
		})
		b.OnLoad(api.OnLoadOptions{Filter: `unenv/dist/runtime/node/url\.mjs$`}, withoutWarning)
	}}
}

// withoutWarning has url.parse print no warning, which Node's does not.
func withoutWarning(args api.OnLoadArgs) (api.OnLoadResult, error) {
	text, err := os.ReadFile(args.Path)
	if err != nil {
		return api.OnLoadResult{}, err
	}
	before := string(text)
	after := strings.Replace(before, "let urlParseWarned = false", "let urlParseWarned = true", 1)
	if after == before {
		return api.OnLoadResult{}, errors.New("unenv's url has no urlParseWarned any more")
	}
	return api.OnLoadResult{Contents: &after}, nil
}

// standIns are packages that make up for what every machine has.
func standIns() map[string]string {
	return map[string]string{
		"abort-controller":         "module.exports = { AbortController, AbortSignal };",
		"event-target-shim":        "module.exports = { EventTarget, Event };",
		"object.assign/polyfill":   "module.exports = () => Object.assign;",
		"object-is":                "module.exports = Object.is;",
		"object-is/polyfill":       "module.exports = () => Object.is;",
		"is-nan":                   "module.exports = Number.isNaN;",
		"inherits":                 "module.exports = require('util').inherits;",
		"call-bind/callBound":      boundText,
		"es6-object-assign":        "module.exports = { assign: Object.assign };",
		"array-buffer-byte-length": "module.exports = (b) => b.byteLength;",
	}
}

// boundText is what makes "RegExp.prototype.test" a function of the object first.
const boundText = `module.exports = (path) => {
  let of = globalThis;
  for (const name of path.split(".")) of = of[name];
  return Function.prototype.call.bind(of);
};`

// licensesOf returns the licenses of packages, as the list of the command takes them.
func licensesOf(t *testing.T, folder string, used map[string]bool) []byte {
	t.Helper()
	type file struct {
		Name string `json:"name"`
		Text string `json:"text"`
	}
	type entry struct {
		Path  string `json:"path"`
		Files []file `json:"files"`
	}
	var list []entry
	for name := range used {
		dir := filepath.Join(folder, "node_modules", filepath.FromSlash(name))
		names, err := filepath.Glob(filepath.Join(dir, "[Ll][Ii][Cc][Ee][Nn][CcSs][Ee]*"))
		if err != nil || len(names) == 0 {
			t.Fatalf("the package %s has no license: %v", name, err)
		}
		e := entry{Path: "npm:" + name}
		for _, path := range names {
			text, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			e.Files = append(e.Files, file{filepath.Base(path), strings.TrimSpace(strings.ReplaceAll(string(text), "\r\n", "\n"))})
		}
		list = append(list, e)
	}
	slices.SortFunc(list, func(a, b entry) int { return strings.Compare(a.Path, b.Path) })
	out, err := json.MarshalIndent(list, "", " ")
	if err != nil {
		t.Fatal(err)
	}
	return append(out, '\n')
}
