package disk_test

import (
	"errors"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"trackhook/engine"
	"trackhook/engine/contents"
	"trackhook/engine/disk"
)

// filled makes a store with packages of some devices, and closes it.
func filled(t *testing.T) (dir string) {
	t.Helper()
	dir = filepath.Join(t.TempDir(), "data")
	store, err := disk.Open(disk.Config{Dir: dir})
	if err != nil {
		t.Fatal(err)
	}
	for _, id := range []string{"a", "b", "c"} {
		p := engine.Package{
			ID: id, Kind: engine.KindEvent, App: engine.App{Token: "abc123def456", Environment: engine.Sandbox}, Device: "a=b", Created: time.Unix(1_700_000_000, 0),
		}
		if err := store.Append(t.Context(), p); err != nil {
			t.Fatal(err)
		}
	}
	if err := store.Close(); err != nil {
		t.Fatal(err)
	}
	return dir
}

// TestMoved shows that nobody opens a store that is moved elsewhere, and that it is read from any place on until then.
func TestMoved(t *testing.T) {
	t.Parallel()
	dir := filled(t)
	cfg := disk.Config{Dir: dir}
	move := func(m disk.Move) {
		t.Helper()
		err := disk.Contents(t.Context(), cfg, func(held *disk.Held) error {
			var ids string
			after := ""
			read := func(at string, p *contents.Package) error {
				ids, after = ids+p.ID, at
				if p.ID == "b" {
					return errStop
				}
				return nil
			}
			if err := held.Packages(t.Context(), "", read); !errors.Is(err, errStop) {
				return err
			}
			if err := held.Packages(t.Context(), after, read); err != nil || ids != "abc" {
				t.Errorf("read were %s, %v", ids, err)
			}
			if _, err := disk.Open(cfg); err == nil || !strings.Contains(err.Error(), "in use") {
				t.Errorf("it can be opened while it is read: %v", err)
			}
			return held.SetMove(m)
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	opens := func(why string) {
		t.Helper()
		store, err := disk.Open(cfg)
		if err == nil {
			err = store.Close()
		}
		if why == "" && err != nil || why != "" && (err == nil || !strings.Contains(err.Error(), why)) {
			t.Errorf("it is opened with %v, want %q", err, why)
		}
	}
	opens("")
	move(disk.Move{ID: "x", To: "postgres://db.example/trackhook, schema a to b"})
	opens("is being moved to postgres://db.example/trackhook, schema a to b, and the move has not come to its end")
	move(disk.Move{ID: "x", To: "postgres://db.example/trackhook", Done: true})
	opens("was moved to postgres://db.example/trackhook, and is sent from there")
	if _, err := disk.Repair(t.Context(), cfg, filepath.Join(t.TempDir(), "new")); err == nil || !strings.Contains(err.Error(), "was moved") {
		t.Errorf("it is repaired with %v", err)
	}
	move(disk.Move{})
	opens("")
}

var errStop = errors.New("stop")
