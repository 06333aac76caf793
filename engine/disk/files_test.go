package disk_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"go/types"
	"maps"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// TestFilesStandInOrder holds the map of files in the package comment true: it names every file, and a file uses only what
// stands above it. So each can be read knowing only those, and nothing goes in a circle.
func TestFilesStandInOrder(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("doc.go")
	if err != nil {
		t.Fatal(err)
	}
	place := map[string]int{"doc.go": 0}
	for _, line := range regexp.MustCompile(`(?m)^//   - ([^:]*):`).FindAllStringSubmatch(string(text), -1) {
		for name := range strings.SplitSeq(line[1], ", ") {
			if strings.HasSuffix(name, ".go") {
				place[name] = len(place)
			}
		}
	}
	files := token.NewFileSet()
	var parsed []*ast.File
	names, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range names {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		if _, named := place[name]; !named {
			t.Errorf("the package comment does not name %s", name)
		}
		file, err := parser.ParseFile(files, name, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		parsed = append(parsed, file)
	}
	if len(parsed) != len(place) {
		t.Errorf("the package comment names %d files, and there are %d: %v", len(place), len(parsed), slices.Sorted(maps.Keys(place)))
	}
	info := &types.Info{Uses: map[*ast.Ident]types.Object{}}
	// What other packages declare does not matter here, and so they are empty. What is said about that is not an error.
	config := types.Config{Importer: emptyImporter{}, Error: func(error) {}}
	ours, _ := config.Check("disk", files, parsed, info)
	above := 0
	for used, object := range info.Uses {
		if object.Pkg() != ours {
			continue
		}
		from, to := files.Position(used.Pos()).Filename, files.Position(object.Pos()).Filename
		if place[from] < place[to] {
			t.Errorf("%s uses %s of %s, which stands below it in the package comment", files.Position(used.Pos()), used.Name, to)
		}
		if place[from] > place[to] {
			above++
		}
	}
	if above < 500 {
		t.Errorf("only %d uses across files were found", above)
	}
}

// emptyImporter knows every package, and nothing of it but the name.
type emptyImporter struct{}

func (emptyImporter) Import(name string) (*types.Package, error) {
	base := path.Base(name)
	if regexp.MustCompile(`^v\d+$`).MatchString(base) {
		base = path.Base(path.Dir(name))
	}
	p := types.NewPackage(name, base)
	p.MarkComplete()
	return p, nil
}
