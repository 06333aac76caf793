package disk_test

import (
	"bytes"
	"context"
	"fmt"
	"strconv"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"trackhook/engine"
	"trackhook/engine/disk"

	"github.com/cockroachdb/pebble/v2/vfs"
	"github.com/rs/zerolog"
)

// logBuffer collects log lines from several goroutines.
type logBuffer struct {
	mu   sync.Mutex
	text bytes.Buffer // guarded by mu
}

func (l *logBuffer) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(p)
}

func (l *logBuffer) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.String()
}

// send appends packages and settles them all with a verdict.
func send(ctx context.Context, t *testing.T, store *disk.Store, verdict engine.Verdict, ids ...string) {
	t.Helper()
	for _, id := range ids {
		if err := store.Append(ctx, storePackage(id, id)); err != nil {
			t.Fatal(err)
		}
		leases, err := store.Lease(ctx, 1)
		if err != nil {
			t.Fatal(err)
		}
		err = store.Settle(ctx, engine.Settlement{Lease: leases[0], Verdict: verdict, Response: engine.Response{
			Package: leases[0].Package, Outcome: engine.Delivered, Body: bytes.Repeat([]byte("x"), 1000),
		}})
		if err != nil {
			t.Fatal(err)
		}
	}
}

func stats(t *testing.T, store *disk.Store) engine.Stats {
	t.Helper()
	s, err := store.Stats(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func openMem(t *testing.T, cfg disk.Config) *disk.Store {
	t.Helper()
	cfg.Dir = "data"
	if cfg.FS == nil {
		cfg.FS = vfs.NewMem()
	}
	store, err := disk.Open(cfg)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { store.Close() })
	return store
}

func closeStore(t *testing.T, store *disk.Store) {
	t.Helper()
	if err := store.Close(); err != nil {
		t.Fatal(err)
	}
}

func TestRetainAge(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx := t.Context()
		var log logBuffer
		store := openMem(t, disk.Config{Retain: 24 * time.Hour, Log: zerolog.New(&log).Level(zerolog.WarnLevel)})
		if _, err := store.Enroll(ctx, "listener"); err != nil {
			t.Fatal(err)
		}
		send(ctx, t, store, engine.Remove, "1", "2")
		send(ctx, t, store, engine.Bury, "3")
		<-time.After(13 * time.Hour)
		if _, err := store.Enroll(ctx, "listener"); err != nil { // it lives
			t.Fatal(err)
		}
		<-time.After(12 * time.Hour)
		send(ctx, t, store, engine.Remove, "4")

		// The listener has handled two of the old ones.
		if err := store.Commit(ctx, "listener", 2, engine.Runs{}); err != nil {
			t.Fatal(err)
		}
		<-time.After(2 * time.Minute)
		if got := stats(t, store); got.First != 3 || got.Last != 4 {
			t.Fatalf("the log holds %d to %d, want 3 to 4: the listener has not handled 3", got.First, got.Last)
		}
		if err := store.Commit(ctx, "listener", 3, engine.Runs{}); err != nil {
			t.Fatal(err)
		}
		<-time.After(2 * time.Minute)
		if got := stats(t, store); got.First != 4 || got.Last != 4 {
			t.Fatalf("the log holds %d to %d, want only 4", got.First, got.Last)
		}
		responses, err := store.Read(ctx, 0, 10)
		if err != nil || len(responses) != 1 || responses[0].Seq != 4 {
			t.Fatalf("Read = %v, %v; want response 4", responses, err)
		}

		// 1 and 2 are forgotten with their responses, the dead letter 3 and the final 4 are not.
		if err := store.Append(ctx, storePackage("1", "a"), storePackage("3", "a"), storePackage("4", "a")); err != nil {
			t.Fatal(err)
		}
		if got := stats(t, store); got.Queued != 1 {
			t.Fatalf("%d packages are queued, want only 1 again", got.Queued)
		}

		// A listener that nobody has seen for the whole time holds nothing back.
		<-time.After(49 * time.Hour)
		if got := stats(t, store); got.First != 5 || got.Last != 4 {
			t.Fatalf("the log holds %d to %d, want nothing", got.First, got.Last)
		}
		if want := `"listener":"listener","lost":1,`; strings.Count(log.String(), want) != 1 {
			t.Fatalf("log should have %s once:\n%s", want, log.String())
		}
		closeStore(t, store)
	})
}

func TestRetainBytes(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx := t.Context()
		var log logBuffer
		store := openMem(t, disk.Config{RetainBytes: 20_000, Log: zerolog.New(&log).Level(zerolog.WarnLevel)})
		if _, err := store.Enroll(ctx, "slow"); err != nil {
			t.Fatal(err)
		}
		var ids []string
		for i := range 30 {
			ids = append(ids, strconv.Itoa(i))
		}
		send(ctx, t, store, engine.Remove, ids...)
		<-time.After(2 * time.Second)
		got := stats(t, store)
		if got.First < 10 || got.First > 20 || got.Last != 30 {
			t.Fatalf("the log holds %d to %d, want about the last 18", got.First, got.Last)
		}
		want := fmt.Sprintf(`"listener":"slow","lost":%d`, got.First-1)
		if !strings.Contains(log.String(), want) {
			t.Fatalf("log has no %s:\n%s", want, log.String())
		}
		closeStore(t, store)
	})
}

func TestHighWater(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx := t.Context()
		store := openMem(t, disk.Config{HighWater: disk.HighWater{Queued: 20}})
		for i := range 20 {
			if err := store.Append(ctx, storePackage(strconv.Itoa(i), strconv.Itoa(i))); err != nil {
				t.Fatal(err)
			}
		}
		full := func(want bool) {
			t.Helper()
			err := store.Append(ctx, storePackage("more", "more"))
			if isFull := err != nil && strings.Contains(err.Error(), engine.ErrFull.Error()); isFull != want {
				t.Fatalf("Append = %v with %+v, want full: %v", err, stats(t, store), want) //nolint:contextcheck // a look at the counts
			}
		}
		settle := func(n int) {
			t.Helper()
			leases, err := store.Lease(ctx, n)
			if err != nil {
				t.Fatal(err)
			}
			for _, l := range leases {
				err := store.Settle(ctx, engine.Settlement{Lease: l, Verdict: engine.Remove, Response: engine.Response{Package: l.Package}})
				if err != nil {
					t.Fatal(err)
				}
			}
			<-time.After(2 * time.Second)
		}
		full(true)
		settle(1)
		full(true) // a tenth must go first
		settle(1)
		full(false)
		closeStore(t, store)
	})
}

// TestDueAcrossRestart shows that a wait goes on where it was when the store is opened again.
func TestDueAcrossRestart(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx := t.Context()
		files := vfs.NewMem()
		store := openMem(t, disk.Config{FS: files})
		if err := store.Append(ctx, storePackage("1", "a")); err != nil {
			t.Fatal(err)
		}
		leases, err := store.Lease(ctx, 1)
		if err != nil {
			t.Fatal(err)
		}
		start := time.Now()
		err = store.Settle(ctx, engine.Settlement{
			Lease: leases[0], Verdict: engine.Requeue, Due: start.Add(time.Hour),
			Response: engine.Response{Package: leases[0].Package, Outcome: engine.Retry},
		})
		if err != nil {
			t.Fatal(err)
		}
		<-time.After(20 * time.Minute)
		closeStore(t, store)
		store = openMem(t, disk.Config{FS: files})
		if _, err := store.Lease(ctx, 1); err != nil {
			t.Fatal(err)
		}
		if waited := time.Since(start); waited != time.Hour {
			t.Fatalf("leased after %v, want an hour", waited)
		}
		closeStore(t, store)
	})
}
