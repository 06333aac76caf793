package wall_test

import (
	"context"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"trackhook/scripting/internal/wall"
	"trackhook/scripting/internal/wire"
	"trackhook/scripting/internal/worker"
)

// errands are those that the processes of these tests know.
func errands() map[string]worker.Errand {
	return map[string]worker.Errand{"read": func(_ context.Context, request []byte, _ func([]byte) ([]byte, error)) []byte {
		var all []string
		for file := range strings.Lines(string(request)) {
			text, err := os.ReadFile(strings.TrimSpace(file))
			if err != nil {
				text = []byte("refused")
			}
			all = append(all, string(text))
		}
		return []byte(strings.Join(all, " "))
	}}
}

// An errand reads what it was sent for, and nothing beside it, whatever has come over its script.
func TestErrandsReadTheirFolders(t *testing.T) {
	t.Parallel()
	cfg, _ := config(t, "", "worker")
	v, _, err := wall.Start(t.Context(), cfg)
	if err != nil {
		t.Fatal(err)
	}
	walls := v.Walls()
	wait(t, v.Retire())
	if !slices.Contains(walls, wire.FilesWall) {
		t.Skipf("this system keeps no files from a process: %q", walls)
	}
	dir, outside := t.TempDir(), t.TempDir()
	files := []string{filepath.Join(dir, "own"), filepath.Join(outside, "secret"), filepath.Join(dir, "link")}
	for _, file := range files[:2] {
		if err := os.WriteFile(file, []byte(filepath.Base(file)), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Symlink(files[1], files[2]); err != nil {
		t.Fatal(err)
	}
	read := func(folders ...string) string {
		t.Helper()
		got, err := wall.Do(t.Context(), cfg.Command, &wire.Task{Name: "read", Request: []byte(strings.Join(files, "\n")), Folders: folders}, nil)
		if err != nil {
			t.Fatal(err)
		}
		return string(got)
	}
	if got := read(dir, filepath.Join(outside, "not there")); got != "own refused refused" {
		t.Errorf("it read %q", got)
	}
	if got := read(); got != "refused refused refused" {
		t.Errorf("with no folders it read %q", got)
	}
	if got := read(dir, outside); got != "own secret secret" {
		t.Errorf("with both folders it read %q", got)
	}
}
