package disk_test

import (
	"errors"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"trackhook/engine"
	"trackhook/engine/disk"
	"trackhook/engine/disk/internal/format"

	"github.com/cockroachdb/pebble/v2/vfs"
	"github.com/cockroachdb/pebble/v2/vfs/errorfs"
)

// attempted makes an open store with the package "p", which was attempted three times and is queued, or dead, and with other
// packages that were sent meanwhile.
func attempted(t *testing.T, last engine.Verdict) *disk.Store {
	t.Helper()
	store, err := disk.Open(disk.Config{Dir: "data", FS: vfs.NewMem()})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { closeStore(t, store) })
	for attempt := 1; attempt <= 3; attempt++ {
		if attempt == 1 {
			err = store.Append(t.Context(), storePackage("p", "a"))
		}
		other := strings.Repeat("o", attempt)
		if err := errors.Join(err, store.Append(t.Context(), storePackage(other, other))); err != nil {
			t.Fatal(err)
		}
		leases, err := store.Lease(t.Context(), 2)
		if err != nil || len(leases) != 2 {
			t.Fatal(leases, err)
		}
		for i := range leases {
			s := engine.Settlement{Lease: leases[i], Verdict: engine.Remove, Response: engine.Response{
				Package: leases[i].Package, Attempt: leases[i].Attempts + 1, Outcome: engine.Delivered,
			}}
			if leases[i].Package.ID == "p" {
				s.Verdict, s.Response.Outcome, s.Due = engine.Requeue, engine.Retry, time.Now()
				if attempt == 3 {
					s.Verdict = last
				}
			}
			if err := store.Settle(t.Context(), s); err != nil {
				t.Fatal(err)
			}
		}
	}
	return store
}

// TestShowDamaged shows a package of which a part cannot be read: the rest is there, and what is missing is named.
func TestShowDamaged(t *testing.T) {
	t.Parallel()
	for name, row := range map[string]struct {
		last     engine.Verdict
		damage   func(seqs []uint64) []byte // the key
		attempts []int                      // that are shown
		missing  string                     // in History
		state    string                     // missing in Package
	}{
		"the first response":  {engine.Requeue, func(s []uint64) []byte { return format.ResponseKey(nil, s[0]) }, []int{2, 3}, ", and what may have come before it", ""},
		"a response between":  {engine.Requeue, func(s []uint64) []byte { return format.ResponseKey(nil, s[1]) }, []int{1, 3}, "response ", ""},
		"the last of a queue": {engine.Requeue, func(s []uint64) []byte { return format.ResponseKey(nil, s[2]) }, []int{1, 2}, "response ", "response "},
		"the last response":   {engine.Remove, func(s []uint64) []byte { return format.ResponseKey(nil, s[2]) }, []int{1, 2}, "response ", "response "},
		"the dead letter":     {engine.Bury, func(s []uint64) []byte { return format.DeadLetterKey(nil, s[2]) }, []int{1, 2, 3}, "", "what is kept of the dead letter"},
		"what is queued":      {engine.Requeue, func([]uint64) []byte { return format.PackageKey(nil, 1) }, []int{1, 2, 3}, "what is queued, package 1", "what is queued, package 1"},
		"the lane of a queue": {engine.Requeue, func([]uint64) []byte { return format.LaneKey(nil, format.LaneName(laneOf("a"))) }, []int{1, 2, 3}, "its place in the queue", "its place in the queue"},
	} {
		for _, value := range [][]byte{{'x'}, nil} { // damaged, and gone
			if value == nil && row.state == "its place in the queue" {
				continue // a lane without a record is an empty one
			}
			t.Run(name, func(t *testing.T) {
				t.Parallel()
				store := attempted(t, row.last)
				whole, err := store.History(t.Context(), "p")
				if err != nil || len(whole) != 3 {
					t.Fatal(whole, err)
				}
				var seqs []uint64
				for _, r := range whole {
					seqs = append(seqs, r.Seq)
				}
				if err := disk.DamageKey(store, row.damage(seqs), value); err != nil {
					t.Fatal(err)
				}
				state, err := store.Package(t.Context(), "p")
				wantPart(t, err, row.state)
				if state.Package.ID != "p" || state.Status == "" || row.last == engine.Bury && (state.Status != engine.Dead || state.Package.Device == "" || state.Last != engine.Retry) {
					t.Errorf("Package = %+v", state)
				}
				if rows, _, err := store.Packages(t.Context(), engine.Filter{}, "", 10); err != nil || row.state == "response " && row.last == engine.Requeue && len(rows) != 1 {
					t.Errorf("listed are %+v, %v", rows, err)
				}
				history, err := store.History(t.Context(), "p")
				wantPart(t, err, row.missing)
				var attempts []int
				for _, r := range history {
					attempts = append(attempts, r.Attempt)
				}
				if !slices.Equal(attempts, row.attempts) {
					t.Errorf("the attempts %v are shown, want %v", attempts, row.attempts)
				}
			})
		}
	}
}

func laneOf(device string) engine.Lane {
	p := storePackage("", device)
	return p.Lane()
}

// wantPart checks that an error names a part that cannot be read; "": there is none.
func wantPart(t *testing.T, err error, want string) {
	t.Helper()
	part, ok := errors.AsType[*engine.PartError](err)
	if want == "" && err == nil {
		return
	}
	if !ok || want == "" || len(part.Missing) != 1 || !strings.Contains(part.Missing[0], want) {
		t.Errorf("the error is %v, want one that names %q", err, want)
	}
}

// TestRunsDamaged shows who handled a response when a cursor cannot be read.
func TestRunsDamaged(t *testing.T) {
	t.Parallel()
	store := attempted(t, engine.Remove)
	for _, listener := range []string{"good", "bad"} {
		if _, err := store.Enroll(t.Context(), listener); err != nil {
			t.Fatal(err)
		}
	}
	if err := store.Append(t.Context(), storePackage("q", "q")); err != nil {
		t.Fatal(err)
	}
	leases, err := store.Lease(t.Context(), 1)
	if err != nil {
		t.Fatal(err)
	}
	if err := store.Settle(t.Context(), engine.Settlement{Lease: leases[0], Verdict: engine.Remove, Response: engine.Response{Package: leases[0].Package, Outcome: engine.Delivered}}); err != nil {
		t.Fatal(err)
	}
	last, err := store.Last(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, listener := range []string{"good", "bad"} {
		if err := store.Commit(t.Context(), listener, last, engine.Runs{Version: "v"}); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := store.Runs(t.Context(), last); err != nil {
		t.Fatal(err)
	}
	if err := disk.DamageKey(store, format.CursorKey(nil, "bad"), []byte("x")); err != nil {
		t.Fatal(err)
	}
	runs, err := store.Runs(t.Context(), last)
	wantPart(t, err, "how bad handled response")
	if len(runs) != 1 || runs[0].Listener != "good" || runs[0].Version != "v" {
		t.Errorf("runs are %+v", runs)
	}
}

// TestDamagedDeadLetter retries and drops dead letters of which one cannot be read. That one stays, is counted, and does not
// stop the others; a repair leaves a response for it.
func TestDamagedDeadLetter(t *testing.T) {
	t.Parallel()
	for name, value := range map[string][]byte{"damaged": {'x'}, "missing": nil} {
		files := buried(t)
		cfg := disk.Config{Dir: "data", FS: files}
		store, err := disk.Open(cfg)
		if err != nil {
			t.Fatal(err)
		}
		dead, _, err := store.Packages(t.Context(), engine.Filter{State: engine.Dead}, "", 10)
		if err != nil || len(dead) != 4 {
			t.Fatal(dead, err)
		}
		bad := dead[1]
		if err := disk.DamageKey(store, format.DeadLetterKey(nil, bad.Seq), value); err != nil {
			t.Fatal(err)
		}
		for verb, change := range map[string]func(ids ...string) (int, error){
			"Retry": func(ids ...string) (int, error) { return store.Retry(t.Context(), ids...) },
			"Drop":  func(ids ...string) (int, error) { return store.Drop(t.Context(), ids...) },
		} {
			if n, err := change(bad.Package.ID); n != 0 || err != nil {
				t.Errorf("%s: %s of it = %d, %v", name, verb, n, err)
			}
		}
		if n, err := store.Retry(t.Context(), dead[0].Package.ID, bad.Package.ID); n != 1 || err != nil {
			t.Errorf("%s: Retry of two = %d, %v", name, n, err)
		}
		if n, err := store.Drop(t.Context(), bad.Package.ID, dead[2].Package.ID); n != 1 || err != nil {
			t.Errorf("%s: Drop of two = %d, %v", name, n, err)
		}
		if stats, err := store.Stats(t.Context()); err != nil || stats.Dead != 2 || stats.Queued != 6 {
			t.Errorf("%s: %+v, %v", name, stats, err)
		}
		if rows, _, err := store.Packages(t.Context(), engine.Filter{State: engine.Dead}, "", 10); err != nil || len(rows) != 1 {
			t.Errorf("%s: listed %+v, %v", name, rows, err)
		}
		// Its ID is known: it is not taken in again as new.
		if err := store.Append(t.Context(), storePackage(bad.Package.ID, "z")); err != nil {
			t.Error(err)
		}
		closeStore(t, store)
		report, err := disk.Repair(t.Context(), cfg, "new")
		if err != nil || report.LostDeadLetters != 1 || report.DeadLetters != 1 || report.Packages != 6 {
			t.Fatalf("%s: %+v, %v", name, report, err)
		}
		store, err = disk.Open(disk.Config{Dir: "new", FS: files})
		if err != nil {
			t.Fatal(err)
		}
		state, err := store.Package(t.Context(), bad.Package.ID)
		if err != nil || state.Status != engine.Done || state.Last != engine.Dropped || !strings.Contains(state.Message, "was lost") {
			t.Errorf("%s: %+v, %v", name, state, err)
		}
		closeStore(t, store)
	}
}

// TestRunsFail shows that a disk which fails for a reason of its own is not told as damage: nothing is shown then.
func TestRunsFail(t *testing.T) {
	t.Parallel()
	var fails atomic.Bool
	injected := errors.New("injected: too many open files")
	files := wrap(vfs.NewMem(), errorfs.InjectorFunc(func(op errorfs.Op) error {
		if fails.Load() && op.Kind == errorfs.OpFileReadAt && strings.HasSuffix(op.Path, ".sst") {
			return injected
		}
		return nil
	}))
	cfg := disk.Config{Dir: "data", FS: files}
	store, err := disk.Open(cfg)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := store.Enroll(t.Context(), "l"); err != nil {
		t.Fatal(err)
	}
	failed := make(map[uint64]string)
	for n := range 20 { // so many that they do not lie with the cursor
		id := strconv.Itoa(n)
		send(t.Context(), t, store, engine.Remove, id)
		failed[uint64(n+1)] = strings.Repeat(id, 2000) //nolint:gosec // small
	}
	if err := store.Commit(t.Context(), "l", 20, engine.Runs{Version: "v", Failed: failed}); err != nil {
		t.Fatal(err)
	}
	closeStore(t, store)
	if store, err = disk.Open(cfg); err != nil {
		t.Fatal(err)
	}
	defer closeStore(t, store)
	fails.Store(true)
	runs, err := store.Runs(t.Context(), 20)
	fails.Store(false)
	if _, part := errors.AsType[*engine.PartError](err); part || !errors.Is(err, injected) {
		t.Errorf("Runs = %v, %v", runs, err)
	}
	if runs, err := store.Runs(t.Context(), 20); err != nil || len(runs) != 1 || runs[0].Failure == "" {
		t.Errorf("Runs = %v, %v", runs, err)
	}
}
