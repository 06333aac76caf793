package console_test

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/fstest"
	"testing/synctest"
	"time"

	"github.com/rs/zerolog"

	"trackhook/engine/console"
	"trackhook/engine/site"
)

// rig is a console whose tokens may be taken back.
type rig struct {
	*console.Console
	log     *bytes.Buffer
	revoked *atomic.Bool
	off     *atomic.Bool
}

// newRig knows the tokens all, see and send, of which the last is none for operators.
func newRig() rig {
	r := rig{log: &bytes.Buffer{}, revoked: &atomic.Bool{}, off: &atomic.Bool{}}
	grants := map[string]site.Access{"all": site.All, "see": site.Read, "send": 0}
	r.Console = console.New(console.Config{
		Port: "8787", Enabled: func() bool { return !r.off.Load() },
		Token: func(secret string) (console.Grant, bool) {
			access, ok := grants[secret]
			return console.Grant{Who: map[string]string{"see": "alice"}[secret], Access: func() site.Access {
				if r.revoked.Load() {
					return 0
				}
				return access
			}}, ok
		},
		Access: func(r *http.Request) (site.Access, bool) {
			access, ok := grants[strings.TrimPrefix(r.Header.Get("Authorization"), "Bearer ")]
			return access, ok
		},
		About: func() console.About { return console.About{Version: "v1", Edit: true} },
		Log:   zerolog.New(zerolog.SyncWriter(r.log)),
		Files: fstest.MapFS{
			"index.html": {Data: []byte(`<title>the page</title><script src="/console/app.js"></script>`)},
			"app.js":     {Data: []byte(strings.Repeat("export const a = 1;\n", 100))},
			"app.css":    {Data: []byte("a{}")},
		},
	})
	return r
}

// ask makes a request as a browser does of its own page; change may make it another.
func (r rig) ask(method, path, body string, change ...func(*http.Request)) *httptest.ResponseRecorder {
	request := httptest.NewRequest(method, "http://127.0.0.1:8787"+path, strings.NewReader(body))
	if body != "" {
		request.Header.Set("Content-Type", "application/json")
	}
	request.Header.Set("Sec-Fetch-Site", "same-origin")
	for _, change := range change {
		change(request)
	}
	w := httptest.NewRecorder()
	r.ServeHTTP(w, request)
	return w
}

func with(name, value string) func(*http.Request) {
	return func(r *http.Request) { r.Header.Set(name, value) }
}

// signIn signs in and returns what bears the session.
func (r rig) signIn(t *testing.T, body string) func(*http.Request) {
	t.Helper()
	w := r.ask("POST", "/console/session", body)
	cookies := w.Result().Cookies()
	if w.Code != http.StatusOK || len(cookies) != 1 {
		t.Fatalf("sign-in: %d %s", w.Code, w.Body)
	}
	return func(request *http.Request) { request.AddCookie(cookies[0]) }
}

func TestSignIn(t *testing.T) {
	r := newRig()
	w := r.ask("POST", "/console/session", `{"token":"all"}`)
	if got := w.Header().Get("Set-Cookie"); w.Code != 200 || !strings.HasPrefix(got, "trackhook_8787=") || !strings.HasSuffix(got, "; Path=/; HttpOnly; SameSite=Strict") {
		t.Fatalf("%d, cookie %q", w.Code, got)
	}
	var me console.Me
	if err := json.Unmarshal(w.Body.Bytes(), &me); err != nil {
		t.Fatal(err)
	}
	if me.How != "session" || !slices.Equal(me.Scopes, []string{"read", "operate", "scripts"}) || me.IdleSeconds != 7200 || !me.Edit || me.Version != "v1" || me.Host != "127.0.0.1:8787" {
		t.Errorf("me: %+v", me)
	}
	if w.Header().Get("Cache-Control") != "no-store" {
		t.Errorf("headers %v", w.Header())
	}
	session := r.signIn(t, `{"token":"see"}`)
	if said := r.log.String(); strings.Count(said, `"who"`) != 1 || !strings.Contains(said, `"who":"alice"`) || strings.Contains(said, `"see"`) {
		t.Errorf("the log says %s", said)
	}
	if w := r.ask("GET", "/console/session", "", session); w.Code != 200 || !strings.Contains(w.Body.String(), `"scopes":["read"],"how":"session","who":"alice"`) {
		t.Errorf("who: %d %s", w.Code, w.Body)
	}
	if w := r.ask("GET", "/console/session", ""); w.Code != 401 {
		t.Errorf("nobody: %d", w.Code)
	}
	if w := r.ask("GET", "/console/session", "", with("Authorization", "Bearer all")); w.Code != 200 || !strings.Contains(w.Body.String(), `"how":"token"`) {
		t.Errorf("a token: %d %s", w.Code, w.Body)
	}
	if w := r.ask("DELETE", "/console/session", "", session); w.Code != 204 || !strings.Contains(w.Header().Get("Set-Cookie"), "Max-Age=0") {
		t.Errorf("sign-out: %d %v", w.Code, w.Header())
	}
	if w := r.ask("GET", "/console/session", "", session); w.Code != 401 {
		t.Errorf("signed out: %d", w.Code)
	}
	if strings.Contains(r.log.String(), "all") && strings.Contains(r.log.String(), `"token":"all"`) {
		t.Errorf("logged %s", r.log)
	}
}

// A session ends with the right that it was given for, and with the console.
func TestSessionEnds(t *testing.T) {
	r := newRig()
	session := r.signIn(t, `{"token":"all"}`)
	signedIn := func() bool {
		request := httptest.NewRequest(http.MethodGet, "/api/v1/stats", http.NoBody)
		session(request)
		access, ok := r.Access(request)
		if ok != (access == site.All) {
			t.Errorf("access %q, %t", access, ok)
		}
		return ok
	}
	if !signedIn() {
		t.Error("a session does not open the API")
	}
	r.off.Store(true)
	if signedIn() {
		t.Error("a session outlives the console")
	}
	if w := r.ask("GET", "/console/", ""); w.Code != 404 || !strings.Contains(w.Body.String(), "console.enabled") {
		t.Errorf("switched off: %d %s", w.Code, w.Body)
	}
	r.off.Store(false)
	r.revoked.Store(true)
	if signedIn() {
		t.Error("a session outlives its token")
	}
	r.revoked.Store(false)
	if signedIn() {
		t.Error("a session comes back with its token")
	}
}

func TestIdle(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig()
		session := r.signIn(t, `{"token":"all"}`)
		for range 5 {
			time.Sleep(console.DefaultIdle - time.Second)
			if w := r.ask("GET", "/console/session", "", session); w.Code != 200 {
				t.Fatalf("used: %d", w.Code)
			}
		}
		time.Sleep(console.DefaultIdle)
		if w := r.ask("GET", "/console/session", "", session); w.Code != 401 {
			t.Errorf("unused: %d", w.Code)
		}
	})
}

// The session that was not used for longest gives way.
func TestManySessions(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig()
		first := r.signIn(t, `{"token":"all"}`)
		time.Sleep(time.Second)
		second := r.signIn(t, `{"token":"all"}`)
		for range 255 {
			time.Sleep(time.Second)
			r.signIn(t, `{"token":"all"}`)
		}
		if a, b := r.ask("GET", "/console/session", "", first).Code, r.ask("GET", "/console/session", "", second).Code; a != 401 || b != 200 {
			t.Errorf("the first is answered with %d, the second with %d", a, b)
		}
	})
}

// A code signs in once, and not for long.
func TestCode(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig()
		grant := console.Grant{Who: "bob", Access: func() site.Access { return site.Read }}
		code, ends := r.Code(grant, console.CodeAge)
		if want := time.Now().Add(5 * time.Minute); !ends.Equal(want) {
			t.Errorf("ends %v, want %v", ends, want)
		}
		if link := console.Link("http://127.0.0.1:8787", code); link != "http://127.0.0.1:8787/console/#code="+code || len(code) < 26 {
			t.Errorf("link %s", link)
		}
		r.signIn(t, `{"code":"`+code+`"}`)
		if w := r.ask("POST", "/console/session", `{"code":"`+code+`"}`); w.Code != 401 || !strings.Contains(w.Body.String(), "this link works no more") {
			t.Errorf("again: %d %s", w.Code, w.Body)
		}
		late, _ := r.Code(grant, console.CodeAge)
		time.Sleep(console.CodeAge)
		if w := r.ask("POST", "/console/session", `{"code":"`+late+`"}`); w.Code != 401 {
			t.Errorf("late: %d %s", w.Code, w.Body)
		}
		var all []string
		for range 65 {
			one, _ := r.Code(grant, console.CodeAge)
			all = append(all, one)
			time.Sleep(time.Second)
		}
		if w := r.ask("POST", "/console/session", `{"code":"`+all[0]+`"}`); w.Code != 401 {
			t.Errorf("the first of many: %d", w.Code)
		}
		r.signIn(t, `{"code":"`+all[1]+`"}`)
		r.signIn(t, `{"code":"`+all[64]+`"}`)
	})
}

// What is wrong waits, is logged without what was sent, and holds up nobody who is right.
func TestFailures(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig()
		began := time.Now()
		w := r.ask("POST", "/console/session", `{"token":"guess"}`)
		if w.Code != 401 || time.Since(began) != console.DefaultDelay || w.Header().Get("Set-Cookie") != "" {
			t.Errorf("%d after %v, %v", w.Code, time.Since(began), w.Header())
		}
		if log := r.log.String(); !strings.Contains(log, "somebody has failed to sign in") || strings.Contains(log, "guess") || !strings.Contains(log, "192.0.2.1") {
			t.Errorf("logged %s", log)
		}
		if w := r.ask("POST", "/console/session", `{"token":"send"}`); w.Code != 401 || !strings.Contains(w.Body.String(), "this token sends packages") {
			t.Errorf("a token that sends: %d %s", w.Code, w.Body)
		}
		statuses := make(chan int, 100)
		var guessing sync.WaitGroup
		for range 20 {
			guessing.Go(func() { statuses <- r.ask("POST", "/console/session", `{"token":"guess"}`).Code })
		}
		synctest.Wait()
		if len(statuses) != 12 {
			t.Errorf("%d are refused at once, want 12", len(statuses))
		}
		r.signIn(t, `{"token":"all"}`)
		guessing.Wait()
		count := map[int]int{}
		for range 20 {
			count[<-statuses]++
		}
		if count[401] != 8 || count[429] != 12 {
			t.Errorf("statuses %v", count)
		}
	})
}

func TestWrongRequests(t *testing.T) {
	r := newRig()
	for _, row := range []struct {
		method, path, body string
		status             int
		change             []func(*http.Request)
	}{
		{"POST", "/console/session", `{"token":"all"}`, 415, []func(*http.Request){with("Content-Type", "text/plain")}},
		{"POST", "/console/session", `token=all`, 415, []func(*http.Request){with("Content-Type", "application/x-www-form-urlencoded")}},
		{"POST", "/console/session", `{}`, 400, nil},
		{"POST", "/console/session", `{"token":"all","code":"x"}`, 400, nil},
		{"POST", "/console/session", `{"token":"all","x":1}`, 400, nil},
		{"POST", "/console/session", `{"token":"all"}{}`, 400, nil},
		{"POST", "/console/session", `{"token":"` + strings.Repeat("a", 5000) + `"}`, 400, nil},
		{"PUT", "/console/session", `{"token":"all"}`, 405, nil},
		{"POST", "/console/", `{}`, 405, nil},
		{"GET", "/console/nothing.js", "", 404, nil},
		{"GET", "/console/..%2fdoc.go", "", 404, nil},
		{"GET", "/console/../doc.go", "", 404, nil},
		{"GET", "/console", "", 308, nil},
		{"OPTIONS", "/console/session", "", 204, nil},
	} {
		w := r.ask(row.method, row.path, row.body, row.change...)
		if w.Code != row.status || w.Header().Get("Set-Cookie") != "" {
			t.Errorf("%s %s %.40s: %d %s", row.method, row.path, row.body, w.Code, w.Body)
		}
		if strings.Contains(w.Body.String(), "all") && w.Code == 400 {
			t.Errorf("the answer repeats what was sent: %s", w.Body)
		}
	}
}

// A page of another site, or of another port of this machine, cannot sign in or out, nor ask who is signed in.
func TestForeignPages(t *testing.T) {
	r := newRig()
	session := r.signIn(t, `{"token":"all"}`)
	for name, change := range map[string]func(*http.Request){
		"another site": with("Sec-Fetch-Site", "cross-site"),
		"another port": with("Sec-Fetch-Site", "same-site"),
		"an old browser": func(r *http.Request) {
			r.Header.Del("Sec-Fetch-Site")
			r.Header.Set("Origin", "http://evil.example")
		},
		"no origin": func(r *http.Request) {
			r.Header.Del("Sec-Fetch-Site")
			r.Header.Set("Origin", "null")
		},
	} {
		for _, method := range []string{"GET", "POST", "DELETE", "OPTIONS"} {
			w := r.ask(method, "/console/session", `{"token":"all"}`, session, change)
			if w.Code != 403 || w.Header().Get("Set-Cookie") != "" {
				t.Errorf("%s, %s: %d %s", name, method, w.Code, w.Body)
			}
		}
	}
	if w := r.ask("GET", "/console/session", "", session); w.Code != 200 {
		t.Errorf("afterwards: %d", w.Code)
	}
}

func TestFiles(t *testing.T) {
	r := newRig()
	for _, path := range []string{"/console/", "/console/scripts", "/console/packages/a", "/console/index.html"} {
		w := r.ask("GET", path, "", with("Sec-Fetch-Site", "cross-site")) // a link in a chat
		policy := w.Header().Get("Content-Security-Policy")
		if w.Code != 200 || !strings.Contains(w.Body.String(), "the page") || w.Header().Get("Content-Type") != "text/html; charset=utf-8" {
			t.Errorf("%s: %d %s", path, w.Code, w.Body)
		}
		for _, part := range []string{"default-src 'none'", "script-src 'self';", "style-src 'self';", "frame-ancestors 'none'", "connect-src 'self'", "base-uri 'none'", "form-action 'none'"} {
			if !strings.Contains(policy, part) {
				t.Errorf("%s: the policy lacks %s", path, part)
			}
		}
		if strings.Contains(policy, "unsafe") || w.Header().Get("X-Frame-Options") != "DENY" || w.Header().Get("Cache-Control") != "no-cache" || w.Header().Get("X-Content-Type-Options") != "nosniff" {
			t.Errorf("%s: headers %v", path, w.Header())
		}
	}
	w := r.ask("GET", "/console/app.js", "")
	tag := w.Header().Get("ETag")
	if w.Code != 200 || tag == "" || w.Header().Get("Content-Type") != "text/javascript; charset=utf-8" || w.Header().Get("Cache-Control") != "no-cache" {
		t.Errorf("app.js: %d %v", w.Code, w.Header())
	}
	if again := r.ask("GET", "/console/app.js", "", with("If-None-Match", tag)); again.Code != 304 || again.Body.Len() != 0 {
		t.Errorf("app.js again: %d", again.Code)
	}
	packed := r.ask("GET", "/console/app.js", "", with("Accept-Encoding", "br, gzip;q=0.5"))
	if packed.Header().Get("Content-Encoding") != "gzip" || packed.Header().Get("ETag") == tag {
		t.Fatalf("packed: %v", packed.Header())
	}
	reader, err := gzip.NewReader(packed.Body)
	if err != nil {
		t.Fatal(err)
	}
	if text, err := io.ReadAll(reader); err != nil || !bytes.Equal(text, w.Body.Bytes()) {
		t.Errorf("unpacked: %v, %d bytes", err, len(text))
	}
	for path, accept := range map[string]string{"/console/app.js": "gzip;q=0, br", "/console/app.css": "gzip"} {
		if w := r.ask("GET", path, "", with("Accept-Encoding", accept)); w.Header().Get("Content-Encoding") != "" {
			t.Errorf("%s with %s: %v", path, accept, w.Header())
		}
	}
}
