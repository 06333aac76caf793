package bundle

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/evanw/esbuild/pkg/api"
)

// outside is what must never turn up in a bundle.
const outside = "the content of a file outside"

// newTrap makes a plugins folder with a file beside it that nobody may read, and returns the path of that file.
func newTrap(tb testing.TB, files map[string]string) (d *testTree, secret string) {
	tb.Helper()
	d = newTestTree(tb, files)
	secret = filepath.Join(filepath.Dir(d.root), "secret.js")
	if err := os.WriteFile(secret, []byte("module.exports = '"+outside+"'"), 0o600); err != nil {
		tb.Fatal(err)
	}
	return d, secret
}

func TestBundleStaysInsideByName(t *testing.T) {
	names := []string{
		"../secret.js", "./../secret.js", "./a/../../secret.js", "..", "../", "./..", "../../etc/passwd", "/etc/passwd",
		"file:///etc/passwd", "file:secret.js", "FILE:///etc/passwd", "data:text/javascript,1", "//server/share/x.js",
		`..\secret.js`, `.\..\secret.js`, `C:\secret.js`, "C:/secret.js", "c:secret.js", `\\server\share`, "./\x00/../../secret.js",
		"./x\x00.js", "%2e%2e/secret.js", "./%2e%2e/secret.js", "p/../../secret.js", "p/../../../secret.js", "@s/../../secret",
		"@s/..", "@/x", "node_modules/../../secret.js", "...", ".../secret.js", "p/%2e%2e/x", "~/secret.js", "secret", "#up", "#abs", "#pkg",
		"exported", "exported/up", "exported/abs", "exported/star/../../../../secret.js", "exported/modules", "exported/encoded",
		"main-up", "main-abs", "browser-up", "",
	}
	files := map[string]string{
		"package.json":                          `{"imports": {"#up": "../secret.js", "#abs": "/etc/passwd", "#pkg": "../../secret.js"}}`,
		"node_modules/p/index.js":               "exports.p = 1",
		"node_modules/exported/package.json":    `{"name":"exported","exports":{".":"../../../secret.js","./up":"./../../../secret.js","./abs":"/etc/passwd","./star/*":"./*","./modules":"./node_modules/x.js","./encoded":"./%2e%2e/%2e%2e/secret.js"}}`,
		"node_modules/main-up/package.json":     `{"main":"../../../secret.js"}`,
		"node_modules/main-abs/package.json":    `{"main":"/etc/passwd"}`,
		"node_modules/browser-up/package.json":  `{"browser":"../../../secret.js"}`,
		"node_modules/browser-map/package.json": `{"browser":{"./a.js":"../../../secret.js","./index.js":"../../../secret.js"}}`,
		"node_modules/browser-map/a.js":         "", "node_modules/browser-map/index.js": "",
	}
	// A short run takes each name in one of the ways, and each way several times.
	way := 0
	for i, name := range names {
		for _, statement := range []string{"import x from %; console.log(x)", "console.log(require(%))", "import(%).then(console.log)"} {
			for _, ending := range []string{".js", ".ts"} {
				if way++; os.Getenv("TRACKHOOK_LONG") == "" && way%6 != i%6 {
					continue
				}
				t.Run(statement+ending+" "+name, func(t *testing.T) {
					d, _ := newTrap(t, files)
					text := strings.Replace(statement, "%", quoteJS(name), 1)
					if err := os.WriteFile(filepath.Join(d.root, "e"+ending), []byte(text), 0o600); err != nil {
						t.Fatal(err)
					}
					checkTrap(t, d, "e"+ending)
				})
			}
		}
	}
}

// checkTrap fails the test when a bundle has the secret, or when a path outside was asked for at all.
func checkTrap(t *testing.T, d *testTree, entry string) {
	t.Helper()
	b, err := Build(d.options(entry))
	if err == nil {
		if len(b.Warnings) == 0 {
			t.Error("neither an error nor a warning")
		}
		for _, code := range []*Code{b.Code, b.Library} {
			if code != nil && (strings.Contains(code.Text, outside) || strings.Contains(code.Text, "root:")) {
				t.Errorf("the bundle has what is outside:\n%s", code.Text)
			}
		}
		_ = runBundled(t, b)
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	for file := range d.files {
		if !withinRoot(d.root, file) {
			t.Errorf("looked at %s", file)
		}
	}
}

func TestBundleStaysInsideThroughLinks(t *testing.T) {
	link := func(t *testing.T, d *testTree, target, name string) {
		t.Helper()
		file := filepath.Join(d.root, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.Symlink(target, file); err != nil {
			t.Skipf("no symbolic links here: %v", err)
		}
	}
	tests := []struct {
		name, text string
		links      func(link func(target, name string), secret string)
	}{
		{"file", `import x from "./x.js"; console.log(x)`, func(link func(target, name string), secret string) {
			link(secret, "x.js")
		}},
		{"relative file", `import x from "./x.js"; console.log(x)`, func(link func(target, name string), _ string) {
			link("../secret.js", "x.js")
		}},
		{"folder", `import x from "./up/secret.js"; console.log(x)`, func(link func(target, name string), _ string) {
			link("..", "up")
		}},
		{"package", `import x from "up/secret.js"; console.log(x)`, func(link func(target, name string), secret string) {
			link(filepath.Dir(secret), "node_modules/up")
		}},
		{"node_modules", `import x from "secret.js"; console.log(x)`, func(link func(target, name string), secret string) {
			link(filepath.Dir(secret), "node_modules")
		}},
		{"package.json", `import x from "p"; console.log(x)`, func(link func(target, name string), secret string) {
			link(secret, "node_modules/p/package.json")
		}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			d, secret := newTrap(t, map[string]string{"e.js": tt.text})
			tt.links(func(target, name string) { link(t, d, target, name) }, secret)
			checkTrap(t, d, "e.js")
		})
	}
}

func TestBundleFollowsLinksInside(t *testing.T) {
	d := newTestTree(t, map[string]string{
		"e.mjs": `import a from "a"; console.log(a)`,
		"node_modules/.pnpm/a@1/node_modules/a/i.js":         `module.exports = require("b") + "a"`,
		"node_modules/.pnpm/a@1/node_modules/a/package.json": `{"main":"i.js"}`,
		"node_modules/.pnpm/b@1/node_modules/b/index.js":     `module.exports = "b"`,
	})
	for from, to := range map[string]string{
		"node_modules/a":                        ".pnpm/a@1/node_modules/a",
		"node_modules/.pnpm/a@1/node_modules/b": "../../b@1/node_modules/b",
	} {
		if err := os.Symlink(to, filepath.Join(d.root, from)); err != nil {
			t.Skipf("no symbolic links here: %v", err)
		}
	}
	b, err := Build(d.options("e.mjs"))
	if err != nil {
		t.Fatal(err)
	}
	if got := runBundled(t, b); got != "ba\n" {
		t.Errorf("got %q, want %q", got, "ba\n")
	}
}

// FuzzResolve looks for a name, or for a package.json, that leads out of the folder or ends in a panic.
func FuzzResolve(f *testing.F) {
	for _, name := range []string{"./a", "../x", "p", "p/x", "@s/p/x", "#i", "#x/y", "node:fs", "/etc/passwd", "p/../../x", "./\x00", `.\x`} {
		f.Add(name, `{"main":"./a.js","exports":{".":{"import":"./a.js"},"./*":"./*.js","./d/":"./d/"},"imports":{"#i":"./a.js","#x/*":"p/*"}}`)
	}
	f.Add("p", `{"exports":["../x",{"default":"./a.js"}],"browser":{"./a.js":"../../x","p":false}}`)
	f.Add("p", `{"main":"./a.js","browser":{"./a.js":"p"}}`)
	f.Add("p/a", `{"exports":{"./*":"./../*"},"browser":{"./a":"p/../../x"}}`)
	d, secret := newTrap(f, map[string]string{
		"e.js": "", "a.js": "", "node_modules/p/a.js": "", "node_modules/p/index.js": "", "node_modules/@s/p/x.js": "", "d/x.ts": "",
	})
	f.Fuzz(func(t *testing.T, name, manifest string) {
		o := d.options("e.js")
		o.Look = func(file string) (string, bool, error) {
			if !withinRoot(d.root, file) {
				t.Errorf("looked at %q", file)
			}
			if filepath.Base(file) == "package.json" {
				return manifest, false, nil
			}
			return d.look(file)
		}
		r := newResolver(o)
		for _, kind := range []api.ResolveKind{api.ResolveJSImportStatement, api.ResolveJSRequireCall} {
			for _, from := range []string{"e.js", "d/x.ts", "node_modules/p/a.js"} {
				got := r.resolve(name, filepath.Join(d.root, filepath.FromSlash(from)), kind)
				switch {
				case got.file == secret || got.file != "" && !withinRoot(d.root, got.file):
					t.Errorf("%q in %s leads to %s", name, from, got.file)
				case got.file == "" && got.host == "" && got.problem == "":
					t.Errorf("%q in %s is nothing", name, from)
				}
			}
		}
	})
}
