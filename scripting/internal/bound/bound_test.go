package bound_test

import (
	"encoding/base64"
	"errors"
	"fmt"
	"strings"
	"testing"

	"trackhook/scripting/internal/bound"
)

func repeat(text string) func(int) string {
	return func(n int) string { return strings.Repeat(text, n) }
}

// Whatever makes a parser recurse is seen, in each of its forms.
func TestSourceRefusesDepth(t *testing.T) {
	t.Parallel()
	for name, deep := range map[string]func(int) string{
		"arrays": repeat("["), "brackets": repeat("("), "objects": repeat("{a:"), "functions": repeat("function f(){"), "arrows": repeat("a=>"),
		"async arrows": repeat("async x=>"), "classes": repeat("class{m(){return "), "templates": repeat("`${"), "else": repeat("if(a)a();else "),
		"else with blocks": repeat("if(a){a()}else "), "if in if": repeat("if(a)\n"), "loops": repeat("for(;;)\n"), "do": repeat("do "),
		"for await": repeat("for await(let x of y)\n"), "sum": repeat("a+"), "sum by lines": repeat("a\n+"), "assignments": repeat("a="), "ternary": repeat("a?b:"), "not": repeat("!"),
		"typeof": repeat("typeof "), "await": repeat("await "), "new": repeat("new "), "members": repeat(".a"), "keyword members": repeat(".if"),
		"optional members": repeat("?.a"), "calls": repeat("()"), "calls by lines": repeat("()\n"), "labels": repeat("a:"), "in": repeat("a in\n"), "instanceof": repeat("a\ninstanceof\n"),
		"tagged templates": repeat("``"), "text in templates": repeat("`x${`y`}${"), "JSX": repeat("<a>"), "JSX with text": func(n int) string { return ";x=" + strings.Repeat("<a>x y; z", n) }, "JSX over lines": repeat("<a>\nx\n"),
		"types": repeat("A<"), "types in lists": repeat("A<B,"), "keyof": repeat("keyof "), "conditional types": repeat("A extends B?C:"), "casts": repeat("<A>"),
		"groups": func(n int) string { return "/" + strings.Repeat("(", n) + "/" }, "nullish": repeat("a??"), "blocks": repeat("{"), "after a string": func(n int) string { return `"\"` + "`" + `";` + strings.Repeat("[", n) },
		"after a comment": func(n int) string { return "/* ` ' */ // `\n" + strings.Repeat("[", n) }, "after a division": func(n int) string { return "a / '/'; b / \"`\";" + strings.Repeat("[", n) },
		"after an expression": func(n int) string { return "if(a)/[/`]`/.test(b);" + strings.Repeat("[", n) }, "after lines": func(n int) string { return "a()\nb\n" + strings.Repeat("[", n) },
	} {
		for _, head := range []string{"x=", "", "export let a = 1\n"} {
			err := bound.Source(head + deep(bound.MaxDepth+2))
			if _, ok := errors.AsType[*bound.Error](err); !ok {
				t.Errorf("%s after %q: %v", name, head, err)
			}
		}
	}
}

// Long texts are no deep ones.
func TestSourceTakesLength(t *testing.T) {
	t.Parallel()
	for name, line := range map[string]string{
		"statements": "a(b, c[0], `x${d}`);", "without semicolons": "a(b)\nc = d\n", "list": "1,", "objects in a list": `{"a":[1,2,{"b":null}]},`,
		"functions": "function f(a) { if (a) { return a } else { b() } for (;;) {} }\n", "classes": "class A extends B { m() { return 1 } static n = 2 }\n",
		"if": "if (a) b(); else c()\n", "switch": "switch (a) { case 1: b(); break; default: c() }\n", "if with blocks": "if (a) { b() }\n", "strings": "'\\'[(', \"\\\"{\",", "templates": "`[({`, ",
		"comments": "// [\n/* ( */", "regular expressions": "a = /[[(]\\//.test(b);", "divisions": "a = b / c / d;", "properties": "a: b.in.of.if(c),",
		"generics": "let a: Map<string, Array<number>> = b\n", "comparisons": "if (a < b || c > d) e();", "strict": "'use strict'\n",
	} {
		if err := bound.Source(strings.Repeat(line, 100_000)); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestSourceTakesWhatIsShort(t *testing.T) {
	t.Parallel()
	if err := bound.Source(strings.Repeat("[", bound.MaxDepth)); err != nil {
		t.Error(err)
	}
}

func TestErrorSaysWhere(t *testing.T) {
	t.Parallel()
	err := bound.Source("let a = 1;\nlet ä = " + strings.Repeat("(", bound.MaxDepth+1))
	want, ok := errors.AsType[*bound.Error](err)
	if !ok || want.Line != 2 || want.Column < bound.MaxDepth {
		t.Fatalf("got %v", err)
	}
	if !strings.HasPrefix(want.Error(), "line 2, column 500") {
		t.Errorf("says %s", want)
	}
}

func TestJSON(t *testing.T) {
	t.Parallel()
	deep := func(n int) string { return strings.Repeat("[", n) + strings.Repeat("]", n) }
	for text, fits := range map[string]bool{
		deep(bound.MaxJSONDepth): true, deep(bound.MaxJSONDepth + 1): false, strings.Repeat(`{"a":`, 3*bound.MaxJSONDepth): false,
		`"` + strings.Repeat("[", 3*bound.MaxJSONDepth) + `"`: true, `["\"` + strings.Repeat("[", 3*bound.MaxJSONDepth): true,
		"[" + strings.Repeat("[],", 3*bound.MaxJSONDepth) + "1]": true,
	} {
		if err := bound.JSON(text); (err == nil) != fits {
			t.Errorf("%.30s: %v", text, err)
		}
	}
}

func TestSourceMap(t *testing.T) {
	t.Parallel()
	deep := strings.Repeat("[", 2*bound.MaxJSONDepth)
	for comment, fits := range map[string]bool{
		"application/json;base64," + base64.StdEncoding.EncodeToString([]byte(deep)): false, "application/json," + deep: false,
		"application/json;base64," + strings.Repeat("W", 3*bound.MaxJSONDepth) + "!": true, "application/json;charset=utf-8,%5B" + strings.Repeat("x", 2*bound.MaxJSONDepth): true,
		"," + strings.ReplaceAll(deep, "[", "%5b"): false,
	} {
		if err := bound.SourceMap("a()\n//# sourceMappingURL=data:" + comment + "\nb()\n"); (err == nil) != fits {
			t.Errorf("%.40s: %v", comment, err)
		}
	}
}

func FuzzSource(f *testing.F) {
	for _, seed := range []string{"a", "`${", "/[", "<a>", "}])", "#!", `"\`, "x?.y", "..."} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if text == "" {
			return
		}
		long := strings.Repeat(text, bound.MaxDepth/len(text)+2)
		if err := bound.Source(long); err != nil {
			if _, ok := errors.AsType[*bound.Error](err); !ok {
				t.Error(err)
			}
		}
		_ = bound.JSON(long)
	})
}

func BenchmarkSource(b *testing.B) {
	text := strings.Repeat("function f(a) { if (a) { return [a, 'x'] } else { b.c(`d`) } }\n", 10_000)
	b.SetBytes(int64(len(text)))
	for b.Loop() {
		if err := bound.Source(text); err != nil {
			b.Fatal(err)
		}
	}
}

func ExampleSource() {
	fmt.Println(bound.Source("x = 1"))
	// Output: <nil>
}
