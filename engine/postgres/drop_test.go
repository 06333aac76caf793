package postgres_test

import (
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"trackhook/engine"
	"trackhook/engine/postgres"
	"trackhook/engine/postgres/internal/pgtest"
)

// openTwo opens two hosts on a database, which are closed in the end.
func openTwo(t *testing.T, url, schema string) (hosts [2]*postgres.Store) {
	t.Helper()
	for i, name := range []string{"one", "two"} {
		store, err := postgres.Open(t.Context(), postgres.Config{URL: url, Schema: schema, Name: name, Lease: time.Minute})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { closeStore(t, store) })
		hosts[i] = store
	}
	return hosts
}

// TestDropAtTwo has two hosts drop the same dead letters at once, while one of them retries some: each is dropped once, or queued.
func TestDropAtTwo(t *testing.T) {
	t.Parallel()
	url, schema := pgtest.Shared(t)
	hosts := openTwo(t, url, schema)
	ctx := t.Context()
	const letters = 60
	for round := range 6 {
		var ids []string
		for n := range letters {
			id := fmt.Sprint(round, "-", n)
			ids = append(ids, id)
			if err := hosts[0].Append(ctx, packageOf(id, id)); err != nil {
				t.Fatal(err)
			}
		}
		for buried := 0; buried < letters; {
			leases, err := hosts[0].Lease(ctx, 100)
			if err != nil {
				t.Fatal(err)
			}
			all := deliver(leases)
			for i := range all {
				all[i].Verdict, all[i].Response.Outcome = engine.Bury, engine.Rejected
			}
			if err := hosts[0].Settle(ctx, all...); err != nil {
				t.Fatal(err)
			}
			buried += len(leases)
		}
		before, err := hosts[0].Last(ctx)
		if err != nil {
			t.Fatal(err)
		}
		backwards := slices.Clone(ids)
		slices.Reverse(backwards)
		dropped := make([]int, 2)
		var both sync.WaitGroup
		for i, some := range [][]string{ids, backwards} {
			both.Go(func() {
				var err error
				if dropped[i], err = hosts[i].Drop(ctx, some...); err != nil {
					t.Error(err)
				}
			})
		}
		if round%2 == 1 {
			both.Go(func() {
				if _, err := hosts[1].Retry(ctx, ids[:letters/2]...); err != nil {
					t.Error(err)
				}
			})
		}
		both.Wait()
		responses, err := hosts[1].Read(ctx, before, 1000)
		if err != nil {
			t.Fatal(err)
		}
		logged := map[string]int{}
		for i := range responses {
			logged[responses[i].Package.ID]++
		}
		if dropped[0]+dropped[1] != len(responses) {
			t.Errorf("%v were dropped, and the log has %d", dropped, len(responses))
		}
		for _, id := range ids {
			p, err := hosts[0].Package(ctx, id)
			if err != nil {
				t.Fatal(err)
			}
			if want := map[engine.PackageStatus]int{engine.Done: 1}[p.Status]; logged[id] != want {
				t.Errorf("%s is %s, and the log has it %d times", id, p.Status, logged[id])
			}
		}
		for left := letters - len(responses); left > 0; {
			leases, err := hosts[0].Lease(ctx, 100)
			if err != nil {
				t.Fatal(err)
			}
			if err := hosts[0].Settle(ctx, deliver(leases)...); err != nil {
				t.Fatal(err)
			}
			left -= len(leases)
		}
	}
}
