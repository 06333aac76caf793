package main

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"sync"
	"testing"

	"trackhook/engine"
	"trackhook/engine/adjust"
	"trackhook/engine/disk"
	"trackhook/engine/ingest"
	"trackhook/engine/proctest"
)

// BenchmarkFlow measures packages from the socket of the door to the socket of the server: batches of 500 come in over
// HTTP, are stored and fsynced, go out one request each in the order of their devices, and are settled and fsynced. Both
// ends share the machine, so the CPU time counts senders and server, too. With 429=5%, the server asks one request in
// twenty to slow down for a second.
//
// What its profile taught: a quarter of the processor's time are system calls, nearly all of them for the sockets of
// attempts and server, a fifth is the store writing tables, a tenth its memtable, a tenth the server here, and a
// fifteenth the door. That the door checks packages, whose mistakes it must know by line, and Track checks them again
// is 0.7 % of it: not worth a form of packages that every Tracker would have to know.
func BenchmarkFlow(b *testing.B) {
	for _, every := range []int{0, 20} {
		b.Run("429="+map[int]string{0: "none", 20: "5%"}[every], func(b *testing.B) { flow(b, every) })
	}
}

// plainServer answers HTTP as cheaply as it can be done, so that the numbers are those of what is measured. On each
// connection, one request in every is asked to slow down; 0: none.
func plainServer(b *testing.B, every int) string {
	b.Helper()
	listener, err := new(net.ListenConfig).Listen(context.Background(), "tcp", "127.0.0.1:0")
	if err != nil {
		b.Fatal(err)
	}
	var conns sync.WaitGroup
	var mu sync.Mutex
	all := map[net.Conn]bool{}
	conns.Go(func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			mu.Lock()
			all[conn] = true
			mu.Unlock()
			conns.Go(func() { servePlain(conn, every) })
		}
	})
	b.Cleanup(func() {
		_ = listener.Close()
		mu.Lock()
		for conn := range all {
			_ = conn.Close()
		}
		mu.Unlock()
		conns.Wait()
	})
	return "http://" + listener.Addr().String()
}

func servePlain(conn net.Conn, every int) {
	defer func() { _ = conn.Close() }()
	const (
		taken   = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 15\r\n\r\n{\"status\":\"OK\"}"
		tooMany = "HTTP/1.1 429 Too Many Requests\r\nRetry-After: 1\r\nContent-Length: 0\r\n\r\n"
	)
	requests := bufio.NewReader(conn)
	for n := 1; ; n++ {
		length := 0
		for {
			line, err := requests.ReadSlice('\n')
			if err != nil {
				return
			}
			if line = bytes.TrimSpace(line); len(line) == 0 {
				break
			}
			if name, value, _ := bytes.Cut(line, []byte(":")); bytes.EqualFold(name, []byte("Content-Length")) {
				length, _ = strconv.Atoi(string(bytes.TrimSpace(value)))
			}
		}
		if _, err := requests.Discard(length); err != nil {
			return
		}
		answer := taken
		if every > 0 && n%every == 0 {
			answer = tooMany
		}
		if _, err := io.WriteString(conn, answer); err != nil {
			return
		}
	}
}

func flow(b *testing.B, every int) {
	b.Helper()
	const batch, senders = 500, 4
	store, err := disk.Open(disk.Config{Dir: b.TempDir()})
	if err != nil {
		b.Fatal(err)
	}
	deliverer, err := adjust.New(adjust.Config{Endpoint: plainServer(b, every), MaxConns: atOnce})
	if err != nil {
		b.Fatal(err)
	}
	gate, err := adjust.NewGate(deliverer, adjust.GateConfig{MaxInFlight: atOnce})
	if err != nil {
		b.Fatal(err)
	}
	ended := &hearing{all: make(chan struct{})}
	ended.left.Store(int64(b.N))
	e, err := engine.New(engine.Config{
		Store: store, Deliverer: deliverer, Gate: gate, InFlight: atOnce,
		Hooks: engine.Hooks{Response: func(r *engine.Response) {
			if !r.WillRetry {
				_, _ = ended.Handle(context.Background(), []engine.Response{*r})
			}
		}},
	})
	if err != nil {
		b.Fatal(err)
	}
	handler, err := ingest.New(ingest.Config{Tracker: e})
	if err != nil {
		b.Fatal(err)
	}
	door := httptest.NewServer(handler)
	defer door.Close()
	client := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: senders}}
	defer client.CloseIdleConnections()
	ran := make(chan error, 1)
	go func() { ran <- e.Run(context.Background()) }()

	var bodies []string
	for i := 0; i < b.N; i += batch {
		var body strings.Builder
		for n := i; n < min(i+batch, b.N); n++ {
			flowLine(&body, n)
		}
		bodies = append(bodies, body.String())
	}
	used := proctest.CPU("self")
	b.ReportAllocs()
	b.ResetTimer()
	queue := make(chan string)
	var posts sync.WaitGroup
	for range senders {
		posts.Go(func() {
			for body := range queue {
				if !post(b.Context(), client, door.URL+"/v1/packages", []byte(body)) {
					b.Error("a batch was refused")
				}
			}
		})
	}
	for _, body := range bodies {
		queue <- body
	}
	close(queue)
	posts.Wait()
	<-ended.all
	b.StopTimer()
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "packages/s")
	b.ReportMetric((proctest.CPU("self")-used).Seconds()/float64(b.N)*100_000, "cpu-s/100000")
	if _, err := e.Close(); err != nil {
		b.Error(err)
	}
	if err := <-ran; err != nil {
		b.Error(err)
	}
	if err := deliverer.Close(); err != nil {
		b.Error(err)
	}
}

// flowLine writes a package of about 400 bytes.
func flowLine(out *strings.Builder, n int) {
	fmt.Fprintf(out, `{"kind":"event","app_token":%q,"environment":"sandbox","idempotency_key":"p%d","params":{"external_device_id":"pc-%d",`+
		`"event_token":"abc123","os_name":"windows","ip_address":"192.0.2.7","user_agent":"Mozilla/5.0 (Windows NT 10.0; Win64; x64) Game/1.42.0"},`+
		`"callback_params":{"level":"17","session":"4bb2a7e0-6f3c-4c62-9a6e-0c6d9b1c33aa"}}`+"\n", appToken, n, n%20_000)
}
