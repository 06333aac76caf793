package storetest

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"time"

	"trackhook/engine"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

func names(rows []engine.PackageState) []string {
	var all []string
	for i := range rows {
		all = append(all, rows[i].Package.ID+" "+string(rows[i].Status))
	}
	return all
}

func (h *harness) get(id string) engine.PackageState {
	h.t.Helper()
	state, err := h.store.Package(h.context(), id)
	if err != nil {
		h.t.Fatalf("Package: %v", err)
	}
	return state
}

func (h *harness) bury(ids ...string) {
	h.t.Helper()
	for _, id := range ids {
		h.settle(outcome(h.one(id), engine.Bury, engine.Rejected))
	}
}

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

// fill queues and buries packages in lanes of two apps: a has 1 dead, 4 and 5 queued; b has 2 queued; c has 3 dead; and
// another app's a has 6, a session that was tried.
func (h *harness) fill() {
	h.t.Helper()
	h.append(pack("1", "a"))
	h.bury("1")
	h.append(pack("3", "c"))
	h.bury("3")
	h.append(other(session("6", "a")))
	h.settle(requeue(h.one("6"), time.Hour))
	h.append(pack("2", "b"), pack("4", "a"), pack("5", "a"))
}

func packagesOrder(h *harness) {
	t := h.t
	h.fill()
	want := []string{"4 queued", "5 queued", "1 dead", "2 queued", "3 dead", "6 queued"}
	if diff := cmp.Diff(want, names(h.list(engine.Filter{}, 100))); diff != "" {
		t.Fatalf("packages (-want +got):\n%s", diff)
	}
}

func packagesFilter(h *harness) {
	t := h.t
	before := time.Now().Add(-time.Second)
	h.fill()
	for name, c := range map[string]struct {
		filter engine.Filter
		want   []string
	}{
		"app":         {engine.Filter{AppToken: other(pack("", "")).App.Token}, []string{"6 queued"}},
		"environment": {engine.Filter{Environment: engine.Production}, nil},
		"kind":        {engine.Filter{Kind: engine.KindSession}, []string{"6 queued"}},
		"device":      {engine.Filter{Device: pack("", "a").Device}, []string{"4 queued", "5 queued", "1 dead", "6 queued"}},
		"lane": {engine.Filter{
			AppToken: pack("", "").App.Token, Environment: engine.Sandbox, Device: pack("", "a").Device,
		}, []string{"4 queued", "5 queued", "1 dead"}},
		"event":        {engine.Filter{EventToken: "none"}, nil},
		"queued":       {engine.Filter{State: engine.Queued, EventToken: "abc123"}, []string{"4 queued", "5 queued", "2 queued"}},
		"dead":         {engine.Filter{State: engine.Dead}, []string{"1 dead", "3 dead"}},
		"reason":       {engine.Filter{Reason: engine.Rejected}, []string{"1 dead", "3 dead"}},
		"last outcome": {engine.Filter{Reason: engine.Retry}, []string{"6 queued"}},
		"after":        {engine.Filter{After: before, State: engine.Dead}, []string{"1 dead", "3 dead"}},
		"before":       {engine.Filter{Before: before}, nil},
	} {
		if diff := cmp.Diff(c.want, names(h.list(c.filter, 2))); diff != "" {
			t.Errorf("packages by %s (-want +got):\n%s", name, diff)
		}
	}
}

func packagesPages(h *harness) {
	t := h.t
	h.append(pack("head", "a"))
	for i := range 20 {
		h.append(pack(fmt.Sprintf("%02d", i), strconv.Itoa(i%3)))
	}
	h.append(session("session", "a"), pack("last", "a"))
	h.settle(wait(h.one("head")))
	want := names(h.list(engine.Filter{}, 100))
	if len(want) != 23 || len(h.list(engine.Filter{}, 23)) != 23 {
		t.Fatalf("listed %q, want 23 packages", want)
	}
	for limit := range 9 {
		if diff := cmp.Diff(want, names(h.list(engine.Filter{}, limit+1))); diff != "" {
			t.Fatalf("packages in pages of %d (-want +got):\n%s", limit+1, diff)
		}
	}
	// No row that stays is left out when others go.
	rows, next, err := h.store.Packages(h.context(), engine.Filter{}, "", 5)
	if err != nil {
		t.Fatalf("Packages: %v", err)
	}
	h.drop(1, rows[4].Package.ID)
	rest, _, err := h.store.Packages(h.context(), engine.Filter{}, next, 100)
	if err != nil || len(rest) != 18 {
		t.Fatalf("the next page has %d rows, %v; want 18", len(rest), err)
	}
	if _, _, err := h.store.Packages(h.context(), engine.Filter{}, "no page", 5); !errors.Is(err, engine.ErrNotFound) {
		t.Fatalf("Packages of a page that is none = %v, want %v", err, engine.ErrNotFound)
	}
}

func packageStates(h *harness) {
	t := h.t
	if _, err := h.store.Package(h.context(), "1"); !errors.Is(err, engine.ErrNotFound) {
		t.Fatalf("Package = %v, want %v", err, engine.ErrNotFound)
	}
	h.append(pack("1", "a"), pack("2", "a"))
	compare := func(id string, want engine.PackageState) {
		t.Helper()
		h.reopen()
		got := h.get(id)
		want.Package = pack(id, "a")
		near := cmpopts.EquateApproxTime(soon)
		if diff := cmp.Diff(want, got, near); diff != "" {
			t.Fatalf("package (-want +got):\n%s", diff)
		}
	}
	now := time.Now()
	compare("1", engine.PackageState{Status: engine.Queued, Accepted: now, Due: now})
	compare("2", engine.PackageState{Status: engine.Queued, Accepted: now})
	h.settle(requeue(h.one("1"), time.Hour))
	want := engine.PackageState{
		Status: engine.Queued, Accepted: now, Due: now.Add(time.Hour), Attempts: 1, Failures: 1, Last: engine.Retry,
		Message: "message of 1", Seq: 1,
	}
	compare("1", want)
	h.drop(1, "1")
	want.Status, want.Due, want.Last, want.Message, want.Seq, want.Ended = engine.Done, time.Time{}, engine.Dropped, "dropped by a person", 2, now
	compare("1", want)
	h.bury("2")
	compare("2", engine.PackageState{
		Status: engine.Dead, Accepted: now, Attempts: 1, Last: engine.Rejected, Message: "message of 2", Seq: 3, Ended: now,
	})
	h.append(pack("3", "a"))
	h.settle(remove(h.one("3")))
	compare("3", engine.PackageState{
		Status: engine.Done, Accepted: now, Attempts: 1, Last: engine.Delivered, Message: "message of 3", Seq: 4, Ended: now,
	})
}

func historyAll(h *harness) {
	t := h.t
	history := func(id string) (all []string) {
		t.Helper()
		responses, err := h.store.History(h.context(), id)
		if err != nil {
			t.Fatalf("History: %v", err)
		}
		for i := range responses {
			all = append(all, fmt.Sprint(responses[i].Seq, " ", responses[i].Attempt, " ", responses[i].Outcome))
		}
		return all
	}
	h.append(pack("1", "a"), pack("2", "b"), session("3", "a"))
	if got := history("1"); got != nil {
		t.Fatalf("History of a new package = %q", got)
	}
	h.settle(requeueWaiting(h.one("1"), 0))
	h.settle(remove(h.one("2")))
	h.settle(accept(h.one("3")))
	h.bury("1")
	h.retry(1, "1")
	h.settle(requeue(h.one("1"), time.Hour))
	h.reopen()
	want := []string{"1 1 wait_for_device", "4 2 rejected", "5 1 retry"}
	if diff := cmp.Diff(want, history("1")); diff != "" {
		t.Fatalf("history while it is queued (-want +got):\n%s", diff)
	}
	h.drop(1, "1")
	if diff := cmp.Diff(append(want, "6 1 dropped"), history("1")); diff != "" {
		t.Fatalf("history at the end (-want +got):\n%s", diff)
	}
	if got := history("unknown"); got != nil {
		t.Fatalf("History of what nobody knows = %q", got)
	}
}

func (h *harness) lanes(filter engine.Filter, limit int) []engine.LaneState {
	h.t.Helper()
	var all []engine.LaneState
	for page := ""; ; {
		rows, next, err := h.store.Lanes(context.Background(), filter, page, limit)
		if err != nil {
			h.t.Fatalf("Lanes: %v", err)
		}
		all = append(all, rows...)
		if page = next; page == "" {
			return all
		}
	}
}

func lanesTell(h *harness) {
	t := h.t
	h.append(pack("1", "a"), pack("2", "a"), pack("3", "b"), pack("4", "b"), session("5", "b"), pack("6", "b"))
	h.append(session("7", "d"))
	h.settle(accept(h.one("1")))
	three := h.one("3")
	h.settle(accept(h.one("7")))
	h.append(pack("8", "c"))
	h.one("2")
	h.settle(wait(h.one("8")))
	h.settle(wait(three))
	now := time.Now()
	near := cmpopts.EquateApproxTime(soon)
	want := []engine.LaneState{
		{Queued: 1, Head: "2", Due: now, Leased: true, Device: engine.Device{ADID: "adid", Session: time.Unix(1_700_000_000, 0)}},
		{Queued: 4, Head: "5", Due: now},
		{Queued: 1, Head: "8", Due: now.Add(time.Hour), Waiting: true},
	}
	for i, device := range []string{"a", "b", "c"} {
		p := pack("", device)
		want[i].Lane = p.Lane()
	}
	if diff := cmp.Diff(want, h.lanes(engine.Filter{}, 10), near); diff != "" {
		t.Fatalf("lanes (-want +got):\n%s", diff)
	}
}

func lanesPages(h *harness) {
	t := h.t
	for i := range 7 {
		h.append(pack(strconv.Itoa(i), strconv.Itoa(i)), other(pack("o"+strconv.Itoa(i), strconv.Itoa(i))))
	}
	for limit := 1; limit < 20; limit += 3 {
		if got := h.lanes(engine.Filter{}, limit); len(got) != 14 {
			t.Fatalf("%d lanes in pages of %d, want 14", len(got), limit)
		}
	}
	if got := h.lanes(engine.Filter{Device: pack("", "3").Device}, 1); len(got) != 2 {
		t.Fatalf("%d lanes of a device, want 2", len(got))
	}
	app := other(pack("", "")).App
	if got := h.lanes(engine.Filter{AppToken: app.Token, Environment: app.Environment}, 5); len(got) != 7 || got[0].Head != "o0" {
		t.Fatalf("lanes of an app = %+v, want 7", got)
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

func (h *harness) runs(seq uint64) []engine.Run {
	h.t.Helper()
	runs, err := h.store.Runs(h.context(), seq)
	if err != nil {
		h.t.Fatalf("Runs: %v", err)
	}
	return runs
}

// handle commits with runs.
func (h *harness) handle(listener string, seq uint64, version string, failed map[uint64]string) {
	h.t.Helper()
	if err := h.store.Commit(h.context(), listener, seq, engine.Runs{Version: version, Failed: failed}); err != nil {
		h.t.Fatalf("Commit: %v", err)
	}
}

func runsListeners(h *harness) {
	t := h.t
	h.enroll("b")
	h.respond(2)
	h.enroll("a")
	h.respond(8)
	h.handle("b", 1, "v1", nil)
	h.handle("b", 3, "v1", map[uint64]string{2: "boom", 9: "not of this call"})
	h.handle("b", 5, "", nil)
	h.handle("b", 4, "v9", map[uint64]string{3: "behind the cursor"})
	h.handle("b", 7, "v2", nil)
	h.handle("a", 6, "w", map[uint64]string{3: "oops"})
	for seq, want := range map[uint64][]engine.Run{
		1: {{Listener: "b", Version: "v1"}}, 2: {{Listener: "b", Version: "v1", Failure: "boom"}},
		3: {{Listener: "a", Version: "w", Failure: "oops"}, {Listener: "b", Version: "v1"}},
		4: {{Listener: "a", Version: "w"}, {Listener: "b"}}, 6: {{Listener: "a", Version: "w"}, {Listener: "b", Version: "v2"}},
		7: {{Listener: "b", Version: "v2"}}, 8: nil, 9: nil, 0: nil, 100: nil,
	} {
		if diff := cmp.Diff(want, h.runs(seq)); diff != "" {
			t.Errorf("runs of %d (-want +got):\n%s", seq, diff)
		}
	}
}

func runsSurvive(h *harness) {
	t := h.t
	h.enroll("l")
	h.respond(4)
	h.handle("l", 1, "v1", nil)
	h.handle("l", 2, "v2", map[uint64]string{2: "boom"})
	h.reopen()
	h.handle("l", 4, "v2", nil)
	h.reopen()
	want := []engine.Run{{Listener: "l", Version: "v2", Failure: "boom"}}
	if diff := cmp.Diff(want, h.runs(2)); diff != "" {
		t.Errorf("runs of 2 (-want +got):\n%s", diff)
	}
	for seq, version := range map[uint64]string{1: "v1", 3: "v2", 4: "v2"} {
		if diff := cmp.Diff([]engine.Run{{Listener: "l", Version: version}}, h.runs(seq)); diff != "" {
			t.Errorf("runs of %d (-want +got):\n%s", seq, diff)
		}
	}
}
