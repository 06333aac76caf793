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
