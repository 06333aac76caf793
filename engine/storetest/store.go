package storetest

import (
	"context"
	"errors"
	"time"

	"github.com/google/go-cmp/cmp"

	"trackhook/engine"
)

func statsCount(h *harness) {
	t := h.t
	if got := h.stats(); got.Queued != 0 || got.Lanes != 0 || got.Leased != 0 || got.Dead != 0 || got.First != 0 || got.Last != 0 {
		t.Fatalf("Stats of an empty store = %+v", got)
	}
	h.append(pack("1", "a"), pack("2", "a"), pack("3", "b"), pack("4", "c"))
	one := h.one("1")
	h.one("3")
	h.settle(outcome(one, engine.Bury, engine.Rejected))
	got := h.stats()
	got.Bytes, got.DeadBytes = 0, 0
	want := engine.Stats{Queued: 3, Lanes: 3, Leased: 1, Dead: 1, First: 1, Last: 1}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Fatalf("Stats (-want +got):\n%s", diff)
	}
}

func closeTwice(h *harness) {
	t := h.t
	if err := h.store.Close(); err != nil {
		t.Fatalf("Close: %v", err)
	}
	if err := h.store.Close(); err != nil {
		t.Fatalf("second Close: %v", err)
	}
}

// calls calls every method that can fail.
func calls(ctx context.Context, store engine.Store) map[string]func() error {
	return map[string]func() error{
		"Append":    func() error { return store.Append(ctx, pack("9", "z")) },
		"Lease":     func() error { _, err := store.Lease(ctx, 1); return err },
		"Settle":    func() error { return store.Settle(ctx, remove(engine.Lease{Package: pack("9", "z")})) },
		"Read":      func() error { _, err := store.Read(ctx, 0, 1); return err },
		"Enroll":    func() error { _, err := store.Enroll(ctx, "l"); return err },
		"Commit":    func() error { return store.Commit(ctx, "l", 0, engine.Runs{}) },
		"Cursors":   func() error { _, err := store.Cursors(ctx); return err },
		"Forget":    func() error { return store.Forget(ctx, "l") },
		"Last":      func() error { _, err := store.Last(ctx); return err },
		"Value":     func() error { _, err := store.Value(ctx, "s", "k"); return err },
		"Values":    func() error { _, err := store.Values(ctx, "s"); return err },
		"SetValues": func() error { return store.SetValues(ctx, "s", map[string][]byte{"k": {1}}) },
		"Stats":     func() error { _, err := store.Stats(ctx); return err },
		"Packages":  func() error { _, _, err := store.Packages(ctx, engine.Filter{}, "", 1); return err },
		"Package":   func() error { _, err := store.Package(ctx, "1"); return err },
		"History":   func() error { _, err := store.History(ctx, "1"); return err },
		"Lanes":     func() error { _, _, err := store.Lanes(ctx, engine.Filter{}, "", 1); return err },
		"Retry":     func() error { _, err := store.Retry(ctx, "1"); return err },
		"Drop":      func() error { _, err := store.Drop(ctx, "1"); return err },
		"Counts":    func() error { _, err := store.Counts(ctx, time.Time{}, time.Now()); return err },
		"Runs":      func() error { _, err := store.Runs(ctx, 1); return err },
	}
}

func closeEndsCalls(h *harness) {
	t := h.t
	h.append(pack("1", "a"))
	h.respond(1)
	h.enroll("l")
	all := calls(h.context(), h.store)
	if err := h.store.Close(); err != nil {
		t.Fatalf("Close: %v", err)
	}
	for name, call := range all {
		if err := call(); !errors.Is(err, engine.ErrClosed) {
			t.Errorf("%s after Close = %v, want %v", name, err, engine.ErrClosed)
		}
	}
}

func closeEndsWaiting(h *harness) {
	t := h.t
	ctx := h.context()
	ended := make(chan error, 3)
	go func() { _, err := h.store.Lease(ctx, 1); ended <- err }()
	go func() { _, err := h.store.Lease(ctx, 1); ended <- err }()
	go func() { _, err := h.store.Read(ctx, 0, 1); ended <- err }()
	// Nothing tells from outside that a call waits; when it has not begun yet, it is refused instead.
	<-time.After(20 * time.Millisecond)
	if err := h.store.Close(); err != nil {
		t.Fatalf("Close: %v", err)
	}
	for range cap(ended) {
		if err := <-ended; !errors.Is(err, engine.ErrClosed) {
			t.Errorf("a call that waited returned %v, want %v", err, engine.ErrClosed)
		}
	}
}
