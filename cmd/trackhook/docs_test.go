package main

import (
	"go/parser"
	"go/token"
	"path/filepath"
	"strings"
	"testing"
)

// The comments of packages are the map of the house: each names every file of its package.
func TestPackageCommentsNameEveryFile(t *testing.T) {
	for _, dir := range []string{
		".", "internal/config", "internal/demo", "internal/host", "../../plugins", "../../examples/embed", "../../examples/soak",
	} {
		files, err := filepath.Glob(filepath.Join(dir, "*.go"))
		if err != nil || len(files) == 0 {
			t.Fatalf("%s has the files %q, %v", dir, files, err)
		}
		var comment strings.Builder
		var names []string
		for _, file := range files {
			parsed, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.ParseComments|parser.PackageClauseOnly)
			if err != nil {
				t.Fatal(err)
			}
			if strings.HasSuffix(file, "_test.go") {
				continue
			}
			comment.WriteString(parsed.Doc.Text())
			if name := filepath.Base(file); name != "doc.go" {
				names = append(names, name)
			}
		}
		if !strings.Contains(comment.String(), "# Files") {
			t.Errorf("the package comment of %s lists no files", dir)
		}
		for _, name := range names {
			if !strings.Contains(comment.String(), name) {
				t.Errorf("the package comment of %s does not name %s", dir, name)
			}
		}
	}
}
