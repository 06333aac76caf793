package ingest_test

import (
	"bytes"
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/rs/zerolog"

	"trackhook/engine"
	"trackhook/engine/ingest"
)

const (
	game = "https://game.example"
	// webBase are the parameters that the Web SDK sends with everything.
	webBase = "app_token=" + token + "&environment=sandbox&created_at=2026-11-30T08%3A00%3A00.123Z%2B0100&sent_at=x&queue_size=1&attempts=1" +
		"&web_uuid=" + device
)

func newPages(t *testing.T, origins, proxies string, rate int) *ingest.Pages {
	t.Helper()
	pages, err := ingest.NewPages(strings.Fields(origins), strings.Fields(proxies), rate)
	if err != nil {
		t.Fatal(err)
	}
	return pages
}

// fromPage is one request as a browser sends it for a page.
func fromPage(h http.Handler, method, target, body string, headers ...string) *httptest.ResponseRecorder {
	return call(h, method, target, body, append([]string{
		"Origin", game, "Sec-Fetch-Site", "cross-site", "Content-Type", form, "Client-SDK", "js5.8.3", "User-Agent", "Mozilla/5.0",
	}, headers...)...)
}

func TestPagesMaySend(t *testing.T) {
	secret, err := ingest.NewToken("secret", 0)
	if err != nil {
		t.Fatal(err)
	}
	for _, row := range []struct {
		name, origins, origin, method, path, body string
		status                                    int
		allowed                                   bool
	}{
		{"session", game, game, "POST", "/session", webBase, 200, true},
		{"event", game, game, "POST", "/event", webBase + "&event_token=abc123", 200, true},
		{"event in a query", game, game, "GET", "/event?" + webBase + "&event_token=abc123", "", 200, true},
		{"erasure", game, game, "POST", "/gdpr_forget_device", webBase, 200, true},
		{"sharing", game, game, "POST", "/third_party_sharing", webBase + "&sharing=disable", 200, true},
		{"refused", game, game, "POST", "/event", webBase, 400, true},
		{"nothing there", game, game, "POST", "/sdk_click", webBase, 404, true},
		{"wrong method", game, game, "PUT", "/session", webBase, 405, true},
		{"written otherwise", "HTTPS://Game.Example:443", game, "POST", "/session", webBase, 200, true},
		{"a port of its own", game + ":8443", game, "POST", "/session", webBase, 403, false},
		{"another scheme", "http://game.example", game, "POST", "/session", webBase, 403, false},
		{"all", "*", game, "POST", "/session", webBase, 200, true},
		{"all, from a file", "*", "null", "POST", "/session", webBase, 200, true},
		{"from a file", game, "null", "POST", "/session", webBase, 403, false},
		{"another page", game, "https://evil.example", "POST", "/session", webBase, 403, false},
		{"ad revenue", game, game, "POST", "/ad_revenue", webBase, 403, false},
		{"a batch", game, game, "POST", "/v1/packages", "", 403, false},
		{"no origins", "", game, "POST", "/session", webBase, 403, false},
	} {
		t.Run(row.name, func(t *testing.T) {
			h, r := newHandler(t, ingest.Config{Tokens: ingest.Tokens{secret}, Pages: newPages(t, row.origins, "", 0)})
			w := fromPage(h, row.method, row.path, row.body, "Origin", row.origin)
			if w.Code != row.status || (row.status == 200) != (r.calls == 1) {
				t.Errorf("answer %d %s after %d calls, want %d", w.Code, w.Body, r.calls, row.status)
			}
			origin := w.Header().Get("Access-Control-Allow-Origin")
			if row.allowed && (origin != row.origin || w.Header().Get("Vary") != "Origin") || !row.allowed && origin != "" {
				t.Errorf("Access-Control-Allow-Origin %q, Vary %q", origin, w.Header().Get("Vary"))
			}
			// The browser asks before it sends what pages could not always send.
			asked := call(h, http.MethodOptions, row.path, "", "Origin", row.origin, "Access-Control-Request-Method", "POST",
				"Access-Control-Request-Headers", "client-sdk,content-type")
			methods, headers := asked.Header().Get("Access-Control-Allow-Methods"), asked.Header().Get("Access-Control-Allow-Headers")
			if row.allowed && (asked.Code != 204 || methods != "GET, POST" || headers != "Client-SDK, Content-Type, Idempotency-Key") ||
				!row.allowed && methods+headers+asked.Header().Get("Access-Control-Allow-Origin") != "" {
				t.Errorf("asked, it is answered with %d, methods %q, headers %q", asked.Code, methods, headers)
			}
		})
	}
}

// A page and this host may share an origin, behind a proxy. Browsers do not name it when they only read.
func TestPageOfTheSameOrigin(t *testing.T) {
	secret, err := ingest.NewToken("secret", 0)
	if err != nil {
		t.Fatal(err)
	}
	h, _ := newHandler(t, ingest.Config{Tokens: ingest.Tokens{secret}, Pages: newPages(t, game, "", 0)})
	for site, status := range map[string]int{"same-origin": 200, "none": 401, "": 401, "cross-site": 403} {
		w := call(h, http.MethodGet, "http://game.example/event?"+webBase+"&event_token=abc123", "", "Sec-Fetch-Site", site)
		if w.Code != status {
			t.Errorf("Sec-Fetch-Site %q: answer %d %s, want %d", site, w.Code, w.Body, status)
		}
	}
}

// What may be sent again is no JSON, because the Web SDK takes any JSON for the end.
func TestPagesAreToldToComeAgain(t *testing.T) {
	h, r := newHandler(t, ingest.Config{Pages: newPages(t, game, "", 0)})
	r.err = engine.ErrFull
	w := fromPage(h, http.MethodPost, "/session", webBase)
	if w.Code != 503 || w.Header().Get("Retry-After") != "30" || w.Header().Get("Access-Control-Allow-Origin") != game ||
		w.Header().Get("Content-Type") != "text/plain; charset=utf-8" ||
		w.Body.String() != "Session request failed (Service unavailable): the queue is over its high-water mark and nothing was stored; send it again after the time in Retry-After" {
		t.Errorf("full: %d %s %v", w.Code, w.Body, w.Header())
	}
	r.err, r.panics = nil, "oops"
	if w := fromPage(h, http.MethodPost, "/session", webBase); w.Code != 500 || strings.HasPrefix(w.Body.String(), "{") {
		t.Errorf("panic: %d %s", w.Code, w.Body)
	}
}

func TestPagesAreHeldToARate(t *testing.T) {
	const address = "203.0.113.7:1111"
	var log bytes.Buffer
	h, _ := newHandler(t, ingest.Config{Pages: newPages(t, game, "", 3), Log: zerolog.New(&log).Level(zerolog.WarnLevel)})
	send := func(from string) *httptest.ResponseRecorder {
		r := httptest.NewRequest(http.MethodPost, "/session", strings.NewReader(webBase))
		r.Header.Set("Origin", game)
		r.RemoteAddr = from
		w := httptest.NewRecorder()
		h.ServeHTTP(w, r)
		return w
	}
	for n, row := range []struct {
		from   string
		status int
	}{
		{address, 200},
		{"203.0.113.7:2222", 200},
		{address, 200},
		{"203.0.113.7:3333", 429},
		{"203.0.113.8:1111", 200},
		{"[2001:db8::1]:1", 200},
		{"[2001:db8::2]:1", 200},
		{"[2001:db8::3]:1", 200},
		{"[2001:db8::4]:1", 429},
		{"[2001:db8:0:1::4]:1", 200},
		{"[::ffff:203.0.113.8]:1", 200},
		{"nobody knows", 200},
	} {
		w := send(row.from)
		if w.Code != row.status {
			t.Errorf("request %d from %s: %d %s, want %d", n, row.from, w.Code, w.Body, row.status)
		}
		if row.status == 429 && (w.Header().Get("Retry-After") == "" || strings.HasPrefix(w.Body.String(), "{")) {
			t.Errorf("request %d: %v %s", n, w.Header(), w.Body)
		}
	}
	if said := log.String(); strings.Count(said, "\n") != 1 || !strings.Contains(said, `"address":"203.0.113.7/32"`) {
		t.Errorf("the log says %s", said)
	}
	// Others are not held up: they need a token.
	for range 10 {
		want(t, call(h, http.MethodPost, "/session", base), 200, ok)
	}
	h.SetPages(nil)
	if w := send("203.0.113.9:1"); w.Code != 403 {
		t.Errorf("without pages: %d", w.Code)
	}
}

// Pages do not speak for others, and what they say of their address counts for nothing.
func TestWhatPagesSay(t *testing.T) {
	for _, row := range []struct {
		name, more, from, forwarded, address string
		status                               int
	}{
		{"as the SDK does", "&external_device_id=ada", "203.0.113.7:1", "", "203.0.113.7", 200},
		{"another address", "&ip_address=198.51.100.1", "203.0.113.7:1", "", "203.0.113.7", 200},
		{"a header of S2S senders", "", "203.0.113.7:1", "", "203.0.113.7", 200},
		{"a phone", "&gps_adid=" + device, "203.0.113.7:1", "", "", 400},
		{"an adid", "&adid=" + device, "203.0.113.7:1", "", "", 400},
		{"of this network", "", "192.168.1.7:1", "", "", 200},
		{"of a provider", "", "100.64.1.7:1", "", "", 200},
		{"IPv6", "", "[2001:db8::1]:1", "", "", 200},
		{"not believed", "", "203.0.113.7:1", "198.51.100.1", "203.0.113.7", 200},
		{"a proxy", "", "10.0.0.7:1", "198.51.100.1", "198.51.100.1", 200},
		{"two proxies", "", "10.0.0.7:1", "198.51.100.1, 10.1.2.3", "198.51.100.1", 200},
		{"made up before them", "", "10.0.0.7:1", "192.0.2.66, 198.51.100.1 , 10.1.2.3", "198.51.100.1", 200},
		{"with a port", "", "10.0.0.7:1", "198.51.100.1:4711", "198.51.100.1", 200},
		{"IPv6 form", "", "[::ffff:10.0.0.7]:1", "[::ffff:198.51.100.1]", "198.51.100.1", 200},
		{"hidden", "", "10.0.0.7:1", "198.51.100.1, unknown", "", 200},
		{"said nothing", "", "10.0.0.7:1", "", "", 200},
	} {
		t.Run(row.name, func(t *testing.T) {
			h, recorded := newHandler(t, ingest.Config{Pages: newPages(t, game, "10.0.0.0/8", 0)})
			r := httptest.NewRequest(http.MethodPost, "/session", strings.NewReader(webBase+row.more))
			r.RemoteAddr = row.from
			for name, value := range map[string]string{
				"Origin": game, "User-Agent": "Mozilla/5.0", "X-Adjust-Forwarded-For": "192.0.2.99", "X-Forwarded-For": row.forwarded,
			} {
				r.Header.Set(name, value)
			}
			w := httptest.NewRecorder()
			h.ServeHTTP(w, r)
			if w.Code != row.status {
				t.Fatalf("answer %d %s, want %d", w.Code, w.Body, row.status)
			}
			if row.status != 200 {
				return
			}
			p := recorded.one(t)
			if p.Params["ip_address"] != row.address || p.Params["user_agent"] != "Mozilla/5.0" || p.Device != "web_uuid="+device {
				t.Errorf("device %s, ip_address %q, user_agent %q; want the address %q", p.Device, p.Params["ip_address"], p.Params["user_agent"], row.address)
			}
		})
	}
	h, _ := newHandler(t, ingest.Config{Pages: newPages(t, game, "", 0)})
	want(t, fromPage(h, http.MethodPost, "/session", base), 400,
		`{"error":"Session request failed (Invalid device identifier)","detail":"a page may not speak for other devices: leave out gps_adid, and send web_uuid"}`)
	want(t, fromPage(h, http.MethodPost, "/session", "app_token="+token+"&environment=sandbox&external_device_id=a"), 400,
		`{"error":"Session request failed (Missing device identifier)","detail":"a page must send web_uuid, which Adjust's Web SDK makes and keeps for each browser"}`)
}

// A page asks where its user came from, when the answer to its session says so.
func TestAttribution(t *testing.T) {
	var asked engine.Package
	known, failure := ingest.Attribution{}, error(nil)
	h, r := newHandler(t, ingest.Config{
		Pages: newPages(t, game, "", 0),
		Attribution: func(_ context.Context, p *engine.Package) (ingest.Attribution, error) {
			asked = *p
			return known, failure
		},
	})
	want(t, fromPage(h, http.MethodPost, "/session", webBase), 200, `{"status":"OK","ask_in":2000}`)
	want(t, call(h, http.MethodPost, "/session", base), 200, ok)
	want(t, fromPage(h, http.MethodPost, "/event", webBase+"&event_token=abc123"), 200, ok)
	r.packages = nil

	target := "/attribution?" + webBase + "&initiated_by=sdk"
	json := []string{"Content-Type", "application/json"} // as the SDK says, of no body
	want(t, fromPage(h, http.MethodGet, target, "", json...), 200, `{}`)
	if asked.Device != "web_uuid="+device || asked.App.Token != token || asked.Params["initiated_by"] != "sdk" || len(r.packages) > 0 {
		t.Errorf("asked about %+v, stored %d", asked, len(r.packages))
	}
	known = ingest.Attribution{ADID: "a1", Message: "m", Timestamp: "t", TrackingState: "opted_out", Attribution: []byte(`{"network":"N"}`), AskIn: 1500 * time.Millisecond}
	want(t, fromPage(h, http.MethodGet, target, "", json...), 200,
		`{"adid":"a1","message":"m","timestamp":"t","tracking_state":"opted_out","attribution":{"network":"N"},"ask_in":1500}`)
	want(t, call(h, http.MethodGet, "/attribution?"+base, ""), 200,
		`{"adid":"a1","message":"m","timestamp":"t","tracking_state":"opted_out","attribution":{"network":"N"},"ask_in":1500}`)
	failure = errors.New("no")
	if w := fromPage(h, http.MethodGet, target, ""); w.Code != 503 || w.Header().Get("Retry-After") == "" || strings.HasPrefix(w.Body.String(), "{") {
		t.Errorf("failing: %d %s", w.Code, w.Body)
	}
	want(t, fromPage(h, http.MethodGet, "/attribution?"+base, ""), 400,
		`{"error":"Attribution request failed (Invalid device identifier)","detail":"a page may not speak for other devices: leave out gps_adid, and send web_uuid"}`)
	want(t, fromPage(h, http.MethodPost, "/attribution", webBase), 405,
		`{"error":"Attribution request failed (Method not allowed)","detail":"method \"POST\" is not supported here; use one of GET, OPTIONS"}`)

	scoped, err := ingest.NewToken("secret", ingest.Events)
	if err != nil {
		t.Fatal(err)
	}
	h.SetTokens(ingest.Tokens{scoped})
	if w := call(h, http.MethodGet, "/attribution?"+base, "", "Authorization", "Bearer secret"); w.Code != 401 {
		t.Errorf("without the scope: %d %s", w.Code, w.Body)
	}
	nobody, _ := newHandler(t, ingest.Config{Pages: newPages(t, game, "", 0)})
	if w := fromPage(nobody, http.MethodGet, target, ""); w.Code != 404 {
		t.Errorf("where nobody knows: %d %s", w.Code, w.Body)
	}
	want(t, fromPage(nobody, http.MethodPost, "/session", webBase), 200, ok)
}

// The Web SDK sends a package again when the answer got lost, and says a few things otherwise then.
func TestPagesRepeat(t *testing.T) {
	for _, row := range []struct {
		name, first, second string
		same                bool
	}{
		{"another attempt", webBase + "&event_token=abc123&event_count=1", "attempts=2&sent_at=y&queue_size=3&event_token=abc123&event_count=1", true},
		{"another event", webBase + "&event_token=abc123&event_count=1", "attempts=1&sent_at=x&queue_size=1&event_token=abc123&event_count=2", false},
		{"with an id", webBase + "&event_token=abc123&event_count=1&deduplication_id=7", "attempts=2&sent_at=y&event_token=abc123&event_count=1&deduplication_id=7", true},
	} {
		known := map[string]engine.Package{}
		h, r := newHandler(t, ingest.Config{
			Pages: newPages(t, game, "", 0),
			Lookup: func(_ context.Context, id string) (engine.PackageState, error) {
				if p, found := known[id]; found {
					return engine.PackageState{Package: p}, nil
				}
				return engine.PackageState{}, engine.ErrNotFound
			},
		})
		want(t, fromPage(h, http.MethodPost, "/event", row.first), 200, ok)
		known[r.packages[0].ID] = r.packages[0]
		second := strings.Replace(webBase, "&sent_at=x&queue_size=1&attempts=1", "&"+row.second, 1)
		w := fromPage(h, http.MethodPost, "/event", second, "User-Agent", "Mozilla/6.0")
		want(t, w, 200, ok)
		if same := r.packages[0].ID == r.packages[1].ID; same != row.same || (w.Header().Get("Idempotency-Replayed") == "true") != row.same {
			t.Errorf("%s: the same is %v, want %v", row.name, same, row.same)
		}
	}
}

// A page speaks for its own browser only, whatever it calls that, and takes nobody's keys.
func TestPagesSpeakForThemselves(t *testing.T) {
	for _, id := range []string{"", "null", "0", "00000000-0000-0000-0000-000000000000", "%20", "undefined"} {
		h, r := newHandler(t, ingest.Config{Pages: newPages(t, game, "", 0)})
		w := fromPage(h, http.MethodPost, "/gdpr_forget_device", "app_token="+token+"&environment=sandbox&external_device_id=pc-17&web_uuid="+id)
		if w.Code != 400 || r.calls != 0 || !strings.Contains(w.Body.String(), "web_uuid") {
			t.Errorf("web_uuid %q: answer %d %s", id, w.Code, w.Body)
		}
	}
	known := map[string]engine.Package{}
	h, r := newHandler(t, ingest.Config{
		Pages: newPages(t, game, "", 0),
		Lookup: func(_ context.Context, id string) (engine.PackageState, error) {
			if p, found := known[id]; found {
				return engine.PackageState{Package: p}, nil
			}
			return engine.PackageState{}, engine.ErrNotFound
		},
	})
	event := webBase + "&event_token=abc123"
	for i, row := range []struct {
		page         bool
		body, answer string
		status       int
	}{
		{true, event, ok, 200},                         // of a page
		{false, base + "&event_token=abc123", ok, 200}, // of a server, with the same key
		{true, strings.Replace(event, "web_uuid=", "web_uuid=0", 1), ok, 200},
		{true, event + "&event_count=2", "Idempotency key reused", 422},
	} {
		send := call
		if row.page {
			send = fromPage
		}
		w := send(h, http.MethodPost, "/event", row.body, "Idempotency-Key", "order-1")
		if w.Code != row.status || !strings.Contains(w.Body.String(), row.answer) || w.Header().Get("Idempotency-Replayed") != "" {
			t.Errorf("%d: answer %d %s", i, w.Code, w.Body)
		}
		for _, p := range r.packages {
			known[p.ID] = p
		}
	}
	if len(known) != 3 {
		t.Errorf("%d packages, want that of each", len(known))
	}
}

// The Web SDK encodes the sign between a name and its value in the settings of third party sharing.
func TestEncodedSign(t *testing.T) {
	h, r := newHandler(t, ingest.Config{})
	want(t, call(h, http.MethodPost, "/session", base+"&partner_sharing_settings%3D%7B%22a%22%3A%7B%22b%22%3Atrue%7D%7D&empty"), 200, ok)
	params := r.one(t).Params
	if got, isThere := params["empty"]; params["partner_sharing_settings"] != `{"a":{"b":true}}` || got != "" || !isThere {
		t.Errorf("parameters %q", params)
	}
}

// Browsers tell nobody but their own console that a page may not send, and the SDK nobody that a click was lost.
func TestLostPagesAreTold(t *testing.T) {
	var log bytes.Buffer
	h, _ := newHandler(t, ingest.Config{Pages: newPages(t, game, "", 0), Log: zerolog.New(&log).Level(zerolog.WarnLevel)})
	call(h, http.MethodOptions, "/session", "", "Origin", "https://other.example")
	call(h, http.MethodOptions, "/session", "", "Origin", "https://other.example")
	if text := log.String(); strings.Count(text, "\n") != 1 || !strings.Contains(text, `other.example`) || !strings.Contains(text, "api.allow_origins") {
		t.Errorf("the log says %s", text)
	}
	log.Reset()
	h, _ = newHandler(t, ingest.Config{Pages: newPages(t, game, "", 0), Log: zerolog.New(&log).Level(zerolog.WarnLevel)})
	fromPage(h, http.MethodPost, "/sdk_click", webBase)
	if !strings.Contains(log.String(), "sdk_click") {
		t.Errorf("the log says %s", log.String())
	}
}

func TestNewPages(t *testing.T) {
	for _, row := range []struct {
		origin, proxy string
		rate          int
		says          string
	}{
		{"https://game.example/", "", 0, `must have nothing behind its host: write "https://game.example"`},
		{"https://game.example/play", "", 0, `write "https://game.example"`},
		{"game.example", "", 0, "must be a scheme and a host, such as https://game.example"},
		{"https://", "", 0, "must be a scheme and a host"},
		{"https://*.game.example", "", 0, "list each origin, or * alone"},
		{"null", "", 0, "must be a scheme and a host"},
		{"https://bücher.example", "", 0, "xn-- form"},
		{"", "proxy", 0, "must be an address or a network, such as 10.0.0.7 or 10.0.0.0/8"},
		{"", "", -1, "must not be negative"},
		{"capacitor://localhost", "::1", 0, ""},
		{"http://localhost:8080", "2001:db8::/32", 1, ""},
	} {
		_, err := ingest.NewPages(strings.Fields(row.origin), strings.Fields(row.proxy), row.rate)
		if (err == nil) != (row.says == "") || err != nil && !strings.Contains(err.Error(), row.says) {
			t.Errorf("%q %q %d: %v", row.origin, row.proxy, row.rate, err)
		}
	}
}
