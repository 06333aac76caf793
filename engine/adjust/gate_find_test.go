package adjust_test

import (
	"fmt"
	"net/http"
	"testing"
	"testing/synctest"
	"time"

	"trackhook/engine"
	"trackhook/engine/adjust"
)

// room returns how many attempts an endpoint may have, and why.
func (h *host) room() (attempts int, why string) {
	r := h.gate.Room(firstHost)
	return r.Attempts, r.Why
}

// A limit that finds itself grows far above what it begins with, is told, and begins with one attempt after an outage.
func TestLimitFindsItself(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := startHost(t, engine.Config{InFlight: 256}, adjust.GateConfig{MaxInFlight: 256, FindLimit: true})
		h.world.change(after(150*time.Millisecond, say(200, `{}`)))
		h.track(t, testApp(), 1000, 10)
		time.Sleep(4 * time.Second)
		if n, why := h.room(); n != 256 || why != "answers come as fast as before" {
			t.Errorf("%d attempts at once at a server that takes all, because %s", n, why)
		}
		limits := h.engine.Limits()
		if len(limits) != 1 || limits[0].Endpoint != firstHost || limits[0].Attempts != 256 || limits[0].Most != 256 || limits[0].InFlight != 256 ||
			limits[0].Rate < 1000 || limits[0].Why == "" || limits[0].Changed.IsZero() {
			t.Errorf("it is told as %+v", limits)
		}
		h.world.change(refused)
		time.Sleep(time.Second)
		if limits := h.engine.Limits(); limits[0].Attempts != 0 || limits[0].Most != 256 {
			t.Errorf("while it is down %+v", limits)
		}
		h.world.change(after(150*time.Millisecond, say(200, `{}`)))
		before := h.world.count(firstHost)
		if _, err := h.engine.ProbeEndpoint(t.Context(), firstHost, testApp()); err != nil {
			t.Fatal(err)
		}
		if n, why := h.room(); n > 2 || why != "it starts gently after an outage" {
			t.Errorf("%d attempts at once right after an outage, because %s; there were %d", n, why, h.world.count(firstHost)-before)
		}
	})
}

// An app that sends too much is slowed down alone, although the limit of its server finds itself.
func TestOneAppThatSendsTooMuch(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		other := engine.App{Token: "yyy123def456", Environment: engine.Sandbox}
		h := startHost(t, engine.Config{InFlight: 256}, adjust.GateConfig{MaxInFlight: 256, FindLimit: true})
		h.world.change(func(r *http.Request) reply {
			time.Sleep(150 * time.Millisecond)
			if r.Header.Get("Device") == "gps_adid=loud" || len(r.Header.Get("Device")) > len("gps_adid=d9999") {
				return reply{status: http.StatusTooManyRequests, body: `{"error":"too many"}`}
			}
			return reply{status: 200, body: `{}`}
		})
		h.track(t, testApp(), 1000, 10)
		for i := range 500 {
			p := event()
			p.ID, p.App, p.Device, p.Created = fmt.Sprint("loud", i), other, fmt.Sprint("gps_adid=loud-device-", i), time.Now()
			if err := h.engine.Track(t.Context(), p); err != nil {
				t.Fatal(err)
			}
		}
		time.Sleep(4 * time.Second)
		if n, why := h.room(); n < 200 {
			t.Errorf("%d attempts at once for all, because %s", n, why)
		}
	})
}
