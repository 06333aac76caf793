package main

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	"trackhook/cmd/trackhook/internal/config"
)

// fence is a fenced block of a page: its language, its name if it has one, and its text.
type fence struct{ language, name, text string }

func fences(t *testing.T, page string) []fence {
	t.Helper()
	text, err := os.ReadFile(page)
	if err != nil {
		t.Fatal(err)
	}
	var all []fence
	for _, m := range regexp.MustCompile("(?ms)^```([^\n]*)\n(.*?)^```$").FindAllStringSubmatch(string(text), -1) {
		language, name, _ := strings.Cut(m[1], " ")
		all = append(all, fence{language, name, m[2]})
	}
	return all
}

// granted is the configuration that stands in the comment of a script, after "//   plugins:".
func granted(t *testing.T, script string) string {
	t.Helper()
	source, err := os.ReadFile(script)
	if err != nil {
		t.Fatal(err)
	}
	_, after, found := strings.Cut(string(source), "//   plugins:\n")
	if !found {
		return ""
	}
	var text strings.Builder
	text.WriteString("plugins:\n")
	for line := range strings.Lines(after) {
		inside, ok := strings.CutPrefix(line, "//     ")
		if !ok {
			break
		}
		text.WriteString("  " + inside)
	}
	return text.String()
}

// Every configuration that the pages and the examples show is one.
func TestShownConfigurations(t *testing.T) {
	type shown struct{ where, text, plugin string }
	var all []shown
	for _, page := range []string{"../../README.md", "../../plugins/README.md"} {
		for i, f := range fences(t, page) {
			if f.language == "yaml" {
				all = append(all, shown{where: page + " " + strconv.Itoa(i) + " " + f.name, text: f.text})
			}
		}
	}
	scripts, err := filepath.Glob("../../examples/scripts/*.js")
	if err != nil {
		t.Fatal(err)
	}
	for _, script := range scripts {
		if text := granted(t, script); text != "" {
			all = append(all, shown{where: script, text: text, plugin: strings.TrimSuffix(filepath.Base(script), ".js")})
		}
	}
	if len(all) < 5 {
		t.Errorf("found only %d configurations", len(all))
	}
	for _, one := range all {
		t.Run(one.where, func(t *testing.T) {
			cfg, err := config.Parse("trackhook.yaml", []byte(one.text))
			if err != nil {
				t.Fatal(err)
			}
			var asked []string
			grants, err := cfg.Grants(func(name string) (string, bool) {
				asked = append(asked, name)
				return "x", true
			})
			if err != nil {
				t.Fatal(err)
			}
			if one.plugin == "" {
				return
			}
			own, there := grants[one.plugin]
			if len(grants) != 1 || !there || len(own.AllowHosts) == 0 {
				t.Errorf("the comment of %s grants %+v", one.plugin, grants)
			}
			text, _ := os.ReadFile(one.where)
			for _, name := range asked {
				if !strings.Contains(string(text), "process.env."+name) {
					t.Errorf("%s is granted %s and does not use it", one.plugin, name)
				}
			}
		})
	}
}

// TestGuideCommands runs testdata/guide/*.txtar in a folder that has the snippets of the guide, scripts under plugins.
// The command
//
//	guide NAME LINE [ARGS...]
//
// runs a line of the shell snippet NAME, with more arguments; `trackhook run` runs in the background, as host. At the end
// every line of every snippet has been run, but those that need npm.
func TestGuideCommands(t *testing.T) {
	if testing.Short() {
		t.Skip("scripts start the binary; leave out -short to run them")
	}
	commands := map[string][]string{}
	ran := map[string]bool{}
	files := map[string]string{}
	for _, f := range fences(t, "../../plugins/README.md") {
		switch f.language {
		case "sh":
			commands[f.name] = append(commands[f.name], strings.Split(strings.TrimSuffix(f.text, "\n"), "\n")...)
		case "js", "ts", "json":
			files["plugins/"+f.name] = f.text
		default:
			files[f.name] = f.text
		}
	}
	run := func(ts *testscript.TestScript, neg bool, args []string) {
		if len(args) < 2 {
			ts.Fatalf("usage: guide NAME LINE [ARGS...]")
		}
		n, err := strconv.Atoi(args[1])
		if lines := commands[args[0]]; err != nil || n < 1 || n > len(lines) {
			ts.Fatalf("the guide's snippet %s has no line %s: %q", args[0], args[1], lines)
		}
		line := commands[args[0]][n-1]
		ran[line] = true
		words := strings.Fields(strings.ReplaceAll(line, "'each hour'", "each.hour")) // the only quotes
		for strings.Contains(words[0], "=") {
			name, value, _ := strings.Cut(words[0], "=")
			ts.Setenv(name, value)
			words = words[1:]
		}
		if words[0] != "trackhook" {
			ts.Fatalf("%s is no command of ours", line)
		}
		words = append(words[1:], args[2:]...)
		if words[0] == "run" {
			cmdStart(ts, false, append([]string{"host"}, words...))
			return
		}
		if err := ts.Exec("trackhook", words...); (err != nil) != neg {
			ts.Fatalf("%s: %v", line, err)
		}
	}
	testscript.Run(t, testscript.Params{
		Dir: "testdata/guide",
		Setup: func(env *testscript.Env) error {
			for name, text := range files {
				path := filepath.Join(env.WorkDir, "guide", filepath.FromSlash(name))
				if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
					return err
				}
				if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
					return err
				}
			}
			return setup(env)
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"guide": run, "await": cmdAwait, "absent": cmdAbsent, "signal": cmdSignal, "ended": cmdEnded, "freeport": cmdFreePort,
		},
	})
	t.Cleanup(func() {
		for name, lines := range commands {
			for _, line := range lines {
				if name != "npm" && !ran[line] {
					t.Errorf("no script runs the guide's command %s", line)
				}
			}
		}
	})
	if !slices.ContainsFunc(commands["npm"], func(line string) bool { return strings.HasPrefix(line, "npm install ") }) {
		t.Errorf("the guide installs no package: %q", commands["npm"])
	}
}
