package wall_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"

	"trackhook/engine"
	"trackhook/scripting/internal/adjust"
	"trackhook/scripting/internal/wall"
)

// hooked is a home that lets a test in between. Each hook may be nil.
type hooked struct {
	adjust.Home
	// read is called when the values of a space were read, before they are handed out.
	read func()
	// set is called in the place of SetValues; track in that of Track, lock in that of Lock.
	set   func(ctx context.Context, space string, pairs map[string][]byte) error
	track func(ctx context.Context, packages ...engine.Package) error
	lock  func(ctx context.Context) error
}

func (h *hooked) Lock(ctx context.Context, name string) error {
	if h.lock != nil {
		return h.lock(ctx)
	}
	return h.Home.Lock(ctx, name)
}

func (h *hooked) Values(ctx context.Context, space string) (map[string][]byte, error) {
	values, err := h.Home.Values(ctx, space)
	if h.read != nil {
		h.read()
	}
	return values, err
}

func (h *hooked) SetValues(ctx context.Context, space string, pairs map[string][]byte) error {
	if h.set != nil {
		return h.set(ctx, space, pairs)
	}
	return h.Home.SetValues(ctx, space, pairs)
}

func (h *hooked) Track(ctx context.Context, packages ...engine.Package) error {
	if h.track != nil {
		return h.track(ctx, packages...)
	}
	return h.Home.Track(ctx, packages...)
}

// hearing is a plugin that does something for each event that was tracked.
func hearing(body string) string {
	return `const config = new AdjustConfig(appToken, environment);
config.setEventTrackingSucceededCallbackListener(async (event) => { ` + body + ` });
Adjust.create(config);`
}

// delivered are answers for events, numbered from one.
func delivered(from, count int) []engine.Response {
	var all []engine.Response
	for n := range count {
		all = append(all, engine.Response{
			Seq: uint64(from + n), Attempt: 1, Outcome: engine.Delivered, Status: http.StatusOK, Body: []byte(`{}`), //nolint:gosec // small
			Package: engine.Package{
				ID: "p", Kind: engine.KindEvent, App: engine.App{Token: "abc123def456", Environment: engine.Sandbox}, Device: "external_device_id=1",
				Params: map[string]string{"event_token": "abc123", "external_device_id": "1"},
			},
		})
	}
	return all
}

// handle hands responses over until all are done.
func handle(tb testing.TB, v *wall.Version, responses []engine.Response) {
	tb.Helper()
	for left := responses; len(left) > 0; {
		n, err := v.Handle(tb.Context(), left)
		if err != nil || tb.Context().Err() != nil {
			tb.Error(err) // it may be called from another goroutine
			return
		}
		left = left[n:]
	}
}

// stored is an item of the plugin's localStorage on disk.
func stored(tb testing.TB, eng *engine.Engine, key string) string {
	tb.Helper()
	kept, err := eng.Store().Values(tb.Context(), "plugin/a")
	if err != nil {
		tb.Fatal(err)
	}
	return string(kept["item/"+key])
}

// What a version stores while its successor loads is not lost, and what the host forbids meanwhile is forbidden.
func TestLoadsMissNothing(t *testing.T) {
	t.Parallel()
	var reached atomic.Int32
	server := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { reached.Add(1) }))
	defer server.Close()
	const count = `localStorage.n = +(localStorage.n || 0) + 1;`
	first, eng := config(t, hearing(count), "worker")
	old, _, err := wall.Start(t.Context(), first)
	if err != nil {
		t.Fatal(err)
	}
	handle(t, old, delivered(1, 7))

	second, _ := config(t, hearing(count+`try { await fetch("`+server.URL+`"); } catch (e) { localStorage.refused = String(e); }`), "worker")
	second.Peers, second.Start.Held, second.Start.AllowHosts = first.Peers, true, []string{strings.TrimPrefix(server.URL, "http://")}
	second.Home = &hooked{Home: first.Home, read: func() {
		handle(t, old, delivered(8, 13))
		first.Peers.SetHosts(nil)
	}}
	v, _, err := wall.Start(t.Context(), second)
	if err != nil {
		t.Fatal(err)
	}
	v.GoLive()
	handle(t, v, delivered(21, 1))
	if n := stored(t, eng, "n"); n != "21" {
		t.Errorf("it has counted %s, want 21", n)
	}
	if refused := stored(t, eng, "refused"); refused == "" || reached.Load() > 0 {
		t.Error("it was not refused")
	}
	wait(t, old.Retire())
	wait(t, v.Retire())
}

// What the host has forbidden between the moment at which a configuration was made and the start is forbidden, too.
func TestHostsAreThoseThatHold(t *testing.T) {
	t.Parallel()
	server := httptest.NewServer(http.NotFoundHandler())
	defer server.Close()
	host := strings.TrimPrefix(server.URL, "http://")
	cfg, eng := config(t, hearing(`try { localStorage.got = (await fetch("`+server.URL+`")).status; } catch (e) { localStorage.got = "refused"; }`), "worker")
	cfg.Start.AllowHosts = []string{"other.example.com"}
	cfg.Hosts = func() []string { return []string{host} }
	v, _, err := wall.Start(t.Context(), cfg)
	if err != nil {
		t.Fatal(err)
	}
	handle(t, v, delivered(1, 1))
	if got := stored(t, eng, "got"); got != "404" {
		t.Errorf("it got %q", got)
	}
	wait(t, v.Retire())
}
