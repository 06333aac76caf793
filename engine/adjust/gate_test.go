package adjust_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"trackhook/engine"
	"trackhook/engine/adjust"
	"trackhook/engine/memory"
)

const (
	firstHost  = "http://first.example"
	secondHost = "http://second.example"
	gdprHost   = "http://gdpr.example"
)

func secondApp() engine.App { return engine.App{Token: "zzz123def456", Environment: engine.Sandbox} }

// world is a network of servers without a network.
type world struct {
	mu     sync.Mutex
	answer behaviour // called without mu
	flying map[string]int
	most   map[string]int
	asked  map[string][]time.Time
}

// handler is a deliverer whose requests go to the world instead of the network. Addresses and rules are the real ones.
type handler struct {
	*adjust.Deliverer
	gate  *adjust.Gate
	world *world
}

func (h *handler) Deliver(ctx context.Context, d engine.Delivery) engine.Response {
	ctx, cancel := context.WithTimeout(ctx, time.Minute)
	defer cancel()
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, h.gate.Endpoint(d.Package.App, d.Package.Kind), http.NoBody)
	if err != nil {
		panic(err)
	}
	r.Header.Set("Device", d.Package.Device)
	said := h.world.serve(r)
	answer := adjust.Answer{Status: said.status, Body: []byte(said.body), At: time.Now()}
	switch {
	case errors.Is(said.err, context.DeadlineExceeded), errors.Is(said.err, context.Canceled):
		answer.Fault, answer.Ambiguous, answer.Message = adjust.FaultTimeout, true, "no answer in time"
	case said.err != nil:
		answer.Fault, answer.Message = adjust.FaultRefused, said.err.Error()
	}
	return h.Rules().Classify(d, answer)
}

// serve answers a request, and counts.
func (w *world) serve(r *http.Request) reply {
	host := r.URL.Host
	w.mu.Lock()
	w.flying[host]++
	w.most[host] = max(w.most[host], w.flying[host])
	w.asked[host] = append(w.asked[host], time.Now())
	answer := w.answer
	w.mu.Unlock()
	said := answer(r)
	w.mu.Lock()
	w.flying[host]--
	w.mu.Unlock()
	return said
}

func (w *world) change(to behaviour) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.answer, w.most, w.asked = to, map[string]int{}, map[string][]time.Time{}
}

func (w *world) count(host string) int {
	w.mu.Lock()
	defer w.mu.Unlock()
	return len(w.asked[strings.TrimPrefix(host, "http://")])
}

// reply is an answer of a server, or an error instead of one.
type reply struct {
	status int
	body   string
	err    error
}

type behaviour func(r *http.Request) reply

func say(status int, body string) behaviour {
	return func(*http.Request) reply { return reply{status: status, body: body} }
}

func after(wait time.Duration, then behaviour) behaviour {
	return func(r *http.Request) reply {
		select {
		case <-time.After(wait):
			return then(r)
		case <-r.Context().Done():
			return reply{err: r.Context().Err()}
		}
	}
}

func refused(*http.Request) reply { return reply{err: errors.New("connection refused")} }

// host is an engine with a gate over a world of servers.
type host struct {
	world  *world
	engine *engine.Engine
	store  *memory.Store
	gate   *adjust.Gate
}

func startHost(t *testing.T, cfg engine.Config, gate adjust.GateConfig) *host {
	t.Helper()
	w := &world{flying: map[string]int{}}
	w.change(say(200, `{}`))
	d, err := adjust.New(adjust.Config{
		Endpoint: firstHost, GDPREndpoint: gdprHost,
		Apps: map[engine.App]adjust.Settings{secondApp(): {Endpoint: secondHost}},
	})
	if err != nil {
		t.Fatal(err)
	}
	h := &host{world: w, store: memory.New()}
	if h.gate, err = adjust.NewGate(d, gate); err != nil {
		t.Fatal(err)
	}
	cfg.Store, cfg.Deliverer, cfg.Gate = h.store, &handler{d, h.gate, w}, h.gate
	if h.engine, err = engine.New(cfg); err != nil {
		t.Fatal(err)
	}
	ran := make(chan error, 1)
	go func() { ran <- h.engine.Run(context.Background()) }()
	t.Cleanup(func() {
		_, err := h.engine.Close()
		if err := errors.Join(err, <-ran, d.Close()); err != nil {
			t.Error(err)
		}
	})
	return h
}

// track queues packages of an app: n devices, each events.
func (h *host) track(t *testing.T, app engine.App, devices, events int) {
	t.Helper()
	for device := range devices {
		for i := range events {
			p := event()
			p.ID = fmt.Sprintf("%s %d %03d", app.Token, device, i)
			p.App, p.Device, p.Created = app, fmt.Sprint("gps_adid=d", device), time.Now()
			if err := h.engine.Track(t.Context(), p); err != nil {
				t.Fatal(err)
			}
		}
	}
}

func (h *host) log(t *testing.T) []engine.Response {
	t.Helper()
	last, err := h.store.Last(t.Context())
	if err != nil || last == 0 {
		return nil
	}
	responses, err := h.store.Read(t.Context(), 0, int(last))
	if err != nil {
		t.Fatal(err)
	}
	return responses
}

func TestOutage(t *testing.T) {
	down := map[string]behaviour{
		"no connection":  refused,
		"5xx of a proxy": say(503, "<html>Service Unavailable</html>"),
		"captive portal": say(200, "<html>Please log in</html>"),
		"black hole":     after(time.Hour, refused),
	}
	for name, fault := range down {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				h := startHost(t, engine.Config{InFlight: 32}, adjust.GateConfig{MaxInFlight: 32})
				h.world.change(func(r *http.Request) reply {
					if "http://"+r.URL.Host == firstHost {
						return fault(r)
					}
					return say(200, `{}`)(r)
				})
				h.track(t, testApp(), 500, 2)
				time.Sleep(2 * time.Minute)
				burnt := h.world.count(firstHost)
				if burnt > 32+16+30 {
					t.Errorf("%d attempts, want the 32 in flight, those begun before 16 had failed, and a probe every few seconds", burnt)
				}
				health := h.engine.Health()
				if len(health.Endpoints) != 1 || health.Endpoints[0].Endpoint != firstHost || health.Endpoints[0].Down == "" || len(health.Reasons()) != 1 {
					t.Fatalf("health is %+v", health)
				}
				h.track(t, secondApp(), 50, 1)
				synctest.Wait()
				if got := h.world.count(secondHost); got != 50 {
					t.Errorf("%d attempts at the other endpoint, want 50", got)
				}
				time.Sleep(time.Hour)
				probes := h.world.count(firstHost) - burnt
				if probes < 50 || probes > 720 {
					t.Errorf("%d probes in an hour, want one in five to ten seconds, and one a minute where none is answered", probes)
				}
				// Each attempt that was made left a response, and nothing else did.
				failures := 0
				for _, r := range h.log(t) {
					if r.Package.App == testApp() {
						failures++
					}
				}
				if flying := h.world.flying["first.example"]; failures+flying != h.world.count(firstHost) {
					t.Errorf("%d failures logged for %d attempts, %d of them in flight", failures, h.world.count(firstHost), flying)
				}
				recovers(t, h)
			})
		})
	}
}

// recovers lets the first endpoint answer again and looks at how the queue is sent.
func recovers(t *testing.T, h *host) {
	t.Helper()
	h.world.change(after(100*time.Millisecond, say(200, `{}`)))
	up := time.Now().Add(5 * time.Minute)
	for len(h.engine.Health().Endpoints) > 0 && time.Now().Before(up) {
		time.Sleep(10 * time.Millisecond)
	}
	h.world.mu.Lock()
	most := h.world.most["first.example"]
	h.world.mu.Unlock()
	if most > 2 {
		t.Errorf("%d attempts at once when the endpoint had just recovered", most)
	}
	time.Sleep(3 * time.Hour) // the lanes that were burnt in the beginning have their back-off to wait for
	synctest.Wait()
	if stats, err := h.engine.Stats(t.Context()); err != nil || stats.Queued+stats.Dead != 0 {
		t.Errorf("the store holds %+v (%v)", stats, err)
	}
	h.world.mu.Lock()
	if most := h.world.most["first.example"]; most != 32 {
		t.Errorf("at most %d attempts at once, want 32 in the end", most)
	}
	h.world.mu.Unlock()
	inOrder(t, h.log(t))
}

// inOrder checks that the packages of each device ended in the order in which they were accepted.
func inOrder(t *testing.T, responses []engine.Response) {
	t.Helper()
	ended := map[engine.Lane]string{}
	for _, r := range responses {
		if r.WillRetry {
			continue
		}
		lane := r.Package.Lane()
		if ended[lane] >= r.Package.ID {
			t.Fatalf("%s ended after %s", r.Package.ID, ended[lane])
		}
		ended[lane] = r.Package.ID
	}
}

// While an endpoint swallows requests and nobody knows it yet, others are sent as if nothing were.
func TestHangingEndpointDoesNotDelayOthers(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := startHost(t, engine.Config{InFlight: 8}, adjust.GateConfig{MaxInFlight: 8})
		h.world.change(func(r *http.Request) reply {
			if "http://"+r.URL.Host == firstHost {
				return after(time.Hour, refused)(r)
			}
			return after(10*time.Millisecond, say(200, `{}`))(r)
		})
		h.track(t, testApp(), 200, 2)
		synctest.Wait()
		h.track(t, secondApp(), 80, 10)
		time.Sleep(time.Second + 100*time.Millisecond) // 800 packages, 8 at a time, 10 ms each
		if got := h.world.count(secondHost); got != 800 {
			t.Errorf("%d attempts at the other endpoint, want 800", got)
		}
		if got := h.world.count(firstHost); got != 8 {
			t.Errorf("%d attempts at the one that hangs, want 8", got)
		}
		h.world.change(say(200, `{}`))
		time.Sleep(24 * time.Hour)
		synctest.Wait()
		if stats, err := h.engine.Stats(t.Context()); err != nil || stats.Queued+stats.Dead != 0 {
			t.Errorf("the store holds %+v (%v)", stats, err)
		}
		inOrder(t, h.log(t))
	})
}

func TestRefusalsDoNotOpenTheBreaker(t *testing.T) {
	for name, answer := range map[string]behaviour{
		"rejected": say(400, `{"error":"Event request failed (Invalid revenue)"}`), "plain 404": say(404, "<html></html>"),
		"retry_in": say(500, `{"retry_in":1000}`), "internal error": say(500, `{"error":"Internal error, contact support"}`),
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				h := startHost(t, engine.Config{}, adjust.GateConfig{})
				h.world.change(answer)
				h.track(t, testApp(), 200, 1)
				synctest.Wait()
				if got := h.world.count(firstHost); got != 200 {
					t.Errorf("%d attempts, want all 200", got)
				}
				if health := h.engine.Health(); len(health.Endpoints) != 0 {
					t.Errorf("health is %+v", health)
				}
			})
		})
	}
}

// TestDevicesThatAlwaysFailKeepNobodyOut has many devices for whose packages the server breaks, and nothing else to send,
// so that the endpoint looks down. What then comes from another device is the next probe, and is sent.
func TestDevicesThatAlwaysFailKeepNobodyOut(t *testing.T) {
	for name, fault := range map[string]behaviour{
		"page": say(500, "<html>Internal Server Error</html>"), "no connection": refused, "black hole": after(time.Hour, refused),
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				h := startHost(t, engine.Config{}, adjust.GateConfig{})
				h.world.change(func(r *http.Request) reply {
					if strings.HasPrefix(r.Header.Get("Device"), "gps_adid=d") {
						return fault(r)
					}
					return say(200, `{}`)(r)
				})
				h.track(t, testApp(), 200, 2)
				time.Sleep(time.Minute)
				for i := range 20 {
					p := event()
					p.ID, p.App, p.Device, p.Created = fmt.Sprint("good", i), testApp(), fmt.Sprint("gps_adid=good", i), time.Now()
					if err := h.engine.Track(t.Context(), p); err != nil {
						t.Fatal(err)
					}
					time.Sleep(10 * time.Minute)
					synctest.Wait()
					if !slices.ContainsFunc(h.log(t), func(r engine.Response) bool { return r.Package.ID == p.ID }) {
						t.Errorf("nothing came of device %d within ten minutes", i)
					}
				}
			})
		})
	}
}

func TestErasuresOfADeadEndpointDoNotStopTheApp(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := startHost(t, engine.Config{}, adjust.GateConfig{})
		h.world.change(func(r *http.Request) reply {
			if "http://"+r.URL.Host == gdprHost {
				return refused(r)
			}
			return say(200, `{}`)(r)
		})
		for i := range 500 {
			p := erasure()
			p.ID, p.Device, p.Created = fmt.Sprint("g", i), fmt.Sprint("gps_adid=g", i), time.Now()
			if err := h.engine.Track(t.Context(), p); err != nil {
				t.Fatal(err)
			}
		}
		synctest.Wait()
		h.track(t, testApp(), 300, 2)
		synctest.Wait()
		if got := h.world.count(firstHost); got != 600 {
			t.Errorf("%d events were sent, want 600", got)
		}
		if got := h.world.count(gdprHost); got > 64+16+5 {
			t.Errorf("%d attempts at the dead endpoint", got)
		}
		h.world.change(say(200, `{}`))
		time.Sleep(24 * time.Hour)
		synctest.Wait()
		if stats, err := h.engine.Stats(t.Context()); err != nil || stats.Queued+stats.Dead != 0 {
			t.Errorf("the store holds %+v (%v)", stats, err)
		}
	})
}

func TestSlowAnswersShrinkTheBound(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := startHost(t, engine.Config{InFlight: 64}, adjust.GateConfig{MaxInFlight: 64})
		room := func() int { return h.gate.Room(firstHost).Attempts }
		h.world.change(after(50*time.Millisecond, say(200, `{}`)))
		h.track(t, testApp(), 500, 40)
		time.Sleep(5 * time.Second)
		if got := room(); got != 64 {
			t.Errorf("%d attempts at once are allowed on a fast server, want 64", got)
		}
		h.world.change(after(5*time.Second, say(200, `{}`)))
		time.Sleep(time.Minute)
		if got := room(); got > 20 || got < 4 {
			t.Errorf("%d attempts at once are allowed on a slow server", got)
		}
		h.world.change(after(50*time.Millisecond, say(200, `{}`)))
		time.Sleep(time.Minute)
		if got := room(); got < 40 {
			t.Errorf("%d attempts at once are allowed after it has recovered", got)
		}
		time.Sleep(10 * time.Minute)
		synctest.Wait()
		inOrder(t, h.log(t))
	})
}

func TestNewGateChecksItsConfig(t *testing.T) {
	d, err := adjust.New(adjust.Config{})
	if err != nil {
		t.Fatal(err)
	}
	for name, cfg := range map[string]adjust.GateConfig{
		"min above max":    {MinInFlight: 10, MaxInFlight: 5},
		"negative":         {MaxInFlight: -1},
		"faults of few":    {Faults: 10, Window: 5},
		"window alone":     {Window: 5},
		"probe max":        {Probe: engine.Backoff{Base: time.Hour, Max: time.Minute}},
		"negative slow":    {Slow: -1},
		"negative probing": {Probe: engine.Backoff{Base: -1, Max: time.Minute}},
	} {
		if _, err := adjust.NewGate(d, cfg); err == nil {
			t.Errorf("%s: accepted", name)
		}
	}
	g, err := adjust.NewGate(d, adjust.GateConfig{})
	if err != nil {
		t.Fatal(err)
	}
	if got := g.Endpoint(testApp(), engine.KindEvent); got != adjust.DefaultEndpoint {
		t.Errorf("endpoint is %s", got)
	}
	if got := g.Endpoint(testApp(), engine.KindGDPRForgetDevice); got != adjust.DefaultGDPREndpoint {
		t.Errorf("endpoint for erasures is %s", got)
	}
	if room := g.Room(adjust.DefaultEndpoint); room.Attempts != 64 || room.Down != "" {
		t.Errorf("room is %+v", room)
	}
}
