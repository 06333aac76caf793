package ingest_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/rs/zerolog"

	"trackhook/engine"
	"trackhook/engine/ingest"
)

const event = base + "&event_token=abc123"

func TestMethodsAndPaths(t *testing.T) {
	for _, row := range []struct {
		method, path string
		status       int
		allow, body  string
	}{
		{"PUT", "/event", 405, "GET, POST, OPTIONS", `{"error":"Event request failed (Method not allowed)","detail":"method \"PUT\" is not supported here; use one of GET, POST, OPTIONS"}`},
		{"HEAD", "/event?" + event, 405, "GET, POST, OPTIONS", `{"error":"Event request failed (Method not allowed)","detail":"method \"HEAD\" is not supported here; use one of GET, POST, OPTIONS"}`},
		{"GET", "/gdpr_forget_device?" + base, 405, "POST, OPTIONS", `{"error":"GDPR request failed (Method not allowed)","detail":"method \"GET\" is not supported here; use one of POST, OPTIONS"}`},
		{"GET", "/v1/packages", 405, "POST, OPTIONS", `{"error":"Batch request failed (Method not allowed)","detail":"method \"GET\" is not supported here; use one of POST, OPTIONS"}`},
		{"OPTIONS", "/event", 204, "GET, POST, OPTIONS", ""},
		{"OPTIONS", "/v1/packages", 204, "POST, OPTIONS", ""},
		{"GET", "/events", 404, "", `{"error":"Not found","detail":"there is nothing at \"/events\"; the endpoints are /session, /event, /ad_revenue, /gdpr_forget_device and /v1/packages"}`},
		{"GET", "/event/", 404, "", `{"error":"Not found","detail":"there is nothing at \"/event/\"; the endpoints are /session, /event, /ad_revenue, /gdpr_forget_device and /v1/packages"}`},
	} {
		t.Run(row.method+" "+row.path, func(t *testing.T) {
			h, r := newHandler(t, ingest.Config{})
			w := call(h, row.method, row.path, "")
			want(t, w, row.status, row.body)
			if got := w.Header().Get("Allow"); got != row.allow {
				t.Errorf("Allow %q, want %q", got, row.allow)
			}
			if r.calls != 0 {
				t.Error("something was stored")
			}
			for name := range w.Header() {
				if strings.HasPrefix(name, "Access-Control") {
					t.Errorf("header %s opens the door to browsers", name)
				}
			}
		})
	}
}

func TestContentTypes(t *testing.T) {
	for _, row := range []struct {
		header, value string
		status        int
	}{
		{"Content-Type", form, 200},
		{"Content-Type", "APPLICATION/X-www-form-urlencoded ; charset=utf-8", 200},
		{"Content-Type", "", 200},
		{"Content-Type", "application/json", 415},
		{"Content-Type", "multipart/form-data; boundary=x", 415},
		{"Content-Encoding", "identity", 200},
		{"Content-Encoding", "gzip", 415},
	} {
		h, r := newHandler(t, ingest.Config{})
		w := call(h, http.MethodPost, "/event", event, row.header, row.value)
		if w.Code != row.status || (row.status == 200) != (r.calls == 1) {
			t.Errorf("%s %q: status %d after %d calls, want %d", row.header, row.value, w.Code, r.calls, row.status)
		}
	}
	h, _ := newHandler(t, ingest.Config{})
	want(t, call(h, http.MethodPost, "/event", `{"app_token":""}`, "Content-Type", "application/json"), 415,
		`{"error":"Event request failed (Unsupported media type)","detail":"Content-Type \"application/json\" is not taken here: send application/x-www-form-urlencoded, or JSON lines to /v1/packages"}`)
	want(t, call(h, http.MethodPost, "/event?"+event, "", "Content-Type", "application/json"), 200, ok)
}

func TestTokens(t *testing.T) {
	tokens, err := ingest.ParseTokens("all one:events\n two:sessions,ad_revenue \tthree:gdpr")
	if err != nil {
		t.Fatal(err)
	}
	const (
		noToken  = `{"error":"Event request failed (Failed to authorize request)","detail":"send the header Authorization: Bearer with a token of this host"}`
		badToken = `{"error":"Event request failed (Failed to authorize request)","detail":"the bearer token is not one of this host's"}`
	)
	for _, row := range []struct {
		path, authorization string
		status              int
		challenge, body     string
	}{
		{"/event", "", 401, `Bearer realm="trackhook"`, noToken},
		{"/event", "Basic YWxs", 401, `Bearer realm="trackhook"`, noToken},
		{"/event", "Bearer ", 401, `Bearer realm="trackhook"`, noToken},
		{"/event", "Bearer nope", 401, `Bearer realm="trackhook", error="invalid_token"`, badToken},
		{"/event", "Bearer all:events", 401, `Bearer realm="trackhook", error="invalid_token"`, badToken},
		{"/event", "Bearer all", 200, "", ok},
		{"/event", "bearer  one", 200, "", ok},
		{"/event", "Bearer two", 401, `Bearer realm="trackhook", error="insufficient_scope", scope="events"`, `{"error":"Event request failed (Failed to authorize request)","detail":"the bearer token has the scopes sessions,ad_revenue and this needs events"}`},
		{"/session", "Bearer one", 401, `Bearer realm="trackhook", error="insufficient_scope", scope="sessions"`, `{"error":"Session failed","detail":"the bearer token has the scopes events and this needs sessions"}`},
		{"/session", "Bearer two", 200, "", ok},
		{"/gdpr_forget_device", "Bearer three", 200, "", ok},
		{"/gdpr_forget_device", "Bearer all", 200, "", ok},
	} {
		h, r := newHandler(t, ingest.Config{Tokens: tokens})
		w := call(h, http.MethodPost, row.path, event, "Authorization", row.authorization)
		want(t, w, row.status, row.body)
		if got := w.Header().Get("WWW-Authenticate"); got != row.challenge {
			t.Errorf("%s as %q: challenge %q, want %q", row.path, row.authorization, got, row.challenge)
		}
		if (row.status == 200) != (r.calls == 1) {
			t.Errorf("%s as %q: %d calls", row.path, row.authorization, r.calls)
		}
	}
	for secret, unscoped := range map[string]bool{"all": true, "one": false, "": false, "nope": false} {
		r := httptest.NewRequest(http.MethodGet, "/", http.NoBody)
		r.Header.Set("Authorization", "Bearer "+secret)
		if tokens.Unscoped(r) != unscoped {
			t.Errorf("token %q works everywhere: %t", secret, !unscoped)
		}
	}
}

func TestParseTokens(t *testing.T) {
	for text, message := range map[string]string{
		"":                     "",
		" a b:gdpr\n":          "",
		"s3cret:evnts":         "token 1: what follows its last colon must be a list of events, sessions, ad_revenue, gdpr",
		"a s3cret:":            "token 2: what follows its last colon must be a list of events, sessions, ad_revenue, gdpr",
		":events":              "token 1: the token is empty",
		"s3crét":               "token 1: the token must be visible ASCII characters without commas; separate tokens by spaces",
		"s3cret s3cret:events": "token 2 is the same as token 1; give each its scopes once",
	} {
		_, err := ingest.ParseTokens(text)
		if got := fmt.Sprint(err); message != "" && got != message || message == "" && err != nil {
			t.Errorf("%q: error %v, want %q", text, err, message)
		}
		if err != nil && strings.Contains(err.Error(), "s3cr") {
			t.Errorf("the error repeats the secret: %v", err)
		}
	}
}

func TestRequireTokens(t *testing.T) {
	tokens, err := ingest.ParseTokens("secret")
	if err != nil {
		t.Fatal(err)
	}
	for addr, fine := range map[string]bool{
		"127.0.0.1:8787": true, "127.9.9.9:1": true, "[::1]:8787": true, "localhost:0": true, "[::ffff:127.0.0.1]:1": true,
		":8787": false, "0.0.0.0:8787": false, "[::]:8787": false, "192.0.2.1:1": false, "example.com:1": false, "localhost.example.com:1": false,
	} {
		if err := ingest.RequireTokens(addr, nil); (err == nil) != fine {
			t.Errorf("%s without tokens: %v", addr, err)
		}
		if err := ingest.RequireTokens(addr, tokens); err != nil {
			t.Errorf("%s with tokens: %v", addr, err)
		}
	}
	if err := ingest.RequireTokens("8787", tokens); err == nil {
		t.Error("an address without a port must be an error")
	}
}

func TestOtherSites(t *testing.T) {
	tokens, err := ingest.ParseTokens("secret")
	if err != nil {
		t.Fatal(err)
	}
	const refused = `{"error":"Event request failed (Cross-site request)","detail":"a host without tokens takes no requests that a browser sends for another site; configure tokens, or send from a server"}`
	for _, row := range []struct {
		name, value string
		status      int
		body        string
	}{
		{"Sec-Fetch-Site", "cross-site", 403, refused},
		{"Sec-Fetch-Site", "same-site", 403, refused},
		{"Sec-Fetch-Site", "same-origin", 200, ok},
		{"Sec-Fetch-Site", "none", 200, ok},
		{"Origin", "https://evil.example", 403, refused},
		{"Origin", "null", 403, refused},
		{"Origin", "http://example.com", 200, ok}, // the Host of these requests
	} {
		h, _ := newHandler(t, ingest.Config{})
		want(t, call(h, http.MethodGet, "/event?"+event, "", row.name, row.value), row.status, row.body)
		h, _ = newHandler(t, ingest.Config{Tokens: tokens})
		want(t, call(h, http.MethodGet, "/event?"+event, "", row.name, row.value, "Authorization", "Bearer secret"), 200, ok)
	}
}

func TestStoreFails(t *testing.T) {
	for _, row := range []struct {
		err           error
		retry, detail string
	}{
		{fmt.Errorf("track: %w", engine.ErrFull), "30", "the queue is over its high-water mark and nothing was stored; send it again after the time in Retry-After"},
		{fmt.Errorf("track: engine %w", engine.ErrClosed), "5", "this host is shutting down and nothing was stored; send it again after the time in Retry-After"},
		{errors.New("write /secret/path: input/output error"), "5", "the package could not be stored; send it again after the time in Retry-After"},
	} {
		h, r := newHandler(t, ingest.Config{})
		r.err = row.err
		w := call(h, http.MethodPost, "/event", event)
		want(t, w, 503, `{"error":"Event request failed (Service unavailable)","detail":`+quoted(row.detail)+`}`)
		if got := w.Header().Get("Retry-After"); got != row.retry {
			t.Errorf("Retry-After %q, want %q", got, row.retry)
		}
		w = call(h, http.MethodPost, "/v1/packages", `{"kind":"session","app_token":"`+token+`","environment":"sandbox","device":"adid=x"}`)
		want(t, w, 503, `{"error":"Batch request failed (Service unavailable)","detail":`+quoted(row.detail)+`}`)
	}
}

func TestEngineRefusesLate(t *testing.T) {
	h, r := newHandler(t, ingest.Config{})
	r.err = &engine.RefusedError{Message: "Invalid revenue", Field: "revenue", Detail: "no"}
	want(t, call(h, http.MethodPost, "/event", event), 400, `{"error":"Event request failed (Invalid revenue)","detail":"no"}`)
}

func TestFailuresAreLoggedOnceInAWhile(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var lines bytes.Buffer
		r := &recorder{err: engine.ErrFull}
		h, _ := newHandler(t, ingest.Config{Tracker: r, Log: zerolog.New(&lines).Level(zerolog.InfoLevel)})
		for range 50 {
			call(h, http.MethodPost, "/event", event)
		}
		<-time.After(11 * time.Second)
		call(h, http.MethodPost, "/event", event)
		const line = `{"level":"error","error":"over the high-water mark","unlogged":%d,"message":"cannot take packages in; senders are told to try again"}` + "\n"
		if got, want := lines.String(), fmt.Sprintf(line, 0)+fmt.Sprintf(line, 49); got != want {
			t.Errorf("logged\n%swant\n%s", got, want)
		}
	})
}

func TestPanic(t *testing.T) {
	var lines bytes.Buffer
	r := &recorder{panics: "boom"}
	h, _ := newHandler(t, ingest.Config{Tracker: r, Log: zerolog.New(&lines)})
	want(t, call(h, http.MethodPost, "/event", event), 500, `{"error":"Event request failed (Internal error)","detail":"this is a bug of trackhook; its log has the details; the package may be stored: send it again with the same Idempotency-Key"}`)
	if !strings.Contains(lines.String(), `"panic":"boom"`) {
		t.Errorf("logged %s", &lines)
	}
	r.panics = http.ErrAbortHandler
	defer func() {
		if p := recover(); p != http.ErrAbortHandler {
			t.Errorf("recovered %v", p)
		}
	}()
	call(h, http.MethodPost, "/event", event)
}

func TestSecretsStayOutOfTheLog(t *testing.T) {
	var lines bytes.Buffer
	tokens, err := ingest.ParseTokens("s3cret:gdpr")
	if err != nil {
		t.Fatal(err)
	}
	h, _ := newHandler(t, ingest.Config{Tokens: tokens, Log: zerolog.New(&lines)})
	for _, secret := range []string{"s3cret", "s3cretother"} {
		if w := call(h, http.MethodPost, "/event", event, "Authorization", "Bearer "+secret); strings.Contains(w.Body.String(), "s3cr") {
			t.Errorf("answered %s", w.Body)
		}
	}
	if strings.Contains(lines.String(), "s3cr") || !strings.Contains(lines.String(), `"status":401`) {
		t.Errorf("logged %s", &lines)
	}
}

// A chunked body has no declared length; its limit holds all the same.
func TestChunkedBody(t *testing.T) {
	h, r := newHandler(t, ingest.Config{MaxBody: 1000})
	server := httptest.NewServer(h)
	defer server.Close()
	post := func(body string) (int, string) {
		t.Helper()
		answer, err := server.Client().Post(server.URL+"/event", form, io.MultiReader(strings.NewReader(body)))
		if err != nil {
			t.Fatal(err)
		}
		defer answer.Body.Close()
		text, _ := io.ReadAll(answer.Body)
		return answer.StatusCode, string(text)
	}
	if status, body := post(event); status != 200 {
		t.Errorf("answer %d %s", status, body)
	}
	if status, body := post(event + "&x=" + strings.Repeat("x", 1000)); status != 413 || body != `{"error":"Event request failed (Request size too large)","detail":"the body has more than 1000 bytes"}` {
		t.Errorf("answer %d %s", status, body)
	}
	if len(r.packages) != 1 {
		t.Errorf("%d packages", len(r.packages))
	}
}

// A body that never comes is given up, and gives its memory back.
func TestSlowBody(t *testing.T) {
	h, r := newHandler(t, ingest.Config{BodyTimeout: 50 * time.Millisecond, MaxBody: 1000, MaxBatch: 1000, MaxMemory: 1000})
	server := httptest.NewUnstartedServer(nil)
	server.Config = ingest.NewServer(h, zerolog.Nop())
	server.Start()
	defer server.Close()
	conn, err := net.Dial("tcp", server.Listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	fmt.Fprintf(conn, "POST /event HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\nabc")
	text, _ := io.ReadAll(conn)
	if !strings.HasPrefix(string(text), "HTTP/1.1 408 ") || !strings.Contains(string(text), "Event request failed (Request timeout)") {
		t.Errorf("answer %s", text)
	}
	answer, err := server.Client().Post(server.URL+"/event", form, strings.NewReader(event))
	if err != nil {
		t.Fatal(err)
	}
	answer.Body.Close()
	if answer.StatusCode != 200 || len(r.packages) != 1 {
		t.Errorf("status %d, %d packages", answer.StatusCode, len(r.packages))
	}
}

func TestMemoryIsBounded(t *testing.T) {
	h, _ := newHandler(t, ingest.Config{MaxBody: 1000, MaxBatch: 1000, MaxMemory: 1500})
	held := make(chan struct{})
	release, hold := io.Pipe()
	go func() {
		defer close(held)
		r := httptest.NewRequest(http.MethodPost, "/event", release)
		r.ContentLength = 1000
		h.ServeHTTP(httptest.NewRecorder(), r)
	}()
	_, _ = hold.Write([]byte("a")) // returns when the handler reads
	w := call(h, http.MethodPost, "/event", event+"&x="+strings.Repeat("x", 600))
	want(t, w, 503, `{"error":"Event request failed (Service unavailable)","detail":"too many large requests at once and nothing was stored; send it again after the time in Retry-After"}`)
	if w.Header().Get("Retry-After") != "1" {
		t.Errorf("headers %v", w.Header())
	}
	want(t, call(h, http.MethodPost, "/event", event), 200, ok)
	hold.Close()
	<-held
	want(t, call(h, http.MethodPost, "/event", event+"&x="+strings.Repeat("x", 600)), 200, ok)
}

// A body that is shorter than declared stores nothing, also when its parameters happen to be whole.
func TestShortBody(t *testing.T) {
	h, r := newHandler(t, ingest.Config{})
	request := httptest.NewRequest(http.MethodPost, "/event", io.MultiReader(strings.NewReader(event), broken{}))
	request.ContentLength = 500
	w := httptest.NewRecorder()
	h.ServeHTTP(w, request)
	want(t, w, 400, `{"error":"Event request failed (Invalid body)","detail":"the body ended early"}`)
	if r.calls != 0 {
		t.Error("something was stored")
	}
}

type broken struct{}

func (broken) Read([]byte) (int, error) { return 0, io.ErrUnexpectedEOF }

// asker tells whether the context of a call has ended.
type asker struct{ err error }

func (a *asker) Track(ctx context.Context, _ ...engine.Package) error {
	a.err = ctx.Err()
	return nil
}

func TestSenderThatDoesNotWait(t *testing.T) {
	tracker := &asker{err: errors.New("not called")}
	h, _ := newHandler(t, ingest.Config{Tracker: tracker})
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	h.ServeHTTP(httptest.NewRecorder(), httptest.NewRequestWithContext(ctx, http.MethodGet, "/event?"+event, http.NoBody))
	if tracker.err != nil {
		t.Error(tracker.err)
	}
}

func TestForwardedIPv6(t *testing.T) {
	h, r := newHandler(t, ingest.Config{})
	want(t, call(h, http.MethodPost, "/session", base, "X-Adjust-Forwarded-For", "2001:db8::1"), 400,
		`{"error":"Session request failed (Invalid IP address)","detail":"ip_address \"2001:db8::1\" must be an IPv4 address, such as 192.0.2.1; the server takes no IPv6"}`)
	if r.calls != 0 {
		t.Error("something was stored")
	}
}

func TestNewRefuses(t *testing.T) {
	for name, cfg := range map[string]ingest.Config{
		"no tracker": {},
		"negative":   {Tracker: &recorder{}, MaxLines: -1},
		"bad app":    {Tracker: &recorder{}, Apps: []engine.App{{Token: "short", Environment: engine.Sandbox}}},
	} {
		if _, err := ingest.New(cfg); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
}

func TestBadIdempotencyKey(t *testing.T) {
	h, r := newHandler(t, ingest.Config{})
	long := strings.Repeat("k", 256)
	want(t, call(h, http.MethodPost, "/event", event, "Idempotency-Key", long), 400,
		`{"error":"Event request failed (Invalid idempotency key)","detail":"the idempotency key \"`+long[:80]+`...\" must be at most 255 printable ASCII characters"}`)
	if r.calls != 0 {
		t.Error("something was stored")
	}
}
