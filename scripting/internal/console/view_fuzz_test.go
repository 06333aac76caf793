package console

import (
	"bufio"
	"bytes"
	_ "embed"
	"encoding/json"
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/dop251/goja"
	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"trackhook/engine"
	"trackhook/scripting/internal/jsontext"
	"trackhook/scripting/internal/view"
)

//go:embed testdata/parse.js
var parseScript string

//go:embed testdata/use.js
var useScript string

func viewBodies() []string {
	return []string{
		benchBody,
		`{}`, ` { } `, `{"a":{}}`, `{"a":[]}`, `{"a":[[],{}]}`,
		`{"a":1,"b":-2,"c":1.5,"d":1e3,"e":-0,"f":0.1,"g":1e400,"h":12345678901234567890,"i":123456789012345,"j":-0.0,"k":1E-7}`,
		`{"t":true,"f":false,"n":null,"s":"","e":"\"\\\/\b\f\n\r\t\u0041\u00e9\ud83d\ude00"}`,
		`{"lone":"\ud800","low":"\udc00x","pair":"\ud83d\ude00","mixed":"a\ud800b"}`,
		`{"b":1,"a":2,"10":3,"2":4,"01":5,"-1":6,"4294967294":7,"4294967295":8}`,
		`{"a":1,"b":2,"a":3,"a":{"x":1}}`,
		`{"__proto__":{"polluted":1},"constructor":2,"toString":3,"hasOwnProperty":4,"length":5}`,
		`{"__proto__":1,"a":{"__proto__":null}}`,
		`{"a":{"b":{"c":{"d":{"e":1}}}}}`, `{"a":[[[[[1]]]]]}`,
		`{"list":[1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20],"words":["a","bb","ccc","dddd","eeeee","ffffff","g"]}`,
		`{"long":"` + strings.Repeat("x", 90) + `","lines":"one\ntwo\nthree, which is quite a bit longer than the others, to be split"}`,
		`{"huge":"` + strings.Repeat("y", 10_010) + `"}`,
		`{"list":[` + strings.Repeat("1,", 120) + `"x"]}`,
		`{"日本":"語","é":"ü","key with blank":"it's","q":"say \"it's\""}`,
		`{"a":"` + "\xff\xfe" + `"}`,
		`{"k1":1,"k2":2,"k3":3,"k4":4,"k5":5,"k6":6,"k7":7,"k8":8,"k9":9,"k10":10,"k11":11,"k12":12,"k13":13,"k14":14,"k15":15,"k16":16,"k17":17,"k18":18}`,
		`{"toJSON":1,"then":2,"valueOf":3}`,
		`{"a":"\u0000\u001f\u007f\u0085"}`,
		`{"\u0061":1,"a":2,"b\n":3}`,
	}
}

func TestViewIsAsAnOrdinaryObject(t *testing.T) {
	for _, body := range viewBodies() {
		for _, key := range []string{"a", "new key", "0"} {
			compareViewWithEager(t, body, key)
		}
	}
}

// Whatever the server answers, a script must not be able to tell a view from the object that JSON.parse would make:
// not by what is printed, nor by what it reads, nor after it has written.
func FuzzViewAgainstEager(f *testing.F) {
	for _, body := range viewBodies() {
		f.Add(body, "a")
	}
	f.Add(`{"a":1}`, "b")
	f.Fuzz(func(t *testing.T, body, key string) {
		if len(body) > 4096 || len(key) > 64 {
			t.Skip("larger texts take long and show nothing new")
		}
		compareViewWithEager(t, body, key)
	})
}

func compareViewWithEager(t *testing.T, body, key string) {
	t.Helper()
	text, ok := jsontext.Object([]byte(body))
	if want := isJSONObject(body); ok != want {
		t.Fatalf("%q taken for an object: %t, want %t", body, ok, want)
	}
	if !ok || hasInexactKey(text) || key == "__proto__" || key == "toString" {
		return
	}
	r := benchResponse()
	r.Body = []byte(body)

	vm := goja.New()
	object := view.NewResponses(vm).Object(r)
	got := useObject(t, vm, object, key)

	vm = goja.New()
	want := useObject(t, vm, eagerObject(t, vm, r, text), key)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Fatalf("body %q, key %q: eager -, view +\n%s", body, key, diff)
	}
}

// eagerObject is the ordinary object that the view of an event success stands for.
func eagerObject(t *testing.T, vm *goja.Runtime, r *engine.Response, text string) *goja.Object {
	t.Helper()
	parse, ok := goja.AssertFunction(runTestScript(t, vm, parseScript))
	if !ok {
		t.Fatal("parse.js is no function")
	}
	body, err := parse(goja.Undefined(), vm.ToValue(text))
	if err != nil {
		t.Fatal(err)
	}
	// An answer is its own text; see TestAnAnswerIsItsOwnText.
	if own := body.ToObject(vm).Get("toString"); own == nil || own == vm.NewObject().Get("toString") {
		text := vm.ToValue(func(call goja.FunctionCall) goja.Value {
			text, err := call.This.ToObject(vm).MarshalJSON()
			if err != nil {
				panic(err)
			}
			return vm.ToValue(string(text))
		})
		if err := body.ToObject(vm).DefineDataProperty("toString", text, goja.FLAG_TRUE, goja.FLAG_TRUE, goja.FLAG_FALSE); err != nil {
			t.Fatal(err)
		}
	}
	object := vm.NewObject()
	for _, property := range []struct {
		name  string
		value any
	}{
		{"message", r.Message},
		{"timestamp", r.Timestamp},
		{"eventToken", r.Package.Params["event_token"]},
		{"callbackId", r.Package.CallbackID},
		{"adid", r.ADID},
		{"jsonResponse", body},
	} {
		if err := object.Set(property.name, property.value); err != nil {
			t.Fatal(err)
		}
	}
	return object
}

// useObject runs use.js with the object and returns all that it prints, and what it throws.
func useObject(t *testing.T, vm *goja.Runtime, object *goja.Object, key string) []string {
	t.Helper()
	var lines []string
	Install(vm, func(_ Level, text string) { lines = append(lines, strings.Clone(text)) })
	use, ok := goja.AssertFunction(runTestScript(t, vm, useScript))
	if !ok {
		t.Fatal("use.js is no function")
	}
	log := vm.Get("console").ToObject(vm).Get("log")
	if _, err := use(goja.Undefined(), object, vm.ToValue(key), log); err != nil {
		// goja's text for what is no primitive shows addresses.
		lines = append(lines, "threw "+regexp.MustCompile(`&\{.*\} \S+`).ReplaceAllString(err.Error(), "&{}"))
	}
	return lines
}

func runTestScript(t *testing.T, vm *goja.Runtime, source string) goja.Value {
	t.Helper()
	value, err := vm.RunScript("test.js", source)
	if err != nil {
		t.Fatal(err)
	}
	return value
}

// isJSONObject is the standard library's opinion.
func isJSONObject(body string) bool {
	trimmed := strings.Trim(body, " \t\r\n")
	return json.Valid([]byte(body)) && strings.HasPrefix(trimmed, "{") && strings.Count(body, "{")+strings.Count(body, "[") <= jsontext.MaxDepth
}

// hasInexactKey tells whether a key has half a surrogate pair, which goja does not tell a dynamic object.
func hasInexactKey(text string) bool {
	items := jsontext.NewItems(text)
	for {
		literal, raw, ok := items.Next()
		if !ok {
			return false
		}
		if literal != "" {
			if _, exact := jsontext.Unquote(literal); !exact {
				return true
			}
		}
		if (raw[0] == '{' || raw[0] == '[') && hasInexactKey(raw) {
			return true
		}
	}
}

// The file has bodies, and what Node 20 prints of them, one case a line.
func TestViewPrintsAsNode(t *testing.T) {
	data, err := os.ReadFile("testdata/bodies.jsonl")
	if err != nil {
		t.Fatal(err)
	}
	vm := goja.New()
	for lines := bufio.NewScanner(bytes.NewReader(data)); lines.Scan(); {
		var c struct{ Body, Out string }
		if err := json.Unmarshal(lines.Bytes(), &c); err != nil {
			t.Fatal(err)
		}
		text, ok := jsontext.Object([]byte(c.Body))
		if !ok {
			t.Fatalf("%s is no object", c.Body)
		}
		object := view.NewObject(vm, text)
		if diff := cmp.Diff(c.Out, Inspect(vm, object)); diff != "" {
			t.Errorf("%s: node -, from the text +\n%s", c.Body, diff)
		}
		if diff := cmp.Diff(c.Out, Inspect(vm, view.Copy(vm, object))); diff != "" {
			t.Errorf("%s: node -, from a copy +\n%s", c.Body, diff)
		}
	}
}

// The fuzz test finds bytes that no one thought of; this finds shapes.
func TestRandomBodiesAreAsOrdinaryObjects(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		body := drawObject(rt, 4)
		compareViewWithEager(t, body, rapid.SampledFrom([]string{"a", "id", "7", "new"}).Draw(rt, "key"))
		if t.Failed() {
			rt.FailNow()
		}
	})
}

func drawObject(t *rapid.T, depth int) string {
	members := make([]string, rapid.IntRange(0, 20).Draw(t, "members"))
	for i := range members {
		key := rapid.SampledFrom([]string{"a", "id", "0", "7", "10", "some key", "é", "", "__proto__", "x1", "x2", "x3", `\u0061`, `q\"`}).Draw(t, "key")
		members[i] = `"` + key + `" : ` + drawValue(t, depth)
	}
	return "{" + strings.Join(members, ",") + "}"
}

func drawValue(t *rapid.T, depth int) string {
	kind := rapid.IntRange(0, 9).Draw(t, "kind")
	switch {
	case kind == 0 && depth > 0:
		return drawObject(t, depth-1)
	case kind == 1 && depth > 0:
		elements := make([]string, rapid.IntRange(0, 12).Draw(t, "elements"))
		for i := range elements {
			elements[i] = drawValue(t, depth-1)
		}
		return "[ " + strings.Join(elements, " , ") + "]"
	case kind < 5:
		return rapid.SampledFrom([]string{"0", "-0", "1", "-17", "1.50", "1e3", "1E400", "123456789012345678", "0.1"}).Draw(t, "number")
	case kind < 7:
		return rapid.SampledFrom([]string{"true", "false", "null"}).Draw(t, "word")
	default:
		return rapid.SampledFrom([]string{
			`""`, `"a"`, `"it's"`, `"line\nbreak"`, `"\ud83d\ude00"`, `"\ud83d"`, `"日本"`, `"` + strings.Repeat("long ", 20) + `"`, `"\u0000\\"`,
		}).Draw(t, "string")
	}
}
