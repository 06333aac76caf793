package nodetest

import (
	"crypto/sha256"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// Locked installs the packages that package.json and package-lock.json of a folder pin, into a folder of the user's cache whose
// name begins with name and is another for each lock file, and returns that. What is there already is not installed again.
// Where not everything is to be checked the test is skipped, and with -short, unless it makes files of the packages: for write
// they are always installed.
func Locked(tb testing.TB, name, folder string, write bool) (dir string) {
	tb.Helper()
	if !write && (testing.Short() || !Must()) {
		tb.Skip("packages of npm are installed for this: set TRACKHOOK_LONG=1, without -short")
	}
	lock, err := os.ReadFile(filepath.Join(folder, "package-lock.json"))
	if err != nil {
		tb.Fatal(err)
	}
	cache, err := os.UserCacheDir()
	if err != nil {
		cache = os.TempDir()
	}
	dir = filepath.Join(cache, "trackhook", fmt.Sprintf("%s-%.8x", name, sha256.Sum256(lock)))
	if _, err := os.Stat(filepath.Join(dir, "node_modules", ".package-lock.json")); err == nil {
		return dir
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		tb.Fatal(err)
	}
	for _, file := range []string{"package.json", "package-lock.json", ".npmrc"} {
		text, err := os.ReadFile(filepath.Join(folder, file))
		if os.IsNotExist(err) && file == ".npmrc" {
			continue
		}
		if err == nil {
			err = os.WriteFile(filepath.Join(dir, file), text, 0o600)
		}
		if err != nil {
			tb.Fatal(err)
		}
	}
	cmd := exec.CommandContext(tb.Context(), "npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund")
	cmd.Dir = dir
	if out, err := cmd.CombinedOutput(); err != nil {
		if write {
			tb.Fatalf("npm ci: %v\n%s", err, out)
		}
		Skip(tb, "the packages cannot be installed, which takes npm and the registry: %v\n%s", err, out)
	}
	return dir
}
