package storetest

import (
	"time"

	"trackhook/engine"
)

func waitBehind(h *harness) {
	h.append(pack("1", "a"), pack("2", "a"), session("3", "a"), pack("4", "a"))
	h.settle(wait(h.one("1")))
	three := h.one("3")
	h.nothing()
	h.settle(accept(three))
	for _, id := range []string{"1", "2", "4"} {
		h.settle(remove(h.one(id)))
	}
}

func waitLater(h *harness) {
	h.append(pack("1", "a"), pack("2", "a"))
	h.settle(wait(h.one("1")))
	h.nothing()
	h.append(pack("3", "a"))
	h.nothing()
	h.append(session("4", "a"))
	h.settle(accept(h.one("4")))
	for _, id := range []string{"1", "2", "3"} {
		h.settle(remove(h.one(id)))
	}
}

func waitDuring(h *harness) {
	h.append(pack("1", "a"))
	lease := h.one("1")
	h.append(session("2", "a"))
	h.nothing()
	h.settle(wait(lease))
	h.settle(accept(h.one("2")))
	// The same when it waits already.
	h.settle(requeueWaiting(h.one("1"), 0))
	lease = h.one("1")
	h.append(session("3", "a"))
	h.nothing()
	h.settle(wait(lease))
	h.settle(accept(h.one("3")))
	h.one("1")
}

func waitReleased(h *harness) {
	t := h.t
	h.append(pack("1", "a"), session("2", "a"))
	h.settle(wait(h.one("1")))
	h.settle(remove(h.one("2"))) // nothing is said about the device
	h.nothing()
	h.append(session("3", "a"))
	three := h.one("3")
	h.settle(requeue(three, 0))
	h.settle(accept(h.one("3")))
	if lease := h.one("1"); lease.Device.ADID != "adid" {
		t.Fatalf("Device = %+v, want the one of the session", lease.Device)
	}
	// It waits no more: later sessions are behind it.
	h.append(session("4", "a"))
	h.nothing()
}

func waitSessions(h *harness) {
	h.append(pack("1", "a"), session("2", "a"), session("3", "a"))
	h.settle(wait(h.one("1")))
	two := h.one("2")
	h.append(session("4", "a"))
	h.settle(requeue(two, 30*time.Millisecond))
	h.settle(outcome(h.one("2"), engine.Bury, engine.Rejected))
	h.settle(remove(h.one("3")))
	h.settle(remove(h.one("4")))
	h.nothing()
}

func waitKeeps(h *harness) {
	t := h.t
	h.append(pack("1", "a"), session("2", "a"))
	h.settle(requeueWaiting(h.one("1"), 0))
	s := requeue(h.one("2"), 0)
	h.settle(s)
	two := h.one("2")
	if two.Attempts != 1 || two.Failures != 1 || two.Last != engine.Retry {
		t.Fatalf("the session is leased with %d attempts, %d failures and %s", two.Attempts, two.Failures, two.Last)
	}
	h.settle(accept(two))
	one := h.one("1")
	if one.Attempts != 1 || one.Failures != 0 || one.Last != engine.WaitForDevice {
		t.Fatalf("the head is leased with %d attempts, %d failures and %s", one.Attempts, one.Failures, one.Last)
	}
}

func waitSurvives(h *harness) {
	h.append(pack("1", "a"), session("2", "a"), pack("3", "b"))
	h.settle(wait(h.one("1")), wait(h.one("3")))
	h.reopen()
	h.one("2")
	h.reopen()
	h.settle(requeue(h.one("2"), 0))
	h.reopen()
	h.settle(accept(h.one("2")))
	h.append(session("4", "b"))
	h.settle(accept(h.one("1")))
	h.one("4")
	// A session that came while the head was leased, and then the end of the process.
	h.append(pack("5", "c"))
	h.settle(requeueWaiting(h.one("5"), 0))
	h.one("5")
	h.append(session("6", "c"))
	h.reopen()
	h.one("4")
	h.one("6")
	h.nothing()
	// The same, and another session before anybody has asked: the first goes first.
	h.append(pack("7", "d"))
	h.settle(requeueWaiting(h.one("7"), 0))
	h.one("7")
	h.append(session("8", "d"))
	h.reopen()
	h.append(session("9", "d"))
	for _, lease := range h.lease(10) {
		if lease.Package.ID == "9" {
			h.t.Fatal("session 9 was leased before session 8")
		}
	}
}

func waitReturn(h *harness) {
	t := h.t
	h.append(pack("1", "a"), session("2", "a"))
	back := engine.Settlement{Lease: h.one("1"), Verdict: engine.Return, Due: time.Now().Add(time.Hour), Wait: true}
	h.settle(back)
	if last := h.last(); last != 0 {
		t.Fatalf("Last = %d after Return, want 0", last)
	}
	h.settle(accept(h.one("2")))
	if lease := h.one("1"); lease.Attempts != 0 {
		t.Fatalf("Return counted as %d attempts", lease.Attempts)
	}
}

func waitEnds(h *harness) {
	h.append(pack("1", "a"))
	h.settle(requeueWaiting(h.one("1"), 0))
	h.settle(requeue(h.one("1"), 0))
	h.append(session("2", "a"))
	h.one("1")
	h.nothing()
	// A dead letter that waited and is retried begins anew.
	h.append(pack("3", "b"))
	h.settle(requeueWaiting(h.one("3"), 0))
	h.settle(outcome(h.one("3"), engine.Bury, engine.Rejected))
	if n, err := h.store.Retry(h.context(), "3"); n != 1 || err != nil {
		h.t.Fatalf("Retry = %d, %v, want 1", n, err)
	}
	h.append(session("4", "b"))
	h.one("3")
	h.nothing()
}
