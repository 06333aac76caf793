package storetest

import (
	"context"
	"errors"
	"fmt"
	"time"

	"trackhook/engine"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

// respond logs n responses, of a device each.
func (h *harness) respond(n int) {
	h.t.Helper()
	from := h.last()
	packages := make([]engine.Package, 0, n)
	for i := range n {
		name := fmt.Sprint("response ", from+uint64(i)+1) //nolint:gosec // a small number
		packages = append(packages, pack(name, name))
	}
	h.append(packages...)
	for left := n; left > 0; {
		leases := h.lease(left)
		settlements := make([]engine.Settlement, 0, len(leases))
		for _, lease := range leases {
			settlements = append(settlements, remove(lease))
		}
		h.settle(settlements...)
		left -= len(leases)
	}
}

func readKeepsFields(h *harness) {
	t := h.t
	h.append(pack("1", "a"))
	lease := h.one("1")
	at := time.Date(2025, 3, 1, 12, 0, 0, 123456789, time.UTC)
	want := engine.Response{
		Package: lease.Package, Attempt: 1, Outcome: engine.Unclear, Rule: "5xx", Status: 503,
		Body: []byte("{\"error\":\"\x00\xff\"}"), Message: "message", Timestamp: "2025-03-01T12:00:00.000Z+0000", ADID: "adid",
		Ambiguous: true, RetryIn: time.Second, AskIn: 2 * time.Second, ContinueIn: 3 * time.Second,
		WillRetry: true, NextAttempt: at.Add(time.Minute), Repeat: true, At: at,
	}
	h.settle(engine.Settlement{Lease: lease, Response: want, Verdict: engine.Requeue, Due: time.Now()})
	h.reopen()
	want.Seq = 1
	got := h.read(0, 1)[0]
	if diff := cmp.Diff(want, got, equalTimes()); diff != "" {
		t.Errorf("response differs (-want +got):\n%s", diff)
	}
	lease = h.one("1")
	bare := engine.Response{Package: lease.Package, Outcome: engine.Expired}
	h.settle(engine.Settlement{Lease: lease, Response: bare, Verdict: engine.Bury})
	bare.Seq = 2
	if diff := cmp.Diff(bare, h.read(1, 1)[0], equalTimes(), cmpopts.EquateEmpty()); diff != "" {
		t.Errorf("bare response differs (-want +got):\n%s", diff)
	}
}

func readWaits(h *harness) {
	t := h.t
	h.respond(2)
	got := make(chan []engine.Response, 1)
	go func() {
		responses, err := h.store.Read(h.context(), 2, 10)
		if err != nil {
			t.Errorf("Read: %v", err)
		}
		got <- responses
	}()
	select {
	case responses := <-got:
		t.Fatalf("Read = %v before there was a response", responses)
	case <-time.After(20 * time.Millisecond):
	}
	h.respond(1)
	if responses := <-got; len(responses) != 1 || responses[0].Seq != 3 {
		t.Fatalf("Read = %v, want response 3", responses)
	}
}

func readEnds(h *harness) {
	t := h.t
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Millisecond)
	defer cancel()
	if _, err := h.store.Read(ctx, 0, 1); !errors.Is(err, context.DeadlineExceeded) {
		t.Fatalf("Read = %v, want %v", err, context.DeadlineExceeded)
	}
	h.respond(1)
	if _, err := h.store.Read(ctx, 0, 1); !errors.Is(err, context.DeadlineExceeded) {
		t.Fatalf("Read with an ended context = %v, want %v", err, context.DeadlineExceeded)
	}
}

func readPages(h *harness) {
	t := h.t
	h.respond(10)
	var seen []uint64
	for after := uint64(0); after < 10; {
		responses := h.read(after, 3)
		if len(responses) > 3 {
			t.Fatalf("Read(%d, 3) returned %d responses", after, len(responses))
		}
		for i := range responses {
			seen = append(seen, responses[i].Seq)
		}
		after = seen[len(seen)-1]
	}
	if diff := cmp.Diff([]uint64{1, 2, 3, 4, 5, 6, 7, 8, 9, 10}, seen); diff != "" {
		t.Fatalf("sequence numbers (-want +got):\n%s", diff)
	}
}

func enrollAtEnd(h *harness) {
	t := h.t
	if got := h.enroll("early"); got != 0 {
		t.Fatalf("Enroll in an empty log = %d, want 0", got)
	}
	h.respond(3)
	if got := h.enroll("late"); got != 3 {
		t.Fatalf("Enroll = %d, want 3", got)
	}
	if got := h.enroll("early"); got != 0 {
		t.Fatalf("Enroll again = %d, want 0", got)
	}
	h.respond(1)
	if responses := h.read(3, 10); len(responses) != 1 || responses[0].Seq != 4 {
		t.Fatalf("Read = %v, want response 4", responses)
	}
}

func enrollSurvives(h *harness) {
	t := h.t
	h.respond(2)
	h.enroll("listener")
	h.respond(2)
	h.reopen()
	if got := h.enroll("listener"); got != 2 {
		t.Fatalf("Enroll after reopening = %d, want 2", got)
	}
}

func commitNeverBack(h *harness) {
	t := h.t
	h.enroll("listener")
	h.respond(5)
	h.commit("listener", 4)
	h.commit("listener", 2)
	if got := h.enroll("listener"); got != 4 {
		t.Fatalf("cursor = %d, want 4", got)
	}
}

func commitSurvives(h *harness) {
	t := h.t
	h.enroll("listener")
	h.respond(5)
	h.commit("listener", 3)
	h.reopen()
	if got := h.enroll("listener"); got != 3 {
		t.Fatalf("cursor after reopening = %d, want 3", got)
	}
}

func cursorsApart(h *harness) {
	t := h.t
	h.enroll("a")
	h.respond(3)
	h.enroll("ab")
	h.commit("a", 1)
	cursors, err := h.store.Cursors(h.context())
	if err != nil {
		t.Fatalf("Cursors: %v", err)
	}
	if diff := cmp.Diff(map[string]uint64{"a": 1, "ab": 3}, cursors); diff != "" {
		t.Fatalf("cursors (-want +got):\n%s", diff)
	}
}
