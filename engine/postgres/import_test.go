package postgres_test

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/jackc/pgx/v5"

	"trackhook/engine"
	"trackhook/engine/disk"
	"trackhook/engine/postgres"
	"trackhook/engine/postgres/internal/pgtest"
	"trackhook/engine/storetest"
)

// keepCounts is longer ago than a history pretends to be.
const keepCounts = 100 * 365 * 24 * time.Hour

// lived makes a data folder with a long random history, and returns what it must hold.
func lived(t *testing.T, seed uint64, steps int) (dir string, want *storetest.Model) {
	t.Helper()
	dir = filepath.Join(t.TempDir(), "data")
	store := openDisk(t, dir)
	random := rand.New(rand.NewPCG(seed, 1))
	history := storetest.NewHistory(store, random.IntN)
	for i := range steps {
		if err := history.Step(t.Context()); err != nil {
			t.Fatal(err)
		}
		if i%100 == 99 {
			closeStore(t, store)
			store = openDisk(t, dir)
			history.Reopened(store)
		}
	}
	closeStore(t, store)
	want, _ = history.Models()
	return dir, want
}

func openDisk(t *testing.T, dir string) *disk.Store {
	t.Helper()
	store, err := disk.Open(disk.Config{Dir: dir, RetainCounts: keepCounts})
	if err != nil {
		t.Fatal(err)
	}
	return store
}

func closeStore(t *testing.T, store engine.Store) {
	t.Helper()
	if err := store.Close(); err != nil {
		t.Fatal(err)
	}
}

// errKilled stands for the end of a process that imports.
var errKilled = errors.New("killed")

// bring copies a folder into a schema, as far as it comes: it is interrupted where wrote returns an error.
func bring(ctx context.Context, dir string, cfg postgres.Config, most int, wrote func() error) error {
	return disk.Contents(ctx, disk.Config{Dir: dir}, func(held *disk.Held) error {
		im, err := postgres.OpenImport(ctx, cfg)
		if err != nil {
			return err
		}
		defer im.Close(ctx)
		im.Slow(most, wrote)
		state, err := im.State(ctx)
		if err != nil {
			return err
		}
		if state.ID == "" {
			if err := im.Begin(ctx, "the-id", dir, held.Totals().Now); err != nil {
				return err
			}
		}
		return im.Run(ctx, held, nil)
	})
}

// TestImport brings a store with a history into a schema, interrupted after every single transaction, and compares what both tell.
func TestImport(t *testing.T) {
	t.Parallel()
	for seed := range uint64(2) {
		t.Run(fmt.Sprint("seed ", seed), func(t *testing.T) {
			t.Parallel()
			url, schema := pgtest.Shared(t)
			cfg := postgres.Config{URL: url, Schema: schema, RetainCounts: keepCounts}.WithLogPart(50)
			dir, want := lived(t, seed, 600)
			beside := filepath.Join(t.TempDir(), "beside")
			if _, err := disk.Backup(t.Context(), disk.Config{Dir: dir}, beside); err != nil {
				t.Fatal(err)
			}
			runs := 0
			for ; ; runs++ {
				err := bring(t.Context(), dir, cfg, 40, func() error { return errKilled })
				if err == nil {
					break
				}
				if !errors.Is(err, errKilled) {
					t.Fatal(err)
				}
				if done := imported(t, cfg); done {
					break
				}
				if _, err := postgres.Open(t.Context(), cfg); err == nil || !strings.Contains(err.Error(), "being copied") {
					t.Fatalf("a host starts while the copy is not complete: %v", err)
				}
			}
			if runs < 12 {
				t.Errorf("there were %d runs", runs)
			}
			from := openDisk(t, beside)
			defer closeStore(t, from)
			to, err := postgres.Open(t.Context(), cfg)
			if err != nil {
				t.Fatal(err)
			}
			defer closeStore(t, to)
			compareStores(t, from, to, want)
			got, err := storetest.Contents(t.Context(), to)
			if err != nil {
				t.Fatal(err)
			}
			if diff := want.Diff(got, false); diff != "" {
				t.Errorf("what was brought in differs from the model (-want +got):\n%s", diff)
			}
		})
	}
}

// imported tells whether an import is complete.
func imported(t *testing.T, cfg postgres.Config) bool {
	t.Helper()
	im, err := postgres.OpenImport(t.Context(), cfg)
	if err != nil {
		t.Fatal(err)
	}
	defer im.Close(t.Context())
	state, err := im.State(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return state.Complete
}

// compareStores compares all that two stores tell without being changed, and then that both know the same IDs.
func compareStores(t *testing.T, from, to engine.Store, want *storetest.Model) {
	t.Helper()
	ctx := t.Context()
	compare := func(what string, tell func(engine.Store) (any, error)) {
		t.Helper()
		a, err := tell(from)
		if err != nil {
			t.Fatalf("%s: %v", what, err)
		}
		b, err := tell(to)
		if err != nil {
			t.Fatalf("%s: %v", what, err)
		}
		// Clocks of machines run at their own speed; what is due far apart is hours apart here.
		if diff := cmp.Diff(a, b, cmpopts.EquateApproxTime(time.Minute), cmpopts.EquateEmpty()); diff != "" {
			t.Errorf("%s differs (-folder +database):\n%s", what, diff)
		}
	}
	compare("Packages", func(s engine.Store) (any, error) { return all(ctx, s) })
	compare("Lanes", func(s engine.Store) (any, error) {
		lanes, _, err := s.Lanes(ctx, engine.Filter{}, "", 1000)
		return lanes, err
	})
	compare("Stats", func(s engine.Store) (any, error) {
		stats, err := s.Stats(ctx)
		return []uint64{stats.Queued, stats.Lanes, stats.Dead, stats.First, stats.Last, stats.Ambiguous}, err
	})
	compare("Read", func(s engine.Store) (any, error) { return s.Read(ctx, 0, 1<<20) })
	compare("Cursors", func(s engine.Store) (any, error) { return s.Cursors(ctx) })
	compare("Counts", func(s engine.Store) (any, error) {
		return s.Counts(ctx, time.Unix(1_600_000_000, 0), time.Unix(1_800_000_000, 0))
	})
	for seq := range uint64(len(want.Log)) {
		compare(fmt.Sprint("Runs of ", seq+1), func(s engine.Store) (any, error) { return s.Runs(ctx, seq+1) })
	}
	for _, space := range []string{"a", "a/b"} {
		compare("Values of "+space, func(s engine.Store) (any, error) { return s.Values(ctx, space) })
	}
	for _, id := range slices.Sorted(maps.Keys(want.Known)) {
		compare("Package "+id, func(s engine.Store) (any, error) { return s.Package(ctx, id) })
		compare("History of "+id, func(s engine.Store) (any, error) { return s.History(ctx, id) })
		compare("Device of "+id, func(s engine.Store) (any, error) {
			p, err := s.Package(ctx, id)
			if err != nil {
				return nil, err
			}
			return s.Device(ctx, p.Package.Lane())
		})
	}
	for _, s := range []engine.Store{from, to} {
		var again []engine.Package
		for id := range want.Known {
			p, err := s.Package(ctx, id)
			if err != nil {
				t.Fatal(err)
			}
			again = append(again, p.Package)
		}
		if err := s.Append(ctx, again...); err != nil {
			t.Fatal(err)
		}
	}
	compare("Packages after the same IDs came again", func(s engine.Store) (any, error) { return all(ctx, s) })
}

// all lists all packages.
func all(ctx context.Context, s engine.Store) (rows []engine.PackageState, err error) {
	for page := ""; ; {
		some, next, err := s.Packages(ctx, engine.Filter{}, page, 50)
		if rows = append(rows, some...); err != nil || next == "" {
			return rows, err
		}
		page = next
	}
}

// TestImportRefuses shows when no import begins, and that one which was begun goes on only with itself.
func TestImportRefuses(t *testing.T) {
	t.Parallel()
	url, schema := pgtest.Shared(t)
	cfg := postgres.Config{URL: url, Schema: schema, Name: "one", Lease: time.Second}
	dir, _ := lived(t, 7, 100)
	refused := func(why string) {
		t.Helper()
		err := bring(t.Context(), dir, cfg, 1000, func() error { return nil })
		if err == nil || !strings.Contains(err.Error(), why) {
			t.Fatalf("the error is %v, and should be about %q", err, why)
		}
	}
	host, err := postgres.Open(t.Context(), cfg)
	if err != nil {
		t.Fatal(err)
	}
	refused("stop them first")
	if err := host.Append(t.Context(), engine.Package{
		ID: "here", Kind: engine.KindEvent, App: engine.App{Token: "abc123def456", Environment: engine.Sandbox}, Device: "a=b", Created: time.Now(),
	}); err != nil {
		t.Fatal(err)
	}
	closeStore(t, host)
	refused("not empty, it has queued packages, known IDs, counts")

	conn, err := pgx.Connect(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(context.Background())
	run := func(statement string) {
		t.Helper()
		if _, err := conn.Exec(t.Context(), statement); err != nil {
			t.Fatal(err)
		}
	}
	run("UPDATE " + schema + ".migrations SET version = version + 1")
	refused("newer than this program")
	run("DROP SCHEMA " + schema + " CASCADE")

	// What goes on elsewhere is not gone on with.
	err = disk.Contents(t.Context(), disk.Config{Dir: dir}, func(held *disk.Held) error {
		im, err := postgres.OpenImport(t.Context(), cfg)
		if err != nil {
			return err
		}
		defer im.Close(t.Context())
		refused("is in use by")
		if err := im.Begin(t.Context(), "the-id", dir, held.Totals().Now); err != nil {
			return err
		}
		if _, err := postgres.OpenImport(t.Context(), cfg); err == nil || !strings.Contains(err.Error(), "at work") {
			return fmt.Errorf("a second import: %w", err)
		}
		run("UPDATE " + schema + ".settings SET value = replace(value, 'the-id', 'another') WHERE key = 'import'")
		if err := im.Run(t.Context(), held, nil); err == nil || !strings.Contains(err.Error(), "gone on with this one") {
			return fmt.Errorf("an import that is not where it was: %w", err)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// TestImportCut loses connections in the middle of transactions, and after their commits.
func TestImportCut(t *testing.T) {
	t.Parallel()
	server, schema := pgtest.SharedServer(t)
	proxy := pgtest.StartProxy(t, server)
	cfg := postgres.Config{URL: proxy.URL(), Schema: schema}
	dir, want := lived(t, 11, 300)
	losses := []pgtest.Loss{pgtest.OfAnswer, pgtest.OfHalf, pgtest.OfRequest}
	at, failed := 0, 0
	for {
		err := bring(t.Context(), dir, cfg, 30, func() error {
			if at++; at%3 == 0 {
				proxy.Lose(losses[at/3%len(losses)], "trackhook")
			}
			return nil
		})
		if err == nil {
			break
		}
		if failed++; strings.Contains(err.Error(), "secret-of-the-proxy") {
			t.Error(err)
		}
		if imported(t, postgres.Config{URL: server.URL(), Schema: schema}) {
			break
		}
	}
	if failed < 3 {
		t.Errorf("%d runs have failed", failed)
	}
	to, err := postgres.Open(t.Context(), postgres.Config{URL: server.URL(), Schema: schema, RetainCounts: keepCounts})
	if err != nil {
		t.Fatal(err)
	}
	defer closeStore(t, to)
	got, err := storetest.Contents(t.Context(), to)
	if err != nil {
		t.Fatal(err)
	}
	if diff := want.Diff(got, false); diff != "" {
		t.Errorf("what was brought in differs from the model (-want +got):\n%s", diff)
	}
}
