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
