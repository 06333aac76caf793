package storetest

import (
	"time"

	"github.com/google/go-cmp/cmp"

	"trackhook/engine"
)

func leaseTurns(h *harness) {
	t := h.t
	for _, id := range []string{"1", "2", "3", "4", "5", "6"} {
		h.append(pack(id, id))
	}
	h.append(other(pack("a", "a")), other(pack("b", "b")))
	if diff := cmp.Diff(1, countOther(h.lease(2))); diff != "" {
		t.Fatalf("of two leases, other apps have (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(1, countOther(h.lease(2))); diff != "" {
		t.Fatalf("of two more leases, other apps have (-want +got):\n%s", diff)
	}
	// The rest is one app's.
	if leases := h.lease(10); len(leases) != 4 {
		t.Fatalf("Lease = %v, want the other 4", ids(leases))
	}
}

func countOther(leases []engine.Lease) (n int) {
	for i := range leases {
		if leases[i].Package.App == other(pack("", "")).App {
			n++
		}
	}
	return n
}

func limitBounds(h *harness) {
	t := h.t
	app := pack("", "").App
	h.append(pack("1", "1"), pack("2", "2"), pack("3", "3"), other(pack("a", "a")))
	h.store.Limit(app, 0)
	h.one("a")
	h.nothing()
	h.store.Limit(app, 2)
	leases := h.lease(10)
	if len(leases) != 2 {
		t.Fatalf("Lease = %v, want 2 leases", ids(leases))
	}
	h.nothing()
	// What is held is not taken away, and counts.
	h.store.Limit(app, 1)
	h.settle(remove(leases[0]))
	h.nothing()
	h.settle(remove(leases[1]))
	h.one("3")
	h.store.Limit(app, -1)
	h.append(pack("4", "4"), pack("5", "5"))
	if leases := h.lease(10); len(leases) != 2 {
		t.Fatalf("Lease = %v without a bound, want 2 leases", ids(leases))
	}
}

func limitWakes(h *harness) {
	t := h.t
	app := pack("", "").App
	h.store.Limit(app, 0)
	h.append(pack("1", "a"), pack("2", "b"))
	got := make(chan []engine.Lease, 2)
	lease := func() {
		leases, err := h.store.Lease(h.context(), 10)
		if err != nil {
			t.Errorf("Lease: %v", err)
		}
		got <- leases
	}
	go lease()
	select {
	case leases := <-got:
		t.Fatalf("Lease = %v of an app that is held back", ids(leases))
	case <-time.After(20 * time.Millisecond):
	}
	h.store.Limit(app, 1)
	first := <-got
	if len(first) != 1 {
		t.Fatalf("Lease = %v, want 1 lease", ids(first))
	}
	// A lease that ends makes room, and wakes as well.
	go lease()
	select {
	case leases := <-got:
		t.Fatalf("Lease = %v over the limit", ids(leases))
	case <-time.After(20 * time.Millisecond):
	}
	h.settle(remove(first[0]))
	if second := <-got; len(second) != 1 {
		t.Fatalf("Lease = %v, want 1 lease", ids(second))
	}
}

func limitInMemory(h *harness) {
	h.append(pack("1", "a"))
	h.store.Limit(pack("", "").App, 0)
	h.reopen()
	h.one("1")
}
