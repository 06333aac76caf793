package main

import (
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"trackhook/engine"
	"trackhook/engine/adjust"
	"trackhook/engine/disk"
	"trackhook/engine/ingest"
	"trackhook/engine/proctest"
)

// BenchmarkSingle measures whole life where every package comes in a request of its own: 64 clients post forms, as S2S
// senders do, over kept connections; each package is stored and fsynced before the answer, sent, settled and fsynced. The
// floor is a net/http handler that posts each form on with a net/http client before it answers: one request in and one out,
// and nothing kept. Clients and the server at the end share the process, so their time is in both.
func BenchmarkSingle(b *testing.B) {
	b.Run("trackhook", func(b *testing.B) { single(b) })
	b.Run("floor=one_in_one_out", func(b *testing.B) { passOn(b) })
}

// postForms has atOnce clients post b.N forms, and returns when all are answered.
func postForms(b *testing.B, base string) {
	b.Helper()
	client := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: atOnce, MaxConnsPerHost: atOnce}}
	defer client.CloseIdleConnections()
	var next atomic.Int64
	var posts sync.WaitGroup
	for range atOnce {
		posts.Go(func() {
			for i := next.Add(1); i <= int64(b.N); i = next.Add(1) {
				answer, err := client.Post(base+"/event", "application/x-www-form-urlencoded", strings.NewReader(singleForm(int(i))))
				if err != nil {
					b.Error(err)
					return
				}
				_, _ = io.Copy(io.Discard, answer.Body)
				_ = answer.Body.Close()
				if answer.StatusCode != http.StatusOK {
					b.Error(answer.Status)
					return
				}
			}
		})
	}
	posts.Wait()
}

// singleForm is the form of a package of about 400 bytes.
func singleForm(i int) string {
	n := strconv.Itoa(i)
	return "s2s=1&app_token=" + appToken + "&environment=sandbox&event_token=abc123&os_name=windows&ip_address=192.0.2.7&external_device_id=pc-" +
		strconv.Itoa(i%20_000) + "&deduplication_id=p" + n + "&user_agent=" + url.QueryEscape("Mozilla/5.0 (Windows NT 10.0; Win64; x64) Game/1.42.0") +
		"&callback_params=" + url.QueryEscape(`{"level":"17","session":"4bb2a7e0-6f3c-4c62-9a6e-0c6d9b1c33aa"}`)
}

func single(b *testing.B) {
	b.Helper()
	store, err := disk.Open(disk.Config{Dir: b.TempDir()})
	if err != nil {
		b.Fatal(err)
	}
	deliverer, err := adjust.New(adjust.Config{Endpoint: plainServer(b, 0), MaxConns: atOnce})
	if err != nil {
		b.Fatal(err)
	}
	defer deliverer.Close()
	gate, err := adjust.NewGate(deliverer, adjust.GateConfig{MaxInFlight: atOnce})
	if err != nil {
		b.Fatal(err)
	}
	ended := &hearing{all: make(chan struct{})}
	ended.left.Store(int64(b.N))
	e, err := engine.New(engine.Config{Store: store, Deliverer: deliverer, Gate: gate, InFlight: atOnce})
	if err != nil {
		b.Fatal(err)
	}
	if _, err := store.Enroll(b.Context(), ended.Name()); err != nil {
		b.Fatal(err)
	}
	handler, err := ingest.New(ingest.Config{Tracker: e})
	if err != nil {
		b.Fatal(err)
	}
	door := httptest.NewServer(handler)
	defer door.Close()
	var loops sync.WaitGroup
	ctx, stop := context.WithCancel(b.Context())
	loops.Go(func() { _ = e.Listen(ctx, ended) })
	loops.Go(func() { _ = e.Run(ctx) })
	measured(b, func() {
		postForms(b, door.URL)
		<-ended.all
	})
	stop()
	loops.Wait()
	if _, err := e.Close(); err != nil {
		b.Error(err)
	}
}

func passOn(b *testing.B) {
	b.Helper()
	end := plainServer(b, 0)
	client := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: atOnce, MaxConnsPerHost: atOnce}}
	defer client.CloseIdleConnections()
	door := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			return
		}
		answer, err := client.Post(end+r.URL.Path, r.Header.Get("Content-Type"), strings.NewReader(string(body)))
		if err != nil {
			w.WriteHeader(http.StatusBadGateway)
			return
		}
		w.Header().Set("Content-Type", "application/json")
		_, _ = io.Copy(w, answer.Body)
		_ = answer.Body.Close()
	}))
	defer door.Close()
	measured(b, func() { postForms(b, door.URL) })
}

// measured reports the rate and the processor time of b.N packages, of all that takes part.
func measured(b *testing.B, run func()) {
	b.Helper()
	measuredWith(b, peer{}, run)
}

// measuredWith does the same where a server is a process of its own.
func measuredWith(b *testing.B, server peer, run func()) {
	b.Helper()
	each := func(used time.Duration) float64 { return used.Seconds() / float64(b.N) * 100_000 }
	var others time.Duration
	used := proctest.CPU("self")
	if server.pid != 0 {
		others = server.cpu()
	}
	b.ReportAllocs()
	b.ResetTimer()
	run()
	b.StopTimer()
	used = proctest.CPU("self") - used
	if server.pid != 0 {
		others = server.cpu() - others
		b.ReportMetric(each(others), "peer-cpu-s/100000")
	}
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "packages/s")
	b.ReportMetric(each(used+others), "cpu-s/100000")
}
