package ingest_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"trackhook/engine"
	"trackhook/engine/ingest"
)

const app = `"app_token":"` + token + `","environment":"sandbox"`

func TestBatch(t *testing.T) {
	h, r := newHandler(t, ingest.Config{})
	body := strings.Join([]string{
		`{"kind":"session",` + app + `,"device":"gps_adid=` + device + `","created_at_unix":1484085154}`,
		"",
		` { "kind" : "event" , ` + app + `, "params" : { "event_token" : "abc123", "revenue" : 1.990, "currency":"EUR", "adid":"x","note":"a\"\\\/\b\f\n\r\t\u00fC\ud83d\ude00" }, "callback_params":{"k":"v","e":""}, "partner_params":{}, "callback_id":"order 17","created_at":"2023-01-02T15:04:05Z+0200"} ` + "\r",
		`{"kind":"ad_revenue",` + app + `,"params":{"adid":"x","revenue":"0.0000017","currency":"USD","source":"publisher","ad_impressions_count":3},"created_at_unix":"1484085154000"}`,
		`{"kind":"gdpr_forget_device",` + app + `,"device":"idfa=a","params":{"idfa":"a","gps_adid":"b"},"created_at_unix":1484085154,"idempotency_key":"k"}`,
		"  \t",
	}, "\n")
	w := call(h, http.MethodPost, "/v1/packages", body, "Content-Type", "application/x-ndjson")
	var answer struct {
		Accepted int
		IDs      []string
	}
	if err := json.Unmarshal(w.Body.Bytes(), &answer); err != nil || w.Code != 200 || answer.Accepted != 4 || len(answer.IDs) != 4 {
		t.Fatalf("answer %d %s, %v", w.Code, w.Body, err)
	}
	sandbox := engine.App{Token: token, Environment: engine.Sandbox}
	at := time.Unix(1484085154, 0)
	text := "a\"\\/\b\f\n\r\tü😀"
	expect := []engine.Package{
		{Kind: engine.KindSession, App: sandbox, Device: "gps_adid=" + device, Params: map[string]string{"gps_adid": device}, Created: at},
		{
			Kind: engine.KindEvent, App: sandbox, Device: "adid=x",
			Params:         map[string]string{"event_token": "abc123", "revenue": "1.990", "currency": "EUR", "adid": "x", "note": text},
			CallbackParams: map[string]string{"k": "v", "e": ""}, PartnerParams: map[string]string{},
			CallbackID: "order 17", Created: time.Date(2023, 1, 2, 13, 4, 5, 0, time.UTC),
		},
		{Kind: engine.KindAdRevenue, App: sandbox, Device: "adid=x", Params: map[string]string{"adid": "x", "revenue": "0.0000017", "currency": "USD", "source": "publisher", "ad_impressions_count": "3"}, Created: at},
		{Kind: engine.KindGDPRForgetDevice, App: sandbox, Device: "idfa=a", Params: map[string]string{"idfa": "a", "gps_adid": "b"}, Created: at},
	}
	for i := range r.packages {
		if r.packages[i].ID != answer.IDs[i] {
			t.Errorf("package %d has ID %s, the answer says %s", i, r.packages[i].ID, answer.IDs[i])
		}
		r.packages[i].ID = ""
	}
	if diff := cmp.Diff(expect, r.packages); diff != "" {
		t.Error(diff)
	}
	if want := engine.DerivedID("idempotency-key", token, "sandbox", "gdpr_forget_device", "k"); answer.IDs[3] != want {
		t.Errorf("ID %s, want %s", answer.IDs[3], want)
	}
	if r.calls != 1 {
		t.Errorf("%d calls, want one for the whole batch", r.calls)
	}
}

func TestBatchKey(t *testing.T) {
	line := `{"kind":"session",` + app + `,"device":"adid=x"}` + "\n"
	send := func(body string, headers ...string) []engine.Package {
		t.Helper()
		h, r := newHandler(t, ingest.Config{})
		if w := call(h, http.MethodPost, "/v1/packages", body, headers...); w.Code != 200 {
			t.Fatalf("answer %d %s", w.Code, w.Body)
		}
		return r.packages
	}
	first, again, other := send(line+line, "Idempotency-Key", "k"), send("\n"+line+line, "Idempotency-Key", "k"), send(line+line, "Idempotency-Key", "l")
	for i := range first {
		if first[i].ID != again[i].ID || first[i].ID == other[i].ID || first[0].ID == first[1].ID {
			t.Errorf("IDs %s, %s, %s", first[i].ID, again[i].ID, other[i].ID)
		}
	}
}

// batchRefusals are sent as the second of three lines; want is without the words that all of them share.
func TestBatchRefusals(t *testing.T) {
	good := `{"kind":"session",` + app + `,"device":"adid=x"}`
	apps := []engine.App{{Token: token, Environment: engine.Sandbox}, {Token: token, Environment: engine.Production}, {Token: "one456one456", Environment: engine.Sandbox}}
	for _, row := range []struct {
		line            string
		status          int
		message, detail string
		field           string
	}{
		{`{"kind":"event",` + app + `,"device":"adid=x","params":{"event_token":"abc123","revenue":"abc","currency":"EUR"}}`, 400, "Invalid revenue", `revenue "abc" must be a number of full currency units between 0.001 and 100000000000, such as 1.99`, "revenue"},
		{`{"kind":"install",` + app + `,"device":"adid=x"}`, 400, "Invalid kind", `kind "install" is not one of session, event, ad_revenue, gdpr_forget_device, third_party_sharing`, "kind"},
		{`{"kind":"session","app_token":"zzz123def456","environment":"sandbox","device":"adid=x"}`, 404, "App token not found", "app zzz123def456 is not configured on this host; add it to apps in the configuration", "app_token"},
		{`{"kind":"session","app_token":"one456one456","device":"adid=x"}`, 400, "Invalid environment", "environment is missing, which means production, as at Adjust, and app one456one456 is configured on this host for sandbox only; send environment=sandbox, or configure the app for production", "environment"},
		{`{"kind":"session",` + app + `}`, 400, "Missing device identifier", "send one device identifier, such as gps_adid, idfa or external_device_id", "device"},
		{`{"kind":"session",` + app + `,"device":"user=17"}`, 400, "Invalid device identifier", `device "user=17" must be KIND=ID with a device id parameter as KIND, such as gps_adid=38400000-8cf0-11bd-b23e-10b96e40000d`, "device"},
		{`{"kind":"session",` + app + `,"device":"adid=x","params":{"adid":"y"}}`, 400, "Invalid device identifier", `device says "adid=x" and params say adid="y"; send one of them`, "device"},
		{`{"kind":"session",` + app + `,"device":"adid=x","revenue":"1"}`, 400, "Invalid parameters", `unknown key "revenue"; S2S parameters belong into params`, "revenue"},
		{`{"kind":"session","kind":"event",` + app + `}`, 400, "Invalid parameters", `key "kind" is given twice`, "kind"},
		{`{"kind":"session",` + app + `,"params":{"adid":"x","adid":"x"}}`, 400, "Invalid parameters", `params: key "adid" is given twice`, "adid"},
		{`{"kind":"session",` + app + `,"params":{"adid":{"x":"y"}}}`, 400, "Invalid parameters", `params: key "adid" must have a string or a number as its value`, "adid"},
		{`{"kind":"session",` + app + `,"params":{"adid":true}}`, 400, "Invalid parameters", `params: key "adid" must have a string or a number as its value`, "adid"},
		{`{"kind":"session",` + app + `,"params":{"app_token":"x","adid":"x"}}`, 400, "Invalid parameters", "app_token has its own field and must not be among the parameters", "app_token"},
		{`{"kind":"session",` + app + `,"device":"adid=x","callback_params":{"a":{"b":"c"}}}`, 400, "Invalid callback parameters", `callback_params must be a flat JSON object of strings: key "a" must have a string as its value`, "callback_params"},
		{`{"kind":"session",` + app + `,"device":"adid=x","params":{"callback_params.user":7}}`, 400, "Invalid callback parameters", `parameter "callback_params.user" is not one that the server knows: send all callback parameters in one, as a JSON object of strings, such as callback_params={"user":"value"}`, "callback_params"},
		{`{"kind":"session",` + app + `,"device":"adid=x","callback_params":{"a":1}}`, 400, "Invalid callback parameters", `callback_params must be a flat JSON object of strings: key "a" must have a string as its value`, "callback_params"},
		{`{"kind":"session",` + app + `,"device":"adid=x","partner_params":"{}"}`, 400, "Invalid partner parameters", `partner_params must be a flat JSON object of strings: column 105: expected an object of strings`, "partner_params"},
		{`{"kind":"session",` + app + `,"device":"adid=x","created_at_unix":1.5}`, 400, "Invalid created_at", `created_at_unix "1.5" must be whole seconds since 1970, such as 1484085154; leave it out to have the package stamped now`, "created_at_unix"},
		{`{"kind":"session",` + app + `,"device":"adid=x","created_at":"now"}`, 400, "Invalid created_at", `created_at "now" must be a time with a zone, such as 2023-01-02T15:04:05.000+0000; leave it out to have the package stamped now`, "created_at"},
		{`{"kind":"session",` + app + `,"device":"adid=x","params":{"ip_address":"::1"}}`, 400, "Invalid IP address", `ip_address "::1" must be an IPv4 address, such as 192.0.2.1; the server takes no IPv6`, "ip_address"},
		{`{"kind":"session",` + app + `,"device":"adid=x","idempotency_key":"ü"}`, 400, "Invalid idempotency key", `the idempotency key "ü" must be at most 255 printable ASCII characters`, "idempotency_key"},
		{`{"kind":"session",` + app + `,"device":"adid=x","params":{"x":"` + strings.Repeat("x", 2000) + `"}}`, 413, "Request size too large", "the line has 2105 bytes; at most 2000 are taken", "size"},
		{`{"kind":17}`, 400, "Invalid JSON", "kind: column 9: expected a string", "kind"},
		{`{"kind":"session"`, 400, "Invalid JSON", "column 18: expected a comma or the end of the object", ""},
		{`[` + good + `]`, 400, "Invalid JSON", "column 1: expected an object; send one object a line instead of an array", ""},
		{good + good, 400, "Invalid JSON", "column 88: expected nothing after the object", ""},
		{"{\"kind\":\"\xff\"}", 400, "Invalid JSON", "the line is not UTF-8 text", ""},
		{"session", 400, "Invalid JSON", "column 1: expected an object", ""},
	} {
		t.Run(row.message+" "+row.field, func(t *testing.T) {
			h, r := newHandler(t, ingest.Config{Apps: apps, MaxBody: 2000})
			w := call(h, http.MethodPost, "/v1/packages", good+"\n"+row.line+"\n"+good+"\n")
			body := `{"error":` + quoted("Batch request failed ("+row.message+")") + `,"detail":` + quoted("line 2: "+row.detail) + `,"line":2`
			if row.field != "" {
				body += `,"field":` + quoted(row.field)
			}
			want(t, w, row.status, body+"}")
			if r.calls != 0 {
				t.Error("a part of the batch was stored")
			}
		})
	}
}

func TestBatchLimits(t *testing.T) {
	line := `{"kind":"session",` + app + `,"device":"adid=x"}` + "\n"
	h, r := newHandler(t, ingest.Config{MaxLines: 3, MaxBatch: 500})
	for _, row := range []struct {
		body   string
		status int
		want   string
	}{
		{"", 400, `{"error":"Batch request failed (Empty batch)","detail":"the body has no packages; send one JSON object a line"}`},
		{"\n \r\n", 400, `{"error":"Batch request failed (Empty batch)","detail":"the body has no packages; send one JSON object a line"}`},
		{strings.Repeat(line, 4), 413, `{"error":"Batch request failed (Request size too large)","detail":"the batch has more than 3 packages; send several"}`},
		{strings.Repeat(line, 6), 413, `{"error":"Batch request failed (Request size too large)","detail":"the body has 528 bytes; at most 500 are taken"}`},
	} {
		want(t, call(h, http.MethodPost, "/v1/packages", row.body), row.status, row.want)
	}
	if r.calls != 0 {
		t.Error("something was stored")
	}
	if w := call(h, http.MethodPost, "/v1/packages", strings.Repeat(line, 3)+"\n\n"); w.Code != 200 {
		t.Errorf("answer %d %s", w.Code, w.Body)
	}
}

func TestBatchScopes(t *testing.T) {
	tokens, err := ingest.ParseTokens("one:sessions")
	if err != nil {
		t.Fatal(err)
	}
	h, r := newHandler(t, ingest.Config{Tokens: tokens})
	line := `{"kind":"%s",` + app + `,"device":"adid=x","params":{"event_token":"abc123"}}` + "\n"
	session, event := fmt.Sprintf(line, "session"), fmt.Sprintf(line, "event")
	want(t, call(h, http.MethodPost, "/v1/packages", session+event, "Authorization", "Bearer one"), 401,
		`{"error":"Batch request failed (Failed to authorize request)","detail":"line 2: the bearer token has the scopes sessions and this needs events","line":2}`)
	want(t, call(h, http.MethodPost, "/v1/packages", session), 401,
		`{"error":"Batch request failed (Failed to authorize request)","detail":"send the header Authorization: Bearer with a token of this host"}`)
	if r.calls != 0 {
		t.Error("something was stored")
	}
	if w := call(h, http.MethodPost, "/v1/packages", session, "Authorization", "Bearer one"); w.Code != 200 || r.calls != 1 {
		t.Errorf("answer %d %s", w.Code, w.Body)
	}
}
