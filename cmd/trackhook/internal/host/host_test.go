package host_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/rs/zerolog"

	"trackhook/cmd/trackhook/internal/config"
	"trackhook/cmd/trackhook/internal/host"
	"trackhook/engine/admin"
	"trackhook/engine/disk"
	"trackhook/engine/sandbox"
)

// watch is a log that tells when a text first comes.
type watch struct {
	mu     sync.Mutex
	text   bytes.Buffer             // guarded by mu
	wanted map[string]chan struct{} // guarded by mu
}

func (w *watch) Write(line []byte) (int, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.text.Write(line)
	for text, seen := range w.wanted {
		if strings.Contains(w.text.String(), text) {
			close(seen)
			delete(w.wanted, text)
		}
	}
	return len(line), nil
}

// await waits for a text, at most until the test's deadline.
func (w *watch) await(t *testing.T, text string) {
	t.Helper()
	w.mu.Lock()
	if strings.Contains(w.text.String(), text) {
		w.mu.Unlock()
		return
	}
	seen := make(chan struct{})
	if w.wanted == nil {
		w.wanted = map[string]chan struct{}{}
	}
	w.wanted[text] = seen
	w.mu.Unlock()
	<-seen
}

// settings are those of one app in folders of the test, at a server that may be down.
func settings(t *testing.T, more string) config.Config {
	t.Helper()
	dir := t.TempDir()
	cfg, err := config.Parse("trackhook.yaml", fmt.Appendf(nil,
		"listen: 127.0.0.1:0\ndata: %q\nplugins_dir: %q\nendpoint: http://127.0.0.1:9\n%s", filepath.Join(dir, "data"), filepath.Join(dir, "plugins"), more))
	if err != nil {
		t.Fatal(err)
	}
	return cfg
}

// serve opens a host and lets it serve. The result ends that, and the host.
func serve(t *testing.T, cfg host.Config) (h *host.Host, log *watch, end func()) {
	t.Helper()
	log = &watch{}
	cfg.Log = zerolog.New(log)
	h, err := host.Open(t.Context(), cfg)
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(context.Background())
	served := make(chan error, 1)
	go func() { served <- h.Serve(ctx) }()
	log.await(t, `"listening for sessions and events"`)
	return h, log, func() {
		t.Helper()
		http.DefaultClient.CloseIdleConnections()
		stop()
		if err := errors.Join(<-served, h.Close()); err != nil {
			t.Error(err)
		}
	}
}

const oneApp = "apps: [{token: abc123def456, environment: sandbox}]\n"

// One event goes in by the door, out to the server, and its answer to the script; then everything ends in order.
func TestServe(t *testing.T) {
	t.Parallel()
	server, err := sandbox.Start(context.Background(), "127.0.0.1:0", sandbox.Config{})
	if err != nil {
		t.Fatal(err)
	}
	defer server.Close()
	cfg := settings(t, oneApp)
	cfg.Endpoint, cfg.AllowedHosts = server.URL, []string{"track.example"}
	script := `const config = new AdjustConfig("{YourAppToken}", AdjustConfig.EnvironmentSandbox);
config.setSessionTrackingSucceededCallbackListener((s) => console.log("heard", s.message));
Adjust.create(config);`
	if err := os.Mkdir(cfg.PluginsDir, 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(cfg.PluginsDir, "hear.js"), []byte(script), 0o600); err != nil {
		t.Fatal(err)
	}
	h, log, end := serve(t, host.Config{Settings: cfg, Version: "v1.2.3"})
	form := url.Values{"s2s": {"1"}, "app_token": {"abc123def456"}, "environment": {"sandbox"}, "idfa": {"a-1"}}
	answer, err := http.PostForm(h.URL()+"/session", form)
	if err != nil {
		t.Fatal(err)
	}
	answer.Body.Close()
	if answer.StatusCode != http.StatusOK {
		t.Errorf("the door answered with %d", answer.StatusCode)
	}
	log.await(t, `"heard Install tracked"`)
	knowsItsNames(t, h.URL())
	client := admin.Client{BaseURL: h.URL()}
	if about, err := client.Host(t.Context()); err != nil || about.Version != "v1.2.3" || about.AppToken != "abc123def456" || about.Demo {
		t.Errorf("operators are told %+v, %v", about, err)
	}
	if plugins, err := client.Plugins(t.Context()); err != nil || len(plugins) != 1 || plugins[0].Name != "hear" || plugins[0].State != admin.Live {
		t.Errorf("operators are told %+v, %v", plugins, err)
	}
	end()
	log.await(t, `"queued":0,"dead":0,"message":"stopped; what is queued is sent by the next run"`)
}

// Nothing is answered under a name of somebody else's that leads here.
func knowsItsNames(t *testing.T, url string) {
	t.Helper()
	for _, path := range []string{"/event?app_token=abc123def456", "/v1/packages", "/healthz", "/readyz", "/metrics", "/api/v1/host", "/api/v1/plugins", "/"} {
		for name, status := range map[string]int{"rebound.example:8787": http.StatusMisdirectedRequest, "track.example": 0, "localhost": 0} {
			r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url+path, http.NoBody)
			if err != nil {
				t.Fatal(err)
			}
			r.Host = name
			answer, err := http.DefaultClient.Do(r)
			if err != nil {
				t.Fatal(err)
			}
			answer.Body.Close()
			if (answer.StatusCode == http.StatusMisdirectedRequest) != (status != 0) {
				t.Errorf("%s%s: %d", name, path, answer.StatusCode)
			}
		}
	}
}

// What was opened before a mistake is closed again: the address, and the data folder with its lock.
func TestOpenClosesAfterMistakes(t *testing.T) {
	t.Parallel()
	taken, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer taken.Close()
	rules := filepath.Join(t.TempDir(), "rules.yaml")
	if err := os.WriteFile(rules, []byte("- nonsense"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, row := range []struct {
		more    string
		change  func(*config.Config)
		want    string
		mistake bool
	}{
		{oneApp, func(c *config.Config) { c.Listen = "0.0.0.0:0" }, "listening on 0.0.0.0:0 would let other machines send packages without a token", true},
		{oneApp, func(c *config.Config) { c.API.TokensEnv = "MISSING_TOKENS" }, "api tokens: the environment variable MISSING_TOKENS", true},
		{oneApp, func(c *config.Config) { c.Listen = taken.Addr().String() }, "choose another address with --listen", false},
		{oneApp, func(c *config.Config) { c.Apps[0].AuthTokenEnv = "MISSING_TOKEN" }, "S2S token of app abc123def456: the environment variable MISSING_TOKEN", true},
		{oneApp, func(c *config.Config) { c.Rules = rules }, rules + ": ", true},
		{oneApp, func(c *config.Config) { c.Rules = rules + ".no" }, "rules: the file " + rules + ".no does not exist", true},
		{oneApp, func(c *config.Config) { c.CAFile = rules }, "certificate", true},
		{oneApp + "retry: {jitter_min: 3}", nil, "jitter", true},
		{oneApp + "plugins: {p: {env: [MISSING_URL]}}", nil, "plugins.p: the environment variable MISSING_URL is not set", true},
		{"", func(c *config.Config) { c.PluginsDir = filepath.Join(rules, "below-a-file") }, "start the demo: ", false},
	} {
		cfg := settings(t, row.more)
		if row.change != nil {
			row.change(&cfg)
		}
		_, err := host.Open(t.Context(), host.Config{Settings: cfg})
		if err == nil || !strings.Contains(err.Error(), row.want) {
			t.Errorf("got %v, want %s", err, row.want)
		}
		if _, mistake := errors.AsType[*config.Error](err); mistake != row.mistake {
			t.Errorf("%v: a mistake of the settings: %t, want %t", err, mistake, row.mistake)
		}
		store, err := disk.Open(disk.Config{Dir: cfg.Data})
		if err != nil {
			t.Errorf("after %s: %v", row.want, err)
			continue
		}
		if err := store.Close(); err != nil {
			t.Error(err)
		}
	}
}

// What was opened can be closed without being served, again and again in one process: nothing waits for what only serving
// starts.
func TestCloseWithoutServe(t *testing.T) {
	demo := settings(t, "")
	demo.Endpoint = ""
	for _, cfg := range []config.Config{settings(t, oneApp), demo} {
		for range 3 {
			h, err := host.Open(t.Context(), host.Config{Settings: cfg, Page: page()})
			if err != nil {
				t.Fatal(err)
			}
			if err := h.Close(); err != nil {
				t.Error(err)
			}
			if _, err := os.Stat(filepath.Join(cfg.Data, host.KeyFile)); !errors.Is(err, os.ErrNotExist) {
				t.Errorf("the key of the console is left: %v", err)
			}
		}
	}
}

// Without apps the host is the demo, and the same device every time.
func TestDemo(t *testing.T) {
	t.Parallel()
	cfg := settings(t, "")
	devices := map[string]bool{}
	for range 2 {
		h, log, end := serve(t, host.Config{Settings: cfg})
		log.await(t, `"this is the demo, with an endpoint of your choice"`)
		about, err := (&admin.Client{BaseURL: h.URL()}).Host(t.Context())
		if err != nil || !about.Demo || about.Endpoint != "127.0.0.1:9" {
			t.Errorf("operators are told %+v, %v", about, err)
		}
		devices[about.Device["external_device_id"]] = true
		end()
	}
	if len(devices) != 1 || devices[""] {
		t.Errorf("the devices are %v", devices)
	}
	if _, err := os.Stat(filepath.Join(cfg.PluginsDir, "outcomes.js")); err != nil {
		t.Error(err)
	}
}
