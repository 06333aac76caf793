package plugins_test

import (
	"os"
	"path/filepath"
	"testing"

	"trackhook/plugins"
)

func TestCreate(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "below", "plugins")
	if created, err := plugins.Create(dir); err != nil || !created {
		t.Fatalf("created: %t, %v", created, err)
	}
	for _, name := range []string{"outcomes.js", "README.md"} {
		want, err := plugins.Starter().ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		if got, err := os.ReadFile(filepath.Join(dir, name)); err != nil || string(got) != string(want) {
			t.Errorf("%s has %d bytes, %v", name, len(got), err)
		}
	}
	// What users have taken out does not come back.
	if err := os.Remove(filepath.Join(dir, "outcomes.js")); err != nil {
		t.Fatal(err)
	}
	if created, err := plugins.Create(dir); err != nil || created {
		t.Errorf("created again: %t, %v", created, err)
	}
	if _, err := os.Stat(filepath.Join(dir, "outcomes.js")); err == nil {
		t.Error("the first script is back")
	}
	if created, err := plugins.Create(filepath.Join(dir, "README.md", "plugins")); err == nil || created {
		t.Errorf("created below a file: %t, %v", created, err)
	}
}
