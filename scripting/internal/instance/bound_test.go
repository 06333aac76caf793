package instance

import (
	"strings"
	"testing"
)

// What a script has parsed, or makes by a number, ends in an error of the script where goja would end the process.
func TestBuiltinsAreBounded(t *testing.T) {
	t.Parallel()
	for expression, want := range map[string]string{
		`JSON.parse("[".repeat(3e6))`:                                "RangeError: line 1, column 10001: the JSON nests deeper than 10000",
		`new Response("[".repeat(3e6)).json()`:                       "RangeError",
		`eval("(".repeat(3e5))`:                                      "RangeError: line 1",
		`Function("return " + "(".repeat(3e5))`:                      "RangeError: line 1",
		`new (async () => {}).constructor("!".repeat(3e5))`:          "RangeError: line 1",
		`new (function* () {}).constructor("[".repeat(3e5))`:         "RangeError: line 1",
		`new ArrayBuffer(2 ** 40)`:                                   "RangeError: Array buffer allocation failed",
		`new Uint8Array(2 ** 40)`:                                    "RangeError: Invalid typed array length: 1099511627776",
		`new Float64Array(2 ** 29)`:                                  "RangeError",
		`"a".padEnd(2 ** 40)`:                                        "RangeError: Invalid string length",
		`"a".padStart(2 ** 40, "xy")`:                                "RangeError: Invalid string length",
		`"ab".repeat(2 ** 39)`:                                       "RangeError: Invalid string length",
		`"ab".repeat(Infinity)`:                                      "RangeError: Invalid count value",
		`"ab".repeat(-1)`:                                            "RangeError",
		`Array(2 ** 32 - 1).join("x")`:                               "RangeError: Invalid string length",
		`String(Array(2 ** 32 - 1))`:                                 "RangeError: Invalid string length",
		`new RegExp("(".repeat(3e6))`:                                "SyntaxError: Invalid regular expression: /((",
		`new RegExp("(".repeat(5001) + ")".repeat(5001))`:            "SyntaxError: Invalid regular expression: /((",
		`RegExp("[".repeat(3e6), "v")`:                               "SyntaxError: Invalid regular expression: /[[",
		`"a".match("(".repeat(1e6))`:                                 "SyntaxError: Invalid regular expression: /(",
		`"a".search("(?:".repeat(3e5))`:                              "SyntaxError: Invalid regular expression: /(",
		`"a".matchAll("(\\)".repeat(3e5))`:                           "SyntaxError: Invalid regular expression: /(",
		`/a/.compile("(".repeat(3e6))`:                               "SyntaxError: Invalid regular expression: /(",
		`"a".match({ toString() { return "(".repeat(1e6) } })`:       "SyntaxError: Invalid regular expression: /(",
		`new Intl.NumberFormat("en").format("1e2000000000")`:         "∞",
		`new Intl.NumberFormat("en").format("-1e-2000000000")`:       "-0",
		`new Intl.PluralRules("en").select("1e9000000000000000000")`: "other",
		// What is within bounds does what it did.
		`new RegExp("(?:".repeat(4999) + "a" + ")".repeat(4999)).exec("ba").index`:                              "1",
		`"abc".match("b").index + "abc".search("c") + [..."aXa".matchAll("a")].length + "b".match(/b/g).length`: "6",
		`"null".match(null).index + "5".search(5) + "x".match().length + String.prototype.match.length`:         "2",
		`/a/.compile("b").source + "a".search({ [Symbol.search]: () => "own" })`:                                "bown",
		`"ab".repeat(2) + "a".padEnd(3, "x") + "b".padStart(3) + "c".padEnd(2 ** 40, "")`:                       "ababaxx  bc",
		`[1, null, [2, 3]].join("-") + [1, 2]`:                                                                  "1--2,31,2",
		`JSON.parse('{"a":[1]}', (k, v) => k === "0" ? v + 1 : v).a[0]`:                                         "2",
		`((x) => eval("x + 1"))(1)`:                    "2",
		`eval(...["1 + 2"])`:                           "3",
		`eval(7) + String(eval())`:                     "7undefined",
		`new Function("a", "b", "return a + b")(1, 2)`: "3",
		`(() => {}).constructor === Function && (() => {}) instanceof Function`:                                                                "true",
		`new (class extends Function { twice() { return 2 * this() } })("return 4").twice()`:                                                   "8",
		`new ArrayBuffer(8).constructor === ArrayBuffer && new ArrayBuffer(8) instanceof ArrayBuffer && ArrayBuffer.isView(new Uint8Array(1))`: "true",
		`new (class B extends Uint8Array {})([1, 2]).length + Uint8Array.from([3]).join() + Uint8Array.BYTES_PER_ELEMENT + Uint16Array.name`:   "231Uint16Array",
		`Object.prototype.toString.call(new Uint8Array(2).buffer) + Buffer.from([1]).length`:                                                   "[object ArrayBuffer]1",
		`"repeat".repeat.length + JSON.parse.name + "x".padEnd.name + Function.name + Function.length`:                                         "1parsepadEndFunction1",
		`String.prototype.repeat.call(12, "2") + String.prototype.repeat.call(3, true) + String.prototype.repeat.call("4", [1])`:               "121234",
	} {
		b := newBench(t)
		b.run(`(async () => { try { console.log(String(await (` + expression + `))) } catch (e) { console.log(String(e)) } })()`)
		if got := strings.Join(messages(b.log.take(), "info"), "\n"); !strings.HasPrefix(got, want) || want == "" {
			t.Errorf("%s: %q, want %q", expression, got, want)
		}
	}
}

func BenchmarkBounds(b *testing.B) {
	for name, text := range map[string]string{"unmentioned": "let a = 1", "mentioned": "let a = JSON.parse('1')"} {
		b.Run(name, func(b *testing.B) {
			x := newBench(b)
			for b.Loop() {
				x.run(text)
			}
		})
	}
}

// Lines without text fill the log as well.
func TestEmptyLinesAreBounded(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.run(`for (let i = 0; i < 100000; i++) console.log("")`)
	lines := b.log.take()
	if len(lines) > 1<<20/lineBytes+10 || len(messages(lines, "warn")) != 1 {
		t.Errorf("%d lines, of which %q warn", len(lines), messages(lines, "warn"))
	}
}
