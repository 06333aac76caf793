package engine_test

import (
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// TestFilesAreNamed holds the list of files in the comment of each package that has one against its folder.
func TestFilesAreNamed(t *testing.T) {
	found := 0
	for dir, files := range packageFiles(t, "..") {
		text, err := os.ReadFile(filepath.Join("..", dir, "doc.go"))
		if err != nil {
			continue // no doc.go
		}
		_, list, ok := strings.Cut(string(text), "// # Files\n")
		if !ok {
			continue
		}
		found++
		named := listed(list)
		for _, name := range files {
			if name != "doc.go" && !slices.Contains(named, name) {
				t.Errorf("%s/%s is not named in %s/doc.go, Files", dir, name, dir)
			}
		}
		for i, name := range named {
			if _, err := os.Stat(filepath.Join("..", dir, name)); err != nil {
				t.Errorf("%s/doc.go names %s, and there is none", dir, name)
			}
			if slices.Contains(named[:i], name) {
				t.Errorf("%s/doc.go names %s twice", dir, name)
			}
		}
	}
	if found == 0 {
		t.Errorf("%d packages name their files", found)
	}
}

// listed returns the first word of each line of a list in a comment, up to the next heading. A line that goes on with the
// one before it begins with a space.
func listed(comment string) (words []string) {
	comment, _, _ = strings.Cut(comment, "\n// # ")
	for line := range strings.Lines(comment) {
		text, isList := strings.CutPrefix(line, "//\t")
		if word, _, _ := strings.Cut(strings.TrimSpace(text), " "); isList && word != "" && text[0] != ' ' {
			words = append(words, word)
		}
	}
	return words
}

// TestTheHouseIsNamed holds the list of rooms in the comment of this package against the tree.
func TestTheHouseIsNamed(t *testing.T) {
	text, err := os.ReadFile("doc.go")
	if err != nil {
		t.Fatal(err)
	}
	_, list, ok := strings.Cut(string(text), "// # The house\n")
	if !ok {
		t.Fatal("doc.go has no section The house")
	}
	named := listed(list)
	for name := range packageFiles(t, "..") {
		// A package below one that is named may be named there.
		if above := path.Dir(name); !slices.Contains(named, name) && (above == "engine" || !slices.Contains(named, above)) {
			t.Errorf("%s is not named in doc.go, The house", name)
		}
	}
	for _, name := range named {
		if _, err := os.Stat(filepath.Join("..", name)); err != nil {
			t.Errorf("doc.go names %s, and there is none", name)
		}
	}
}

// packageFiles returns the Go files of every package below root, without those of tests, in any build.
func packageFiles(t *testing.T, root string) map[string][]string {
	t.Helper()
	packages := map[string][]string{}
	err := fs.WalkDir(os.DirFS(root), ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if base := entry.Name(); entry.IsDir() && name != "." && (strings.HasPrefix(base, ".") || base == "testdata" || base == "node_modules") {
			return fs.SkipDir
		}
		if entry.IsDir() || !strings.HasSuffix(name, ".go") {
			return nil
		}
		// A package that has only tests is one, too.
		dir := path.Dir(name)
		packages[dir] = append(packages[dir], []string{}...)
		if !strings.HasSuffix(name, "_test.go") {
			packages[dir] = append(packages[dir], path.Base(name))
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(packages) < 3 {
		t.Fatalf("found only %d packages below the root", len(packages))
	}
	return packages
}
