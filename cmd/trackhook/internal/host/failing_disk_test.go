package host_test

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/cockroachdb/pebble/v2/vfs"
	"github.com/cockroachdb/pebble/v2/vfs/errorfs"

	"trackhook/engine"
	"trackhook/engine/admin"
	"trackhook/engine/disk"
)

// silent sends nothing: the engine of the test does not run.
type silent struct{}

func (silent) Deliver(context.Context, engine.Delivery) engine.Response { return engine.Response{} }

func ask(h http.Handler, path, from string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(http.MethodGet, path, http.NoBody)
	r.RemoteAddr, r.Host = from, "127.0.0.1:8787"
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w
}

// TestStoreThatFails breaks the disk below a real store, and mends it: meanwhile nothing is told as zero.
func TestStoreThatFails(t *testing.T) {
	t.Parallel()
	var broken atomic.Bool
	files := errorfs.Wrap(vfs.NewMem(), errorfs.InjectorFunc(func(op errorfs.Op) error {
		if broken.Load() && op.Kind.ReadOrWrite() == errorfs.OpIsWrite {
			return syscall.EIO
		}
		return nil
	}))
	store, err := disk.Open(disk.Config{Dir: "data", FS: files})
	if err != nil {
		t.Fatal(err)
	}
	e, err := engine.New(engine.Config{Store: store, Deliverer: silent{}})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _, _ = e.Close() }()
	const here = "127.0.0.1:50000"
	h := admin.New(admin.Config{
		Stats: e.Stats, Inspector: store, Responses: store, Health: func() []string { return e.Health().Reasons() },
	})
	track := func() error {
		return e.Track(t.Context(), engine.Package{
			Kind: engine.KindSession, App: engine.App{Token: "abc123def456", Environment: engine.Sandbox}, Device: "idfa=x",
		})
	}
	if err := track(); err != nil {
		t.Fatal(err)
	}
	answers := func(path, from string, status int, text string) {
		t.Helper()
		if w := ask(h, path, from); w.Code != status || !strings.Contains(w.Body.String(), text) {
			t.Errorf("%s: answer %d %s", path, w.Code, w.Body)
		}
	}
	answers("/healthz", here, http.StatusOK, `{"status":"ok"}`)
	answers("/readyz", here, http.StatusOK, `{"status":"ready"}`)

	broken.Store(true)
	if err := track(); !errors.Is(err, syscall.EIO) {
		t.Fatalf("got %v", err)
	}
	const why = `"reasons":["the store does not answer: read counts: store data `
	answers("/healthz", here, http.StatusServiceUnavailable, `{"status":"failing",`+why)
	answers("/readyz", here, http.StatusServiceUnavailable, `{"status":"not ready",`+why)
	for _, path := range []string{"stats", "packages", "packages/x", "lanes", "dead", "dead/summary", "responses", "counts"} {
		answers("/api/v1/"+path, here, http.StatusServiceUnavailable, `"error":"Service unavailable"`)
	}
	// A probe from elsewhere learns that it fails, and no more.
	answers("/healthz", "192.0.2.1:1", http.StatusServiceUnavailable, `{"status":"failing"}`)
	if health := e.Health(); health.Full != "" || health.Damaged != "" {
		t.Errorf("health %+v", health)
	}

	broken.Store(false)
	tick, late := time.NewTicker(20*time.Millisecond), time.After(time.Minute)
	defer tick.Stop()
	var w *httptest.ResponseRecorder
	for w == nil || w.Code != http.StatusOK {
		select {
		case <-tick.C:
			w = ask(h, "/healthz", here)
		case <-late:
			t.Fatalf("it stays at %d %s", w.Code, w.Body)
		}
	}
	answers("/healthz", here, http.StatusOK, `{"status":"ok"}`)
	answers("/api/v1/stats", here, http.StatusOK, `"queued":1,`)
}
