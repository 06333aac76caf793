package admin_test

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"trackhook/engine"
	"trackhook/engine/admin"
)

// history is a package with two attempts.
func history() *fake {
	f := newFake()
	f.add(1, func(s *engine.PackageState) {
		dead(engine.Rejected)(s)
		s.Seq, s.Attempts = 2, 2
		s.Package.CallbackParams = map[string]string{"k": "v"}
	})
	f.respond(
		response(engine.Retry, func(r *engine.Response) {
			r.Status, r.Body, r.Message, r.Ambiguous, r.WillRetry = 0, nil, "connection reset", true, true
			r.NextAttempt, r.RetryIn = noon().Add(time.Hour), 1500*time.Millisecond
		}),
		response(engine.Rejected, func(r *engine.Response) { r.Attempt, r.Status = 2, 400 }),
	)
	f.runs[1] = []engine.Run{{Listener: "slack", Version: "v1"}, {Listener: "other"}}
	f.runs[2] = []engine.Run{{Listener: "slack", Version: "v2", Failure: "TypeError: boom"}}
	return f
}

const pkg = `"id":"p1","kind":"event","app_token":"abc123def456","environment":"sandbox","device":"gps_adid=d1","event_token":"f0ob4r",`

func TestTimeline(t *testing.T) {
	f := history()
	h := admin.New(f.config())
	want(t, ask(h, "GET", "/api/v1/packages/p1"), 200, `{"package":{`+pkg+`"created":"2026-01-02T12:00:00Z","accepted":"2026-01-02T12:00:00Z","state":"dead","attempts":2,"failures":0,"reason":"rejected","message":"no rejected","ended":"2026-01-02T12:01:00Z","seq":2},`+
		`"request":{"curl":"curl p1","form":[{"name":"app_token","value":"abc123def456"},{"name":"callback_params","value":"{\"k\":\"v\"}"},{"name":"created_at_unix","value":"1767355200"},{"name":"environment","value":"sandbox"},{"name":"event_token","value":"f0ob4r"},{"name":"gps_adid","value":"d1"}]},`+
		`"history":[`+
		`{"seq":1,"at":"2026-01-02T12:00:00Z",`+pkg+`"attempt":1,"outcome":"retry","rule":"rule","message":"connection reset","ambiguous":true,"retry_in_ms":1500,"will_retry":true,"next_attempt":"2026-01-02T13:00:00Z","runs":[{"listener":"slack","version":"v1","plugin":"slack"},{"listener":"other","skipped":true}]},`+
		`{"seq":2,"at":"2026-01-02T12:00:00Z",`+pkg+`"attempt":2,"outcome":"rejected","rule":"rule","status":400,"message":"hi","body":{"message":"hi"},"body_bytes":17,"will_retry":false,"runs":[{"listener":"slack","version":"v2","failure":"TypeError: boom","plugin":"slack"}]}`+
		`]}`)
	want(t, ask(h, "GET", "/api/v1/packages/nope"), 404, `{"error":"Package not found","detail":"no package \"nope\" is queued, dead, or in the log of responses"}`)

	cfg := f.config()
	cfg.Curl, cfg.Form = nil, func(*engine.Package) []admin.Param { return nil }
	if w := ask(admin.New(cfg), "GET", "/api/v1/packages/p1"); !strings.Contains(w.Body.String(), `"request":{"form":[]}`) {
		t.Errorf("answer %s", w.Body)
	}
}

func TestBodies(t *testing.T) {
	for name, row := range map[string]struct{ body, expect string }{
		"object":      {` {"a" : [1, "<b>"]} `, `"body":{"a":[1,"<b>"]},"body_bytes":20,`},
		"text":        {"<html>\xff</html>", `"body_text":"<html></html>","body_bytes":14,`},
		"empty":       {"", ``},
		"white space": {" \n", `"body_bytes":2,`},
		"null":        {"null", `"body":null,"body_bytes":4,`},
		// Valid JSON by its form, but no text that could be passed on.
		"broken UTF-8": {"{\"a\":\"\xff\"}", `"body_text":"{\"a\":\"\"}","body_bytes":9,`},
		"long":         {`"` + strings.Repeat("x", 100_000) + `"`, `"body_text":"\"` + strings.Repeat("x", 65_535) + `...","body_bytes":100002,"body_cut":true,`},
	} {
		f := newFake()
		f.respond(response(engine.Delivered, func(r *engine.Response) { r.Body = []byte(row.body) }))
		w := ask(admin.New(f.config()), "GET", "/api/v1/responses")
		if expect := `"message":"hi",` + row.expect + `"will_retry":false`; w.Code != 200 || !strings.Contains(w.Body.String(), expect) {
			t.Errorf("%s: answer %d %.300s", name, w.Code, w.Body)
		}
	}
}

// seqs are the numbers of a page of responses, its next and its last.
func seqs(t *testing.T, h http.Handler, query string) string {
	t.Helper()
	var page struct {
		Responses  []admin.Response
		Next, Last uint64
	}
	w := ask(h, "GET", "/api/v1/responses?"+query)
	if err := json.Unmarshal(w.Body.Bytes(), &page); w.Code != 200 || err != nil {
		t.Fatalf("answer %d %s", w.Code, w.Body)
	}
	var all []uint64
	for i := range page.Responses {
		all = append(all, page.Responses[i].Seq)
	}
	return fmt.Sprint(all, " next ", page.Next, " last ", page.Last)
}

func TestResponses(t *testing.T) {
	f := newFake()
	h := admin.New(f.config())
	wantText(t, seqs(t, h, ""), "[] next 0 last 0")
	for n := range 200 {
		f.respond(response(engine.Delivered, func(r *engine.Response) {
			if n%50 == 0 {
				r.Outcome, r.Package.Kind, r.Package.Device = engine.Retry, engine.KindSession, "idfa=x"
			}
		}))
	}
	wantText(t, seqs(t, h, "limit=3"), "[1 2 3] next 3 last 200")
	wantText(t, seqs(t, h, "after=198"), "[199 200] next 200 last 200")
	wantText(t, seqs(t, h, "after=200"), "[] next 200 last 200")
	wantText(t, seqs(t, h, "after=999"), "[] next 999 last 200")
	for _, filter := range []string{"outcome=retry", "kind=session", "device=idfa%3Dx", "outcome=retry&app_token=" + token} {
		wantText(t, seqs(t, h, filter), "[1 51 101 151] next 200 last 200")
	}
	wantText(t, seqs(t, h, "outcome=retry&limit=2"), "[1 51] next 51 last 200")
	wantText(t, seqs(t, h, "environment=production"), "[] next 200 last 200")
	wantText(t, seqs(t, h, "event_token=nope"), "[] next 200 last 200")
	f.trim(190)
	wantText(t, seqs(t, h, "limit=2"), "[191 192] next 192 last 200")
}

// A log whose newest responses were removed meanwhile must not hold the answer up for ever.
func TestResponsesOfAnEmptiedLog(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := &emptyLog{fake: newFake()}
		cfg := f.config()
		cfg.Responses = f
		began := time.Now()
		wantText(t, seqs(t, admin.New(cfg), ""), "[] next 10 last 10")
		if took := time.Since(began); took > 5*time.Second {
			t.Errorf("took %s", took)
		}
	})
}

// emptyLog is a log that has been written to and holds nothing.
type emptyLog struct{ *fake }

func (*emptyLog) Last(context.Context) (uint64, error) { return 10, nil }
