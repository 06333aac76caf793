package storetest

import (
	"context"
	"errors"
	"maps"

	"trackhook/engine"

	"github.com/google/go-cmp/cmp"
)

func (h *harness) forget(listener string) {
	h.t.Helper()
	if err := h.store.Forget(h.context(), listener); err != nil {
		h.t.Fatalf("Forget: %v", err)
	}
}

func (h *harness) cursors(want map[string]uint64) {
	h.t.Helper()
	got, err := h.store.Cursors(h.context())
	if err != nil {
		h.t.Fatalf("Cursors: %v", err)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		h.t.Fatalf("cursors (-want +got):\n%s", diff)
	}
}

func forgetRemoves(h *harness) {
	t := h.t
	h.enroll("a")
	h.enroll("ab")
	h.respond(5)
	h.handle("a", 2, "v1", map[uint64]string{1: "boom"})
	h.handle("a", 4, "v2", nil)
	h.handle("ab", 3, "w", nil)
	h.forget("a")
	h.cursors(map[string]uint64{"ab": 3})
	for seq := range uint64(4) {
		for _, run := range h.runs(seq) {
			if run.Listener != "ab" {
				t.Errorf("runs of %d tell %+v", seq, run)
			}
		}
	}
	if err := h.store.Commit(h.context(), "a", 5, engine.Runs{}); !errors.Is(err, engine.ErrNotFound) {
		t.Errorf("Commit after Forget = %v, want %v", err, engine.ErrNotFound)
	}
	// It is new.
	if got := h.enroll("a"); got != 5 {
		t.Errorf("Enroll after Forget = %d, want 5", got)
	}
	h.respond(2)
	h.handle("a", 6, "v3", nil)
	h.cursors(map[string]uint64{"a": 6, "ab": 3})
	if diff := cmp.Diff([]engine.Run{{Listener: "a", Version: "v3"}}, onlyOf("a", h.runs(6))); diff != "" {
		t.Errorf("runs of 6 (-want +got):\n%s", diff)
	}
	if runs := onlyOf("a", h.runs(1)); runs != nil {
		t.Errorf("runs of 1 tell %+v", runs)
	}
}

func onlyOf(listener string, runs []engine.Run) []engine.Run {
	var only []engine.Run
	for _, run := range runs {
		if run.Listener == listener {
			only = append(only, run)
		}
	}
	return only
}

func forgetSurvives(h *harness) {
	t := h.t
	h.enroll("stays")
	h.enroll("goes")
	h.respond(3)
	h.commit("goes", 2)
	h.forget("goes")
	h.reopen()
	h.cursors(map[string]uint64{"stays": 0})
	h.commit("stays", 1)
	h.forget("stays")
	h.enroll("goes")
	h.reopen()
	h.cursors(map[string]uint64{"goes": 3})
	// Together with everything else that is on its way.
	failed := make(chan error, 8)
	want := map[string]uint64{"goes": 3}
	for i := range cap(failed) {
		name := string(rune('a' + i))
		if i%2 == 0 {
			want[name] = 3
		}
		go func() { failed <- comeAndGo(h.context(), h.store, name, i%2 == 0) }()
	}
	for range cap(failed) {
		if err := <-failed; err != nil {
			t.Error(err)
		}
	}
	h.cursors(maps.Clone(want))
	h.reopen()
	h.cursors(want)
}

// comeAndGo enrolls and forgets a listener a few times. stays tells how it ends.
func comeAndGo(ctx context.Context, store engine.Store, listener string, stays bool) error {
	for range 5 {
		_, err := store.Enroll(ctx, listener)
		err = errors.Join(err, store.Commit(ctx, listener, 3, engine.Runs{Version: "v"}), store.Forget(ctx, listener))
		if err != nil {
			return err
		}
	}
	if !stays {
		return nil
	}
	_, err := store.Enroll(ctx, listener)
	return err
}

func forgetUnknown(h *harness) {
	t := h.t
	for _, listener := range []string{"nobody", ""} {
		if err := h.store.Forget(h.context(), listener); !errors.Is(err, engine.ErrNotFound) {
			t.Errorf("Forget(%q) = %v, want %v", listener, err, engine.ErrNotFound)
		}
	}
	h.enroll("l")
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if err := h.store.Forget(ctx, "l"); !errors.Is(err, context.Canceled) {
		t.Errorf("Forget with an ended context = %v", err)
	}
	h.cursors(map[string]uint64{"l": 0})
	h.forget("l")
	if err := h.store.Forget(h.context(), "l"); !errors.Is(err, engine.ErrNotFound) {
		t.Errorf("Forget again = %v, want %v", err, engine.ErrNotFound)
	}
}
