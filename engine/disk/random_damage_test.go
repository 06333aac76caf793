package disk_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"trackhook/engine/disk"

	"github.com/cockroachdb/pebble/v2/vfs"
)

// TestRandomDamage flips bits, cuts files and zeroes parts of them, all over a store that was closed. It opens and serves
// what is right and says that something is missing, or is refused; then a repair saves what it can, or is refused as well.
// Nothing panics, nothing is sent twice or out of order, and nothing is missing in silence.
func TestRandomDamage(t *testing.T) {
	t.Parallel()
	trials := 1
	if os.Getenv("TRACKHOOK_LONG") != "" {
		trials = 120
	}
	files := vfs.NewMem()
	synctest.Test(t, func(t *testing.T) { fillForHoles(t, disk.Config{Dir: "data", FS: files}) })
	for trial := range trials {
		synctest.Test(t, func(t *testing.T) {
			random := rand.New(rand.NewPCG(uint64(trial), 7))
			mem := vfs.NewMem()
			if _, err := vfs.Clone(files, mem, "data", "data"); err != nil {
				t.Fatal(err)
			}
			what := damageSomething(t, mem, random)
			if _, err := vfs.Clone(mem, mem, "data", "again"); err != nil {
				t.Fatal(err)
			}
			served(t, what, disk.Config{Dir: "data", FS: mem})
			report, err := disk.Repair(t.Context(), disk.Config{Dir: "again", FS: mem}, "new")
			if err != nil {
				return
			}
			sent, missed, damaged, err := serve(t, disk.Config{Dir: "new", FS: mem})
			if err != nil || damaged != "" {
				t.Errorf("%s: the repaired store: %s, %v", what, damaged, err)
			}
			if report.Uncounted {
				return // which the report says
			}
			if missed > 0 && report.LostResponses == 0 {
				t.Errorf("%s: %d responses are not heard, and the report says nothing", what, missed)
			}
			if want := holeDevices * (holeEach - 1); uint64(sent)+report.LostPackages != uint64(want) && sent != want {
				t.Errorf("%s: of %d packages %d were saved and %d are said to be lost", what, want, sent, report.LostPackages)
			}
		})
	}
}

// damageSomething damages one file, in one of several ways, and says how.
func damageSomething(t *testing.T, files vfs.FS, random *rand.Rand) string {
	t.Helper()
	names, err := files.List("data")
	if err != nil {
		t.Fatal(err)
	}
	for {
		name := names[random.IntN(len(names))]
		if random.IntN(2) == 0 {
			name = strings.TrimPrefix(largest(t, files, "data", ".sst"), "data/") // where the data is
		}
		path := files.PathJoin("data", name)
		data := readWhole(t, files, path)
		if len(data) == 0 || name == "OWNER" {
			continue
		}
		at := random.IntN(len(data))
		var what string
		switch random.IntN(3) {
		case 0:
			data[at] ^= 1 << random.IntN(8)
			what = fmt.Sprintf("%s with a bit flipped at %d", name, at)
		case 1:
			data = data[:at]
			what = fmt.Sprintf("%s cut at %d", name, at)
		default:
			end := min(len(data), at+1+random.IntN(8192))
			clear(data[at:end])
			what = fmt.Sprintf("%s with zeros from %d to %d", name, at, end)
		}
		writeWhole(t, files, path, data)
		return what
	}
}

// served opens a damaged store and lets it work: what is missing is told.
func served(t *testing.T, what string, cfg disk.Config) {
	t.Helper()
	sent, missed, damaged, err := serve(t, cfg)
	if err != nil {
		return // refused
	}
	if missed > 0 && damaged == "" {
		t.Errorf("%s: %d responses are not heard, and health is well", what, missed)
	}
	if want := holeDevices * (holeEach - 1); sent > want || sent < want && damaged == "" {
		t.Errorf("%s: %d of %d packages were sent, and health says %q", what, sent, want, damaged)
	}
}

// serve sends all that a store has, and reads its log and its lists. The error is that of opening it.
func serve(t *testing.T, cfg disk.Config) (sent, missed int, damaged string, err error) {
	t.Helper()
	store, err := disk.Open(cfg)
	if err != nil {
		return 0, 0, "", err
	}
	defer func() { _ = store.Close() }()
	sent = sendAll(t, store)
	last, err := store.Last(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	heard := 0
	for after := uint64(0); after < last; {
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		responses, err := store.Read(ctx, after, 1000)
		cancel()
		if errors.Is(err, context.DeadlineExceeded) {
			break // the end of the log cannot be read
		}
		if err != nil {
			t.Fatal(err)
		}
		heard += len(responses)
		after = responses[len(responses)-1].Seq
	}
	listAll(t, store)
	stats, err := store.Stats(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return sent, int(last) - heard, stats.Damaged, nil //nolint:gosec // it is small
}
