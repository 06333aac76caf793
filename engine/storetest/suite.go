package storetest

import (
	"testing"

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
		{"Hasten/those first that are due first", hastenEarliest},
		{"Hasten/only the app", hastenApp},
		{"Hasten/changes nothing else", hastenKeeps},
		{"Hasten/not what is leased", hastenLeased},
		{"Hasten/not what waits for a session", hastenWaiting},
		{"Hasten/wakes a Lease that waits", hastenWakes},
		{"Hasten/survives", hastenSurvives},
		{"HastenLane/only the lane", hastenLaneOnly},
		{"HastenLane/also what waits for a session", hastenLaneWaiting},
		{"HastenLane/wakes a Lease that waits", hastenLaneWakes},
		{"HastenLane/survives", hastenLaneSurvives},
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
		{"Device/with and without packages", deviceTells},
		{"Retry/at the end of the lane", retryEnd},
		{"Retry/keeps history, not attempts", retryKeeps},
		{"Retry/survives", retrySurvives},
		{"Drop/dead letters and queued packages", dropBoth},
		{"Drop/not what is being sent", dropLeased},
		{"Drop/the head that waits", dropWaiting},
		{"Drop/leaves a response", dropLogged},
		{"Drop/in the order given", dropInOrder},
		{"Counts/by app, kind, event and day", countsRows},
		{"Counts/survive", countsSurvive},
		{"Counts/many events", countsManyEvents},
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
