package adjust_test

import (
	"crypto/tls"
	"encoding/pem"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"

	"trackhook/engine"
	"trackhook/engine/adjust"
)

// secureServer answers with a success over TLS, and returns its certificate in a file.
func secureServer(t *testing.T, handler http.HandlerFunc, change func(*httptest.Server)) (server *httptest.Server, caFile string) {
	t.Helper()
	server = httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if handler != nil {
			handler(w, r)
		}
		_, _ = io.Copy(io.Discard, r.Body)
		_, _ = io.WriteString(w, `{"status":"OK"}`)
	}))
	server.Config.ErrorLog = log.New(io.Discard, "", 0)
	if change != nil {
		change(server)
	}
	server.StartTLS()
	t.Cleanup(server.Close)
	caFile = filepath.Join(t.TempDir(), "ca.pem")
	block := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: server.Certificate().Raw})
	if err := os.WriteFile(caFile, block, 0o600); err != nil {
		t.Fatal(err)
	}
	return server, caFile
}

func TestTLS(t *testing.T) {
	var resumed, requests atomic.Int32
	server, ca := secureServer(t, func(w http.ResponseWriter, r *http.Request) {
		requests.Add(1)
		if r.TLS.DidResume {
			resumed.Add(1)
		}
		if r.TLS.NegotiatedProtocol != "http/1.1" || r.TLS.Version < tls.VersionTLS12 {
			t.Errorf("%s, version %x, %s", r.TLS.NegotiatedProtocol, r.TLS.Version, r.Proto)
		}
		w.Header().Set("Connection", "close")
	}, func(s *httptest.Server) {
		s.TLS = &tls.Config{NextProtos: []string{"http/1.1"}}
	})
	d := newDeliverer(t, adjust.Config{Endpoint: server.URL, CAFile: ca})
	for range 5 {
		if r := deliver(t, d, event()); r.Outcome != engine.Delivered {
			t.Fatalf("%s: %s", r.Outcome, r.Message)
		}
	}
	if resumed.Load() != 4 || requests.Load() != 5 {
		t.Errorf("%d of %d connections were resumed, want 4 of 5", resumed.Load(), requests.Load())
	}
}

func TestTLSConnectionsAreKept(t *testing.T) {
	var conns atomic.Int32
	server, ca := secureServer(t, nil, func(s *httptest.Server) {
		s.TLS = &tls.Config{GetConfigForClient: func(*tls.ClientHelloInfo) (*tls.Config, error) {
			conns.Add(1)
			return nil, nil
		}}
	})
	d := newDeliverer(t, adjust.Config{Endpoint: server.URL, CAFile: ca})
	for range 20 {
		if r := deliver(t, d, purchase()); r.Outcome != engine.Delivered {
			t.Fatalf("%s: %s", r.Outcome, r.Message)
		}
	}
	if conns.Load() != 1 {
		t.Errorf("%d connections for 20 attempts one after the other, want 1", conns.Load())
	}
	for range 20 {
		server.CloseClientConnections()
		if r := deliver(t, d, purchase()); r.Outcome != engine.Delivered {
			t.Errorf("after the server had closed: %s: %s", r.Outcome, r.Message)
		}
	}
}

func TestTLSRefuses(t *testing.T) {
	old, oldCA := secureServer(t, nil, func(s *httptest.Server) {
		s.TLS = &tls.Config{MaxVersion: tls.VersionTLS11, MinVersion: tls.VersionTLS10}
	})
	good, goodCA := secureServer(t, nil, nil)
	for _, test := range []struct{ name, endpoint, ca, message string }{
		{"TLS 1.1", old.URL, oldCA, "protocol version"},
		{"another name", strings.Replace(good.URL, "127.0.0.1", "localhost", 1), goodCA, "not localhost"},
		{"unknown authority", good.URL, "", "unknown authority"},
	} {
		t.Run(test.name, func(t *testing.T) {
			d := newDeliverer(t, adjust.Config{Endpoint: test.endpoint, CAFile: test.ca})
			want{engine.Retry, false, "no secure connection to"}.check(t, deliver(t, d, purchase()))
			if r := deliver(t, d, purchase()); !strings.Contains(r.Message, test.message) {
				t.Errorf("message %q, want one with %q", r.Message, test.message)
			}
		})
	}
}

func TestCAFileIsChecked(t *testing.T) {
	empty := filepath.Join(t.TempDir(), "empty.pem")
	if err := os.WriteFile(empty, []byte("no certificate"), 0o600); err != nil {
		t.Fatal(err)
	}
	for file, message := range map[string]string{empty: "BEGIN CERTIFICATE", filepath.Join(t.TempDir(), "none"): "no such file"} {
		if _, err := adjust.New(adjust.Config{CAFile: file}); err == nil || !strings.Contains(err.Error(), message) {
			t.Errorf("error %v, want one with %q", err, message)
		}
	}
}
