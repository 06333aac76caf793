package adjust_test

import (
	"strings"
	"testing"
	"time"

	"trackhook/engine"
	"trackhook/engine/adjust"
)

// classification is an answer and what it must lead to.
type classification struct {
	name    string
	p       func() engine.Package // default event
	known   bool                  // the device has an accepted session
	answer  adjust.Answer
	outcome engine.Outcome
	rule    string // "" is not checked
}

func answer(status int, body string) adjust.Answer {
	return adjust.Answer{Status: status, Body: []byte(body)}
}

func broken(fault adjust.Fault) adjust.Answer {
	return adjust.Answer{Fault: fault, Message: "broken", Ambiguous: fault == adjust.FaultNoAnswer}
}

func checkClassifications(t *testing.T, tests []classification) {
	t.Helper()
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if test.p == nil {
				test.p = event
			}
			d := engine.Delivery{Package: test.p(), Attempt: 1}
			if test.known {
				d.Device.Session = created()
			}
			got := adjust.DefaultRules().Classify(d, test.answer)
			if got.Outcome != test.outcome || test.rule != "" && got.Rule != test.rule {
				t.Errorf("outcome %s by rule %q, want %s by %q", got.Outcome, got.Rule, test.outcome, test.rule)
			}
		})
	}
}

// The table of outcomes of the design, row by row.
func TestOutcomeTable(t *testing.T) {
	object := `{"error":"Event request failed (something new)"}`
	checkClassifications(t, []classification{
		{name: "delivered: 200 with an object", answer: answer(200, ` {"status":"OK"} `), outcome: engine.Delivered, rule: "ok"},
		{name: "delivered: 200 with an empty object", answer: answer(200, `{ }`), outcome: engine.Delivered},
		{name: "delivered: 200 with OK", answer: answer(200, "OK"), outcome: engine.Delivered, rule: "ok, as plain text"},
		{name: "delivered: 200 with OK and a line end", answer: answer(200, "OK\n"), outcome: engine.Delivered},
		{name: "not delivered: OK with another status", answer: answer(500, "OK"), outcome: engine.Retry},
		{name: "not delivered: ok in small letters", answer: answer(200, "ok"), outcome: engine.Retry},

		{name: "duplicate: with 400", answer: answer(400, `{"error":"Event request failed (Ignoring event, earlier unique event tracked)"}`), outcome: engine.Duplicate},
		{name: "duplicate: with 500", answer: answer(500, `{"error":"Event request failed (Ignoring event, earlier unique event tracked)"}`), outcome: engine.Duplicate},
		{name: "duplicate: with 200", answer: answer(200, `{"message":"Ignoring event, earlier unique event tracked"}`), outcome: engine.Duplicate},
		{name: "duplicate: revenue", p: purchase, answer: answer(500, `{"error":"Ignoring event, EARLIER unique event tracked"}`), outcome: engine.Duplicate},
		{name: "duplicate: too frequent session with 500", p: session, answer: answer(500, `{"error":"Session failed (Ignoring too frequent session)"}`), outcome: engine.Duplicate},
		{name: "duplicate: too frequent session with 200", p: session, answer: answer(200, `{"message":"Ignoring too frequent session"}`), outcome: engine.Duplicate},
		{name: "duplicate: as plain text", p: session, answer: answer(500, "Ignoring too frequent session"), outcome: engine.Duplicate},
		{name: "duplicate: before retry_in", answer: answer(200, `{"error":"earlier unique event tracked","retry_in":5}`), outcome: engine.Duplicate},
		{name: "no duplicate: the text is elsewhere in the body", answer: answer(400, `{"error":"x","echo":"earlier unique event tracked"}`), outcome: engine.Rejected},

		{name: "retry: refused", answer: broken(adjust.FaultRefused), outcome: engine.Retry, rule: "no answer"},
		{name: "retry: revenue refused", p: purchase, answer: broken(adjust.FaultRefused), outcome: engine.Retry, rule: "no answer"},
		{name: "retry: TLS", answer: broken(adjust.FaultTLS), outcome: engine.Retry},
		{name: "retry: timeout before it was sent", p: purchase, answer: broken(adjust.FaultTimeout), outcome: engine.Retry},
		{name: "retry: no answer", answer: broken(adjust.FaultNoAnswer), outcome: engine.Retry, rule: "no answer"},
		{name: "retry: no answer to a session", p: session, answer: broken(adjust.FaultNoAnswer), outcome: engine.Retry},
		{name: "retry: 408", answer: answer(408, object), outcome: engine.Retry},
		{name: "retry: 429 empty", answer: answer(429, ""), outcome: engine.Retry},
		{name: "retry: 429 with an object", p: purchase, answer: answer(429, object), outcome: engine.Retry, rule: "too many requests"},
		{name: "retry: retry_in with 200", answer: answer(200, `{"retry_in":5000}`), outcome: engine.Retry, rule: "retry_in"},
		{name: "retry: retry_in with 500", p: purchase, answer: answer(500, `{"retry_in":"5000"}`), outcome: engine.Retry, rule: "retry_in"},
		{name: "retry: empty 500", p: purchase, answer: answer(500, ""), outcome: engine.Retry},
		{name: "retry: HTML 503", p: purchase, answer: answer(503, "<html>busy</html>"), outcome: engine.Retry},
		{name: "retry: HTML 200", answer: answer(200, "<html>log in</html>"), outcome: engine.Retry, rule: "not an answer of the server"},
		{name: "retry: garbage", answer: answer(200, "not a json response"), outcome: engine.Retry},
		{name: "retry: array", answer: answer(200, `[{"status":"OK"}]`), outcome: engine.Retry},
		{name: "retry: scalar", answer: answer(200, `"OK"`), outcome: engine.Retry},
		{name: "retry: 204", answer: answer(204, ""), outcome: engine.Retry},
		{name: "retry: 404 without an object", answer: answer(404, "Device not found"), outcome: engine.Retry},
		{name: "retry: 403 page of a proxy", answer: answer(403, "<html>Tracking disabled by your administrator</html>"), outcome: engine.Retry},
		{name: "retry: 401 page of a portal", answer: answer(401, "<html>log in</html>"), outcome: engine.Retry},
		{name: "retry: 401 empty", answer: answer(401, ""), outcome: engine.Retry},
		{name: "retry: redirect", answer: answer(302, ""), outcome: engine.Retry, rule: "redirect"},
		{name: "retry: redirect with an object", answer: answer(307, "{}"), outcome: engine.Retry, rule: "redirect"},
		{name: "unclear: cut answer", answer: adjust.Answer{Status: 200, Body: []byte(`{"status":"OK"}`), Fault: adjust.FaultCut, Ambiguous: true}, outcome: engine.Unclear},
		{name: "unclear: cut OK", answer: adjust.Answer{Status: 200, Body: []byte("OK"), Fault: adjust.FaultCut, Ambiguous: true}, outcome: engine.Unclear},
		{name: "retry: too long", answer: adjust.Answer{Status: 200, Body: []byte("{}"), Fault: adjust.FaultTooLong}, outcome: engine.Retry},

		{name: "wait: device not found", answer: answer(404, `{"error":"Event request failed (Device not found)"}`), outcome: engine.WaitForDevice},
		{name: "wait: device not found, session known", known: true, answer: answer(404, `{"error":"Event request failed (Device not found)"}`), outcome: engine.WaitForDevice},
		{name: "wait: bad event state before a session", answer: answer(400, `{"error":"Event request failed (Bad event state)"}`), outcome: engine.WaitForDevice},
		{name: "rejected: bad event state after a session", known: true, answer: answer(400, `{"error":"Event request failed (Bad event state)"}`), outcome: engine.Rejected},

		{name: "blocked: 401", answer: answer(401, `{"error":"anything"}`), outcome: engine.Blocked},
		{name: "blocked: 401 as plain text", answer: answer(401, "Session failed"), outcome: engine.Blocked},
		{name: "blocked: missing token", answer: answer(202, `{"error":"Missing authentication token"}`), outcome: engine.Blocked},
		{name: "blocked: wrong token", answer: answer(202, `{"message":"Wrong authentication token"}`), outcome: engine.Blocked},
		{name: "blocked: wrong token as plain text", answer: answer(202, "Wrong authentication token"), outcome: engine.Blocked},
		{name: "blocked: app is inactive", answer: answer(403, `{"error":"Event request failed (App is inactive)"}`), outcome: engine.Blocked},
		{name: "blocked: tracking disabled", answer: answer(403, `{"error":"Event request failed (Tracking disabled)"}`), outcome: engine.Blocked},
		{name: "blocked: app token not found", answer: answer(404, `{"error":"Event request failed (App token not found)"}`), outcome: engine.Blocked},

		{name: "unclear: 500 with an object", answer: answer(500, object), outcome: engine.Unclear, rule: "server error"},
		{name: "unclear: 503 with an object", p: session, answer: answer(503, "{}"), outcome: engine.Unclear},
		{name: "unclear: revenue", p: purchase, answer: answer(500, object), outcome: engine.Unclear},
		{name: "unclear: no answer to revenue", p: purchase, answer: broken(adjust.FaultNoAnswer), outcome: engine.Unclear, rule: "no answer to revenue"},
		{name: "unclear: no answer to ad revenue", p: adRevenue, answer: broken(adjust.FaultNoAnswer), outcome: engine.Unclear, rule: "no answer to revenue"},
		{name: "unclear: cut answer to revenue", p: purchase, answer: adjust.Answer{Status: 200, Body: []byte(`{"st`), Fault: adjust.FaultCut, Ambiguous: true}, outcome: engine.Unclear},

		{name: "rejected: 413", answer: answer(413, object), outcome: engine.Rejected},
		{name: "rejected: 413 without an object", answer: answer(413, ""), outcome: engine.Rejected},
		{name: "rejected: 451", answer: answer(451, object), outcome: engine.Rejected},
		{name: "rejected: 451 without an object", answer: answer(451, ""), outcome: engine.Rejected},
		{name: "rejected: 202 with another object", answer: answer(202, `{"message":"x"}`), outcome: engine.Rejected, rule: "refused"},
		{name: "rejected: 400", answer: answer(400, object), outcome: engine.Rejected},
		{name: "rejected: 404 with another text", answer: answer(404, object), outcome: engine.Rejected},
		{name: "rejected: 201", answer: answer(201, "{}"), outcome: engine.Rejected},
	})
}

// Every documented message of the server.
func TestDocumentedMessages(t *testing.T) {
	failed := func(status int, message string) adjust.Answer {
		return answer(status, `{"error":"Event request failed (`+message+`)"}`)
	}
	checkClassifications(t, []classification{
		{name: "OK", answer: answer(200, "OK"), outcome: engine.Delivered},
		{name: "status OK", answer: answer(200, `{"status":"OK"}`), outcome: engine.Delivered},
		{name: "Bad event state", answer: failed(400, "Bad event state"), outcome: engine.WaitForDevice},
		{name: "Invalid app token", answer: failed(400, "Invalid app token"), outcome: engine.Rejected},
		{name: "earlier unique event", answer: failed(400, "Ignoring event, earlier unique event tracked"), outcome: engine.Duplicate},
		{name: "Invalid callback parameters", answer: failed(400, "Invalid callback parameters"), outcome: engine.Rejected},
		{name: "Invalid event token", answer: failed(400, "Invalid event token"), outcome: engine.Rejected},
		{name: "Invalid revenue", p: purchase, answer: failed(400, "Invalid revenue"), outcome: engine.Rejected},
		{name: "Failed to authorize request", answer: failed(401, "Failed to authorize request"), outcome: engine.Blocked},
		{name: "App is inactive", answer: failed(403, "App is inactive"), outcome: engine.Blocked},
		{name: "Tracking disabled", answer: failed(403, "Tracking disabled"), outcome: engine.Blocked},
		{name: "Event token blocklisted", answer: failed(403, "Event token blocklisted"), outcome: engine.Rejected},
		{name: "App token not found", answer: failed(404, "App token not found"), outcome: engine.Blocked},
		{name: "Device not found", answer: failed(404, "Device not found"), outcome: engine.WaitForDevice},
		{name: "Request size too large", answer: failed(413, "Request size too large"), outcome: engine.Rejected},
		{name: "Device is opted out", answer: failed(451, "Device is opted out"), outcome: engine.Rejected},
		{name: "Internal error", answer: failed(500, "Internal error, contact support@adjust.com"), outcome: engine.Unclear},
		{name: "Missing authentication token", answer: answer(202, `{"error":"Missing authentication token"}`), outcome: engine.Blocked},
		{name: "Wrong authentication token", answer: answer(202, `{"error":"Wrong authentication token"}`), outcome: engine.Blocked},
		{name: "scope insufficient", p: session, answer: answer(401, `{"error":"Session failed"}`), outcome: engine.Blocked},
		{name: "ad revenue ok", p: adRevenue, answer: answer(200, `{"status":"OK"}`), outcome: engine.Delivered},
		{name: "ad revenue error", p: adRevenue, answer: answer(400, `{"error":"Ad revenue request failed (Invalid revenue) (app_token:abc123def456)"}`), outcome: engine.Rejected},
		{name: "Install tracked", p: session, answer: answer(200, installTracked), outcome: engine.Delivered},
		{name: "Session tracked", p: session, answer: answer(200, strings.Replace(installTracked, "Install", "Session", 1)), outcome: engine.Delivered},
		{name: "erasure processed", p: erasure, answer: answer(200, `{"status":"OK"}`), outcome: engine.Delivered},
		{name: "erasure processed, without a body", p: erasure, answer: answer(200, ""), outcome: engine.Delivered, rule: "erasure accepted"},
		{name: "erasure processed, as plain text", p: erasure, answer: answer(200, "processed"), outcome: engine.Delivered, rule: "erasure accepted"},
		{name: "erasure processed, as a JSON array", p: erasure, answer: answer(200, "[]"), outcome: engine.Delivered, rule: "erasure accepted"},
		{name: "erasure processed, the answer broke off", p: erasure, answer: adjust.Answer{Status: 200, Body: []byte("{"), Fault: adjust.FaultCut, Ambiguous: true}, outcome: engine.Delivered, rule: "erasure accepted"},
		{name: "erasure answered by a captive portal", p: erasure, answer: answer(200, "<!DOCTYPE html><html></html>"), outcome: engine.Retry, rule: "erasure answered by a web page"},
		{name: "erasure to come back with", p: erasure, answer: answer(200, `{"retry_in":1000}`), outcome: engine.Retry, rule: "retry_in"},
		{name: "erasure, another status without a body", p: erasure, answer: answer(202, ""), outcome: engine.Retry},
		{name: "an event without a body is not delivered", answer: answer(200, ""), outcome: engine.Retry, rule: "not an answer of the server"},
		{name: "erasure bad request", p: erasure, answer: answer(400, `{"error":"Bad request"}`), outcome: engine.Rejected},
		{name: "erasure too often", p: erasure, answer: answer(429, ""), outcome: engine.Retry},
		{name: "erasure refused for legal reasons", p: erasure, answer: answer(451, ""), outcome: engine.Rejected},
	})
}

const installTracked = `{"app_token":"abc123def456","adid":"57ab21cf7c09e7a8d5e8b3c0b6d8f1a2","timestamp":"2024-07-09T01:31:14.373Z+0000","message":"Install tracked","ask_in":2000}`

// What users of Adjust have reported, one test for each account.
func TestAccounts(t *testing.T) {
	checkClassifications(t, []classification{
		{name: "react_native_sdk 215: 5xx for events that went through", answer: answer(502, `{"error":"Internal error"}`), outcome: engine.Unclear},
		{name: "react_native_sdk 215: revenue that may have gone through", p: purchase, answer: answer(500, `{"error":"Internal error"}`), outcome: engine.Unclear},
		{name: "android_sdk 125: 500 for a too frequent session", p: session, known: true, answer: answer(500, `{"error":"Ignoring too frequent session"}`), outcome: engine.Duplicate},
		{name: "flutter_sdk 13: 404 now, 200 a few hours later", answer: answer(404, `{"error":"Event request failed (Device not found)"}`), outcome: engine.WaitForDevice},
		{name: "flutter_sdk 185: the purchase waits for its device", p: purchase, answer: answer(404, `{"error":"Event request failed (Device not found)"}`), outcome: engine.WaitForDevice},
		{name: "react_native_sdk 249: sent before the install", answer: answer(404, `{"message":"Event request failed (Device not found)"}`), outcome: engine.WaitForDevice},
		{name: "ios_sdk 326: a unique event reported as a failure", answer: answer(400, `{"message":"Event failed (Ignoring event subsequent to an event supposed to be unique)"}`), outcome: engine.Duplicate},
		{name: "android_sdk 307: 500 with an object is not retried blindly", p: purchase, answer: answer(500, `{"message":"testResponseError"}`), outcome: engine.Unclear},
		{name: "revoked token: the app waits", answer: answer(401, `{"error":"Failed to authorize request"}`), outcome: engine.Blocked},
		{name: "captive portal: 200 with a page", p: purchase, answer: answer(200, "<!DOCTYPE html><html></html>"), outcome: engine.Retry},
		{name: "lost answer to a session", p: session, answer: broken(adjust.FaultNoAnswer), outcome: engine.Retry},
		{name: "lost answer to a purchase", p: purchase, answer: broken(adjust.FaultNoAnswer), outcome: engine.Unclear},
	})
}

func TestClassifyFields(t *testing.T) {
	at := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	date := "Tue, 09 Jul 2024 01:31:14 GMT"
	for _, test := range []struct {
		name   string
		answer adjust.Answer
		check  func(r engine.Response) (got, want any)
	}{
		{"message", answer(200, installTracked), func(r engine.Response) (any, any) { return r.Message, "Install tracked" }},
		{"adid", answer(200, installTracked), func(r engine.Response) (any, any) { return r.ADID, "57ab21cf7c09e7a8d5e8b3c0b6d8f1a2" }},
		{"timestamp", answer(200, installTracked), func(r engine.Response) (any, any) { return r.Timestamp, "2024-07-09T01:31:14.373Z+0000" }},
		{"ask_in", answer(200, installTracked), func(r engine.Response) (any, any) { return r.AskIn, 2 * time.Second }},
		{"continue_in", answer(200, `{"continue_in":"3000"}`), func(r engine.Response) (any, any) { return r.ContinueIn, 3 * time.Second }},
		{"body as it came", answer(200, " {} "), func(r engine.Response) (any, any) { return string(r.Body), " {} " }},
		{"message from error", answer(400, `{"error":"e","status":"s"}`), func(r engine.Response) (any, any) { return r.Message, "e" }},
		{"message from status", answer(200, `{"status":"OK"}`), func(r engine.Response) (any, any) { return r.Message, "OK" }},
		{"message before error", answer(400, `{"status":"s","error":"e","message":"m"}`), func(r engine.Response) (any, any) { return r.Message, "m" }},
		{"null is no message", answer(400, `{"message":null,"error":"e"}`), func(r engine.Response) (any, any) { return r.Message, "e" }},
		{"a number as message", answer(400, `{"message":12.50}`), func(r engine.Response) (any, any) { return r.Message, "12.50" }},
		{"an object as message", answer(400, `{"message":{"a":[1]}}`), func(r engine.Response) (any, any) { return r.Message, `{"a":[1]}` }},
		{"the last of two", answer(400, `{"message":"a","message":"b"}`), func(r engine.Response) (any, any) { return r.Message, "b" }},
		{"nested names do not count", answer(400, `{"x":{"message":"a"},"error":"e"}`), func(r engine.Response) (any, any) { return r.Message, "e" }},
		{"escapes", answer(400, `{"message":"a\"\u00e9\n\ud83d\ude00"}`), func(r engine.Response) (any, any) { return r.Message, "a\"é 😀" }},
		{"OK as text", answer(200, "OK"), func(r engine.Response) (any, any) { return r.Message, "OK" }},
		{"message of a fault", broken(adjust.FaultDNS), func(r engine.Response) (any, any) { return r.Message, "broken" }},
		{"no message in an empty object", answer(200, "{}"), func(r engine.Response) (any, any) { return r.Message, "" }},
		{"timestamp from Date", adjust.Answer{Status: 200, Body: []byte("{}"), Date: date}, func(r engine.Response) (any, any) { return r.Timestamp, "2024-07-09T01:31:14.000Z+0000" }},
		{"timestamp from nothing", adjust.Answer{Status: 200, Body: []byte("{}"), Date: "yesterday"}, func(r engine.Response) (any, any) { return r.Timestamp, "" }},
		{"retry_in", answer(200, `{"retry_in":1500}`), func(r engine.Response) (any, any) { return r.RetryIn, 1500 * time.Millisecond }},
		{"retry_in as text", answer(200, `{"retry_in":"1500.5"}`), func(r engine.Response) (any, any) { return r.RetryIn, 1500500 * time.Microsecond }},
		{"retry_in abc is absent", answer(200, `{"retry_in":"abc"}`), func(r engine.Response) (any, any) { return r.Outcome, engine.Delivered }},
		{"retry_in NaN is absent", answer(200, `{"retry_in":"NaN"}`), func(r engine.Response) (any, any) { return r.Outcome, engine.Delivered }},
		{"retry_in true is absent", answer(200, `{"retry_in":true}`), func(r engine.Response) (any, any) { return r.Outcome, engine.Delivered }},
		{"retry_in empty is absent", answer(200, `{"retry_in":""}`), func(r engine.Response) (any, any) { return r.Outcome, engine.Delivered }},
		{"retry_in null is absent", answer(200, `{"retry_in":null}`), func(r engine.Response) (any, any) { return r.Outcome, engine.Delivered }},
		{"retry_in negative asks for nothing", answer(200, `{"retry_in":-5}`), func(r engine.Response) (any, any) { return r.RetryIn, time.Duration(0) }},
		{"retry_in negative is a retry", answer(200, `{"retry_in":-5}`), func(r engine.Response) (any, any) { return r.Outcome, engine.Retry }},
		{"retry_in huge", answer(200, `{"retry_in":1e300}`), func(r engine.Response) (any, any) { return r.RetryIn, 365 * 24 * time.Hour }},
		{"retry_in beyond numbers", answer(200, `{"retry_in":1e999}`), func(r engine.Response) (any, any) { return r.RetryIn, 365 * 24 * time.Hour }},
		{"redirect to another host", adjust.Answer{Status: 301, Location: "https://s2s.example.com/event?secret=1"}, func(r engine.Response) (any, any) {
			return r.Message, "the server redirects to https://s2s.example.com, which is not followed; correct the endpoint"
		}},
		{"redirect on the host", adjust.Answer{Status: 308, Location: "/login", Body: []byte("<html>")}, func(r engine.Response) (any, any) {
			return r.Message, "the server redirects, which is not followed; correct the endpoint"
		}},
		{"Retry-After seconds", adjust.Answer{Status: 429, RetryAfter: "120"}, func(r engine.Response) (any, any) { return r.RetryIn, 2 * time.Minute }},
		{"Retry-After date, by the server's clock", adjust.Answer{Status: 503, Date: date, RetryAfter: "Tue, 09 Jul 2024 01:32:14 GMT"}, func(r engine.Response) (any, any) { return r.RetryIn, time.Minute }},
		{"Retry-After date, by our clock", adjust.Answer{Status: 503, RetryAfter: "Thu, 01 Jan 2026 00:00:30 GMT"}, func(r engine.Response) (any, any) { return r.RetryIn, 30 * time.Second }},
		{"Retry-After past", adjust.Answer{Status: 503, RetryAfter: "Thu, 01 Jan 2015 00:00:30 GMT"}, func(r engine.Response) (any, any) { return r.RetryIn, time.Duration(0) }},
		{"Retry-After nonsense", adjust.Answer{Status: 503, RetryAfter: "soon"}, func(r engine.Response) (any, any) { return r.RetryIn, time.Duration(0) }},
		{"Retry-After negative", adjust.Answer{Status: 503, RetryAfter: "-1"}, func(r engine.Response) (any, any) { return r.RetryIn, time.Duration(0) }},
		{"retry_in before Retry-After", adjust.Answer{Status: 503, Body: []byte(`{"retry_in":1000}`), RetryAfter: "9"}, func(r engine.Response) (any, any) { return r.RetryIn, time.Second }},
		{"Retry-After without a retry", adjust.Answer{Status: 200, Body: []byte("{}"), RetryAfter: "9"}, func(r engine.Response) (any, any) { return r.RetryIn, time.Duration(0) }},
		{"at", adjust.Answer{Status: 200}, func(r engine.Response) (any, any) { return r.At, at }},
	} {
		t.Run(test.name, func(t *testing.T) {
			test.answer.At = at
			if got, want := test.check(adjust.DefaultRules().Classify(engine.Delivery{Package: event(), Attempt: 1}, test.answer)); got != want {
				t.Errorf("got %#v, want %#v", got, want)
			}
		})
	}
}

func TestClassifyWithoutRules(t *testing.T) {
	r := new(adjust.Rules).Classify(engine.Delivery{Package: event()}, answer(200, "{}"))
	if r.Outcome != engine.Retry {
		t.Errorf("outcome %s, want retry: nothing may be lost for want of a rule", r.Outcome)
	}
}
