package ingest_test

import (
	"net/http"
	"strings"
	"testing"

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
		{"GET", "/events", 404, "", `{"error":"Not found","detail":"there is nothing at \"/events\"; the endpoints are /session, /event, /ad_revenue, /gdpr_forget_device, /third_party_sharing, /attribution and /v1/packages"}`},
		{"GET", "/event/", 404, "", `{"error":"Not found","detail":"there is nothing at \"/event/\"; the endpoints are /session, /event, /ad_revenue, /gdpr_forget_device, /third_party_sharing, /attribution and /v1/packages"}`},
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

func TestForwardedIPv6IsLeftOut(t *testing.T) {
	h, r := newHandler(t, ingest.Config{})
	want(t, call(h, http.MethodPost, "/session", base, "X-Adjust-Forwarded-For", "2001:db8::1"), http.StatusOK, ok)
	if ip, given := r.one(t).Params["ip_address"]; given {
		t.Errorf("ip_address %q", ip)
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

// A byte order mark is no part of a text: "\uFEFFrevenue" would be a parameter that nobody knows, and the money gone.
func TestByteOrderMarks(t *testing.T) {
	const mark, pairs = "\uFEFF", "revenue=1.99&currency=EUR&" + event
	line := `{"kind":"event",` + app + `,"device":"gps_adid=` + device + `","params":{"event_token":"abc123","revenue":"1.99","currency":"EUR"}}`
	for _, row := range []struct{ name, target, body string }{
		{"form", "/event", mark + pairs},
		{"percent-encoded form", "/event", "%EF%BB%BF" + pairs},
		{"query", "/event?%EF%BB%BF" + pairs, ""},
		{"query and form", "/event?" + event, mark + "revenue=1.99&currency=EUR"},
		{"batch", "/v1/packages", mark + line},
		{"joined batches", "/v1/packages", mark + "\n" + mark + line},
	} {
		h, r := newHandler(t, ingest.Config{})
		if w := call(h, http.MethodPost, row.target, row.body); w.Code != 200 {
			t.Errorf("%s: answer %d %s", row.name, w.Code, w.Body)
			continue
		}
		p := r.one(t)
		if p.Params["revenue"] != "1.99" || len(p.Params) != 4 {
			t.Errorf("%s: stored %q", row.name, p.Params)
		}
	}
	h, r := newHandler(t, ingest.Config{})
	want(t, call(h, http.MethodPost, "/event", event+"&callback_params="+mark+`{"user":"7"}`), 200, ok)
	if got := r.one(t).CallbackParams["user"]; got != "7" {
		t.Errorf("callback parameter %q", got)
	}
	if _, err := ingest.ParseTokens(mark + "secret"); err != nil {
		t.Error(err)
	}
}
