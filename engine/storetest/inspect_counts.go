package storetest

import (
	"fmt"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"trackhook/engine"
)

func (h *harness) counts(from, to time.Time) []engine.Count {
	h.t.Helper()
	counts, err := h.store.Counts(h.context(), from, to)
	if err != nil {
		h.t.Fatalf("Counts: %v", err)
	}
	return counts
}

func countsRows(h *harness) {
	t := h.t
	day := time.Date(2025, 3, 1, 0, 0, 0, 0, time.UTC)
	at := func(p engine.Package, created time.Time) engine.Package {
		p.Created = created
		return p
	}
	h.append(at(pack("1", "a"), day), at(pack("2", "a"), day.Add(24*time.Hour-1)), at(session("3", "a"), day.In(time.FixedZone("", 3600))))
	h.append(at(pack("1", "a"), day)) // known
	h.append(at(pack("4", "a"), day.Add(24*time.Hour)), other(at(pack("5", "a"), day)), at(pack("6", "a"), day.Add(-1)))
	s := requeue(h.one("1"), 0)
	s.Response.Ambiguous = true
	lease := h.one("5")
	h.settle(s)
	h.settle(remove(h.one("1")), engine.Settlement{Lease: lease, Verdict: engine.Return, Due: time.Now().Add(time.Hour)})
	h.settle(outcome(h.one("2"), engine.Bury, engine.Rejected))
	h.retry(1, "2")
	h.drop(1, "2")
	app := pack("", "").App
	want := []engine.Count{
		{
			Day: day, App: app, Kind: engine.KindEvent, EventToken: "abc123", Accepted: 2, Ambiguous: 1,
			Outcomes: map[engine.Outcome]uint64{engine.Retry: 1, engine.Delivered: 1, engine.Rejected: 1, engine.Dropped: 1},
		},
		{Day: day.AddDate(0, 0, 1), App: app, Kind: engine.KindEvent, EventToken: "abc123", Accepted: 1},
		{Day: day, App: app, Kind: engine.KindSession, Accepted: 1},
		{Day: day, App: other(pack("", "")).App, Kind: engine.KindEvent, EventToken: "abc123", Accepted: 1},
	}
	if diff := cmp.Diff(want, h.counts(day, day.Add(36*time.Hour)), cmpopts.EquateEmpty()); diff != "" {
		t.Fatalf("counts (-want +got):\n%s", diff)
	}
	if got := h.counts(day, day); len(got) != 3 {
		t.Fatalf("counts of one day = %+v, want 3 rows", got)
	}
	if got := h.stats(); got.Ambiguous != 1 {
		t.Fatalf("Stats = %+v, want 1 ambiguous", got)
	}
}

func countsSurvive(h *harness) {
	t := h.t
	p := pack("1", "a")
	h.append(p)
	h.reopen()
	h.settle(remove(h.one("1")))
	h.reopen()
	h.append(pack("2", "a"))
	got := h.counts(p.Created, p.Created)
	if len(got) != 1 || got[0].Accepted != 2 || got[0].Outcomes[engine.Delivered] != 1 {
		t.Fatalf("counts = %+v, want 2 accepted, 1 delivered", got)
	}
}

func countsManyEvents(h *harness) {
	t := h.t
	const most, more = engine.MaxCountedEvents, 20
	event := func(n int) engine.Package {
		p := pack(fmt.Sprint("p", n), fmt.Sprint("d", n))
		p.Params["event_token"] = fmt.Sprintf("%06d", n)
		return p
	}
	day := event(0).Created
	// In two calls and with a restart, so that the bound is kept in a call, between calls, and between processes.
	var packages []engine.Package
	for n := range most + more {
		if packages = append(packages, event(n)); n == most/2 || n == most+more/2 {
			h.append(packages...)
			packages = nil
			h.reopen()
		}
	}
	h.append(packages...)
	// A parameter of this name means nothing to a session.
	visit := session("visit", "a")
	visit.Params["event_token"] = "chosen"
	h.append(visit)
	check := func(what string, accepted, delivered uint64) {
		t.Helper()
		counts := h.counts(day, day)
		if len(counts) != most+2 {
			t.Fatalf("%s: %d rows, want %d for events, one for the others, one for sessions", what, len(counts), most)
		}
		got := counts[most]
		if got.EventToken != engine.OtherEvents || got.Accepted != accepted || got.Outcomes[engine.Delivered] != delivered {
			t.Fatalf("%s: the row of the others is %+v, want %d accepted, %d delivered", what, got, accepted, delivered)
		}
		if last := counts[most+1]; last.Kind != engine.KindSession || last.EventToken != "" {
			t.Fatalf("%s: the row of sessions is %+v", what, last)
		}
		sum := uint64(0)
		for i := range counts[:most+1] {
			sum += counts[i].Accepted
		}
		if sum != most+accepted {
			t.Fatalf("%s: %d accepted in all", what, sum)
		}
	}
	check("appended", more, 0)
	// What became of a package is counted where it was accepted.
	var settlements []engine.Settlement
	for len(settlements) < most+more+1 {
		for _, lease := range h.lease(most) {
			settlements = append(settlements, remove(lease))
		}
	}
	h.settle(settlements...)
	check("settled", more, more)
	h.append(event(2_000), event(2_001))
	check("later", more+2, more)
}
