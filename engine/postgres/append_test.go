package postgres_test

import (
	"strconv"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"trackhook/engine"
	"trackhook/engine/postgres"
	"trackhook/engine/postgres/internal/pgtest"

	"github.com/jackc/pgx/v5"
)

// TestGather waits for those who send at the same time as a rule, and for a moment only.
func TestGather(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name            string
		senders         int
		every           time.Duration // a call comes in
		calls           int
		group, believed int
		waited          time.Duration
	}{
		{"one sender waits for nobody", 1, time.Second, 1, 1, 1, 0},
		{"all come", 4, time.Millisecond, 4, 4, 4, 3 * time.Millisecond},
		{"some do not", 4, 3 * time.Millisecond, 4, 2, 2, 5 * time.Millisecond},
		{"none does", 64, time.Second, 1, 1, 1, 5 * time.Millisecond},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				calls := make(chan int)
				go func() {
					defer close(calls)
					for n := range test.calls {
						if n > 0 && !engine.Wait(t.Context(), test.every) {
							return
						}
						select {
						case calls <- 1:
						case <-t.Context().Done():
							return
						}
					}
				}()
				began := time.Now()
				group, believed := postgres.Gather(calls, test.senders, time.Minute)
				if waited := time.Since(began); group != test.group || believed != test.believed || waited != test.waited {
					t.Errorf("%d calls are one group, after %v, and %d senders are believed in", group, waited, believed)
				}
			})
		})
	}
}

// TestKnownAmongNew has IDs come in that are known already, with others that are not, at two hosts at once, before and after a host has
// seen one: each is one package.
func TestKnownAmongNew(t *testing.T) {
	t.Parallel()
	url, schema := pgtest.Shared(t)
	hosts := openTwo(t, url, schema)
	const rounds, most = 10, 40
	for round := range rounds {
		var both sync.WaitGroup
		for host, store := range hosts {
			both.Go(func() {
				var packages []engine.Package
				for n := range most { // the other way round at the other host, some twice, and half of the round before
					if host == 1 {
						n = most - 1 - n
					}
					id := strconv.Itoa(round*most/2 + n)
					packages = append(packages, packageOf(id, "d"+id))
					if n%7 == 0 {
						packages = append(packages, packageOf(id, "d"+id))
					}
				}
				if err := store.Append(t.Context(), packages...); err != nil {
					t.Error(err)
				}
			})
		}
		both.Wait()
	}
	conn, err := pgx.Connect(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(t.Context())
	var packages, ids, counted, appends int
	name := pgx.Identifier{schema}.Sanitize()
	if err := conn.QueryRow(t.Context(), "SELECT (SELECT count(DISTINCT id) FROM "+name+".packages), (SELECT count(*) FROM "+name+".packages), (SELECT sum(n) FROM "+
		name+".counts), (SELECT sum(appends) FROM "+name+".streams)").Scan(&ids, &packages, &counted, &appends); err != nil {
		t.Fatal(err)
	}
	if want := (rounds + 1) * most / 2; ids != want || packages != want || counted != want {
		t.Errorf("%d packages have %d IDs, and %d were counted; want %d", packages, ids, counted, want)
	}
	if appends != 2*rounds {
		t.Errorf("%d appends were counted; want %d", appends, 2*rounds)
	}
}
