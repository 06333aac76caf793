package adjust_test

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"trackhook/engine"
	"trackhook/engine/adjust"
)

// An endpoint is probed long before its time, and its backlog comes out slowly.
func TestProbeOfAnEndpoint(t *testing.T) {
	for name, fault := range map[string]behaviour{"refused": refused, "black hole": after(time.Hour, refused)} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				hour := engine.Backoff{Base: time.Hour, Max: time.Hour}
				h := startHost(t, engine.Config{InFlight: 32, Schedule: engine.Schedule{Default: hour}}, adjust.GateConfig{MaxInFlight: 32, Probe: hour})
				h.world.change(fault)
				h.track(t, testApp(), 200, 2)
				h.track(t, secondApp(), 1, 1)
				time.Sleep(2 * time.Minute)
				synctest.Wait()
				if health := h.engine.Health(); len(health.Endpoints) != 1 || health.Endpoints[0].Endpoint != firstHost {
					t.Fatalf("health is %+v", health)
				}
				before := h.world.count(firstHost)
				got, err := h.engine.ProbeEndpoint(t.Context(), firstHost, testApp(), secondApp())
				if err != nil || got.Response == nil || got.Response.Outcome != engine.Retry || got.Hastened < 16 {
					t.Fatalf("%+v, %v", got, err)
				}
				time.Sleep(10 * time.Minute)
				synctest.Wait()
				if n := h.world.count(firstHost) - before; n != 1 {
					t.Errorf("a probe that failed made %d attempts", n)
				}
				h.world.change(after(time.Second, say(200, `{}`)))
				if got, err = h.engine.ProbeEndpoint(t.Context(), firstHost, testApp(), secondApp()); err != nil || got.Response == nil || got.Response.Outcome != engine.Delivered {
					t.Fatalf("%+v, %v", got, err)
				}
				time.Sleep(900 * time.Millisecond)
				if n := h.world.count(firstHost); n > 3 {
					t.Errorf("%d attempts right after the probe", n)
				}
				time.Sleep(2 * time.Minute)
				synctest.Wait()
				stats, err := h.engine.Stats(t.Context())
				if err != nil || stats.Queued != 1 || h.world.count(secondHost) != 0 {
					t.Errorf("%+v, %v; the other server had %d attempts", stats, err, h.world.count(secondHost))
				}
				last := map[string]string{}
				for _, r := range h.log(t) {
					if r.Outcome == engine.Delivered && r.Package.App == testApp() {
						if r.Package.ID < last[r.Package.Device] {
							t.Errorf("%s came after %s", r.Package.ID, last[r.Package.Device])
						}
						last[r.Package.Device] = r.Package.ID
					}
				}
			})
		})
	}
}

// One that is up begins with one attempt, although others hang.
func TestProbeOfAnEndpointThatIsUp(t *testing.T) {
	d, err := adjust.New(adjust.Config{Endpoint: firstHost})
	if err != nil {
		t.Fatal(err)
	}
	gate, err := adjust.NewGate(d, adjust.GateConfig{MaxInFlight: 32})
	if err != nil {
		t.Fatal(err)
	}
	before := gate.Room(firstHost)
	gate.Probe(firstHost)
	after := gate.Room(firstHost)
	if before.Attempts != 32 || after.Attempts != 1 || before.Term == after.Term || after.Down != "" {
		t.Errorf("before %+v, after %+v", before, after)
	}
}

// Erasure requests have an endpoint of their own. Its probe leaves events alone that are sent elsewhere.
func TestProbeOfAnEndpointForErasures(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		hour := engine.Backoff{Base: time.Hour, Max: time.Hour}
		h := startHost(t, engine.Config{InFlight: 32, Schedule: engine.Schedule{Default: hour}}, adjust.GateConfig{MaxInFlight: 32})
		probe := func() engine.Probed {
			t.Helper()
			soon, cancel := context.WithTimeout(t.Context(), 10*time.Second)
			defer cancel()
			got, err := h.engine.ProbeEndpoint(soon, gdprHost, testApp())
			if err != nil {
				t.Fatal(err)
			}
			return got
		}
		h.world.change(refused)
		p := erasure()
		p.ID, p.Device, p.Created = "g", "gps_adid=g", time.Now()
		if err := h.engine.Track(t.Context(), p); err != nil {
			t.Fatal(err)
		}
		synctest.Wait()
		h.world.change(after(time.Second, say(200, `{}`)))
		if got := probe(); got.Response == nil || got.Response.Package.ID != "g" || got.Hastened != 1 {
			t.Errorf("with an erasure request: %+v", got)
		}
		h.track(t, testApp(), 100, 1)
		synctest.Wait()
		if n := h.world.count(firstHost); n != 32 {
			t.Errorf("%d events at once after the probe, want all of 32", n)
		}
		if got := probe(); !got.Idle || got.Response != nil {
			t.Errorf("with events alone: %+v", got)
		}
	})
}
