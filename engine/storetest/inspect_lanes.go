package storetest

import (
	"context"
	"strconv"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"trackhook/engine"
)

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

func deviceTells(h *harness) {
	h.append(session("1", "a"), pack("2", "b"))
	h.settle(accept(h.one("1")))
	h.append(pack("3", "c"), session("4", "c"))
	h.settle(wait(h.one("2")))
	known := engine.Device{ADID: "adid", Session: time.Unix(1_700_000_000, 0)}
	for lane, want := range map[engine.Lane]engine.Device{
		new(pack("", "a")).Lane():        known,
		new(pack("", "b")).Lane():        {},
		new(pack("", "nobody")).Lane():   {},
		new(other(pack("", "a"))).Lane(): {},
	} {
		got, err := h.store.Device(context.Background(), lane)
		if err != nil || got.ADID != want.ADID || !got.Session.Equal(want.Session) {
			h.t.Errorf("Device of %v = %+v, %v; want %+v", lane, got, err, want)
		}
	}
}
