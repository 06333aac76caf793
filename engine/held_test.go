package engine_test

import (
	"context"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/rs/zerolog"

	"trackhook/engine"
	"trackhook/engine/memory"
)

// Packages of an app that is not served are never sent, do not expire, and are counted; adopted, they are sent.
func TestAppsThatAreNotServedAreHeld(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		foreign := otherApp()
		d := &deliverer{answer: func(context.Context, engine.Delivery) engine.Response {
			return engine.Response{Outcome: engine.Delivered, Status: 200}
		}}
		store := memory.New()
		old := of(foreign, "old", "d1")
		old.Created = time.Now().Add(-57 * 24 * time.Hour)
		for _, p := range []engine.Package{old, of(foreign, "new", "d1"), of(foreign, "other", "d2")} {
			if err := p.Prepare(time.Now()); err != nil {
				t.Fatal(err)
			}
			if err := store.Append(t.Context(), p); err != nil {
				t.Fatal(err)
			}
		}
		var log logBuffer
		e := start(t, engine.Config{
			Store: store, Deliverer: d, Log: zerolog.New(&log), Serves: func(app engine.App) bool { return app != foreign },
		})
		if err := e.Track(t.Context(), pkg("mine", "d1")); err != nil {
			t.Fatal(err)
		}
		time.Sleep(72 * time.Hour) // an event of 58 days expires
		synctest.Wait()
		if ids := d.ids(); !slices.Equal(ids, []string{"mine"}) {
			t.Errorf("%v were sent", ids)
		}
		health := e.Health()
		if len(health.Held) != 1 || health.Held[0] != (engine.HeldApp{App: foreign, Packages: 3}) ||
			!strings.Contains(strings.Join(health.Reasons(), "\n"), "3 packages of "+foreign.String()+", which is not configured") {
			t.Errorf("health is %+v", health)
		}
		if n := log.count(`"level":"warn"`, foreign.String()); n != 1 {
			t.Errorf("%d warnings", n)
		}

		if _, err := e.Adopt(t.Context(), foreign, "new"); err == nil {
			t.Error("an app that is not served has adopted")
		}
		for _, want := range []int{1, 0} { // once is enough
			if n, err := e.Adopt(t.Context(), pkg("", "").App, "new", "mine", "unheard of"); n != want || err != nil {
				t.Errorf("adopted %d, %v; want %d", n, err, want)
			}
		}
		time.Sleep(time.Minute)
		synctest.Wait()
		if ids := d.ids(); len(ids) != 2 {
			t.Errorf("%v were sent", ids)
		}
		if health := e.Health(); len(health.Held) != 1 || health.Held[0].Packages != 2 {
			t.Errorf("health is %+v", health)
		}
	})
}

// A package that is leased at the moment, which is how it is found out that it is held, is adopted too.
func TestAdoptWaitsForTheLease(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		foreign := otherApp()
		store := memory.New()
		p := of(foreign, "held", "d1")
		if err := p.Prepare(time.Now()); err != nil {
			t.Fatal(err)
		}
		if err := store.Append(t.Context(), p); err != nil {
			t.Fatal(err)
		}
		leases, err := store.Lease(t.Context(), 1)
		if err != nil || len(leases) != 1 {
			t.Fatal(leases, err)
		}
		e := start(t, engine.Config{Store: store, Deliverer: &deliverer{}, Serves: func(app engine.App) bool { return app != foreign }})
		type result struct {
			adopted int
			err     error
		}
		got := make(chan result, 1)
		go func() {
			adopted, err := e.Adopt(t.Context(), pkg("", "").App, "held")
			got <- result{adopted, err}
		}()
		synctest.Wait()
		if err := store.Settle(t.Context(), engine.Settlement{Lease: leases[0], Verdict: engine.Return, Due: time.Now()}); err != nil {
			t.Fatal(err)
		}
		if r := <-got; r.adopted != 1 || r.err != nil {
			t.Errorf("adopted %d, %v", r.adopted, r.err)
		}
	})
}
