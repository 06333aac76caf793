package storetest

import (
	"time"

	"github.com/google/go-cmp/cmp"

	"trackhook/engine"
)

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
