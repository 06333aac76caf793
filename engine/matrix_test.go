package engine_test

import (
	"context"
	"fmt"
	"hash/fnv"
	"os"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"trackhook/engine"
	"trackhook/engine/memory"
)

// matrix is a server with all faults at once: it answers by chance, but the same each time the test runs.
type matrix struct {
	deliverer
	answered map[string]int // attempts that were answered, by package
	sessions map[string]bool
	refusal  time.Time // until then, an app is refused
}

func (m *matrix) respond(_ context.Context, d engine.Delivery) engine.Response {
	h := fnv.New64a()
	fmt.Fprint(h, d.Package.ID, d.Attempt)
	chance := h.Sum64() >> 8
	time.Sleep(time.Duration(chance%97) * time.Millisecond)
	m.mu.Lock()
	defer m.mu.Unlock()
	m.answered[d.Package.ID]++
	session := d.Package.Kind == engine.KindSession
	if d.Package.App == otherApp() && time.Now().Before(m.refusal) {
		return engine.Response{Outcome: engine.Blocked, Status: 401}
	}
	switch chance % 20 {
	case 0:
		return engine.Response{Outcome: engine.Retry, Message: "no connection"}
	case 1:
		return engine.Response{Outcome: engine.Retry, Status: 503}
	case 2:
		return engine.Response{Outcome: engine.Retry, Status: 500, RetryIn: 3 * time.Second}
	case 3:
		return engine.Response{Outcome: engine.Retry, Status: 429, RetryIn: 2 * time.Second}
	case 4:
		if d.Package.Revenue() {
			return engine.Response{Outcome: engine.Unclear, Ambiguous: true}
		}
		return engine.Response{Outcome: engine.Retry, Ambiguous: true}
	case 5:
		return engine.Response{Outcome: engine.Rejected, Status: 400}
	case 6:
		return engine.Response{Outcome: engine.Duplicate, Status: 500}
	}
	if session {
		m.sessions[d.Package.Device] = true
	} else if !m.sessions[d.Package.Device] {
		return engine.Response{Outcome: engine.WaitForDevice, Status: 404}
	}
	return engine.Response{Outcome: engine.Delivered, Status: 200}
}

// Every package ends, in the order of its device, whatever the server does, and each attempt that was made is heard of
// once.
func TestFaultMatrix(t *testing.T) {
	devices, each := 12, 10
	if os.Getenv("TRACKHOOK_LONG") != "" {
		devices = 300
	}
	synctest.Test(t, func(t *testing.T) {
		m := &matrix{answered: map[string]int{}, sessions: map[string]bool{}, refusal: time.Now().Add(20 * time.Minute)}
		m.answer = m.respond
		store := memory.New()
		e := start(t, engine.Config{
			Store: store, Deliverer: m, InFlight: 32,
			HoldEvents: func(app engine.App) bool { return app == otherApp() },
		})
		r := &recorder{name: "r"}
		go e.Listen(context.Background(), r)
		synctest.Wait()
		for device := range devices {
			app := demoApp()
			if device%2 == 1 {
				app = otherApp()
			}
			for i := range each {
				p := of(app, fmt.Sprintf("%03d/%02d", device, i), fmt.Sprint("d", device))
				switch {
				case i == 3:
					p.Kind = engine.KindSession // events stand before it
				case i%4 == 1:
					p.Params["revenue"], p.Params["currency"] = "1.99", "EUR"
				}
				if err := e.Track(t.Context(), p); err != nil {
					t.Fatal(err)
				}
			}
		}
		for range 30 {
			time.Sleep(24 * time.Hour)
			synctest.Wait()
			if stats, err := e.Stats(t.Context()); err != nil || stats.Queued == 0 {
				break
			}
		}
		stats, err := e.Stats(t.Context())
		if err != nil || stats.Queued != 0 || stats.Leased != 0 || stats.Ambiguous == 0 {
			t.Errorf("the store holds %+v (%v)", stats, err)
		}
		if health := e.Health(); len(health.Apps) != 0 || health.Ambiguous != stats.Ambiguous {
			t.Errorf("health is %+v", health)
		}
		checkHeard(t, r.heard, m.answered, devices*each)
	})
}

func checkHeard(t *testing.T, heard []engine.Response, answered map[string]int, packages int) {
	t.Helper()
	ended, order, attempts := map[string]bool{}, map[engine.Lane][]string{}, map[string]int{}
	for i := range heard {
		r := &heard[i]
		id := r.Package.ID
		if ended[id] {
			t.Errorf("%s is heard of after its end", id)
		}
		if r.Attempt != attempts[id] { // a burial without an attempt repeats the number
			attempts[id]++
		}
		if r.Attempt != attempts[id] {
			t.Errorf("%s: attempt %d is heard of, want %d", id, r.Attempt, attempts[id])
		}
		if !r.WillRetry {
			ended[id] = true
			if r.Package.Kind != engine.KindSession {
				order[r.Package.Lane()] = append(order[r.Package.Lane()], id)
			}
			// A wait that is over is the only burial without an answer that says so.
			ok := r.Outcome.Success() || r.Outcome == engine.Rejected || r.Outcome == engine.WaitForDevice ||
				r.Outcome == engine.Unclear && r.Package.Revenue()
			if !ok {
				t.Errorf("%s ended as %v", id, r.Outcome)
			}
		}
	}
	if len(ended) != packages {
		t.Errorf("%d packages ended, want %d", len(ended), packages)
	}
	for lane, ids := range order {
		if !slices.IsSorted(ids) {
			t.Errorf("lane %v ended in the order %v", lane, ids)
		}
	}
	for id, n := range answered {
		if attempts[id] != n {
			t.Errorf("%s: %d attempts were made and %d heard of", id, n, attempts[id])
		}
	}
}
