package scripts

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"trackhook/scripting"
)

// Every script has its line in examples/README.md.
func TestIndexNamesEveryScript(t *testing.T) {
	t.Parallel()
	index, err := os.ReadFile("../README.md")
	if err != nil {
		t.Fatal(err)
	}
	dir, err := filepath.Abs(".")
	if err != nil {
		t.Fatal(err)
	}
	files, err := scripting.Files(dir)
	if err != nil || len(files) < 7 {
		t.Fatalf("%q, %v", files, err)
	}
	for _, file := range files {
		name, _, _ := strings.Cut(file, "/")
		if !strings.Contains(string(index), "(scripts/"+name+")") {
			t.Errorf("examples/README.md does not name %s", name)
		}
	}
}

// What lies in node_modules is what npm install would put there.
func TestPackageIsInstalled(t *testing.T) {
	t.Parallel()
	const from, to = "revenue-in-euro/packages/money-text", "revenue-in-euro/node_modules/money-text"
	entries, err := os.ReadDir(from)
	if err != nil || len(entries) != 3 {
		t.Fatalf("%v, %v", entries, err)
	}
	for _, entry := range entries {
		source, err := os.ReadFile(filepath.Join(from, entry.Name()))
		if err != nil {
			t.Fatal(err)
		}
		installed, err := os.ReadFile(filepath.Join(to, entry.Name()))
		if err != nil || string(source) != string(installed) {
			t.Errorf("%s differs, %v: run npm install in examples/scripts/revenue-in-euro", entry.Name(), err)
		}
	}
}
