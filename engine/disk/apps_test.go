package disk_test

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"trackhook/engine"
	"trackhook/engine/disk"

	"github.com/cockroachdb/pebble/v2/vfs"
	"github.com/cockroachdb/pebble/v2/vfs/errorfs"
	"github.com/rs/zerolog"
)

func appPackage(app, id, device string) engine.Package {
	p := storePackage(id, device)
	p.App.Token = app
	return p
}

// appendMany appends n packages of an app, each of a device of its own.
func appendMany(t *testing.T, store *disk.Store, app string, n int) {
	t.Helper()
	const step = 1000
	for from := 0; from < n; from += step {
		packages := make([]engine.Package, 0, step)
		for i := from; i < min(from+step, n); i++ {
			packages = append(packages, appPackage(app, app+strconv.Itoa(i), strconv.Itoa(i)))
		}
		if err := store.Append(context.Background(), packages...); err != nil {
			t.Fatal(err)
		}
	}
}

// TestHeldBackCostsNothing shows that nothing of an app that is held back is read when another is leased, however much
// of it is due.
func TestHeldBackCostsNothing(t *testing.T) {
	t.Parallel()
	var reads atomic.Int64
	files := wrap(vfs.NewMem(), errorfs.InjectorFunc(func(op errorfs.Op) error {
		if op.Kind == errorfs.OpFileReadAt {
			reads.Add(1)
		}
		return nil
	}))
	cfg := disk.Config{Dir: "data", FS: files}
	store, err := disk.Open(cfg)
	if err != nil {
		t.Fatal(err)
	}
	appendMany(t, store, "heldheldheld", 30_000)
	appendMany(t, store, "otherotherot", 200)
	closeStore(t, store)
	if store, err = disk.Open(cfg); err != nil {
		t.Fatal(err)
	}
	defer closeStore(t, store)
	held := engine.App{Token: "heldheldheld", Environment: engine.Sandbox}
	store.Limit(held, 0)
	reads.Store(0)
	for done := 0; done < 200; {
		leases, err := store.Lease(t.Context(), 64)
		if err != nil {
			t.Fatal(err)
		}
		for i := range leases {
			if leases[i].Package.App == held {
				t.Fatalf("%s was leased", leases[i].Package.ID)
			}
		}
		done += len(leases)
	}
	// 200 packages are in a few blocks; 30,000 lanes would be in many.
	if n := reads.Load(); n > 50 {
		t.Errorf("%d reads for 200 packages", n)
	}
	store.Limit(held, -1)
	leases, err := store.Lease(t.Context(), 64)
	if err != nil || len(leases) != 64 || leases[0].Package.ID != "heldheldheld0" {
		t.Fatalf("Lease = %d leases, %v, want the first 64 of the app that was held", len(leases), err)
	}
}

// TestManyApps shows that thousands of apps work, across a restart too, and take turns.
func TestManyApps(t *testing.T) {
	t.Parallel()
	const apps = 2000
	files := vfs.NewMem()
	store := openMem(t, disk.Config{FS: files})
	for round := range 3 {
		packages := make([]engine.Package, 0, apps)
		for i := range apps {
			packages = append(packages, appPackage(fmt.Sprintf("app%09d", i), fmt.Sprint(round, " ", i), strconv.Itoa(round)))
		}
		if err := store.Append(t.Context(), packages...); err != nil {
			t.Fatal(err)
		}
	}
	closeStore(t, store)
	store = openMem(t, disk.Config{FS: files})
	leased := make(map[string]int)
	for n := 0; n < 3*apps; {
		leases, err := store.Lease(t.Context(), 500)
		if err != nil {
			t.Fatal(err)
		}
		for i := range leases {
			leased[leases[i].Package.App.Token]++
		}
		n += len(leases)
		if n == apps && len(leased) != apps {
			t.Fatalf("%d apps were served by %d leases", len(leased), apps)
		}
	}
	closeStore(t, store)
}

// TestLimitOutlivesFailure shows that an app stays held back when the disk has failed and works again.
func TestLimitOutlivesFailure(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		fault := &failAt{err: syscall.EIO}
		store, err := disk.Open(disk.Config{Dir: "data", FS: wrap(vfs.NewMem(), errorfs.InjectorFunc(fault.inject))})
		if err != nil {
			t.Fatal(err)
		}
		ctx := t.Context()
		if err := store.Append(ctx, appPackage("a", "1", "a"), appPackage("b", "2", "b")); err != nil {
			t.Fatal(err)
		}
		store.Limit(engine.App{Token: "a", Environment: engine.Sandbox}, 0)
		fault.down.Store(true)
		if err := store.SetValues(ctx, "space", map[string][]byte{"key": {1}}); !errors.Is(err, syscall.EIO) {
			t.Fatalf("SetValues = %v, want %v", err, syscall.EIO)
		}
		<-time.After(time.Minute)
		store.Limit(engine.App{Token: "b", Environment: engine.Sandbox}, 0)
		fault.down.Store(false)
		<-time.After(time.Minute)
		short, cancel := context.WithTimeout(ctx, time.Second)
		defer cancel()
		if leases, err := store.Lease(short, 10); !errors.Is(err, context.DeadlineExceeded) {
			t.Fatalf("Lease = %v, %v of apps that are held back", leases, err)
		}
		store.Limit(engine.App{Token: "b", Environment: engine.Sandbox}, -1)
		leases, err := store.Lease(ctx, 10)
		if err != nil || len(leases) != 1 || leases[0].Package.ID != "2" {
			t.Fatalf("Lease = %v, %v, want 2", leases, err)
		}
		closeStore(t, store)
	})
}

func TestDeadAge(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx := t.Context()
		var log logBuffer
		store := openMem(t, disk.Config{DeadAge: 48 * time.Hour, Log: zerolog.New(&log).Level(zerolog.WarnLevel)})
		send(ctx, t, store, engine.Bury, "1", "2")
		<-time.After(47 * time.Hour)
		send(ctx, t, store, engine.Bury, "3")
		if got := stats(t, store); got.Dead != 3 || got.DeadBytes == 0 {
			t.Fatalf("Stats = %+v, want 3 dead letters", got)
		}
		<-time.After(2 * time.Hour)
		if got := stats(t, store); got.Dead != 1 || got.Last != 5 {
			t.Fatalf("Stats = %+v, want 1 dead letter and 5 responses", got)
		}
		if want := `"dropped":2,`; !strings.Contains(log.String(), want) {
			t.Fatalf("log has no %s:\n%s", want, log.String())
		}
		responses, err := store.Read(ctx, 3, 10)
		if err != nil || len(responses) != 2 || responses[0].Outcome != engine.Dropped || responses[0].Rule != "dead letter age" {
			t.Fatalf("Read = %+v, %v, want that two were dropped", responses, err)
		}
		counts, err := store.Counts(ctx, time.Unix(1_700_000_000, 0), time.Unix(1_700_000_000, 0))
		if err != nil || len(counts) != 1 || counts[0].Outcomes[engine.Dropped] != 2 {
			t.Fatalf("Counts = %+v, %v, want that two were dropped", counts, err)
		}
		closeStore(t, store)
	})
}

func TestDeadHighWater(t *testing.T) {
	for name, high := range map[string]disk.HighWater{"count": {Dead: 10}, "bytes": {DeadBytes: 1200}} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				ctx := t.Context()
				store := openMem(t, disk.Config{HighWater: high})
				var err error
				n := 0
				for ; err == nil && n < 50; n++ {
					id := strconv.Itoa(n)
					if err = store.Append(ctx, storePackage(id, id)); err != nil {
						break
					}
					leases, leaseErr := store.Lease(ctx, 1)
					if leaseErr != nil {
						t.Fatal(leaseErr)
					}
					s := engine.Settlement{Lease: leases[0], Verdict: engine.Bury, Response: engine.Response{Package: leases[0].Package, Outcome: engine.Rejected}}
					if settleErr := store.Settle(ctx, s); settleErr != nil {
						t.Fatal(settleErr)
					}
				}
				if !errors.Is(err, engine.ErrFull) || !strings.Contains(err.Error(), "retry or drop some") {
					t.Fatalf("Append = %v after %d dead letters, want %v", err, n, engine.ErrFull)
				}
				if got := stats(t, store); got.Dead != uint64(n) || got.Full == "" { //nolint:gosec // small
					t.Fatalf("Stats = %+v, want %d dead letters and the reason", got, n)
				}
				// Those that are retried go through the same door, and are what makes room.
				if retried, err := store.Retry(ctx, "0", "1", "2"); retried != 3 || err != nil {
					t.Fatalf("Retry = %d, %v, want 3", retried, err)
				}
				<-time.After(2 * time.Second)
				if err := store.Append(ctx, storePackage("more", "more")); err != nil {
					t.Fatalf("Append when there is room: %v", err)
				}
				closeStore(t, store)
			})
		})
	}
}

// TestRetainRuns shows that runs go with their responses, and counts after their own time.
func TestRetainRuns(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx := t.Context()
		store := openMem(t, disk.Config{Retain: time.Hour, RetainCounts: 30 * 365 * 24 * time.Hour})
		if _, err := store.Enroll(ctx, "l"); err != nil {
			t.Fatal(err)
		}
		commit := func(seq uint64, version string) {
			t.Helper()
			if err := store.Commit(ctx, "l", seq, engine.Runs{Version: version, Failed: map[uint64]string{seq: "boom"}}); err != nil {
				t.Fatal(err)
			}
		}
		send(ctx, t, store, engine.Remove, "1", "2", "3")
		commit(1, "v1")
		commit(2, "v2")
		commit(3, "v3")
		<-time.After(2 * time.Hour)
		if got := stats(t, store); got.First != 4 {
			t.Fatalf("Stats = %+v, want an empty log", got)
		}
		send(ctx, t, store, engine.Remove, "4", "5")
		commit(4, "v3")
		commit(5, "v4")
		for seq, want := range map[uint64]string{1: "[]", 3: "[]", 4: "[{l v3 boom}]", 5: "[{l v4 boom}]"} {
			if runs, err := store.Runs(ctx, seq); err != nil || fmt.Sprint(runs) != want {
				t.Errorf("Runs(%d) = %v, %v, want %s", seq, runs, err, want)
			}
		}
		day := time.Unix(1_700_000_000, 0)
		if counts, err := store.Counts(ctx, day, day); err != nil || len(counts) != 1 || counts[0].Accepted != 5 {
			t.Fatalf("Counts = %+v, %v, want 5 accepted", counts, err)
		}
		closeStore(t, store)
	})
}

func TestRetainCounts(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx := t.Context()
		store := openMem(t, disk.Config{RetainCounts: 24 * time.Hour})
		today, before := storePackage("1", "a"), storePackage("2", "a")
		today.Created, before.Created = time.Now(), time.Now().Add(-72*time.Hour)
		if err := store.Append(ctx, today, before); err != nil {
			t.Fatal(err)
		}
		rows := func(want int) {
			t.Helper()
			if counts, err := store.Counts(ctx, before.Created, today.Created); err != nil || len(counts) != want {
				t.Fatalf("Counts = %+v, %v, want %d rows", counts, err, want)
			}
		}
		rows(2)
		<-time.After(2 * time.Minute)
		rows(1)
		closeStore(t, store)
	})
}

// TestListIsBounded shows that a page which a filter leaves nearly empty still ends, and leads on.
func TestListIsBounded(t *testing.T) {
	t.Parallel()
	store := openMem(t, disk.Config{})
	appendMany(t, store, "app", 20_000)
	last := appPackage("zzz", "needle", "a")
	last.Kind = engine.KindSession
	last.App.Environment = engine.Production
	if err := store.Append(t.Context(), last); err != nil {
		t.Fatal(err)
	}
	for name, filter := range map[string]engine.Filter{
		"kind": {Kind: engine.KindSession}, "environment": {Environment: engine.Production},
	} {
		pages, found := 0, 0
		for page := ""; ; {
			rows, next, err := store.Packages(t.Context(), filter, page, 10)
			if err != nil {
				t.Fatal(err)
			}
			pages, found = pages+1, found+len(rows)
			if page = next; page == "" {
				break
			}
		}
		if pages < 5 || found != 1 {
			t.Errorf("by %s: %d packages in %d pages, want 1 in several", name, found, pages)
		}
	}
	closeStore(t, store)
}
