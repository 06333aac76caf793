package pack_test

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"flag"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"trackhook/engine/nodetest"

	"github.com/evanw/esbuild/pkg/api"
	"github.com/google/go-cmp/cmp"
)

var write = flag.Bool("write", false, "write what is made of ui and of the packages, and do not compare")

// The folders that this package works on.
const (
	ui          = "../../ui"
	dist        = "../../dist"
	description = "../../../admin/openapi.yaml"
)

// What the page may weigh, in bytes, compressed as a server sends it.
const (
	weightOfAll   = 260 << 10
	weightAtFirst = 40 << 10
)

// TestDistIsThatOfItsSources makes the files of the page, and compares them with those that are held.
func TestDistIsThatOfItsSources(t *testing.T) {
	packages := nodetest.Locked(t, "console", ui, *write)
	types := describe(t, packages)
	beside := besidePackages(t, packages)
	if *write {
		keep(t, filepath.Join(ui, "src", "api.d.ts"), types)
		keep(t, filepath.Join(beside, "src", "api.d.ts"), types)
	} else if held := read(t, filepath.Join(ui, "src", "api.d.ts")); string(held) != string(types) {
		t.Errorf("openapi.yaml has other types than ui/src/api.d.ts; do `go generate ./engine/console` (-made +held):\n%.2000s", cmp.Diff(string(types), string(held)))
	}
	check(t, packages, beside)
	made := build(t, packages, beside)
	if *write {
		if err := os.RemoveAll(dist); err != nil {
			t.Fatal(err)
		}
		if err := os.MkdirAll(dist, 0o755); err != nil {
			t.Fatal(err)
		}
		for name, text := range made {
			keep(t, filepath.Join(dist, name), text)
		}
		return
	}
	if diff := cmp.Diff(texts(made), texts(held(t))); diff != "" {
		t.Errorf("ui and the packages make another page than dist holds; do `go generate ./engine/console` (-made +held):\n%.2000s", diff)
	}
}

// TestPageIsLight holds what a browser loads against what it may weigh.
func TestPageIsLight(t *testing.T) {
	first, all := 0, 0
	for name, text := range held(t) {
		if name == "licenses.json" {
			continue
		}
		weight := compressed(t, text)
		t.Logf("%-12s %7d bytes, compressed %6d", name, len(text), weight)
		all += weight
		if name != "editor.js" && name != "scripts.js" {
			first += weight
		}
	}
	if all > weightOfAll || first > weightAtFirst {
		t.Errorf("the page weighs %d bytes, of %d, and %d at first, of %d", all, weightOfAll, first, weightAtFirst)
	}
}

// TestPageNamesNoOtherPlace fails for addresses that a browser could load something from.
func TestPageNamesNoOtherPlace(t *testing.T) {
	address := regexp.MustCompile(`(?i)(https?:)?//[a-z0-9][a-z0-9.-]*\.[a-z]{2,}[^"'\s)]*`)
	for name, text := range held(t) {
		if name == "licenses.json" {
			continue
		}
		for _, found := range address.FindAllString(string(text), -1) {
			if !slices.ContainsFunc(harmless(), func(prefix string) bool { return strings.HasPrefix(found, prefix) }) {
				t.Errorf("%s names %s", name, found)
			}
		}
	}
}

// harmless are the names of namespaces, which nothing loads, and addresses in texts.
func harmless() []string {
	return []string{"http://www.w3.org/"}
}

// besidePackages copies the sources to a folder beside the packages: names of files stand in what is made, and there they are
// the same wherever the tree lies.
func besidePackages(t *testing.T, packages string) string {
	t.Helper()
	dir, err := os.MkdirTemp(packages, "") //nolint:usetesting // the packages lie there
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	if err := os.CopyFS(filepath.Join(dir, "src"), os.DirFS(filepath.Join(ui, "src"))); err != nil {
		t.Fatal(err)
	}
	keep(t, filepath.Join(dir, "tsconfig.json"), read(t, filepath.Join(ui, "tsconfig.json")))
	return dir
}

// describe makes the types of the API from its description.
func describe(t *testing.T, packages string) []byte {
	t.Helper()
	from, err := filepath.Abs(description)
	if err != nil {
		t.Fatal(err)
	}
	to := filepath.Join(t.TempDir(), "api.d.ts")
	cmd := exec.CommandContext(t.Context(), "node", filepath.Join(packages, "node_modules", "openapi-typescript", "bin", "cli.js"), from, "--output", to)
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("make types of openapi.yaml: %v\n%s", err, out)
	}
	return read(t, to)
}

// check has the compiler of TypeScript look at the sources.
func check(t *testing.T, packages, beside string) {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), "node", filepath.Join(packages, "node_modules", "typescript", "bin", "tsc"), "--project", ".")
	cmd.Dir = beside
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Errorf("the types of ui are wrong: %v\n%s", err, out)
	}
}

// build bundles the page, and the editor, which the page loads when it is needed, and finds the licenses of the packages in them.
// The editor shares nothing with the page, so that all names stay as they are: app, scripts, what both have in common, editor.
func build(t *testing.T, packages, beside string) map[string][]byte {
	t.Helper()
	made := map[string][]byte{}
	used := map[string]bool{}
	for _, one := range []struct {
		entries []api.EntryPoint
		split   bool
	}{
		{[]api.EntryPoint{{InputPath: "src/app.tsx", OutputPath: "app"}, {InputPath: "src/style/app.css", OutputPath: "app"}}, true},
		{[]api.EntryPoint{{InputPath: "src/editor/editor.ts", OutputPath: "editor"}}, false},
	} {
		result := api.Build(api.BuildOptions{
			EntryPointsAdvanced: one.entries, Splitting: one.split, ChunkNames: "[name]",
			Bundle: true, Format: api.FormatESModule, Platform: api.PlatformBrowser, Target: api.ES2022,
			JSX: api.JSXAutomatic, JSXImportSource: "preact",
			MinifyWhitespace: true, MinifySyntax: true, MinifyIdentifiers: true, LineLimit: 200,
			LegalComments: api.LegalCommentsNone, Metafile: true, LogLevel: api.LogLevelSilent,
			NodePaths: []string{filepath.Join(packages, "node_modules")}, AbsWorkingDir: beside, Outdir: filepath.Join(beside, "dist"),
		})
		for _, problem := range result.Errors {
			t.Fatalf("%s (%+v)", problem.Text, problem.Location)
		}
		for _, file := range result.OutputFiles {
			made[filepath.Base(file.Path)] = file.Contents
		}
		for _, match := range regexp.MustCompile(`node_modules/((?:@[^/"]+/)?[^/"]+)/`).FindAllStringSubmatch(result.Metafile, -1) {
			used[match[1]] = true
		}
	}
	for _, name := range []string{"index.html", "icon.svg"} {
		made[name] = read(t, filepath.Join(ui, "src", name))
	}
	made["licenses.json"] = licensesOf(t, packages, used)
	return made
}

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
		names, err := filepath.Glob(filepath.Join(folder, "node_modules", filepath.FromSlash(name), "[Ll][Ii][Cc][Ee][Nn][CcSs][Ee]*"))
		if err != nil || len(names) == 0 {
			t.Fatalf("the package %s has no license: %v", name, err)
		}
		e := entry{Path: "npm:" + name}
		for _, path := range names {
			e.Files = append(e.Files, file{filepath.Base(path), strings.TrimSpace(strings.ReplaceAll(string(read(t, path)), "\r\n", "\n"))})
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

// held are the files that the binary holds.
func held(t *testing.T) map[string][]byte {
	t.Helper()
	entries, err := os.ReadDir(dist)
	if err != nil {
		t.Fatal(err)
	}
	files := map[string][]byte{}
	for _, entry := range entries {
		files[entry.Name()] = read(t, filepath.Join(dist, entry.Name()))
	}
	return files
}

func texts(files map[string][]byte) map[string]string {
	out := map[string]string{}
	for name, text := range files {
		out[name] = string(text)
	}
	return out
}

func compressed(t *testing.T, text []byte) int {
	t.Helper()
	var packed bytes.Buffer
	writer := gzip.NewWriter(&packed)
	if _, err := writer.Write(text); err != nil {
		t.Fatal(err)
	}
	if err := writer.Close(); err != nil {
		t.Fatal(err)
	}
	return packed.Len()
}

func read(t *testing.T, path string) []byte {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

func keep(t *testing.T, path string, text []byte) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, text, 0o644); err != nil {
		t.Fatal(err)
	}
}
