package scripting

import (
	"testing"

	"github.com/dop251/goja"

	"trackhook/scripting/internal/bundle"
)

func TestLanguageGaps(t *testing.T) {
	vm := goja.New()
	if _, err := vm.RunString(bundle.LanguageGaps); err != nil {
		t.Fatal(err)
	}
	for code, want := range map[string]string{
		"JSON.stringify(Object.groupBy([1, 2, 3], (n) => n % 2 ? 'odd' : 'even'))":            `{"odd":[1,3],"even":[2]}`,
		"Object.getPrototypeOf(Object.groupBy([], (x) => x)) === null":                        "true",
		"Object.groupBy(['a'], (x) => '__proto__')['__proto__'][0]":                           "a",
		"[...Map.groupBy([1, 2, 3], (n) => n % 2).get(1)].join()":                             "1,3",
		"Object.is(Map.groupBy([1], () => -0).keys().next().value, 0)":                        "true",
		"try { Object.groupBy(null, (x) => x) } catch (e) { e.name }":                         "TypeError",
		"typeof Promise.withResolvers().resolve":                                              "function",
		"Promise.try((a, b) => a + b, 1, 2) instanceof Promise":                               "true",
		"class P extends Promise {}; P.withResolvers().promise instanceof P":                  "true",
		"['a\\ud800', 'a\\ud83d\\ude00', '\\udc00b'].map((s) => s.isWellFormed()).join()":     "false,true,false",
		"'a\\ud800b'.toWellFormed() === 'a\\ufffdb'":                                          "true",
		"String(Symbol.asyncIterator) + typeof Symbol.dispose":                                "Symbol(Symbol.asyncIterator)symbol",
		"Object.keys(Symbol).length + Object.keys(Promise).length + Object.keys(Map).length":  "0",
		"Object.groupBy.name + Map.groupBy.length + Promise.try.name + Object.groupBy.length": "groupBy2try2",
	} {
		v, err := vm.RunString(code)
		if err != nil {
			t.Errorf("%s: %v", code, err)
		} else if v.String() != want {
			t.Errorf("%s is %s, want %s", code, v, want)
		}
	}
}

// esbuild takes a file that calls eval for CommonJS, even with an import; and goja parses some of what it does not
// compile.
func TestModulesThatLookLikeScripts(t *testing.T) {
	b := newBench(t)
	b.write("lib.mjs", `export default 3`)
	for _, source := range []string{
		`import x from "./lib.mjs"; class A { n = 1; add() { return this.n + x } } console.log(eval("1 + 1"), new A().add() - 1)`,
		`import x from "./lib.mjs"; class A { static m() { return 2 } } class B extends A { static a = super.m() } console.log(B.a, x)`,
		`class A { static m() { return 2 } } class B extends A { static a = super.m() } console.log(B.a, 3)`,
	} {
		for _, name := range []string{"x.js", "x.ts"} {
			i, _, err := startInstance(t.Context(), b.plugin("x", b.write(name, source)))
			if err != nil {
				t.Errorf("%s: %s: %v", name, source, err)
				continue
			}
			<-i.retire()
			b.printed("info", "2 3")
		}
	}
}
