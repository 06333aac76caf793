package storetest

import (
	"github.com/google/go-cmp/cmp"

	"trackhook/engine"
)

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
