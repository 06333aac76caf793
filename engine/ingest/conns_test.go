package ingest_test

import (
	"crypto/tls"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/rs/zerolog"

	"trackhook/engine/ingest"
)

// Connections that say nothing give their place to those that do; one that is being answered keeps it.
func TestLimitConnections(t *testing.T) {
	t.Run("plain", func(t *testing.T) { limitConnections(t, nil) })
	t.Run("TLS", func(t *testing.T) {
		made := httptest.NewTLSServer(http.NotFoundHandler())
		made.Close()
		limitConnections(t, made.TLS)
	})
}

// limitConnections has a server speak TLS where secure says how.
func limitConnections(t *testing.T, secure *tls.Config) {
	t.Helper()
	h, _ := newHandler(t, ingest.Config{})
	busy, release := make(chan struct{}), make(chan struct{})
	server := ingest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/busy" {
			close(busy)
			<-release
		}
		h.ServeHTTP(w, r)
	}), zerolog.Nop())
	inner, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	served := make(chan struct{})
	go func() {
		defer close(served)
		limited := ingest.LimitConnections(server, inner, 8)
		if secure != nil {
			limited = tls.NewListener(limited, secure)
		}
		_ = server.Serve(limited)
	}()
	defer func() {
		_ = server.Close()
		<-served
	}()
	dial := func() net.Conn {
		t.Helper()
		c, err := new(net.Dialer).DialContext(t.Context(), "tcp", inner.Addr().String())
		if err != nil {
			t.Fatal(err)
		}
		return c
	}
	speak := func() net.Conn {
		c := dial()
		if secure != nil {
			c = tls.Client(c, &tls.Config{InsecureSkipVerify: true})
		}
		return c
	}
	working := speak()
	defer working.Close()
	_, _ = io.WriteString(working, "GET /busy HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
	<-busy
	var silent []net.Conn
	for range 20 {
		silent = append(silent, dial())
	}
	last := speak()
	defer last.Close()
	_, _ = io.WriteString(last, "GET /event?"+event+" HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
	if text, _ := io.ReadAll(last); !strings.HasPrefix(string(text), "HTTP/1.1 200 ") {
		t.Errorf("answer %q", text)
	}
	// All but a few of the silent ones were closed.
	for _, c := range silent[:16] {
		if n, err := c.Read(make([]byte, 1)); n != 0 || err == nil {
			t.Errorf("a silent connection got %d bytes", n)
		}
	}
	for _, c := range silent {
		c.Close()
	}
	close(release)
	if text, _ := io.ReadAll(working); !strings.HasPrefix(string(text), "HTTP/1.1 404 ") {
		t.Errorf("answer %q", text)
	}
}

func TestHeadersAreBounded(t *testing.T) {
	h, _ := newHandler(t, ingest.Config{})
	inner, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	server, served := ingest.NewServer(h, zerolog.Nop()), make(chan struct{})
	go func() {
		defer close(served)
		_ = server.Serve(inner)
	}()
	defer func() {
		_ = server.Close()
		<-served
	}()
	c, err := new(net.Dialer).DialContext(t.Context(), "tcp", inner.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	_, _ = io.WriteString(c, "GET /event HTTP/1.1\r\nHost: x\r\nX: "+strings.Repeat("x", 70<<10))
	if text, _ := io.ReadAll(c); !strings.HasPrefix(string(text), "HTTP/1.1 431 ") {
		t.Errorf("answer %q", text)
	}
}
