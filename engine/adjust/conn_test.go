package adjust_test

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net"
	"net/url"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"trackhook/engine"
	"trackhook/engine/adjust"
)

// A request that misses its last byte was not counted; one that was written whole may have been.
func TestOnlyWholeRequestsAreAmbiguous(t *testing.T) {
	attempt := func(m *fakeConn) engine.Response {
		d := newDeliverer(t, adjust.Config{Endpoint: "http://s2s.test", Dial: func(context.Context, string, string) (net.Conn, error) { return m, nil }})
		return deliver(t, d, purchase())
	}
	m := new(fakeConn)
	want{engine.Unclear, true, "may have counted it"}.check(t, attempt(m))
	whole := m.wrote
	for _, limit := range []int{1, 20, whole / 2, whole - 1} {
		want{engine.Retry, false, "while the request was being sent"}.check(t, attempt(&fakeConn{limit: limit}))
	}
	want{engine.Unclear, true, "may have counted it"}.check(t, attempt(&fakeConn{limit: whole}))
}

func TestClosedConnectionsAreNoticedBeforeSending(t *testing.T) {
	closed := make(chan struct{})
	var arrived atomic.Int32
	address := raw(t, func(_ int, conn *net.TCPConn, r *bufio.Reader) {
		if readRequest(r) == nil {
			arrived.Add(1)
			io.WriteString(conn, okAnswer)
			conn.Close()
			closed <- struct{}{}
		}
	})
	d := newDeliverer(t, adjust.Config{Endpoint: address})
	for range 100 {
		if r := deliver(t, d, purchase()); r.Outcome != engine.Delivered {
			t.Fatalf("%s: %s", r.Outcome, r.Message)
		}
		<-closed
	}
	if arrived.Load() != 100 {
		t.Errorf("%d requests arrived, want 100", arrived.Load())
	}
}

// What decides whether a connection carries the next request.
func TestConnectionsAreKept(t *testing.T) {
	for _, test := range []struct {
		name, answer string
		conns        int
	}{
		{"by default", okAnswer, 1},
		{"chunked", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\n{\"s\r\nc\r\ntatus\":\"OK\"}\r\n0\r\nTrailer: x\r\n\r\n", 1},
		{"without a body", "HTTP/1.1 204 No Content\r\n\r\n", 1},
		{"after interim answers", "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n" + okAnswer, 1},
		{"not with Connection: close", strings.Replace(okAnswer, "\r\n", "\r\nConnection: close\r\n", 1), 3},
		{"not with HTTP/1.0", strings.Replace(okAnswer, "1.1", "1.0", 1), 3},
		{"not when the answer is longer than it says", okAnswer + "HTTP/1.1 404 Not Found", 3},
		{"not when the protocol changes", "HTTP/1.1 101 Switching Protocols\r\nUpgrade: h2c\r\n\r\n", 3},
		{"not when the answer is too long", "HTTP/1.1 200 OK\r\nContent-Length: 1000000000\r\n\r\n" + strings.Repeat(" ", 2000), 3},
		{"not when the answer never ends", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n800\r\n" + strings.Repeat(" ", 2048), 3},
		{"not when the header never ends", "HTTP/1.1 200 OK\r\n" + strings.Repeat("X: y\r\n", 100<<10), 3},
		{"not after interim answers without end", strings.Repeat("HTTP/1.1 100 Continue\r\n\r\n", 50), 3},
	} {
		t.Run(test.name, func(t *testing.T) {
			var conns atomic.Int32
			address := raw(t, func(n int, conn *net.TCPConn, r *bufio.Reader) {
				conns.Store(int32(n))
				for readRequest(r) == nil {
					io.WriteString(conn, test.answer)
				}
			})
			d := newDeliverer(t, adjust.Config{Endpoint: address, MaxBody: 1024, Timeout: 30 * time.Second})
			first := deliver(t, d, event())
			for range 2 {
				if r := deliver(t, d, event()); r.Status != first.Status || r.Message != first.Message {
					t.Errorf("%d %q, at first %d %q", r.Status, r.Message, first.Status, first.Message)
				}
			}
			if int(conns.Load()) != test.conns {
				t.Errorf("%d connections for 3 attempts, want %d", conns.Load(), test.conns)
			}
			if strings.Contains(first.Message, "after 30s") || strings.Contains(first.Message, "within 30s") {
				t.Errorf("waited for the end of it: %s", first.Message)
			}
		})
	}
}

func TestConnectionsAreBounded(t *testing.T) {
	var open, most atomic.Int32
	address := raw(t, func(_ int, conn *net.TCPConn, r *bufio.Reader) {
		if n := open.Add(1); n > most.Load() {
			most.Store(n)
		}
		defer open.Add(-1)
		for readRequest(r) == nil {
			io.WriteString(conn, okAnswer)
		}
	})
	d := newDeliverer(t, adjust.Config{Endpoint: address, MaxConns: 3})
	var all sync.WaitGroup
	for range 20 {
		all.Go(func() {
			for range 20 {
				if r := deliver(t, d, event()); r.Outcome != engine.Delivered {
					t.Errorf("%s: %s", r.Outcome, r.Message)
				}
			}
		})
	}
	all.Wait()
	if most.Load() > 3 {
		t.Errorf("%d connections at once, want at most 3", most.Load())
	}
}

// A server that refuses a large request before it has read it closes the connection under our write.
func TestEarlyRefusalIsHeard(t *testing.T) {
	address := raw(t, func(_ int, conn *net.TCPConn, r *bufio.Reader) {
		r.ReadString('\n')
		io.WriteString(conn, "HTTP/1.1 413 Too Large\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
	})
	p := purchase()
	p.Params["receipt"] = strings.Repeat("x", 24<<20)
	r := deliver(t, newDeliverer(t, adjust.Config{Endpoint: address}), p)
	if r.Ambiguous || r.Outcome != engine.Rejected && r.Outcome != engine.Retry {
		t.Errorf("%s, ambiguous %v: %s", r.Outcome, r.Ambiguous, r.Message)
	}
	t.Logf("status %d: %s", r.Status, r.Message)
}

// piped is a dialer of connections to a server within the bubble, which answers what serve says. A nil serve never
// answers a dial.
func piped(serve func(net.Conn, *bufio.Reader)) (dial func(context.Context, string, string) (net.Conn, error), open *atomic.Int32) {
	open = new(atomic.Int32)
	return func(ctx context.Context, _, _ string) (net.Conn, error) {
		if serve == nil {
			<-ctx.Done()
			return nil, ctx.Err()
		}
		client, server := net.Pipe()
		open.Add(1)
		go func() {
			defer open.Add(-1)
			defer server.Close()
			serve(server, bufio.NewReader(server))
		}()
		return client, nil
	}, open
}

func TestIdleConnectionsAreClosed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		dial, open := piped(func(conn net.Conn, r *bufio.Reader) {
			for readRequest(r) == nil {
				time.Sleep(time.Second) // so that each attempt needs a connection of its own
				io.WriteString(conn, okAnswer)
			}
		})
		d := newDeliverer(t, adjust.Config{Endpoint: "http://s2s.test", Dial: dial})
		var all sync.WaitGroup
		for range 5 {
			all.Go(func() { deliver(t, d, event()) })
		}
		all.Wait()
		time.Sleep(2 * time.Second)
		deliver(t, d, event()) // keeps one of them busy
		if open.Load() != 5 {
			t.Errorf("%d connections are open after 3 s, want 5", open.Load())
		}
		time.Sleep(2 * time.Second)
		synctest.Wait()
		if open.Load() != 1 {
			t.Errorf("%d connections are open after 6 s, want the one that was used", open.Load())
		}
		time.Sleep(time.Minute)
		synctest.Wait()
		if open.Load() != 0 {
			t.Errorf("%d connections are open after a minute, want none", open.Load())
		}
		deliver(t, d, event())
		d.Close()
		synctest.Wait()
		if open.Load() != 0 {
			t.Errorf("%d connections are open after Close, want none", open.Load())
		}
		if r := deliver(t, d, event()); r.Outcome != engine.Delivered {
			t.Errorf("after Close: %s: %s", r.Outcome, r.Message)
		}
		synctest.Wait()
		if open.Load() != 0 {
			t.Errorf("%d connections were kept after Close, want none", open.Load())
		}
	})
}

// TestConnectionsGrowOld keeps a connection busy, so that it never idles: what its name means is asked again all the same.
func TestConnectionsGrowOld(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		dials := 0
		dial := answering("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}", nil)
		d := newDeliverer(t, adjust.Config{
			Endpoint: "http://s2s.test",
			Dial: func(ctx context.Context, network, address string) (net.Conn, error) {
				dials++
				return dial(ctx, network, address)
			},
		})
		for began := time.Now(); time.Since(began) < 10*time.Minute; time.Sleep(500 * time.Millisecond) {
			if r := deliver(t, d, event()); r.Status != 200 {
				t.Fatalf("got %d: %s", r.Status, r.Message)
			}
		}
		if dials < 5 || dials > 6 {
			t.Errorf("%d connections in ten minutes, want one for each two minutes", dials)
		}
	})
}

// Each wait of an attempt has its bound, and the caller's context ends it at once.
func TestWaitsAreBounded(t *testing.T) {
	silent := func(_ net.Conn, r *bufio.Reader) { io.Copy(io.Discard, r) }
	deaf := func(conn net.Conn, _ *bufio.Reader) { conn.Write([]byte("x")) } // waits for a read that never comes
	unconnected := want{engine.Retry, false, "ended before there was a connection"}
	for _, test := range []struct {
		name, endpoint, proxy string
		serve                 func(net.Conn, *bufio.Reader)
		after                 time.Duration
		want, canceled        want
	}{
		{
			"connecting", "http://s2s.test", "", nil, 10 * time.Second,
			want{engine.Retry, false, "no connection to s2s.test in time"},
			unconnected,
		},
		{
			"TLS", "https://s2s.test", "", silent, 10 * time.Second,
			want{engine.Retry, false, "no secure connection to s2s.test: the TLS handshake took too long"},
			unconnected,
		},
		{
			"proxy", "https://s2s.test", "http://proxy.test", silent, 10 * time.Second,
			want{engine.Retry, false, "the proxy for s2s.test made no connection"},
			unconnected,
		},
		{
			"SOCKS proxy", "https://s2s.test", "socks5://proxy.test", silent, 10 * time.Second,
			want{engine.Retry, false, "the proxy for s2s.test made no connection"},
			unconnected,
		},
		{
			"sending", "http://s2s.test", "", deaf, 40 * time.Second,
			want{engine.Retry, false, "could not send the request to s2s.test within 40s"},
			want{engine.Retry, false, "ended while the request was being sent"},
		},
		{
			"answering", "http://s2s.test", "", silent, 40 * time.Second,
			want{engine.Unclear, true, "no answer came within 40s"},
			want{engine.Unclear, true, "ended before an answer came"},
		},
	} {
		for _, canceled := range []bool{false, true} {
			t.Run(fmt.Sprintf("%s, canceled %v", test.name, canceled), func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) {
					dial, _ := piped(test.serve)
					d := newDeliverer(t, adjust.Config{Endpoint: test.endpoint, Dial: dial, Timeout: 40 * time.Second, Proxy: proxied(test.proxy)})
					ctx, cancel := context.WithCancel(t.Context())
					defer cancel()
					begin, w, after := time.Now(), test.want, test.after
					if canceled {
						w, after = test.canceled, 3*time.Second
						time.AfterFunc(after, cancel)
					}
					w.check(t, d.Deliver(ctx, engine.Delivery{Package: purchase(), Attempt: 1}))
					if got := time.Since(begin); got != after {
						t.Errorf("it took %s, want %s", got, after)
					}
				})
			})
		}
	}
}

func TestWaitForAFreeConnection(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		dial, open := piped(func(_ net.Conn, r *bufio.Reader) { io.Copy(io.Discard, r) })
		d := newDeliverer(t, adjust.Config{Endpoint: "http://s2s.test", Dial: dial, Timeout: 40 * time.Second, MaxConns: 1})
		go deliver(t, d, event())
		synctest.Wait()
		ctx, cancel := context.WithTimeout(t.Context(), 3*time.Second)
		defer cancel()
		r := d.Deliver(ctx, engine.Delivery{Package: purchase(), Attempt: 1})
		want{engine.Retry, false, "ended before there was a connection"}.check(t, r)
		if open.Load() != 1 {
			t.Errorf("%d connections are open, want 1", open.Load())
		}
		// The slot becomes free after 40 s in all. The wait for it counts.
		begin := time.Now()
		deliver(t, d, event())
		if took := time.Since(begin); took != 40*time.Second {
			t.Errorf("the bound of an attempt moved to %s", took)
		}
	})
}

func proxied(proxy string) func(*url.URL) (*url.URL, error) {
	return func(*url.URL) (*url.URL, error) {
		if proxy == "" {
			return nil, nil
		}
		return url.Parse(proxy)
	}
}

// A kept connection obeys the context of the attempt that it carries, whichever it carried before.
func TestKeptConnectionsObeyContexts(t *testing.T) {
	asked, conns := make(chan int, 1), new(atomic.Int32)
	address := raw(t, func(n int, conn *net.TCPConn, r *bufio.Reader) {
		conns.Store(int32(n))
		for i := 1; readRequest(r) == nil; i++ {
			if n == 1 && i == 3 {
				asked <- i // and never answered
				continue
			}
			io.WriteString(conn, okAnswer)
		}
	})
	d := newDeliverer(t, adjust.Config{Endpoint: address})
	attempt := func(ctx context.Context) engine.Response {
		return d.Deliver(ctx, engine.Delivery{Package: purchase(), Attempt: 1})
	}
	ctx, cancel := context.WithCancel(t.Context())
	for range 2 {
		if r := attempt(ctx); r.Outcome != engine.Delivered {
			t.Fatalf("%s: %s", r.Outcome, r.Message)
		}
	}
	go func() { <-asked; cancel() }()
	want{engine.Unclear, true, "may have counted it"}.check(t, attempt(ctx))
	for range 2 {
		// Others are kept for it now, and end with nobody else's context.
		other, end := context.WithCancel(t.Context())
		if r := attempt(other); r.Outcome != engine.Delivered {
			t.Errorf("%s: %s", r.Outcome, r.Message)
		}
		end()
		if r := deliver(t, d, purchase()); r.Outcome != engine.Delivered {
			t.Errorf("after the end of another context: %s: %s", r.Outcome, r.Message)
		}
	}
	if n := conns.Load(); n < 2 || n > 4 {
		t.Errorf("%d connections", n)
	}
}
