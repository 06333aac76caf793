package instance

import (
	"testing"
	"time"
)

// Property escapes, and all else that goja's regular expressions lack or get wrong, work in scripts: as literals in any kind of
// script, and made of texts.
func TestRegularExpressions(t *testing.T) {
	for name, test := range map[string]struct{ source, want string }{
		"literal":        {`console.log(/\p{L}/u.test("p{L}"), "aé1ß".match(/\p{L}+/gu).join(), /^\p{L}$/u.test("1"))`, "true aé,ß false"},
		"constructor":    {`const text = "\\p{" + "Lu}"; console.log(new RegExp(text, "u").test("a"), RegExp(text, "u").test("A"))`, "false true"},
		"sets":           {`console.log("aBcé".replace(/[\p{L}--[a-z]]/gv, "*"))`, "a*c*"},
		"indices":        {`console.log(JSON.stringify(/b(?<x>c)/d.exec("abc").indices.groups.x), /b/d.flags, /b/.hasIndices)`, "[2,3] d false"},
		"groups anew":    {`console.log(JSON.stringify(/(?:(a)|b)*/.exec("ab")))`, `["ab",null]`},
		"line ends":      {`console.log("a\rb".replace(/^/gm, ">"))`, ">a\r>b"},
		"letters":        {`console.log(/k/i.test("\u212a"), /k/iu.test("\u212a"))`, "false true"},
		"empty":          {`console.log("axb".replace(/x*/g, "-"))`, "-a--b-"},
		"classes":        {`class R extends RegExp {}; const r = new R("\\p{Lu}", "u"); console.log(r.test("a"), r.test("A"), r instanceof R, r.source)`, `false true true \p{Lu}`},
		"what it is":     {`const r = /\p{L}/u; console.log(r, r instanceof RegExp, r.constructor === RegExp, RegExp(r) === r, Object.keys(r).length, typeof RegExp)`, `/\p{L}/u true true true 0 function`},
		"copies":         {`const r = structuredClone(/\p{Lu}/u); console.log(r.test("a"), new RegExp(r, "iu").test("a"), new RegExp(/\p{L}/u).source)`, `false true \p{L}`},
		"wrong":          {`try { new RegExp("\\p{Foo}", "u") } catch (e) { console.log(e.name, e.message) }`, `SyntaxError Invalid regular expression: /\p{Foo}/u: Invalid property name`},
		"all ways":       {`const r = /(?<y>\p{Nd}+)/gu; console.log("a1b22".split(r).join(), "a1b22".search(r), [..."a1b22".matchAll(r)].map((m) => m.groups.y).join(), "a1b2".replace(r, "<$<y>>"), "a1".replaceAll(r, (d) => d * 2))`, "a,1,b,22, 1 1,22 a<1>b<2> a2"},
		"sequences":      {`try { new RegExp("\\p{RGI_Emoji}", "v") } catch (e) { console.log(e.message.slice(-61)) }`, "use a property of single ones, such as \\p{Emoji_Presentation}"},
		"without naming": {`console.log(/a(?=b)/.exec("ab")[0], "x-y".split(/-/).join("+"))`, "a x+y"},
	} {
		for _, file := range []string{"x.js", "x.mjs", "x.ts"} {
			t.Run(name+"/"+file, func(t *testing.T) {
				b := newBench(t)
				i, _, err := Start(t.Context(), b.plugin("x", b.write(file, test.source)))
				if err != nil {
					t.Fatal(err)
				}
				<-i.Retire()
				b.printed("info", test.want)
			})
		}
	}
}

// What goes back step by step for too long ends with the time limit, and costs the run, not the machine.
func TestRegularExpressionsEndWithTheTimeLimit(t *testing.T) {
	b := newBench(t, func(c *Settings) { c.Timeout = 200 * time.Millisecond })
	got := b.broken(`/^(?:\p{L}+)+$/u.test("a".repeat(40) + "1")`)
	if want := "the script ran longer than the time limit of"; len(got.Message) < len(want) || got.Message[:len(want)] != want {
		t.Errorf("got %s", got.Message)
	}
}
