package storetest

import (
	"context"
	"testing"
	"time"

	"trackhook/engine"
)

// soon bounds every wait of a test: far longer than anything should take, so that reaching it is a failure.
const soon = time.Minute

// harness is a store that can be opened again, with methods that end the test when they fail.
type harness struct {
	t     testing.TB
	open  Opener
	store engine.Store
}

func (h *harness) close() {
	h.t.Helper()
	if h.store == nil {
		return
	}
	if err := h.store.Close(); err != nil {
		h.t.Fatalf("Close: %v", err)
	}
	h.store = nil
}

func (h *harness) reopen() {
	h.t.Helper()
	h.close()
	store, err := h.open()
	if err != nil {
		h.t.Fatalf("open: %v", err)
	}
	h.store = store
}

func (h *harness) context() context.Context {
	ctx, cancel := context.WithTimeout(context.Background(), soon)
	h.t.Cleanup(cancel)
	return ctx
}

func (h *harness) append(packages ...engine.Package) {
	h.t.Helper()
	if err := h.store.Append(h.context(), packages...); err != nil {
		h.t.Fatalf("Append: %v", err)
	}
}

func (h *harness) lease(limit int) []engine.Lease {
	h.t.Helper()
	leases, err := h.store.Lease(h.context(), limit)
	if err != nil {
		h.t.Fatalf("Lease: %v", err)
	}
	return leases
}

// one leases exactly one package and checks which.
func (h *harness) one(id string) engine.Lease {
	h.t.Helper()
	leases := h.lease(1)
	if len(leases) != 1 || leases[0].Package.ID != id {
		h.t.Fatalf("Lease(1) = %v, want %s", ids(leases), id)
	}
	return leases[0]
}

// nothing checks that nothing can be leased now.
func (h *harness) nothing() {
	h.t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Millisecond)
	defer cancel()
	if leases, err := h.store.Lease(ctx, 100); err == nil {
		h.t.Fatalf("Lease = %v, want nothing", ids(leases))
	}
}

func (h *harness) settle(settlements ...engine.Settlement) {
	h.t.Helper()
	if err := h.store.Settle(h.context(), settlements...); err != nil {
		h.t.Fatalf("Settle: %v", err)
	}
}

func (h *harness) read(after uint64, limit int) []engine.Response {
	h.t.Helper()
	responses, err := h.store.Read(h.context(), after, limit)
	if err != nil {
		h.t.Fatalf("Read: %v", err)
	}
	return responses
}

func (h *harness) last() uint64 {
	h.t.Helper()
	last, err := h.store.Last(h.context())
	if err != nil {
		h.t.Fatalf("Last: %v", err)
	}
	return last
}

func (h *harness) enroll(listener string) uint64 {
	h.t.Helper()
	seq, err := h.store.Enroll(h.context(), listener)
	if err != nil {
		h.t.Fatalf("Enroll: %v", err)
	}
	return seq
}

func (h *harness) commit(listener string, seq uint64) {
	h.t.Helper()
	if err := h.store.Commit(h.context(), listener, seq, engine.Runs{}); err != nil {
		h.t.Fatalf("Commit: %v", err)
	}
}

func (h *harness) stats() engine.Stats {
	h.t.Helper()
	stats, err := h.store.Stats(h.context())
	if err != nil {
		h.t.Fatalf("Stats: %v", err)
	}
	return stats
}
