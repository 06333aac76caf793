package host_test

import (
	"context"
	"encoding/json"
	"io"
	"io/fs"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"trackhook/cmd/trackhook/internal/config"
	"trackhook/cmd/trackhook/internal/host"
)

// page is a page for hosts of tests.
func page() fs.FS {
	return fstest.MapFS{"index.html": {Data: []byte("<title>the page</title>")}, "app.js": {Data: []byte("1")}}
}

// browse makes a request as a browser does of a page of the host; change may make it another. It returns the answer's status,
// its body and the session that it began.
func (r *reloading) browse(method, path, body, session string, change ...func(*http.Request)) (status int, text, began string) {
	r.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, method, r.url()+path, strings.NewReader(body))
	if err != nil {
		r.Fatal(err)
	}
	request.Header.Set("Content-Type", "application/json")
	request.Header.Set("Sec-Fetch-Site", "same-origin")
	if session != "" {
		request.Header.Set("Cookie", session)
	}
	for _, change := range change {
		change(request)
	}
	answer, err := http.DefaultTransport.RoundTrip(request)
	if err != nil {
		r.Fatal(err)
	}
	defer answer.Body.Close()
	if answer.StatusCode != http.StatusOK || answer.Header.Get("Content-Type") != "text/event-stream" { // which has no end
		all, err := io.ReadAll(answer.Body)
		if err != nil {
			r.Fatal(err)
		}
		text = string(all)
	}
	for _, cookie := range answer.Cookies() {
		began = cookie.Name + "=" + cookie.Value
	}
	return answer.StatusCode, text, began
}

// wantStatus makes such a request, and looks at its status.
func (r *reloading) wantStatus(status int, method, path, body, session string, change ...func(*http.Request)) (text string) {
	r.Helper()
	got, text, _ := r.browse(method, path, body, session, change...)
	if got != status {
		r.Errorf("%s %s: %d %s, want %d", method, path, got, text, status)
	}
	return text
}

func bears(secret string) func(*http.Request) {
	return func(r *http.Request) { r.Header.Set("Authorization", "Bearer "+secret) }
}

// signIn asks for a code and signs in with it, and returns the session and its scopes.
func (r *reloading) signIn(change ...func(*http.Request)) (session, scopes string) {
	r.Helper()
	var made struct{ Code string }
	if err := json.Unmarshal([]byte(r.wantStatus(200, "POST", "/api/v1/console/codes", "", "", change...)), &made); err != nil {
		r.Fatal(err)
	}
	_, text, session := r.browse("POST", "/console/session", `{"code":"`+made.Code+`"}`, "")
	var me struct{ Scopes []string }
	if err := json.Unmarshal([]byte(text), &me); err != nil || session == "" {
		r.Fatalf("sign in: %v %s", err, text)
	}
	return session, strings.Join(me.Scopes, ",")
}

// Without tokens, this machine reads and operates; more is for whoever may read the data folder.
func TestConsoleWithoutTokens(t *testing.T) {
	r := newReloading(t, settings(t, oneApp))
	if text := r.wantStatus(200, "GET", "/console/", "", ""); text != "<title>the page</title>" {
		t.Errorf("the page is %s", text)
	}
	r.wantStatus(401, "GET", "/console/session", "", "")
	file := filepath.Join(r.settings.Data, host.KeyFile)
	key, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if info, err := os.Stat(file); err != nil || info.Mode().Perm()&0o077 != 0 {
		t.Errorf("the key is open to others: %v, %v", info.Mode(), err)
	}
	session, scopes := r.signIn()
	if scopes != "read,operate" {
		t.Errorf("anybody here may %s", scopes)
	}
	r.wantStatus(200, "GET", "/console/session", "", session)
	r.wantStatus(204, "DELETE", "/console/session", "", session)
	r.wantStatus(401, "GET", "/console/session", "", session)
	session, scopes = r.signIn(bears(strings.TrimSpace(string(key))))
	if scopes != "read,operate,scripts" {
		t.Errorf("the owner may %s", scopes)
	}
	if status, _, began := r.browse("POST", "/console/session", `{"token":"`+strings.TrimSpace(string(key))+`"}`, ""); status != 200 || began == "" {
		t.Errorf("the key signs in with %d", status)
	}
	if said := r.log.said(); strings.Contains(said, strings.TrimSpace(string(key))) || !strings.Contains(said, "/console/") || strings.Contains(said, "#code=") {
		t.Errorf("the log says %s", said)
	}
	// Tokens that come end what was given without any.
	next := r.settings
	next.API.TokensFile = filepath.Join(t.TempDir(), "tokens")
	if err := os.WriteFile(next.API.TokensFile, []byte("all see:read"), 0o600); err != nil {
		t.Fatal(err)
	}
	r.wants(func() (config.Config, error) { return next, nil })
	r.wantStatus(200, "POST", "/api/v1/reload", "", session)
	r.wantStatus(401, "GET", "/console/session", "", session)
	r.wantStatus(401, "GET", "/api/v1/stats", "", session)
	r.wantStatus(401, "GET", "/api/v1/stats", "", "", bears(strings.TrimSpace(string(key))))
	r.stop()
	if _, err := os.Stat(file); !os.IsNotExist(err) {
		t.Errorf("the key is left: %v", err)
	}
}

// A session may do what its token may do, for as long as there is one.
func TestConsoleWithTokens(t *testing.T) {
	t.Parallel()
	cfg := settings(t, oneApp)
	cfg.API.TokensFile = filepath.Join(t.TempDir(), "tokens")
	replace(t, cfg.API.TokensFile, "all see:read run:operate send:events")
	r := newReloading(t, cfg)
	r.wantStatus(401, "POST", "/api/v1/console/codes", "", "")
	_, _, see := r.browse("POST", "/console/session", `{"token":"see"}`, "")
	_, _, run := r.browse("POST", "/console/session", `{"token":"run"}`, "")
	_, _, all := r.browse("POST", "/console/session", `{"token":"all"}`, "")
	r.wantStatus(200, "GET", "/api/v1/stats", "", see)
	if text := r.wantStatus(403, "POST", "/api/v1/dead/acknowledge", "", see); !strings.Contains(text, "the scope operate") {
		t.Errorf("refused with %s", text)
	}
	r.wantStatus(200, "POST", "/api/v1/dead/acknowledge", "", run)
	r.wantStatus(200, "POST", "/api/v1/reload", "", all)
	r.wantStatus(401, "POST", "/console/session", `{"token":"send"}`, "")
	// A code can do no more than who has asked for it.
	if _, scopes := r.signIn(bears("see")); scopes != "read" {
		t.Errorf("a reader's link may %s", scopes)
	}
	// A session sends nothing.
	r.wantStatus(401, "POST", "/event", "", all)
	replace(t, cfg.API.TokensFile, "all")
	r.log.await(t, `"changed":["api.tokens_file"]`)
	r.wantStatus(401, "GET", "/api/v1/stats", "", see)
	r.wantStatus(200, "GET", "/api/v1/stats", "", all)
	off := false
	next := r.settings
	next.Console.Enabled = &off
	r.wants(func() (config.Config, error) { return next, nil })
	r.wantStatus(200, "POST", "/api/v1/reload", "", all)
	r.wantStatus(404, "GET", "/console/", "", all)
	r.wantStatus(401, "GET", "/api/v1/stats", "", all)
	r.wantStatus(501, "POST", "/api/v1/console/codes", "", "", bears("all"))
}

// A page of another site, of another port, or of a name that was made to lead here can read and change nothing, whoever has
// signed in.
func TestPagesOfOthers(t *testing.T) {
	r := newReloading(t, settings(t, oneApp))
	key, err := os.ReadFile(filepath.Join(r.settings.Data, host.KeyFile))
	if err != nil {
		t.Fatal(err)
	}
	session, _ := r.signIn(bears(strings.TrimSpace(string(key))))
	header := func(pairs ...string) func(*http.Request) {
		return func(r *http.Request) {
			for i := 0; i < len(pairs); i += 2 {
				r.Header.Set(pairs[i], pairs[i+1])
			}
		}
	}
	old := func(r *http.Request) {
		r.Header.Del("Sec-Fetch-Site")
		r.Header.Set("Origin", "http://evil.example")
	}
	for name, change := range map[string]func(*http.Request){
		"a simple POST":    header("Sec-Fetch-Site", "cross-site", "Content-Type", "text/plain"),
		"a form":           header("Sec-Fetch-Site", "cross-site", "Content-Type", "application/x-www-form-urlencoded"),
		"an image":         header("Sec-Fetch-Site", "cross-site", "Sec-Fetch-Dest", "image", "Sec-Fetch-Mode", "no-cors"),
		"another port":     header("Sec-Fetch-Site", "same-site"),
		"an old browser":   old,
		"a WebSocket":      header("Sec-Fetch-Site", "cross-site", "Connection", "Upgrade", "Upgrade", "websocket", "Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ==", "Sec-WebSocket-Version", "13", "Origin", "http://evil.example"),
		"an old WebSocket": func(r *http.Request) { old(r); header("Connection", "Upgrade", "Upgrade", "websocket")(r) },
	} {
		for _, target := range []string{
			"GET /api/v1/stats", "GET /api/v1/responses/tail", "POST /api/v1/dead/acknowledge", "POST /api/v1/reload", "POST /api/v1/console/codes",
			"DELETE /api/v1/packages/x", "POST /console/session", "DELETE /console/session", "GET /console/session", "POST /event", "GET /event",
			"POST /v1/packages", "GET /metrics",
		} {
			method, path, _ := strings.Cut(target, " ")
			if status, text, began := r.browse(method, path, `{"token":"x"}`, session, change); status != 403 || began != "" {
				t.Errorf("%s, %s: %d %s", name, target, status, text)
			}
		}
	}
	rebound := func(r *http.Request) { r.Host = "evil.example" }
	for _, target := range []string{"GET /console/", "POST /console/session", "GET /api/v1/stats", "POST /event", "GET /healthz", "GET /metrics"} {
		method, path, _ := strings.Cut(target, " ")
		r.wantStatus(421, method, path, "{}", session, rebound)
	}
	r.wantStatus(200, "GET", "/console/session", "", session) // it was not signed out
}

// The demo prints a link that signs in for everything, once.
func TestConsoleOfTheDemo(t *testing.T) {
	t.Parallel()
	cfg := settings(t, "")
	cfg.Endpoint = ""
	h, log, end := serve(t, host.Config{Settings: cfg, Page: page()})
	log.await(t, `"the console: open this link`)
	_, rest, _ := strings.Cut(log.said(), h.URL()+"/console/#code=")
	code, _, _ := strings.Cut(rest, `"`)
	r := &reloading{T: t, host: h, log: log}
	if status, text, _ := r.browse("POST", "/console/session", `{"code":"`+code+`"}`, ""); status != 200 || !strings.Contains(text, `["read","operate","scripts"]`) || !strings.Contains(text, `"demo":true`) {
		t.Errorf("%d %s", status, text)
	}
	r.wantStatus(401, "POST", "/console/session", `{"code":"`+code+`"}`, "")
	end()
}

// Without tokens nobody writes scripts but the owner, whether there is a page or not.
func TestScriptsAreTheOwners(t *testing.T) {
	r := newReloading(t, settings(t, oneApp))
	key, err := os.ReadFile(filepath.Join(r.settings.Data, host.KeyFile))
	if err != nil {
		t.Fatal(err)
	}
	const path, body = "/api/v1/scripts/file?path=a.js", `{"text":"1","version":""}`
	if text := r.wantStatus(403, "PUT", path, body, ""); !strings.Contains(text, "console.key") {
		t.Errorf("refused with %s", text)
	}
	anybody, _ := r.signIn()
	r.wantStatus(403, "PUT", path, body, anybody)
	for _, change := range []func(*http.Request){bears(strings.TrimSpace(string(key)))} {
		if status, text, _ := r.browse("PUT", path, body, "", change); status == 401 || status == 403 && strings.Contains(text, "console.key") {
			t.Errorf("the owner is answered with %d %s", status, text)
		}
	}
}
