package scripting

import (
	"slices"
	"strings"
	"testing"

	"trackhook/engine"
	"trackhook/scripting/internal/script"
)

// A person is sent to files that exist: code that the bundler, the host, eval or new Function has made shows nowhere.
func TestFramesAreTheAuthors(t *testing.T) {
	const body = `
console.trace("top");
run(() => console.trace("nested"));
console.log(new Error("printed"));
console.log(run(() => new Error("stack").stack));
console.log((0, eval)("new Error('eval').stack"), new Function("return new Error('function').stack")());
try { new URL("::") } catch (e) { console.log(e.stack); console.log(e) }
new URL("https://a/?b").searchParams.forEach(() => console.trace("called back"));
const config = new AdjustConfig(appToken, environment);
config.setEventTrackingSucceededCallbackListener((e) => {
  setTimeout(() => run(() => console.trace("timer")), 1);
  Promise.resolve().then(() => run(() => { throw new Error("rejected") }));
  (0, eval)("null.x");
});
Adjust.create(config);`
	for file, head := range map[string]string{
		"x.js":  `const { run } = require("./lib/util"), dep = require("dep");`,
		"x.mjs": `import { run } from "./lib/util"; import dep from "dep";`,
		"x.ts":  `import { run } from "./lib/util"; import dep from "dep"; type T = { a: string };`,
	} {
		t.Run(file, func(t *testing.T) {
			b := newBench(t)
			b.write("node_modules/dep/package.json", `{"name":"dep","main":"lib/index.js"}`)
			b.write("node_modules/dep/lib/index.js", "console.trace('loading');\nconsole.log(new Error('loading').stack);\nexports.call = (f) => f();\n")
			b.write("lib/util.ts", "interface A {}\nimport { call } from 'dep';\nexport function run<T>(f: () => T): T {\n  return call(f);\n}\n")
			i, _, err := b.startAt(b.write(file, head+body))
			if err != nil {
				t.Fatal(err)
			}
			b.feed(i, eventResponse(engine.Delivered))
			waitFor(t, func() bool {
				return slices.ContainsFunc(b.log.lines(), func(l logLine) bool { return strings.HasPrefix(l.Message, "Trace: timer") })
			})
			<-i.retire()
			lines := b.log.take()
			frames, authors := 0, map[string]bool{}
			for _, l := range lines {
				if text := l.Message + l.File + l.Stack; strings.Contains(text, "trackhook:") || strings.Contains(text, "<eval>") {
					t.Errorf("leaked in %+v", l)
				}
				for frame := range strings.Lines(l.Message + "\n" + l.Stack) {
					if _, at, ok := strings.Cut(frame, "at "); ok {
						frames++
						for _, name := range []string{"plugins/" + file + ":", "plugins/lib/util.ts:4:", "plugins/node_modules/dep/lib/index.js:3:"} {
							authors[name] = authors[name] || strings.Contains(at, name)
						}
					}
				}
			}
			if frames < 20 || len(authors) != 3 || slices.Contains([]bool{
				authors["plugins/"+file+":"], authors["plugins/lib/util.ts:4:"], authors["plugins/node_modules/dep/lib/index.js:3:"],
			}, false) {
				t.Errorf("%d frames, of %v", frames, authors)
			}
			failed := slices.DeleteFunc(lines, func(l logLine) bool { return l.Level != "error" })
			if len(failed) != 2 || failed[0].File != "plugins/"+file || failed[0].Line != 13 || failed[0].Source != `  (0, eval)("null.x");` ||
				failed[1].Line != 12 || failed[1].File != "plugins/"+file {
				t.Errorf("failures: %+v", failed)
			}
		})
	}
}

// What looks like a frame of ours in a text of somebody else's stays.
func TestOtherTextsKeepTheirLines(t *testing.T) {
	for text, want := range map[string]string{
		"a\n\tat f (trackhook:bundle:1:2(3))\n\tat g (plugins/x.js:1:2(3))\n": "a\n\tat g (plugins/x.js:1:2(3))\n",
		"a\n\tat <eval>:1:2(3)\n":                            "a\n",
		"java.lang.Error\n\tat com.example.A.b(A.java:12)\n": "java.lang.Error\n\tat com.example.A.b(A.java:12)\n",
		"at trackhook:bundle:1:2":                            "at trackhook:bundle:1:2",
	} {
		if got := script.WithoutOwnFrames(text); got != want {
			t.Errorf("%q became %q, want %q", text, got, want)
		}
	}
}

// __filename and __dirname are those of the file that they stand in, in required, imported and translated ones too.
func TestFileNames(t *testing.T) {
	for file, source := range map[string]string{
		"x.js":  `const cjs = require("./lib/cjs.js"), typed = require("./lib/typed"), dep = require("dep");`,
		"x.mjs": `import cjs from "./lib/cjs.js"; import * as typed from "./lib/typed"; import dep from "dep"; await null;`,
		"y.js":  `const cjs = require("./lib/cjs.js"), typed = require("./lib/typed"), dep = require("dep"); async function* lowered() {}`,
		"x.ts":  `import cjs from "./lib/cjs.js"; import * as typed from "./lib/typed"; import dep from "dep"; type T = string;`,
	} {
		t.Run(file, func(t *testing.T) {
			b := newBench(t)
			b.write("lib/cjs.js", "exports.where = () => [__filename, __dirname];\n")
			b.write("lib/typed.ts", "enum E { A }\nexport const where = () => `${__filename} ${__dirname} ${typeof __filename} ${{ __filename }.__filename.length}`;\n")
			b.write("node_modules/dep/index.js", "const __filename = 'its own'; exports.where = [__filename, __dirname];\n")
			i, _, err := b.startAt(b.write(file, source+"\n"+`console.log(__filename, __dirname, ...cjs.where()); console.log(typed.where()); console.log(...dep.where)`))
			if err != nil {
				t.Fatal(err)
			}
			<-i.retire()
			b.printed("info", "plugins/"+file+" plugins plugins/lib/cjs.js plugins/lib",
				"plugins/lib/typed.ts plugins/lib string 20", "its own plugins/node_modules/dep")
		})
	}
}
