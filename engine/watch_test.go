package engine_test

import (
	"context"
	"fmt"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/rs/zerolog"

	"trackhook/engine"
	"trackhook/engine/memory"
)

// Without any listener people hear of what died: the first of a kind at once, and more of it in one line later.
func TestDeadLettersAreTold(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := &deliverer{answer: func(_ context.Context, d engine.Delivery) engine.Response {
			if d.Package.Params["revenue"] != "" {
				return engine.Response{Outcome: engine.Unclear, Status: 500, Message: "no answer"}
			}
			return engine.Response{Outcome: engine.Rejected, Status: 400, Message: "Invalid event token"}
		}}
		var log logBuffer
		store := memory.New()
		e := start(t, engine.Config{Store: store, Deliverer: d, Log: zerolog.New(&log)})
		track := func(from, to int) {
			for i := from; i < to; i++ {
				if err := e.Track(t.Context(), pkg(fmt.Sprint("p", i), fmt.Sprint("d", i))); err != nil {
					t.Fatal(err)
				}
			}
		}
		track(0, 20)
		time.Sleep(10 * time.Second)
		const line, kind = "packages have become dead letters", `"server_message":"Invalid event token"`
		if log.count(line, kind, `"packages":20`, `"reason":"rejected"`) != 1 || len(e.Health().Reasons()) != 0 {
			t.Errorf("told of 20 dead letters: %s; health %v", log.text.String(), e.Health().Reasons())
		}
		track(20, 25)
		time.Sleep(time.Minute)
		if n := log.count(line); n != 1 {
			t.Errorf("%d lines, want that more of a kind waits", n)
		}
		time.Sleep(10 * time.Minute)
		if log.count(line, kind, `"packages":5`, `"so_far":25`) != 1 {
			t.Errorf("more of a kind was not told: %s", log.text.String())
		}

		// Revenue that died is a reason to look, until somebody has.
		pay := func(id string) {
			p := pkg(id, "payer")
			p.Params["revenue"], p.Params["currency"] = "1.99", "EUR"
			if err := e.Track(t.Context(), p); err != nil {
				t.Fatal(err)
			}
			time.Sleep(10 * time.Second)
		}
		reasons := func(want string) {
			t.Helper()
			if got := strings.Join(e.Health().Reasons(), "\n"); want == "" && got != "" || !strings.Contains(got, want) {
				t.Errorf("the reasons are %q, want %q", got, want)
			}
		}
		pay("first")
		reasons("1 dead letter with revenue")
		if err := e.Acknowledge(t.Context()); err != nil {
			t.Fatal(err)
		}
		reasons("")
		time.Sleep(time.Minute)
		pay("second")
		reasons("1 dead letter with revenue")
		if _, err := store.Drop(t.Context(), "second"); err != nil {
			t.Fatal(err)
		}
		time.Sleep(10 * time.Second)
		reasons("")
		dead := e.Health().Dead
		if len(dead) != 2 || dead[0].Reason != engine.Unclear || dead[0].Packages != 1 || dead[1].Packages != 25 {
			t.Errorf("counted are %+v", dead)
		}
	})
}

// An endpoint that is down is told of by time, also where few attempts are made; then people are reminded, and told of
// the end.
func TestStallsAreTold(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var up atomic.Bool
		d := &deliverer{answer: func(context.Context, engine.Delivery) engine.Response {
			if up.Load() {
				return engine.Response{Outcome: engine.Delivered, Status: 200}
			}
			return engine.Response{Outcome: engine.Retry, Message: "refused the connection"}
		}}
		var log logBuffer
		e := start(t, engine.Config{Store: memory.New(), Deliverer: d, Log: zerolog.New(&log)})
		accepted := time.Now()
		for i := range 6 {
			if err := e.Track(t.Context(), pkg(fmt.Sprint("p", i), "d")); err != nil {
				t.Fatal(err)
			}
		}
		time.Sleep(9 * time.Minute)
		if reasons := e.Health().Reasons(); len(reasons) > 0 {
			t.Errorf("%v after nine minutes", reasons)
		}
		time.Sleep(2 * time.Minute)
		if reasons := e.Health().Reasons(); len(reasons) != 1 || !strings.Contains(reasons[0], "for 11m0s, 6 packages in the queue: refused the connection") {
			t.Errorf("%v after eleven minutes", reasons)
		}
		if got := e.Health().Oldest; !got.Equal(accepted) {
			t.Errorf("the oldest is of %s, want %s", got, accepted)
		}
		if log.count(`"level":"warn"`, "nothing was delivered", `"queued":6`) != 1 {
			t.Errorf("told: %s", log.text.String())
		}
		time.Sleep(3 * time.Hour)
		if n := log.count("this goes on", "nothing was delivered"); n != 3 {
			t.Errorf("%d reminders in three hours: %s", n, log.text.String())
		}
		up.Store(true)
		time.Sleep(24 * time.Hour)
		if log.count("packages are delivered to this endpoint again") != 1 || len(e.Health().Reasons()) != 0 || !e.Health().Oldest.IsZero() {
			t.Errorf("after the end: %+v: %s", e.Health(), log.text.String())
		}
	})
}
