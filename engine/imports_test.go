package engine_test

import (
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// arrows says what each package may import of ours, outside of tests. See doc.go, The house.
func arrows() map[string][]string {
	leaf := []string{"engine"}
	all := []string{
		"engine", "engine/disk", "engine/adjust", "engine/ingest", "engine/admin", "engine/sandbox",
		"scripting", "scripting/scriptingtest", "plugins",
	}
	return map[string][]string{
		"engine":                  nil,
		"engine/disk":             {"engine", "engine/disk/internal/format", "engine/disk/internal/guard"},
		"engine/adjust":           leaf,
		"engine/ingest":           leaf,
		"engine/admin":            leaf,
		"engine/sandbox":          leaf,
		"engine/storetest":        leaf,
		"scripting":               leaf,
		"scripting/scriptingtest": {"engine", "scripting", "engine/storetest"},
		"plugins":                 nil,
		"cmd/trackhook":           all,
		"examples/*":              all,

		"engine/disk/internal/format": leaf,
		"engine/disk/internal/guard":  nil,
	}
}

// third says which modules each package may import; packages that are not named may import what they need.
func third() map[string][]string {
	return map[string][]string{
		"engine": {"github.com/rs/zerolog"},
		"scripting": {
			"github.com/dop251/goja", "github.com/dop251/goja_nodejs", "github.com/fsnotify/fsnotify", "github.com/rs/zerolog",
			"github.com/evanw/esbuild", "github.com/go-sourcemap/sourcemap", "golang.org/x/text", "github.com/nlnwa/whatwg-url",
		},
		"plugins": {},
	}
}

func TestImportTable(t *testing.T) {
	root, err := filepath.Abs("..")
	if err != nil {
		t.Fatal(err)
	}
	const only = "only scripting touches goja and fsnotify"
	for pkg, imports := range importsOf(t, root) {
		allowed, known := arrows()[pkg]
		if !known && strings.HasPrefix(pkg, "examples/") {
			allowed, known = arrows()["examples/*"]
		}
		if !known {
			t.Errorf("package %s is not in the table: name it there and in engine/doc.go, with what it may import", pkg)
			continue
		}
		for _, imported := range imports {
			ours, isOurs := strings.CutPrefix(imported, "trackhook/")
			switch {
			case isOurs:
				if !slices.Contains(allowed, ours) {
					t.Errorf("%s imports %s; it may import only %v of ours", pkg, ours, allowed)
				}
			case !strings.Contains(strings.Split(imported, "/")[0], "."):
				// The standard library.
			case third()[pkg] != nil:
				if !slices.ContainsFunc(third()[pkg], func(m string) bool { return imported == m || strings.HasPrefix(imported, m+"/") }) {
					t.Errorf("%s imports %s; it may import only %v", pkg, imported, third()[pkg])
				}
			case strings.HasPrefix(imported, "github.com/dop251/"), strings.HasPrefix(imported, "github.com/fsnotify/"):
				t.Errorf("%s imports %s: %s", pkg, imported, only)
			}
		}
	}
}

// importsOf parses the imports of every package below root, without those of tests.
func importsOf(t *testing.T, root string) map[string][]string {
	t.Helper()
	imports := map[string][]string{}
	err := fs.WalkDir(os.DirFS(root), ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if base := entry.Name(); entry.IsDir() && name != "." && (strings.HasPrefix(base, ".") || base == "testdata" || base == "node_modules") {
			return fs.SkipDir
		}
		if entry.IsDir() || !strings.HasSuffix(name, ".go") || strings.HasSuffix(name, "_test.go") {
			return nil
		}
		file, err := parser.ParseFile(token.NewFileSet(), filepath.Join(root, name), nil, parser.ImportsOnly)
		if err != nil {
			return err
		}
		pkg := path.Dir(name)
		imports[pkg] = append(imports[pkg], []string{}...)
		for _, spec := range file.Imports {
			imported, err := strconv.Unquote(spec.Path.Value)
			if err != nil {
				return err
			}
			imports[pkg] = append(imports[pkg], imported)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(imports) < 3 {
		t.Fatalf("found only %d packages below the root", len(imports))
	}
	return imports
}
