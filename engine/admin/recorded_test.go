package admin_test

import (
	"errors"
	"maps"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"trackhook/engine"
	"trackhook/engine/admin"
)

// sent is a response with everything that a package can have.
func sent(r *engine.Response) {
	r.Package.Params = map[string]string{"gps_adid": "d1", "event_token": "f0ob4r", "revenue": "1.99", "currency": "EUR"}
	r.Package.CallbackParams = map[string]string{"order": "4711", "<b>": "é"}
	r.Package.PartnerParams = map[string]string{"p": ""}
	r.Package.CallbackID = "mine"
	r.Package.Created = noon().Add(-time.Hour + time.Nanosecond)
}

func TestResponsesTellWhatWasSent(t *testing.T) {
	f := newFake()
	f.respond(response(engine.Delivered, sent), response(engine.Expired, func(r *engine.Response) {
		r.Attempt, r.Status, r.Body, r.Message = 0, 0, nil, ""
		r.Package.Params, r.Package.Kind, r.Package.Created = nil, engine.KindSession, time.Time{}
	}))
	want(t, ask(admin.New(f.config()), "GET", "/api/v1/responses"), 200, `{"responses":[`+
		`{"seq":1,"at":"2026-01-02T12:00:00Z",`+pkg+`"callback_id":"mine",`+
		`"params":{"currency":"EUR","event_token":"f0ob4r","gps_adid":"d1","revenue":"1.99"},`+
		`"callback_params":{"<b>":"é","order":"4711"},"partner_params":{"p":""},"created_at":"2026-01-02T11:00:00.000000001Z",`+
		`"attempt":1,"outcome":"delivered","rule":"rule","status":200,"message":"hi","body":{"message":"hi"},"body_bytes":17,"will_retry":false},`+
		`{"seq":2,"at":"2026-01-02T12:00:00Z","id":"p1","kind":"session","app_token":"abc123def456","environment":"sandbox","device":"gps_adid=d1",`+
		`"attempt":0,"outcome":"expired","rule":"rule","will_retry":false}],"next":2,"last":2}`)
}

func TestCredentialsAreRedacted(t *testing.T) {
	given := map[string]string{
		"event_token": "f0ob4r", "push_token": "device", "Authorization": "s3cret", "auth_token": "s3cret", "secret_id": "s3cret", "app_secret": "",
	}
	f := newFake()
	change := func(p *engine.Package) {
		p.Params, p.CallbackParams, p.PartnerParams = maps.Clone(given), map[string]string{"api_key": "s3cret"}, map[string]string{"password": "s3cret"}
	}
	r := response(engine.Delivered, func(r *engine.Response) { change(&r.Package) })
	f.respond(r)
	f.add(1, func(s *engine.PackageState) { change(&s.Package); s.Seq = 1 })
	cfg := f.config()
	cfg.Curl = func(p *engine.Package) string { return "curl -d auth_token=" + p.Params["auth_token"] }
	h := admin.New(cfg)
	for _, target := range []string{"/api/v1/responses", "/api/v1/responses?raw=true", "/api/v1/packages/p1"} {
		w := ask(h, "GET", target)
		if w.Code != 200 || strings.Contains(w.Body.String(), "s3cret") || !strings.Contains(w.Body.String(), "auth_token") {
			t.Errorf("%s: answer %d %s", target, w.Code, w.Body)
		}
	}
	if diff := cmp.Diff(given, r.Package.Params); diff != "" {
		t.Error("the package of the log was written to", diff)
	}
	_, client := serve(t, h)
	responses, _, err := client.Responses(t.Context(), 0, 1)
	expect := maps.Clone(given)
	expect["Authorization"], expect["auth_token"], expect["secret_id"] = "[redacted]", "[redacted]", "[redacted]"
	if err != nil || len(responses) != 1 || !maps.Equal(responses[0].Params, expect) {
		t.Errorf("%+v %v", responses, err)
	}
}

// A name is a credential's however its words are joined, and the tokens of the protocol are none.
func TestNamesOfCredentials(t *testing.T) {
	shown := map[string]string{
		"event_token": "1", "push_token": "1", "app_token": "1", "tracker_token": "1", "purchase_token": "1", "secret_level": "1", "key": "1", "author": "1",
	}
	given := maps.Clone(shown)
	for _, name := range []string{
		"Authorization", "Proxy-Authorization", "auth_token", "auth-token", "authToken", "s2s_token", "s2s_auth_token", "apiKey", "x-api-key", "api_token",
		"access_token", "accessToken", "refresh_token", "client_secret", "clientSecret", "app_secret", "secret_id", "secret", "signature",
		"adj_signing_id", "password", "user.password", "bearer", "private_key", "aws_access_key_id",
	} {
		given[name] = "s3cret"
	}
	f := newFake()
	f.respond(response(engine.Delivered, func(r *engine.Response) { r.Package.CallbackParams = given }))
	_, client := serve(t, admin.New(f.config()))
	got, _, err := client.Responses(t.Context(), 0, 1)
	if err != nil {
		t.Fatal(err)
	}
	for name, value := range got[0].CallbackParams {
		if want := shown[name]; want != "" && value != want || want == "" && value != "[redacted]" {
			t.Errorf("%s is told as %q", name, value)
		}
	}
}

// A replay sees what the script saw, to the byte.
func TestRecorded(t *testing.T) {
	t.Parallel()
	f := newFake()
	for _, body := range []string{
		`{"message":"hi"}`, " {\"a\" : [1.0, 1e999, \"<b>\\u2028\"]}\n", "<html>\xff</html>", "", " \n", "null", "OK", "\"\xff\"",
		`{"long":"` + strings.Repeat("x", 200_000) + `"}`, strings.Repeat("y", 200_000),
	} {
		f.respond(response(engine.Retry, func(r *engine.Response) {
			sent(r)
			r.Body, r.Message, r.Rule = []byte(body), strings.Repeat("m", 5000), ""
			r.Attempt, r.Status, r.WillRetry, r.NextAttempt, r.RetryIn, r.Ambiguous, r.Repeat = 3, 503, true, noon().Add(time.Minute), 1500*time.Millisecond, true, true
			r.Timestamp, r.ADID = "2026-01-02T12:00:00Z+0000", "ad1"
			if body == "" {
				r.Body = nil
			}
		}))
	}
	_, client := serve(t, admin.New(f.config()))
	got, next, err := client.Recorded(t.Context(), 0, 100)
	if diff := cmp.Diff(f.log, got); diff != "" || next != uint64(len(f.log)) || err != nil {
		t.Errorf("next %d, %v: %.2000s", next, err, diff)
	}
	// Without asking for it, nothing is told twice.
	rows, _, err := client.Responses(t.Context(), 0, 100)
	for i := range rows {
		if rows[i].BodyRaw != nil || len(rows[i].Message) > 2000 || err != nil {
			t.Errorf("response %d: %v", i, err)
		}
	}
	want(t, ask(admin.New(f.config()), "GET", "/api/v1/responses?raw=yes"), http.StatusBadRequest, `{"error":"Invalid raw","detail":"raw \"yes\" must be true or false"}`)
	f.fail(errors.New("disk on fire"))
	if got, _, err := client.Recorded(t.Context(), 0, 1); err == nil || len(got) > 0 {
		t.Errorf("%+v %v", got, err)
	}
}

// A page of long answers is cut into several, and nothing is left out.
func TestLongPages(t *testing.T) {
	t.Parallel()
	f := newFake()
	for range 40 {
		f.respond(response(engine.Delivered, func(r *engine.Response) { r.Body = make([]byte, 1<<20) }))
	}
	_, client := serve(t, admin.New(f.config()))
	client.Timeout = time.Minute // a busy machine takes long for so much
	var after uint64
	pages, rows := 0, 0
	for after < 40 {
		got, next, err := client.Recorded(t.Context(), after, 1000)
		if err != nil || next <= after {
			t.Fatalf("page %d: next %d, %v", pages, next, err)
		}
		after, rows, pages = next, rows+len(got), pages+1
	}
	if rows != 40 || pages < 3 {
		t.Errorf("%d responses on %d pages", rows, pages)
	}
}
