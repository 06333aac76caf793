package storetest

import (
	"context"
	"time"

	"trackhook/engine"

	"github.com/google/go-cmp/cmp"
)

// session makes a session of a device.
func session(id, device string) engine.Package {
	p := pack(id, device)
	p.Kind = engine.KindSession
	delete(p.Params, "event_token")
	return p
}

// other moves a package to another app.
func other(p engine.Package) engine.Package {
	p.App.Token = "zyx987wvu654"
	return p
}

// wait settles a lease so that it waits for a session, for an hour at least.
func wait(lease engine.Lease) engine.Settlement {
	s := outcome(lease, engine.Requeue, engine.WaitForDevice)
	s.Wait, s.Due = true, time.Now().Add(time.Hour)
	return s
}

// accept settles the lease of a session that the server took.
func accept(lease engine.Lease) engine.Settlement {
	s := remove(lease)
	s.Device = &engine.Device{ADID: "adid", Session: time.Unix(1_700_000_000, 0)}
	return s
}

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

// requeueWaiting is wait with a shorter time.
func requeueWaiting(lease engine.Lease, d time.Duration) engine.Settlement {
	s := wait(lease)
	s.Due = time.Now().Add(d)
	return s
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

// list lists all packages that a filter takes, a few at a time, as "lane/ID status".
func (h *harness) list(filter engine.Filter, limit int) []engine.PackageState {
	h.t.Helper()
	var all []engine.PackageState
	for page := ""; ; {
		rows, next, err := h.store.Packages(context.Background(), filter, page, limit)
		if err != nil {
			h.t.Fatalf("Packages: %v", err)
		}
		if len(rows) > limit {
			h.t.Fatalf("Packages returned %d rows, want at most %d", len(rows), limit)
		}
		all = append(all, rows...)
		if page = next; page == "" {
			return all
		}
	}
}
