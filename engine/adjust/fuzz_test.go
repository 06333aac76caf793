package adjust_test

import (
	"bytes"
	"encoding/json"
	"testing"
	"unicode/utf8"

	"trackhook/engine"
	"trackhook/engine/adjust"
)

// FuzzAnswer compares what is taken for a JSON object with encoding/json, and looks for panics in everything else.
func FuzzAnswer(f *testing.F) {
	for _, body := range []string{
		installTracked, `{"status":"OK"}`, "OK", "", " {} ", "[]", `{"error":"Event request failed (Device not found)"}`,
		`{"retry_in":"abc"}`, `{"retry_in":-1e999}`, `{"a":[1,2.5e-7,true,false,null,{"b":"\u00e9\ud83d"}]}`, `{"a":01}`, `{"a":"\x"}`,
		"{\"a\":\"\xff\"}", `{"message":"a","message":null}`, "<html>", "{\"a\":1,}", `{"":""}`, `{"a":1}{`,
	} {
		f.Add(body, 200, "Tue, 09 Jul 2024 01:31:14 GMT", "120")
	}
	rules, err := adjust.LoadRules([]byte("rules:\n- {name: object, outcome: delivered, json: object}\n- {name: other, outcome: rejected}\n"))
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, body string, status int, date, retryAfter string) {
		a := adjust.Answer{Status: status, Body: []byte(body), Date: date, RetryAfter: retryAfter}
		got := rules.Classify(engine.Delivery{Package: event()}, a)
		trimmed := bytes.TrimLeft([]byte(body), " \t\r\n")
		object := len(trimmed) > 0 && trimmed[0] == '{' && json.Valid(trimmed)
		if (got.Outcome == engine.Delivered) != object && depth(body) < 400 {
			t.Errorf("taken for an object: %v, want %v", !object, object)
		}
		r := adjust.DefaultRules().Classify(engine.Delivery{Package: event()}, a)
		if r.Outcome == 0 || r.Rule == "" || r.RetryIn < 0 || r.AskIn < 0 || r.ContinueIn < 0 {
			t.Errorf("response %+v", r)
		}
		if !utf8.ValidString(r.Message) || !utf8.ValidString(r.ADID) || !utf8.ValidString(r.Timestamp) {
			t.Errorf("broken text in %q, %q, %q", r.Message, r.ADID, r.Timestamp)
		}
	})
}

// depth is an upper bound of how deep a text nests.
func depth(s string) int {
	return bytes.Count([]byte(s), []byte("[")) + bytes.Count([]byte(s), []byte("{"))
}

func FuzzRules(f *testing.F) {
	f.Add(adjust.EmbeddedRules())
	for _, file := range []string{
		"rules:\n  - {name: a, outcome: retry}\n", "rules: [", "rules:\n- name: &a x\n  outcome: *a\n", "rules: {a: b}", "- - -", "",
		"rules:\n  - name: a\n    outcome: retry\n    status: [5xx, 404]\n    text:\n", "\"", "rules:\n\t- x", "? a\n: b", "rules: !!binary x",
	} {
		f.Add([]byte(file))
	}
	f.Fuzz(func(t *testing.T, file []byte) {
		rules, err := adjust.LoadRules(file)
		if err != nil {
			if rules != nil || err.Error() == "" {
				t.Errorf("rules %v with error %q", rules, err)
			}
			return
		}
		r := rules.Classify(engine.Delivery{Package: event()}, answer(599, "x"))
		if r.Outcome == 0 || r.Rule == "no rule" {
			t.Errorf("an answer without a rule: %+v", r)
		}
	})
}

// FuzzWire answers with any bytes, twice on one connection where it is kept: no answer may crash an attempt, be taken for
// more than its limit, or make a purchase look unsent.
func FuzzWire(f *testing.F) {
	for _, answer := range []string{
		okAnswer, "", "hello\r\n\r\n", "HTTP/1.1 200 OK\r\nContent-Length: 15\r\n\r\n{\"stat", "HTTP/1.1 404 Not Found\r\n\r\n{}",
		"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\n{\"s\r\n", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nffffffffffffffff\r\n",
		"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}", "HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n",
		"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\n{}", "HTTP/1.0 200 OK\r\nConnection: keep-alive\r\n\r\n{}",
		"HTTP/1.1 101 Switching Protocols\r\n\r\n", "HTTP/1.1 000 \r\n\r\n", "HTTP/2.0 200 OK\r\n\r\n", "\x15\x03\x01\x00\x02\x02\x46",
	} {
		f.Add([]byte(answer))
	}
	f.Fuzz(func(t *testing.T, answer []byte) {
		d := newDeliverer(t, adjust.Config{Endpoint: "http://s2s.test", MaxBody: 1000, Dial: answering(string(answer), nil)})
		for range 2 {
			r := deliver(t, d, purchase())
			if r.Outcome == 0 || r.Rule == "" || len(r.Body) > 1000 || !utf8.ValidString(r.Message) {
				t.Errorf("response %+v", r)
			}
			if r.Status == 0 && !r.Ambiguous {
				t.Errorf("no answer, and not ambiguous: %+v", r)
			}
		}
	})
}
