package web

import (
	"context"
	"encoding/binary"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"

	"golang.org/x/net/dns/dnsmessage"

	"trackhook/scripting/internal/fetch"
)

// newFetchPage makes a runtime with fetch.
func newFetchPage(tb testing.TB, config fetch.Config) *page {
	tb.Helper()
	config.Plugin = "slack"
	fetcher, err := fetch.New(&config)
	if err != nil {
		tb.Fatal(err)
	}
	return newPage(tb, func(o *Options) { o.Fetcher = fetcher })
}

// reach is a script that tells how a fetch ended.
func reach(target string) string {
	return fmt.Sprintf(`try { const r = await fetch(%q); return r.status + ' ' + await r.text() } catch (e) { return e.name + ': ' + e.message + ' [' + e.cause?.code + ']' }`, target)
}

func TestFetchRefusesPrivateAddresses(t *testing.T) {
	var hits atomic.Int64
	server := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { hits.Add(1) }))
	defer server.Close()
	port := server.URL[strings.LastIndex(server.URL, ":")+1:]
	p := newFetchPage(t, fetch.Config{})
	for _, host := range []string{
		"127.0.0.1", "127.1", "0x7f.1", "2130706433", "0177.0.0.1", "localhost", "LOCALHOST", "[::1]", "[::ffff:127.0.0.1]", "[::ffff:7f00:1]",
		"0.0.0.0", "[::]", "10.0.0.1", "172.16.0.1", "192.168.1.1", "100.64.0.1", "169.254.169.254", "[fd00:ec2::254]", "[fe80::1]",
		"224.0.0.1", "[ff02::1]", "[64:ff9b::7f00:1]", "[2002:7f00:1::]", "[::127.0.0.1]", "255.255.255.255", "１２７.0.0.1",
	} {
		got := p.run(reach("http://" + host + ":" + port + "/secret-path"))
		if !strings.HasPrefix(got, "TypeError: fetch failed: plugin slack may not connect to ") || !strings.HasSuffix(got, "[EACCES]") ||
			!strings.Contains(got, "plugins.slack.allow_hosts") {
			t.Errorf("%s: %s", host, got)
		}
		if strings.Contains(got, "secret-path") {
			t.Errorf("the error shows the path: %s", got)
		}
	}
	if n := hits.Load(); n != 0 {
		t.Errorf("%d requests arrived", n)
	}
}

func TestFetchSchemesAndPorts(t *testing.T) {
	p := newFetchPage(t, fetch.Config{})
	for target, want := range map[string]string{
		"file:///etc/passwd":         "TypeError: fetch failed: the scheme file: is not supported; http: and https: are [EINVAL]",
		"ftp://example.com/":         "TypeError: fetch failed: the scheme ftp: is not supported...",
		"gopher://example.com/":      "TypeError: fetch failed: the scheme gopher: is not supported...",
		"/relative":                  "TypeError: Failed to parse URL from \"/relative\": fetch needs an absolute URL...",
		"http://u:p@example.com/":    "TypeError: Request cannot be constructed from a URL that includes credentials...",
		"http://example.com:25/":     "TypeError: fetch failed: plugin slack may not connect to example.com:25: the Fetch standard blocks this port [EACCES]",
		"http://example.com:6667/":   "TypeError: fetch failed: plugin slack may not connect to example.com:6667...",
		"http://exa mple.com/":       "TypeError: Failed to parse URL...",
		"http://[::1%25lo]:80/":      "TypeError: Failed to parse URL...",
		"http://example.com:99999/x": "TypeError: Failed to parse URL...",
	} {
		got := p.run(reach(target))
		prefix, partial := strings.CutSuffix(want, "...")
		if got != want && (!partial || !strings.HasPrefix(got, prefix)) {
			t.Errorf("%s:\n got %s\nwant %s", target, got, want)
		}
	}
}

func TestFetchAllowHosts(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, "in") }))
	defer server.Close()
	_, port, _ := net.SplitHostPort(server.Listener.Addr().String())
	for _, row := range []struct{ allow, host, want string }{
		{"127.0.0.1:" + port, "127.0.0.1", "200 in"},
		{"127.0.0.1:*", "127.0.0.1", "200 in"},
		{"127.0.0.1", "127.0.0.1", "plugins.slack.allow_hosts does not name it with port " + port + `; to allow it, add "127.0.0.1:` + port + `"`},
		{"localhost:" + port, "localhost", "200 in"},
		{"127.0.0.1:1", "127.0.0.1", "plugins.slack.allow_hosts does not name it"},
		{"hooks.slack.com", "127.0.0.1", "plugins.slack.allow_hosts does not name it"},
		{"*", "127.0.0.1", "it is a loopback address"},
		{"*", "localhost", "a loopback address"},
		{"*.localhost", "a.localhost", ""}, // whether the name resolves is the system's affair; it must not get in
	} {
		p := newFetchPage(t, fetch.Config{AllowHosts: []string{row.allow}})
		got := p.run(reach("http://" + row.host + ":" + port + "/"))
		if row.want == "" && strings.HasPrefix(got, "200") || !strings.Contains(got, row.want) {
			t.Errorf("allow %s, fetch %s: %s; want %q", row.allow, row.host, got, row.want)
		}
	}
}

func TestFetchChecksEachRedirect(t *testing.T) {
	var inside atomic.Int64
	secret := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { inside.Add(1) }))
	defer secret.Close()
	var location string
	open := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/hop" {
			w.Header().Set("Location", "/out")
		} else {
			w.Header().Set("Location", location)
		}
		w.WriteHeader(http.StatusFound)
	}))
	defer open.Close()
	p := newFetchPage(t, fetch.Config{AllowHosts: []string{open.Listener.Addr().String(), "*"}})
	for target, want := range map[string]string{
		secret.URL + "/latest/meta-data":  "it is a loopback address",
		"http://169.254.169.254/latest":   "it is a cloud metadata service address",
		"http://localhost/":               "a loopback address",
		"http://[::ffff:10.0.0.1]/":       "it is a private network address",
		"file:///etc/passwd":              "redirect to the scheme file:",
		"http://u:p@example.com/":         "user name or password",
		"http://":                         "URL that is not valid",
		"http://example.com:25/":          "blocks this port",
		strings.Repeat("/hop", 1) + "?x=": "more than 20 redirects",
	} {
		location = target
		if target == "/hop?x=" {
			location = "/hop"
		}
		if got := p.run(reach(open.URL + "/hop")); !strings.Contains(got, want) {
			t.Errorf("redirect to %s: %s; want %q", target, got, want)
		}
	}
	if n := inside.Load(); n != 0 {
		t.Errorf("%d requests arrived inside", n)
	}
}

// fakeDNS answers questions for A records from a function, over a pipe in place of a network.
func fakeDNS(answer func(name string) netip.Addr) *net.Resolver {
	serve := func(conn net.Conn) {
		defer func() { _ = conn.Close() }()
		for {
			var size [2]byte
			if _, err := conn.Read(size[:]); err != nil {
				return
			}
			question := make([]byte, binary.BigEndian.Uint16(size[:]))
			if _, err := conn.Read(question); err != nil {
				return
			}
			var message dnsmessage.Message
			if err := message.Unpack(question); err != nil {
				return
			}
			message.Response = true
			q := message.Questions[0]
			message.Additionals = nil
			if a := answer(strings.TrimSuffix(q.Name.String(), ".")); a.Is4() && q.Type == dnsmessage.TypeA {
				message.Answers = []dnsmessage.Resource{{
					Header: dnsmessage.ResourceHeader{Name: q.Name, Type: q.Type, Class: q.Class},
					Body:   &dnsmessage.AResource{A: a.As4()},
				}}
			}
			packed, err := message.Pack()
			if err != nil {
				return
			}
			if _, err := conn.Write(append(binary.BigEndian.AppendUint16(nil, uint16(len(packed))), packed...)); err != nil {
				return
			}
		}
	}
	return &net.Resolver{PreferGo: true, Dial: func(context.Context, string, string) (net.Conn, error) {
		client, server := net.Pipe()
		go serve(server)
		return client, nil
	}}
}

func TestFetchRebinding(t *testing.T) {
	var hits atomic.Int64
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		hits.Add(1)
		fmt.Fprint(w, "in")
	}))
	defer server.Close()
	_, port, _ := net.SplitHostPort(server.Listener.Addr().String())
	address := netip.MustParseAddr("127.0.0.1")
	resolver := fakeDNS(func(string) netip.Addr { return address })

	for _, row := range []struct{ allow, host, at, want string }{
		{"", "evil.example", "127.0.0.1", `plugin slack may not connect to evil.example: it leads to 127.0.0.1, a loopback address; to allow it, add "127.0.0.1:` + port + `" to plugins.slack.allow_hosts`},
		{"", "evil.example", "169.254.169.254", "it leads to 169.254.169.254, a cloud metadata service address"},
		{"", "evil.example", "10.0.0.7", "it leads to 10.0.0.7, a private network address"},
		{"*.example:*", "evil.example", "127.0.0.1", "a loopback address"},
		{"*", "evil.example", "127.0.0.1", "a loopback address"},
		{"good.example", "good.example", "127.0.0.1", "does not name it with port " + port},
		{"good.example:" + port, "good.example", "127.0.0.1", `it leads to 127.0.0.1, a loopback address; to allow it, add "127.0.0.1:` + port + `"`},
		{"good.example:*", "good.example", "127.0.0.1", "a loopback address"},
		{"good.example:*", "good.example", "169.254.169.254", "a cloud metadata service address"},
		{"good.example:*", "good.example", "169.254.1.1", "a link-local address"},
		{"good.example:*", "good.example", "0.0.0.0", "an unspecified address"},
		{"good.example:1 127.0.0.1:" + port, "good.example", "127.0.0.1", "does not name it with port"},
		{"*.example:* 127.0.0.1:" + port, "evil.example", "127.0.0.1", "200 in"},
	} {
		address = netip.MustParseAddr(row.at)
		p := newFetchPage(t, fetch.Config{AllowHosts: strings.Fields(row.allow), Resolver: resolver})
		got := p.run(reach("http://" + row.host + ":" + port + "/"))
		if !strings.Contains(strings.Replace(got, "a unspecified", "an unspecified", 1), row.want) {
			t.Errorf("allow %q, %s at %s: %s; want %q", row.allow, row.host, row.at, got, row.want)
		}
	}
	if n := hits.Load(); n != 1 {
		t.Errorf("%d requests arrived; want 1", n)
	}
}

// A host that was granted may not send a request on to another port of it, nor may its name turn to this machine or a
// private network once it was answered.
func TestFetchChecksPortsAndAddressesAgain(t *testing.T) {
	var inside atomic.Int64
	other := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { inside.Add(1) }))
	defer other.Close()
	open := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/hop" {
			w.Header().Set("Location", other.URL)
			w.WriteHeader(http.StatusTemporaryRedirect)
		}
		w.Header().Set("Connection", "close")
	}))
	defer open.Close()
	granted := open.Listener.Addr().String()
	_, port, _ := net.SplitHostPort(other.Listener.Addr().String())
	p := newFetchPage(t, fetch.Config{AllowHosts: []string{granted}})
	if got := p.run(reach(open.URL + "/hop")); !strings.Contains(got, "does not name it with port "+port) {
		t.Errorf("a redirect to another port: %s", got)
	}

	// The first answer of the name server is the granted address, the second is not.
	_, port, _ = net.SplitHostPort(granted)
	address := netip.MustParseAddr("127.0.0.1")
	resolver := fakeDNS(func(string) netip.Addr { return address })
	p = newFetchPage(t, fetch.Config{AllowHosts: []string{"good.example:" + port, granted}, Resolver: resolver})
	if got := p.run(reach("http://good.example:" + port + "/")); got != "200 " {
		t.Errorf("at the granted address: %s", got)
	}
	address = netip.MustParseAddr("127.0.0.2")
	if got := p.run(reach("http://good.example:" + port + "/")); !strings.Contains(got, "it leads to 127.0.0.2, a loopback address") {
		t.Errorf("at another address: %s", got)
	}
	if n := inside.Load(); n != 0 {
		t.Errorf("%d requests arrived inside", n)
	}
}

// What bounds the grants of a plugin holds also where it was granted more.
func TestFetchWithin(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, "in") }))
	defer server.Close()
	address := server.Listener.Addr().String()
	for _, row := range []struct {
		within, allow, want string
	}{
		{"", address, "it is a loopback address"},
		{"hooks.example.com", address, "does not name it"},
		{address, address, "200 in"},
		{address, "hooks.example.com", "does not name it"},
		{address, "", "it is a loopback address"},
	} {
		p := newFetchPage(t, fetch.Config{AllowHosts: strings.Fields(row.allow), Within: strings.Fields(row.within), Bounded: true})
		if got := p.run(reach(server.URL)); !strings.Contains(got, row.want) {
			t.Errorf("within %q, allow %q: %s; want %q", row.within, row.allow, got, row.want)
		}
	}
}

func TestFetchIgnoresProxyEnvironment(t *testing.T) {
	proxy := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { fmt.Fprint(w, "proxy for ", r.URL.Host) }))
	defer proxy.Close()
	t.Setenv("HTTP_PROXY", proxy.URL)
	p := newFetchPage(t, fetch.Config{})
	if got := p.run(reach("http://10.0.0.1/")); !strings.Contains(got, "private network") {
		t.Errorf("without a grant: %s", got)
	}
	through := func(*http.Request) (*url.URL, error) { return url.Parse(proxy.URL) }
	granted := newFetchPage(t, fetch.Config{AllowHosts: []string{"intern.example", "*"}, UseProxy: true, Proxy: through})
	if got := granted.run(reach("http://intern.example/x")); got != "200 proxy for intern.example" {
		t.Errorf("through the proxy: %s", got)
	}
	if got := granted.run(reach("http://other.example/")); !strings.Contains(got, "through a proxy only hosts that are named in full") {
		t.Errorf("a host that is not named: %s", got)
	}
	if got := granted.run(reach("http://127.0.0.1/")); !strings.Contains(got, "loopback") {
		t.Errorf("an address behind the proxy: %s", got)
	}
}
