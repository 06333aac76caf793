package regex_test

import (
	"fmt"
	"strings"
	"testing"

	"trackhook/engine/nodetest"
)

// TestTextsAsInNode holds the methods that take a text for a regular expression against Node.js.
func TestTextsAsInNode(t *testing.T) {
	t.Parallel()
	expressions := []string{
		`"a\rb\u2028c".match("^.*$").index + "aé".search("\\bé")`,
		`"zaacbbbcac".match("(z)((a+)?(b+)?(c))*")`,
		`"ab".match("(?:(a)|b)*")`,
		`"x".match().length + "undefined".search(undefined) + "anull".search(null)`,
		`"a1b22".match("(?<n>\\d+)").groups.n`,
		`[..."aXaYa".matchAll("(a)(X)?")].map((m) => [m.index, ...m])`,
		`[..."😀".matchAll("")].length`,
		`"1,2".search(",") + "a.b".search(".") + "x".search("y")`,
		`"a".match({ [Symbol.match]: (text) => ["own", text] })`,
		`"a".search({ [Symbol.search]: (text) => text + "own" })`,
		`"a".matchAll({ [Symbol.matchAll]: (text) => text + "own" })`,
		`"xax".search({ toString: () => "a" }) + "xax".match({ [Symbol.match]: null, toString: () => "x$" }).index`,
		`"(".match("(")`,
		`"a".search("*")`,
		`"a".matchAll(/a/)`,
		`String.prototype.match.call(undefined, "a")`,
		`String.prototype.search.call(null, "a")`,
		`String.prototype.match.call(102, "0").index`,
		`[String.prototype.match, String.prototype.matchAll, String.prototype.search, /a/.compile].map((f) => [f.name, f.length])`,
		`Object.getOwnPropertyDescriptor(String.prototype, "match").enumerable`,
		`"aab".match(/a/g).length + "aab".match(/(?<=a)b/).index + "b".match(/(?:)/).index`,
		`(() => { const r = /a/g; r.lastIndex = 3; const same = r.compile("(?<=x)y") === r; return [same, r.source, r.flags, r.lastIndex, r.exec("xy").index] })()`,
		`(() => { const r = /(?<=x)y/g; r.compile("b", "i"); return [r.source, r.flags, r.test("aB"), r.global] })()`,
		`(() => { const r = /a/; r.compile(/(?:)*(x)/y); return [r.source, r.flags, r.sticky, r.exec("xx")] })()`,
		`/a/.compile(/b/, "g")`,
		`/a/.compile("[")`,
		`/a/.compile().source + /a/.compile(undefined, undefined).source + /a/.compile(null).source`,
		`RegExp.prototype.compile.call({}, "a")`,
		`[null, undefined, true, 12.5, -0, 1n, [1, 2], {}, new String("a"), Symbol("a")].map((v) => { try { return RegExp("^\\p{ASCII}*$", "u").exec(v)[0] } catch (e) { return e.name } })`,
		`[null, undefined, true, 12.5, 1n, [1, 2], new String("a"), Symbol("a")].map((v) => { try { return RegExp(v).source } catch (e) { return e.name } })`,
	}
	var script strings.Builder
	for _, expression := range expressions {
		_, _ = fmt.Fprintf(&script, "try { print(JSON.stringify(%s)) } catch (e) { print(e.name) }\n", expression)
	}
	got, want := ours(t, script.String()), nodetest.Run(t, "const print = (text) => console.log(String(text));\n"+script.String())
	if len(got) != len(expressions) || len(want) != len(expressions) {
		t.Fatalf("%d and %d answers to %d questions", len(got), len(want), len(expressions))
	}
	for i, expression := range expressions {
		if got[i] != want[i] {
			t.Errorf("%s:\n got %s\nwant %s", expression, got[i], want[i])
		}
	}
}
