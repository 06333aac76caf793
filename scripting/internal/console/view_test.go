package console

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/dop251/goja"
	"github.com/google/go-cmp/cmp"

	"trackhook/engine"
	"trackhook/scripting/internal/jsontext"
	"trackhook/scripting/internal/view"
)

// viewScript runs an expression with e, the view of r, and returns what it prints.
func viewScript(t *testing.T, r *engine.Response, code string) string {
	t.Helper()
	vm, out := newTestConsole()
	if err := vm.Set("e", view.NewResponses(vm).Object(r)); err != nil {
		t.Fatal(err)
	}
	if _, err := vm.RunString("'use strict'; console.log(" + code + ")"); err != nil {
		t.Fatalf("%s: %v", code, err)
	}
	return strings.TrimSuffix(out.String(), "\n")
}

func testResponse(kind engine.Kind, outcome engine.Outcome) *engine.Response {
	r := benchResponse()
	r.Package.Kind, r.Outcome = kind, outcome
	if !outcome.Success() {
		r.WillRetry = outcome == engine.Retry
		r.NextAttempt = time.UnixMilli(1_700_000_120_000)
	}
	return r
}

func TestResponseHasTheDocumentedProperties(t *testing.T) {
	for _, c := range []struct {
		kind    engine.Kind
		outcome engine.Outcome
		want    string
	}{
		{engine.KindSession, engine.Delivered, "message,timestamp,adid,jsonResponse"},
		{engine.KindSession, engine.Duplicate, "message,timestamp,adid,jsonResponse"},
		{engine.KindSession, engine.Retry, "message,timestamp,adid,willRetry,jsonResponse"},
		{engine.KindEvent, engine.Delivered, "message,timestamp,eventToken,callbackId,adid,jsonResponse"},
		{engine.KindEvent, engine.Rejected, "message,timestamp,eventToken,callbackId,adid,willRetry,jsonResponse"},
		{engine.KindAdRevenue, engine.Delivered, "message,timestamp,adid,jsonResponse"},
		{engine.KindGDPRForgetDevice, engine.Retry, "message,timestamp,adid,willRetry,jsonResponse"},
	} {
		r := testResponse(c.kind, c.outcome)
		for _, code := range []string{
			"Object.keys(e).join()",
			"Object.getOwnPropertyNames(e).join()",
			"Object.keys(JSON.parse(JSON.stringify(e))).join()",
			"(() => { const keys = []; for (const k in e) keys.push(k); return keys.join() })()",
		} {
			if got := viewScript(t, r, code); got != c.want {
				t.Errorf("%s %s: %s is %s, want %s", c.kind, c.outcome, code, got, c.want)
			}
		}
	}
}

func TestResponseValues(t *testing.T) {
	success := testResponse(engine.KindEvent, engine.Delivered)
	failure := testResponse(engine.KindEvent, engine.Retry)
	failure.Body = []byte("<html>")
	duplicate := testResponse(engine.KindEvent, engine.Duplicate)
	empty := &engine.Response{Package: engine.Package{Kind: engine.KindEvent}, Outcome: engine.Expired}
	for _, c := range []struct {
		name string
		r    *engine.Response
		code string
		want string
	}{
		{"message", success, "e.message", "Event tracked"},
		{"types", success, "[e.message, e.timestamp, e.eventToken, e.callbackId, e.adid, e.jsonResponse].map((v) => typeof v).join()", "string,string,string,string,string,object"},
		{"values", success, "e.timestamp, e.eventToken, e.callbackId, e.adid", "2024-05-06T12:34:56.789Z+0000 abc123 order-17 9b4a1ad3b3d1ae6f5e7b7b5a3bd9b9d1"},
		{"willRetry on success", success, "e.willRetry, 'willRetry' in e, 'WillRetry' in e", "undefined false false"},
		{"willRetry on failure", failure, "e.willRetry === true, e.WillRetry", "true true"},
		{"willRetry false", empty, "e.willRetry", "false"},
		{"no JSON object", failure, "e.jsonResponse", "null"},
		{"missing strings", empty, "[e.message, e.timestamp, e.eventToken, e.callbackId, e.adid]", "[ '', '', '', '', '' ]"},
		{"nested", success, "e.jsonResponse.attribution.network", "Organic"},
		{"identity", success, "e.jsonResponse === e.jsonResponse, e.jsonResponse.attribution === e.JsonResponse.attribution", "true true"},
		{"aliases", success, "e.Message === e.message, e.Timestamp === e.timestamp, e.Adid === e.adid, e.EventToken === e.eventToken, e.CallbackId === e.callbackId", "true true true true true"},
		{"alias written", success, "(e.Message = 'mine', e.message), Object.keys(e).length, e.Message", "mine 6 mine"},
		{"alias not enumerable", success, "e.propertyIsEnumerable('Message'), 'Message' in e", "false true"},
		{"alias on a copy", success, "Object.create(e, {message: {value: 'c'}}).Message", "c"},
		{"extras", success, "e.id, e.attempt, e.status, e.outcome, e.duplicate, e.nextAttemptAt, e.replay", "018f4f3a 1 200 delivered false null false"},
		{"duplicate", duplicate, "e.duplicate, e.outcome", "true duplicate"},
		{"next attempt", failure, "e.nextAttemptAt instanceof Date, e.nextAttemptAt.toISOString(), e.nextAttemptAt === e.nextAttemptAt", "true 2023-11-14T22:15:20.000Z true"},
		{"raw body", failure, "e.rawBody", "<html>"},
		{"request", success, "e.request", "{\n  app_token: 'abc123def456',\n  environment: 'sandbox',\n  event_token: 'abc123'\n}"},
		{"extras can be written", success, "(e.id = 5, e.id), Object.keys(e).length", "5 6"},
		{"extras are destructured", success, "(({id, attempt, ...rest}) => [id, attempt, Object.keys(rest).length])(e)", "[ '018f4f3a', 1, 6 ]"},
		{"new property", success, "(e.mine = 1, e.mine), Object.keys(e).pop()", "1 mine"},
		{"delete", success, "delete e.adid, e.adid, 'adid' in e, Object.keys(e).length", "true undefined false 5"},
		{"delete what is not there", success, "delete e.nothing", "true"},
		{"as a string", success, "`${e}`, String(e), e.toString(), Object.prototype.toString.call(e)", "[object Object] [object Object] [object Object] [object Object]"},
		{"descriptor", success, "Object.getOwnPropertyDescriptor(e, 'callbackId')", "{\n  value: 'order-17',\n  writable: true,\n  enumerable: true,\n  configurable: true\n}"},
		{"spread", success, "Object.keys({...e, x: 1}).join()", "message,timestamp,eventToken,callbackId,adid,jsonResponse,x"},
		{"constructor", success, "e.constructor === Object, e instanceof Object", "true true"},
		{"print", empty, "e", "{\n  message: '',\n  timestamp: '',\n  eventToken: '',\n  callbackId: '',\n  adid: '',\n  willRetry: false,\n  jsonResponse: null\n}"},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := *c.r
			if got := viewScript(t, &r, c.code); got != c.want {
				t.Errorf("%s is\n%s\nwant\n%s", c.code, got, c.want)
			}
		})
	}
}

// What scripts for the SDKs do with an answer that is a text there.
func TestAnAnswerIsItsOwnText(t *testing.T) {
	r := testResponse(engine.KindEvent, engine.Delivered)
	r.Body = []byte(" {\"message\": \"Event \\u00e9\", \"n\": [1, {\"a\": 2}]}\n")
	const text = `{"message":"Event é","n":[1,{"a":2}]}`
	for code, want := range map[string]string{
		"'json: ' + e.jsonResponse":                                                                        "json: " + text,
		"`${e.jsonResponse}`, String(e.JsonResponse)":                                                      text + " " + text,
		"[e.jsonResponse].join(), e.jsonResponse.toString()":                                               text + " " + text,
		"JSON.parse(e.jsonResponse).n[1].a":                                                                "2",
		"(e.jsonResponse.n = 1, '' + e.jsonResponse)":                                                      `{"message":"Event é","n":1}`,
		"(e.jsonResponse.toString = () => 'mine', '' + e.jsonResponse), Object.keys(e.jsonResponse).pop()": "mine toString",
		"'%s', e.jsonResponse":                                                                             text,
		"e.jsonResponse.toString === e.jsonResponse.toString, e.jsonResponse.toString.name":                "true toString",
		"Object.keys(e.jsonResponse).join(), Object.getOwnPropertyNames(e.jsonResponse).join(), Object.hasOwn(e.jsonResponse, 'toString'), 'toString' in e.jsonResponse": "message,n message,n false true",
		"Object.getPrototypeOf(e.jsonResponse) === Object.prototype, '' + e.jsonResponse.n[1], '' + { ...e.jsonResponse }":                                               "true [object Object] [object Object]",
		"(() => { try { e.jsonResponse.self = e.jsonResponse; return '' + e.jsonResponse } catch (error) { return error.name } })()":                                     "TypeError",
	} {
		if got := viewScript(t, r, code); got != want {
			t.Errorf("%s is\n%s\nwant\n%s", code, got, want)
		}
	}
}

func TestResponseNeverShowsSecretsOrLosesParameters(t *testing.T) {
	r := testResponse(engine.KindEvent, engine.Delivered)
	r.Package.Created = time.Unix(1_700_000_000, 0)
	r.Package.Params = map[string]string{"event_token": "abc123", "revenue": "1.99", "currency": "EUR", "__proto__": "x"}
	r.Package.CallbackParams = map[string]string{"k": "v"}
	r.Package.PartnerParams = map[string]string{"p": "q"}
	want := `{"app_token":"abc123def456","environment":"sandbox","__proto__":"x","currency":"EUR","event_token":"abc123","revenue":"1.99",` +
		`"created_at_unix":"1700000000","callback_params":{"k":"v"},"partner_params":{"p":"q"}}`
	if got := viewScript(t, r, "JSON.stringify(e.request)"); got != want {
		t.Errorf("request is\n%s\nwant\n%s", got, want)
	}
}

func TestViewsRefuseWhatDynamicObjectsCannotDo(t *testing.T) {
	for _, code := range []string{
		"Object.freeze(e)", "Object.freeze(e.jsonResponse)", "Object.seal(e)", "Object.preventExtensions(e)",
		"Object.defineProperty(e, 'x', {get() {}})", "Object.defineProperty(e, 'x', {value: 1, writable: false})",
		"e[Symbol('s')] = 1",
	} {
		vm := goja.New()
		if err := vm.Set("e", view.NewResponses(vm).Object(benchResponse())); err != nil {
			t.Fatal(err)
		}
		_, err := vm.RunString("'use strict'; " + code)
		thrown, ok := errors.AsType[*goja.Exception](err)
		if !ok || !strings.HasPrefix(thrown.Value().String(), "TypeError: ") {
			t.Errorf("%s: %v, want a TypeError", code, err)
		}
	}
	for _, code := range []string{"Object.isFrozen(Object.freeze(e.jsonResponse.list))", "Object.isFrozen(Object.freeze({...e}))"} {
		r := benchResponse()
		r.Body = []byte(`{"list":[1,2]}`)
		if got := viewScript(t, r, code); got != "true" {
			t.Errorf("%s is %s", code, got)
		}
	}
}

func TestTextThatIsNoJSONObject(t *testing.T) {
	deep := strings.Repeat(`{"a":`, jsontext.MaxDepth)
	for _, body := range []string{
		"{}", " \r\n\t{} ", `{"a":[1,{}]}`, `{"a":-0.5e+10}`, `{"a":"\u00E9\/"}`, "{\"a\":\"\u007f\xff\"}",
		deep + "1" + strings.Repeat("}", jsontext.MaxDepth),
	} {
		if _, ok := jsontext.Object([]byte(body)); !ok {
			t.Errorf("%.60q is no object", body)
		}
	}
	for _, body := range []string{
		"", " ", "null", "[]", `"x"`, "OK", "{", "}", "{}x", "{},", "\ufeff{}", "{}{}",
		`{"a"}`, `{"a":}`, `{"a":1,}`, `{,}`, `{a:1}`, `{'a':1}`, `{"a":1 "b":2}`, `{"a":1}}`,
		`{"a":01}`, `{"a":1.}`, `{"a":.5}`, `{"a":-}`, `{"a":1e}`, `{"a":+1}`, `{"a":0x1}`, `{"a":NaN}`,
		`{"a":tru}`, `{"a":truex}`, `{"a":[1,]}`, `{"a":[1}`, `{"a":[}]`,
		"{\"a\":\"\n\"}", `{"a":"\x"}`, `{"a":"\u12"}`, `{"a":"\u12G4"}`, `{"a":"\`, `{"a":"\"}`,
		`{"a":` + deep + "1" + strings.Repeat("}", jsontext.MaxDepth+1),
		`{"a":` + strings.Repeat("[", 100_000) + strings.Repeat("]", 100_000) + "}",
	} {
		if _, ok := jsontext.Object([]byte(body)); ok {
			t.Errorf("%.60q is taken for an object", body)
		}
	}
}

func TestLargeBody(t *testing.T) {
	var body strings.Builder
	body.WriteString(`{"list":[0`)
	for body.Len() < 1<<19 {
		body.WriteString(`,{"id":1}`)
	}
	body.WriteString(`]`)
	for i := 0; body.Len() < 1<<20; i++ {
		body.WriteString(`,"key` + string(appendInt(nil, i)) + `":"value"`)
	}
	body.WriteString("}")
	r := benchResponse()
	r.Body = []byte(body.String())
	for _, c := range []struct{ code, want string }{
		{"e.jsonResponse.list.length > 50_000, e.jsonResponse.key17, e.jsonResponse.list[3].id", "true value 1"},
		{"Object.keys(e.jsonResponse).filter((k) => e.jsonResponse[k] === 'value').length > 20_000", "true"},
		{"(() => { const j = e.jsonResponse; for (const k of Object.keys(j)) delete j[k]; return Object.keys(j).length })()", "0"},
		{"JSON.stringify(e.jsonResponse) === e.rawBody", "true"},
	} {
		if got := viewScript(t, r, c.code); got != c.want {
			t.Errorf("%s is %s, want %s", c.code, got, c.want)
		}
	}
	if got := viewScript(t, r, "e"); len(got) > maxInspectBytes+len(TruncatedNote) || !strings.HasSuffix(got, TruncatedNote) {
		t.Errorf("printed %d bytes that end in %q", len(got), got[max(0, len(got)-40):])
	}
}

func TestViewsOfOneRuntimeDoNotShareWrites(t *testing.T) {
	vm, out := newTestConsole()
	views := view.NewResponses(vm)
	for _, name := range []string{"a", "b"} {
		if err := vm.Set(name, views.Object(benchResponse())); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := vm.RunString("a.message = 'x'; a.id = 'y'; a.jsonResponse.message = 'z'; console.log(b.message, b.id, b.jsonResponse.message)"); err != nil {
		t.Fatal(err)
	}
	if got := out.String(); got != "Event tracked 018f4f3a Event tracked\n" {
		t.Error(got)
	}
}

func TestPlainCopy(t *testing.T) {
	r := benchResponse()
	r.Body = []byte(`{"__proto__":{"x":1},"list":[{"a":1},2],"n":{"m":1}}`)
	vm, out := newTestConsole()
	if err := vm.Set("copy", func(call goja.FunctionCall) goja.Value { return view.Copy(vm, call.Argument(0)) }); err != nil {
		t.Fatal(err)
	}
	if err := vm.Set("e", view.NewResponses(vm).Object(r)); err != nil {
		t.Fatal(err)
	}
	_, err := vm.RunString(`
		const deepFreeze = (o) => { Object.values(o).forEach((v) => typeof v === 'object' && v && deepFreeze(v)); return Object.freeze(o) };
		const c = deepFreeze(copy(e));
		console.log(Object.isFrozen(c), JSON.stringify(c) === JSON.stringify(e), c.jsonResponse !== e.jsonResponse, Object.getPrototypeOf(c) === Object.prototype);
		e.self = e; e.when = new Date(0); e.jsonResponse.again = e.jsonResponse;
		const d = copy({views: [e, , e.jsonResponse], map: new Map([[1, e]])});
		console.log(d.views[0].self === d.views[0], d.views[0].when === e.when, d.views[2].again === d.views[2], 1 in d.views, d.map.get(1) === e);
		deepFreeze(copy(JSON.parse('{"a":[1,{"b":2}]}')));
		console.log(copy(1), copy('s'), copy(undefined), copy(null));
		let deep = {}; for (let i = 0; i < 20000; i++) deep = {deep};
		try { copy(deep) } catch (error) { console.log(error instanceof TypeError) }
	`)
	if err != nil {
		t.Fatal(err)
	}
	want := "true true true true\ntrue true true false true\n1 s undefined null\ntrue\n"
	if diff := cmp.Diff(want, out.String()); diff != "" {
		t.Error(diff)
	}
}
