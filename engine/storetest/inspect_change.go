package storetest

import (
	"slices"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"trackhook/engine"
)

func (h *harness) retry(want int, ids ...string) {
	h.t.Helper()
	if got, err := h.store.Retry(h.context(), ids...); got != want || err != nil {
		h.t.Fatalf("Retry(%q) = %d, %v, want %d", ids, got, err, want)
	}
}

func (h *harness) drop(want int, ids ...string) {
	h.t.Helper()
	if got, err := h.store.Drop(h.context(), ids...); got != want || err != nil {
		h.t.Fatalf("Drop(%q) = %d, %v, want %d", ids, got, err, want)
	}
}

func retryEnd(h *harness) {
	h.append(pack("1", "a"), pack("2", "a"), pack("3", "b"))
	h.bury("1")
	h.bury("3")
	// Others are skipped: unknown, queued, and the same again.
	h.retry(2, "unknown", "1", "2", "3", "1")
	h.settle(remove(h.one("2")))
	h.settle(remove(h.one("3")))
	h.settle(remove(h.one("1")))
	h.retry(0, "1")
	h.nothing()
}

func retryKeeps(h *harness) {
	t := h.t
	h.append(pack("1", "a"))
	h.settle(requeue(h.one("1"), 0))
	h.bury("1")
	accepted := h.get("1").Accepted
	h.retry(1, "1")
	lease := h.one("1")
	if lease.Attempts != 0 || lease.Failures != 0 || lease.Last != 0 || !lease.Accepted.Equal(accepted) {
		t.Fatalf("the retried package has a history: %+v", lease)
	}
	if got := h.get("1"); got.Seq != 2 || got.Last != 0 {
		t.Fatalf("Package = %+v, want the responses from before", got)
	}
	// A session that comes back overtakes, as any that comes later.
	h.settle(wait(lease))
	h.append(session("2", "b"))
	h.bury("2")
	h.append(session("3", "a"))
	h.settle(outcome(h.one("3"), engine.Bury, engine.Rejected))
	h.nothing()
	h.retry(1, "3")
	h.settle(accept(h.one("3")))
	h.one("1")
}

func retrySurvives(h *harness) {
	t := h.t
	h.append(pack("1", "a"))
	h.bury("1")
	h.retry(1, "1")
	h.reopen()
	if got := h.stats(); got.Queued != 1 || got.Dead != 0 || got.DeadBytes != 0 {
		t.Fatalf("Stats = %+v, want 1 queued and nothing dead", got)
	}
	h.append(pack("1", "a"))
	h.settle(remove(h.one("1")))
	h.nothing()
}

func dropBoth(h *harness) {
	t := h.t
	h.append(pack("1", "a"))
	h.bury("1")
	h.append(pack("2", "a"), pack("3", "a"), pack("4", "a"), pack("5", "b"))
	h.drop(4, "1", "2", "unknown", "4", "5", "2")
	h.reopen()
	if got := h.stats(); got.Queued != 1 || got.Lanes != 1 || got.Dead != 0 || got.Last != 5 {
		t.Fatalf("Stats = %+v, want 1 queued, nothing dead, 5 responses", got)
	}
	h.append(pack("2", "a"), pack("5", "b")) // they are known
	h.settle(remove(h.one("3")))
	h.nothing()
}

func dropLeased(h *harness) {
	h.append(pack("1", "a"), pack("2", "a"), pack("3", "a"))
	lease := h.one("1")
	h.drop(1, "1", "2")
	h.nothing()
	h.settle(requeue(lease, 0))
	h.drop(1, "1")
	h.one("3")
}

func dropWaiting(h *harness) {
	h.append(pack("1", "a"), pack("2", "a"), session("3", "a"), pack("4", "a"))
	h.settle(wait(h.one("1")))
	three := h.one("3")
	h.drop(1, "1")
	h.nothing()
	h.settle(requeue(three, 0))
	// Nothing waits any more, so the session has its old place.
	for _, id := range []string{"2", "3", "4"} {
		h.settle(remove(h.one(id)))
	}
}

func dropLogged(h *harness) {
	t := h.t
	h.append(pack("1", "a"))
	h.settle(requeue(h.one("1"), time.Hour))
	h.drop(1, "1")
	got := h.read(1, 10)
	want := engine.Response{Seq: 2, Package: pack("1", "a"), Attempt: 1, Outcome: engine.Dropped, Rule: "dropped", Message: "dropped by a person", At: time.Now()}
	if diff := cmp.Diff([]engine.Response{want}, got, cmpopts.EquateApproxTime(soon)); diff != "" {
		t.Fatalf("response (-want +got):\n%s", diff)
	}
}

// Also by a store that was just opened, and has leased nothing yet.
func dropInOrder(h *harness) {
	h.append(pack("1", "a"), pack("2", "b"), pack("3", "c"), pack("4", "d"))
	h.bury("1", "2", "3", "4")
	h.retry(2, "2", "4")
	h.reopen()
	h.drop(4, "2", "1", "4", "3")
	var got []string
	for _, r := range h.read(4, 10) {
		got = append(got, r.Package.ID)
	}
	if want := []string{"2", "1", "4", "3"}; !slices.Equal(got, want) {
		h.t.Fatalf("dropped %q, want %q", got, want)
	}
}
