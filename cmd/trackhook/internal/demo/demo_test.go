package demo_test

import (
	"context"
	"errors"
	"maps"
	"net/http"
	"net/url"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"trackhook/cmd/trackhook/internal/demo"
	"trackhook/engine"
	"trackhook/engine/disk"
)

func open(t *testing.T, dir string) *disk.Store {
	t.Helper()
	store, err := disk.Open(disk.Config{Dir: dir})
	if err != nil {
		t.Fatal(err)
	}
	return store
}

// The device of the first demo is that of the next one, and a new server knows it when its session was accepted.
func TestNextDemoIsTheSameDevice(t *testing.T) {
	ctx, dir := t.Context(), t.TempDir()
	cfg := demo.Config{Store: open(t, filepath.Join(dir, "data")), PluginsDir: filepath.Join(dir, "plugins")}
	if _, err := demo.KeptDevice(ctx, cfg.Store); !errors.Is(err, engine.ErrNotFound) {
		t.Errorf("before the first demo: %v", err)
	}
	first, err := demo.Start(ctx, cfg)
	if err != nil {
		t.Fatal(err)
	}
	if id := first.Device["external_device_id"]; !strings.HasPrefix(id, "demo-") || first.App != demo.App() {
		t.Errorf("made up %+v", first)
	}
	accept(t, cfg.Store, first)
	if err := errors.Join(first.Close(), cfg.Store.Close()); err != nil {
		t.Fatal(err)
	}

	cfg.Store = open(t, filepath.Join(dir, "data"))
	defer cfg.Store.Close()
	kept, err := demo.KeptDevice(ctx, cfg.Store)
	if err != nil || !maps.Equal(kept, first.Device) {
		t.Errorf("kept %v, %v; want %v", kept, err, first.Device)
	}
	next, err := demo.Start(ctx, cfg)
	if err != nil {
		t.Fatal(err)
	}
	defer next.Close()
	if !maps.Equal(next.Device, first.Device) {
		t.Errorf("made up %v after %v", next.Device, first.Device)
	}
	form := url.Values{
		"s2s": {"1"}, "app_token": {next.App.Token}, "environment": {string(next.App.Environment)}, "event_token": {"abc123"},
		"external_device_id": {next.Device["external_device_id"]},
	}
	answer, err := http.PostForm(next.Endpoint+"/event", form)
	if err != nil {
		t.Fatal(err)
	}
	answer.Body.Close()
	http.DefaultClient.CloseIdleConnections()
	if answer.StatusCode != http.StatusOK {
		t.Errorf("the new server answers an event with %d", answer.StatusCode)
	}
}

// accept puts an accepted session of the demo's device into the log.
func accept(t *testing.T, store engine.Store, d *demo.Demo) {
	t.Helper()
	p := engine.Package{Kind: engine.KindSession, App: d.App, Params: d.Device}
	if err := p.Prepare(time.Now()); err != nil {
		t.Fatal(err)
	}
	if err := store.Append(t.Context(), p); err != nil {
		t.Fatal(err)
	}
	leases, err := store.Lease(t.Context(), 1)
	if err != nil {
		t.Fatal(err)
	}
	err = store.Settle(t.Context(), engine.Settlement{
		Lease: leases[0], Verdict: engine.Remove,
		Response: engine.Response{Package: leases[0].Package, Attempt: 1, Outcome: engine.Delivered, At: time.Now()},
	})
	if err != nil {
		t.Fatal(err)
	}
}

// What is configured is left alone.
func TestStartWithDeviceAndEndpoint(t *testing.T) {
	dir := t.TempDir()
	store := open(t, filepath.Join(dir, "data"))
	defer store.Close()
	device := map[string]string{"idfa": "a-1"}
	d, err := demo.Start(context.Background(), demo.Config{
		Store: store, PluginsDir: filepath.Join(dir, "plugins"), Device: device, Endpoint: "http://server.example",
	})
	if err != nil || !maps.Equal(d.Device, device) || d.Endpoint != "http://server.example" {
		t.Errorf("made up %+v, %v", d, err)
	}
	if _, err := demo.KeptDevice(t.Context(), store); !errors.Is(err, engine.ErrNotFound) {
		t.Errorf("a device was kept: %v", err)
	}
	if err := d.Close(); err != nil {
		t.Error(err)
	}
}

// emptied is a store whose responses have all been removed by retention: it has a last number and no responses.
type emptied struct{ engine.Store }

func (emptied) Last(context.Context) (uint64, error) { return 5, nil }

func (emptied) Read(context.Context, uint64, int) ([]engine.Response, error) {
	return nil, errors.New("read where there is nothing, which would wait for ever")
}

func (s emptied) Stats(ctx context.Context) (engine.Stats, error) {
	stats, err := s.Store.Stats(ctx)
	stats.First, stats.Last = 6, 5
	return stats, err
}

// A demo that was left alone for longer than responses are kept starts all the same.
func TestStartAfterRetention(t *testing.T) {
	dir := t.TempDir()
	store := open(t, filepath.Join(dir, "data"))
	defer store.Close()
	d, err := demo.Start(t.Context(), demo.Config{Store: emptied{store}, PluginsDir: filepath.Join(dir, "plugins")})
	if err != nil {
		t.Fatal(err)
	}
	if err := d.Close(); err != nil {
		t.Error(err)
	}
}
