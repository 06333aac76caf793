package main

import (
	"encoding/json"
	"io/fs"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/spf13/cobra"

	"trackhook/cmd/trackhook/internal/config"
)

// block is a piece of a page that is set as code: fenced, or indented by four blanks. Its name stands after the language, or
// in a comment above it, <!-- name -->.
type block struct{ page, language, name, text string }

func (b *block) String() string { return b.page + " " + b.name }

// cannotRun lists the blocks that are not executed by a test, by page and name, and says why. A block that is added to a page
// is executed, or has its line here.
func cannotRun() map[string]string {
	const others = "it downloads packages of others"
	const database = "it needs a PostgreSQL server"
	return map[string]string{
		"README.md test":                 "it runs this test, and .ci/run runs it from there",
		"examples/soak/README.md repeat": "it measures, for minutes",

		"plugins/README.md npm": others + "; TestGuide runs the script that uses them with a stand-in",

		"examples/scripts/revenue-in-euro/README.md npm": others,

		// TestClusterGuide holds the commands in these against the binary, and TestProgram of engine/postgres runs three hosts.
		"README.md hosts":                     database,
		"examples/cluster/README.md database": database,
		"examples/cluster/README.md hosts":    database,
		"examples/cluster/README.md send":     database,
		"examples/cluster/README.md kill":     database,
		"examples/cluster/README.md compose":  "it needs a Docker daemon and the image of Go",

		// TestDeployGuide holds the commands of trackhook in these against the binary.
		"examples/deploy/README.md unit":    "it installs a service of the system",
		"examples/deploy/README.md backup":  "it needs the service; the script deploy.txtar makes a backup with a token",
		"examples/deploy/README.md compose": "it needs a Docker daemon and the image of Go",
		"examples/deploy/README.md winsw":   "it is for Windows, and a program of others",
	}
}

// pages reads all pages of the project for people, without those of packages of others and the list of changes.
func pages(t *testing.T) map[string]string {
	t.Helper()
	root := os.DirFS("../..")
	texts := map[string]string{}
	err := fs.WalkDir(root, ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if base := entry.Name(); entry.IsDir() && name != "." && (strings.HasPrefix(base, ".") || base == "testdata" || base == "node_modules") {
			return fs.SkipDir
		}
		if path.Ext(name) != ".md" || name == "CHANGELOG.md" {
			return nil
		}
		text, err := fs.ReadFile(root, name)
		texts[name] = strings.ReplaceAll(string(text), "\r\n", "\n")
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"README.md", "plugins/README.md", "examples/README.md"} {
		if texts[name] == "" {
			t.Errorf("%s is missing", name)
		}
	}
	return texts
}

// blocksOf finds the blocks of a page.
func blocksOf(page, text string) []block {
	var all []block
	lines := strings.Split(text, "\n")
	comment := regexp.MustCompile(`^<!-- ([\w.-]+) -->$`)
	name, before := "", "" // what stands in a comment right above, and the line above
	for i := 0; i < len(lines); i++ {
		line := lines[i]
		b := block{page: page, name: name}
		body := []string{}
		switch info, fenced := strings.CutPrefix(line, "```"); {
		case fenced:
			if first, second, _ := strings.Cut(info, " "); second != "" {
				b.language, b.name = first, second
			} else {
				b.language = first
			}
			for i++; i < len(lines) && lines[i] != "```"; i++ {
				body = append(body, lines[i])
			}
		case strings.HasPrefix(line, "    ") && (before == "" || name != ""):
			b.language = "sh"
			for ; i < len(lines) && strings.HasPrefix(lines[i], "    "); i++ {
				body = append(body, strings.TrimPrefix(lines[i], "    "))
			}
			i--
		}
		if b.language != "" {
			b.text = strings.Join(body, "\n") + "\n"
			all = append(all, b)
		}
		name, before = "", line
		if named := comment.FindStringSubmatch(line); named != nil {
			name = named[1]
		}
	}
	return all
}

func TestBlocksOf(t *testing.T) {
	got := blocksOf("p.md", "text\n    no block\n\n<!-- a -->\n    one \\\n      two\n\n```sh b\nthree\n\n    four\n```\n<!-- c -->\n```js\nfive\n```\n\n    six\n")
	want := []block{
		{"p.md", "sh", "a", "one \\\n  two\n"}, {"p.md", "sh", "b", "three\n\n    four\n"}, {"p.md", "js", "c", "five\n"}, {"p.md", "sh", "", "six\n"},
	}
	if !slices.Equal(got, want) {
		t.Errorf("found %q, want %q", got, want)
	}
}

// blocks returns those of all pages. Each has a name, and no other on its page has it.
func blocks(t *testing.T) []block {
	t.Helper()
	var all []block
	seen := map[string]bool{}
	for page, text := range pages(t) {
		for _, b := range blocksOf(page, text) {
			if b.name == "" || seen[b.String()] {
				t.Errorf("%s has a block of %s whose name %q is missing or taken, so that no test can speak of it:\n%s", page, b.language, b.name, b.text)
			}
			seen[b.String()] = true
			all = append(all, b)
		}
	}
	return all
}

// TestEveryBlockIsExecuted holds that each block of each page is executed or compared by a test, or is in the list of those
// that cannot be, with a reason.
func TestEveryBlockIsExecuted(t *testing.T) {
	scripts, err := filepath.Glob("testdata/pages/*.txtar")
	if err != nil || len(scripts) == 0 {
		t.Fatal(scripts, err)
	}
	executed := map[string]bool{}
	for _, script := range scripts {
		text, err := os.ReadFile(script)
		if err != nil {
			t.Fatal(err)
		}
		commands, _, _ := strings.Cut(string(text), "\n-- ")
		page := ""
		for _, m := range regexp.MustCompile(`(?m)^(?:! )?(page|block|shows|save) (\S+)`).FindAllStringSubmatch(commands, -1) {
			if m[1] == "page" {
				page = m[2]
			}
			executed[page+" "+m[2]] = true
		}
	}
	excused := cannotRun()
	for _, b := range blocks(t) {
		_, isExcused := excused[b.String()]
		delete(excused, b.String())
		switch known := executed[b.String()] || executedElsewhere(&b); {
		case known && isExcused:
			t.Errorf("%s is executed: take it off the list of those that cannot be", &b)
		case !known && !isExcused:
			t.Errorf("%s, %s, is executed by no script in testdata/pages, and not on the list of those that cannot be", &b, b.language)
		}
	}
	for key, reason := range excused {
		t.Errorf("there is no block %s that could not be executed because %s", key, reason)
	}
}

// executedElsewhere tells the blocks that tests take by their language.
func executedElsewhere(b *block) bool {
	switch b.language {
	case "yaml", "go":
		return true // TestShownConfigurations, TestShownPrograms
	case "js", "ts", "json", "text":
		return b.page == "plugins/README.md" && b.name != "check.out" // TestGuide of plugins, which fails for those that no test of the guide runs or compares
	}
	return false
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

// Every configuration that the pages and the examples show is right, as the command says that looks at it.
func TestShownConfigurations(t *testing.T) {
	type shown struct{ where, text, plugin string }
	var all []shown
	for _, b := range blocks(t) {
		if b.language == "yaml" {
			all = append(all, shown{where: b.String(), text: b.text})
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
			for _, m := range regexp.MustCompile(`_env: *(\w+)`).FindAllStringSubmatch(one.text, -1) {
				t.Setenv(m[1], "secret")
			}
			for _, name := range asked {
				t.Setenv(name, "x")
			}
			file := filepath.Join(t.TempDir(), "trackhook.yaml")
			if err := os.WriteFile(file, []byte(one.text), 0o600); err != nil {
				t.Fatal(err)
			}
			var out strings.Builder
			root := newRoot()
			root.SetArgs([]string{"config", "check", "--config", file})
			root.SetOut(&out)
			root.SetErr(&out)
			if err := root.ExecuteContext(t.Context()); err != nil || !strings.HasPrefix(out.String(), "the configuration is right") {
				t.Errorf("config check: %v, %s", err, out.String())
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

// Every piece of Go that the pages show can be compiled, where there are the values that it does not make itself.
func TestShownPrograms(t *testing.T) {
	if testing.Short() {
		t.Skip("it runs the compiler; leave out -short to run it")
	}
	replaced := map[string]string{}
	packages := []string{"build"} // of packages that are no programs, so that nothing is linked
	for _, b := range blocks(t) {
		if b.language != "go" {
			continue
		}
		file := filepath.Join(t.TempDir(), "shown.go")
		text := "package shown\n\nimport (\n\t\"context\"\n\n\t\"trackhook/engine\"\n\t\"trackhook/engine/adjust\"\n\t\"trackhook/engine/disk\"\n)\n\n" +
			"func shown(ctx context.Context, listener engine.Listener, app engine.App, params map[string]string) error {\n" +
			b.text + "return err\n}\n\nvar _ = shown\n"
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		shown, err := filepath.Abs(filepath.Join("../../shown", b.name, "shown.go"))
		if err != nil {
			t.Fatal(err)
		}
		replaced[shown] = file
		packages = append(packages, "./shown/"+b.name)
	}
	overlay := filepath.Join(t.TempDir(), "overlay.json")
	text, err := json.Marshal(map[string]any{"Replace": replaced})
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(overlay, text, 0o600); err != nil {
		t.Fatal(err)
	}
	build := exec.CommandContext(t.Context(), "go", slices.Insert(packages, 1, "-overlay", overlay)...)
	build.Dir = "../.."
	if out, err := build.CombinedOutput(); err != nil {
		t.Errorf("%v: %s", err, out)
	}
}

// Every command that the pages name within a sentence is there, and so are its flags.
func TestNamedCommands(t *testing.T) {
	found := 0
	for page, text := range pages(t) {
		for _, b := range blocksOf(page, text) {
			for line := range strings.Lines(b.text) {
				text = strings.ReplaceAll(text, line, "\n") // what is executed needs no look
			}
		}
		for _, m := range regexp.MustCompile("`([^`\n]+)`").FindAllStringSubmatch(text, -1) {
			if _, program, runs := strings.Cut(m[1], "go run ./"); runs {
				if program, _, _ = strings.Cut(program, " "); !hasMain(program) {
					t.Errorf("%s names `%s`, and there is no program %s", page, m[1], program)
				}
			}
			line := strings.TrimPrefix(strings.TrimPrefix(m[1], "trackhook "), "go run ./cmd/trackhook ")
			words := strings.Fields(line)
			isCommand := slices.ContainsFunc(newRoot().Commands(), func(c *cobra.Command) bool { return c.Name() == words[0] })
			if line == m[1] && (len(words) == 1 || !isCommand || line == "plugin reloaded") {
				continue // a word, or a line of the log
			}
			found++
			for _, alternative := range alternatives(words) {
				if problem := commandProblem(alternative); problem != "" {
					t.Errorf("%s names `%s`: %s", page, m[1], problem)
				}
			}
		}
	}
	if found < 20 {
		t.Errorf("found only %d commands", found)
	}
}

// hasMain tells whether a folder of the project holds a program.
func hasMain(folder string) bool {
	files, _ := filepath.Glob(filepath.Join("../..", filepath.FromSlash(folder), "*.go"))
	return slices.ContainsFunc(files, func(file string) bool {
		text, err := os.ReadFile(file)
		return err == nil && strings.Contains("\n"+string(text), "\npackage main\n")
	})
}

// The same holds for what the help of commands gives as an example.
func TestExamplesOfCommands(t *testing.T) {
	found := 0
	var walk func(cmd *cobra.Command)
	walk = func(cmd *cobra.Command) {
		for line := range strings.Lines(cmd.Example) {
			words, ok := strings.CutPrefix(strings.TrimSpace(line), "trackhook ")
			if !ok {
				t.Errorf("an example of %s is no command: %s", cmd.CommandPath(), line)
			}
			found++
			if problem := commandProblem(strings.Fields(words)); problem != "" {
				t.Errorf("%s gives as an example %s: %s", cmd.CommandPath(), line, problem)
			}
		}
		for _, below := range cmd.Commands() {
			walk(below)
		}
	}
	walk(newRoot())
	if found < 5 {
		t.Errorf("found only %d examples", found)
	}
}

// alternatives makes one command line for each word of the second that is separated by a bar.
func alternatives(words []string) [][]string {
	if len(words) < 2 {
		return [][]string{words}
	}
	var all [][]string
	for one := range strings.SplitSeq(words[1], "|") {
		line := slices.Clone(words)
		line[1] = one
		all = append(all, line)
	}
	return all
}

// commandProblem says what is wrong with the words behind trackhook; empty: nothing.
func commandProblem(words []string) string {
	root := newRoot()
	root.InitDefaultHelpFlag()
	root.InitDefaultVersionFlag()
	cmd, rest, err := root.Find(words)
	if err != nil {
		return err.Error()
	}
	cmd.InitDefaultHelpFlag()
	if err := cmd.ParseFlags(rest); err != nil {
		return err.Error()
	}
	if cmd.HasSubCommands() && cmd.Flags().NArg() > 0 {
		return "there is no " + cmd.CommandPath() + " " + cmd.Flags().Arg(0)
	}
	return ""
}

func TestCommandProblem(t *testing.T) {
	for line, wrong := range map[string]bool{
		"queue list": false, "queue lst": true, "queue drop --held": false, "plugin check FILE --held": true, "sandbox --fail 0.3": false, "--version": false,
		"plugin replay NAME --last 5 --help": false, "lists": true,
	} {
		if got := commandProblem(strings.Fields(line)); (got != "") != wrong {
			t.Errorf("%s: %q", line, got)
		}
	}
}
