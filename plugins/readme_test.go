package plugins_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"trackhook/engine"
	"trackhook/scripting"
)

// snippet is a fenced block of the guide. Each has a name after its language.
type snippet struct{ language, name, text string }

func guide(t *testing.T) []snippet {
	t.Helper()
	text, err := os.ReadFile("README.md")
	if err != nil {
		t.Fatal(err)
	}
	var snippets []snippet
	for _, m := range regexp.MustCompile("(?ms)^```([^\n]*)\n(.*?)^```$").FindAllStringSubmatch(string(text), -1) {
		language, name, named := strings.Cut(m[1], " ")
		if !named {
			t.Errorf("a snippet has no name, so that no test knows it: ```%s\n%s", m[1], m[2])
			continue
		}
		snippets = append(snippets, snippet{language, name, m[2]})
	}
	return snippets
}

// standIns are packages that the guide installs from the registry; tests download nothing. ms is called with one
// duration.
func standIns() map[string]string {
	return map[string]string{
		"node_modules/ms/package.json": `{ "name": "ms", "version": "2.1.3", "main": "./index" }`,
		"node_modules/ms/index.js": `module.exports = function (val, options) {
  if (val !== 120000 || !options.long) throw new Error("the stand-in knows no other duration");
  return "2 minutes";
};`,
	}
}

// writeFile writes a file below dir, by a name with slashes.
func writeFile(t *testing.T, dir, name, text string) {
	t.Helper()
	path := filepath.Join(dir, filepath.FromSlash(name))
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

// TestGuide runs every script of the guide as a user would who pasted it into a file. What it does is checked by the
// tests in testdata/guide and those that stand in the guide itself; what the guide says that it prints is NAME.out,
// which tests read as NAME.out.json.
func TestGuide(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "plugins")
	if err := os.CopyFS(dir, os.DirFS("testdata/guide")); err != nil {
		t.Fatal(err)
	}
	write := func(name, text string) { writeFile(t, dir, name, text) }
	for name, text := range standIns() {
		write(name, text)
	}
	var scripts, outputs []string
	for _, s := range guide(t) {
		switch s.language {
		case "js", "ts":
			if !scripting.IsTest(s.name) {
				scripts = append(scripts, s.name)
			}
			write(s.name, s.text)
		case "json":
			write(s.name, s.text)
		case "text":
			outputs = append(outputs, s.name)
			quoted, err := json.Marshal(strings.TrimSuffix(s.text, "\n"))
			if err != nil {
				t.Fatal(err)
			}
			write(s.name+".json", string(quoted))
		case "sh", "yaml": // run and loaded by the tests of cmd/trackhook
		default:
			t.Errorf("no test knows what to do with %s %s", s.language, s.name)
		}
	}
	files, err := scripting.TestFiles(dir)
	if err != nil {
		t.Fatal(err)
	}
	var tested strings.Builder
	app := engine.App{Token: "abc123def456", Environment: engine.Sandbox}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		tested.Write(text)
		tested.WriteString(`"./` + scripting.TestedName(file) + `.`) // what plugin.load() loads
		t.Run(filepath.Base(file), func(t *testing.T) {
			t.Parallel()
			result, err := scripting.Test(t.Context(), scripting.TestConfig{Config: scripting.Config{Dir: dir, DefaultApp: app}}, file)
			if err != nil {
				t.Fatal(err)
			}
			if result.Problem != nil {
				t.Fatal(result.Problem.Error())
			}
			for _, test := range result.Tests {
				for _, failure := range test.Failures {
					t.Errorf("%s: line %d: %s", strings.Join(test.Name, " > "), failure.Line, failure.Message)
				}
			}
			if result.Count(scripting.Passed) == 0 {
				t.Error("no test has passed")
			}
		})
	}
	for _, script := range scripts {
		if !strings.Contains(tested.String(), `"./`+strings.TrimSuffix(filepath.Base(script), filepath.Ext(script))+`.`) {
			t.Errorf("no test loads %s", script)
		}
	}
	outputs = slices.DeleteFunc(outputs, func(name string) bool { return name == "check.out" }) // of a command
	for _, name := range outputs {
		if !strings.Contains(tested.String(), name+".json") {
			t.Errorf("no test compares %s", name)
		}
	}
	if len(scripts) < 9 || len(outputs) < 6 {
		t.Errorf("found only %d scripts and %d outputs", len(scripts), len(outputs))
	}
}
