package adjust_test

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"

	"trackhook/engine"
	"trackhook/engine/adjust"
)

// httpProxy forwards, and connects, everything to one address. It remembers what it was asked.
func httpProxy(t *testing.T, to string, secure bool) (proxy *httptest.Server, ca string, asked func() []string) {
	t.Helper()
	var (
		mu  sync.Mutex
		all []string
	)
	handler := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		user, password, _ := (&http.Request{Header: http.Header{"Authorization": r.Header["Proxy-Authorization"]}}).BasicAuth()
		mu.Lock()
		all = append(all, fmt.Sprintf("%s %s for %s:%s", r.Method, r.RequestURI, user, password))
		mu.Unlock()
		if user == "wrong" {
			w.WriteHeader(http.StatusProxyAuthRequired)
			return
		}
		if r.Method != http.MethodConnect {
			r.URL.Host, r.RequestURI = to, ""
			answer, err := http.DefaultTransport.RoundTrip(r)
			if err != nil {
				t.Error(err)
				return
			}
			defer answer.Body.Close()
			w.WriteHeader(answer.StatusCode)
			io.Copy(w, answer.Body)
			return
		}
		server, err := net.Dial("tcp", to)
		if err != nil {
			t.Error(err)
			return
		}
		defer server.Close()
		client, rest, err := http.NewResponseController(w).Hijack()
		if err != nil {
			t.Error(err)
			return
		}
		defer client.Close()
		io.WriteString(client, "HTTP/1.1 200 Connection established\r\n\r\n")
		both(client, rest.Reader, server)
	})
	if secure {
		proxy, ca = secureServer(t, nil, func(s *httptest.Server) { s.Config.Handler = handler })
	} else {
		proxy = httptest.NewServer(handler)
		t.Cleanup(proxy.Close)
	}
	t.Cleanup(http.DefaultTransport.(*http.Transport).CloseIdleConnections)
	return proxy, ca, func() []string {
		mu.Lock()
		defer mu.Unlock()
		return all
	}
}

// both copies between two connections until one ends.
func both(client net.Conn, fromClient io.Reader, server net.Conn) {
	done := make(chan struct{})
	go func() {
		defer close(done)
		io.Copy(client, server)
		client.Close()
	}()
	io.Copy(server, fromClient)
	server.Close()
	<-done
}

// viaProxy delivers twice through a proxy, so that the kept connection is used, too.
func viaProxy(t *testing.T, cfg adjust.Config) {
	t.Helper()
	d := newDeliverer(t, cfg)
	for range 2 {
		if r := deliver(t, d, purchase()); r.Outcome != engine.Delivered {
			t.Fatalf("%s: %s", r.Outcome, r.Message)
		}
	}
}

func address(server *httptest.Server) string { return server.Listener.Addr().String() }

// login puts a user into the URL of a proxy.
func login(proxy, user string) string { return strings.Replace(proxy, "://", "://"+user+"@", 1) }

func TestHTTPProxy(t *testing.T) {
	plain, arrivals := recorder(t)
	secure, ca := secureServer(t, nil, nil)
	forward, _, forwarded := httpProxy(t, address(plain), false)
	viaProxy(t, adjust.Config{Endpoint: "http://s2s.test/base", Proxy: proxied(login(forward.URL, "me:s3cret"))})
	want := "POST http://s2s.test/base/event for me:s3cret"
	if got := forwarded(); len(got) != 2 || got[0] != want || got[1] != want {
		t.Errorf("the proxy was asked %q, want twice %q", got, want)
	}
	if a := <-arrivals; a.path != "/base/event" || a.header.Get("Authorization") != "" {
		t.Errorf("%s arrived with %v", a.path, a.header)
	}

	tunnel, _, tunneled := httpProxy(t, address(secure), false)
	viaProxy(t, adjust.Config{Endpoint: "https://example.com", CAFile: ca, Proxy: proxied(login(tunnel.URL, "me:s3cret"))})
	if got := fmt.Sprint(tunneled()); got != "[CONNECT example.com:443 for me:s3cret]" {
		t.Errorf("the proxy was asked %s", got)
	}
}

func TestSecureProxy(t *testing.T) {
	plain, _ := recorder(t)
	forward, ca, forwarded := httpProxy(t, address(plain), true)
	viaProxy(t, adjust.Config{Endpoint: "http://s2s.test", CAFile: ca, Proxy: proxied(forward.URL)})
	// httptest's servers all have the same certificate, so one file serves for the server and the proxy.
	secure, _ := secureServer(t, nil, nil)
	tunnel, _, tunneled := httpProxy(t, address(secure), true)
	viaProxy(t, adjust.Config{Endpoint: "https://example.com:444", CAFile: ca, Proxy: proxied(tunnel.URL)})
	if len(forwarded()) != 2 || fmt.Sprint(tunneled()) != "[CONNECT example.com:444 for :]" {
		t.Errorf("the proxies were asked %q and %q", forwarded(), tunneled())
	}
}

func TestSOCKSProxy(t *testing.T) {
	secure, ca := secureServer(t, nil, nil)
	asked := make(chan string, 10)
	proxy := raw(t, func(_ int, conn *net.TCPConn, r *bufio.Reader) {
		next := func(n int) []byte {
			b := make([]byte, n)
			io.ReadFull(r, b)
			return b
		}
		next(int(next(2)[1])) // version, and the methods
		conn.Write([]byte{5, 2})
		user := next(int(next(2)[1]))
		password := next(int(next(1)[0]))
		conn.Write([]byte{1, 0})
		host := next(int(next(5)[4])) // version, command, reserved, kind of address, length
		port := next(2)
		asked <- fmt.Sprintf("%s:%d for %s:%s", host, int(port[0])<<8|int(port[1]), user, password)
		conn.Write([]byte{5, 0, 0, 1, 0, 0, 0, 0, 0, 0})
		server, err := net.Dial("tcp", address(secure))
		if err != nil {
			t.Error(err)
			return
		}
		both(conn, r, server)
	})
	viaProxy(t, adjust.Config{
		Endpoint: "https://example.com", CAFile: ca, Proxy: proxied(login(strings.Replace(proxy, "http:", "socks5:", 1), "me:s3cret")),
	})
	if got := <-asked; got != "example.com:443 for me:s3cret" || len(asked) > 0 {
		t.Errorf("the proxy was asked %s, and %d times more", got, len(asked))
	}
}

func TestProxyFromTheEnvironment(t *testing.T) {
	plain, _ := recorder(t)
	forward, _, forwarded := httpProxy(t, address(plain), false)
	t.Setenv("HTTP_PROXY", forward.URL)
	t.Setenv("NO_PROXY", "direct.test")
	viaProxy(t, adjust.Config{Endpoint: "http://s2s.test"})
	viaProxy(t, adjust.Config{Endpoint: "http://direct.test", Dial: answering(okAnswer, nil)})
	if len(forwarded()) != 2 {
		t.Errorf("the proxy was asked %q, want two requests", forwarded())
	}
}

func TestProxyFaults(t *testing.T) {
	plain, _ := recorder(t)
	proxy, _, _ := httpProxy(t, address(plain), false)
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	nobody := "http://" + listener.Addr().String()
	listener.Close()
	for _, test := range []struct{ name, proxy, message string }{
		{"refuses", login(proxy.URL, "wrong:s3cret"), "407 Proxy Authentication Required"},
		{"is not there", nobody, "connection refused"},
		{"is not known", "http://me:s3cret@proxy.invalid", "cannot find the proxy for s2s.test: no such host"},
		{"SOCKS proxy is not there", strings.Replace(nobody, "http", "socks5h", 1), "connection refused"},
	} {
		t.Run(test.name, func(t *testing.T) {
			r := deliver(t, newDeliverer(t, adjust.Config{Endpoint: "https://s2s.test", Proxy: proxied(test.proxy)}), purchase())
			want{engine.Retry, false, test.message}.check(t, r)
			if strings.Contains(r.Message, "s3cret") {
				t.Errorf("the message tells the password: %s", r.Message)
			}
		})
	}
	for proxy, message := range map[string]string{
		"ftp://me:s3cret@proxy.test": `the scheme "ftp"`, "http://": "no host", "http://me:s3cret@%zz": "no URL",
	} {
		_, err := adjust.New(adjust.Config{Proxy: func(*url.URL) (*url.URL, error) { return url.Parse(proxy) }})
		if err == nil || !strings.Contains(err.Error(), message) || strings.Contains(err.Error(), "s3cret") {
			t.Errorf("error %v, want one with %q", err, message)
		}
	}
}
