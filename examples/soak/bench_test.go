package main

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"trackhook/engine"
	"trackhook/engine/adjust"
	"trackhook/engine/disk"
)

// atOnce is the concurrency of both sides of BenchmarkWholeLife.
const atOnce = 64

// BenchmarkWholeLife measures packages from Track to the listener: stored and fsynced, sent over loopback HTTP, settled
// and fsynced, heard. The floor is a bare net/http client that posts the same bodies with the same concurrency. Both
// share the machine with the server, whose processor time is in cpu-s and told apart as peer-cpu-s.
func BenchmarkWholeLife(b *testing.B) {
	b.Run("trackhook", func(b *testing.B) { wholeLife(b, startPeer(b)) })
	b.Run("floor=bare_client", func(b *testing.B) { bareClient(b, startPeer(b)) })
}

func benchPackage(i int) engine.Package {
	return engine.Package{
		ID: "p" + strconv.Itoa(i), Kind: engine.KindEvent, App: engine.App{Token: appToken, Environment: engine.Sandbox},
		Params: map[string]string{
			"external_device_id": "pc-" + strconv.Itoa(i%10_000), "event_token": "abc123", "os_name": "windows",
			"ip_address": "192.0.2.7", "user_agent": "Mozilla/5.0 (Windows NT 10.0; Win64; x64) Game/1.42.0",
		},
		CallbackParams: map[string]string{"level": "17", "session": "4bb2a7e0-6f3c-4c62-9a6e-0c6d9b1c33aa"},
	}
}

// hearing counts what it hears, and tells when it has heard all.
type hearing struct {
	left atomic.Int64
	all  chan struct{}
}

func (*hearing) Name() string { return "hearing" }

func (h *hearing) Handle(_ context.Context, responses []engine.Response) (int, error) {
	if h.left.Add(-int64(len(responses))) == 0 {
		close(h.all)
	}
	return len(responses), nil
}

func wholeLife(b *testing.B, server peer) {
	b.Helper()
	store, err := disk.Open(disk.Config{Dir: b.TempDir()})
	if err != nil {
		b.Fatal(err)
	}
	deliverer, err := adjust.New(adjust.Config{Endpoint: server.url, MaxConns: atOnce})
	if err != nil {
		b.Fatal(err)
	}
	defer deliverer.Close()
	gate, err := adjust.NewGate(deliverer, adjust.GateConfig{MaxInFlight: atOnce})
	if err != nil {
		b.Fatal(err)
	}
	e, err := engine.New(engine.Config{Store: store, Deliverer: deliverer, Gate: gate, InFlight: atOnce})
	if err != nil {
		b.Fatal(err)
	}
	h := &hearing{all: make(chan struct{})}
	h.left.Store(int64(b.N))
	if _, err := store.Enroll(b.Context(), h.Name()); err != nil {
		b.Fatal(err)
	}
	ctx, stop := context.WithCancel(b.Context())
	var loops sync.WaitGroup
	loops.Go(func() { _ = e.Listen(ctx, h) })
	loops.Go(func() { _ = e.Run(ctx) })
	measuredWith(b, server, func() {
		for i := 0; i < b.N; i += 100 {
			batch := make([]engine.Package, 0, 100)
			for j := i; j < min(i+100, b.N); j++ {
				batch = append(batch, benchPackage(j))
			}
			if err := e.Track(b.Context(), batch...); err != nil {
				b.Fatal(err)
			}
		}
		<-h.all
	})
	stop()
	loops.Wait()
	if _, err := e.Close(); err != nil {
		b.Fatal(err)
	}
}

func bareClient(b *testing.B, server peer) {
	b.Helper()
	client := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: atOnce, MaxConnsPerHost: atOnce}}
	defer client.CloseIdleConnections()
	measuredWith(b, server, func() { bareLoop(b, client, server.url) })
}

// bareLoop has atOnce goroutines post b.N bodies.
func bareLoop(b *testing.B, client *http.Client, endpoint string) {
	b.Helper()
	var next atomic.Int64
	var posts sync.WaitGroup
	for range atOnce {
		posts.Go(func() {
			for i := next.Add(1); i <= int64(b.N); i = next.Add(1) {
				p := benchPackage(int(i))
				var form strings.Builder
				for _, param := range adjust.Form(&p) {
					fmt.Fprintf(&form, "%s=%s&", param.Name, param.Value)
				}
				answer, err := client.Post(endpoint+"/event", "application/x-www-form-urlencoded", strings.NewReader(form.String()))
				if err != nil {
					b.Error(err)
					return
				}
				_, _ = io.Copy(io.Discard, answer.Body)
				_ = answer.Body.Close()
			}
		})
	}
	posts.Wait()
}
