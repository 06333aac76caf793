package postgres_test

import (
	"context"
	"fmt"
	"runtime"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"trackhook/engine"
	"trackhook/engine/postgres"
	"trackhook/engine/postgres/internal/pgtest"
)

// TestGivenUpWhileAway releases what a host owns while it cannot reach the database: another owns it afterwards, although the first
// goes on living.
func TestGivenUpWhileAway(t *testing.T) {
	t.Parallel()
	server, schema := pgtest.SharedServer(t)
	proxy := pgtest.StartProxy(t, server)
	first, err := postgres.Open(t.Context(), postgres.Config{URL: proxy.URL(), Schema: schema, Name: "first", Lease: time.Minute})
	if err != nil {
		t.Fatal(err)
	}
	defer closeStore(t, first)
	second, err := postgres.Open(t.Context(), postgres.Config{URL: server.URL(), Schema: schema, Name: "second", Lease: time.Minute})
	if err != nil {
		t.Fatal(err)
	}
	defer closeStore(t, second)
	ctx, cancel := context.WithTimeout(t.Context(), 45*time.Second)
	defer cancel()
	own := func(store engine.Store, name string) func() {
		t.Helper()
		_, release, err := store.Own(ctx, name)
		if err != nil {
			t.Fatalf("own %s: %v", name, err)
		}
		return release
	}
	released, kept := own(first, "lock/1"), own(first, "lock/2")
	defer kept()
	proxy.Set(pgtest.Refuse)
	released()
	proxy.Set(pgtest.None)
	own(second, "lock/1")()
	// What is owned again is not given up by what was late.
	again := own(first, "lock/1")
	defer again()
	hosts, err := second.Hosts(ctx)
	if err != nil {
		t.Fatal(err)
	}
	for _, h := range hosts {
		if h.Name == "first" && len(h.Owns) != 2 {
			t.Errorf("the first host owns %v", h.Owns)
		}
	}
}

// TestYield shows that a host which sends nothing any more gives its lanes away while it lives, those with a lease when that is settled.
func TestYield(t *testing.T) {
	t.Parallel()
	url, schema := pgtest.Shared(t)
	open := func(name string) *postgres.Store {
		t.Helper()
		store, err := postgres.Open(t.Context(), postgres.Config{URL: url, Schema: schema, Name: name, Lease: time.Minute})
		if err != nil {
			t.Fatal(err)
		}
		return store
	}
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	first, second := open("first"), open("second")
	defer closeStore(t, first)
	defer closeStore(t, second)
	for d := range 20 {
		device := fmt.Sprint("d", d)
		if err := first.Append(ctx, packageOf(device+"-1", device), packageOf(device+"-2", device)); err != nil {
			t.Fatal(err)
		}
	}
	lease := func(store engine.Store) engine.Lease {
		t.Helper()
		leases, err := store.Lease(ctx, 1)
		if err != nil || len(leases) != 1 {
			t.Fatalf("leased were %d, %v", len(leases), err)
		}
		return leases[0]
	}
	held := lease(first)
	first.Yield()
	got := map[string]bool{}
	for len(got) < 38 { // what is leased, and what is behind it, are not to be had
		l := lease(second)
		if got[l.Package.ID] = true; l.Package.Device == held.Package.Device {
			t.Fatalf("%s was leased while it was held", l.Package.ID)
		}
		if err := second.Settle(ctx, deliver([]engine.Lease{l})...); err != nil {
			t.Fatal(err)
		}
	}
	if !first.Holds(&held) {
		t.Error("the lease is not held any more")
	}
	if err := first.Settle(ctx, deliver([]engine.Lease{held})...); err != nil {
		t.Fatal(err)
	}
	last := lease(second)
	if last.Package.Device != held.Package.Device || last.Package.ID == held.Package.ID {
		t.Errorf("%s was leased after %s", last.Package.ID, held.Package.ID)
	}
	second.Yield()
	if err := second.Settle(ctx, deliver([]engine.Lease{last})...); err != nil {
		t.Fatal(err)
	}
	if err := second.Append(ctx, packageOf("more", "d1")); err != nil {
		t.Fatal(err)
	}
	if l := lease(first); l.Package.ID != "more" {
		t.Errorf("%s was leased", l.Package.ID)
	}
}

// TestTakeover closes one of two hosts, again and again, while both have work, and tells how long the other took to send for the
// devices of the first.
func TestTakeover(t *testing.T) {
	t.Parallel()
	url, schema := pgtest.Shared(t)
	open := func(name string) *postgres.Store {
		t.Helper()
		store, err := postgres.Open(t.Context(), postgres.Config{URL: url, Schema: schema, Name: name, Lease: time.Minute})
		if err != nil {
			t.Fatal(err)
		}
		return store
	}
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
	defer cancel()
	stays := open("stays")
	defer closeStore(t, stays)
	const devices = 64
	type seen struct {
		device string
		at     time.Time
	}
	leased := make(chan seen, 4096)
	var workers sync.WaitGroup
	defer workers.Wait()
	working, stop := context.WithCancel(ctx)
	defer stop()
	send := func(ctx context.Context, store engine.Store, tell func(string)) {
		for ctx.Err() == nil {
			leases, err := store.Lease(ctx, 16)
			if err != nil {
				continue
			}
			for i := range leases {
				tell(leases[i].Package.Device)
			}
			_ = store.Settle(context.WithoutCancel(ctx), deliver(leases)...)
		}
	}
	workers.Go(func() {
		send(working, stays, func(device string) {
			select {
			case leased <- seen{device, time.Now()}:
			default:
			}
		})
	})
	workers.Go(func() { // both always have work
		for n := 0; working.Err() == nil; n++ {
			var packages []engine.Package
			for d := range devices {
				packages = append(packages, packageOf(fmt.Sprint(n, "-", d), fmt.Sprint("d", d)))
			}
			_ = stays.Append(working, packages...)
			engine.Wait(working, 10*time.Millisecond)
		}
	})
	for round := range 3 {
		leaves := open("leaves")
		sending, end := context.WithCancel(ctx)
		var sender sync.WaitGroup
		mine := map[string]time.Time{} // by device: when it was sent by the one that leaves, last
		var mu sync.Mutex
		sender.Go(func() {
			send(sending, leaves, func(device string) {
				mu.Lock()
				mine[device] = time.Now()
				mu.Unlock()
			})
		})
		for n := 0; n < devices/4 && ctx.Err() == nil; engine.Wait(ctx, time.Millisecond) {
			mu.Lock()
			n = len(mine)
			mu.Unlock()
		}
		end()
		sender.Wait()
		began := time.Now()
		closeStore(t, leaves)
		closed := time.Now()
		first, all := time.Duration(0), len(mine)
		for len(mine) > 0 {
			select {
			case one := <-leased:
				if last, was := mine[one.device]; was && one.at.After(last) && one.at.After(began) {
					delete(mine, one.device)
					if first == 0 {
						first = one.at.Sub(closed)
					}
				}
			case <-ctx.Done():
				t.Fatalf("%d devices were not taken over", len(mine))
			}
		}
		t.Logf("round %d: Close took %v; the first of %d devices was taken over %v after it, the last %v", round, closed.Sub(began), all, first, time.Since(closed))
	}
}

// lanesOf returns how many lanes of 64 a host owns.
func lanesOf(ctx context.Context, t *testing.T, asked *postgres.Store, name string) int {
	t.Helper()
	hosts, err := asked.Hosts(ctx)
	if err != nil {
		t.Fatal(err)
	}
	for _, h := range hosts {
		if h.Name == name && !h.Lost {
			return h.Lanes
		}
	}
	return 0
}

// TestDropWhileHandedOver drops what is queued while this host was given half of it and has not begun to work on that: the drop waits for
// that moment, and all of it is dropped.
func TestDropWhileHandedOver(t *testing.T) {
	t.Parallel()
	url, schema := pgtest.Shared(t)
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	hosts := openTwo(t, url, schema)
	for _, store := range hosts {
		if err := store.Send(ctx); err != nil {
			t.Fatal(err)
		}
	}
	for lanesOf(ctx, t, hosts[0], "one") != 32 || lanesOf(ctx, t, hosts[0], "two") != 32 {
		runtime.Gosched()
	}
	var ids []string
	for n := range 40 {
		id := strconv.Itoa(n)
		ids = append(ids, id)
		if err := hosts[0].Append(ctx, packageOf(id, id)); err != nil {
			t.Fatal(err)
		}
	}
	end := hosts[0].HoldRounds()
	hosts[1].Yield()
	for lanesOf(ctx, t, hosts[1], "one") != 64 {
		runtime.Gosched()
	}
	over := make(chan struct{})
	go func() {
		defer close(over)
		if dropped, err := hosts[0].Drop(ctx, ids...); err != nil || dropped != len(ids) {
			t.Errorf("%d were dropped, want %d: %v", dropped, len(ids), err)
		}
	}()
	select {
	case <-over:
	case <-time.After(100 * time.Millisecond): // it waits
	}
	end()
	<-over
}

// TestFirstLeaseIsCut cancels the first lease of a host while it takes its share of the lanes: it keeps none that others wait for, and the
// others know whether it sends. The lease of hosts is long, so that nothing comes of looking again.
func TestFirstLeaseIsCut(t *testing.T) {
	t.Parallel()
	url, schema := pgtest.Shared(t)
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	for round := range 8 {
		cut, err := postgres.Open(ctx, postgres.Config{URL: url, Schema: schema, Name: "cut", Lease: 10 * time.Minute})
		if err != nil {
			t.Fatal(err)
		}
		sends, end := context.WithCancel(ctx)
		var loop sync.WaitGroup
		loop.Go(func() { _, _ = cut.Lease(sends, 1) }) // there is nothing to lease
		for lanesOf(ctx, t, cut, "cut") == 0 {
			runtime.Gosched()
		}
		end()
		loop.Wait()
		other, err := postgres.Open(ctx, postgres.Config{URL: url, Schema: schema, Name: "other", Lease: 10 * time.Minute})
		if err != nil {
			t.Fatal(err)
		}
		if err := other.Send(ctx); err != nil {
			t.Fatal(err)
		}
		for lanes := 0; lanes != 64 && lanes != 32; lanes = lanesOf(ctx, t, other, "other") {
			if ctx.Err() != nil {
				t.Fatalf("round %d: the other host has %d lanes", round, lanes)
			}
		}
		closeStore(t, cut)
		closeStore(t, other)
	}
}

// TestNoticeIsMissed has a host begin to send while another one, which owns all lanes, does not listen: it learns of that when it listens
// again, and gives half of them. The lease of hosts is long, so that nothing comes of looking again.
func TestNoticeIsMissed(t *testing.T) {
	t.Parallel()
	url, schema := pgtest.Shared(t)
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	open := func(name string) *postgres.Store {
		t.Helper()
		store, err := postgres.Open(ctx, postgres.Config{URL: url, Schema: schema, Name: name, Lease: 10 * time.Minute})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { closeStore(t, store) })
		return store
	}
	deaf := open("deaf")
	if err := deaf.Send(ctx); err != nil {
		t.Fatal(err)
	}
	conn, err := pgx.Connect(ctx, url)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(t.Context())
	count := func(what string) (n int) {
		t.Helper()
		err := conn.QueryRow(ctx, "SELECT count("+what+") FROM pg_stat_activity WHERE query LIKE 'LISTEN %' || $1 || '%'", schema).Scan(&n)
		if err != nil {
			t.Fatal(err)
		}
		return n
	}
	for count("pid") == 0 {
		runtime.Gosched()
	}
	for count("pg_terminate_backend(pid)") > 0 {
		runtime.Gosched()
	}
	other := open("other")
	if err := other.Send(ctx); err != nil {
		t.Fatal(err)
	}
	for lanesOf(ctx, t, other, "other") != 32 {
		runtime.Gosched()
	}
}
