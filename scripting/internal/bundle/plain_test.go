package bundle

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"trackhook/scripting/internal/documents"
)

// A plugin that nothing needs to be done for is run without a look of esbuild, and just as it would be with one.
func TestPlainScripts(t *testing.T) {
	for _, test := range []struct {
		name, file, text string
		quick            bool
	}{
		{"plain", "e.js", "var a = 1; function exported() { return 'requires importance' }", true},
		{"cjs", "e.cjs", "exports.a = 1", true},
		{"a comment", "e.js", "/* it does not require anything */ 1", false},
		{"module", "e.js", "export const a = 1", false},
		{"await", "e.js", "await (0)", false},
		{"require", "e.js", "require ('./a')", false},
		{"import", "e.js", "import('./a')", false},
		{"escaped", "e.js", `r\u0065quire('./a')`, false},
		{"typescript", "e.ts", "f<number>(1)", false},
		{"mjs", "e.mjs", "var a = 1", false},
		{"a package of modules", "m/e.js", "var a = 1", false},
		{"lowered", "e.js", "async function* f() { yield 1 }", false},
	} {
		d := newTestTree(t, map[string]string{test.file: test.text, "a.js": "exports.a = 1", "m/package.json": `{"type":"module"}`})
		o := d.options(test.file)
		if quick := newBundler(o).plainScript(test.text) != nil; quick != test.quick {
			t.Errorf("%s: plain without a look: %v", test.name, quick)
		}
		slow, err := Build(o)
		if err != nil {
			t.Errorf("%s: %v", test.name, err)
			continue
		}
		o.Quick = true
		quick, err := Build(o)
		if err != nil || quick.Module != slow.Module || quick.Async != slow.Async || quick.Code.Text != slow.Code.Text || (quick.Library == nil) != (slow.Library == nil) {
			t.Errorf("%s: %+v and %+v, %v", test.name, quick, slow, err)
		}
	}
}

// Nearly every example of the documentation is taken without a look of esbuild, so that a host of them starts at once.
func TestDocumentationIsPlain(t *testing.T) {
	files, err := filepath.Glob(filepath.Join(documents.Path(t, "spec/blocks/cordova-v4"), "*.js"))
	if err != nil || len(files) == 0 {
		t.Skip("the blocks of the documentation are not at hand")
	}
	plain := 0
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		text := string(data)
		o := newTestTree(t, map[string]string{"e.js": text}).options("e.js")
		if newBundler(o).plainScript(text) != nil {
			plain++
		}
	}
	if plain < 90 {
		t.Errorf("%d of %d examples are taken as they are", plain, len(files))
	}
}

// PowerShell writes UTF-16 by itself. That is said, of the plugin's file and of what it loads, whoever looks at it.
func TestFilesInUTF16(t *testing.T) {
	d := newTestTree(t, map[string]string{
		"e.js": "\xff\xfe1\x00", "big.ts": "\xfe\xff\x001", "a.js": "require('./data.json')", "data.json": "\xff\xfe{\x00}\x00", "bom.js": "\ufeff1",
	})
	for file, blamed := range map[string]string{"e.js": "e.js", "big.ts": "big.ts", "a.js": "data.json", "bom.js": ""} {
		for _, quick := range []bool{false, true} {
			o := d.options(file)
			o.Quick = quick
			_, err := Build(o)
			if blamed == "" && err != nil || blamed != "" && (err == nil || !strings.Contains(err.Error(), blamed+" is written in UTF-16; save it as UTF-8")) {
				t.Errorf("%s, quick %v: %v", file, quick, err)
			}
		}
	}
}
