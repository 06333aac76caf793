package storetest

import (
	"context"
	"sync"
	"testing"
	"time"

	"trackhook/engine"

	"pgregory.net/rapid"
)

// Chance returns a number from 0 to n-1.
type Chance func(n int) int

// History makes random steps on a store and keeps a model of it. Steps are made by one goroutine; [History.Models] may
// be called from others meanwhile, which is what a test does that lets a store crash in the middle of a step.
type History struct {
	store  engine.Store
	chance Chance
	leases []engine.Lease
	limits map[engine.App]int
	ids    int
	begun  time.Time // when it began, and how many were settled to be due far later
	far    int

	mu    sync.Mutex
	sure  *Model // guarded by mu; everything that was acknowledged
	maybe *Model // guarded by mu; with the step in hand; nil between steps
}

// NewHistory begins with an empty store.
func NewHistory(store engine.Store, chance Chance) *History {
	return &History{store: store, chance: chance, limits: make(map[engine.App]int), begun: time.Now(), sure: newModel()}
}

// Models returns what the store must hold, and, when a step is in hand, what it may hold instead.
func (h *History) Models() (sure, maybe *Model) {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.sure, h.maybe
}

// Reopened tells that the store was opened again, which ends all leases and limits.
func (h *History) Reopened(store engine.Store) {
	h.store = store
	h.leases = nil
	clear(h.limits)
}

// attempt makes a step: the model changes by change when call returns nil, and may have changed when it does not.
func (h *History) attempt(change func(*Model), call func() error) error {
	next := h.sure.clone()
	change(next)
	h.mu.Lock()
	h.maybe = next
	h.mu.Unlock()
	if err := call(); err != nil {
		return err
	}
	h.mu.Lock()
	h.sure, h.maybe = next, nil
	h.mu.Unlock()
	return nil
}

// Step makes a random step. After an error the step may or may not have been made; [History.Models] has both.
func (h *History) Step(ctx context.Context) error {
	switch h.chance(16) {
	case 0, 1, 2:
		return h.append(ctx)
	case 3, 4, 5:
		return h.lease(ctx)
	case 6, 7, 8, 9:
		return h.settle(ctx)
	case 10:
		return h.listen(ctx)
	case 11:
		return h.retry(ctx)
	case 12:
		return h.drop(ctx)
	case 13:
		return h.limit()
	case 14:
		return h.hasten(ctx)
	default:
		return h.setValues(ctx)
	}
}

// checkModel compares a store with the model over random histories with clean closes in between.
func checkModel(t *testing.T, fresh func(testing.TB) Opener) {
	t.Helper()
	rapid.Check(t, func(rt *rapid.T) {
		open := fresh(t)
		store, err := open()
		if err != nil {
			rt.Fatalf("open: %v", err)
		}
		defer func() {
			if err := store.Close(); err != nil {
				rt.Errorf("close: %v", err)
			}
		}()
		reopen := func() {
			if err := store.Close(); err != nil {
				rt.Fatalf("close: %v", err)
			}
			next, err := open()
			if err != nil {
				rt.Fatalf("open again: %v", err)
			}
			store = next
		}
		h := NewHistory(store, func(n int) int { return rapid.IntRange(0, n-1).Draw(rt, "chance") })
		ctx, cancel := context.WithTimeout(context.Background(), 10*soon)
		defer cancel()
		for range rapid.IntRange(1, 120).Draw(rt, "steps") {
			if h.chance(20) == 0 {
				reopen()
				h.Reopened(store)
			}
			if err := h.Step(ctx); err != nil {
				rt.Fatalf("step: %v", err)
			}
		}
		reopen()
		got, err := Contents(ctx, store)
		if err != nil {
			rt.Fatalf("read contents: %v", err)
		}
		if diff := h.sure.Diff(got, false); diff != "" {
			rt.Fatalf("store differs from the model (-want +got):\n%s", diff)
		}
	})
}
