package web

import (
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"trackhook/engine/nodetest"

	"github.com/evanw/esbuild/pkg/api"
)

var write = flag.Bool("write", false, "write what is made of the packages, and do not compare")

// TestLibrariesAreThoseOfTheirPackages makes dist of the packages of npm that the lock file pins, and compares.
func TestLibrariesAreThoseOfTheirPackages(t *testing.T) {
	folder := nodetest.Locked(t, "web", "packages", *write)
	made := map[string]string{
		"dist/streams.js":    bundlePackage(t, folder, "web-streams-polyfill"),
		"dist/licenses.json": licensesOf(t, folder, "web-streams-polyfill"),
	}
	for name, text := range made {
		if *write {
			if err := os.WriteFile(name, []byte(text), 0o644); err != nil { //nolint:gosec // a file of the project
				t.Fatal(err)
			}
			continue
		}
		held, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		if string(held) != text {
			t.Errorf("the packages make another %s; do go generate ./scripting/internal/web", name)
		}
	}
}

// bundlePackage makes a package a program as those of features are: a function that returns what the package exports. It is
// required and not imported: what esbuild does for exports of modules looks at all that objects inherit.
func bundlePackage(t *testing.T, folder, name string) string {
	t.Helper()
	result := api.Build(api.BuildOptions{
		Stdin:  &api.StdinOptions{Contents: fmt.Sprintf("module.exports = require(%q)", name), ResolveDir: folder},
		Bundle: true, Format: api.FormatIIFE, GlobalName: "library", Target: api.ES2022, MinifyWhitespace: true, LineLimit: 160,
		LegalComments: api.LegalCommentsInline, LogLevel: api.LogLevelSilent, AbsWorkingDir: folder,
	})
	for _, problem := range result.Errors {
		t.Fatalf("%s: %s (%v)", name, problem.Text, problem.Location)
	}
	return "(function () {\n" + string(result.OutputFiles[0].Contents) + "return library;\n})\n"
}

// licensesOf returns the licenses of packages, as the list of the command has them.
func licensesOf(t *testing.T, folder string, names ...string) string {
	t.Helper()
	type file struct {
		Name string `json:"name"`
		Text string `json:"text"`
	}
	type entry struct {
		Path    string `json:"path"`
		License string `json:"license"`
		Files   []file `json:"files"`
	}
	list := []entry{}
	for _, name := range names {
		dir := filepath.Join(folder, "node_modules", filepath.FromSlash(name))
		var described struct {
			License string `json:"license"`
		}
		manifest, err := os.ReadFile(filepath.Join(dir, "package.json"))
		if err != nil {
			t.Fatal(err)
		}
		if err := json.Unmarshal(manifest, &described); err != nil {
			t.Fatal(err)
		}
		text, err := os.ReadFile(filepath.Join(dir, "LICENSE"))
		if err != nil {
			t.Fatal(err)
		}
		list = append(list, entry{
			Path: "npm:" + name, License: described.License,
			Files: []file{{"LICENSE", strings.TrimSpace(strings.ReplaceAll(string(text), "\r\n", "\n"))}},
		})
	}
	out, err := json.MarshalIndent(list, "", " ")
	if err != nil {
		t.Fatal(err)
	}
	return string(append(out, '\n'))
}
