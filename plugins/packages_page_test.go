package plugins_test

import (
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"trackhook/scripting"
)

var update = flag.Bool("update", false, "write PACKAGES.md, and do not compare")

// TestPackagesPage makes PACKAGES.md of the modules that there are, and of what [TestModules] and [TestPackages] hold.
func TestPackagesPage(t *testing.T) {
	page := packagesPage(t)
	if *update {
		if err := os.WriteFile("PACKAGES.md", []byte(page), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	held, err := os.ReadFile("PACKAGES.md")
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(page, string(held)); diff != "" {
		t.Errorf("PACKAGES.md is not what it should be; do `go test ./plugins -run PackagesPage -update` (-made +held):\n%s", diff)
	}
}

func packagesPage(t *testing.T) string {
	t.Helper()
	var page strings.Builder
	page.WriteString(`# Packages and modules

Which modules of Node and which packages of npm work in a plugin. A test makes this page: it runs small programs for those that are
compared, in a host and in Node.js 20, and compares what they print. How packages are installed stands in [README.md](README.md).

## Modules of Node

Both names work, ` + "`crypto` and `node:crypto`" + `. A module is read when a script first names it.

| module | |
|---|---|
`)
	tested := programNames(t, "testdata/modules")
	names, instead := scripting.NodeModules()
	for _, name := range names {
		says := "there, not compared"
		switch reason := moduleDifferences()[name]; {
		case instead[name] != "":
			continue
		case reason != "":
			says = "works with differences: " + reason
		case slices.Contains(tested, strings.ReplaceAll(name, "/", "_")):
			says = "works, compared with Node's"
		}
		fmt.Fprintf(&page, "| `%s` | %s |\n", name, says)
	}
	page.WriteString(`
These cannot exist here. A plugin that imports one is told so when it is loaded. A package gets it all the same, so that what it
does without can be used; each function in it throws.

| module | |
|---|---|
`)
	for _, name := range names {
		if instead[name] != "" {
			fmt.Fprintf(&page, "| `%s` | %s |\n", name, instead[name])
		}
	}
	intl, err := os.ReadFile("testdata/packages/intl.md")
	if err != nil {
		t.Fatal(err)
	}
	page.WriteString("\n## Intl\n\n" + strings.TrimSpace(string(intl)) + `

## Packages

| package | version | |
|---|---|---|
`)
	programs := programNames(t, "testdata/packages")
	versions := packageVersions(t)
	for _, program := range programs {
		name := strings.Replace(program, "_", "/", 1)
		says := "works"
		if reason := differences()[program]; reason != "" {
			says = "does not do what it does in Node: " + reason
		}
		if versions[name] == "" {
			t.Errorf("testdata/packages/package.json has no %s", name)
		}
		fmt.Fprintf(&page, "| `%s` | %s | %s |\n", name, versions[name], says)
	}
	if len(programs) < 50 {
		t.Errorf("only %d packages", len(programs))
	}
	return page.String()
}

// packageVersions are the versions of the packages that the programs use.
func packageVersions(t *testing.T) map[string]string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("testdata", "packages", "package.json"))
	if err != nil {
		t.Fatal(err)
	}
	var manifest struct{ Dependencies map[string]string }
	if err := json.Unmarshal(text, &manifest); err != nil {
		t.Fatal(err)
	}
	return manifest.Dependencies
}
