package plugins_test

import (
	"context"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"trackhook/plugins"
	"trackhook/scripting"
)

// typescript is the compiler that the scripts are checked with. npx downloads it once.
const typescript = "typescript@7.0.2"

// tsc makes a command of the compiler, in dir. npm asks the registry only for what it has not kept, and once.
func tsc(ctx context.Context, dir string, args ...string) *exec.Cmd {
	cmd := exec.CommandContext(ctx, "npx", append([]string{"--yes", "--package", typescript, "--", "tsc"}, args...)...)
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "npm_config_prefer_offline=true", "npm_config_fetch_retries=0", "npm_config_update_notifier=false")
	return cmd
}

// TestScriptsHaveTheTypesThatAreDeclared holds the scripts of the guide, the first one and the examples against what `plugin
// init` writes, as `tsc --checkJs` does for authors who ask for it. It needs npx and, the first time, the registry of npm;
// without them it is skipped, but where everything is to be checked.
func TestScriptsHaveTheTypesThatAreDeclared(t *testing.T) {
	t.Parallel()
	skip := t.Skipf
	if os.Getenv("TRACKHOOK_LONG") != "" {
		skip = t.Fatalf
	} else if testing.Short() {
		t.Skip("it starts a compiler; leave out -short to run it")
	}
	if _, err := exec.LookPath("npx"); err != nil {
		skip("the types of scripts are not checked: %v; it comes with Node.js", err)
	}
	dir := filepath.Join(t.TempDir(), "plugins")
	if err := os.CopyFS(dir, os.DirFS("../examples/scripts")); err != nil {
		t.Fatal(err)
	}
	if out, err := tsc(t.Context(), dir, "--version").CombinedOutput(); err != nil {
		skip("the types of scripts are not checked: npx cannot bring %s: %v\n%s", typescript, err, out)
	}
	first, err := plugins.Starter().ReadFile("outcomes.js")
	if err != nil {
		t.Fatal(err)
	}
	writeFile(t, dir, "outcomes.js", string(first))
	for name, text := range standIns() {
		writeFile(t, dir, name, text)
	}
	writeFile(t, dir, "node_modules/ms/index.d.ts", "declare function ms(milliseconds: number, options?: { long?: boolean }): string;\nexport = ms;\n")
	for _, s := range guide(t) {
		switch s.language {
		case "js", "ts", "json":
			writeFile(t, dir, s.name, s.text)
		}
	}
	if _, err := scripting.WriteEditorFiles(dir); err != nil {
		t.Fatal(err)
	}
	out, err := tsc(t.Context(), dir, "--project", "jsconfig.json", "--checkJs", "--pretty", "false").CombinedOutput()
	if _, ended := errors.AsType[*exec.ExitError](err); err != nil && !ended {
		t.Fatal(err)
	}
	// One script of the guide is there to be wrong, and an editor tells what is right.
	const wrong = "broken.js(5,8): error TS2551: Property 'crate' does not exist on type 'AdjustStatic'. Did you mean 'create'?"
	found := strings.TrimSpace(strings.ReplaceAll(string(out), "\r\n", "\n"))
	if found == wrong {
		return
	}
	if !strings.Contains(found, wrong) {
		t.Errorf("the mistake of the guide is not found: %s", wrong)
	}
	for line := range strings.Lines(found) {
		if regexp.MustCompile(`^\S+\(\d+,\d+\): `).MatchString(line) && strings.TrimSpace(line) != wrong {
			t.Error(strings.TrimSpace(line))
		}
	}
	t.Errorf("tsc said:\n%s", found)
}
