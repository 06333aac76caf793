package main

import (
	"context"
	"fmt"
	"os"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"trackhook/engine"
	"trackhook/engine/adjust"
	"trackhook/engine/disk"
	"trackhook/engine/sandbox"
)

// finals hears every response, and keeps the last of each package.
type finals struct {
	mu       sync.Mutex
	outcome  map[string]engine.Outcome
	rule     map[string]string
	attempts map[string]int
	want     int
	all      chan struct{}
}

func (*finals) Name() string { return "finals" }

func (f *finals) Handle(_ context.Context, responses []engine.Response) (int, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for i := range responses {
		r := &responses[i]
		if r.Attempt > 0 {
			f.attempts[r.Package.ID]++
		}
		if r.WillRetry {
			continue
		}
		f.outcome[r.Package.ID], f.rule[r.Package.ID] = r.Outcome, r.Rule
		if len(f.outcome) == f.want {
			close(f.all)
			f.want = -1
		}
	}
	return len(responses), nil
}

// faults are thirty of a hundred requests going wrong in every way, with waits that do not make the test long.
func faults() []sandbox.Fault {
	all := sandbox.Mix(0.3)
	for i := range all {
		all[i].RetryAfter = ""
		all[i].RetryIn = min(all[i].RetryIn, 20)
	}
	return all
}

// TestFaults sends ten packages of each of many devices, of ten thousand in a long run, through a server that fails three
// in ten.
func TestFaults(t *testing.T) {
	devices, each := 60, 10
	if os.Getenv("TRACKHOOK_LONG") != "" && !raceEnabled {
		devices = 10_000
	}
	defer goleak.VerifyNone(t, goleak.IgnoreCurrent())
	server, err := sandbox.Start(context.Background(), "127.0.0.1:0", sandbox.Config{
		Seed: 7, CountBy: "n", Compact: true, KeepRequests: 1_000_000, Faults: faults(),
	})
	if err != nil {
		t.Fatal(err)
	}
	defer server.Close()
	heard := &finals{
		outcome: map[string]engine.Outcome{}, rule: map[string]string{}, attempts: map[string]int{}, want: devices * each,
		all: make(chan struct{}),
	}
	before := heap()
	sendAll(t, server.URL, heard, devices, each)

	// Each package ended as one of three, the dead ones for the one reason that there is: the server may have counted
	// revenue, and asking again could count it twice.
	ends := map[string]int{}
	for id, outcome := range heard.outcome {
		ends[outcome.String()]++
		if outcome.Success() {
			continue
		}
		if _, n, _ := strings.Cut(id, "-"); outcome != engine.Unclear || n == "0" || n == "1" {
			t.Errorf("%s ended as %s by rule %s", id, outcome, heard.rule[id])
		}
	}
	t.Logf("%d packages: %v, %d requests, %d counted twice", devices*each, ends, server.Totals().Requests, len(server.Repeated()))
	if ends["delivered"] < devices*each/2 || ends["unclear"] == 0 {
		t.Errorf("ends are %v", ends)
	}
	checkOrder(t, server)
	for id, outcome := range heard.outcome {
		if counted := server.Count(id).Counted; outcome == engine.Delivered && counted == 0 {
			t.Errorf("%s is delivered, and the server does not know it", id)
		}
	}
	clear(heard.outcome)
	clear(heard.rule)
	clear(heard.attempts)
	server.Reset()
	if after := heap(); after > before+64<<20 {
		t.Errorf("the heap went from %d to %d MB", before>>20, after>>20)
	}
}

// sendAll tracks everything, runs an engine until all packages have ended, and closes it.
func sendAll(t *testing.T, endpoint string, heard *finals, devices, each int) {
	t.Helper()
	store, err := disk.Open(disk.Config{Dir: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	const inFlight = 256
	deliverer, err := adjust.New(adjust.Config{Endpoint: endpoint, Timeout: time.Second, MaxConns: inFlight})
	if err != nil {
		t.Fatal(err)
	}
	// Three faults in ten must not look like an outage, also when chance heaps them up: that is another test's matter.
	gate, err := adjust.NewGate(deliverer, adjust.GateConfig{MaxInFlight: inFlight, MinInFlight: inFlight / 2, Faults: 90, Window: 100})
	if err != nil {
		t.Fatal(err)
	}
	soon := engine.Backoff{Base: 10 * time.Millisecond, Max: 100 * time.Millisecond}
	e, err := engine.New(engine.Config{
		Store: store, Deliverer: deliverer, Gate: gate, InFlight: inFlight,
		Schedule: engine.Schedule{Default: soon, Install: soon, Device: soon, Blocked: soon},
	})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := store.Enroll(t.Context(), heard.Name()); err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	var loops sync.WaitGroup
	loops.Go(func() {
		if err := e.Listen(ctx, heard); err != nil {
			t.Error(err)
		}
	})
	loops.Go(func() {
		if err := e.Run(ctx); err != nil {
			t.Error(err)
		}
	})
	for n := range each {
		batch := make([]engine.Package, 0, devices)
		for device := range devices {
			batch = append(batch, faultyPackage(device, n))
		}
		if err := e.Track(t.Context(), batch...); err != nil {
			t.Fatal(err)
		}
	}
	select {
	case <-heard.all:
	case <-time.After(9 * time.Minute):
		stats, _ := e.Stats(t.Context())
		t.Errorf("still queued: %+v, health %+v", stats, e.Health())
	}
	stop()
	loops.Wait()
	if stats, err := e.Close(); err != nil || stats.Queued != 0 {
		t.Errorf("closed with %+v (%v)", stats, err)
	}
	if err := deliverer.Close(); err != nil {
		t.Error(err)
	}
}

// faultyPackage is a session first, then events, of which some report revenue.
func faultyPackage(device, n int) engine.Package {
	name := fmt.Sprintf("%d-%d", device, n)
	p := engine.Package{
		ID: name, Kind: engine.KindEvent, App: engine.App{Token: appToken, Environment: engine.Sandbox},
		Params:         map[string]string{"external_device_id": "pc-" + strconv.Itoa(device), "event_token": "abc123"},
		CallbackParams: map[string]string{"n": name},
	}
	switch {
	case n == 0:
		p.Kind = engine.KindSession
		delete(p.Params, "event_token")
	case n >= 8:
		p.Params["revenue"], p.Params["currency"] = "1.99", "EUR"
	}
	return p
}

func checkOrder(t *testing.T, server *sandbox.LocalServer) {
	t.Helper()
	newest, seen := map[string]int{}, map[string]bool{}
	for _, r := range server.Requests() {
		device, number, ok := strings.Cut(r.Key, "-")
		n, err := strconv.Atoi(number)
		if !ok || err != nil || !r.Counted || seen[r.Key] {
			continue
		}
		seen[r.Key] = true
		if n < newest[device] {
			t.Errorf("%s was counted after %s-%d", r.Key, device, newest[device])
		}
		newest[device] = n
	}
}

func heap() uint64 {
	runtime.GC()
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}
