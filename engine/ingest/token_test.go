package ingest_test

import (
	"bytes"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"github.com/rs/zerolog"

	"trackhook/engine/ingest"
	"trackhook/engine/site"
)

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
	for secret, access := range map[string]site.Access{"all": site.All, "one": 0, "": 0, "nope": 0} {
		if got := accessOf(tokens, secret); got != access {
			t.Errorf("token %q: %q", secret, got)
		}
	}
}

// accessOf is what a token may do as an operator.
func accessOf(tokens ingest.Tokens, secret string) site.Access {
	r := httptest.NewRequest(http.MethodGet, "/", http.NoBody)
	r.Header.Set("Authorization", "Bearer "+secret)
	token, _, _ := tokens.Bearer(r)
	return tokens.Access(token)
}

// Scopes of operators send nothing; whoever may operate or write scripts may read; a token that was taken back may nothing.
func TestOperatorScopes(t *testing.T) {
	tokens, err := ingest.ParseTokens("all see:read run:operate write:scripts both:operate,scripts mixed:read,events")
	if err != nil {
		t.Fatal(err)
	}
	for secret, want := range map[string]site.Access{
		"all": site.All, "see": site.Read, "run": site.Read | site.Operate, "write": site.Read | site.Scripts, "both": site.All, "mixed": site.Read,
	} {
		if got := accessOf(tokens, secret); got != want {
			t.Errorf("%s: %q, want %q", secret, got, want)
		}
		h, _ := newHandler(t, ingest.Config{Tokens: tokens})
		sends := call(h, http.MethodPost, "/event", event, "Authorization", "Bearer "+secret).Code == http.StatusOK
		if sends != (secret == "all" || secret == "mixed") {
			t.Errorf("%s sends: %t", secret, sends)
		}
	}
	token, ok := tokens.Find("all")
	if !ok || tokens[1:].Access(token) != 0 {
		t.Errorf("a token that was taken back may %q", tokens[1:].Access(token))
	}
}

// A token for the metrics sends nothing, and reads nothing else.
func TestMetricsScope(t *testing.T) {
	tokens, err := ingest.ParseTokens("all scrape:metrics both:metrics,events send:events")
	if err != nil {
		t.Fatal(err)
	}
	for secret, may := range map[string]struct{ read, send, operate bool }{
		"all": {true, true, true}, "scrape": {true, false, false}, "both": {true, true, false}, "send": {false, true, false}, "nope": {}, "": {},
	} {
		r := httptest.NewRequest(http.MethodGet, "/metrics", http.NoBody)
		r.Header.Set("Authorization", "Bearer "+secret)
		if read, operate := tokens.Allow(r, ingest.Metrics), accessOf(tokens, secret) == site.All; read != may.read || operate != may.operate {
			t.Errorf("%q: reads the metrics %t, operates %t, want %+v", secret, read, operate, may)
		}
		h, _ := newHandler(t, ingest.Config{Tokens: tokens})
		if send := call(h, http.MethodPost, "/event", event, "Authorization", "Bearer "+secret).Code == http.StatusOK; send != may.send {
			t.Errorf("%q: sends %t, want %+v", secret, send, may)
		}
	}
}

func TestParseTokens(t *testing.T) {
	for text, message := range map[string]string{
		"":                       "",
		" a b:gdpr\n":            "",
		"s3cret:evnts":           "token 1: what follows its last colon must be a list of events, sessions, ad_revenue, gdpr, metrics, read, operate, scripts, name=NAME",
		"a s3cret:":              "token 2: what follows its last colon must be a list of events, sessions, ad_revenue, gdpr, metrics, read, operate, scripts, name=NAME",
		"a:name=me s3cret:name=": "token 2: name= must be followed by one name of at most 64 letters, digits and any of . _ - @",
		"a:name=s3cr{t}":         "token 1: name= must be followed by one name of at most 64 letters, digits and any of . _ - @",
		"a:name=b,name=c":        "token 1: name= must be followed by one name of at most 64 letters, digits and any of . _ - @",
		":events":                "token 1: the token is empty",
		"s3crét":                 "token 1: the token must be visible ASCII characters without commas; separate tokens by spaces",
		"s3cret s3cret:events":   "token 2 is the same as token 1; give each its scopes once",
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

// A token may have a name, which is no part of it.
func TestNamesOfTokens(t *testing.T) {
	tokens, err := ingest.ParseTokens("one:name=alice two:read,name=bob@ci.example-1 three")
	if err != nil {
		t.Fatal(err)
	}
	for secret, want := range map[string]string{"one": "alice " + site.All.String(), "two": "bob@ci.example-1 read", "three": " " + site.All.String()} {
		token, ok := tokens.Find(secret)
		if got := token.Name() + " " + tokens.Access(token).String(); !ok || got != want {
			t.Errorf("%s is %q, want %q", secret, got, want)
		}
	}
	if _, ok := tokens.Find("one:name=alice"); ok {
		t.Error("the name is taken for a part of the secret")
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
	const refused = `{"error":"Event request failed (Cross-site request)","detail":"a browser sent this for a page of another site, and this host takes packages of servers and applications, and on the paths of the Web SDK those of pages whose origin is allowed (api.allow_origins)"}`
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
		want(t, call(h, http.MethodGet, "/event?"+event, "", row.name, row.value, "Authorization", "Bearer secret"), row.status, row.body)
	}
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

// A token is replaced by adding the new one, then taking the old one out; requests may come all the while.
func TestSetTokens(t *testing.T) {
	parse := func(text string) ingest.Tokens {
		tokens, err := ingest.ParseTokens(text)
		if err != nil {
			t.Fatal(err)
		}
		return tokens
	}
	h, _ := newHandler(t, ingest.Config{Tokens: parse("first")})
	status := func(secret string) int {
		return call(h, http.MethodPost, "/event", event, "Authorization", "Bearer "+secret).Code
	}
	for _, row := range []struct {
		tokens        string
		first, second int
	}{
		{"first", 200, 401}, {"first second", 200, 200}, {"second", 401, 200}, {"first:events second:sessions", 200, 401}, {"", 200, 200},
	} {
		h.SetTokens(parse(row.tokens))
		if first, second := status("first"), status("second"); first != row.first || second != row.second {
			t.Errorf("with %q: first %d, second %d", row.tokens, first, second)
		}
	}
	var asking sync.WaitGroup
	for range 4 {
		asking.Go(func() {
			for range 50 {
				if got := status("first"); got != 200 {
					t.Errorf("a token that holds all the while: %d", got)
				}
			}
		})
	}
	for range 50 {
		h.SetTokens(parse("first"))
		h.SetTokens(parse("second first"))
	}
	asking.Wait()
}
