package storetest

import (
	"time"

	"trackhook/engine"
)

func (h *harness) hasten(want, limit int) {
	h.t.Helper()
	if got, err := h.store.Hasten(h.context(), pack("", "").App, limit); got != want || err != nil {
		h.t.Fatalf("Hasten(%d) = %d, %v, want %d", limit, got, err, want)
	}
}

func hastenEarliest(h *harness) {
	h.hasten(0, 10)
	h.append(pack("1", "a"), pack("2", "b"), pack("3", "c"), pack("4", "d"))
	one, two, three := h.one("1"), h.one("2"), h.one("3")
	h.settle(requeue(one, 3*time.Hour), requeue(two, time.Hour), requeue(three, 2*time.Hour))
	h.hasten(2, 2)
	// The one that was due before counts for nothing, and is first.
	h.one("4")
	h.one("2")
	h.one("3")
	h.nothing()
	h.hasten(1, 10)
	h.one("1")
	h.hasten(0, 10)
}

func hastenApp(h *harness) {
	h.append(pack("1", "a"), other(pack("2", "a")))
	one, two := h.one("1"), h.one("2")
	h.settle(requeue(one, time.Hour), requeue(two, time.Hour))
	h.hasten(1, 10)
	h.one("1")
	h.nothing()
}

func hastenKeeps(h *harness) {
	t := h.t
	h.append(pack("1", "a"), pack("2", "a"), session("3", "a"))
	h.settle(requeue(h.one("1"), time.Hour))
	before := h.last()
	h.hasten(1, 10)
	if last := h.last(); last != before {
		t.Fatalf("Last = %d, and was %d", last, before)
	}
	lease := h.one("1")
	if lease.Attempts != 1 || lease.Failures != 1 || lease.Last != engine.Retry {
		t.Fatalf("leased with %d attempts, %d failures and %s", lease.Attempts, lease.Failures, lease.Last)
	}
	h.nothing()
	h.settle(remove(lease))
	h.settle(remove(h.one("2")))
	h.one("3")
}

func hastenLeased(h *harness) {
	h.append(pack("1", "a"), pack("2", "a"))
	lease := h.one("1")
	h.hasten(0, 10)
	h.nothing()
	h.settle(requeue(lease, time.Hour))
	h.nothing()
	h.hasten(1, 10)
	lease = h.one("1")
	h.hasten(0, 10)
	h.settle(remove(lease))
	h.one("2")
}

// A head that waits for a session stays, one that has it goes before.
func hastenWaiting(h *harness) {
	h.append(pack("1", "a"), pack("2", "a"), pack("3", "b"))
	h.settle(wait(h.one("1")))
	h.settle(requeue(h.one("3"), 2*time.Hour))
	// It does not count, although it would have been due first.
	h.hasten(1, 1)
	h.one("3")
	h.nothing()
	h.append(session("4", "a"))
	h.settle(requeue(h.one("4"), time.Hour))
	h.nothing()
	h.hasten(1, 10)
	four := h.one("4")
	h.hasten(0, 10)
	h.settle(accept(four))
	h.settle(remove(h.one("1")))
	h.one("2")
}

func hastenWakes(h *harness) {
	h.append(pack("1", "a"))
	h.settle(requeue(h.one("1"), time.Hour))
	got := waiting(h)
	h.hasten(1, 10)
	if leases := <-got; len(leases) != 1 {
		h.t.Fatalf("Lease = %v, want 1 lease", ids(leases))
	}
}

func hastenSurvives(h *harness) {
	h.append(pack("1", "a"), pack("2", "b"), pack("3", "c"))
	one, two, three := h.one("1"), h.one("2"), h.one("3")
	h.settle(requeue(one, time.Hour), requeue(two, 2*time.Hour), requeue(three, 3*time.Hour))
	h.hasten(1, 1)
	h.reopen()
	h.one("1")
	h.nothing()
	h.hasten(1, 1)
	h.one("2")
	h.nothing()
}

func (h *harness) hastenLane(want bool, device string) {
	h.t.Helper()
	p := pack("", device)
	if got, err := h.store.HastenLane(h.context(), p.Lane()); got != want || err != nil {
		h.t.Fatalf("HastenLane(%s) = %t, %v, want %t", p.Device, got, err, want)
	}
}

// Only the lane that is named, and only while it waits for a later time.
func hastenLaneOnly(h *harness) {
	h.hastenLane(false, "a")
	h.append(pack("1", "a"), pack("2", "a"), pack("3", "b"))
	h.hastenLane(false, "a") // it is due
	one, three := h.one("1"), h.one("3")
	h.append(other(pack("4", "a")))
	four := h.one("4")
	h.hastenLane(false, "a") // it is being sent
	before := h.last()
	h.settle(requeue(one, 2*time.Hour), requeue(three, time.Hour), requeue(four, time.Hour))
	h.hastenLane(true, "a")
	h.hastenLane(false, "a")
	if last := h.last(); last != before+3 {
		h.t.Fatalf("Last = %d, want %d", last, before+3)
	}
	lease := h.one("1")
	h.nothing()
	if lease.Attempts != 1 || lease.Failures != 1 || lease.Last != engine.Retry {
		h.t.Fatalf("leased with %d attempts, %d failures and %s", lease.Attempts, lease.Failures, lease.Last)
	}
	h.settle(remove(lease))
	h.one("2")
	h.nothing()
}

// A head that waits for a session is tried, and goes on waiting for it; a session behind it is tried in its place.
func hastenLaneWaiting(h *harness) {
	h.append(pack("1", "a"), pack("2", "a"))
	h.settle(wait(h.one("1")))
	h.nothing()
	h.hastenLane(true, "a")
	h.settle(wait(h.one("1")))
	h.nothing()
	h.append(session("3", "a"))
	h.settle(requeue(h.one("3"), time.Hour))
	h.nothing()
	h.hastenLane(true, "a")
	h.settle(accept(h.one("3")))
	h.settle(remove(h.one("1")))
	h.one("2")
}

func hastenLaneWakes(h *harness) {
	h.append(pack("1", "a"))
	h.settle(requeue(h.one("1"), time.Hour))
	got := waiting(h)
	h.hastenLane(true, "a")
	if leases := <-got; len(leases) != 1 {
		h.t.Fatalf("Lease = %v, want 1 lease", ids(leases))
	}
}

func hastenLaneSurvives(h *harness) {
	h.append(pack("1", "a"), pack("2", "b"))
	one, two := h.one("1"), h.one("2")
	h.settle(requeue(one, time.Hour), wait(two))
	h.hastenLane(true, "a")
	h.hastenLane(true, "b")
	h.reopen()
	h.one("1")
	h.one("2")
	h.nothing()
}
