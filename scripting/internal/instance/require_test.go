package instance

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

func TestRequire(t *testing.T) {
	b := newBench(t)
	b.write("lib/a.js", `
		console.log('a runs', __filename, this === exports, typeof require);
		exports.name = 'a'; exports.b = require('../b');`)
	b.write("b.js", `module.exports = function () { return 'b' }`)
	b.write("data.json", `{"n": [1, 2]}`)
	b.write("folder/index.js", `exports.who = 'index'`)
	b.run(`
		const a = require('./lib/a.js');
		console.log(a.name, a.b(), require('./lib/a') === a);
		console.log(String(require('./data').n[1]), require('./folder').who, require('./folder/').who);
		console.log(__filename, __dirname, module.id, String(module.exports === exports));
		var shared = 1; console.log(String(globalThis.shared), String(this === globalThis));`)
	b.printed("",
		"a runs plugins/lib/a.js true function",
		"a b true", "2 index index", "plugins/x.js plugins plugins/x.js true", "1 true")
}

func TestRequireCycle(t *testing.T) {
	b := newBench(t)
	b.write("a.js", `exports.early = 1; exports.seen = require('./b').seen; exports.late = 2;`)
	b.write("b.js", `const a = require('./a'); exports.seen = Object.keys(a).join()`)
	b.run(`const a = require('./a'); console.log(a.seen, Object.keys(a).join())`)
	b.printed("", "early early,seen,late")
}

// A module that requires the plugin's first file finds what that has exported so far, and does not run it again.
func TestRequireOfTheFirstFile(t *testing.T) {
	b := newBench(t)
	b.write("lib.js", `exports.early = 1; exports.seen = Object.keys(require('./x')).join()`)
	b.run(`exports.mine = 1; console.log('once'); const lib = require('./lib'); console.log(lib.seen, lib.early)`)
	b.printed("", "once", "mine 1")
}

func TestRequireFailures(t *testing.T) {
	b := newBench(t)
	outside := filepath.Join(filepath.Dir(b.dir), "secret.js")
	if err := os.WriteFile(outside, []byte(`module.exports = 'secret'`), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(outside, filepath.Join(b.dir, "link.js")); err != nil {
		t.Skip(err)
	}
	b.write("bad.js", "const a = 1;\nconst b = ;")
	b.write("bad.json", `{"a": }`)
	b.write("throws.js", "exports.a = 1; null.x")
	for name, test := range map[string]struct{ source, want string }{
		"missing":        {`require('./nope')`, `Cannot find module "./nope"; looked for plugins/nope, plugins/nope.(js|jsx|json|cjs|mjs|ts|tsx|mts|cts), plugins/nope/index.(`},
		"parent":         {`require('../secret')`, `Cannot import "../secret": it leads out of the plugins folder`},
		"deep parent":    {`require('./a/../../secret.js')`, "leads out of the plugins folder"},
		"link":           {`require('./link')`, `Cannot import "./link": plugins/link.js: the link leads out of the plugins folder`},
		"absolute":       {`require('/etc/passwd')`, `Cannot import "/etc/passwd": absolute paths and backslashes are not allowed`},
		"package":        {`require('lodash')`, "looked for plugins/node_modules/lodash; run `npm install lodash` in the plugin's folder"},
		"number":         {`require(1)`, "TypeError: require needs the name of a module"},
		"module syntax":  {`require('./bad')`, `plugins/bad.js:2:11: SyntaxError: Unexpected ";"`},
		"JSON":           {`require('./bad.json')`, `plugins/bad.json:1:7: SyntaxError: Unexpected "}" in JSON`},
		"first line":     {`require('./throws')`, "plugins/throws.js:1:21: TypeError: Cannot read property 'x' of undefined or null"},
		"code":           {`try { require('./nope') } catch (e) { throw e.code + (e instanceof Error) }`, "Uncaught 'MODULE_NOT_FOUNDtrue'"},
		"caught syntax":  {`try { require('./bad') } catch (e) {}`, `plugins/bad.js:2:11: SyntaxError: Unexpected ";"`},
		"computed":       {`require(['./throws'].join(''))`, "Cannot find module './throws': only a name that is written out"},
		"inherited":      {`require('constructor')`, `Cannot find package "constructor"`},
		"not own":        {`const r = require; r('constructor')`, "Cannot find module 'constructor'"},
		"second attempt": {`try { require('./throws') } catch (e) {} require('./throws')`, "plugins/throws.js:1:21"},
	} {
		t.Run(name, func(t *testing.T) {
			if got := b.broken(test.source).Error(); !strings.Contains(got, test.want) {
				t.Errorf("got  %s\nwant %s", got, test.want)
			}
		})
	}
	if got := b.broken("\n  require('./nope')"); got.Line != 2 || got.Column != 10 {
		t.Errorf("got %+v", got)
	}
}

func TestEntryOutside(t *testing.T) {
	b := newBench(t)
	outside := filepath.Join(filepath.Dir(b.dir), "secret.js")
	if err := os.WriteFile(outside, []byte(`1`), 0o600); err != nil {
		t.Fatal(err)
	}
	link := filepath.Join(b.dir, "link.js")
	if err := os.Symlink(outside, link); err != nil {
		t.Skip(err)
	}
	_, g, err := b.startAt(link)
	if err == nil || !strings.Contains(err.Error(), "leads out of the plugins folder: copy the file into the folder instead") ||
		strings.Contains(err.Error(), b.dir) {
		t.Errorf("got %v", err)
	}
	if err := os.Remove(link); err != nil {
		t.Fatal(err)
	}
	b.write("link.js", "2")
	if !g.Changed() {
		t.Error("a link that was replaced by a file is no change")
	}
}

func TestSourceMapCommentsReadNothing(t *testing.T) {
	b := newBench(t)
	b.write("x.map", "{")
	b.run("console.log('runs');\n//# sourceMappingURL=x.map")
	b.printed("", "runs")
}

func TestGraph(t *testing.T) {
	b := newBench(t)
	b.write("lib.js", `exports.n = 1`)
	b.write("later.js", `exports.n = 1`)
	i, g, err := b.start(preamble + `require('./lib'); try { require('./gone') } catch (e) {} function onSuccess() { require('./later') }`)
	if err != nil {
		t.Fatal(err)
	}
	version := g.Version()
	if len(version) != 8 || g.Changed() {
		t.Fatalf("version %q, changed %v", version, g.Changed())
	}
	var names []string
	for _, path := range g.Paths() {
		names = append(names, g.Name(path))
	}
	for _, want := range []string{"plugins/x.js", "plugins/lib.js", "plugins/gone", "plugins/gone.js", "plugins/gone/index.js"} {
		if !slices.Contains(names, want) {
			t.Errorf("%s is not in the graph %q", want, names)
		}
	}
	changes := func(what, name, source string) {
		t.Helper()
		path := filepath.Join(b.dir, name)
		before, err := os.ReadFile(path)
		b.write(name, source)
		if !g.Changed() {
			t.Errorf("%s: no change was seen", what)
		}
		if err != nil {
			_ = os.Remove(path)
		} else {
			b.write(name, string(before))
		}
		if g.Changed() {
			t.Errorf("%s: a change is seen after it was undone", what)
		}
	}
	changes("a module", "lib.js", `exports.n = 2`)
	changes("the script", "x.js", `1`)
	changes("a file that was missing", "gone.js", `1`)
	b.write("unrelated.js", "1")
	if g.Changed() {
		t.Error("a file that nobody looked at counts as a change")
	}

	b.feed(i, eventResponse(1))
	if g.Version() != version {
		t.Error("what is required later renamed the version")
	}
	changes("a module that was required later", "later.js", `exports.n = 2`)

	_, again, err := b.startAt(filepath.Join(b.dir, "x.js"))
	if err != nil || again.Version() != version {
		t.Errorf("the same bytes have version %s and then %s, %v", version, again.Version(), err)
	}
	b.write("lib.js", `exports.n = 3`)
	if _, again, _ = b.startAt(filepath.Join(b.dir, "x.js")); again.Version() == version {
		t.Error("another module has the same version")
	}
}
