package scripting

import (
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"trackhook/engine"
)

// module is run for ES modules.
func (b *bench) module(source string) *instance {
	b.t.Helper()
	i, _, err := b.startAt(b.write("x.mjs", source))
	if err != nil {
		b.t.Fatal(err)
	}
	return i
}

func TestModules(t *testing.T) {
	b := newBench(t)
	b.write("lib/named.mjs", `export const a = 1; export default function two() { return 2 } export { a as renamed }; export * as deep from './deep.js'`)
	b.write("lib/deep.js", `exports.x = 'common'; exports.self = require('./deep') === exports`)
	b.write("cycle1.mjs", `import { two } from './cycle2.mjs'; export const one = 1; export const sum = () => one + two()`)
	b.write("cycle2.mjs", `import { one } from './cycle1.mjs'; export const two = () => one + 1`)
	b.module(`
		import two, { a, renamed, deep } from './lib/named.mjs';
		import { sum } from './cycle1.mjs';
		import { Adjust, AdjustConfig } from 'com.adjust.sdk';
		import * as trackhook from 'trackhook';
		console.log(a, two(), renamed, deep.x, deep.self, sum());
		console.log(Adjust === globalThis.Adjust, AdjustConfig === globalThis.AdjustConfig, trackhook.AdjustEvent === AdjustEvent, trackhook.appToken);
		console.log(typeof this, typeof module, import.meta.url);
		const lazy = await import('./lib/deep.js');
		console.log(lazy.x);
		var mine = 1; console.log(typeof globalThis.mine);`)
	b.printed("", "1 2 1 common true 3", "true true true abc123def456", "undefined undefined file:///plugins/x.mjs", "common", "undefined")
}

func TestTopLevelAwait(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := newBench(t, withDevice)
		b.lateModule()
		begin := time.Now()
		i := b.module(`
			import { late } from './late.mjs';
			await new Promise((resolve) => document.addEventListener('deviceready', resolve));
			const config = new AdjustConfig(appToken, environment);
			config.setEventTrackingSucceededCallbackListener((e) => console.log(late, e.message));
			await new Promise((resolve) => setTimeout(resolve, 2000));
			Adjust.create(config);
			export {};`)
		if took := time.Since(begin); took != 3*time.Second {
			t.Errorf("the load took %s, want 3s", took)
		}
		b.feed(i, numbered(1, engine.Delivered)...)
		b.printed("info", "late m0")
		if got := b.store.tracked(); len(got) != 1 || got[0].Kind != engine.KindSession {
			t.Errorf("tracked %+v", got)
		}
		<-i.retire()
		time.Sleep(time.Second) // esbuild leaves a goroutine behind that sleeps for a moment
	})
}

// lateModule writes a module that takes a second.
func (b *bench) lateModule() {
	b.write("late.mjs", `await new Promise((resolve) => setTimeout(resolve, 1000)); export const late = 'late'`)
}

func TestTopLevelAwaitThatFails(t *testing.T) {
	for name, test := range map[string]struct{ source, want string }{
		"never":      {"await new Promise(() => {})", "plugins/x.mjs: the top level awaits something that did not come within the time limit of 5s"},
		"rejects":    {"await null;\nawait Promise.reject(new TypeError('no'))", "plugins/x.mjs:2:22: TypeError: no"},
		"throws":     {"await null;\n\tmissing()", "plugins/x.mjs:2:2: ReferenceError: missing is not defined"},
		"unhandled":  {"Promise.reject(new Error('lost'));\nawait new Promise((r) => setTimeout(r, 10))", "Error: lost (in a promise that nobody handles)"},
		"late one":   {"setTimeout(() => { Promise.reject(new Error('lost')) }, 1);\nawait new Promise((r) => setTimeout(r, 10))", "Error: lost (in a promise that nobody handles)"},
		"an import":  {"import { nope } from './late.mjs'; await nope", `No matching export in "plugins/late.mjs" for import "nope"`},
		"no package": {"import x from 'left'; console.log(x)", "Cannot find package \"left\""},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				b := newBench(t)
				b.lateModule()
				_, _, err := b.startAt(b.write("x.mjs", test.source))
				if err == nil || !strings.Contains(err.Error(), test.want) {
					t.Errorf("got %v, want %s", err, test.want)
				}
				time.Sleep(time.Second) // see above
			})
		})
	}
}

func TestWarningsHaveAPlace(t *testing.T) {
	b := newBench(t)
	b.run("const r = require;\ntry { require('./nope') } catch (e) { console.log(e.code) }\nif (typeof r === 'undefned') r();")
	lines := b.log.take()
	if got := messages(lines, "warn"); len(got) != 2 || !strings.HasPrefix(got[0], `plugins/x.js:3:`) && !strings.HasPrefix(got[1], `plugins/x.js:3:`) {
		t.Errorf("warned %q", got)
	}
	if got := messages(lines, "info"); !slices.Equal(got, []string{"MODULE_NOT_FOUND"}) {
		t.Errorf("printed %q", got)
	}
}

func TestGapsAreFilledWhereTheyShow(t *testing.T) {
	for source, want := range map[string]string{
		`console.log(typeof Object.groupBy)`:                                      "function",
		`console.log(typeof Promise.try)`:                                         "function",
		`console.log(typeof Promise['try'])`:                                      "function",
		`console.log(typeof (0, eval)('Promise.with' + 'Resolvers'))`:             "function",
		`const { withResolvers: w } = Promise; console.log(typeof w)`:             "function",
		`try { console.log(String('with' + 'Resolvers' in Promise)) } finally {}`: "false", // nobody can tell
	} {
		b := newBench(t)
		b.run(source)
		b.printed("", want)
	}
}
