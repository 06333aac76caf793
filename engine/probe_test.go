package engine_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"trackhook/engine"
	"trackhook/engine/memory"
)

// fickle is a server that does as it is told, and whose answers take a second once it takes packages.
type fickle struct {
	mu           sync.Mutex
	now          func(engine.Delivery) engine.Response // guarded by mu, with all below
	flying, most int
	order        []string
}

func (f *fickle) does(now func(engine.Delivery) engine.Response) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.now, f.most, f.order = now, 0, nil
}

func (f *fickle) Deliver(_ context.Context, d engine.Delivery) engine.Response {
	f.mu.Lock()
	f.flying++
	f.most = max(f.most, f.flying)
	f.order = append(f.order, d.Package.ID)
	now := f.now
	f.mu.Unlock()
	r := now(d)
	f.mu.Lock()
	defer f.mu.Unlock()
	f.flying--
	return r
}

// seen returns how many attempts were made since it was last told what to do, and the most at once.
func (f *fickle) seen() (attempts, most int) {
	f.mu.Lock()
	defer f.mu.Unlock()
	return len(f.order), f.most
}

func answers(r engine.Response) func(engine.Delivery) engine.Response {
	return func(engine.Delivery) engine.Response { return r }
}

func slowly(r engine.Response) func(engine.Delivery) engine.Response {
	return func(engine.Delivery) engine.Response {
		time.Sleep(time.Second)
		return r
	}
}

func delivered() engine.Response { return engine.Response{Outcome: engine.Delivered, Status: 200} }

func noAnswer() engine.Response {
	return engine.Response{Outcome: engine.Retry, Message: "connection refused"}
}

// hourly is a clock on which everything waits an hour.
func hourly() engine.Schedule {
	hour := engine.Backoff{Base: time.Hour, Max: time.Hour, JitterMin: 1, JitterMax: 1}
	return engine.Schedule{Default: hour, Install: hour, Device: hour, Blocked: hour}
}

// wants checks what came of a probe. 0: there was no answer.
func wants(t *testing.T, got engine.Probed, err error, hastened int, outcome engine.Outcome) {
	t.Helper()
	var was engine.Outcome
	if got.Response != nil {
		was = got.Response.Outcome
	}
	if err != nil || got.Hastened != hastened || was != outcome {
		t.Errorf("the probe: %+v (%+v), %v; want %d hastened, %s", got, got.Response, err, hastened, outcome)
	}
}

func TestProbeOfABlockedApp(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var server fickle
		server.does(answers(refusal()))
		e := start(t, engine.Config{Deliverer: &server, InFlight: 8, Schedule: hourly()})
		for i := range 100 {
			if err := e.Track(t.Context(), pkg(fmt.Sprint("p", i), fmt.Sprint("d", i))); err != nil {
				t.Fatal(err)
			}
		}
		synctest.Wait()
		app := pkg("", "").App
		before, _ := server.seen()
		got, err := e.Probe(t.Context(), app)
		wants(t, got, err, 0, engine.Blocked)
		if got.Response != nil && time.Until(got.Response.NextAttempt) != time.Hour {
			t.Errorf("it is tried again in %s, want an hour", time.Until(got.Response.NextAttempt))
		}
		synctest.Wait()
		if after, _ := server.seen(); after != before+1 {
			t.Errorf("%d attempts for a probe", after-before)
		}
		server.does(slowly(delivered()))
		got, err = e.Probe(t.Context(), app)
		wants(t, got, err, 0, engine.Delivered)
		time.Sleep(500 * time.Millisecond)
		if _, most := server.seen(); most > 1 {
			t.Errorf("%d attempts at once right after the probe", most)
		}
		time.Sleep(time.Minute)
		synctest.Wait()
		if stats, err := e.Stats(t.Context()); err != nil || stats.Queued != 0 || len(e.Health().Apps) != 0 {
			t.Errorf("%+v, %v; health %+v", stats, err, e.Health())
		}
	})
}

// Devices wait for an hour each, also from a run before, which nobody has told this run of. They go with a gentle start, in
// their order.
func TestProbeOfDevicesThatWait(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		store := memory.New()
		var server fickle
		server.does(answers(noAnswer()))
		e := start(t, engine.Config{Store: survivor{store}, Deliverer: &server, InFlight: 8, Schedule: hourly()})
		for i := range 50 {
			device := fmt.Sprint("d", i)
			if err := e.Track(t.Context(), pkg(device+" first", device), pkg(device+" second", device), of(otherApp(), device+" other", device)); err != nil {
				t.Fatal(err)
			}
		}
		synctest.Wait()
		if _, err := e.Close(); err != nil {
			t.Fatal(err)
		}
		again := start(t, engine.Config{Store: survivor{store}, Deliverer: &server, InFlight: 8, Schedule: hourly()})
		server.does(slowly(delivered()))
		synctest.Wait()
		got, err := again.Probe(t.Context(), pkg("", "").App)
		wants(t, got, err, 50, engine.Delivered)
		if attempts, most := server.seen(); attempts > 2 || most > 1 {
			t.Errorf("%d attempts, %d at once, when the first was over", attempts, most)
		}
		time.Sleep(2 * time.Minute)
		synctest.Wait()
		place := map[string]int{}
		for i, id := range server.order {
			place[id] = i + 1
		}
		for i := range 50 {
			first, second := place[fmt.Sprintf("d%d first", i)], place[fmt.Sprintf("d%d second", i)]
			if first == 0 || second < first || place[fmt.Sprintf("d%d other", i)] != 0 {
				t.Errorf("device %d: its packages came at %d and %d", i, first, second)
			}
		}
		if _, most := server.seen(); most != 8 {
			t.Errorf("at most %d attempts at once in the end", most)
		}
	})
}

// survivor is a store that another engine has afterwards.
type survivor struct{ *memory.Store }

func (survivor) Close() error { return nil }

// An app that was asked to slow down for an hour is probed.
func TestProbeOfASlowedApp(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var server fickle
		server.does(answers(engine.Response{Outcome: engine.Retry, Status: 429, RetryIn: time.Hour, Message: "too many"}))
		e := start(t, engine.Config{Deliverer: &server, InFlight: 8, Schedule: hourly()})
		if err := e.Track(t.Context(), pkg("1", "a"), pkg("2", "b")); err != nil {
			t.Fatal(err)
		}
		synctest.Wait()
		if health := e.Health(); len(health.Apps) != 1 || health.Apps[0].Probe.IsZero() {
			t.Fatalf("health is %+v", health)
		}
		server.does(answers(delivered()))
		got, err := e.Probe(t.Context(), pkg("", "").App)
		if err != nil || got.Response == nil || got.Response.Outcome != engine.Delivered {
			t.Errorf("%+v, %v", got, err)
		}
		synctest.Wait()
		if stats, err := e.Stats(t.Context()); err != nil || stats.Queued != 0 {
			t.Errorf("%+v, %v", stats, err)
		}
	})
}

// termGate is a gate whose one endpoint is up, and begins a term with each probe.
type termGate struct{ term uint64 }

func (*termGate) Endpoint(engine.App, engine.Kind) string { return "server" }
func (g *termGate) Room(string) engine.Room               { return engine.Room{Attempts: -1, Term: g.term} }
func (g *termGate) Probe(string)                          { g.term++ }
func (*termGate) Record(string, engine.Attempt)           {}

func TestProbeOfNothing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var server fickle
		server.does(answers(engine.Response{Outcome: engine.WaitForDevice, Status: 404}))
		app := pkg("", "").App
		e := start(t, engine.Config{
			Deliverer: &server, Schedule: hourly(), Serves: func(a engine.App) bool { return a == app },
		})
		got, err := e.Probe(t.Context(), app)
		if wants(t, got, err, 0, 0); !got.Idle {
			t.Errorf("with an empty queue: %+v", got)
		}
		for i := range 200 {
			if err := e.Track(t.Context(), pkg(fmt.Sprint("p", i), fmt.Sprint("d", i))); err != nil {
				t.Fatal(err)
			}
		}
		synctest.Wait()
		got, err = e.Probe(t.Context(), app)
		if wants(t, got, err, 0, 0); !got.Idle {
			t.Errorf("with devices that wait for their sessions: %+v", got)
		}
		if _, err := e.Probe(t.Context(), otherApp()); !errors.Is(err, engine.ErrNotFound) {
			t.Errorf("an app that is not served: %v", err)
		}
		if _, err := e.ProbeEndpoint(t.Context(), "http://elsewhere.example", app); !errors.Is(err, engine.ErrNotFound) {
			t.Errorf("an endpoint that nothing is sent to: %v", err)
		}
		still, err := engine.New(engine.Config{Store: memory.New(), Deliverer: &server})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := still.Probe(t.Context(), app); err == nil {
			t.Error("an engine that does not run is probed")
		}
	})
}

// What was in flight before the probe says nothing about it, and does not stand in its way.
func TestProbeBesideAttemptsThatHang(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var server fickle
		hung := make(chan struct{})
		server.does(func(engine.Delivery) engine.Response {
			<-hung
			return noAnswer()
		})
		e := start(t, engine.Config{Deliverer: &server, Gate: &termGate{}, InFlight: 2, Schedule: hourly()})
		if err := e.Track(t.Context(), pkg("1", "a"), pkg("2", "b"), pkg("3", "c")); err != nil {
			t.Fatal(err)
		}
		synctest.Wait()
		app := pkg("", "").App
		server.does(slowly(delivered()))
		got, err := e.ProbeEndpoint(t.Context(), "server", app)
		wants(t, got, err, 0, engine.Delivered)
		close(hung)
		time.Sleep(time.Minute)
		synctest.Wait()
		got, err = e.Probe(t.Context(), app)
		wants(t, got, err, 2, engine.Delivered)
		// Who does not wait long enough is told nothing.
		server.does(slowly(delivered()))
		if err := e.Track(t.Context(), pkg("4", "d")); err != nil {
			t.Fatal(err)
		}
		soon, cancel := context.WithTimeout(t.Context(), time.Millisecond)
		defer cancel()
		got, err = e.Probe(soon, app)
		wants(t, got, err, 0, 0)
	})
}

// A host begins with a blocked app: one attempt hangs, and what else there is was leased before anything was known of the
// app. None of it waits for that attempt when the app is probed.
func TestProbeBesideAProbeThatHangs(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		store := survivor{memory.New()}
		var server fickle
		server.does(answers(refusal()))
		e := start(t, engine.Config{Store: store, Deliverer: &server, InFlight: 8, Schedule: hourly()})
		for i := range 8 {
			if err := e.Track(t.Context(), pkg(fmt.Sprint("p", i), fmt.Sprint("d", i))); err != nil {
				t.Fatal(err)
			}
		}
		synctest.Wait()
		if _, err := e.Close(); err != nil {
			t.Fatal(err)
		}
		hung := make(chan struct{})
		server.does(func(engine.Delivery) engine.Response {
			<-hung
			return noAnswer()
		})
		again := start(t, engine.Config{Store: store, Deliverer: &server, InFlight: 8, Schedule: hourly()})
		if attempts, _ := server.seen(); attempts != 1 {
			t.Fatalf("%d attempts, want one that hangs", attempts)
		}
		server.does(slowly(delivered()))
		soon, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		got, err := again.Probe(soon, pkg("", "").App)
		wants(t, got, err, 0, engine.Delivered)
		if attempts, most := server.seen(); attempts > 2 || most > 2 {
			t.Errorf("%d attempts, %d at once, for a probe beside one that hangs", attempts, most)
		}
		close(hung)
		time.Sleep(2 * time.Hour)
		synctest.Wait()
		if stats, err := again.Stats(t.Context()); err != nil || stats.Queued != 0 {
			t.Errorf("%+v, %v", stats, err)
		}
	})
}
