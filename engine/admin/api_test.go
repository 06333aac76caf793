package admin_test

import (
	"bytes"
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"runtime/debug"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/rs/zerolog"
	"go.uber.org/goleak"

	"trackhook/engine"
	"trackhook/engine/admin"
)

func TestMain(m *testing.M) {
	debug.SetGCPercent(400) // what tests make is garbage at once, and small
	goleak.VerifyTestMain(m)
}

func fine(context.Context) (engine.Stats, error) {
	return engine.Stats{Queued: 1, Lanes: 2, Leased: 3, Dead: 4, First: 5, Last: 6, Bytes: 7}, nil
}

func failing(context.Context) (engine.Stats, error) {
	return engine.Stats{}, errors.New("disk on fire")
}

func somePlugins() []admin.Plugin {
	at := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	return []admin.Plugin{
		{
			Name: "console", File: "plugins/console.js", State: admin.Live, Disk: "a1", Running: "a1", Since: at, Reloads: 2, LastReload: at,
			Registered: []admin.Registration{{AppToken: "abc123def456", Environment: "sandbox", Listeners: []string{"event_success", "event_failure"}}},
			Runs:       10, Errors: 1, P50: 14 * time.Microsecond, P99: 3 * time.Millisecond, Cursor: 41, Lag: 1,
		},
		{
			Name: "slack", File: "plugins/slack.js", State: admin.BrokenEdit, Disk: "b2", Running: "b1", Since: at,
			LastError: &admin.PluginError{Message: "SyntaxError: Unexpected token <", File: "plugins/slack.js", Line: 3, Column: 7, Source: "let <", Notes: []string{"mind"}, Since: at},
		},
		{Name: "first", File: "plugins/first.js", State: admin.Broken, LastError: &admin.PluginError{Message: "boom"}},
		{Name: "gone", State: admin.Removed, Cursor: 3, Lag: 38, CursorUnknown: true},
	}
}

func livePlugins() []admin.Plugin { return somePlugins()[:1] }

// ask makes a request as this machine does, changed by the given functions.
func ask(h http.Handler, method, path string, change ...func(*http.Request)) *httptest.ResponseRecorder {
	r := httptest.NewRequest(method, path, http.NoBody)
	r.RemoteAddr, r.Host = "127.0.0.1:50000", "127.0.0.1:8787"
	for _, f := range change {
		f(r)
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w
}

func want(t *testing.T, w *httptest.ResponseRecorder, status int, body string) {
	t.Helper()
	if got := strings.TrimSuffix(w.Body.String(), "\n"); w.Code != status || got != body {
		t.Errorf("answer %d %s\n     want %d %s", w.Code, got, status, body)
	}
	if body != "" && w.Header().Get("Content-Type") != "application/json" {
		t.Errorf("Content-Type %q", w.Header().Get("Content-Type"))
	}
}

func TestRoutes(t *testing.T) {
	h := admin.New(admin.Config{
		Stats: fine, Plugins: somePlugins,
		Host: admin.Host{
			Version: "1.2.3", AppToken: "abc123def456", Environment: "sandbox", Device: map[string]string{"external_device_id": "kiosk-17"},
			Endpoint: "s2s.adjust.com", Started: time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC),
		},
	})
	want(t, ask(h, "GET", "/api/v1/stats"), 200, `{"queued":1,"lanes":2,"leased":3,"dead":4,"dead_bytes":0,"ambiguous":0,"first":5,"last":6,"bytes":7}`)
	want(t, ask(h, "GET", "/api/v1/host"), 200, `{"version":"1.2.3","app_token":"abc123def456","environment":"sandbox","device":{"external_device_id":"kiosk-17"},"endpoint":"s2s.adjust.com","demo":false,"started":"2026-01-02T03:04:05Z"}`)
	want(t, ask(h, "GET", "/api/v1/plugins"), 200, `{"plugins":[`+strings.Join([]string{
		`{"name":"console","file":"plugins/console.js","state":"live","disk":"a1","running":"a1","since":"2026-01-02T03:04:05Z","reloads":2,"last_reload":"2026-01-02T03:04:05Z","registered":[{"app_token":"abc123def456","environment":"sandbox","listeners":["event_success","event_failure"]}],"runs":10,"errors":1,"p50_ns":14000,"p99_ns":3000000,"cursor":41,"lag":1}`,
		`{"name":"slack","file":"plugins/slack.js","state":"broken_edit","disk":"b2","running":"b1","since":"2026-01-02T03:04:05Z","reloads":0,"last_error":{"message":"SyntaxError: Unexpected token <","file":"plugins/slack.js","line":3,"column":7,"source":"let <","notes":["mind"],"since":"2026-01-02T03:04:05Z"},"registered":[],"runs":0,"errors":0,"cursor":0,"lag":0}`,
		`{"name":"first","file":"plugins/first.js","state":"broken","disk":"","running":"","reloads":0,"last_error":{"message":"boom"},"registered":[],"runs":0,"errors":0,"cursor":0,"lag":0}`,
		`{"name":"gone","file":"","state":"removed","disk":"","running":"","reloads":0,"registered":[],"runs":0,"errors":0,"cursor":3,"lag":38,"cursor_unknown":true}`,
	}, ",")+`]}`)
	want(t, ask(h, "GET", "/api/v1/nothing"), 404, `{"error":"Not found","detail":"there is nothing at \"/api/v1/nothing\""}`)
	want(t, ask(h, "POST", "/api/v1/stats"), 405, `{"error":"Method not allowed","detail":"use GET"}`)
	want(t, ask(h, "OPTIONS", "/api/v1/stats"), 204, "")
	if w := ask(h, "HEAD", "/healthz"); w.Code != 200 {
		t.Errorf("HEAD: %d", w.Code)
	}

	empty := admin.New(admin.Config{Stats: fine})
	want(t, ask(empty, "GET", "/api/v1/plugins"), 200, `{"plugins":[]}`)
	want(t, ask(empty, "GET", "/api/v1/host"), 200, `{"version":"","app_token":"","environment":"","device":{},"endpoint":"","demo":false}`)
}

func TestHealth(t *testing.T) {
	const broken = `"plugin slack is broken on disk; version b1 goes on: plugins/slack.js:3:7: SyntaxError: Unexpected token <","plugin first is broken; its responses wait: boom"`
	notYet := func(context.Context) error { return errors.New("the host is shutting down") }
	for name, row := range map[string]struct {
		cfg    admin.Config
		path   string
		status int
		body   string
	}{
		"ok":              {admin.Config{Stats: fine, Plugins: livePlugins}, "/healthz", 200, `{"status":"ok"}`},
		"broken plugins":  {admin.Config{Stats: fine, Plugins: somePlugins}, "/healthz", 200, `{"status":"degraded","reasons":[` + broken + `]}`},
		"blocked app":     {admin.Config{Stats: fine, Health: func() []string { return []string{"app x is blocked"} }}, "/healthz", 200, `{"status":"degraded","reasons":["app x is blocked"]}`},
		"spare":           {admin.Config{Stats: fine, Spare: func() (admin.Spare, bool) { return admin.Spare{Reason: "it is being started", Used: 3, Cold: 1}, true }}, "/healthz", 200, `{"status":"ok","spare":{"ready":false,"reason":"it is being started","used":3,"cold":1}}`},
		"store fails":     {admin.Config{Stats: failing, Plugins: livePlugins}, "/healthz", 503, `{"status":"failing","reasons":["the store does not answer: disk on fire"]}`},
		"both":            {admin.Config{Stats: failing, Plugins: somePlugins}, "/healthz", 503, `{"status":"failing","reasons":["the store does not answer: disk on fire",` + broken + `]}`},
		"ready":           {admin.Config{Stats: fine, Plugins: somePlugins}, "/readyz", 200, `{"status":"ready"}`},
		"store not ready": {admin.Config{Stats: failing}, "/readyz", 503, `{"status":"not ready","reasons":["the store does not answer: disk on fire"]}`},
		"host not ready":  {admin.Config{Stats: fine, Ready: notYet}, "/readyz", 503, `{"status":"not ready","reasons":["the host is shutting down"]}`},
		"stats fail":      {admin.Config{Stats: failing}, "/api/v1/stats", 503, `{"error":"Service unavailable","detail":"the store does not answer; the log of the host says why"}`},
	} {
		t.Run(name, func(t *testing.T) { want(t, ask(admin.New(row.cfg), "GET", row.path), row.status, row.body) })
	}
}

func TestStoreThatHangs(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		hang := func(ctx context.Context) (engine.Stats, error) {
			<-ctx.Done()
			return engine.Stats{}, ctx.Err()
		}
		began := time.Now()
		want(t, ask(admin.New(admin.Config{Stats: hang}), "GET", "/healthz"), 503,
			`{"status":"failing","reasons":["the store does not answer: context deadline exceeded"]}`)
		if took := time.Since(began); took > 3*time.Second {
			t.Errorf("took %s", took)
		}
	})
}

func TestLoopbackOnly(t *testing.T) {
	header := func(name, value string) func(*http.Request) {
		return func(r *http.Request) { r.Header.Set(name, value) }
	}
	remote := func(addr string) func(*http.Request) { return func(r *http.Request) { r.RemoteAddr = addr } }
	host := func(name string) func(*http.Request) { return func(r *http.Request) { r.Host = name } }
	const hint = `; configure tokens on the host, or ask from the machine that it runs on"}`
	const (
		far     = `{"error":"Forbidden","detail":"without tokens this host answers its own machine only` + hint
		proxy   = `{"error":"Forbidden","detail":"without tokens this host answers nobody through a proxy` + hint
		rebound = `{"error":"Forbidden","detail":"the request was made for another name than localhost or 127.0.0.1` + hint
	)
	h := admin.New(admin.Config{Stats: fine, Plugins: somePlugins})
	for name, row := range map[string]struct {
		change func(*http.Request)
		body   string // "" is 200
	}{
		"IPv4":            {remote("127.1.2.3:1"), ""},
		"IPv6":            {remote("[::1]:1"), ""},
		"mapped":          {remote("[::ffff:127.0.0.1]:1"), ""},
		"localhost":       {host("LOCALHOST:8787"), ""},
		"host IPv6":       {host("[::1]:8787"), ""},
		"host bare IPv6":  {host("[::1]"), ""},
		"host no port":    {host("127.0.0.1"), ""},
		"far":             {remote("192.0.2.1:1"), far},
		"no address":      {remote(""), far},
		"forwarded":       {header("Forwarded", "for=192.0.2.1"), proxy},
		"X-Forwarded-For": {header("X-Forwarded-For", "192.0.2.1"), proxy},
		"rebound":         {host("evil.example:8787"), rebound},
		"rebound tricky":  {host("localhost.evil.example"), rebound},
		"no host":         {host(""), rebound},
	} {
		w := ask(h, "GET", "/api/v1/stats", row.change)
		if row.body != "" {
			want(t, w, 403, row.body)
			// Probes are answered all the same, without the reasons.
			want(t, ask(h, "GET", "/healthz", row.change), 200, `{"status":"degraded"}`)
		} else if w.Code != 200 {
			t.Errorf("%s: answer %d %s", name, w.Code, w.Body)
		}
		if w.Header().Get("Access-Control-Allow-Origin") != "" {
			t.Error("browsers of other sites may read")
		}
	}
	want(t, ask(h, "POST", "/api/v1/stats", header("Sec-Fetch-Site", "cross-site")), 403,
		`{"error":"Forbidden","detail":"a browser sent this for a page of another site`+hint)
	// What exists is not told either.
	want(t, ask(h, "GET", "/api/v1/nothing", remote("192.0.2.1:1")), 403, far)
}

func TestCheck(t *testing.T) {
	h := admin.New(admin.Config{
		Stats: fine, Plugins: somePlugins,
		Access: bearing("s3cret"),
	})
	far := func(r *http.Request) { r.RemoteAddr, r.Host = "192.0.2.1:1", "trackhook.example" }
	w := ask(h, "GET", "/api/v1/stats", far)
	want(t, w, 401, `{"error":"Failed to authorize request","detail":"send the header Authorization: Bearer with a token of this host that has no scopes, or the scope read"}`)
	if w.Header().Get("WWW-Authenticate") != `Bearer realm="trackhook"` {
		t.Errorf("headers %v", w.Header())
	}
	want(t, ask(h, "GET", "/healthz", far), 200, `{"status":"degraded"}`)
	token := func(r *http.Request) { r.Header.Set("Authorization", "Bearer s3cret") }
	if w := ask(h, "GET", "/api/v1/stats", far, token); w.Code != 200 {
		t.Errorf("answer %d %s", w.Code, w.Body)
	}
}

func TestPanic(t *testing.T) {
	var lines bytes.Buffer
	h := admin.New(admin.Config{Stats: fine, Plugins: func() []admin.Plugin { panic("boom") }, Log: zerolog.New(&lines)})
	want(t, ask(h, "GET", "/api/v1/plugins"), 500, `{"error":"Internal error","detail":"this is a bug of trackhook; its log has the details"}`)
	if !strings.Contains(lines.String(), `"panic":"boom"`) {
		t.Errorf("logged %s", &lines)
	}
}

func TestStatsAreRequired(t *testing.T) {
	defer func() {
		if recover() == nil {
			t.Error("no panic")
		}
	}()
	admin.New(admin.Config{})
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
