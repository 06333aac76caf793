package disk_test

import (
	"bytes"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"trackhook/engine/disk"

	"github.com/rs/zerolog"
)

// TestFolderIsPrivate opens folders that other users may read.
func TestFolderIsPrivate(t *testing.T) {
	t.Parallel()
	if runtime.GOOS == "windows" {
		t.Skip("Windows has no modes")
	}
	for name, row := range map[string]struct {
		fill    func(dir string) error
		refused bool
	}{
		"empty": {fill: func(string) error { return nil }},
		"a store": {fill: func(dir string) error {
			store, err := disk.Open(disk.Config{Dir: dir})
			if err != nil {
				return err
			}
			return store.Close()
		}},
		"other things": {refused: true, fill: func(dir string) error {
			return os.WriteFile(filepath.Join(dir, "letter.txt"), nil, 0o600)
		}},
	} {
		dir := filepath.Join(t.TempDir(), "data")
		if err := os.Mkdir(dir, 0o700); err != nil {
			t.Fatal(err)
		}
		if err := row.fill(dir); err != nil {
			t.Fatal(err)
		}
		if err := os.Chmod(dir, 0o755); err != nil { //nolint:gosec // what is tested
			t.Fatal(err)
		}
		var log bytes.Buffer
		store, err := disk.Open(disk.Config{Dir: dir, Log: zerolog.New(&log)})
		if row.refused {
			if err == nil || !strings.Contains(err.Error(), "(mode 0755)") || !strings.Contains(err.Error(), "choose a folder inside it") {
				t.Errorf("%s: Open = %v", name, err)
			}
			continue
		}
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		closeStore(t, store)
		if info, err := os.Stat(dir); err != nil || info.Mode().Perm() != 0o700 {
			t.Errorf("%s: the mode is %v, %v", name, info.Mode(), err)
		}
		if !strings.Contains(log.String(), `"was":"0755"`) {
			t.Errorf("%s: the log says %s", name, &log)
		}
	}
}
