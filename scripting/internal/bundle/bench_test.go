package bundle

import (
	"fmt"
	"os"
	"strings"
	"testing"
)

// BenchmarkBundle is what a save costs before the top level runs: bundle, and parse and compile what it made.
func BenchmarkBundle(b *testing.B) {
	starter, err := os.ReadFile("../../../plugins/outcomes.js")
	if err != nil {
		b.Fatal(err)
	}
	var library strings.Builder
	library.WriteString("'use strict';\n")
	for i := range 5000 {
		_, _ = fmt.Fprintf(&library, "exports.f%d = function (a, b) { if (a === b) { return [a, b, %d].map((x) => x * 2) } return { a, b } };\n", i, i)
	}
	dependency := map[string]string{
		"node_modules/dep/package.json": `{"name":"dep","exports":{".":{"import":"./index.mjs"}}}`,
		"node_modules/dep/index.mjs":    "export const twice = (n) => n * 2;\nexport default twice;\n",
		"e.ts":                          "import { twice } from \"dep\";\n" + strings.ReplaceAll(string(starter), "function (event)", "function (event: any)"),
	}
	tests := []struct {
		name, entry string
		files       map[string]string
	}{
		{"script=plain", "e.js", map[string]string{"e.js": string(starter)}},
		{"script=require", "e.js", map[string]string{"e.js": "const l = require('./l');\n" + string(starter), "l.js": "exports.a = 1"}},
		{"script=typescript", "e.ts", map[string]string{"e.ts": strings.ReplaceAll(string(starter), "function (event)", "function (event: any)")}},
		{"module=typescript", "e.ts", dependency},
		{"module=large", "e.mjs", map[string]string{"e.mjs": "import { f1 } from 'large'; f1()", "node_modules/large/index.js": library.String()}},
	}
	for _, tt := range tests {
		d := newTestTree(b, tt.files)
		b.Run(tt.name+"/step=bundle", func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, err := Build(d.options(tt.entry)); err != nil {
					b.Fatal(err)
				}
			}
		})
		out, err := Build(d.options(tt.entry))
		if err != nil {
			b.Fatal(err)
		}
		b.Run(tt.name+"/step=compile", func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				for _, code := range []*Code{out.Code, out.Library} {
					if code == nil {
						continue
					}
					if _, err := code.Compile(); err != nil {
						b.Fatal(err)
					}
				}
			}
		})
	}
}
