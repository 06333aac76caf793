package storetest

import (
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
