package sandbox_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"trackhook/engine"
	"trackhook/engine/sandbox"
)

func expect(t *testing.T, what string, status int, body string, wantStatus int, wantBody string) {
	t.Helper()
	if status != wantStatus || body != wantBody {
		t.Errorf("%s: %d %s, want %d %s", what, status, body, wantStatus, wantBody)
	}
}

func failed(message string) string { return `{"error":"Event request failed (` + message + `)"}` }

func install(t *testing.T, s http.Handler) {
	t.Helper()
	if status, body := post(s, "/session", params("created_at_unix", ago(time.Hour))); status != 200 {
		t.Fatalf("install: %d %s", status, body)
	}
}

func TestSessions(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newServer(t, sandbox.Config{})
		status, body := post(s, "/session", params())
		// The keys stand in the order of the documents.
		form := regexp.MustCompile(`^{"app_token":"abc123def456","adid":"[0-9a-f]{32}","timestamp":"2000-01-01T00:00:00.000Z\+0000","message":"Install tracked","ask_in":2000}$`)
		if status != 200 || !form.MatchString(body) {
			t.Fatalf("install: %d %s", status, body)
		}
		adid := decode[map[string]any](t, body)["adid"]

		const frequent = `{"error":"Session failed (Ignoring too frequent session)"}`
		status, body = post(s, "/session", params())
		expect(t, "again", status, body, 500, frequent)
		time.Sleep(20*time.Minute - time.Second)
		status, body = post(s, "/session", params())
		expect(t, "too early", status, body, 500, frequent)
		time.Sleep(time.Second)
		status, body = post(s, "/session", params())
		if status != 200 || !strings.Contains(body, `"message":"Session tracked","ask_in":5000}`) || decode[map[string]any](t, body)["adid"] != adid {
			t.Errorf("second session: %d %s", status, body)
		}
		// What counts is when the session happened, not when it arrives.
		status, body = post(s, "/session", params("created_at_unix", ago(-20*time.Minute)))
		if status != 200 {
			t.Errorf("third session: %d %s", status, body)
		}
		if status, body = post(s, "/session", params("environment", "production")); !strings.Contains(body, "Install tracked") {
			t.Errorf("the other environment: %d %s", status, body)
		}
		d, ok := s.Device(app(), "gps_adid=d1")
		if !ok || d.Sessions != 3 || d.Requests != 5 || d.ADID != adid {
			t.Errorf("device %+v", d)
		}
	})
}

func TestSessionSpacing(t *testing.T) {
	s := newServer(t, sandbox.Config{SessionSpacing: -1})
	for range 3 {
		if status, body := post(s, "/session", params()); status != 200 {
			t.Errorf("%d %s", status, body)
		}
	}
	s = newServer(t, sandbox.Config{SessionSpacing: time.Minute})
	post(s, "/session", params("created_at_unix", ago(time.Minute)))
	if status, body := post(s, "/session", params()); status != 200 {
		t.Errorf("%d %s", status, body)
	}
}

func TestADIDsFollowTheSeed(t *testing.T) {
	adid := func(seed uint64) string {
		s := newServer(t, sandbox.Config{Seed: seed})
		install(t, s)
		d, _ := s.Device(app(), "gps_adid=d1")
		return d.ADID
	}
	if first := adid(1); first != adid(1) || first == adid(2) {
		t.Error("the same seed must give the same ids, and another one others")
	}
}

func TestWaysOfSending(t *testing.T) {
	ad := params("source", "publisher", "revenue", "0.01", "currency", "EUR")
	ev := params("event_token", "abc123")
	s := newServer(t, sandbox.Config{})
	install(t, s)
	for _, test := range []struct {
		name   string
		send   func() (int, string)
		status int
	}{
		{"event, form", func() (int, string) { return post(s, "/event", ev) }, 200},
		{"event, POST query", func() (int, string) { return query(s, http.MethodPost, "/event", ev) }, 200},
		{"event, GET", func() (int, string) { return query(s, http.MethodGet, "/event", ev) }, 200},
		{"event, half and half", func() (int, string) {
			rest := params("event_token", "abc123")
			rest.Del("gps_adid")
			return post(s, "/event?gps_adid=d1", rest)
		}, 200},
		{"event, PUT", func() (int, string) { return query(s, http.MethodPut, "/event", ev) }, 405},
		{"ad revenue, form", func() (int, string) { return post(s, "/ad_revenue", ad) }, 200},
		{"ad revenue, POST query", func() (int, string) { return query(s, http.MethodPost, "/ad_revenue", ad) }, 200},
		{"ad revenue, GET", func() (int, string) { return query(s, http.MethodGet, "/ad_revenue", ad) }, 200},
		{"session, GET", func() (int, string) { return query(s, http.MethodGet, "/session", params()) }, 405},
		{"session, POST query", func() (int, string) { return query(s, http.MethodPost, "/session", params()) }, 405},
		{"erasure, form", func() (int, string) { return post(s, "/gdpr_forget_device", params()) }, 405},
		{"erasure, GET", func() (int, string) { return query(s, http.MethodGet, "/gdpr_forget_device", params()) }, 405},
		{"erasure, POST query", func() (int, string) { return query(s, http.MethodPost, "/gdpr_forget_device", params()) }, 200},
		{"sharing, form", func() (int, string) { return post(s, "/third_party_sharing", params("sharing", "enable")) }, 451},
		{"sharing, POST query", func() (int, string) {
			return query(s, http.MethodPost, "/third_party_sharing", params("sharing", "enable"))
		}, 405},
		{"another path", func() (int, string) { return post(s, "/click", params()) }, 404},
	} {
		t.Run(test.name, func(t *testing.T) {
			if status, body := test.send(); status != test.status {
				t.Errorf("%d %s, want %d", status, body, test.status)
			}
		})
	}
}

func TestEvents(t *testing.T) {
	ok := `{"status":"OK"}`
	for _, test := range []struct {
		name   string
		cfg    sandbox.Config
		params url.Values
		status int
		body   string
	}{
		{"ok", sandbox.Config{}, params(), 200, ok},
		{"literal OK", sandbox.Config{LiteralOK: true}, params(), 200, "OK"},
		{"unknown device", sandbox.Config{}, params("gps_adid", "d2"), 404, failed("Device not found")},
		{"other environment", sandbox.Config{}, params("environment", "production"), 404, failed("Device not found")},
		{"no environment is production", sandbox.Config{}, params("environment", ""), 404, failed("Device not found")},
		{"bad environment", sandbox.Config{}, params("environment", "test"), 400, failed("Invalid environment")},
		{"no device", sandbox.Config{}, params("gps_adid", ""), 400, failed("Missing device identifier")},
		{"no s2s", sandbox.Config{}, params("s2s", ""), 400, failed("Missing s2s=1")},
		{"bad app token", sandbox.Config{}, params("app_token", "{YourAppToken}"), 400, failed("Invalid app token")},
		{"no app token", sandbox.Config{}, params("app_token", ""), 400, failed("Invalid app token")},
		{"unknown app", sandbox.Config{AppTokens: []string{appToken}}, params("app_token", "otherotherot"), 404, failed("App token not found")},
		{"bad event token", sandbox.Config{}, params("event_token", "a b"), 400, failed("Invalid event token")},
		{"short event token", sandbox.Config{}, params("event_token", "abc12"), 400, failed("Invalid event token")},
		{"long event token", sandbox.Config{}, params("event_token", "abc1234"), 400, failed("Invalid event token")},
		{"odd event token", sandbox.Config{}, params("event_token", "abc_12"), 400, failed("Invalid event token")},
		{"no event token", sandbox.Config{}, params("event_token", ""), 400, failed("Invalid event token")},
		{"unknown event", sandbox.Config{EventTokens: []string{"xyz789"}}, params(), 400, failed("Invalid event token")},
		{"known event", sandbox.Config{EventTokens: []string{"abc123"}}, params(), 200, ok},
		{"milliseconds", sandbox.Config{}, params("created_at_unix", "1543915806015"), 400, failed("Invalid created_at")},
		{"bad time", sandbox.Config{}, params("created_at_unix", "", "created_at", "today"), 400, failed("Invalid created_at")},
		{"time as text", sandbox.Config{}, params("created_at_unix", "", "created_at", time.Now().UTC().Format("2006-01-02T15:04:05Z-0700")), 200, ok},
		{"no time", sandbox.Config{}, params("created_at_unix", ""), 200, ok},
		{"58 days", sandbox.Config{}, params("created_at_unix", ago(58*24*time.Hour-time.Minute)), 200, ok},
		{"older", sandbox.Config{}, params("created_at_unix", ago(58*24*time.Hour+time.Minute)), 400, failed("Event is older than 58 days")},
		{"callback parameters", sandbox.Config{}, params("callback_params", `{"a":"b"}`), 200, ok},
		{"nested callback parameters", sandbox.Config{}, params("callback_params", `{"a":{"b":"c"}}`), 400, failed("Invalid callback parameters")},
		{"callback parameters that are no object", sandbox.Config{}, params("callback_params", `null`), 400, failed("Invalid callback parameters")},
		{"revenue", sandbox.Config{}, params("revenue", "0.001", "currency", "EUR"), 200, ok},
		{"revenue without currency", sandbox.Config{}, params("revenue", "1"), 400, failed("Invalid revenue")},
		{"revenue too small", sandbox.Config{}, params("revenue", "0.0009", "currency", "EUR"), 400, failed("Invalid revenue")},
		{"revenue too large", sandbox.Config{}, params("revenue", "100000000001", "currency", "EUR"), 400, failed("Invalid revenue")},
		{"revenue is no number", sandbox.Config{}, params("revenue", "NaN", "currency", "EUR"), 400, failed("Invalid revenue")},
		{"too large", sandbox.Config{}, params("x", strings.Repeat("x", 1<<20)), 413, failed("Request size too large")},
	} {
		t.Run(test.name, func(t *testing.T) {
			s := newServer(t, test.cfg)
			if _, ok := test.params["event_token"]; !ok && test.name != "no event token" {
				test.params.Set("event_token", "abc123")
			}
			install(t, s)
			before, _ := s.Device(app(), "gps_adid=d1")
			status, body := post(s, "/event", test.params)
			expect(t, test.name, status, body, test.status, test.body)
			after, _ := s.Device(app(), "gps_adid=d1")
			if counted := after.Events - before.Events; (counted == 1) != (test.status == 200) {
				t.Errorf("%d events counted", counted)
			}
		})
	}
}

func TestEventOrder(t *testing.T) {
	s := newServer(t, sandbox.Config{})
	install(t, s)
	at := func(token string, age time.Duration) (int, string) {
		return post(s, "/event", params("event_token", token, "created_at_unix", ago(age)))
	}
	for _, test := range []struct {
		token  string
		age    time.Duration
		status int
	}{{"aaa111", 50 * time.Minute, 200}, {"aaa111", 50 * time.Minute, 200}, {"aaa111", 40 * time.Minute, 200}, {"aaa111", 45 * time.Minute, 400}, {"bbb222", 45 * time.Minute, 200}} {
		if status, body := at(test.token, test.age); status != test.status {
			t.Errorf("%s %s ago: %d %s, want %d", test.token, test.age, status, body, test.status)
		}
	}
}

func TestDuplicates(t *testing.T) {
	s := newServer(t, sandbox.Config{UniqueEvents: []string{"once11"}})
	install(t, s)
	const tracked = "Ignoring event, earlier unique event tracked"
	ev := params("event_token", "abc123", "deduplication_id", "x")
	status, body := post(s, "/event", ev)
	expect(t, "first", status, body, 200, `{"status":"OK"}`)
	// An id that was seen is a duplicate whatever else the event has, also when it would be out of order.
	post(s, "/event", params("event_token", "abc123", "created_at_unix", ago(-time.Minute)))
	status, body = post(s, "/event", ev)
	expect(t, "second", status, body, 400, failed(tracked))
	if count := s.Count("x"); count.Arrived != 2 || count.Counted != 1 {
		t.Errorf("count %+v", count)
	}

	once := params("event_token", "once11")
	status, body = post(s, "/event", once)
	expect(t, "unique event", status, body, 200, `{"status":"OK"}`)
	status, body = post(s, "/event", once)
	expect(t, "unique event again", status, body, 400, failed(tracked))

	ad := params("source", "publisher", "amount", "0.01", "currency", "EUR", "deduplication_id", "x")
	status, body = post(s, "/ad_revenue", ad)
	expect(t, "ad revenue", status, body, 200, `{"status":"OK"}`)
	status, body = post(s, "/ad_revenue", ad)
	expect(t, "ad revenue again", status, body, 400, `{"error":"Ad revenue request failed (`+tracked+`) (app_token:abc123def456)"}`)
}

func TestAdRevenue(t *testing.T) {
	s := newServer(t, sandbox.Config{})
	install(t, s)
	refused := func(message string) string {
		return `{"error":"Ad revenue request failed (` + message + `) (app_token:abc123def456)"}`
	}
	for _, test := range []struct {
		name   string
		pairs  []string
		status int
		body   string
	}{
		{"ok", nil, 200, `{"status":"OK"}`},
		{"amount", []string{"revenue", "", "amount", "0.00001"}, 200, `{"status":"OK"}`},
		{"neither", []string{"revenue", ""}, 400, refused("Invalid revenue")},
		{"no currency", []string{"currency", ""}, 400, refused("Invalid revenue")},
		{"no source", []string{"source", ""}, 400, refused("Missing source")},
		{"unknown device", []string{"gps_adid", "d2"}, 404, refused("Device not found")},
		{"28 days", []string{"created_at_unix", ago(28*24*time.Hour + time.Minute)}, 400, refused("Ad revenue is older than 28 days")},
		{"any order", []string{"created_at_unix", ago(time.Hour)}, 200, `{"status":"OK"}`},
	} {
		v := params(append([]string{"source", "publisher", "revenue", "0.01", "currency", "EUR"}, test.pairs...)...)
		status, body := post(s, "/ad_revenue", v)
		expect(t, test.name, status, body, test.status, test.body)
	}
}

func TestThirdPartySharing(t *testing.T) {
	s := newServer(t, sandbox.Config{})
	share := func(word string) (int, string) {
		return post(s, "/third_party_sharing", params("sharing", word))
	}
	status, body := share("disable")
	expect(t, "unknown", status, body, 404, `{"error":"Third party sharing request failed (Device not found)"}`)
	install(t, s)
	for n, word := range []string{"disable", "enable"} {
		status, body = share(word)
		expect(t, word, status, body, 200, `{"status":"OK"}`)
		if d, _ := s.Device(engine.App{Token: "abc123def456", Environment: engine.Sandbox}, "gps_adid=d1"); d.Sharing != word || d.Sharings != n+1 {
			t.Errorf("after %s: %+v", word, d)
		}
	}
}

func TestAttribution(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newServer(t, sandbox.Config{})
		ask := func() (int, string) { return query(s, http.MethodGet, "/attribution", params()) }
		status, body := ask()
		expect(t, "unknown", status, body, 404, `{"error":"Attribution request failed (Device not found)"}`)
		install(t, s)
		d, _ := s.Device(engine.App{Token: "abc123def456", Environment: engine.Sandbox}, "gps_adid=d1")
		status, body = ask()
		expect(t, "known", status, body, 200, `{"app_token":"abc123def456","adid":"`+d.ADID+`","timestamp":"2000-01-01T00:00:00.000Z+0000",`+
			`"message":"Attribution found","attribution":{"tracker_token":"org4n1c","tracker_name":"Organic","network":"Organic","state":"installed"}}`)
		status, body = post(s, "/attribution", params())
		expect(t, "POST", status, body, 405, `{"error":"Attribution request failed (Method not allowed)"}`)
	})
}

func TestErasure(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newServer(t, sandbox.Config{})
		install(t, s)
		erase := func(device string) (int, string) {
			return query(s, http.MethodPost, "/gdpr_forget_device", params("gps_adid", device))
		}
		status, body := erase("d1")
		expect(t, "erase", status, body, 200, `{"status":"OK"}`)
		status, body = erase("d1")
		expect(t, "erase again", status, body, 200, `{"status":"OK"}`)
		status, body = post(s, "/event", params("event_token", "abc123"))
		expect(t, "event", status, body, 451, failed("Device is opted out"))
		status, body = post(s, "/session", params())
		expect(t, "session", status, body, 451, `{"error":"Session failed (Device is opted out)"}`)
		status, body = post(s, "/ad_revenue", params("source", "publisher", "revenue", "1", "currency", "EUR"))
		expect(t, "ad revenue", status, body, 451, `{"error":"Ad revenue request failed (Device is opted out) (app_token:abc123def456)"}`)
		for range 8 {
			erase("d2")
		}
		if status, body = erase("d3"); status != 429 {
			t.Errorf("eleventh erasure in a minute: %d %s", status, body)
		}
		time.Sleep(time.Minute)
		if status, body = erase("d3"); status != 200 {
			t.Errorf("a minute later: %d %s", status, body)
		}
		if !s.Forget(app(), "gps_adid=d1") || s.Forget(app(), "gps_adid=d1") {
			t.Error("a device can be forgotten once")
		}
		if status, body = post(s, "/session", params()); !strings.Contains(body, "Install tracked") {
			t.Errorf("after it was forgotten: %d %s", status, body)
		}
	})
}

func TestEventsOfADeviceAreBounded(t *testing.T) {
	s := newServer(t, sandbox.Config{})
	post(s, "/session", params())
	const most = 1_000
	for n := range most + 5 {
		created := strconv.FormatInt(time.Now().Unix()-most-5+int64(n), 10)
		if status, body := post(s, "/event", params("event_token", fmt.Sprintf("%06d", n), "created_at_unix", created)); status != 200 {
			t.Fatalf("%d %s", status, body)
		}
	}
	d, _ := s.Device(app(), "gps_adid=d1")
	if _, first := d.LastEvents["000004"]; len(d.LastEvents) != most || first || d.Events != most+5 {
		t.Errorf("%d event tokens are remembered of %d events, the first ones: %v", len(d.LastEvents), d.Events, first)
	}
}

func TestDevicesAreKnownByAllTheirIdentifiers(t *testing.T) {
	s := newServer(t, sandbox.Config{})
	post(s, "/session", params("idfv", "v1", "external_device_id", "x1"))
	d, _ := s.Device(app(), "gps_adid=d1")
	for _, id := range [][2]string{{"idfv", "v1"}, {"external_device_id", "x1"}, {"adid", d.ADID}} {
		if status, body := post(s, "/event", params("gps_adid", "", id[0], id[1], "event_token", "abc123")); status != 200 {
			t.Errorf("by %s: %d %s", id[0], status, body)
		}
	}
	if got := len(s.Devices(0, 0)); got != 1 {
		t.Errorf("%d devices, want 1", got)
	}
	s.Forget(app(), "external_device_id=x1")
	if status, _ := post(s, "/event", params("event_token", "abc123")); status != 404 {
		t.Errorf("status %d after the device was forgotten by another identifier", status)
	}
}

func TestAuthentication(t *testing.T) {
	s := newServer(t, sandbox.Config{SessionSpacing: -1, Tokens: []sandbox.Token{
		{Value: "all", App: appToken},
		{Value: "events", App: appToken, Kinds: []engine.Kind{engine.KindEvent}},
	}})
	send := func(path, authorization string, pairs ...string) (int, string) {
		var header []string
		if authorization != "" {
			header = []string{"Authorization", authorization}
		}
		return post(s, path, params(append([]string{"event_token", "abc123"}, pairs...)...), header...)
	}
	if status, body := send("/session", "Bearer all"); status != 200 {
		t.Fatalf("%d %s", status, body)
	}
	status, body := send("/event", "")
	expect(t, "no token", status, body, 202, `{"error":"Missing authentication token"}`)
	status, body = send("/event", "Basic all")
	expect(t, "another scheme", status, body, 202, `{"error":"Missing authentication token"}`)
	status, body = send("/event", "Bearer other")
	expect(t, "wrong token", status, body, 202, `{"error":"Wrong authentication token"}`)
	status, body = send("/event", "Bearer events")
	expect(t, "scope", status, body, 200, `{"status":"OK"}`)
	status, body = send("/session", "Bearer events")
	expect(t, "no scope for sessions", status, body, 401, `{"error":"Session failed"}`)
	status, body = send("/ad_revenue", "Bearer events")
	expect(t, "no scope for ad revenue", status, body, 401, `{"error":"Ad revenue request failed (Failed to authorize request) (app_token:abc123def456)"}`)
	if status, _ = send("/session", "", "app_token", "otherotherot"); status != 200 {
		t.Errorf("an app without tokens needs none: %d", status)
	}
	for _, q := range s.Requests() {
		for _, value := range q.Params {
			if value == "all" || value == "events" {
				t.Errorf("a token was recorded: %+v", q)
			}
		}
	}
}

func TestNewRefuses(t *testing.T) {
	for name, cfg := range map[string]sandbox.Config{
		"app token": {AppTokens: []string{"short"}},
		"event":     {EventTokens: []string{"signup_x"}},
		"unique":    {UniqueEvents: []string{"abc12"}},
		"token":     {Tokens: []sandbox.Token{{}}},
		"scope":     {Tokens: []sandbox.Token{{Value: "x", Kinds: []engine.Kind{"click"}}}},
		"devices":   {KeepDevices: -1},
		"fault":     {Faults: []sandbox.Fault{{Kind: "hiccup"}}},
	} {
		if _, err := sandbox.New(cfg); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
}

func FuzzRequests(f *testing.F) {
	s, err := sandbox.New(sandbox.Config{KeepRequests: 10, KeepCounts: 10, KeepDevices: 10, Faults: []sandbox.Fault{{Kind: sandbox.FaultStatus, Status: 500, Probability: 0.1}}})
	if err != nil {
		f.Fatal(err)
	}
	f.Add("POST", "/session", params().Encode(), "")
	f.Add("GET", "/event", "", params("event_token", "abc123").Encode())
	f.Add("POST", "/ad_revenue", params("callback_params", `{"a":1}`).Encode(), "%zz")
	f.Add("POST", "/sandbox/faults", `[{"kind":"status","status":500}]`, "")
	f.Fuzz(func(t *testing.T, method, path, body, query string) {
		if !strings.HasPrefix(path, "/") || strings.HasPrefix(path, "/sandbox") {
			path = "/event"
		}
		r := httptest.NewRequest(http.MethodPost, "/", strings.NewReader(body))
		r.Method, r.URL = method, &url.URL{Path: path, RawQuery: query}
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		if status, _ := serve(s, r); status < 200 || status > 599 {
			t.Errorf("status %d", status)
		}
	})
}
