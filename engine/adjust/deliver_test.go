package adjust_test

import (
	"bufio"
	"context"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
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

// raw is a server that speaks TCP: handle gets each connection, with its number from 1. It is closed after handle.
func raw(t *testing.T, handle func(n int, conn *net.TCPConn, r *bufio.Reader)) (url string) {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	var open sync.WaitGroup
	open.Go(func() {
		for n := 1; ; n++ {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			open.Go(func() {
				defer conn.Close()
				conn.SetDeadline(time.Now().Add(time.Minute)) // ends a test that hangs
				handle(n, conn.(*net.TCPConn), bufio.NewReader(conn))
			})
		}
	})
	t.Cleanup(func() {
		listener.Close()
		open.Wait()
	})
	return "http://" + listener.Addr().String()
}

func readRequest(r *bufio.Reader) error {
	q, err := http.ReadRequest(r)
	if err != nil {
		return err
	}
	_, err = io.Copy(io.Discard, q.Body)
	return err
}

const okAnswer = "HTTP/1.1 200 OK\r\nContent-Length: 15\r\n\r\n{\"status\":\"OK\"}"

func reset(conn *net.TCPConn) {
	conn.SetLinger(0)
	conn.Close()
}

func deliver(t *testing.T, d *adjust.Deliverer, p engine.Package) engine.Response {
	t.Helper()
	return d.Deliver(t.Context(), engine.Delivery{Package: p, Attempt: 1})
}

// want checks an attempt that got no complete answer.
type want struct {
	outcome   engine.Outcome
	ambiguous bool
	message   string
}

func (w want) check(t *testing.T, r engine.Response) {
	t.Helper()
	if r.Outcome != w.outcome || r.Ambiguous != w.ambiguous || !strings.Contains(r.Message, w.message) {
		t.Errorf("%s by %q, ambiguous %v, %q; want %s, ambiguous %v, %q", r.Outcome, r.Rule, r.Ambiguous, r.Message, w.outcome, w.ambiguous, w.message)
	}
	if r.At.IsZero() {
		t.Error("At is not set")
	}
}

func TestDeliverFaults(t *testing.T) {
	never := func(_ net.Conn, r *bufio.Reader) {
		readRequest(r)
		r.ReadByte() // until the client goes
	}
	for _, test := range []struct {
		name   string
		p      engine.Package
		handle func(conn net.Conn, r *bufio.Reader)
		want   want
	}{
		{
			"reset after the request", event(), func(conn net.Conn, r *bufio.Reader) { readRequest(r); reset(conn.(*net.TCPConn)) },
			want{engine.Retry, true, "broke before an answer came"},
		},
		{
			"closed after the request", event(), func(_ net.Conn, r *bufio.Reader) { readRequest(r) },
			want{engine.Retry, true, "broke before an answer came"},
		},
		{
			"revenue, closed after the request", purchase(), func(_ net.Conn, r *bufio.Reader) { readRequest(r) },
			want{engine.Unclear, true, "may have counted it"},
		},
		{"never answers", event(), never, want{engine.Retry, true, "no answer came within 300ms"}},
		{"revenue, never answers", purchase(), never, want{engine.Unclear, true, "no answer came within 300ms"}},
		{
			"garbage", event(), func(conn net.Conn, r *bufio.Reader) { readRequest(r); io.WriteString(conn, "hello\r\n\r\n") },
			want{engine.Retry, true, "no HTTP answer"},
		},
		{"half an answer", event(), func(conn net.Conn, r *bufio.Reader) {
			readRequest(r)
			io.WriteString(conn, "HTTP/1.1 200 OK\r\nContent-Length: 15\r\n\r\n{\"stat")
		}, want{engine.Unclear, true, "broke off"}},
		{"half an answer to revenue", purchase(), func(conn net.Conn, r *bufio.Reader) {
			readRequest(r)
			io.WriteString(conn, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n6\r\n{\"stat\r\n")
		}, want{engine.Unclear, true, "broke off"}},
		{"half a refusal of revenue", purchase(), func(conn net.Conn, r *bufio.Reader) {
			readRequest(r)
			io.WriteString(conn, "HTTP/1.1 404 Not Found\r\nContent-Length: 15\r\n\r\n{\"err")
		}, want{engine.Retry, false, "broke off"}},
		{"half an answer, slowly", event(), func(conn net.Conn, r *bufio.Reader) {
			readRequest(r)
			io.WriteString(conn, "HTTP/1.1 200 OK\r\nContent-Length: 15\r\n\r\n{\"stat")
			r.ReadByte()
		}, want{engine.Unclear, true, "still coming after 300ms"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			if strings.Contains(test.want.message, "300ms") { // in a time that nothing else takes from
				synctest.Test(t, func(t *testing.T) {
					dial, _ := piped(test.handle)
					d := newDeliverer(t, adjust.Config{Endpoint: "http://s2s.test", Dial: dial, Timeout: 300 * time.Millisecond})
					test.want.check(t, deliver(t, d, test.p))
				})
				return
			}
			address := raw(t, func(_ int, conn *net.TCPConn, r *bufio.Reader) { test.handle(conn, r) })
			test.want.check(t, deliver(t, newDeliverer(t, adjust.Config{Endpoint: address}), test.p))
		})
	}
}

func TestDeliverWithoutConnection(t *testing.T) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	nobody := "http://" + listener.Addr().String()
	listener.Close()
	plain := httptest.NewServer(http.NotFoundHandler())
	defer plain.Close()
	secure := httptest.NewTLSServer(http.NotFoundHandler())
	secure.Config.ErrorLog = nil
	defer secure.Close()
	silent := raw(t, func(_ int, _ *net.TCPConn, r *bufio.Reader) { io.Copy(io.Discard, r) })
	for _, test := range []struct {
		name     string
		endpoint string
		want     want
	}{
		{"refused", nobody, want{engine.Retry, false, "refused the connection"}},
		{"DNS", "http://nobody.invalid", want{engine.Retry, false, "cannot find the host nobody.invalid"}},
		{"unknown certificate", secure.URL, want{engine.Retry, false, "no secure connection to"}},
		{"no TLS", strings.Replace(plain.URL, "http:", "https:", 1), want{engine.Retry, false, "no secure connection to"}},
		{"TLS without an answer", strings.Replace(silent, "http:", "https:", 1), want{engine.Retry, false, "no secure connection to"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			cfg := adjust.Config{Endpoint: test.endpoint, ConnectTimeout: time.Minute}
			if test.name == "TLS without an answer" {
				cfg.ConnectTimeout, cfg.Dial = 300*time.Millisecond, dialed
			}
			d := newDeliverer(t, cfg)
			// Also for revenue: what was not sent was not counted.
			test.want.check(t, deliver(t, d, purchase()))
		})
	}
}

// dialed connects however long that takes, so that a short time is left to what comes next.
func dialed(_ context.Context, network, address string) (net.Conn, error) {
	return net.Dial(network, address)
}

// A server that does not read: the request fills the buffers of the network, and the time runs out before it is sent.
func TestDeliverTimesOutWhileSending(t *testing.T) {
	done := make(chan struct{})
	address := raw(t, func(_ int, conn *net.TCPConn, _ *bufio.Reader) {
		conn.SetReadBuffer(4 << 10)
		<-done
	})
	defer close(done)
	d := newDeliverer(t, adjust.Config{Endpoint: address, Timeout: 300 * time.Millisecond, Dial: dialed})
	p := purchase()
	p.Params["install_receipt"] = strings.Repeat("x", 24<<20)
	want{engine.Retry, false, "could not send the request"}.check(t, deliver(t, d, p))
}

func TestDeliverEndsWithItsContext(t *testing.T) {
	arrived := make(chan struct{}, 1)
	address := raw(t, func(_ int, _ *net.TCPConn, r *bufio.Reader) {
		readRequest(r)
		arrived <- struct{}{}
		r.ReadByte()
	})
	d := newDeliverer(t, adjust.Config{Endpoint: address})
	ctx, cancel := context.WithCancel(t.Context())
	go func() {
		<-arrived
		cancel()
	}()
	r := d.Deliver(ctx, engine.Delivery{Package: purchase(), Attempt: 1})
	want{engine.Unclear, true, "ended before an answer came"}.check(t, r)
	r = d.Deliver(ctx, engine.Delivery{Package: purchase(), Attempt: 1})
	want{engine.Retry, false, "ended before there was a connection"}.check(t, r)
}

// The server takes the second request on a kept connection and closes it without an answer. A client that repeats the
// request on its own would double the purchase.
func TestPostIsNeverSentTwice(t *testing.T) {
	for _, end := range []string{"close", "reset"} {
		t.Run(end, func(t *testing.T) {
			var arrived atomic.Int32
			address := raw(t, func(_ int, conn *net.TCPConn, r *bufio.Reader) {
				for readRequest(r) == nil {
					if arrived.Add(1)%2 == 0 {
						if end == "reset" {
							reset(conn)
						}
						return
					}
					io.WriteString(conn, okAnswer)
				}
			})
			d := newDeliverer(t, adjust.Config{Endpoint: address})
			for i := range 20 {
				first, second := deliver(t, d, purchase()), deliver(t, d, purchase())
				if first.Outcome != engine.Delivered {
					t.Fatalf("%s: %s", first.Outcome, first.Message)
				}
				want{engine.Unclear, true, "broke before an answer came"}.check(t, second)
				if got := int(arrived.Load()); got != 2*i+2 {
					t.Fatalf("%d requests arrived, want %d", got, 2*i+2)
				}
			}
		})
	}
}

// The server closes kept connections between requests. Nothing was sent on those, so the attempt goes on with another
// connection instead of failing, and still each request arrives once.
func TestClosedIdleConnectionsDoNotFailAttempts(t *testing.T) {
	var arrived atomic.Int32
	address := raw(t, func(_ int, conn *net.TCPConn, r *bufio.Reader) {
		if readRequest(r) == nil {
			arrived.Add(1)
			io.WriteString(conn, okAnswer)
		}
	})
	d := newDeliverer(t, adjust.Config{Endpoint: address})
	for i := range 200 {
		r := deliver(t, d, event())
		// When the close crosses the request on the way, the client cannot know that it was not read.
		if r.Outcome != engine.Delivered && !r.Ambiguous {
			t.Fatalf("attempt %d: %s: %s", i, r.Outcome, r.Message)
		}
	}
	if arrived.Load() > 200 {
		t.Errorf("%d requests arrived of 200", arrived.Load())
	}
}

func TestRedirectsAreNotFollowed(t *testing.T) {
	var paths []string
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		paths = append(paths, r.URL.Path)
		http.Redirect(w, r, "/elsewhere", http.StatusTemporaryRedirect)
	}))
	defer server.Close()
	d := newDeliverer(t, adjust.Config{Endpoint: server.URL})
	r := deliver(t, d, purchase())
	if r.Outcome != engine.Retry || r.Rule != "redirect" || r.Status != 307 || len(paths) != 1 {
		t.Errorf("%s by %q, status %d, paths %q", r.Outcome, r.Rule, r.Status, paths)
	}
}

func TestBodiesAreBounded(t *testing.T) {
	body := `{"status":"OK"}`
	chunked := false
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		if chunked {
			w.(http.Flusher).Flush()
		}
		io.WriteString(w, body)
	}))
	defer server.Close()
	for _, chunked = range []bool{false, true} {
		d := newDeliverer(t, adjust.Config{Endpoint: server.URL, MaxBody: len(body)})
		if r := deliver(t, d, event()); r.Outcome != engine.Delivered || string(r.Body) != body {
			t.Errorf("chunked %v: %s: %q", chunked, r.Outcome, r.Body)
		}
		d = newDeliverer(t, adjust.Config{Endpoint: server.URL, MaxBody: len(body) - 1})
		if r := deliver(t, d, event()); r.Outcome != engine.Unclear || len(r.Body) != len(body)-1 || !strings.Contains(r.Message, "longer than 14 bytes") {
			t.Errorf("chunked %v: %s: %q: %s", chunked, r.Outcome, r.Body, r.Message)
		}
	}
}

// A server that answers before it has read the request keeps net/http writing from the buffer; it must not be reused.
func TestEarlyAnswersLeaveOtherRequestsAlone(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/session" {
			w.WriteHeader(http.StatusRequestEntityTooLarge)
			return
		}
		r.ParseForm()
		if want := strings.Repeat(r.PostForm.Get("event_token"), 1000); r.PostForm.Get("filler") != want {
			w.WriteHeader(http.StatusBadRequest)
		}
		io.WriteString(w, "{}")
	}))
	defer server.Close()
	d := newDeliverer(t, adjust.Config{Endpoint: server.URL})
	var all sync.WaitGroup
	for _, token := range []string{"a", "b", "c", "d"} {
		all.Go(func() {
			for range 50 {
				big := session()
				big.Params["filler"] = strings.Repeat("x", 60<<10)
				deliver(t, d, big)
				p := event()
				p.Params["event_token"], p.Params["filler"] = token, strings.Repeat(token, 1000)
				if r := deliver(t, d, p); r.Outcome != engine.Delivered {
					t.Errorf("%s: %d %s", r.Outcome, r.Status, r.Message)
				}
			}
		})
	}
	all.Wait()
}

func TestMessagesTellNoParameters(t *testing.T) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	nobody := "http://" + listener.Addr().String()
	listener.Close()
	closes := raw(t, func(_ int, _ *net.TCPConn, r *bufio.Reader) { readRequest(r) })
	for _, endpoint := range []string{nobody, closes, "http://nobody.invalid"} {
		d := newDeliverer(t, adjust.Config{
			Endpoint: endpoint, Apps: map[engine.App]adjust.Settings{testApp(): {Endpoint: endpoint, Token: adjust.NewSecret("topsecret")}},
		})
		for _, p := range []engine.Package{event(), erasure()} {
			r := deliver(t, d, p)
			for _, private := range []string{"topsecret", "gps_adid", "d1", "?", "http:", "abc123"} {
				if strings.Contains(r.Message, private) {
					t.Errorf("message %q contains %q", r.Message, private)
				}
			}
		}
	}
}

func TestProxyFault(t *testing.T) {
	proxy := raw(t, func(_ int, conn *net.TCPConn, r *bufio.Reader) {
		readRequest(r)
		io.WriteString(conn, "HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n")
	})
	d := newDeliverer(t, adjust.Config{Proxy: func(*url.URL) (*url.URL, error) { return url.Parse(proxy) }})
	want{engine.Retry, false, "Proxy Authentication Required"}.check(t, deliver(t, d, purchase()))
}

// What a dialer reports must not make a purchase look sent.
func TestFailuresToDialAreNotAmbiguous(t *testing.T) {
	for err, w := range map[error]want{
		io.ErrUnexpectedEOF:                   {engine.Retry, false, "cannot connect"},
		context.DeadlineExceeded:              {engine.Retry, false, "no connection to s2s.test in time"},
		&net.DNSError{IsNotFound: true}:       {engine.Retry, false, "no such host"},
		&net.OpError{Op: "dial", Err: io.EOF}: {engine.Retry, false, "cannot connect"},
	} {
		d := newDeliverer(t, adjust.Config{Endpoint: "http://s2s.test", Dial: func(context.Context, string, string) (net.Conn, error) { return nil, err }})
		w.check(t, deliver(t, d, purchase()))
	}
}
