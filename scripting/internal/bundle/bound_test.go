package bundle

import (
	"encoding/base64"
	"os"
	"runtime/debug"
	"strings"
	"testing"

	"trackhook/scripting/internal/bound"
)

// Files that no parser could survive are errors of the plugin, with a place.
func TestTooDeepIsAnError(t *testing.T) {
	t.Parallel()
	deep := func(text string) string { return strings.Repeat(text, 400_000) }
	for name, test := range map[string]struct {
		first string
		files map[string]string
		file  string
	}{
		"a script":       {"a.js", map[string]string{"a.js": "x=" + deep("[") + deep("]")}, "plugins/a.js"},
		"a module":       {"a.mjs", map[string]string{"a.mjs": "export default " + deep("[") + deep("]")}, "plugins/a.mjs"},
		"commas":         {"a.mjs", map[string]string{"a.mjs": "export default " + deep("a=>")}, "plugins/a.mjs"},
		"else":           {"a.ts", map[string]string{"a.ts": deep("if(a)b();else ")}, "plugins/a.ts"},
		"a library":      {"a.js", map[string]string{"a.js": "require('./b')", "b.js": deep("`${")}, "plugins/b.js"},
		"JSON":           {"a.mjs", map[string]string{"a.mjs": "import b from './b.json'; b", "b.json": deep("[") + deep("]")}, "plugins/b.json"},
		"tsconfig.json":  {"a.ts", map[string]string{"a.ts": "export {}", "tsconfig.json": deep("[") + deep("]")}, "plugins/tsconfig.json"},
		"package.json":   {"a.js", map[string]string{"a.js": "require('b')", "package.json": deep("[") + deep("]")}, "plugins/package.json"},
		"a source map":   {"a.mjs", map[string]string{"a.mjs": "export {}\n//# sourceMappingURL=data:application/json;base64," + base64.StdEncoding.EncodeToString([]byte(deep("[")))}, "plugins/a.mjs"},
		"one expression": {"a.jsx", map[string]string{"a.jsx": "export default " + deep("<a>") + deep("</a>")}, "plugins/a.jsx"},
	} {
		_, err := Build(newTestTree(t, test.files).options(test.first))
		failed, ok := err.(*Error) //nolint:errorlint // not wrapped, as Build promises
		if !ok {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if p := failed.Problems[0]; p.File != test.file || p.Line == 0 || p.Column == 0 {
			t.Errorf("%s: %+v", name, p)
		}
	}
}

// What the bounds let through, the parsers survive with a quarter of the stack that there is.
func TestParsersSurviveWhatIsInBounds(t *testing.T) {
	before := debug.SetMaxStack(256 << 20)
	defer debug.SetMaxStack(before)
	for ending, forms := range map[string][]string{
		"js": {
			"x=@[@]", "x=@(@1@)", "x=@{a:@1@}", "@{@}", "x=@(function(){@})()", "x=@()=>@1", "x=@class{m(){return @1@}}", "x=@`${@1@}`",
			"@if(a)a();else @a()", "x=@a+@a", "x=@a**@a", "@a=@1", "x=@a?b:@1", "x=@!@1", "x=a@.a@", "x=a@()@", "x=a@?.a@", "@if(a)@a()", "x=@a??@a",
			"x=a@``@", "x=/@(@a@)@/", "x=@{[@1@]:1}", "x=@class extends @a@{}",
		},
		"mjs": {
			"export let x=@[@]", "export let a;@if(a)a();else @a()", "export let a;a=@a?b:@1", "export let a=@await @1", "export let a=@async()=>@1",
			"export let a=@async function*(){for await(let x of @1@);}", "export let x=@class{static #p=@1@}", "export let a;a=a@?.a@", "import 'x';x=@import(@a@)",
		},
		"jsx": {"export let x=@<a>@</a>"},
		"ts":  {"export let x:@A<@B@>@=1", "export let x:@keyof @A=1", "export type X=@A extends B?C:@A", "export let x=@<A>@a"},
	} {
		for i, form := range forms {
			if os.Getenv("TRACKHOOK_LONG") == "" && i%12 > 0 {
				continue // a short run takes samples
			}
			text := ofMost(form)
			// What esbuild makes of it may be too deep after all, which is an error; nothing must end the process.
			_, _ = Build(newTestTree(t, map[string]string{"a." + ending: text}).options("a." + ending))
		}
	}
}

// ofMost repeats the parts of a form, BEFORE@OPEN@MIDDLE@CLOSE@AFTER, as often as the bounds allow.
func ofMost(form string) string {
	parts := append(strings.Split(form, "@"), "", "", "", "")
	text := func(n int) string {
		return parts[0] + strings.Repeat(parts[1], n) + parts[2] + strings.Repeat(parts[3], n) + parts[4]
	}
	low, high := 0, 4*bound.MaxDepth
	for low < high-1 {
		if middle := (low + high) / 2; bound.Source(text(middle)) == nil {
			low = middle
		} else {
			high = middle
		}
	}
	return text(low)
}
