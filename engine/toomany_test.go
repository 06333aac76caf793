package engine_test

import (
	"context"
	"fmt"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"trackhook/engine"
	"trackhook/engine/memory"
)

// limited is a server that asks to slow down when too says so.
type limited struct {
	mu   sync.Mutex
	n    int
	too  func(n int) bool // called with mu held
	wait time.Duration    // the Retry-After of its refusals

	taken, refused int // guarded by mu
}

func (l *limited) respond(context.Context, engine.Delivery) engine.Response {
	time.Sleep(10 * time.Millisecond)
	l.mu.Lock()
	defer l.mu.Unlock()
	l.n++
	if l.too(l.n) {
		l.refused++
		return engine.Response{Outcome: engine.Retry, Status: 429, RetryIn: l.wait}
	}
	l.taken++
	return engine.Response{Outcome: engine.Delivered, Status: 200}
}

// rate tells how many packages a second come through in three seconds, and how many attempts are asked to slow down. Each
// package has a device of its own, so that nothing but the app's pace keeps it back.
func (l *limited) rate(t *testing.T) (taken, refused float64, told []engine.AppHealth) {
	t.Helper()
	const took = 3
	var mu sync.Mutex
	e := start(t, engine.Config{
		Store: memory.New(), Deliverer: &deliverer{answer: l.respond}, InFlight: 8,
		Hooks: engine.Hooks{App: func(h engine.AppHealth) {
			mu.Lock()
			defer mu.Unlock()
			told = append(told, h)
		}},
	})
	var packages []engine.Package
	for i := range took * 800 {
		packages = append(packages, pkg(fmt.Sprint("p", i), fmt.Sprint("d", i)))
	}
	if err := e.Track(t.Context(), packages...); err != nil {
		t.Fatal(err)
	}
	l.mu.Lock()
	l.taken, l.refused = 0, 0
	l.mu.Unlock()
	time.Sleep(took * time.Second)
	l.mu.Lock()
	taken, refused = float64(l.taken)/took, float64(l.refused)/took
	l.mu.Unlock()
	mu.Lock()
	defer mu.Unlock()
	return taken, refused, told
}

// A share of requests to slow down that has nothing to do with how much is sent.
func TestAShareOfTooManyDoesNotStopTheApp(t *testing.T) {
	rates := map[string]float64{}
	for _, c := range []struct {
		name  string
		every int
		wait  time.Duration
	}{
		{"none", 1 << 30, 0}, {"without a time", 20, 0}, {"of a second", 20, time.Second}, {"of a minute", 20, time.Minute},
	} {
		synctest.Test(t, func(t *testing.T) {
			l := &limited{wait: c.wait, too: func(n int) bool { return n > 64 && n*7919%c.every == 0 }}
			taken, refused, told := l.rate(t)
			t.Logf("%s: %.0f taken and %.0f refused a second, %d times told", c.name, taken, refused, len(told))
			rates[c.name] = taken
			if len(told) != 0 {
				t.Errorf("people were told %d times", len(told))
			}
		})
		if rates[c.name] < 0.75*rates["none"] {
			t.Errorf("%s: %.0f a second came through, %.0f without", c.name, rates[c.name], rates["none"])
		}
	}
}

// A server that takes a hundred a second and asks all others to slow down.
func TestALimitIsKept(t *testing.T) {
	for name, wait := range map[string]time.Duration{"without a time": 0, "of a second": time.Second} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				const limit, burst = 100.0, 20.0
				tokens, last := burst, time.Now()
				l := &limited{wait: wait, too: func(int) bool {
					now := time.Now()
					tokens = min(tokens+now.Sub(last).Seconds()*limit, burst)
					last = now
					if tokens < 1 {
						return true
					}
					tokens--
					return false
				}}
				taken, refused, told := l.rate(t)
				t.Logf("%.0f taken and %.0f refused a second, told %d times", taken, refused, len(told))
				if refused > taken/4 {
					t.Errorf("%.0f a second are refused, and %.0f taken", refused, taken)
				}
				if least := limit * 0.7; wait == 0 && taken < least {
					t.Errorf("%.0f a second are taken, want %.0f", taken, least)
				}
				if len(told) == 0 || len(told) > 2 || told[0].Cause != engine.PauseSlowed {
					t.Errorf("people were told %d times", len(told))
				}
			})
		})
	}
}

// Erasure requests have a limit of their own, which says nothing about events.
func TestErasuresThatAreTooManyDoNotSlowEvents(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := &deliverer{answer: func(_ context.Context, d engine.Delivery) engine.Response {
			time.Sleep(10 * time.Millisecond)
			if d.Package.Kind == engine.KindGDPRForgetDevice {
				return engine.Response{Outcome: engine.Retry, Status: 429, RetryIn: time.Minute}
			}
			return engine.Response{Outcome: engine.Delivered, Status: 200}
		}}
		e := start(t, engine.Config{Deliverer: d, InFlight: 8})
		for i := range 100 {
			erasure := pkg(fmt.Sprint("erasure", i), fmt.Sprint("gone", i))
			erasure.Kind = engine.KindGDPRForgetDevice
			if err := e.Track(t.Context(), erasure, pkg(fmt.Sprint("event", i), fmt.Sprint("d", i))); err != nil {
				t.Fatal(err)
			}
		}
		time.Sleep(time.Second)
		if stats, err := e.Stats(t.Context()); err != nil || stats.Queued != 100 {
			t.Errorf("the store holds %+v (%v), want the erasures", stats, err)
		}
		if health := e.Health(); len(health.Apps) != 0 {
			t.Errorf("health is %+v", health)
		}
	})
}
