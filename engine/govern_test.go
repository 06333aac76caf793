package engine_test

import (
	"bytes"
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/rs/zerolog"

	"trackhook/engine"
	"trackhook/engine/memory"
)

func otherApp() engine.App { return engine.App{Token: "zzz123def456", Environment: engine.Sandbox} }

// of makes an event of an app.
func of(app engine.App, id, device string) engine.Package {
	p := pkg(id, device)
	p.App = app
	return p
}

// logged is a log that tests read.
type logged struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (l *logged) Write(b []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(b)
}

func (l *logged) count(parts ...string) (n int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for line := range strings.Lines(l.text.String()) {
		all := true
		for _, part := range parts {
			all = all && strings.Contains(line, part)
		}
		if all {
			n++
		}
	}
	return n
}

func TestBlockedAppIsPausedAloneAndComesBackSlowly(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var mu sync.Mutex
		refused, flying, most := true, 0, 0
		bad := otherApp()
		d := &deliverer{answer: func(_ context.Context, d engine.Delivery) engine.Response {
			if d.Package.App != bad {
				return engine.Response{Outcome: engine.Delivered, Status: 200}
			}
			mu.Lock()
			flying++
			most = max(most, flying)
			now := refused
			mu.Unlock()
			time.Sleep(time.Second)
			mu.Lock()
			flying--
			mu.Unlock()
			if now {
				return engine.Response{Outcome: engine.Blocked, Status: 401, Message: "Unauthorized"}
			}
			return engine.Response{Outcome: engine.Delivered, Status: 200}
		}}
		var log logged
		var states []engine.AppHealth
		store := memory.New()
		e := start(t, engine.Config{
			Store: store, Deliverer: d, InFlight: 8, Log: zerolog.New(&log),
			Hooks: engine.Hooks{App: func(h engine.AppHealth) { states = append(states, h) }},
		})
		r := &recorder{name: "r"}
		go e.Listen(context.Background(), r)
		synctest.Wait()
		for i := range 100 {
			device := fmt.Sprint("d", i)
			if err := e.Track(t.Context(), of(bad, fmt.Sprint("bad", i), device), of(bad, fmt.Sprint("worse", i), device)); err != nil {
				t.Fatal(err)
			}
		}
		time.Sleep(2 * time.Second)
		synctest.Wait()
		if got := len(d.ids()); got != 8 {
			t.Errorf("%d attempts were made before the pause, want the 8 in flight", got)
		}
		health := e.Health()
		if len(health.Apps) != 1 || health.Apps[0].App != bad || health.Apps[0].Cause != engine.PauseBlocked ||
			health.Apps[0].Message != "Unauthorized" || health.Apps[0].Probe.IsZero() || len(health.Reasons()) != 1 {
			t.Errorf("health is %+v", health)
		}
		// Others are sent as if nothing were.
		for i := range 20 {
			if err := e.Track(t.Context(), pkg(fmt.Sprint("good", i), fmt.Sprint("d", i))); err != nil {
				t.Fatal(err)
			}
		}
		synctest.Wait()
		if got := len(d.ids()); got != 28 {
			t.Errorf("%d attempts, want 20 more", got)
		}
		// The probes come on the slow clock, one at a time.
		time.Sleep(10 * time.Minute)
		synctest.Wait()
		if probes := len(d.ids()) - 28; probes < 3 || probes > 6 {
			t.Errorf("%d probes in ten minutes, want 3 to 6", probes)
		}
		mu.Lock()
		refused, most = false, 0
		mu.Unlock()
		until := time.Now().Add(31 * time.Minute)
		for len(e.Health().Apps) > 0 && time.Now().Before(until) {
			time.Sleep(time.Second)
		}
		synctest.Wait()
		if got := log.count(`"level":"info"`, "app released"); got != 1 {
			t.Errorf("the release was logged %d times", got)
		}
		time.Sleep(500 * time.Millisecond)
		mu.Lock()
		if most > 2 {
			t.Errorf("%d attempts at once right after the release", most)
		}
		mu.Unlock()
		time.Sleep(5 * time.Minute)
		synctest.Wait()
		stats, err := e.Stats(t.Context())
		if err != nil || stats.Queued != 0 || stats.Dead != 0 {
			t.Errorf("the store holds %+v (%v), want nothing", stats, err)
		}
		if got := log.count(`"level":"error"`, "refuses this app"); got != 1 {
			t.Errorf("%d alarms were logged, want 1", got)
		}
		if len(states) != 2 || states[0].Cause != engine.PauseBlocked || states[1].Cause != "" {
			t.Errorf("hooks heard %+v", states)
		}
		mu.Lock()
		if most != 8 {
			t.Errorf("at most %d attempts at once after the release, want 8 in the end", most)
		}
		mu.Unlock()
		news, last := 0, map[string]string{}
		for _, resp := range r.heard {
			if resp.Outcome == engine.Blocked && !resp.Repeat {
				news++
			}
			if resp.Outcome == engine.Blocked && (!resp.WillRetry || resp.NextAttempt.IsZero()) {
				t.Errorf("a blocked response says %v, %v", resp.WillRetry, resp.NextAttempt)
			}
			if resp.Outcome == engine.Delivered {
				device := resp.Package.App.Token + resp.Package.Device
				if last[device] > resp.Package.ID {
					t.Errorf("%s was delivered after %s", resp.Package.ID, last[device])
				}
				last[device] = resp.Package.ID
			}
		}
		if news != 1 {
			t.Errorf("%d failures were news, want one a pause", news)
		}
	})
}

func TestPauseSurvivesARestart(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := &deliverer{answer: func(context.Context, engine.Delivery) engine.Response {
			time.Sleep(time.Second)
			return engine.Response{Outcome: engine.Blocked, Status: 401}
		}}
		store := memory.New()
		e, err := engine.New(engine.Config{Store: store, Deliverer: d, InFlight: 8})
		if err != nil {
			t.Fatal(err)
		}
		for i := range 50 {
			if err := e.Track(t.Context(), pkg(fmt.Sprint("p", i), fmt.Sprint("d", i))); err != nil {
				t.Fatal(err)
			}
		}
		for run, want := range []int{8, 9} {
			ctx, cancel := context.WithCancel(t.Context())
			ran := make(chan error, 1)
			go func() { ran <- e.Run(ctx) }()
			time.Sleep(5 * time.Second)
			cancel()
			if err := <-ran; err != nil {
				t.Error(err)
			}
			if got := len(d.ids()); got != want {
				t.Errorf("after run %d there were %d attempts, want %d", run+1, got, want)
			}
		}
		responses, err := store.Read(t.Context(), 0, 100)
		if err != nil {
			t.Fatal(err)
		}
		news := 0
		for i, resp := range responses {
			if !resp.Repeat {
				news++
			}
			if last := i == len(responses)-1; last && !resp.Repeat {
				t.Error("the probe of the second run counts as news")
			}
		}
		if news != 1 {
			t.Errorf("%d responses are news, want 1", news)
		}
		if _, err := e.Close(); err != nil {
			t.Error(err)
		}
	})
}

func TestTooManyRequestsSlowTheAppDown(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		begun := time.Now()
		d := &deliverer{answer: func(_ context.Context, d engine.Delivery) engine.Response {
			time.Sleep(100 * time.Millisecond)
			if d.Package.App == otherApp() && time.Since(begun) < time.Second {
				return engine.Response{Outcome: engine.Retry, Status: 429, RetryIn: 30 * time.Second}
			}
			return engine.Response{Outcome: engine.Delivered, Status: 200}
		}}
		e := start(t, engine.Config{Deliverer: d, InFlight: 8})
		for i := range 100 {
			if err := e.Track(t.Context(), of(otherApp(), fmt.Sprint("slow", i), fmt.Sprint("d", i)), pkg(fmt.Sprint("good", i), fmt.Sprint("d", i))); err != nil {
				t.Fatal(err)
			}
		}
		time.Sleep(20 * time.Second)
		slow := 0
		for _, id := range d.ids() {
			if strings.HasPrefix(id, "slow") {
				slow++
			}
		}
		if slow > 8 || len(d.ids()) != slow+100 {
			t.Errorf("%d attempts of the app and %d of the other", slow, len(d.ids())-slow)
		}
		if health := e.Health(); len(health.Apps) != 1 || health.Apps[0].Cause != engine.PauseSlowed {
			t.Errorf("health is %+v", health)
		}
		time.Sleep(2 * time.Minute)
		synctest.Wait()
		if stats, err := e.Stats(t.Context()); err != nil || stats.Queued != 0 {
			t.Errorf("the store holds %+v (%v)", stats, err)
		}
		if health := e.Health(); len(health.Apps) != 0 {
			t.Errorf("health is %+v", health)
		}
	})
}

func TestHeldEventsWaitForASession(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		store, d := memory.New(), &deliverer{}
		e := start(t, engine.Config{
			Store: store, Deliverer: d, HoldEvents: func(app engine.App) bool { return app == demoApp() },
		})
		r := &recorder{name: "r"}
		go e.Listen(context.Background(), r)
		synctest.Wait()
		if err := e.Track(t.Context(), pkg("e1", "a"), pkg("e2", "a"), pkg("never", "b"), of(otherApp(), "free", "a")); err != nil {
			t.Fatal(err)
		}
		time.Sleep(24 * time.Hour)
		synctest.Wait()
		if got := d.ids(); !slices.Equal(got, []string{"free"}) {
			t.Errorf("sent %v", got)
		}
		lanes, _, err := store.Lanes(t.Context(), engine.Filter{AppToken: demoApp().Token}, "", 10)
		if err != nil || len(lanes) != 2 || !lanes[0].Waiting || !lanes[1].Waiting {
			t.Errorf("lanes are %+v (%v)", lanes, err)
		}
		session := pkg("s", "a")
		session.Kind = engine.KindSession
		if err := e.Track(t.Context(), session); err != nil {
			t.Fatal(err)
		}
		synctest.Wait()
		if got := d.ids(); !slices.Equal(got, []string{"free", "s", "e1", "e2"}) {
			t.Errorf("sent %v", got)
		}
		time.Sleep(7 * 24 * time.Hour)
		synctest.Wait()
		if dead := store.Dead(); len(dead) != 1 || dead[0].ID != "never" {
			t.Errorf("dead letters are %v", dead)
		}
		last := r.heard[len(r.heard)-1]
		if len(r.heard) != 5 || last.Outcome != engine.WaitForDevice || last.WillRetry || last.Attempt != 0 || last.Repeat ||
			!strings.Contains(last.Message, "no session of the device") {
			t.Errorf("heard %d, the last %+v", len(r.heard), last)
		}
	})
}

func TestSessionOvertakesAndReleases(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		known := map[string]bool{}
		var mu sync.Mutex
		d := &deliverer{answer: func(_ context.Context, d engine.Delivery) engine.Response {
			mu.Lock()
			defer mu.Unlock()
			if d.Package.Kind == engine.KindSession {
				if d.Attempt < 3 {
					return engine.Response{Outcome: engine.Retry}
				}
				known[d.Package.Device] = true
			}
			if !known[d.Package.Device] {
				return engine.Response{Outcome: engine.WaitForDevice, Status: 404, Message: "Device not found"}
			}
			return engine.Response{Outcome: engine.Delivered, Status: 200}
		}}
		e := start(t, engine.Config{Deliverer: d})
		session := pkg("s", "a")
		session.Kind = engine.KindSession
		if err := e.Track(t.Context(), pkg("e1", "a"), pkg("e2", "a"), session, pkg("e3", "a")); err != nil {
			t.Fatal(err)
		}
		begun := time.Now()
		for stats, _ := e.Stats(t.Context()); stats.Queued > 0; stats, _ = e.Stats(t.Context()) {
			time.Sleep(10 * time.Millisecond)
		}
		if took := time.Since(begun); took > time.Second {
			t.Errorf("it took %v; the session must not wait for the event's clock, nor the event for its own", took)
		}
		if got := d.ids(); !slices.Equal(got, []string{"e1", "s", "s", "s", "e1", "e2", "e3"}) {
			t.Errorf("sent %v", got)
		}
	})
}

func TestShutdownDoesNotBurySales(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		// What engine/adjust says of a sale that was sent and not answered.
		d := &deliverer{answer: func(ctx context.Context, _ engine.Delivery) engine.Response {
			<-ctx.Done()
			return engine.Response{Outcome: engine.Unclear, Rule: "no answer to revenue", Ambiguous: true}
		}}
		store := memory.New()
		e, err := engine.New(engine.Config{Store: store, Deliverer: d, Drain: time.Second})
		if err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithCancel(t.Context())
		ran := make(chan error, 1)
		go func() { ran <- e.Run(ctx) }()
		sale := event("revenue", "1.99", "currency", "EUR")
		if err := e.Track(t.Context(), sale); err != nil {
			t.Fatal(err)
		}
		synctest.Wait()
		cancel()
		if err := <-ran; err != nil {
			t.Error(err)
		}
		responses, err := store.Read(t.Context(), 0, 10)
		if err != nil || len(responses) != 1 {
			t.Fatalf("responses are %v (%v)", responses, err)
		}
		if r := responses[0]; r.Outcome != engine.Retry || !r.Ambiguous || !r.WillRetry || r.Repeat || r.Rule != "shutdown" {
			t.Errorf("response is %+v", r)
		}
		stats, err := e.Close()
		if err != nil || stats.Queued != 1 || stats.Dead != 0 || stats.Ambiguous != 1 {
			t.Errorf("the store holds %+v (%v)", stats, err)
		}
	})
}

// clockStore remembers what was settled.
type clockStore struct {
	*memory.Store
	dues []time.Time
}

func (s *clockStore) Settle(ctx context.Context, all ...engine.Settlement) error {
	for i := range all {
		if v := all[i].Verdict; v == engine.Requeue || v == engine.Return {
			s.dues = append(s.dues, all[i].Due)
		}
	}
	return s.Store.Settle(ctx, all...)
}

// A system clock that jumps must not move what is due: each due time carries the reading of the monotonic clock, with
// which stores and timers compute.
func TestDueTimesCarryTheMonotonicClock(t *testing.T) {
	outcomes := []engine.Outcome{engine.Retry, engine.WaitForDevice, engine.Blocked, engine.Unclear, engine.Delivered}
	store := &clockStore{Store: memory.New()}
	d := &deliverer{answer: func(_ context.Context, d engine.Delivery) engine.Response {
		return engine.Response{Outcome: outcomes[d.Attempt-1], At: time.Now().Round(0)}
	}}
	// Not in a bubble: its clock has no monotonic reading.
	fast := engine.Backoff{Base: time.Millisecond, Max: time.Millisecond}
	over := make(chan struct{})
	e, err := engine.New(engine.Config{
		Store: store, Deliverer: d, HoldEvents: func(app engine.App) bool { return app == otherApp() },
		Schedule: engine.Schedule{Default: fast, Device: fast, Blocked: fast},
		Hooks: engine.Hooks{Response: func(r *engine.Response) {
			if r.Outcome == engine.Delivered {
				close(over)
			}
		}},
	})
	if err != nil {
		t.Fatal(err)
	}
	ran := make(chan error, 1)
	go func() { ran <- e.Run(context.Background()) }()
	if err := e.Track(t.Context(), pkg("e1", "a"), of(otherApp(), "held", "a")); err != nil {
		t.Fatal(err)
	}
	<-over
	if _, err := e.Close(); err != nil {
		t.Error(err)
	}
	if err := <-ran; err != nil {
		t.Error(err)
	}
	if len(store.dues) < 5 {
		t.Fatalf("%d due times", len(store.dues))
	}
	for _, due := range store.dues {
		if !strings.Contains(due.String(), "m=") {
			t.Errorf("%v has no monotonic reading", due)
		}
	}
}
