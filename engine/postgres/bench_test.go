package postgres_test

import (
	"context"
	"fmt"
	"runtime"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"trackhook/engine"
	"trackhook/engine/postgres"
	"trackhook/engine/postgres/internal/pgtest"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
)

func benchPackage(n, device int) engine.Package {
	id := fmt.Sprintf("%08x-8cf0-11bd-b23e-%012x", device*2654435761%(1<<32), device)
	p := packageOf(fmt.Sprintf("%032x", n), id)
	p.Params = map[string]string{
		"gps_adid": id, "event_token": "f0ob4r", "revenue": "1.99", "currency": "EUR", "os_name": "android",
		"device_type": "phone", "app_version": "1.4.2", "ip_address": "192.0.2.17", "user_agent": "Dalvik/2.1.0 (Linux; U; Android 14)",
	}
	p.CallbackParams = map[string]string{"order": "2f9a77c1", "level": "17"}
	return p
}

// produce lets 64 producers accept b.N packages.
func produce(b *testing.B, accept func(i int) error) {
	b.Helper()
	var n atomic.Int64
	b.SetParallelism(max(1, 64/runtime.GOMAXPROCS(0)))
	b.ReportAllocs()
	b.ResetTimer()
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			if err := accept(int(n.Add(1) - 1)); err != nil {
				b.Error(err)
			}
		}
	})
	b.StopTimer()
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "packages/s")
}

// benchSchema is the name of a schema that nothing is in yet, whichever run it is.
func benchSchema(what string) string { return fmt.Sprint(what, time.Now().UnixNano()) }

// BenchmarkAppend measures the durable accept: 64 producers, each waiting for its package. The floor is a loop that inserts the
// same rows into the same tables by the same group commit, whose groups are all 64, and does nothing else. To reach: 70 % of its rate.
func BenchmarkAppend(b *testing.B) {
	server := pgtest.Start(b)
	b.Run("floor", func(b *testing.B) { benchFloor(b, server) })
	b.Run("store", func(b *testing.B) {
		store, err := postgres.Open(b.Context(), postgres.Config{URL: server.URL(), Schema: benchSchema("append")})
		if err != nil {
			b.Fatal(err)
		}
		packages := make([]engine.Package, b.N)
		one := benchPackage(0, 0) // whose maps all have, so that the collector does not look through a million
		for i := range packages {
			packages[i] = packageOf(fmt.Sprintf("%032x", i), fmt.Sprintf("%036x", i%10_000))
			packages[i].Params, packages[i].CallbackParams = one.Params, one.CallbackParams
		}
		used := measure(b, server)
		produce(b, func(i int) error { return store.Append(context.Background(), packages[i]) })
		used.stop()
		if err := store.Close(); err != nil {
			b.Fatal(err)
		}
		used.report()
	})
}

// benchFloor inserts rows with the keys and indexes of the store's.
func benchFloor(b *testing.B, server *pgtest.Server) {
	b.Helper()
	schema := benchSchema("floor")
	store, err := postgres.Open(b.Context(), postgres.Config{URL: server.URL(), Schema: schema})
	if err != nil {
		b.Fatal(err)
	}
	if err := store.Close(); err != nil {
		b.Fatal(err)
	}
	cfg, err := pgxpool.ParseConfig(server.URL())
	if err != nil {
		b.Fatal(err)
	}
	cfg.ConnConfig.RuntimeParams["search_path"] = schema
	pool, err := pgxpool.NewWithConfig(b.Context(), cfg)
	if err != nil {
		b.Fatal(err)
	}
	defer pool.Close()
	type row struct {
		n    int
		done chan error
	}
	inbox := make(chan row, 1024)
	var writer sync.WaitGroup
	body := make([]byte, 300)
	writer.Go(func() {
		took := time.Duration(0)
		for first := range inbox {
			group := []row{first}
			wait := time.NewTimer(took / 4)
		fill:
			for len(group) < 64 {
				select {
				case next, ok := <-inbox:
					if !ok {
						break fill
					}
					group = append(group, next)
				case <-wait.C:
					break fill
				}
			}
			wait.Stop()
			began := time.Now()
			var ids, devices, bodies [][]byte
			var partitions []int16
			var numbers []int64
			for _, r := range group {
				ids, devices = append(ids, fmt.Appendf(nil, "%032x", r.n)), append(devices, fmt.Appendf(nil, "external_device_id=%036x", r.n%10_000))
				bodies, partitions, numbers = append(bodies, body), append(partitions, int16(r.n%64)), append(numbers, int64(r.n)) //nolint:gosec // small
			}
			batch := &pgx.Batch{}
			batch.Queue(`INSERT INTO ids (part, id, partition, app, stream, number) SELECT p, i, p, 1, 1, n FROM unnest($1::smallint[], $2::bytea[], $3::bigint[]) AS t (p, i, n)`,
				partitions, ids, numbers)
			batch.Queue(`INSERT INTO packages (partition, app, stream, number, device, id, created, accepted, session, body)
				SELECT p, 1, 1, n, d, i, n, n, false, b FROM unnest($1::smallint[], $2::bytea[], $3::bigint[], $4::bytea[], $5::bytea[]) AS t (p, i, n, d, b)`,
				partitions, ids, numbers, devices, bodies)
			err := pool.SendBatch(context.Background(), batch).Close()
			took = time.Since(began)
			for _, r := range group {
				r.done <- err
			}
		}
	})
	used := measure(b, server)
	produce(b, func(i int) error {
		r := row{i, make(chan error, 1)}
		inbox <- r
		return <-r.done
	})
	used.stop()
	close(inbox)
	writer.Wait()
	pool.Close()
	used.report()
}

// BenchmarkLife measures the whole life of packages in the store: 64 producers append, and at the same time packages are
// leased, settled, read and committed, on one host and on two.
func BenchmarkLife(b *testing.B) {
	server := pgtest.Start(b)
	for _, hosts := range []int{1, 2} {
		b.Run(fmt.Sprint("hosts=", hosts), func(b *testing.B) {
			cfg := postgres.Config{URL: server.URL(), Schema: benchSchema("life")}
			var stores []*postgres.Store
			for range hosts {
				store, err := postgres.Open(b.Context(), cfg)
				if err != nil {
					b.Fatal(err)
				}
				stores = append(stores, store)
			}
			used := measure(b, server)
			life(b, stores)
			used.stop()
			for _, store := range stores {
				if err := store.Close(); err != nil {
					b.Fatal(err)
				}
			}
			used.report()
		})
	}
}

func life(b *testing.B, stores []*postgres.Store) {
	b.Helper()
	ctx, stop := context.WithCancel(b.Context())
	defer stop()
	if _, err := stores[0].Enroll(ctx, "bench"); err != nil {
		b.Fatal(err)
	}
	total := b.N
	b.ReportAllocs()
	b.ResetTimer()
	var all sync.WaitGroup
	var next, done atomic.Int64
	for i := range 64 {
		all.Go(func() {
			for {
				n := int(next.Add(1))
				if n > total {
					return
				}
				if err := stores[i%len(stores)].Append(ctx, benchPackage(n, n%10_000)); err != nil {
					b.Error(err)
					return
				}
			}
		})
	}
	for _, store := range stores {
		attempts := make(chan []engine.Settlement, 8)
		all.Go(func() {
			defer close(attempts)
			for ctx.Err() == nil {
				leases, err := store.Lease(ctx, 64)
				if err != nil {
					return
				}
				attempts <- deliver(leases)
			}
		})
		all.Go(func() {
			for batch := range attempts {
			fill:
				for len(batch) < 256 {
					select {
					case more, ok := <-attempts:
						if !ok {
							break fill
						}
						batch = append(batch, more...)
					default:
						break fill
					}
				}
				if err := store.Settle(b.Context(), batch...); err != nil {
					b.Error(err)
				}
				if done.Add(int64(len(batch))) >= int64(total) {
					stop()
				}
			}
		})
	}
	all.Go(func() {
		for cursor := uint64(0); cursor < uint64(total); {
			responses, err := stores[0].Read(b.Context(), cursor, 256)
			if err != nil {
				b.Error(err)
				return
			}
			cursor = responses[len(responses)-1].Seq
			if err := stores[0].Commit(b.Context(), "bench", cursor, engine.Runs{}); err != nil {
				b.Error(err)
				return
			}
		}
	})
	all.Wait()
	b.StopTimer()
	b.ReportMetric(float64(total)/b.Elapsed().Seconds(), "packages/s")
}

// BenchmarkLogNumbers compares what numbers the log: the row of the counter, which a transaction holds until its end, so that
// numbers are committed in order and without gaps, and a sequence, which promises neither. Writers log 64 responses a
// transaction, as hosts do.
func BenchmarkLogNumbers(b *testing.B) {
	server := pgtest.Start(b)
	for _, writers := range []int{1, 2, 4} {
		for _, by := range []string{"sequence", "counter"} {
			b.Run(fmt.Sprintf("writers=%d/%s", writers, by), func(b *testing.B) { benchLogNumbers(b, server, writers, by) })
		}
	}
}

func benchLogNumbers(b *testing.B, server *pgtest.Server, writers int, by string) {
	b.Helper()
	schema := fmt.Sprint(by, writers, "n", b.N)
	store, err := postgres.Open(b.Context(), postgres.Config{URL: server.URL(), Schema: schema})
	if err != nil {
		b.Fatal(err)
	}
	if err := store.Close(); err != nil {
		b.Fatal(err)
	}
	cfg, err := pgxpool.ParseConfig(server.URL())
	if err != nil {
		b.Fatal(err)
	}
	cfg.ConnConfig.RuntimeParams["search_path"] = schema
	pool, err := pgxpool.NewWithConfig(b.Context(), cfg)
	if err != nil {
		b.Fatal(err)
	}
	defer pool.Close()
	number := "c.base + k.place"
	with := "WITH c AS (UPDATE counter SET last = last + $2 RETURNING last - $2 AS base)"
	if by == "sequence" {
		number, with = "nextval('numbers')", "WITH c AS (SELECT $2::bigint)"
	}
	statement := with + ` INSERT INTO log (seq, partition, app, device, id, created, accepted, at, final, ambiguous, outcome, failures, response, body)
		SELECT ` + number + `, 1, 1, k.id, k.id, 0, 0, 0, true, false, 1, 0, k.id, $3 FROM unnest($1::bytea[]) WITH ORDINALITY AS k (id, place) CROSS JOIN c`
	body := make([]byte, 500)
	var next atomic.Int64
	var all sync.WaitGroup
	b.ResetTimer()
	for range writers {
		all.Go(func() {
			for {
				n := next.Add(64)
				if n > int64(b.N)+64 {
					return
				}
				ids := make([][]byte, 64)
				for i := range ids {
					ids[i] = fmt.Appendf(nil, "%032x", n+int64(i))
				}
				if _, err := pool.Exec(context.Background(), statement, ids, int64(64), body); err != nil {
					b.Error(err)
					return
				}
			}
		})
	}
	all.Wait()
	b.StopTimer()
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "responses/s")
}
