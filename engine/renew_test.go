package engine_test

import (
	"context"
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
