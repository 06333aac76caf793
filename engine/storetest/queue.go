package storetest

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"sync"
	"time"

	"trackhook/engine"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

func appendSurvives(h *harness) {
	t := h.t
	h.append(pack("1", "a"), pack("2", "b"))
	h.append(pack("3", "a"))
	h.reopen()
	if got := h.stats(); got.Queued != 3 || got.Lanes != 2 {
		t.Fatalf("Stats = %+v, want 3 packages in 2 lanes", got)
	}
	first, second := h.one("1"), h.one("2")
	h.settle(remove(first), remove(second))
	h.one("3")
}

func appendKeepsFields(h *harness) {
	t := h.t
	want := engine.Package{
		ID: "all fields", Kind: engine.KindAdRevenue,
		App:            engine.App{Token: "abc123def456", Environment: engine.Production},
		Device:         "gps_adid=38400000-8cf0-11bd-b23e-10b96e40000d",
		Params:         map[string]string{"gps_adid": "38400000-8cf0-11bd-b23e-10b96e40000d", "revenue": "0.5", "currency": "EUR", "source": "publisher", "empty": "", "emoji": "\u00e9\U0001f600", "zero": "\x00"},
		CallbackParams: map[string]string{"k": "v", "": "no name"},
		PartnerParams:  map[string]string{"p": "q"},
		CallbackID:     "mine",
		Created:        time.Date(2025, 3, 1, 12, 0, 0, 123456789, time.UTC),
	}
	before := time.Now()
	h.append(want)
	h.reopen()
	lease := h.one("all fields")
	if diff := cmp.Diff(want, lease.Package); diff != "" {
		t.Errorf("package differs (-want +got):\n%s", diff)
	}
	if lease.Accepted.Before(before.Add(-time.Second)) || lease.Accepted.After(time.Now().Add(time.Second)) {
		t.Errorf("Accepted = %v, want about %v", lease.Accepted, before)
	}
	if lease.Attempts != 0 || lease.Failures != 0 || lease.Last != 0 || lease.Device != (engine.Device{}) {
		t.Errorf("new package has a history: %+v", lease)
	}
}

func appendSameID(h *harness) {
	t := h.t
	h.append(pack("1", "a"), pack("1", "a"), pack("1", "other"))
	h.append(pack("1", "a"), pack("2", "a"))
	h.reopen()
	h.append(pack("2", "a"))
	if got := h.stats(); got.Queued != 2 || got.Lanes != 1 {
		t.Fatalf("Stats = %+v, want 2 packages in 1 lane", got)
	}
	h.settle(remove(h.one("1")))
	h.settle(remove(h.one("2")))
	h.nothing()
}

func appendWhileDead(h *harness) {
	h.append(pack("1", "a"))
	h.settle(outcome(h.one("1"), engine.Bury, engine.Rejected))
	h.append(pack("1", "a"))
	h.reopen()
	h.append(pack("1", "a"))
	h.nothing()
}

func appendAfterEnd(h *harness) {
	h.append(pack("1", "a"))
	h.settle(remove(h.one("1")))
	h.append(pack("1", "a"))
	h.reopen()
	h.append(pack("1", "a"))
	h.nothing()
}

func appendOrder(h *harness) {
	h.append(pack("1", "a"), pack("2", "a"), pack("3", "a"))
	h.append(pack("4", "a"))
	h.settle(remove(h.one("1")))
	h.append(pack("5", "a"))
	h.settle(requeue(h.one("2"), 0))
	h.reopen()
	for _, id := range []string{"2", "3", "4", "5"} {
		h.settle(remove(h.one(id)))
	}
	h.append(pack("6", "a"), pack("7", "a"))
	h.settle(remove(h.one("6")))
	h.one("7")
}

func appendEnded(h *harness) {
	t := h.t
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if err := h.store.Append(ctx, pack("1", "a")); !errors.Is(err, context.Canceled) {
		t.Fatalf("Append = %v, want %v", err, context.Canceled)
	}
	h.nothing()
}

func appendConcurrently(h *harness) {
	t := h.t
	const producers, each = 16, 25
	var all sync.WaitGroup
	for p := range producers {
		all.Go(func() {
			for i := range each {
				if err := h.store.Append(context.Background(), pack(fmt.Sprintf("%d/%03d", p, i), strconv.Itoa(p))); err != nil {
					t.Errorf("Append: %v", err)
				}
			}
		})
	}
	all.Wait()
	next := make(map[string]int)
	for range producers * each / producers {
		leases := h.lease(producers)
		settlements := make([]engine.Settlement, 0, len(leases))
		for _, lease := range leases {
			device := lease.Package.Params["external_device_id"]
			if want := fmt.Sprintf("%s/%03d", device, next[device]); lease.Package.ID != want {
				t.Fatalf("leased %s, want %s", lease.Package.ID, want)
			}
			next[device]++
			settlements = append(settlements, remove(lease))
		}
		h.settle(settlements...)
	}
	if got := h.stats(); got.Queued != 0 || got.Last != producers*each {
		t.Fatalf("Stats = %+v, want an empty queue and %d responses", got, producers*each)
	}
}

func leaseWaits(h *harness) {
	t := h.t
	got := make(chan []engine.Lease, 1)
	go func() {
		leases, err := h.store.Lease(h.context(), 10)
		if err != nil {
			t.Errorf("Lease: %v", err)
		}
		got <- leases
	}()
	select {
	case leases := <-got:
		t.Fatalf("Lease = %v before there was a package", ids(leases))
	case <-time.After(20 * time.Millisecond):
	}
	h.append(pack("1", "a"))
	if leases := <-got; len(leases) != 1 || leases[0].Package.ID != "1" {
		t.Fatalf("Lease = %v, want 1", ids(leases))
	}
}

func leaseWaitsForDue(h *harness) {
	t := h.t
	const wait = 100 * time.Millisecond
	h.append(pack("1", "a"))
	lease := h.one("1")
	start := time.Now()
	h.settle(requeue(lease, wait))
	h.one("1")
	// The store's clock and the test's may differ by a rounding.
	if waited := time.Since(start); waited < wait-5*time.Millisecond {
		t.Fatalf("leased again after %v, want %v", waited, wait)
	}
}

func leaseEnds(h *harness) {
	t := h.t
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Millisecond)
	defer cancel()
	if _, err := h.store.Lease(ctx, 1); !errors.Is(err, context.DeadlineExceeded) {
		t.Fatalf("Lease = %v, want %v", err, context.DeadlineExceeded)
	}
	h.append(pack("1", "a"))
	h.one("1")
}

func leaseLimit(h *harness) {
	t := h.t
	for i := range 10 {
		h.append(pack(strconv.Itoa(i), strconv.Itoa(i)))
	}
	seen := make(map[string]bool)
	for len(seen) < 10 {
		leases := h.lease(3)
		if len(leases) < 1 || len(leases) > 3 {
			t.Fatalf("Lease(3) returned %d leases", len(leases))
		}
		for _, lease := range leases {
			if seen[lease.Package.ID] {
				t.Fatalf("%s was leased twice", lease.Package.ID)
			}
			seen[lease.Package.ID] = true
		}
	}
	h.nothing()
}

func leaseEarliest(h *harness) {
	h.append(pack("1", "a"))
	h.append(pack("2", "b"))
	h.append(pack("3", "c"))
	one, two, three := h.one("1"), h.one("2"), h.one("3")
	h.settle(requeue(one, 60*time.Millisecond), requeue(two, 20*time.Millisecond), requeue(three, 40*time.Millisecond))
	h.one("2")
	h.one("3")
	h.one("1")
}

func leaseOneOfLane(h *harness) {
	h.append(pack("1", "a"), pack("2", "a"))
	lease := h.one("1")
	h.nothing()
	h.append(pack("3", "a"))
	h.nothing()
	h.settle(remove(lease))
	h.one("2")
	h.nothing()
}

func leaseLanes(h *harness) {
	t := h.t
	// The same device in another app or environment is another lane, and no key is a prefix of another.
	packages := []engine.Package{pack("1", "a"), pack("2", "a"), pack("3", "a"), pack("4", "aa"), pack("5", "a\x00")}
	packages[1].App.Environment = engine.Production
	packages[2].App.Token = "abc123def457"
	h.append(packages...)
	seen := make(map[string]bool)
	for len(seen) < len(packages) {
		for _, lease := range h.lease(10) {
			seen[lease.Package.ID] = true
		}
	}
	if got := h.stats(); got.Lanes != 5 || got.Leased != 5 {
		t.Fatalf("Stats = %+v, want 5 lanes, all leased", got)
	}
}

func leaseFreeAfterReopen(h *harness) {
	t := h.t
	h.append(pack("1", "a"), pack("2", "b"))
	h.one("1")
	h.reopen()
	if got := h.stats(); got.Leased != 0 || got.Queued != 2 {
		t.Fatalf("Stats = %+v, want nothing leased", got)
	}
	h.one("1")
	h.one("2")
}

func settleRemove(h *harness) {
	t := h.t
	h.append(pack("1", "a"))
	h.settle(remove(h.one("1")))
	if got := h.stats(); got.Queued != 0 || got.Lanes != 0 || got.Leased != 0 || got.Dead != 0 || got.First != 1 || got.Last != 1 {
		t.Fatalf("Stats = %+v, want one response and nothing else", got)
	}
	h.nothing()
}

func settleRequeue(h *harness) {
	t := h.t
	h.append(pack("1", "a"), pack("2", "a"))
	h.settle(requeue(h.one("1"), 0))
	lease := h.one("1")
	if lease.Attempts != 1 || lease.Failures != 1 || lease.Last != engine.Retry {
		t.Fatalf("lease after a retry: %+v", lease)
	}
	// Failures is the caller's.
	second := outcome(lease, engine.Requeue, engine.Blocked)
	second.Lease.Failures = 7
	h.settle(second)
	h.reopen()
	lease = h.one("1")
	if lease.Attempts != 2 || lease.Failures != 7 || lease.Last != engine.Blocked {
		t.Fatalf("lease after two attempts: %+v", lease)
	}
	h.settle(remove(lease))
	if next := h.one("2"); next.Attempts != 0 || next.Failures != 0 || next.Last != 0 {
		t.Fatalf("the next package has the history of the one before: %+v", next)
	}
}

func settleBury(h *harness) {
	t := h.t
	h.append(pack("1", "a"), pack("2", "a"))
	h.settle(outcome(h.one("1"), engine.Bury, engine.Rejected))
	h.reopen()
	if got := h.stats(); got.Dead != 1 || got.Queued != 1 || got.Last != 1 {
		t.Fatalf("Stats = %+v, want one dead and one queued", got)
	}
	h.one("2")
}

func settleReturn(h *harness) {
	t := h.t
	h.append(pack("1", "a"), pack("2", "a"))
	lease := h.one("1")
	h.settle(engine.Settlement{Lease: lease, Verdict: engine.Return, Due: time.Now()})
	if last := h.last(); last != 0 {
		t.Fatalf("Last = %d, want no response", last)
	}
	again := h.one("1")
	again.Handle, lease.Handle = 0, 0
	if diff := cmp.Diff(lease, again); diff != "" {
		t.Fatalf("lease differs after it was returned (-want +got):\n%s", diff)
	}
	h.reopen()
	const wait = 50 * time.Millisecond
	lease = h.one("1")
	start := time.Now()
	h.settle(engine.Settlement{Lease: lease, Verdict: engine.Return, Due: start.Add(wait)})
	h.one("1")
	if waited := time.Since(start); waited < wait-5*time.Millisecond {
		t.Fatalf("leased again after %v, want %v", waited, wait)
	}
}

func settleDevice(h *harness) {
	t := h.t
	device := engine.Device{ADID: "adid of a", Session: time.Date(2025, 3, 1, 12, 0, 0, 5, time.UTC)}
	h.append(pack("1", "a"))
	settlement := remove(h.one("1"))
	settlement.Device = &device
	h.settle(settlement)
	h.append(pack("2", "a"), pack("3", "b"))
	if lease := h.one("2"); lease.Device != device {
		t.Fatalf("Device = %+v, want %+v", lease.Device, device)
	}
	if lease := h.one("3"); lease.Device != (engine.Device{}) {
		t.Fatalf("another lane has the device %+v", lease.Device)
	}
	h.reopen()
	lease := h.one("2")
	if lease.Device != device {
		t.Fatalf("Device = %+v after reopening, want %+v", lease.Device, device)
	}
	h.settle(remove(lease)) // nil leaves it
	h.append(pack("4", "a"))
	for _, lease := range h.lease(2) {
		if lease.Package.ID == "4" && lease.Device != device {
			t.Fatalf("Device = %+v, want %+v", lease.Device, device)
		}
	}
}

func settleOrder(h *harness) {
	t := h.t
	h.append(pack("1", "a"), pack("2", "b"), pack("3", "c"))
	one, two, three := h.one("1"), h.one("2"), h.one("3")
	h.settle(remove(three), remove(one), requeue(two, time.Hour))
	var order []string
	for i, response := range h.read(0, 10) {
		if response.Seq != uint64(i+1) {
			t.Errorf("response %d has Seq %d", i, response.Seq)
		}
		order = append(order, response.Package.ID)
	}
	if diff := cmp.Diff([]string{"3", "1", "2"}, order); diff != "" {
		t.Fatalf("order (-want +got):\n%s", diff)
	}
}

func settleNotHeld(h *harness) {
	t := h.t
	h.append(pack("1", "a"), pack("2", "a"), pack("3", "b"))
	first := h.one("1")
	h.settle(requeue(first, 0), remove(first))
	if got := h.stats(); got.Queued != 3 || got.Last != 1 {
		t.Fatalf("Stats = %+v after the same lease twice, want 3 packages and 1 response", got)
	}
	// The lease that ended is not the one that began since.
	leases := h.lease(2)
	for len(leases) < 2 {
		leases = append(leases, h.lease(1)...)
	}
	h.settle(remove(first))
	if got := h.stats(); got.Leased != 2 || got.Last != 1 {
		t.Fatalf("Stats = %+v after an old lease, want 2 leases and 1 response", got)
	}
	h.settle(remove(engine.Lease{Package: pack("9", "z"), Handle: 1 << 60}))
	if last := h.last(); last != 1 {
		t.Fatalf("Last = %d after a lease that never was, want 1", last)
	}
}

func settleSurvives(h *harness) {
	t := h.t
	h.append(pack("1", "a"), pack("2", "b"), pack("3", "c"))
	one, two := h.one("1"), h.one("2")
	h.settle(remove(one), outcome(two, engine.Bury, engine.Rejected))
	h.reopen()
	if got := h.stats(); got.Queued != 1 || got.Lanes != 1 || got.Dead != 1 || got.Last != 2 {
		t.Fatalf("Stats = %+v, want 1 queued, 1 dead, 2 responses", got)
	}
	h.one("3")
	h.nothing()
	if responses := h.read(0, 10); len(responses) != 2 {
		t.Fatalf("Read returned %d responses, want 2", len(responses))
	}
}

// equalTimes compares times as instants: a store does not keep the location or the monotonic reading.
func equalTimes() cmp.Option { return cmpopts.EquateApproxTime(0) }
