package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"sync"
	"testing"
	"time"

	"trackhook/engine"
	"trackhook/engine/adjust"
	"trackhook/engine/disk"
	"trackhook/engine/memory"
)

// crowd is how many devices each bad app has. The store in memory looks at all lanes of an app at each lease, which is
// its own cost and not that of the sending loop.
const crowd = 500

// neighbour is an engine whose responses can be waited for.
type neighbour struct {
	engine *engine.Engine
	mu     sync.Mutex
	wanted map[string]chan struct{}
	next   int
	took   []time.Duration
}

// newNeighbour starts an engine that serves an app whose server answers within two milliseconds. crowded adds an app that
// is blocked and one whose endpoint is down, each with many devices that have something queued, and both probed five times
// a second.
func newNeighbour(b *testing.B, store engine.Store, crowded bool) *neighbour {
	b.Helper()
	healthy, blocked, down := benchPackage(0).App, benchPackage(0).App, benchPackage(0).App
	blocked.Token, down.Token = "bbb123def456", "ddd123def456"
	d, err := adjust.New(adjust.Config{MaxConns: 64, Apps: map[engine.App]adjust.Settings{
		healthy: {Endpoint: answering(b, 2*time.Millisecond, http.StatusOK, `{"status":"OK"}`)},
		blocked: {Endpoint: answering(b, 0, http.StatusUnauthorized, `{"error":"Unauthorized"}`)},
		down:    {Endpoint: refusing(b)},
	}})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = d.Close() })
	often := engine.Backoff{Base: 200 * time.Millisecond, Max: 200 * time.Millisecond}
	gate, err := adjust.NewGate(d, adjust.GateConfig{Probe: often})
	if err != nil {
		b.Fatal(err)
	}
	n := &neighbour{wanted: map[string]chan struct{}{}}
	n.engine, err = engine.New(engine.Config{
		Store: store, Deliverer: d, Gate: gate, Schedule: engine.Schedule{Blocked: often}, Hooks: engine.Hooks{Response: n.heard},
	})
	if err != nil {
		b.Fatal(err)
	}
	ran := make(chan error, 1)
	go func() { ran <- n.engine.Run(context.Background()) }()
	b.Cleanup(func() {
		_, err := n.engine.Close()
		if err := errors.Join(err, <-ran); err != nil {
			b.Error(err)
		}
	})
	if crowded {
		n.crowd(b, blocked, down)
	}
	return n
}

// answering returns the address of a server that gives one answer, after a while.
func answering(b *testing.B, after time.Duration, status int, body string) string {
	b.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if after > 0 {
			<-time.After(after)
		}
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(status)
		_, _ = io.WriteString(w, body)
	}))
	b.Cleanup(server.Close)
	return server.URL
}

// refusing returns an address at which nobody listens.
func refusing(b *testing.B) string {
	b.Helper()
	server := httptest.NewServer(http.NotFoundHandler())
	server.Close()
	return server.URL
}

// crowd queues packages of many devices of apps that do not get through, and waits until the engine knows it.
func (n *neighbour) crowd(b *testing.B, apps ...engine.App) {
	b.Helper()
	for _, app := range apps {
		for i := range crowd {
			p := benchPackage(i)
			p.ID, p.App = fmt.Sprint(app.Token, i), app
			if err := n.engine.Track(b.Context(), p); err != nil {
				b.Fatal(err)
			}
		}
	}
	for health := n.engine.Health(); len(health.Apps) == 0 || len(health.Endpoints) == 0; health = n.engine.Health() {
		<-time.After(10 * time.Millisecond)
	}
}

func (n *neighbour) heard(r *engine.Response) {
	n.mu.Lock()
	defer n.mu.Unlock()
	if wanted := n.wanted[r.Package.ID]; wanted != nil {
		close(wanted)
		delete(n.wanted, r.Package.ID)
	}
}

// round sends 400 packages, 8 at a time, and notes how long each took from Track to the log.
func (n *neighbour) round(b *testing.B) {
	b.Helper()
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			for range 50 {
				wanted := make(chan struct{})
				n.mu.Lock()
				n.next++
				p := benchPackage(n.next % 100)
				p.ID = fmt.Sprint("p", n.next)
				n.wanted[p.ID] = wanted
				n.mu.Unlock()
				began := time.Now()
				if err := n.engine.Track(b.Context(), p); err != nil {
					b.Error(err)
					return
				}
				<-wanted
				n.mu.Lock()
				n.took = append(n.took, time.Since(began))
				n.mu.Unlock()
			}
		})
	}
	all.Wait()
}

// quantiles returns the median and the 99th percentile of the last round, in milliseconds, and forgets it.
func (n *neighbour) quantiles() (median, p99 float64) {
	slices.Sort(n.took)
	at := func(q float64) float64 { return float64(n.took[int(q*float64(len(n.took)-1))].Microseconds()) / 1e3 }
	median, p99 = at(0.5), at(0.99)
	n.took = n.took[:0]
	return median, p99
}

// BenchmarkNeighbours shows what a blocked app and a dead endpoint cost another app: the time from Track to the log, in
// turns with the same alone. Of two rounds that follow each other the 99th percentiles are compared, and the median of
// these ratios should be at most 1.2: a busy machine spoils some rounds, of either.
func BenchmarkNeighbours(b *testing.B) {
	b.Run("store=memory", func(b *testing.B) { neighbours(b, memory.New(), memory.New()) })
	b.Run("store=disk", func(b *testing.B) { neighbours(b, openDisk(b), openDisk(b)) })
}

func openDisk(b *testing.B) *disk.Store {
	b.Helper()
	store, err := disk.Open(disk.Config{Dir: b.TempDir()})
	if err != nil {
		b.Fatal(err)
	}
	return store
}

func neighbours(b *testing.B, one, other engine.Store) {
	b.Helper()
	alone, crowded := newNeighbour(b, one, false), newNeighbour(b, other, true)
	var medians, p99s, times []float64
	for b.Loop() {
		alone.round(b)
		crowded.round(b)
		median, p99 := alone.quantiles()
		crowdedMedian, crowdedP99 := crowded.quantiles()
		medians, p99s, times = append(medians, crowdedMedian/median), append(p99s, crowdedP99/p99), append(times, p99)
	}
	middle := func(all []float64) float64 {
		slices.Sort(all)
		return all[len(all)/2]
	}
	b.ReportMetric(middle(p99s), "p99-ratio")
	b.ReportMetric(middle(medians), "p50-ratio")
	b.ReportMetric(middle(times), "alone-p99-ms")
}
