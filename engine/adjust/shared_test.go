package adjust_test

import (
	"encoding/base64"
	"fmt"
	"io"
	"maps"
	"net"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"trackhook/engine"
	"trackhook/engine/adjust"
)

// twoServer is a server of net/http with HTTP/2. It counts connections.
func twoServer(t *testing.T, handler http.HandlerFunc, change func(*httptest.Server)) (server *httptest.Server, caFile string, conns *atomic.Int32) {
	t.Helper()
	conns = new(atomic.Int32)
	server, caFile = secureServer(t, handler, func(s *httptest.Server) {
		s.EnableHTTP2 = true
		s.Config.ConnState = func(_ net.Conn, state http.ConnState) {
			if state == http.StateNew {
				conns.Add(1)
			}
		}
		if change != nil {
			change(s)
		}
	})
	return server, caFile, conns
}

// numbered is a purchase that the server can count.
func numbered(n int) engine.Package {
	p := purchase()
	p.ID = strconv.Itoa(n)
	p.Params["n"] = p.ID
	return p
}

// all delivers numbered purchases on so many goroutines, and returns how many came out how.
func all(t *testing.T, d *adjust.Deliverer, goroutines, each int) map[engine.Outcome]int {
	t.Helper()
	var (
		group    sync.WaitGroup
		mu       sync.Mutex
		outcomes = map[engine.Outcome]int{}
	)
	for g := range goroutines {
		group.Go(func() {
			for i := range each {
				r := d.Deliver(t.Context(), engine.Delivery{Package: numbered(g*each + i), Attempt: 1})
				mu.Lock()
				if outcomes[r.Outcome]++; r.Outcome != engine.Delivered && outcomes[r.Outcome] == 1 {
					t.Logf("%s: %s", r.Outcome, r.Message)
				}
				mu.Unlock()
			}
		})
	}
	group.Wait()
	return outcomes
}

// counter counts requests by their number.
type counter struct {
	mu    sync.Mutex
	times map[string]int
}

func (c *counter) count(r *http.Request) (total int) {
	n := r.FormValue("n")
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.times == nil {
		c.times = map[string]int{}
	}
	c.times[n]++
	return len(c.times)
}

// came returns how often each number came. Requests whose connection died may still be counted meanwhile.
func (c *counter) came() map[string]int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return maps.Clone(c.times)
}

// Attempts that begin at once share connections, as many as the server's bound on streams asks for, and wait for one to be
// made instead of making one each.
func TestAttemptsShareConnections(t *testing.T) {
	for _, bound := range []int{0, 7} {
		t.Run(fmt.Sprint("bound ", bound), func(t *testing.T) {
			const attempts = 210
			var open atomic.Int32
			everybody := make(chan struct{})
			server, ca, conns := twoServer(t, func(http.ResponseWriter, *http.Request) {
				if open.Add(1) == attempts {
					close(everybody)
				}
				<-everybody
			}, func(s *httptest.Server) {
				s.Config.HTTP2 = &http.HTTP2Config{MaxConcurrentStreams: bound}
			})
			d := newDeliverer(t, adjust.Config{Endpoint: server.URL, CAFile: ca, MaxConns: attempts})
			if got := all(t, d, attempts, 1); got[engine.Delivered] != attempts {
				t.Errorf("outcomes are %v", got)
			}
			want := int32(3)
			if bound != 0 {
				want = int32(attempts / bound)
			}
			if conns.Load() != want {
				t.Errorf("%d connections for %d attempts, want %d", conns.Load(), attempts, want)
			}
		})
	}
}

// A request says the same in both versions of HTTP.
func TestSharedRequestsSayTheSame(t *testing.T) {
	type request struct{ method, uri, host, body, header string }
	ask := func(two bool) (got []request) {
		var last request
		server, ca, _ := twoServer(t, func(_ http.ResponseWriter, r *http.Request) {
			if (r.ProtoMajor == 2) != two {
				t.Errorf("it came by %s", r.Proto)
			}
			body, _ := io.ReadAll(r.Body)
			last = request{r.Method, r.RequestURI, r.Host, string(body), fmt.Sprint(r.Header)}
		}, func(s *httptest.Server) { s.EnableHTTP2 = two })
		_, port, _ := net.SplitHostPort(address(server))
		d := newDeliverer(t, adjust.Config{
			Endpoint: server.URL + "/base", CAFile: ca, Version: "1.2",
			Apps: map[engine.App]adjust.Settings{testApp(): {Token: adjust.NewSecret("s3cret")}},
		})
		install := session()
		install.Params["ip_address"] = "192.0.2.7"
		for _, p := range []engine.Package{install, purchase(), erasure(), adRevenue()} {
			if r := deliver(t, d, p); r.Status != http.StatusOK {
				t.Fatalf("%d %s", r.Status, r.Message)
			}
			last.host = strings.Replace(last.host, port, "PORT", 1)
			got = append(got, last)
		}
		return got
	}
	one, two := ask(false), ask(true)
	for i := range one {
		if one[i].header = strings.Replace(one[i].header, "Content-Length:[0] ", "", 1); true {
			two[i].header = strings.Replace(two[i].header, "Content-Length:[0] ", "", 1)
		}
		if one[i] != two[i] {
			t.Errorf("by HTTP/1.1 %+v, by HTTP/2 %+v", one[i], two[i])
		}
	}
}

// A server that ends its connections in order, again and again, gets each of a thousand purchases once.
func TestServersThatGoAway(t *testing.T) {
	var c counter
	server, ca, conns := twoServer(t, func(w http.ResponseWriter, r *http.Request) {
		if c.count(r)%100 == 50 {
			w.Header().Set("Connection", "close") // net/http makes GOAWAY of it
		}
	}, nil)
	d := newDeliverer(t, adjust.Config{Endpoint: server.URL, CAFile: ca})
	if got := all(t, d, 50, 20); got[engine.Delivered] != 1000 {
		t.Errorf("outcomes are %v", got)
	}
	for n, times := range c.times {
		if times != 1 {
			t.Errorf("package %s came %d times", n, times)
		}
	}
	if len(c.times) != 1000 || conns.Load() < 10 {
		t.Errorf("%d packages came, by %d connections", len(c.times), conns.Load())
	}
}

// A server that restarts in the middle of a thousand purchases has at most those twice, or not at all, that are told to be unclear.
func TestServersThatDie(t *testing.T) {
	var c counter
	die := make(chan struct{}, 1000)
	server, ca, _ := twoServer(t, func(_ http.ResponseWriter, r *http.Request) {
		if c.count(r)%200 == 100 {
			die <- struct{}{}
		}
	}, nil)
	stop := make(chan struct{})
	var killer sync.WaitGroup
	killer.Go(func() {
		for {
			select {
			case <-die:
				server.CloseClientConnections()
			case <-stop:
				return
			}
		}
	})
	d := newDeliverer(t, adjust.Config{Endpoint: server.URL, CAFile: ca})
	got := all(t, d, 50, 20)
	close(stop)
	killer.Wait()
	t.Logf("outcomes are %v", got)
	if got[engine.Delivered]+got[engine.Unclear]+got[engine.Retry] != 1000 || got[engine.Delivered] < 500 {
		t.Errorf("outcomes are %v", got)
	}
	came := c.came()
	for n, times := range came {
		if times != 1 {
			t.Errorf("package %s came %d times", n, times)
		}
	}
	if len(came) < got[engine.Delivered] || len(came) > got[engine.Delivered]+got[engine.Unclear] {
		t.Errorf("%d packages came; %v", len(came), got)
	}
}

// A tunnel through a proxy carries what the server speaks.
func TestSharedConnectionsThroughAProxy(t *testing.T) {
	var two atomic.Int32
	server, ca, conns := twoServer(t, func(_ http.ResponseWriter, r *http.Request) {
		two.Add(int32(r.ProtoMajor - 1))
	}, nil)
	for _, secure := range []bool{false, true} {
		proxy, _, asked := httpProxy(t, address(server), secure)
		d := newDeliverer(t, adjust.Config{Endpoint: "https://example.com", CAFile: ca, Proxy: proxied(login(proxy.URL, "me:s3cret"))})
		if got := all(t, d, 20, 5); got[engine.Delivered] != 100 {
			t.Errorf("outcomes are %v", got)
		}
		if got := fmt.Sprint(asked()); got != "[CONNECT example.com:443 for me:s3cret]" {
			t.Errorf("the proxy was asked %s", got)
		}
	}
	if two.Load() != 200 || conns.Load() != 2 {
		t.Errorf("%d requests came by HTTP/2, of 200, over %d connections", two.Load(), conns.Load())
	}
}

// Large requests and a server that refuses them before it has read them.
func TestLargeSharedRequests(t *testing.T) {
	server, ca, _ := twoServer(t, func(w http.ResponseWriter, r *http.Request) {
		if r.ContentLength > 1<<20 {
			w.WriteHeader(http.StatusRequestEntityTooLarge)
			return
		}
		if body, err := io.ReadAll(r.Body); int64(len(body)) != r.ContentLength || err != nil {
			t.Errorf("%d bytes, and %d came: %v", r.ContentLength, len(body), err)
		}
	}, nil)
	d := newDeliverer(t, adjust.Config{Endpoint: server.URL, CAFile: ca})
	for _, size := range []int{300 << 10, 700 << 10, 4 << 20, 300 << 10} {
		p := purchase()
		p.Params["receipt"] = base64.StdEncoding.EncodeToString(make([]byte, size))
		r := deliver(t, d, p)
		if want := size < 1<<20; (r.Outcome == engine.Delivered) != want || r.Ambiguous {
			t.Errorf("of %d bytes: %s, %d: %s", size, r.Outcome, r.Status, r.Message)
		}
	}
}
