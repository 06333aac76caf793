package engine_test

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"testing"
	"testing/synctest"

	"trackhook/engine"
	"trackhook/engine/memory"
)

// downGate has two servers; that of the apps whose tokens begin with "down" is held to be down, and is just probed.
type downGate struct{}

func (downGate) Endpoint(app engine.App, _ engine.Kind) string {
	if strings.HasPrefix(app.Token, "down") {
		return "down"
	}
	return "up"
}

func (downGate) Room(endpoint string) engine.Room {
	if endpoint == "down" {
		return engine.Room{Attempts: 1, Down: "no answer", Term: 1}
	}
	return engine.Room{Attempts: -1}
}

func (downGate) Probe(string)                  {}
func (downGate) Record(string, engine.Attempt) {}

// leaseCounter counts the leases that are held.
type leaseCounter struct {
	*memory.Store
	mu   sync.Mutex
	held int // guarded by mu
}

func (s *leaseCounter) count(n int) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.held += n
	return s.held
}

func (s *leaseCounter) Lease(ctx context.Context, limit int) ([]engine.Lease, error) {
	leases, err := s.Store.Lease(ctx, limit)
	s.count(len(leases))
	return leases, err
}

func (s *leaseCounter) Settle(ctx context.Context, all ...engine.Settlement) error {
	err := s.Store.Settle(ctx, all...)
	if err == nil {
		s.count(-len(all))
	}
	return err
}

// While a probe hangs, what it was chosen from is as much for many apps as for one: all leases of the host are bounded, and
// other servers need some.
func TestAppsShareWhatAProbeIsChosenFrom(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		hang := make(chan struct{})
		d := &deliverer{answer: func(_ context.Context, d engine.Delivery) engine.Response {
			if strings.HasPrefix(d.Package.App.Token, "down") {
				<-hang
			}
			return delivered()
		}}
		store := &leaseCounter{Store: memory.New()}
		const apps, devices, inFlight = 32, 40, 8
		e := start(t, engine.Config{Store: store, Deliverer: d, Gate: downGate{}, InFlight: inFlight})
		for device := range devices {
			for i := range apps {
				app := engine.App{Token: fmt.Sprintf("down%08d", i), Environment: engine.Sandbox}
				name := fmt.Sprint("d", device)
				if err := e.Track(t.Context(), of(app, app.Token+name, name)); err != nil {
					t.Fatal(err)
				}
			}
		}
		synctest.Wait()
		// One look into the store comes before anything is known of the apps.
		if held, most := store.count(0), 4*inFlight+64; held > most || held == 0 {
			t.Errorf("%d leases are held for one attempt, want at most %d", held, most)
		}
		for device := range devices {
			if err := e.Track(t.Context(), pkg(fmt.Sprint("up", device), fmt.Sprint("d", device))); err != nil {
				t.Fatal(err)
			}
		}
		synctest.Wait()
		if got := len(d.ids()); got != 1+devices {
			t.Errorf("%d attempts, want the probe and %d at the other server", got, devices)
		}
		close(hang)
	})
}
