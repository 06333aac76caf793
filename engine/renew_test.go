package engine_test

import (
	"context"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"trackhook/engine"
)

// New clocks hold from the next attempt on, and wrong ones change nothing.
func TestReschedule(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := &deliverer{answer: func(context.Context, engine.Delivery) engine.Response {
			return engine.Response{Outcome: engine.Retry}
		}}
		e := start(t, engine.Config{Deliverer: d})
		if _, err := e.Reschedule(engine.Schedule{Default: engine.Backoff{Base: -1}}); err == nil {
			t.Error("a negative clock is taken")
		}
		if err := e.Track(t.Context(), pkg("a", "a")); err != nil {
			t.Fatal(err)
		}
		synctest.Wait()
		apply, err := e.Reschedule(engine.Schedule{
			Default: engine.Backoff{Base: time.Second, Max: time.Second, JitterMin: 1, JitterMax: 1}, EventAge: time.Hour,
		})
		if err != nil {
			t.Fatal(err)
		}
		time.Sleep(30 * time.Second)
		synctest.Wait()
		apply()
		if got := len(d.ids()); got != 1 {
			t.Errorf("%d attempts, and the first wait is at least a minute", got)
		}
		time.Sleep(90 * time.Second) // the old wait is over
		synctest.Wait()
		before := len(d.ids())
		time.Sleep(10 * time.Second)
		synctest.Wait()
		if got := len(d.ids()) - before; got < 9 || got > 10 {
			t.Errorf("%d attempts in ten seconds, want one a second", got)
		}
		old := pkg("old", "b")
		old.Created = time.Now().Add(-2 * time.Hour)
		if err := e.Track(t.Context(), old); err == nil {
			t.Error("an event is taken that is older than the new clocks let it become")
		}
	})
}

// What new clocks leave out are the defaults, and not the clocks before.
func TestRescheduleFillsInDefaults(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := &deliverer{answer: func(_ context.Context, d engine.Delivery) engine.Response {
			if d.Attempt > 10 {
				return engine.Response{Outcome: engine.Rejected} // without a clock it would go on for ever
			}
			return engine.Response{Outcome: engine.Retry}
		}}
		second := engine.Backoff{Base: time.Second, Max: time.Second}
		e := start(t, engine.Config{Deliverer: d, Schedule: engine.Schedule{Default: second, EventAge: time.Hour}})
		apply, err := e.Reschedule(engine.Schedule{Device: second})
		if err != nil {
			t.Fatal(err)
		}
		apply()
		const day = 24 * time.Hour
		for age, refused := range map[time.Duration]bool{57 * day: false, 59 * day: true} {
			p := pkg("old", "a")
			p.Created = time.Now().Add(-age)
			if err := e.Track(t.Context(), p); (err != nil) != refused {
				t.Errorf("an event of %v: %v", age, err)
			}
		}
		time.Sleep(59 * time.Second)
		synctest.Wait()
		if got := len(d.ids()); got != 1 {
			t.Errorf("%d attempts in the first minute, want one", got)
		}
		time.Sleep(62 * time.Second)
		synctest.Wait()
		if got := len(d.ids()); got != 2 {
			t.Errorf("%d attempts in two minutes, want two", got)
		}
	})
}

// A blocked app whose token was replaced is probed at once; what is still in flight with the old one blocks it no more.
func TestRenew(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var fresh atomic.Bool
		slow := make(chan struct{})
		d := &deliverer{answer: func(_ context.Context, delivery engine.Delivery) engine.Response {
			good := fresh.Load()
			if delivery.Package.ID == "slow" && !good {
				<-slow
			}
			if good {
				return engine.Response{Outcome: engine.Delivered, Status: 200}
			}
			return engine.Response{Outcome: engine.Blocked, Status: 401, Message: "Unauthorized"}
		}}
		e := start(t, engine.Config{Deliverer: d})
		if err := e.Track(t.Context(), pkg("slow", "a"), pkg("first", "b"), pkg("second", "b")); err != nil {
			t.Fatal(err)
		}
		time.Sleep(time.Second)
		synctest.Wait()
		if health := e.Health(); len(health.Apps) != 1 || health.Apps[0].Cause != engine.PauseBlocked {
			t.Fatalf("health is %+v", health)
		}
		fresh.Store(true)
		e.Renew(pkg("", "").App, otherApp())
		synctest.Wait()
		if health := e.Health(); len(health.Apps) != 0 {
			t.Errorf("after the probe, health is %+v", health)
		}
		close(slow)
		time.Sleep(time.Second)
		synctest.Wait()
		stats, err := e.Stats(t.Context())
		if err != nil || stats.Queued != 0 || stats.Dead != 0 || len(e.Health().Apps) != 0 {
			t.Errorf("the store holds %+v (%v), health is %+v", stats, err, e.Health())
		}
	})
}

// tokenServer judges one app by the token that it is sent with now.
type tokenServer struct {
	does atomic.Int32         // one of those below
	hung chan engine.Response // what those get that hang

	mu           sync.Mutex
	flying, most int // attempts that are taken; guarded by mu
}

const (
	refuses int32 = iota
	hangs
	takes
)

func (s *tokenServer) respond(context.Context, engine.Delivery) engine.Response {
	switch s.does.Load() {
	case refuses:
		return refusal()
	case hangs:
		return <-s.hung
	}
	s.count(1)
	time.Sleep(time.Second)
	s.count(-1)
	return engine.Response{Outcome: engine.Delivered, Status: 200}
}

// count counts attempts that are taken, and returns the most at once.
func (s *tokenServer) count(more int) (most int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.flying += more
	s.most = max(s.most, s.flying)
	return s.most
}

func refusal() engine.Response {
	return engine.Response{Outcome: engine.Blocked, Status: 401, Message: "Unauthorized"}
}

// start tracks a package of each of some devices. The clock of blocked apps waits a minute, two, four and so on.
func (s *tokenServer) start(t *testing.T, devices int) *engine.Engine {
	t.Helper()
	s.hung = make(chan engine.Response)
	e := start(t, engine.Config{Deliverer: &deliverer{answer: s.respond}, InFlight: 8, Schedule: engine.Schedule{
		Blocked: engine.Backoff{Base: time.Minute, Max: time.Hour, JitterMin: 1, JitterMax: 1},
	}})
	for i := range devices {
		if err := e.Track(t.Context(), pkg(fmt.Sprint("p", i), fmt.Sprint("d", i))); err != nil {
			t.Fatal(err)
		}
	}
	synctest.Wait()
	return e
}

// open checks that the app is not blocked, and sends as much at once as it may.
func (s *tokenServer) open(t *testing.T, e *engine.Engine) {
	t.Helper()
	if health := e.Health(); len(health.Apps) != 0 {
		t.Errorf("health is %+v", health.Apps)
	}
	time.Sleep(time.Minute)
	synctest.Wait()
	stats, err := e.Stats(t.Context())
	if err != nil || stats.Queued != 0 || s.count(0) != 8 || len(e.Health().Apps) != 0 {
		t.Errorf("%d packages wait (%v), at most %d attempts were made at once, want 8; health is %+v", stats.Queued, err, s.count(0), e.Health().Apps)
	}
}

// blocked checks that the app is, and when it is probed.
func blocked(t *testing.T, e *engine.Engine, probe time.Duration) {
	t.Helper()
	health := e.Health()
	if len(health.Apps) != 1 || health.Apps[0].Cause != engine.PauseBlocked || health.Apps[0].Probe.IsZero() != (probe == 0) {
		t.Fatalf("health is %+v", health.Apps)
	}
	if got := time.Until(health.Apps[0].Probe); probe != 0 && got != probe {
		t.Errorf("the app is probed in %v, want %v", got, probe)
	}
}

// An attempt with the old token that is in flight while an open app gets another does not block it, and takes no room.
func TestRenewOfAnOpenApp(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var server tokenServer
		server.does.Store(hangs)
		e := server.start(t, 1)
		server.does.Store(takes)
		e.Renew(pkg("", "").App)
		server.hung <- refusal()
		synctest.Wait()
		for i := range 100 {
			if err := e.Track(t.Context(), pkg(fmt.Sprint("later", i), fmt.Sprint("later", i))); err != nil {
				t.Fatal(err)
			}
		}
		server.open(t, e)
	})
}

// A blocked app whose new token is refused, too, begins with short waits again.
func TestRenewWithATokenThatIsRefused(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var server tokenServer
		e := server.start(t, 100)
		time.Sleep(3 * time.Minute) // two probes
		synctest.Wait()
		blocked(t, e, 4*time.Minute)
		e.Renew(pkg("", "").App)
		synctest.Wait()
		blocked(t, e, time.Minute)
	})
}

// A probe that hangs with the old token does not stand in the way of one with the new, whatever becomes of it; neither does
// one that hangs with the new token, when that is replaced again.
func TestRenewDuringAProbeThatHangs(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var server tokenServer
		e := server.start(t, 100)
		time.Sleep(2 * time.Minute) // a probe
		server.does.Store(hangs)
		time.Sleep(time.Minute)
		synctest.Wait()
		blocked(t, e, 0)
		server.does.Store(refuses)
		e.Renew(pkg("", "").App)
		synctest.Wait()
		blocked(t, e, time.Minute)
		server.hung <- refusal()
		synctest.Wait()
		blocked(t, e, time.Minute)

		server.does.Store(hangs)
		e.Renew(pkg("", "").App)
		synctest.Wait()
		blocked(t, e, 0)
		server.does.Store(takes)
		e.Renew(pkg("", "").App)
		time.Sleep(2 * time.Second)
		server.hung <- refusal()
		synctest.Wait()
		server.open(t, e)
	})
}
