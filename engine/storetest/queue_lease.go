package storetest

import (
	"context"
	"errors"
	"strconv"
	"time"

	"trackhook/engine"
)

// waiting calls Lease, which must not answer yet, and returns where its answer will come.
func waiting(h *harness) <-chan []engine.Lease {
	got := make(chan []engine.Lease, 1)
	go func() {
		leases, err := h.store.Lease(h.context(), 10)
		if err != nil {
			h.t.Errorf("Lease: %v", err)
		}
		got <- leases
	}()
	select {
	case leases := <-got:
		h.t.Fatalf("Lease = %v, and nothing was due", ids(leases))
	case <-time.After(20 * time.Millisecond):
	}
	return got
}

func leaseWaits(h *harness) {
	got := waiting(h)
	h.append(pack("1", "a"))
	if leases := <-got; len(leases) != 1 || leases[0].Package.ID != "1" {
		h.t.Fatalf("Lease = %v, want 1", ids(leases))
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
