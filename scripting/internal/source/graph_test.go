package source

import (
	"os"
	"path/filepath"
	"sync"
	"testing"
)

func TestGraphIsSafeForConcurrentUse(t *testing.T) {
	dir := t.TempDir()
	g := NewGraph(dir)
	path := filepath.Join(dir, "x.js")
	if err := os.WriteFile(path, []byte("1"), 0o600); err != nil {
		t.Fatal(err)
	}
	var work sync.WaitGroup
	for range 8 {
		work.Go(func() {
			if f := g.look(path); f.err != nil || f.text != "1" {
				t.Errorf("look: %v", f.err)
				return
			}
			_ = g.Version()
			_ = g.Changed()
		})
	}
	work.Wait()
}
