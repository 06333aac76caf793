package bundle

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/evanw/esbuild/pkg/api"
	"github.com/go-sourcemap/sourcemap"
)

// A translated file leads back to the author's, and a column moved by one means the same as before.
func TestSourceMapCountsFromOne(t *testing.T) {
	text := "\n\ninterface A { b: string }\n\texport async function* größe(a: A) { yield `é${a.b}`; } /* ü */ enum E { X = 1 }\n" +
		"class B<T> { constructor(private readonly x: T) {} get y() { return this.x } }\nfor (const q of [1]) { new B<number>(q) }\n"
	result := api.Transform(text, api.TransformOptions{
		Loader: api.LoaderTS, Sourcemap: api.SourceMapExternal, Target: api.ES2017, Sourcefile: "a.ts",
	})
	if len(result.Errors) > 0 {
		t.Fatal(result.Errors)
	}
	before, err := sourcemap.Parse("", result.Map)
	if err != nil {
		t.Fatal(err)
	}
	after, err := newSourceMap(result.Map, func(string) string { return text })
	if err != nil {
		t.Fatal(err)
	}
	known := 0
	line := 0
	for generated := range strings.Lines(string(result.Code)) {
		line++
		for column := range len(generated) {
			_, _, wantLine, wantColumn, wantOK := before.Source(line, column)
			got, ok := after.position(line, column+1)
			if ok != wantOK || ok && (got.line != wantLine || got.column != wantColumn+1) {
				t.Fatalf("%d:%d leads to %d:%d (%v), want %d:%d (%v)",
					line, column, got.line, got.column, ok, wantLine, wantColumn+1, wantOK)
			}
			if ok {
				known++
				if got.source != textLine(text, got.line) {
					t.Errorf("line %d is %q", got.line, got.source)
				}
			}
		}
	}
	if known == 0 {
		t.Error("nothing was found")
	}
}

func TestSourceMapNames(t *testing.T) {
	for _, name := range []string{"plugins/a.ts", "plugins/my file.ts", "plugins/größe.ts", "plugins/100%.ts", "plugins/a#b?c.ts", "plugins/a:b.ts"} {
		m := map[string]any{"version": 3, "sources": []string{fileNamespace + ":" + name}, "mappings": "AAAA"}
		text, err := json.Marshal(m)
		if err != nil {
			t.Fatal(err)
		}
		d := newTestTree(t, map[string]string{"e.ts": "const a: number = 1; throw new Error('x')"})
		o := d.options("e.ts")
		o.Name = func(string) string { return name }
		b, err := Build(o)
		if err != nil {
			t.Fatal(err)
		}
		sources, err := newSourceMap(text, func(string) string { return "" })
		if err != nil {
			t.Fatal(err)
		}
		if at, ok := sources.position(1, 1); !ok || at.file != name {
			t.Errorf("position names %q, want %q", at.file, name)
		}
		stack := runBundled(t, b)
		_, after, _ := strings.Cut(stack, "\n\tat ")
		called, _, _ := strings.Cut(after, ":1:28")
		if got := b.Code.Sources.Name(called); got != name {
			t.Errorf("%q in\n%s is the file %q, want %q", called, stack, got, name)
		}
	}
}

func FuzzSourceMapShift(f *testing.F) {
	f.Add("AAAA,IAAM;;AACN,C")
	f.Add(";;A,AAAA")
	f.Fuzz(func(t *testing.T, mappings string) {
		if strings.Trim(mappings, base64Digits+",;") != "" {
			return
		}
		shifted := countFromOne(mappings)
		if strings.Count(shifted, ";") != strings.Count(mappings, ";") || strings.Count(shifted, ",") != strings.Count(mappings, ",") {
			t.Errorf("%q became %q", mappings, shifted)
		}
	})
}
