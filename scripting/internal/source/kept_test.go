package source

import (
	"path/filepath"
	"testing"
)

// What older hosts have kept is known by the versions of those hosts, which no graph of today has.
func TestKeptSourceOfOlderHosts(t *testing.T) {
	kept := &Kept{Version: "57ed6f91", File: "f/index.js", Files: map[string]string{"f/index.js": "1"}, Missing: []string{"f/package.json"}}
	text, err := kept.Encode()
	if err != nil {
		t.Fatal(err)
	}
	sources, err := ReadSources(map[string][]byte{
		"version/57ed6f91": text, "takeovers": []byte(`[{"version":"57ed6f91","after":7,"at":"2026-01-01T00:00:00Z"}]`),
	})
	if err != nil || sources.At(8) != "57ed6f91" {
		t.Fatalf("response 8 was handled by %q, %v", sources.At(8), err)
	}
	if _, err := sources.Add(Takeover{Version: "aaaaaaaa", After: 9}, text); err != nil {
		t.Fatal(err)
	}
	if sources.At(9) != "57ed6f91" || sources.At(10) != "aaaaaaaa" {
		t.Errorf("responses 9 and 10 were handled by %q and %q", sources.At(9), sources.At(10))
	}
	old, err := sources.Source("57ed6f91")
	if err != nil || old == nil || old.Version != "57ed6f91" {
		t.Fatalf("the kept source is %+v, %v", old, err)
	}
	root := filepath.Join(t.TempDir(), "plugins")
	g := NewGraph(root)
	g.Entry = filepath.Join(root, filepath.FromSlash(old.File))
	old.Fill(g)
	if text, missing, err := g.Read(g.Entry); text != "1" || missing || err != nil {
		t.Errorf("read %q, %v, %v", text, missing, err)
	}
}
