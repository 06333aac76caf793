package engine_test

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"trackhook/engine"
	"trackhook/engine/memory"
)

// parsed are packages as the door makes them, of about 400 bytes.
func parsed() engine.Package {
	return engine.Package{
		Kind: engine.KindEvent, App: demoApp(), Created: time.Unix(1_735_689_600, 0), CallbackID: "order-20260101-000017",
		Params: map[string]string{
			"gps_adid": "38400000-8cf0-11bd-b23e-10b96e40000d", "event_token": "abc123", "revenue": "1.99", "currency": "EUR",
			"ip_address": "192.0.2.1", "os_name": "android", "user_agent": "Mozilla/5.0 (Linux; Android 14; Pixel 8)",
		},
		CallbackParams: map[string]string{"user": "u-1029384756", "level": "17"},
		PartnerParams:  map[string]string{"item": "gems-500"},
	}
}

// BenchmarkPrepare measures the checks of the door: the first time, and again, as Track does after an intake has
// prepared what it answers with.
func BenchmarkPrepare(b *testing.B) {
	now := time.Now()
	for _, device := range []string{"", "gps_adid=38400000-8cf0-11bd-b23e-10b96e40000d"} {
		for _, id := range []string{"", "0193f2a45b6c00112233445566778899"} {
			b.Run(fmt.Sprintf("device=%t/id=%t", device != "", id != ""), func(b *testing.B) {
				p := parsed()
				b.ReportAllocs()
				for b.Loop() {
					p.Device, p.ID = device, id
					if err := p.Prepare(now); err != nil {
						b.Fatal(err)
					}
				}
			})
		}
	}
}

// tap is a store that always has something due and settles at once, so that only the loop is measured.
type tap struct {
	*memory.Store
	lease engine.Lease

	mu    sync.Mutex
	limit int // guarded by mu, with all below
	held  int
	left  int
	news  chan struct{} // closed when limit, held or left has changed
	over  chan struct{} // closed when nothing is left
}

func (s *tap) change(change func()) {
	s.mu.Lock()
	defer s.mu.Unlock()
	change()
	close(s.news)
	s.news = make(chan struct{})
}

func (s *tap) Limit(_ engine.App, leases int) { s.change(func() { s.limit = leases }) }

func (s *tap) Lease(ctx context.Context, limit int) ([]engine.Lease, error) {
	for {
		s.mu.Lock()
		n, news := min(limit, s.left), s.news
		if s.limit >= 0 {
			n = min(n, s.limit-s.held)
		}
		if n > 0 {
			s.held += n
			s.left -= n
		}
		s.mu.Unlock()
		if n > 0 {
			return slices.Repeat([]engine.Lease{s.lease}, n), nil
		}
		select {
		case <-news:
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
}

func (s *tap) Settle(_ context.Context, all ...engine.Settlement) error {
	s.change(func() {
		s.held -= len(all)
		if s.held+s.left == 0 {
			close(s.over)
		}
	})
	return nil
}

// BenchmarkSend measures what the sending loop itself costs a package: no store and no network.
func BenchmarkSend(b *testing.B) {
	p := parsed()
	if err := p.Prepare(time.Now()); err != nil {
		b.Fatal(err)
	}
	p.Created = time.Now()
	s := &tap{
		Store: memory.New(), lease: engine.Lease{Package: p}, limit: -1, left: b.N,
		news: make(chan struct{}), over: make(chan struct{}),
	}
	e, err := engine.New(engine.Config{Store: s, Deliverer: instant{}})
	if err != nil {
		b.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	ran := make(chan error, 1)
	b.ReportAllocs()
	b.ResetTimer()
	go func() { ran <- e.Run(ctx) }()
	<-s.over
	b.StopTimer()
	cancel()
	if _, err := e.Close(); err != nil {
		b.Error(err)
	}
	if err := <-ran; err != nil {
		b.Error(err)
	}
}

// instant delivers everything at once.
type instant struct{}

func (instant) Deliver(context.Context, engine.Delivery) engine.Response {
	return engine.Response{Outcome: engine.Delivered, Status: 200}
}
