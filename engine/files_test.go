package engine_test

import (
	"io/fs"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// TestFilesAreNamed holds the list of files in the comment of each package that has one against its folder: those of Go, and
// what is built into the binary with them, such as scripts and rules.
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

// listed returns what a list in a comment names, up to the next heading: the first word of each line of a table, which is
// indented by a tab, and what stands before the colon of each item, "  - a.go, b.go: what they hold". A line that goes on
// with the one before it begins with more blanks.
func listed(comment string) (names []string) {
	comment, _, _ = strings.Cut(comment, "\n// # ")
	for line := range strings.Lines(comment) {
		line = strings.TrimRight(line, "\n")
		if row, isTable := strings.CutPrefix(line, "//\t"); isTable && row != "" && row[0] != ' ' {
			names = append(names, strings.Fields(row)[0])
		}
		if item, isItem := strings.CutPrefix(line, "//   - "); isItem {
			item, _, _ = strings.Cut(item, ":")
			for name := range strings.SplitSeq(item, ",") {
				names = append(names, strings.TrimSpace(name))
			}
		}
	}
	return names
}

func TestListed(t *testing.T) {
	got := listed("//\n//\ta.go    one\n//\t        more\n//   - b.go, c.go: two\n//     more\n// text: d.go\n//\n// # Next\n//\te.go  three\n")
	if want := []string{"a.go", "b.go", "c.go"}; !slices.Equal(got, want) {
		t.Errorf("named are %v, want %v", got, want)
	}
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
		// A package below one that is named may be named there, but those of this house are all named here.
		above := name
		for !slices.Contains(named, above) && above != "." {
			above = path.Dir(above)
		}
		if above == "." || above == "engine" && name != "engine" {
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
		if entry.IsDir() || packages[path.Dir(name)] == nil && !isGo(root, path.Dir(name)) {
			return nil
		}
		// A package that has only tests is one, too.
		dir := path.Dir(name)
		packages[dir] = append(packages[dir], []string{}...)
		if !strings.HasSuffix(name, "_test.go") && !strings.HasSuffix(name, ".md") {
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

// isGo tells whether a folder holds a package.
func isGo(root, dir string) bool {
	files, err := filepath.Glob(filepath.Join(root, dir, "*.go"))
	return err == nil && len(files) > 0
}

// TestNothingElseOnTop holds what stands at the top of the tree: whoever opens it finds these names and no others, beside files
// with a dot before their names. What lies about without belonging to it does not count.
func TestNothingElseOnTop(t *testing.T) {
	if _, err := os.Stat(filepath.Join("..", ".git")); err != nil {
		t.Skip("this is no git checkout, which would tell what belongs to the tree")
	}
	list, err := exec.CommandContext(t.Context(), "git", "-C", "..", "ls-files").Output()
	if err != nil {
		t.Skipf("git does not tell what belongs to the tree: %v", err)
	}
	names := map[string]bool{}
	for file := range strings.Lines(string(list)) {
		name, _, _ := strings.Cut(strings.TrimSpace(file), "/")
		names[name] = true
	}
	for _, name := range []string{"go.mod", "go.sum", "engine", "scripting", "plugins", "cmd", "examples", "README.md", "CHANGELOG.md"} {
		if !names[name] {
			t.Errorf("%s is missing", name)
		}
		delete(names, name)
	}
	for name := range names {
		if !strings.HasPrefix(name, ".") {
			t.Errorf("%s does not belong at the top", name)
		}
	}
}
