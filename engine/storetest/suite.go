package storetest

import (
	"context"
	"testing"
	"time"

	"trackhook/engine"
)

// Opener opens one store. The suite calls it again after Close, and finds what was there before.
type Opener func() (engine.Store, error)

// Run runs the suite. fresh makes a new, empty store, and what it needs for it is released at the end of its test.
func Run(t *testing.T, fresh func(testing.TB) Opener) {
	t.Helper()
	tests := []struct {
		name string
		run  func(*harness)
	}{
		{"Append/survives", appendSurvives},
		{"Append/keeps all fields", appendKeepsFields},
		{"Append/same ID is one package", appendSameID},
		{"Append/known ID while dead", appendWhileDead},
		{"Append/known ID after the end", appendAfterEnd},
		{"Append/keeps the order of a lane", appendOrder},
		{"Append/ended context stores nothing", appendEnded},
		{"Append/many at once", appendConcurrently},
		{"Lease/waits for a package", leaseWaits},
		{"Lease/waits for the due time", leaseWaitsForDue},
		{"Lease/context ends", leaseEnds},
		{"Lease/at most limit", leaseLimit},
		{"Lease/earliest due first", leaseEarliest},
		{"Lease/one of a lane at a time", leaseOneOfLane},
		{"Lease/lanes are apart", leaseLanes},
		{"Lease/free after reopening", leaseFreeAfterReopen},
		{"Lease/apps take turns", leaseTurns},
		{"Limit/bounds the leases of an app", limitBounds},
		{"Limit/wakes a Lease that waits", limitWakes},
		{"Limit/lives in memory", limitInMemory},
		{"Settle/Remove", settleRemove},
		{"Settle/Requeue", settleRequeue},
		{"Settle/Bury", settleBury},
		{"Settle/Return", settleReturn},
		{"Settle/device stays", settleDevice},
		{"Settle/in the order of the call", settleOrder},
		{"Settle/skips what is not held", settleNotHeld},
		{"Settle/survives", settleSurvives},
		{"Wait/a session behind overtakes", waitBehind},
		{"Wait/a session that comes later overtakes", waitLater},
		{"Wait/a session that comes during the attempt overtakes", waitDuring},
		{"Wait/an accepted session releases", waitReleased},
		{"Wait/sessions keep their order", waitSessions},
		{"Wait/keeps what came of both", waitKeeps},
		{"Wait/survives", waitSurvives},
		{"Wait/with Return", waitReturn},
		{"Wait/ends when settled without", waitEnds},
		{"Read/keeps all fields", readKeepsFields},
		{"Read/waits for a response", readWaits},
		{"Read/context ends", readEnds},
		{"Read/after and limit", readPages},
		{"Enroll/begins at the end", enrollAtEnd},
		{"Enroll/survives", enrollSurvives},
		{"Commit/never moves back", commitNeverBack},
		{"Commit/survives Close", commitSurvives},
		{"Commit/cursors are apart", cursorsApart},
		{"Forget/removes the cursor and its runs", forgetRemoves},
		{"Forget/survives", forgetSurvives},
		{"Forget/unknown listener", forgetUnknown},
		{"Packages/by lane, in order", packagesOrder},
		{"Packages/filter", packagesFilter},
		{"Packages/pages", packagesPages},
		{"Package/wherever it is", packageStates},
		{"History/all responses of a package", historyAll},
		{"Lanes/tell what is next", lanesTell},
		{"Lanes/pages", lanesPages},
		{"Retry/at the end of the lane", retryEnd},
		{"Retry/keeps history, not attempts", retryKeeps},
		{"Retry/survives", retrySurvives},
		{"Drop/dead letters and queued packages", dropBoth},
		{"Drop/not what is being sent", dropLeased},
		{"Drop/the head that waits", dropWaiting},
		{"Drop/leaves a response", dropLogged},
		{"Counts/by app, kind, event and day", countsRows},
		{"Counts/survive", countsSurvive},
		{"Runs/by listener", runsListeners},
		{"Runs/survive", runsSurvive},
		{"Values/set, read, remove", valuesSet},
		{"Values/spaces are apart", valuesSpaces},
		{"Values/survive", valuesSurvive},
		{"Stats/count", statsCount},
		{"Close/twice", closeTwice},
		{"Close/ends all calls", closeEndsCalls},
		{"Close/ends calls that wait", closeEndsWaiting},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			h := &harness{t: t, open: fresh(t)}
			h.reopen()
			defer h.close()
			test.run(h)
		})
	}
	t.Run("Model", func(t *testing.T) { checkModel(t, fresh) })
}

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

func ids(leases []engine.Lease) []string {
	var all []string
	for i := range leases {
		all = append(all, leases[i].Package.ID)
	}
	return all
}

// pack makes a package of a device. IDs are the test's.
func pack(id, device string) engine.Package {
	return engine.Package{
		ID: id, Kind: engine.KindEvent,
		App:     engine.App{Token: "abc123def456", Environment: engine.Sandbox},
		Device:  "external_device_id=" + device,
		Params:  map[string]string{"external_device_id": device, "event_token": "abc123"},
		Created: time.Unix(1_700_000_000, 0),
	}
}

// outcome makes a settlement of a lease as the sending loop does.
func outcome(lease engine.Lease, verdict engine.Verdict, o engine.Outcome) engine.Settlement {
	return engine.Settlement{
		Lease: lease, Verdict: verdict, Due: time.Now(),
		Response: engine.Response{
			Package: lease.Package, Attempt: lease.Attempts + 1, Outcome: o, Status: 200,
			Message: "message of " + lease.Package.ID, At: time.Now(), WillRetry: verdict == engine.Requeue,
		},
	}
}

func remove(lease engine.Lease) engine.Settlement {
	return outcome(lease, engine.Remove, engine.Delivered)
}

func requeue(lease engine.Lease, wait time.Duration) engine.Settlement {
	s := outcome(lease, engine.Requeue, engine.Retry)
	s.Lease.Failures++
	s.Due = time.Now().Add(wait)
	return s
}
