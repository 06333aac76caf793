package disk_test

import (
	"encoding/hex"
	"fmt"
	"math/rand/v2"
	"os"
	"strings"
	"testing"

	"trackhook/engine"
	"trackhook/engine/disk"

	"github.com/cockroachdb/pebble/v2/vfs"
)

// TestMissingTable takes each table from a store, or a part of it. The refusal names it, and a repair saves what lies in the
// others and says how much is lost.
func TestMissingTable(t *testing.T) {
	t.Parallel()
	total := uint64(4000)
	if os.Getenv("TRACKHOOK_LONG") != "" {
		total = 8000
	}
	files := vfs.NewMem()
	store, err := openKilled(files)
	if err != nil {
		t.Fatal(err)
	}
	random := rand.NewChaCha8([32]byte{})
	for n := uint64(0); n < total; n += 500 {
		var packages []engine.Package
		for i := range uint64(500) {
			noise := make([]byte, 700) // it cannot be compressed, so that there are several tables
			_, _ = random.Read(noise)
			id := fmt.Sprint("p", n+i)
			p := storePackage(id, id)
			p.Params = map[string]string{"noise": hex.EncodeToString(noise)}
			packages = append(packages, p)
		}
		if err := store.Append(t.Context(), packages...); err != nil {
			t.Fatal(err)
		}
	}
	closeStore(t, store)
	if store, err = openKilled(files); err != nil {
		t.Fatal(err)
	}
	if err := disk.CompactAll(store); err != nil {
		t.Fatal(err)
	}
	closeStore(t, store)
	saved := 0
	tables := named(t, files, "", ".sst")
	for i, name := range tables {
		if i > 1 && os.Getenv("TRACKHOOK_LONG") == "" {
			break // one that is missing, and one that was shortened
		}
		left := copied(t, files)
		if i%2 == 0 {
			if err := left.Remove("data/" + name); err != nil {
				t.Fatal(err)
			}
		} else {
			change(t, left, name, func(text []byte) []byte { return text[:len(text)/2] })
		}
		if _, err := disk.Verify(t.Context(), disk.Config{Dir: "data", FS: left}); err == nil || !strings.Contains(err.Error(), "store repair") {
			t.Errorf("%s: Verify = %v", name, err)
		}
		refused(t, left, name)
		report, err := disk.Repair(t.Context(), disk.Config{Dir: "data", FS: left}, "new")
		if err != nil || len(report.Files) == 0 {
			t.Fatalf("%s: Repair = %+v, %v", name, report, err)
		}
		if report.Packages+report.LostPackages != total && !report.Uncounted {
			t.Errorf("%s: %+v", name, report)
		}
		store, err := disk.Open(disk.Config{Dir: "new", FS: left})
		if err != nil {
			t.Fatal(err)
		}
		if stats, err := store.Stats(t.Context()); err != nil || stats.Queued != report.Packages || stats.Damaged != "" {
			t.Errorf("%s: %+v, %v", name, stats, err)
		}
		closeStore(t, store)
		if report.Packages > 0 {
			saved++
		}
	}
	t.Logf("%d of %d tables could be missed", saved, len(tables))
	if saved == 0 {
		t.Error("nothing was saved")
	}
}

// TestRepairWithoutMarkers repairs a store without the empty files by which it is found: nothing is lost.
func TestRepairWithoutMarkers(t *testing.T) {
	t.Parallel()
	for _, marker := range []string{"marker.manifest.", "marker.format-version."} {
		files := killed(t, disk.Config{}, 50)
		for _, name := range named(t, files, marker, "") {
			if err := files.Remove("data/" + name); err != nil {
				t.Fatal(err)
			}
		}
		report, err := disk.Repair(t.Context(), disk.Config{Dir: "data", FS: files}, "new")
		if err != nil || report.Packages != 50 || report.LostPackages != 0 {
			t.Errorf("without %s*: %+v, %v", marker, report, err)
		}
	}
}
