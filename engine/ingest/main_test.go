package ingest_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"go.uber.org/goleak"

	"trackhook/engine"
	"trackhook/engine/ingest"
)

func TestMain(m *testing.M) {
	// A server that has refused a body closes the connection half a second later, which goleak does not wait for.
	goleak.VerifyTestMain(m, goleak.IgnoreAnyFunction("net/http.(*conn).closeWriteAndWait"))
}

// An engine is what the handler is made for.
var _ ingest.Tracker = (*engine.Engine)(nil)

const (
	token  = "abc123def456"
	device = "38400000-8cf0-11bd-b23e-10b96e40000d"
	// base are the parameters that every request needs.
	base = "app_token=" + token + "&environment=sandbox&gps_adid=" + device
	form = "application/x-www-form-urlencoded"
)

// recorder keeps what it is handed, or fails with err.
type recorder struct {
	mu       sync.Mutex
	packages []engine.Package
	calls    int
	err      error
	panics   any
}

func (r *recorder) Track(_ context.Context, packages ...engine.Package) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.calls++
	if r.panics != nil {
		panic(r.panics)
	}
	if r.err != nil {
		return r.err
	}
	for i := range packages {
		if packages[i].ID == "" || packages[i].Device == "" || packages[i].Created.IsZero() {
			return errors.New("the package was not prepared")
		}
	}
	r.packages = append(r.packages, packages...)
	return nil
}

// one returns the only package.
func (r *recorder) one(t *testing.T) engine.Package {
	t.Helper()
	if len(r.packages) != 1 {
		t.Fatalf("%d packages were stored, want 1", len(r.packages))
	}
	return r.packages[0]
}

func newHandler(t *testing.T, cfg ingest.Config) (*ingest.Handler, *recorder) {
	t.Helper()
	r := &recorder{}
	if cfg.Tracker == nil {
		cfg.Tracker = r
	}
	h, err := ingest.New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	return h, r
}

// call makes one request; headers are pairs.
func call(h http.Handler, method, target, body string, headers ...string) *httptest.ResponseRecorder {
	var reader io.Reader = http.NoBody
	if body != "" {
		reader = strings.NewReader(body)
	}
	r := httptest.NewRequest(method, target, reader)
	for i := 0; i < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w
}

// want checks status and the exact body.
func want(t *testing.T, w *httptest.ResponseRecorder, status int, body string) {
	t.Helper()
	if w.Code != status || w.Body.String() != body {
		t.Errorf("answer %d %s\n     want %d %s", w.Code, w.Body, status, body)
	}
	if body != "" && w.Header().Get("Content-Type") != "application/json" {
		t.Errorf("Content-Type %q, want application/json", w.Header().Get("Content-Type"))
	}
}
