package scripting_test

import (
	"regexp"
	"strings"
	"testing"
	"time"

	"trackhook/scripting"
)

// Every line is an expectation that holds.
func TestExpectHolds(t *testing.T) {
	rows := []string{
		`expect(1).toBe(1)`, `expect(NaN).toBe(NaN)`, `expect(0).not.toBe(-0)`, `expect({}).not.toBe({})`,
		`expect({ a: 1, b: undefined }).toEqual({ a: 1 })`, `expect({ a: 1, b: undefined }).not.toStrictEqual({ a: 1 })`,
		`expect([1, , 3]).toEqual([1, undefined, 3])`, `expect([1, , 3]).not.toStrictEqual([1, undefined, 3])`,
		`expect(new Map([[{ a: 1 }, [2]]])).toEqual(new Map([[{ a: 1 }, [2]]]))`, `expect(new Set([[1], 2])).toEqual(new Set([2, [1]]))`,
		`expect(new Set([1])).not.toEqual(new Set([2]))`, `expect(new Date(5)).toEqual(new Date(5))`, `expect(new Date(5)).not.toEqual(new Date(6))`,
		`expect(/a/g).toEqual(/a/g)`, `expect(/a/g).not.toEqual(/a/)`, `expect(new Error("x")).toEqual(new TypeError("x"))`,
		`expect(new (class A { x = 1 })()).toEqual({ x: 1 })`, `expect(new (class A { x = 1 })()).not.toStrictEqual({ x: 1 })`,
		`expect([1, 2]).not.toEqual({ 0: 1, 1: 2 })`, `expect(null).not.toEqual(undefined)`, `expect(1).not.toEqual("1")`,
		`const a = { n: 1 }; a.self = a; const b = { n: 1 }; b.self = b; expect(a).toEqual(b)`,
		`expect("abc123").toMatch(/c\d/)`, `expect("abc").toMatch("bc")`, `expect("abc").not.toMatch("x")`,
		`expect({ a: { b: 1, c: 2 }, d: 3 }).toMatchObject({ a: { b: 1 } })`, `expect([{ a: 1, b: 2 }]).toMatchObject([{ a: 1 }])`,
		`expect([{ a: 1 }, {}]).not.toMatchObject([{ a: 1 }])`, `expect({ a: 1 }).not.toMatchObject({ b: undefined })`,
		`expect([1, 2]).toContain(2)`, `expect("hello").toContain("ell")`, `expect([{ a: 1 }]).not.toContain({ a: 1 })`,
		`expect([{ a: 1 }]).toContainEqual({ a: 1 })`, `expect(new Set([1])).toContain(1)`, `expect([1, 2]).toHaveLength(2)`, `expect("ab").toHaveLength(2)`,
		`expect({ a: { b: [1, 2] } }).toHaveProperty("a.b[1]", 2)`, `expect({ a: { b: 1 } }).toHaveProperty(["a", "b"])`,
		`expect({ a: 1 }).not.toHaveProperty("a.b")`, `expect({ "a.b": 1 }).toHaveProperty(["a.b"], 1)`,
		`expect(() => { throw new TypeError("bad thing") }).toThrow()`, `expect(() => { throw new TypeError("bad thing") }).toThrow("bad")`,
		`expect(() => { throw new TypeError("bad thing") }).toThrow(/thing$/)`, `expect(() => { throw new TypeError("x") }).toThrow(TypeError)`,
		`expect(() => { throw new TypeError("x") }).toThrow(new Error("x"))`, `expect(() => { throw "text" }).toThrow("text")`, `expect(() => 1).not.toThrow()`,
		`expect(1).toBeTruthy(); expect(0).toBeFalsy(); expect(null).toBeNull(); expect(undefined).toBeUndefined(); expect(0).toBeDefined(); expect(NaN).toBeNaN()`,
		`expect(2).toBeGreaterThan(1); expect(2).toBeGreaterThanOrEqual(2); expect(1).toBeLessThan(2); expect(2n).toBeLessThanOrEqual(2)`,
		`expect(0.1 + 0.2).toBeCloseTo(0.3, 5); expect(1).not.toBeCloseTo(1.1)`, `expect(new Date()).toBeInstanceOf(Date)`,
		`expect({ a: 1, b: "x", c: () => 1, d: null, e: [] }).toEqual({ a: expect.any(Number), b: expect.any(String), c: expect.any(Function), d: null, e: expect.any(Array) })`,
		`expect({ a: 0 }).toEqual({ a: expect.anything() }); expect({ a: null }).not.toEqual({ a: expect.anything() })`,
		`expect({ a: 1, b: { c: 2, d: 3 } }).toEqual(expect.objectContaining({ b: expect.objectContaining({ c: 2 }) }))`,
		`expect([1, 2, 3]).toEqual(expect.arrayContaining([3, 1])); expect([1]).toEqual(expect.not.arrayContaining([2]))`,
		`expect({ s: "abc" }).toEqual({ s: expect.stringMatching(/^a/) }); expect("abc").toEqual(expect.stringContaining("b")); expect(0.3).toEqual(expect.closeTo(0.1 + 0.2))`,
		`await expect(Promise.resolve(1)).resolves.toBe(1); await expect(Promise.resolve(1)).resolves.not.toBe(2)`,
		`await expect(Promise.reject(new Error("no"))).rejects.toThrow("no"); await expect(async () => { throw new Error("no") }).rejects.toThrow(Error)`,
		`await expect(Promise.reject({ code: 1 })).rejects.toEqual({ code: 1 }); await expect(Promise.resolve()).not.resolves.toBe(1)`,
		`expect(new URL("https://a.b")).toEqual(new URL("https://a.b/")); expect(new URL("https://a.b")).not.toEqual(new URL("https://a.c"))`,
		`expect(new URLSearchParams("a=1")).not.toEqual(new URLSearchParams("a=2")); expect(new Headers({ a: "1" })).toEqual(new Headers({ A: "1" }))`,
		`expect({ h: new Headers({ a: "1" }) }).not.toEqual({ h: new Headers({ a: "2" }) }); expect(new Blob(["ab"])).not.toEqual(new Blob(["abc"]))`,
		`expect(new Response("", { status: 201 })).not.toEqual(new Response("")); expect(AbortSignal.abort()).not.toEqual(new AbortController().signal)`,
		`const r = new Response("x"); r.body; expect(r).toEqual(new Response("x")); expect(new Response("x")).toEqual(r)`,
		// What objects of the web platform keep to themselves counts, and so do their own fields.
		`expect(new Blob(["ab"])).toEqual(new Blob(["a", "b"])); expect(new Blob(["ab"])).not.toEqual(new Blob(["ac"]))`,
		`expect(new File(["a"], "n")).toEqual(new File(["a"], "n")); expect(new File(["a"], "n")).not.toEqual(new File(["b"], "n"))`,
		`expect(new File(["a"], "n")).not.toEqual(new File(["a"], "m")); expect({ f: new File(["a"], "n") }).not.toEqual({ f: new Blob(["a"]) })`,
		`const form = (v) => { const f = new FormData(); f.append("a", new Blob([v])); return f }; expect(form("1")).toEqual(form("1")); expect(form("1")).not.toEqual(form("2"))`,
		`expect(new Response("x")).toEqual(new Response("x")); expect(new Response("x")).not.toEqual(new Response("y")); expect(new Response(null)).not.toEqual(new Response(""))`,
		`const q = (o) => new Request("https://a.b", { method: "POST", ...o }); expect(q({ body: "x" })).toEqual(q({ body: "x" })); expect(q({ body: "x" })).not.toEqual(q({ body: "y" }))`,
		`const q = (o) => new Request("https://a.b", o); expect(q({ signal: AbortSignal.abort(1) })).not.toEqual(q({ signal: AbortSignal.abort(2) })); expect(q()).toEqual(q())`,
		`const q = (o) => new Request("https://a.b", o); expect(q({ headers: { a: "1" } })).not.toEqual(q({ headers: { a: "2" } })); expect(q()).not.toEqual(q({ mode: "no-cors" }))`,
		`const s = new Response(new ReadableStream()); expect(s.clone()).toEqual(s); const t = new Response("x"); await t.text(); expect(t).not.toEqual(new Response("x"))`,
		`const k = (n) => crypto.subtle.importKey("raw", new Uint8Array([n]), { name: "HMAC", hash: "SHA-256" }, false, ["sign"]); expect(await k(1)).toEqual(await k(1)); expect(await k(1)).not.toEqual(await k(2))`,
		`expect(AbortSignal.abort(new Error("a"))).not.toEqual(AbortSignal.abort(new Error("b"))); expect(AbortSignal.abort()).toEqual(AbortSignal.abort())`,
		`expect(AbortSignal.abort()).not.toEqual(AbortSignal.abort(new DOMException("late", "TimeoutError"))); expect(new DOMException("a")).not.toEqual(new DOMException("b"))`,
		`const c = (r) => { const c = new AbortController(); c.abort(r); return c }; expect(c(1)).toEqual(c(1)); expect(c(1)).not.toEqual(c(2))`,
		`expect(new Event("a")).toEqual(new Event("a")); expect(new Event("a")).not.toEqual(new Event("b")); expect(new Event("a")).not.toEqual(new Event("a", { cancelable: true }))`,
		`const e = (d) => new CustomEvent("a", { detail: { d } }); expect(e(1)).toEqual(e(1)); expect(e(1)).not.toEqual(e(2))`,
		`for (const [Class, arg] of [[Event, "a"], [URL, "https://a.b"], [TextEncoder], [Headers], [URLSearchParams], [Blob], [FormData], [Response]]) {
			class Mine extends Class { constructor(x) { super(arg); this.x = x } }; expect(new Mine(1)).toEqual(new Mine(1)); expect(new Mine(1)).not.toEqual(new Mine(2)) }`,
		`expect(Object.create(URL.prototype)).not.toEqual(new URL("https://a.b")); expect(new URL("https://a.b")).not.toStrictEqual(new (class extends URL {})("https://a.b"))`,
		`expect(new ReadableStream()).not.toBe(new ReadableStream()); expect([new ReadableStream()]).not.toContain(new ReadableStream()); const s = new ReadableStream(); expect(s).toEqual(s)`,
		`const form = (v) => { const f = new FormData(); f.append("a", v); return f }; expect(form("1")).toEqual(form("1")); expect(form("1")).not.toEqual(form("2"))`,
		`expect(new Uint8Array([1]).buffer).not.toEqual(new Uint8Array([2]).buffer); expect(new Date(NaN)).not.toEqual(new Date(NaN))`,
		`expect(new Error("x")).toMatchObject({ message: "x" }); expect({ e: new TypeError("x") }).toMatchObject({ e: { name: "TypeError" } })`,
		`expect(new Error("x")).not.toMatchObject({ message: "y" }); expect(new Map([["a", 1]])).toMatchObject({ size: 1 })`,
		`const c = { n: 1 }; c.self = c; expect(c).toMatchObject(c); expect(new Error("x")).not.toStrictEqual(new TypeError("x"))`,
		`expect({ a: 1 }).not.toEqual(Object.create({ a: 1 })); expect(() => 1).not.toEqual(expect.any(Object))`,
		`expect([1, 2]).toEqual(expect.arrayOf(expect.any(Number))); expect("x").not.toEqual(expect.not.objectContaining({}))`,
		`expect(Infinity).toBeCloseTo(Infinity); expect(NaN).not.toBeCloseTo(NaN); expect([NaN]).not.toContain(NaN); expect([-0]).toContain(0)`,
		`expect(() => { throw new Error("x", { cause: 1 }) }).not.toThrow(new Error("x"))`,
		`expect.assertions(1); expect(1).toBe(1)`, `expect.hasAssertions(); expect(1).toBe(1)`,
	}
	var b strings.Builder
	for _, row := range rows {
		b.WriteString("test(" + quoteForJS(row) + ", async () => { " + row + " });\n")
	}
	_, tests := runTests(t, testConfig(""), map[string]string{"x.test.js": b.String()})
	if len(tests) != len(rows) {
		t.Errorf("%d tests ran, want %d", len(tests), len(rows))
	}
	for name, test := range tests {
		if test.Status != scripting.Passed {
			t.Errorf("%s: %s: %v", name, test.Status, test.Failures)
		}
	}
}

func quoteForJS(s string) string {
	return "`" + strings.NewReplacer("\\", "\\\\", "`", "\\`", "${", "\\${").Replace(s) + "`"
}

func TestExpectFails(t *testing.T) {
	for _, row := range []struct{ code, want string }{
		// What a matcher cannot be asked is an error, with not before it as well.
		{`expect("1").toBeCloseTo(1)`, "expect(received).toBeCloseTo(expected)\n\nMatcher error: received value must be a number, got \"1\""},
		{`expect("1").not.toBeCloseTo(2)`, "Matcher error: received value must be a number"},
		{`expect(1).not.toMatchObject({ a: 1 })`, "Matcher error: received value must be an object, got 1"},
		{`expect({}).not.toContain(1)`, "Matcher error: received value must be iterable"},
		{`expect("1").not.toContain(2)`, "Matcher error: expected value must be a string"},
		{`expect([1]).not.toHaveLength("1")`, "Matcher error: expected value must be a length"},
		{`expect(null).not.toHaveProperty("a")`, "Matcher error: received value must not be null nor undefined"},
		{`expect("a").not.toMatch(1)`, "Matcher error: expected value must be a string or a regular expression"},
		{`expect(() => 1).not.toThrow(5)`, "Matcher error: expected value must be a text, a class, a regular expression or an error"},
		{`expect(null).toBeNull(1)`, "Matcher error: toBeNull takes no expected value"},
		{`expect(new URL("https://a.b")).toEqual(new URL("https://a.c"))`, "\"href\": \"https://a.c/\""},
		{
			`expect(new ReadableStream()).toEqual(new ReadableStream())`,
			"Matcher error: two objects of the class ReadableStream cannot be compared: what comes out of a stream is known when it was read: read both",
		},
		{`expect({ s: new ReadableStream() }).not.toEqual({ s: new ReadableStream() })`, "ReadableStream cannot be compared: "},
		{`expect(new ReadableStream()).toBe(new ReadableStream())`, "Received: serializes to the same text"},
		{`expect([new ReadableStream()]).toContain(new ReadableStream())`, "Expected value: ReadableStream {"},
		{
			`expect(new Response(new ReadableStream())).not.toEqual(new Response(new ReadableStream()))`,
			"of the class Response cannot be compared: a body has not arrived, or is a stream: compare await a.text() with await b.text()",
		},
		{`expect(new Blob(["ab"])).toEqual(new Blob(["ac"]))`, "Received: serializes to the same text"},
		{`expect(1).toBe(2)`, "expect(received).toBe(expected)\n\nExpected: 2\nReceived: 1"},
		{`expect({}).toBe({})`, "Received: serializes to the same text\n\nIf it should pass with deep equality"},
		{`expect(1).not.toBe(1)`, "expect(received).not.toBe(expected)\n\nExpected: not 1"},
		{`expect("a\nb").toEqual("a\nc")`, `Expected: "a\nc"` + "\n" + `Received: "a\nb"`},
		{`expect({ id: "x7", n: 1 }).toEqual({ id: expect.any(String), n: 2 })`, "- Expected  - 1\n+ Received  + 1\n\n  {\n    \"id\": Any<String>,\n-   \"n\": 2,\n+   \"n\": 1,\n  }"},
		{`expect({ a: 1, b: 2 }).toMatchObject({ a: 2 })`, "  {\n-   \"a\": 2,\n+   \"a\": 1,\n  }"},
		{`expect([1, 2]).toContain(3)`, "Expected value: 3\nReceived: [\n  1,\n  2,\n]"},
		{`expect([{ a: 1 }]).toContain({ a: 1 })`, "use toContainEqual"},
		{`expect("abc").toMatch(/x/)`, "Expected pattern: /x/\nReceived string:  \"abc\""},
		{`expect([1]).toHaveLength(2)`, "Expected length: 2\nReceived length: 1"},
		{`expect({ a: {} }).toHaveProperty("a.b")`, "Expected path: \"a.b\"\nReceived path: \"a\""},
		{`expect(() => {}).toThrow("x")`, "Expected: \"x\"\nReceived function did not throw"},
		{`expect(() => { throw new Error("y") }).toThrow("x")`, "Received: Error: y"},
		{`expect(5).toThrow()`, "Matcher error: received value must be a function, got 5"},
		{`expect(1).toBeGreaterThan(2)`, "Expected: > 2\nReceived:   1"},
		{`expect("1").toBeGreaterThan(2)`, "Matcher error: received value must be a number or bigint"},
		{`expect(0).toBeTruthy()`, "expect(received).toBeTruthy()\n\nReceived: 0"},
		{`await expect(Promise.resolve(1)).rejects.toThrow()`, "expect(received).rejects.toThrow()\n\nReceived promise resolved instead of rejected"},
		{`await expect(Promise.reject(new Error("no"))).resolves.toBe(1)`, "Received promise rejected instead of resolved\nRejected to value: [Error: no]"},
		{`expect.assertions(2); expect(1).toBe(1)`, "Expected 2 assertions to be called but received 1"},
		{`expect.hasAssertions()`, "Expected at least one assertion"},
		{`throw new TypeError("own")`, "TypeError: own"},
		{`throw 7`, "Uncaught 7"},
		{`Promise.reject(new Error("nobody")); await null`, "Error: nobody"},
		{`while (true) {}`, "ran longer than the time limit of 500ms"},
		{`await new Promise(() => {})`, "did not end within 500ms"},
	} {
		cfg := testConfig("")
		cfg.Limit = time.Minute
		if strings.Contains(row.want, "500ms") {
			cfg.Limit = 500 * time.Millisecond
		}
		result, tests := runTests(t, cfg, map[string]string{"x.test.js": "\ntest(\"it\", async () => {\n  " + row.code + ";\n});\ntest(\"next\", () => {});\n"})
		test := tests["it"]
		if test.Status != scripting.Failed || len(test.Failures) != 1 {
			t.Errorf("%s: %s, %v, %v", row.code, test.Status, test.Failures, result.Problem)
			continue
		}
		f := test.Failures[0]
		if !strings.Contains(f.Message, row.want) {
			t.Errorf("%s failed with\n%s\nwant\n%s", row.code, f.Message, row.want)
		}
		if row.code != "throw 7" && (f.File != "plugins/x.test.js" || f.Line < 2 || f.Line > 3 || f.Source == "") {
			t.Errorf("%s: the failure is at %s:%d, source %q", row.code, f.File, f.Line, f.Source)
		}
		if tests["next"].Status != scripting.Passed {
			t.Errorf("%s: the next test %s", row.code, tests["next"].Status)
		}
	}
}

func TestSuitesAndHooks(t *testing.T) {
	cfg := testConfig("")
	result, tests := runTests(t, cfg, map[string]string{"x.test.js": `
const log = [];
beforeAll(() => { log.push("A"); });
afterAll(() => { console.log(log.join("")); });
beforeEach(async () => { await null; log.push("b"); });
afterEach(() => { log.push("a"); });
test("one", () => { log.push("1"); });
describe("inner", () => {
  beforeAll(() => log.push("I"));
  afterAll(() => log.push("i"));
  beforeEach(() => log.push("("));
  afterEach(() => log.push(")"));
  test("two", (done) => { log.push("2"); setTimeout(done, 1); });
  describe.skip("not", () => { test("three", () => log.push("3")); });
  test.todo("four");
  it.each` + "`a | b | sum\n${1} | ${2} | ${3}\n${4} | ${5} | ${9}`" + `("$a + $b is $sum", ({ a, b, sum }) => { log.push("e"); expect(a + b).toBe(sum); });
});
describe("broken", () => {
  beforeAll(() => { throw new Error("not today"); });
  test("five", () => log.push("5"));
});
test("late", () => { expect(() => test("x", () => {})).toThrow("while the file is loaded"); });
`})
	if result.Problem != nil {
		t.Fatal(result.Problem)
	}
	want := map[string]scripting.TestStatus{
		"one": scripting.Passed, "inner > two": scripting.Passed, "inner > not > three": scripting.Skipped, "inner > four": scripting.Todo,
		"inner > 1 + 2 is 3": scripting.Passed, "inner > 4 + 5 is 9": scripting.Passed, "broken > five": scripting.Failed, "late": scripting.Passed,
	}
	for name, status := range want {
		if tests[name].Status != status {
			t.Errorf("%s: %s, want %s: %v", name, tests[name].Status, status, tests[name].Failures)
		}
	}
	if len(tests) != len(want) {
		t.Errorf("tests are %v", tests)
	}
	if len(result.Lines) != 1 || result.Lines[0].Text != "Ab1aIb(2)ab(e)ab(e)aiba" {
		t.Errorf("the order is %v", result.Lines)
	}

	cfg.Run = regexp.MustCompile("^inner 1")
	_, tests = runTests(t, cfg, map[string]string{"x.test.js": `describe("inner", () => { test("1", () => {}); test("2", () => {}); }); test("1", () => {});`})
	if tests["inner > 1"].Status != scripting.Passed || tests["inner > 2"].Status != scripting.Skipped || tests["1"].Status != scripting.Skipped {
		t.Errorf("selected %v", tests)
	}
	_, tests = runTests(t, testConfig(""), map[string]string{"x.test.js": `test.only("1", () => {}); test("2", () => {}); describe.only("d", () => { test("3", () => {}); });`})
	if tests["1"].Status != scripting.Passed || tests["2"].Status != scripting.Skipped || tests["d > 3"].Status != scripting.Passed {
		t.Errorf("only: %v", tests)
	}
}
