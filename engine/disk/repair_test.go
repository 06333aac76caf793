package disk_test

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"testing"
	"testing/synctest"

	"trackhook/engine"
	"trackhook/engine/disk"
	"trackhook/engine/disk/internal/format"

	"github.com/cockroachdb/pebble/v2/vfs"
)

// TestRepair damages a block of each kind of key and repairs the store. Verify finds the damage and finds none afterwards;
// all that can be read is sent in order; what is lost leaves a trace; the damaged store stays as it was.
func TestRepair(t *testing.T) {
	t.Parallel()
	const block = 150 // packages or responses that one takes at most
	for kind, row := range map[format.Prefix]struct{ packages, responses, dead uint64 }{
		format.Packages:    {packages: block},
		format.Behind:      {},
		format.Lanes:       {},
		format.Due:         {},
		format.Responses:   {responses: block},
		format.IDs:         {},
		format.DeadLetters: {dead: block},
		format.DeadInLane:  {},
	} {
		t.Run(kind.Holds(), func(t *testing.T) {
			t.Parallel()
			skipSlowDamage(t, kind)
			synctest.Test(t, func(t *testing.T) {
				cfg := disk.Config{Dir: "data", FS: vfs.NewMem()}
				fillForHoles(t, cfg)
				if report, err := disk.Verify(t.Context(), cfg); err != nil || report.Damaged() {
					t.Fatalf("before: %+v, %v", report, err)
				}
				damageBlock(t, cfg, kind)
				found, err := disk.Verify(t.Context(), cfg)
				if err != nil || len(found.Files) != 1 || !found.Damaged() {
					t.Fatalf("found %+v, %v", found, err)
				}
				err = disk.Contents(t.Context(), cfg, func(*disk.Held) error { return nil })
				if err == nil || !strings.Contains(err.Error(), "it is damaged; `trackhook store verify` says what is lost") {
					t.Errorf("all of it is given away, with %v", err)
				}
				report, err := disk.Repair(t.Context(), cfg, "new")
				if err != nil {
					t.Fatal(err)
				}
				if report.LostPackages > row.packages || report.LostResponses > row.responses || report.LostDeadLetters > row.dead {
					t.Errorf("lost more than a block: %+v", report)
				}
				if kind == format.Packages && report.LostPackages == 0 {
					t.Errorf("nothing is said to be lost: %+v", report)
				}
				if again, err := disk.Verify(t.Context(), cfg); err != nil || len(again.Files) != 1 {
					t.Errorf("the damaged store is not as it was: %+v, %v", again, err)
				}
				fresh := disk.Config{Dir: "new", FS: cfg.FS}
				if after, err := disk.Verify(t.Context(), fresh); err != nil || len(after.Files)+after.WrongCount+len(after.Unreadable) > 0 {
					t.Fatalf("after: %+v, %v", after, err)
				}
				useRepaired(t, fresh, report)
			})
		})
	}
}

// useRepaired sends everything and compares that with the report.
func useRepaired(t *testing.T, cfg disk.Config, report *disk.Report) {
	t.Helper()
	store, err := disk.Open(cfg)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = store.Close() }()
	traces := 0
	last, err := store.Last(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for after := uint64(0); after < last; {
		responses, err := store.Read(t.Context(), after, 100)
		if err != nil {
			t.Fatal(err)
		}
		for _, r := range responses {
			if r.Outcome == engine.Dropped && strings.Contains(r.Message, "was lost") {
				traces++
			}
		}
		after = responses[len(responses)-1].Seq
	}
	if want := report.LostPackages + report.LostDeadLetters; uint64(traces) != want {
		t.Errorf("%d of %d lost packages left a trace", traces, want)
	}
	if sent, want := sendAll(t, store), holeDevices*(holeEach-1); uint64(sent)+report.LostPackages != uint64(want) {
		t.Errorf("%d were sent and %d are lost; want %d", sent, report.LostPackages, want)
	}
	goesOn(t, store)
	// What was known stays known.
	var again []engine.Package
	for d := range holeDevices {
		again = append(again, storePackage(fmt.Sprintf("1-%04d", d), "again"))
	}
	if err := store.Append(t.Context(), again...); err != nil {
		t.Fatal(err)
	}
	stats, err := store.Stats(t.Context())
	if err != nil || stats.Damaged != "" || stats.Queued > 51 {
		t.Errorf("stats %+v, %v", stats, err)
	}
}

// TestRepairLog damages the log of changes of a store that was killed. The start is refused and names the way on; what came
// before the damage is saved, in order, and the report says that the rest is not.
func TestRepairLog(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		const packages = 500
		files := vfs.NewMem()
		cfg := disk.Config{Dir: "data", FS: files}
		for range 2 { // the second finds a store
			store, err := disk.Open(cfg)
			if err != nil {
				t.Fatal(err)
			}
			if err := store.Close(); err != nil {
				t.Fatal(err)
			}
		}
		store, err := disk.Open(cfg)
		if err != nil {
			t.Fatal(err)
		}
		for n := range packages {
			if err := store.Append(t.Context(), storePackage(fmt.Sprintf("%06d", n), strconv.Itoa(n%7))); err != nil {
				t.Fatal(err)
			}
		}
		if _, err := vfs.Clone(files, files, "data", "killed"); err != nil {
			t.Fatal(err)
		}
		if err := store.Close(); err != nil {
			t.Fatal(err)
		}
		log := largest(t, files, "killed", ".log")
		data := readWhole(t, files, log)
		data[len(data)/2] ^= 0x10
		writeWhole(t, files, log, data)

		killed := disk.Config{Dir: "killed", FS: files}
		if _, err := disk.Open(killed); err == nil || !strings.Contains(err.Error(), "trackhook store repair") {
			t.Fatalf("Open: %v", err)
		}
		if _, err := disk.Verify(t.Context(), killed); err == nil || !strings.Contains(err.Error(), "trackhook store repair") {
			t.Fatalf("Verify: %v", err)
		}
		// The repair needs a copy, and its folder may be somebody else's.
		if err := files.MkdirAll("new.copy", 0o700); err != nil {
			t.Fatal(err)
		}
		writeWhole(t, files, "new.copy/theirs", []byte("x"))
		if _, err := disk.Repair(t.Context(), killed, "new"); err == nil || !strings.Contains(err.Error(), "new.copy, where a copy for the repair would be made, is there already") {
			t.Errorf("Repair beside another's folder = %v", err)
		}
		if names, err := files.List("new.copy"); err != nil || !slices.Equal(names, []string{"theirs"}) {
			t.Errorf("in the other's folder are %v, %v", names, err)
		}
		if err := files.RemoveAll("new.copy"); err != nil {
			t.Fatal(err)
		}
		report, err := disk.Repair(t.Context(), killed, "new")
		if err != nil || len(report.Files) != 1 || !report.Damaged() {
			t.Fatalf("Repair: %+v, %v", report, err)
		}
		if names, err := files.List(""); err != nil || slices.Contains(names, "new.copy") {
			t.Errorf("the copy is left: %v, %v", names, err)
		}
		store, err = disk.Open(disk.Config{Dir: "new", FS: files})
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = store.Close() }()
		if sent := sendAll(t, store); sent < packages/4 || sent > packages*3/4 {
			t.Errorf("%d of %d were saved", sent, packages)
		}
	})
}

// largest returns the largest file of a folder whose name ends so.
func largest(t *testing.T, files vfs.FS, dir, suffix string) (name string) {
	t.Helper()
	names, err := files.List(dir)
	if err != nil {
		t.Fatal(err)
	}
	size := int64(-1)
	for _, one := range names {
		info, err := files.Stat(files.PathJoin(dir, one))
		if err == nil && strings.HasSuffix(one, suffix) && info.Size() > size {
			name, size = files.PathJoin(dir, one), info.Size()
		}
	}
	return name
}
