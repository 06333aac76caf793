package postgres_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"trackhook/engine"
	"trackhook/engine/postgres"
	"trackhook/engine/postgres/internal/pgtest"
)

// TestDatabaseAway kills the server while packages are accepted, sent and settled, again and again, and starts it. Whatever
// was acknowledged is there exactly once, in order, and is settled once.
func TestDatabaseAway(t *testing.T) {
	t.Parallel()
	server := pgtest.Start(t)
	store, err := postgres.Open(t.Context(), postgres.Config{URL: server.URL()})
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(context.Background(), 4*time.Minute)
	defer cancel()
	const lanes, kills = 8, 3
	work, stop := context.WithCancel(ctx)
	var producers, sender sync.WaitGroup
	var mu sync.Mutex
	accepted := map[string]int{} // by device: how many
	for lane := range lanes {
		producers.Go(func() {
			device := fmt.Sprint("d", lane)
			for n := 1; work.Err() == nil; {
				err := store.Append(ctx, packageOf(fmt.Sprint(device, "-", n), device))
				if err != nil {
					continue // the same again, which is one package
				}
				mu.Lock()
				accepted[device] = n
				mu.Unlock()
				n++
			}
		})
	}
	sending, stopSending := context.WithCancel(ctx)
	sender.Go(func() {
		for {
			leases, err := store.Lease(sending, 16)
			if sending.Err() != nil {
				return
			}
			if err != nil {
				engine.Wait(sending, 20*time.Millisecond)
				continue
			}
			for settlements := deliver(leases); ; {
				err := store.Settle(ctx, settlements...)
				if err == nil || errors.Is(err, engine.ErrLost) || ctx.Err() != nil {
					break
				}
				engine.Wait(ctx, 20*time.Millisecond)
			}
		}
	})
	for range kills {
		await(ctx, t, store, func(last uint64) bool { return last > 0 })
		before, err := store.Last(ctx)
		if err != nil {
			t.Fatal(err)
		}
		await(ctx, t, store, func(last uint64) bool { return last >= before+50 })
		server.Kill()
		if err := store.Append(ctx, packageOf("away", "away")); !errors.Is(err, engine.ErrUnavailable) {
			t.Errorf("Append = %v without a database, want that it cannot be reached", err)
		}
		if err := server.Restart(); err != nil {
			t.Fatal(err)
		}
	}
	stop()
	producers.Wait()
	var want uint64
	for _, n := range accepted {
		want += uint64(n) //nolint:gosec // not negative
	}
	for {
		stats, err := store.Stats(ctx)
		if err == nil && stats.Queued == 0 && stats.Leased == 0 || ctx.Err() != nil {
			break
		}
		engine.Wait(ctx, 50*time.Millisecond)
	}
	stopSending()
	sender.Wait()
	checkLog(ctx, t, store, accepted)
	if last, err := store.Last(ctx); err != nil || last < want {
		t.Errorf("Last = %d, %v, and %d were accepted", last, err, want)
	}
	if err := store.Close(); err != nil {
		t.Error(err)
	}
}

// await waits until the log has come to a place.
func await(ctx context.Context, t *testing.T, store engine.Store, reached func(last uint64) bool) {
	t.Helper()
	for ctx.Err() == nil {
		if last, err := store.Last(ctx); err == nil && reached(last) {
			return
		}
		engine.Wait(ctx, 10*time.Millisecond)
	}
	t.Fatal("nothing is sent")
}

// checkLog checks that everything that was accepted has one final response, in the order of its lane, without gaps.
func checkLog(ctx context.Context, t *testing.T, store engine.Store, accepted map[string]int) {
	t.Helper()
	last, err := store.Last(ctx)
	if err != nil {
		t.Fatal(err)
	}
	next := map[string]int{}
	for seq := uint64(0); seq < last; {
		responses, err := store.Read(ctx, seq, 500)
		if err != nil {
			t.Fatal(err)
		}
		for i := range responses {
			r := &responses[i]
			if seq++; r.Seq != seq {
				t.Fatalf("response %d follows response %d", r.Seq, seq-1)
			}
			device := r.Package.Params["external_device_id"]
			next[device]++
			if want := fmt.Sprint(device, "-", next[device]); r.Package.ID != want && device != "away" {
				t.Fatalf("response %d is of %s, want %s", seq, r.Package.ID, want)
			}
		}
	}
	for device, n := range accepted {
		// The last may have been stored without an acknowledgement.
		if got := next[device]; got != n && got != n+1 {
			t.Errorf("%d of %d packages of %s were settled", got, n, device)
		}
	}
}

func packageOf(id, device string) engine.Package {
	return engine.Package{
		ID: id, Kind: engine.KindEvent, App: engine.App{Token: "abc123def456", Environment: engine.Sandbox},
		Device: "external_device_id=" + device, Created: time.Unix(1_700_000_000, 0),
		Params: map[string]string{"external_device_id": device, "event_token": "abc123"},
	}
}

// deliver makes settlements of leases that were delivered.
func deliver(leases []engine.Lease) []engine.Settlement {
	all := make([]engine.Settlement, 0, len(leases))
	for _, l := range leases {
		all = append(all, engine.Settlement{
			Lease: l, Verdict: engine.Remove,
			Response: engine.Response{
				Package: l.Package, Attempt: l.Attempts + 1, Outcome: engine.Delivered, Rule: "delivered", Status: 200,
				Body:    []byte(`{"app_token":"abc123def456","adid":"8cf011bdb23e10b96e40000d","timestamp":"2025-03-01T12:00:00.000Z+0000","message":"Event tracked"}`),
				Message: "Event tracked", Timestamp: "2025-03-01T12:00:00.000Z+0000", ADID: "8cf011bdb23e10b96e40000d", At: time.Now(),
			},
		})
	}
	return all
}
