package nodetest

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// Version is the Node.js that is asked, and CLDR the version of its data: numbers, names and patterns change with it.
const (
	Version = "20.20.2"
	CLDR    = "48.0"
)

// Must tells that nothing may be skipped.
func Must() bool { return os.Getenv("CI") == "true" || os.Getenv("TRACKHOOK_LONG") != "" }

// Skip skips a test for want of something, or fails it where nothing may be skipped.
func Skip(tb testing.TB, format string, args ...any) {
	tb.Helper()
	if Must() {
		tb.Fatalf(format, args...)
	}
	tb.Skipf(format, args...)
}

// Run runs a script in Node.js and returns the lines that it has printed. The variables are added to the environment. With
// -short the test is skipped.
func Run(tb testing.TB, script string, variables ...string) []string {
	tb.Helper()
	if testing.Short() {
		tb.Skip("not compared with Node.js: leave out -short")
	}
	dir := tb.TempDir()
	file := filepath.Join(dir, "script.js")
	if err := os.WriteFile(file, []byte(script), 0o600); err != nil {
		tb.Fatal(err)
	}
	cmd := exec.CommandContext(tb.Context(), node(tb, dir), file)
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "TZ=UTC", "LC_ALL=en_US.UTF-8")
	cmd.Env = append(cmd.Env, variables...)
	var out, complaints bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &complaints
	if err := cmd.Run(); err != nil {
		tb.Fatalf("node: %v\n%s", err, complaints.String())
	}
	return strings.Split(strings.TrimSuffix(out.String(), "\n"), "\n")
}

// node finds the Node.js to ask: the one that is installed, or the one of that version from npm.
func node(tb testing.TB, dir string) string {
	tb.Helper()
	installed, err := exec.LookPath("node")
	if err != nil {
		Skip(tb, "not compared with Node.js: %v", err)
	}
	cldr, err := exec.CommandContext(tb.Context(), installed, "-p", "process.versions.cldr").Output()
	if err == nil && strings.TrimSpace(string(cldr)) == CLDR {
		return installed
	}
	Packages(tb, dir, "node@"+Version)
	return filepath.Join(dir, "node_modules", "node", "bin", "node")
}

// Packages installs packages of npm into a folder. npm asks the registry only for what it has not kept. Where not everything
// is to be checked the test is skipped, and with -short: the tests of this tree need no network by themselves.
func Packages(tb testing.TB, dir string, packages ...string) {
	tb.Helper()
	if testing.Short() || !Must() {
		tb.Skip("packages of npm are installed for this: set TRACKHOOK_LONG=1, without -short")
	}
	npm, err := exec.LookPath("npm")
	if err != nil {
		Skip(tb, "no packages of npm: %v; it comes with Node.js", err)
	}
	args := append([]string{"install", "--no-save", "--no-audit", "--no-fund", "--prefix", dir}, packages...)
	cmd := exec.CommandContext(tb.Context(), npm, args...)
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "npm_config_prefer_offline=true", "npm_config_fetch_retries=0", "npm_config_update_notifier=false")
	if out, err := cmd.CombinedOutput(); err != nil {
		Skip(tb, "npm cannot bring %s: %v\n%s", strings.Join(packages, " "), err, out)
	}
}
