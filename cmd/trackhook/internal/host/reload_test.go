package host_test

import (
	"context"
	"encoding/pem"
	"errors"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/rs/zerolog"

	"trackhook/cmd/trackhook/internal/config"
	"trackhook/cmd/trackhook/internal/host"
	"trackhook/engine/admin"
	"trackhook/engine/sandbox"
)

// reloading is a host of one app at a sandbox, whose settings are next after a reload.
type reloading struct {
	*testing.T
	host   *host.Host
	log    *watch
	asked  chan os.Signal
	server *sandbox.LocalServer
	stop   func()
	// settings are those that it was started with.
	settings config.Config

	mu   sync.Mutex
	next func() (config.Config, error) // guarded by mu
	// levels are those that were set, each with whether the log spoke of the reload before.
	levels []string // guarded by mu
}

// setLevel is what the host calls to change the level of the log.
func (r *reloading) setLevel(level string) {
	when := "before"
	if strings.Contains(r.log.said(), `"changed":["log_level"]`) {
		when = "after"
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.levels = append(r.levels, level+" "+when+" the log spoke of it")
}

func (r *reloading) wants(next func() (config.Config, error)) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.next = next
}

func newReloading(t *testing.T, cfg config.Config) *reloading {
	t.Helper()
	server, err := sandbox.Start(context.Background(), "127.0.0.1:0", sandbox.Config{})
	if err != nil {
		t.Fatal(err)
	}
	cfg.Endpoint = server.URL
	r := &reloading{T: t, log: &watch{}, asked: make(chan os.Signal, 1), server: server, settings: cfg}
	r.next = func() (config.Config, error) { return cfg, nil }
	r.host, err = host.Open(t.Context(), host.Config{
		Settings: cfg, Log: zerolog.New(r.log), Asked: r.asked, SecretPoll: time.Millisecond, SetLogLevel: r.setLevel, Page: page(),
		Again: func() (config.Config, error) {
			r.mu.Lock()
			defer r.mu.Unlock()
			return r.next()
		},
	})
	if err != nil {
		t.Fatal(errors.Join(err, server.Close()))
	}
	ctx, cancel := context.WithCancel(context.Background())
	served := make(chan error, 1)
	go func() { served <- r.host.Serve(ctx) }()
	r.log.await(t, `"listening for sessions and events"`)
	r.stop = sync.OnceFunc(func() {
		http.DefaultClient.CloseIdleConnections()
		cancel()
		if err := errors.Join(<-served, r.host.Close(), server.Close()); err != nil {
			t.Error(err)
		}
	})
	t.Cleanup(r.stop)
	return r
}

// url is where the host is reached, also where it listens at all addresses.
func (r *reloading) url() string {
	return strings.NewReplacer("[::]", "127.0.0.1", "0.0.0.0", "127.0.0.1").Replace(r.host.URL())
}

// track hands in an event as a client does, and returns the status.
func (r *reloading) track(token, device string) int {
	r.Helper()
	return r.post("/event", token, "event_token=abc123&gps_adid="+device)
}

func (r *reloading) post(path, token, form string) int {
	r.Helper()
	form += "&app_token=abc123def456&environment=sandbox"
	request, err := http.NewRequestWithContext(context.Background(), http.MethodPost, r.url()+path, strings.NewReader(form))
	if err != nil {
		r.Fatal(err)
	}
	request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	if token != "" {
		request.Header.Set("Authorization", "Bearer "+token)
	}
	answer, err := http.DefaultClient.Do(request)
	if err != nil {
		r.Fatal(err)
	}
	answer.Body.Close()
	return answer.StatusCode
}

// replace writes a file so that nobody sees half of it.
func replace(t *testing.T, file, text string) {
	t.Helper()
	beside := file + ".new"
	if err := errors.Join(os.WriteFile(beside, []byte(text), 0o600), os.Rename(beside, file)); err != nil {
		t.Fatal(err)
	}
}

// While clients send, everything that can be replaced is replaced, and no request of a token that holds fails.
func TestReloadUnderLoad(t *testing.T) {
	t.Parallel()
	cfg := settings(t, oneApp)
	cfg.API.TokensFile = filepath.Join(t.TempDir(), "tokens")
	write := func(text string) { replace(t, cfg.API.TokensFile, text) }
	write("steady")
	r := newReloading(t, cfg)
	cfg = r.settings
	other := cfg
	other.LogLevel, other.AttemptTimeout, other.RunTimeout = "debug", time.Minute, time.Minute
	other.Retry.Default.Base, other.Plugins = time.Second, map[string]config.Plugin{"hear": {AllowHosts: []string{"h.example"}}}
	other.AllowedHosts = []string{"track.example"}

	ctx, cancel := context.WithCancel(t.Context())
	var senders sync.WaitGroup
	for _, device := range []string{"a", "b", "c"} {
		senders.Go(func() {
			for ctx.Err() == nil {
				if status := r.track("steady", device); status != http.StatusOK {
					t.Errorf("an event was answered with %d", status)
				}
			}
		})
	}
	for i := range 20 {
		next, tokens := cfg, "steady"
		if i%2 == 0 {
			next, tokens = other, "fresh steady"
		}
		write(tokens)
		r.wants(func() (config.Config, error) { return next, nil })
		if report, err := r.host.Reload(); err != nil || len(report.Kept) > 0 {
			t.Errorf("reload %d: %+v, %v", i, report, err)
		}
		if status, want := r.track("fresh", "d"), map[bool]int{true: 200, false: 401}[i%2 == 0]; status != want {
			t.Errorf("reload %d: the fresh token is answered with %d, want %d", i, status, want)
		}
	}
	cancel()
	senders.Wait()
}

func TestReload(t *testing.T) {
	t.Parallel()
	r := newReloading(t, settings(t, oneApp))
	cfg := r.settings
	for _, row := range []struct {
		change func(*config.Config)
		want   string
	}{
		{func(c *config.Config) { c.API.TokensEnv = "MISSING_TOKENS" }, "api tokens: the environment variable MISSING_TOKENS"},
		{func(c *config.Config) { c.Apps[0].AuthTokenFile = "nowhere" }, "S2S token of app abc123def456: the file nowhere does not exist"},
		{func(c *config.Config) { c.Rules = "nowhere" }, "rules: the file nowhere does not exist"},
		{func(c *config.Config) { c.Plugins = map[string]config.Plugin{"a": {AllowHosts: []string{"http://h"}}} }, "configuration: plugins.a.allow_hosts"},
		{func(c *config.Config) { c.Plugins = map[string]config.Plugin{"a": {Env: []string{"MISSING_URL"}}} }, "plugins.a: the environment variable MISSING_URL"},
		{func(c *config.Config) { c.Retry.Default.JitterMin = 3 }, "configuration: retry: jitter"},
		{func(c *config.Config) { c.AttemptTimeout = -1 }, "configuration: timeouts must not be negative"},
	} {
		next := cfg
		next.Apps = []config.App{cfg.Apps[0]}
		next.AllowedHosts = []string{"track.example"} // what is right is not put in force either
		row.change(&next)
		r.wants(func() (config.Config, error) { return next, nil })
		if _, err := r.host.Reload(); err == nil || !strings.HasPrefix(err.Error(), row.want) {
			t.Errorf("got %v, want %s", err, row.want)
		}
		if !r.refuses("track.example") {
			t.Errorf("%s: the rest was put in force", row.want)
		}
	}
	r.wants(func() (config.Config, error) { return config.Config{}, errors.New("trackhook.yaml:7: no") })
	r.asked <- os.Interrupt // whatever the signal
	r.log.await(t, `"error":"trackhook.yaml:7: no"`)

	next := cfg
	next.AllowedHosts, next.Listen = []string{"track.example"}, "127.0.0.1:1"
	r.wants(func() (config.Config, error) { return next, nil })
	report, err := (&admin.Client{BaseURL: r.host.URL()}).Reload(t.Context())
	if err != nil || len(report.Changed) != 1 || report.Changed[0].Key != "allowed_hosts" || len(report.Kept) != 1 || report.Kept[0].Key != "listen" {
		t.Errorf("%+v, %v", report, err)
	}
	if r.refuses("track.example") {
		t.Error("the name is not answered to")
	}
	if status := r.track("", "a"); status != http.StatusOK {
		t.Errorf("after all of that, an event is answered with %d", status)
	}
}

// refuses tells whether the host does not answer to a name.
func (r *reloading) refuses(name string) bool {
	r.Helper()
	request, err := http.NewRequestWithContext(r.Context(), http.MethodGet, r.url()+"/healthz", http.NoBody)
	if err != nil {
		r.Fatal(err)
	}
	request.Host = name
	answer, err := http.DefaultClient.Do(request)
	if err != nil {
		r.Fatal(err)
	}
	answer.Body.Close()
	return answer.StatusCode == http.StatusMisdirectedRequest
}

// A file with secrets that changes is read again by itself; one that cannot be read changes nothing, and is spoken of once.
func TestSecretsAreReadAgain(t *testing.T) {
	t.Parallel()
	cfg := settings(t, oneApp)
	cfg.API.TokensFile = filepath.Join(t.TempDir(), "tokens")
	write := func(text string) { replace(t, cfg.API.TokensFile, text) }
	write("first")
	r := newReloading(t, cfg)
	write("")
	r.log.await(t, `tokens is empty","message":"secrets cannot be read again; those that were read before stay in force"`)
	if status := r.track("first", "a"); status != http.StatusOK {
		t.Errorf("the first token is answered with %d", status)
	}
	write("first:nonsense")
	r.log.await(t, `api tokens: token 1: what follows its last colon`)
	for range 50 { // it is found again and again meanwhile, and not believed
		if status := r.track("first", "a"); status != http.StatusOK {
			t.Errorf("the first token is answered with %d", status)
		}
	}
	write("second")
	r.log.await(t, `"changed":["api.tokens_file"],"message":"the configuration was read again"`)
	if first, second := r.track("first", "a"), r.track("second", "a"); first != http.StatusUnauthorized || second != http.StatusOK {
		t.Errorf("the first token is answered with %d, the second with %d", first, second)
	}
	r.stop()
	for _, why := range []string{"tokens is empty", "token 1: what follows its last colon"} {
		if n := strings.Count(r.log.said(), why); n != 1 {
			t.Errorf("%d lines say %q", n, why)
		}
	}
}

// Attempts after a reload are planned by its clocks.
func TestReloadedClocksCount(t *testing.T) {
	cfg := settings(t, oneApp)
	never := config.Clock{Base: 24 * time.Hour, Max: 24 * time.Hour}
	cfg.Retry.Default, cfg.Retry.Install = never, never
	r := newReloading(t, cfg)
	const failures = 3
	if err := r.server.SetFaults(sandbox.Fault{Kind: "status", Status: 503, Count: failures}); err != nil {
		t.Fatal(err)
	}
	next := r.settings
	soon := config.Clock{Base: time.Millisecond, Max: time.Millisecond}
	next.Retry.Default, next.Retry.Install = soon, soon
	r.wants(func() (config.Config, error) { return next, nil })
	if _, err := r.host.Reload(); err != nil {
		t.Fatal(err)
	}
	if status := r.post("/session", "", "gps_adid=a"); status != http.StatusOK {
		t.Fatalf("a session is answered with %d", status)
	}
	tick, late := time.NewTicker(5*time.Millisecond), time.After(time.Minute)
	defer tick.Stop()
	for r.server.Totals().Requests <= failures {
		select {
		case <-tick.C:
		case <-late:
			t.Fatalf("%d attempts were made, want %d", r.server.Totals().Requests, failures+1)
		}
	}
}

// Files that keep their name are compared by what they hold, the log says what a reload has done by the level that shows
// more, and that nobody has to show a token any more is said.
func TestReloadTellsWhatIsOther(t *testing.T) {
	dir := t.TempDir()
	rules, certificates, tokens := filepath.Join(dir, "rules.yaml"), filepath.Join(dir, "ca.pem"), filepath.Join(dir, "tokens")
	const rule = "rules: [{ name: mine, outcome: retry, status: [418] }]\n"
	replace(t, rules, rule)
	replace(t, tokens, "secret")
	replace(t, certificates, certificate(t))
	cfg := settings(t, oneApp)
	cfg.Rules, cfg.CAFile, cfg.API.TokensFile = rules, certificates, tokens
	r := newReloading(t, cfg)
	reload := func(change func(*config.Config)) (changed, kept []string) {
		t.Helper()
		next := r.settings
		change(&next)
		r.wants(func() (config.Config, error) { return next, nil })
		report, err := r.host.Reload()
		if err != nil {
			t.Fatal(err)
		}
		for _, c := range report.Changed {
			changed = append(changed, c.Key)
		}
		for _, k := range report.Kept {
			kept = append(kept, k.Key)
		}
		return changed, kept
	}
	same := func(*config.Config) {}
	if changed, kept := reload(same); len(changed)+len(kept) > 0 {
		t.Errorf("the same: changed %v, kept %v", changed, kept)
	}
	replace(t, rules, rule+"# another content\n")
	replace(t, certificates, certificate(t)+certificate(t))
	if changed, kept := reload(same); !slices.Equal(changed, []string{"rules"}) || !slices.Equal(kept, []string{"ca_file"}) {
		t.Errorf("other contents: changed %v, kept %v", changed, kept)
	}
	reload(func(c *config.Config) { c.LogLevel = "debug" })
	reload(func(c *config.Config) { c.LogLevel = "error" })
	r.mu.Lock()
	if want := []string{"debug before the log spoke of it", "error after the log spoke of it"}; !slices.Equal(r.levels, want) {
		t.Errorf("levels were set: %v, want %v", r.levels, want)
	}
	r.mu.Unlock()
	changed, _ := reload(func(c *config.Config) { c.API.TokensFile, c.LogLevel = "", "error" })
	if !slices.Equal(changed, []string{"api.tokens_file"}) || !strings.Contains(r.log.said(), "no token is needed any more") {
		t.Errorf("without tokens: changed %v; the log says %s", changed, r.log.said())
	}
}

// certificate is one of a server that nobody asks.
func certificate(t *testing.T) string {
	t.Helper()
	server := httptest.NewTLSServer(http.NotFoundHandler())
	defer server.Close()
	return string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: server.Certificate().Raw}))
}

// Origins of pages that are added count at once, and those that are taken out count no more.
func TestReloadedPagesCount(t *testing.T) {
	t.Parallel()
	const game = "https://game.example"
	r := newReloading(t, settings(t, oneApp))
	ask := func() string {
		t.Helper()
		request, err := http.NewRequestWithContext(t.Context(), http.MethodOptions, r.host.URL()+"/session", http.NoBody)
		if err != nil {
			t.Fatal(err)
		}
		request.Header.Set("Origin", game)
		request.Header.Set("Access-Control-Request-Method", http.MethodPost)
		answer, err := http.DefaultClient.Do(request)
		if err != nil {
			t.Fatal(err)
		}
		answer.Body.Close()
		return answer.Header.Get("Access-Control-Allow-Origin")
	}
	for _, step := range []struct {
		origins []string
		want    string
	}{{nil, ""}, {[]string{game}, game}, {nil, ""}} {
		next := r.settings
		next.API.AllowOrigins = step.origins
		r.wants(func() (config.Config, error) { return next, nil })
		if _, err := r.host.Reload(); err != nil {
			t.Fatal(err)
		}
		if got := ask(); got != step.want {
			t.Errorf("with %v pages of %q may send, want %q", step.origins, got, step.want)
		}
	}
}
