package scripting_test

import (
	"bufio"
	"encoding/base64"
	"encoding/pem"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"

	"trackhook/scripting"
)

// proxyPassword is in the address of the proxy, and must be nowhere else.
const proxyPassword = "pass-4711"

// proxyStub is a proxy that lets only those through who have its password, and has all names lead to one server.
type proxyStub struct {
	to string

	mu   sync.Mutex
	seen []string // guarded by mu
}

func (p *proxyStub) asked() string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return strings.Join(p.seen, ", ")
}

func (p *proxyStub) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	p.mu.Lock()
	p.seen = append(p.seen, r.Method+" "+r.Host)
	p.mu.Unlock()
	if r.Header.Get("Proxy-Authorization") != "Basic "+base64.StdEncoding.EncodeToString([]byte("me:"+proxyPassword)) {
		http.Error(w, "who are you?", http.StatusProxyAuthRequired)
		return
	}
	if r.Method != http.MethodConnect {
		_, _ = io.WriteString(w, "by the proxy")
		return
	}
	there, err := new(net.Dialer).DialContext(r.Context(), "tcp", p.to)
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadGateway)
		return
	}
	here, _, err := http.NewResponseController(w).Hijack()
	if err != nil {
		_ = there.Close()
		return
	}
	_, _ = io.WriteString(here, "HTTP/1.1 200 OK\r\n\r\n")
	go func() {
		defer func() { _ = there.Close() }()
		_, _ = io.Copy(there, bufio.NewReader(here))
	}()
	defer func() { _ = here.Close() }()
	_, _ = io.Copy(here, there)
}

// What a script fetches goes through the proxy that the environment of the host names, although a process of scripts has none
// of it beside, and the password of the proxy is in no line of the log and known to no script.
func TestFetchThroughProxy(t *testing.T) {
	server := httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "by the server") }))
	defer server.Close()
	trusted := filepath.Join(t.TempDir(), "ca.pem")
	if err := os.WriteFile(trusted, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: server.Certificate().Raw}), 0o600); err != nil {
		t.Fatal(err)
	}
	const closed = "127.0.0.1:1"
	address := func(user, host string) string { return "http://" + user + "@" + host }
	for name, row := range map[string]struct {
		variable string // with the address of the proxy
		address  func(proxy string) string
		no       string // NO_PROXY
		url      string
		want     string // in what the script prints
		asked    string // what the proxy was asked
	}{
		"HTTPS": {
			"HTTPS_PROXY", func(p string) string { return address("me:"+proxyPassword, p) }, "", "https://example.com/", "200 by the server", "CONNECT example.com:443",
		},
		"HTTP": {
			"HTTP_PROXY", func(p string) string { return address("me:"+proxyPassword, p) }, "", "http://example.com/", "200 by the proxy", "GET example.com",
		},
		"small letters": {
			"https_proxy", func(p string) string { return address("me:"+proxyPassword, p) }, "x.example", "https://example.com/", "200 by the server", "CONNECT example.com:443",
		},
		"another scheme": {
			"HTTPS_PROXY", func(p string) string { return address("me:"+proxyPassword, p) }, "", "http://name.invalid/", "the name name.invalid ", "",
		},
		"NO_PROXY": {
			"HTTP_PROXY", func(p string) string { return address("me:"+proxyPassword, p) }, ".invalid", "http://name.invalid/", "the name name.invalid ", "",
		},
		"wrong password": {
			"HTTPS_PROXY", func(p string) string { return address("you:"+proxyPassword, p) }, "", "https://example.com/",
			"the proxy on the way to example.com:443 answered 407 Proxy Authentication Required", "CONNECT example.com:443",
		},
		"nobody there": {
			"HTTPS_PROXY", func(string) string { return address("me:"+proxyPassword, closed) }, "", "https://example.com/",
			"the proxy on the way to example.com refused the connection", "",
		},
	} {
		t.Run(name, func(t *testing.T) {
			if (runtime.GOOS == "darwin" || runtime.GOOS == "windows") && strings.HasPrefix(row.url, "https:") {
				t.Skip("this system has no file of certificates that can be set")
			}
			stub := &proxyStub{to: server.Listener.Addr().String()}
			proxy := httptest.NewServer(stub)
			defer proxy.Close()
			for _, variable := range []string{"HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy", "NO_PROXY", "no_proxy"} {
				t.Setenv(variable, "")
			}
			t.Setenv("SSL_CERT_FILE", trusted)
			t.Setenv("NO_PROXY", row.no)
			t.Setenv(row.variable, row.address(proxy.Listener.Addr().String()))
			r := setUp(t)
			r.write("a.js", hearing("", fmt.Sprintf(`
return (async () => {
  console.log("environment", JSON.stringify(process.env));
  try {
    const answer = await fetch(%q);
    console.log("got", answer.status, await answer.text(), [...answer.headers].join());
  } catch (error) {
    console.log("got", error.message, error.stack, error.cause, JSON.stringify(error));
  }
})();`, row.url)))
			r.start(in(scripting.InShared), letting(scripting.PluginConfig{AllowHosts: []string{"example.com", "name.invalid"}, Timeout: patience}))
			r.answer("1", "a")
			r.stop()
			printed := strings.Join(r.log.printed(0, "a"), "\n")
			if !strings.Contains(printed, row.want) || !strings.Contains(printed, "environment {}") {
				t.Errorf("it printed %s", printed)
			}
			if got := stub.asked(); got != row.asked {
				t.Errorf("the proxy was asked %q", got)
			}
			text := r.log.text()
			for _, secret := range []string{proxyPassword, base64.StdEncoding.EncodeToString([]byte("me:" + proxyPassword)), base64.StdEncoding.EncodeToString([]byte("you:" + proxyPassword))} {
				if strings.Contains(text, secret) {
					t.Errorf("the password is in the log: %s", text)
				}
			}
		})
	}
}
