package admin_test

import (
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

// TestStoreThatFails breaks the disk below a real store, and mends it: meanwhile nothing is told as zero.
func TestStoreThatFails(t *testing.T) {
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
	e, err := engine.New(engine.Config{Store: store, Deliverer: delivererFunc(func() engine.Response { return engine.Response{} })})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _, _ = e.Close() }()
	h := admin.New(admin.Config{
		Stats: e.Stats, Inspector: store, Responses: store, Health: func() []string { return e.Health().Reasons() },
	})
	track := func() error {
		return e.Track(t.Context(), engine.Package{
			Kind: engine.KindSession, App: engine.App{Token: token, Environment: engine.Sandbox}, Device: "idfa=x",
		})
	}
	if err := track(); err != nil {
		t.Fatal(err)
	}
	want(t, ask(h, "GET", "/healthz"), 200, `{"status":"ok"}`)
	want(t, ask(h, "GET", "/readyz"), 200, `{"status":"ready"}`)

	broken.Store(true)
	if err := track(); !errors.Is(err, syscall.EIO) {
		t.Fatalf("got %v", err)
	}
	fails := func(path, status string) {
		t.Helper()
		w := ask(h, "GET", path)
		if w.Code != http.StatusServiceUnavailable || !strings.Contains(w.Body.String(), status) {
			t.Errorf("%s: answer %d %s", path, w.Code, w.Body)
		}
	}
	const why = `"reasons":["the store does not answer: read counts: store data `
	fails("/healthz", `{"status":"failing",`+why)
	fails("/readyz", `{"status":"not ready",`+why)
	for _, path := range []string{"stats", "packages", "packages/x", "lanes", "dead", "dead/summary", "responses", "counts"} {
		fails("/api/v1/"+path, `"error":"Service unavailable"`)
	}
	// A probe from elsewhere learns that it fails, and no more.
	want(t, ask(h, "GET", "/healthz", func(r *http.Request) { r.RemoteAddr = "192.0.2.1:1" }), 503, `{"status":"failing"}`)
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
			w = ask(h, "GET", "/healthz")
		case <-late:
			t.Fatalf("it stays at %d %s", w.Code, w.Body)
		}
	}
	want(t, w, 200, `{"status":"ok"}`)
	if w := ask(h, "GET", "/api/v1/stats"); !strings.Contains(w.Body.String(), `"queued":1,`) {
		t.Errorf("stats %s", w.Body)
	}
}

// TestNoMetrics shows a host that was given none.
func TestNoMetrics(t *testing.T) {
	want(t, ask(admin.New(admin.Config{Stats: fine}), "GET", "/metrics"), 404, `{"error":"Not found","detail":"there is nothing at \"/metrics\""}`)
}

// TestDamagedPackages shows the reason that a store gives for a lane that is held up.
func TestDamagedPackages(t *testing.T) {
	health := engine.Health{Damaged: "package x cannot be read"}
	want(t, ask(admin.New(admin.Config{Stats: fine, Health: health.Reasons}), "GET", "/healthz"), 200,
		`{"status":"degraded","reasons":["package x cannot be read"]}`)
}
