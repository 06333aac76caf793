package storetest

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"sync"
	"time"

	"trackhook/engine"

	"github.com/google/go-cmp/cmp"
)

func appendSurvives(h *harness) {
	t := h.t
	h.append(pack("1", "a"), pack("2", "b"))
	h.append(pack("3", "a"))
	h.reopen()
	if got := h.stats(); got.Queued != 3 || got.Lanes != 2 {
		t.Fatalf("Stats = %+v, want 3 packages in 2 lanes", got)
	}
	first, second := h.one("1"), h.one("2")
	h.settle(remove(first), remove(second))
	h.one("3")
}

func appendKeepsFields(h *harness) {
	t := h.t
	want := engine.Package{
		ID: "all fields", Kind: engine.KindAdRevenue,
		App:            engine.App{Token: "abc123def456", Environment: engine.Production},
		Device:         "gps_adid=38400000-8cf0-11bd-b23e-10b96e40000d",
		Params:         map[string]string{"gps_adid": "38400000-8cf0-11bd-b23e-10b96e40000d", "revenue": "0.5", "currency": "EUR", "source": "publisher", "empty": "", "emoji": "\u00e9\U0001f600", "zero": "\x00"},
		CallbackParams: map[string]string{"k": "v", "": "no name"},
		PartnerParams:  map[string]string{"p": "q"},
		CallbackID:     "mine",
		Created:        time.Date(2025, 3, 1, 12, 0, 0, 123456789, time.UTC),
	}
	before := time.Now()
	h.append(want)
	h.reopen()
	lease := h.one("all fields")
	if diff := cmp.Diff(want, lease.Package); diff != "" {
		t.Errorf("package differs (-want +got):\n%s", diff)
	}
	if lease.Accepted.Before(before.Add(-time.Second)) || lease.Accepted.After(time.Now().Add(time.Second)) {
		t.Errorf("Accepted = %v, want about %v", lease.Accepted, before)
	}
	if lease.Attempts != 0 || lease.Failures != 0 || lease.Last != 0 || lease.Device != (engine.Device{}) {
		t.Errorf("new package has a history: %+v", lease)
	}
}

func appendSameID(h *harness) {
	t := h.t
	h.append(pack("1", "a"), pack("1", "a"), pack("1", "other"))
	h.append(pack("1", "a"), pack("2", "a"))
	h.reopen()
	h.append(pack("2", "a"))
	if got := h.stats(); got.Queued != 2 || got.Lanes != 1 {
		t.Fatalf("Stats = %+v, want 2 packages in 1 lane", got)
	}
	h.settle(remove(h.one("1")))
	h.settle(remove(h.one("2")))
	h.nothing()
}

func appendWhileDead(h *harness) {
	h.append(pack("1", "a"))
	h.settle(outcome(h.one("1"), engine.Bury, engine.Rejected))
	h.append(pack("1", "a"))
	h.reopen()
	h.append(pack("1", "a"))
	h.nothing()
}

func appendAfterEnd(h *harness) {
	h.append(pack("1", "a"))
	h.settle(remove(h.one("1")))
	h.append(pack("1", "a"))
	h.reopen()
	h.append(pack("1", "a"))
	h.nothing()
}

func appendOrder(h *harness) {
	h.append(pack("1", "a"), pack("2", "a"), pack("3", "a"))
	h.append(pack("4", "a"))
	h.settle(remove(h.one("1")))
	h.append(pack("5", "a"))
	h.settle(requeue(h.one("2"), 0))
	h.reopen()
	for _, id := range []string{"2", "3", "4", "5"} {
		h.settle(remove(h.one(id)))
	}
	h.append(pack("6", "a"), pack("7", "a"))
	h.settle(remove(h.one("6")))
	h.one("7")
}

func appendEnded(h *harness) {
	t := h.t
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if err := h.store.Append(ctx, pack("1", "a")); !errors.Is(err, context.Canceled) {
		t.Fatalf("Append = %v, want %v", err, context.Canceled)
	}
	h.nothing()
}

func appendConcurrently(h *harness) {
	t := h.t
	const producers, each = 16, 25
	var all sync.WaitGroup
	for p := range producers {
		all.Go(func() {
			for i := range each {
				if err := h.store.Append(context.Background(), pack(fmt.Sprintf("%d/%03d", p, i), strconv.Itoa(p))); err != nil {
					t.Errorf("Append: %v", err)
				}
			}
		})
	}
	all.Wait()
	next := make(map[string]int)
	for range producers * each / producers {
		leases := h.lease(producers)
		settlements := make([]engine.Settlement, 0, len(leases))
		for _, lease := range leases {
			device := lease.Package.Params["external_device_id"]
			if want := fmt.Sprintf("%s/%03d", device, next[device]); lease.Package.ID != want {
				t.Fatalf("leased %s, want %s", lease.Package.ID, want)
			}
			next[device]++
			settlements = append(settlements, remove(lease))
		}
		h.settle(settlements...)
	}
	if got := h.stats(); got.Queued != 0 || got.Last != producers*each {
		t.Fatalf("Stats = %+v, want an empty queue and %d responses", got, producers*each)
	}
}
