package console

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/dop251/goja"
	"github.com/google/go-cmp/cmp"

	"trackhook/scripting/internal/view"
)

func TestConsoleLevels(t *testing.T) {
	vm := goja.New()
	var got []string
	Install(vm, func(level Level, text string) {
		name := map[Level]string{Debug: "debug", Info: "info", Warn: "warn", Error: "error"}[level]
		got = append(got, name+" "+text)
	})
	_, err := vm.RunString(`
		for (const m of ['debug', 'log', 'info', 'dir', 'dirxml', 'table', 'group', 'warn', 'error']) console[m](m);
		console.groupEnd(); console.assert(false, 'assert'); console.count('count'); console.countReset('none');
		const {log} = console; log('unbound');
		console.clear();
	`)
	if err != nil {
		t.Fatal(err)
	}
	want := []string{
		"debug debug", "info log", "info info", "info 'dir'", "info dirxml", "info table", "info group", "warn   warn", "error   error",
		"error Assertion failed: assert", "info count: 1", "warn Warning: Count for 'none' does not exist", "info unbound",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

// Errors are not compared with Node's file: their stacks name the file that they come from.
func TestConsolePrintsErrors(t *testing.T) {
	for _, c := range []struct{ code, want string }{
		{"console.log(new Error('boom'))", "Error: boom\n    at plugin.js:1:13"},
		{"function f() { return new TypeError('t') }; console.log(f())", "TypeError: t\n    at f (plugin.js:1:23)\n    at plugin.js:1:58"},
		{"console.log([1].map(() => new Error('m'))[0])", "Error: m\n    at plugin.js:1:27\n    at map (<anonymous>)\n    at plugin.js:1:20"},
		{"console.log({e: new Error('in')})", "{\n  e: Error: in\n      at plugin.js:1:17\n}"},
		{"class MyError extends Error {}; console.log(new MyError('x'))", "MyError: x\n    at plugin.js:1:45"},
		{"class NotFound extends Error {}; console.log(new NotFound('x'))", "NotFound [Error]: x\n    at plugin.js:1:46"},
		{"const e = new Error('x'); e.code = 7; console.log(e)", "Error: x\n    at plugin.js:1:11 {\n  code: 7\n}"},
		{"console.log(new Error('x', {cause: 'why'}))", "Error: x\n    at plugin.js:1:13 {\n  [cause]: 'why'\n}"},
		{"const e = new Error('x'); e.stack = 'Error: x'; console.log(e)", "[Error: x]"},
		{"const e = new Error('x'); e.stack = undefined; console.log(e)", "[Error: x]"},
		{"const e = new Error('x'); e.message = 'changed'; console.log([e].length, String(e))", "1 Error: changed"},
		{"console.log('%s', new RangeError('r'))", "RangeError: r\n    at plugin.js:1:19"},
		{"console.log(new AggregateError([new Error('a')], 'many').errors.length)", "1"},
		{"console.trace('here', {a: 1})", "Trace: here { a: 1 }\n    at plugin.js:1:14"},
		{"function outer() { console.trace() }; outer()", "Trace\n    at outer (plugin.js:1:33)\n    at plugin.js:1:44"},
	} {
		vm, out := newTestConsole()
		if _, err := vm.RunScript("plugin.js", c.code); err != nil {
			t.Errorf("%s: %v", c.code, err)
			continue
		}
		if diff := cmp.Diff(c.want+"\n", out.String()); diff != "" {
			t.Errorf("%s\nwant -, got +\n%s", c.code, diff)
		}
	}
}

func TestConsoleNeverThrows(t *testing.T) {
	for _, code := range []string{
		"console.log(Symbol('x'))",
		"console.log('%s %d %i %f %j %o %O', ...Array(7).fill({valueOf() { throw 1 }, toString() { throw 2 }, toJSON() { throw 3 }}))",
		"console.log({get [Symbol.toStringTag]() { throw new Error('tag') }})",
		"console.log({[Symbol.for('nodejs.util.inspect.custom')]() { throw new Error('custom') }}, 'after')",
		"console.log({[Symbol.for('nodejs.util.inspect.custom')]() { return this }})",
		"const e = new Error('x'); Object.defineProperty(e, 'stack', {get() { throw new Error('stack') }}); console.log(e)",
		"const e = new Error('x'); Object.defineProperty(e, 'name', {value: Symbol()}); console.log(e)",
		"console.log(new Proxy({}, {getPrototypeOf() { throw new Error('proto') }}))",
		"console.log(Object.create(new Proxy({}, {getPrototypeOf() { throw new Error('proto') }})))",
		"console.log(Object.setPrototypeOf(() => {}, new Proxy({}, {get() { throw new Error('get') }})))",
		"const r = Proxy.revocable({}, {}); r.revoke(); console.log(r.proxy, '%s', r.proxy); console.log('%s %d %j', r.proxy, r.proxy, r.proxy); console.table(r.proxy); console.dir(r.proxy)",
		"let p = {}; for (let i = 0; i < 2000; i++) p = new Proxy(p, {}); console.log(p)",
		"let p = null; for (let i = 0; i < 2000; i++) p = Object.create(p); console.log(p)",
		"let d = {}; for (let i = 0; i < 100000; i++) d = {d}; console.dir(d, {depth: null}); console.dir(d, {depth: Infinity}); console.log(d)",
		"let d = []; for (let i = 0; i < 100000; i++) d = [d]; console.dir(d, {depth: null})",
		"console.dir({a: 1}, {get depth() { throw 1 }}); console.dir({a: 1}, null); console.dir({a: 1}, {depth: 'x'}); console.dir([1, 2], {maxArrayLength: null, breakLength: Infinity})",
		"console.table({get a() { throw new Error('row') }}); console.table([{a: 1}], 5); console.table([{a: 1}], [Symbol()]); console.table([{a: Symbol()}])",
		"console.log(new Array(4294967295)); const a = []; a[4294967294] = 1; console.log(a); console.log(Object.assign(new Array(1e6), {900000: 1}))",
		"console.count(Symbol('l')); console.time({toString() { throw 1 }}); console.group(Symbol()); console.assert(false, Symbol('a'))",
		"console.log(globalThis); console.log(console); console.log(Object.getOwnPropertyNames(globalThis).map((n) => globalThis[n]))",
		"console.log('%o', globalThis); console.dir(Array, {showHidden: true, depth: null})",
		"delete Object.getOwnPropertyDescriptor; delete Map.prototype.entries; Symbol.for = 1; console.log({a: 1}, new Map([[1, 2]]))",
		"Object = 1; Symbol = undefined; Date = null; console.log({a: [1, new Set([1])]})",
		"const g = globalThis; for (const n of Object.getOwnPropertyNames(g)) if (n !== 'console') delete g[n]; console.log({a: 1}, [], () => {}, new class {})",
		"Object.prototype.get = 1; Object.prototype.writable = 1; Object.prototype.value = 2; console.log({get a() { return 1 }, b: 2})",
		"console.log({get a() { console.log('inner', {x: 1}); return 1 }, [Symbol.for('nodejs.util.inspect.custom')]() { console.log('inner', {x: 1}); return 'outer' }})",
		"console.log('\\ud800', ['\\ud800'], {['\\ud800']: 1})",
		"console.log(...Array(1000).fill({a: 1}))",
		"console.log('%')", "console.log('%%')", "console.log('%s')", "console.log('%', 1)", "console.log('%s%', 1)",
	} {
		vm, out := newTestConsole()
		if _, err := vm.RunScript("plugin.js", code); err != nil {
			t.Errorf("%s: %v", code, err)
		}
		if out.Len() == 0 {
			t.Errorf("%s: printed nothing", code)
		}
	}
}

func TestConsoleBoundsItsOutput(t *testing.T) {
	for _, code := range []string{
		"console.log('x'.repeat(1e6))",
		"console.log('x'.repeat(1e6), 1)",
		"console.log('é'.repeat(1e6))",
		"console.log(Array(1000).fill('y'.repeat(9000)))",
		"console.log(Object.fromEntries(Array.from({length: 1e5}, (_, i) => ['k' + i, i])))",
		"console.table(Array.from({length: 1e4}, (_, i) => ({i})))",
		"console.group('x'.repeat(7e4))",
	} {
		vm, out := newTestConsole()
		if _, err := vm.RunString(code); err != nil {
			t.Fatal(err)
		}
		got := strings.TrimSuffix(out.String(), "\n")
		if len(got) > maxInspectBytes+len(TruncatedNote) || !strings.HasSuffix(got, TruncatedNote) {
			t.Errorf("%s: %d bytes, ends in %q", code, len(got), got[len(got)-40:])
		}
	}
}

func TestConsoleMeasuresTime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		vm, out := newTestConsole()
		if err := vm.Set("wait", func(d int64) { <-time.After(time.Duration(d) * time.Microsecond) }); err != nil {
			t.Fatal(err)
		}
		_, err := vm.RunString(`
			console.time(); wait(1234); console.timeLog(undefined, 'so far', {a: 1}); wait(998766); console.timeEnd();
			console.time('x'); console.time('x'); wait(61.5e6); console.timeEnd('x'); console.timeEnd('x');
			console.time('h'); wait(3723004000); console.timeEnd('h'); console.timeLog('none');
		`)
		if err != nil {
			t.Fatal(err)
		}
		want := "default: 1.234ms so far { a: 1 }\ndefault: 1.000s\nWarning: Label 'x' already exists for console.time()\n" +
			"x: 1:01.500 (m:ss.mmm)\nWarning: No such label 'x' for console.timeEnd()\nh: 1:02:03.004 (h:mm:ss.mmm)\nWarning: No such label 'none' for console.timeLog()\n"
		if diff := cmp.Diff(want, out.String()); diff != "" {
			t.Error(diff)
		}
	})
}

func TestConsoleIsAnObject(t *testing.T) {
	vm, out := newTestConsole()
	_, err := vm.RunString(`
		const {log, table} = console;
		log(console.log === log, log.name, typeof console.nothing, 'table' in console, 'nothing' in console, Object.keys(console).length);
		log(console.log === log, console.table === table, {...console}.log === log);
		const lines = []; console.warn = (...args) => lines.push(args.join()); console.warn('w', 1); console.mine = 1; delete console.dir;
		log(lines, console.mine, console.dir, Object.prototype.propertyIsEnumerable.call(globalThis, 'console'));
		log(console);
	`)
	if err != nil {
		t.Fatal(err)
	}
	want := "true log undefined true false 19\ntrue true true\n[ 'w,1' ] 1 undefined false\n{\n  log: [Function: log],\n  warn: [Function (anonymous)],\n"
	if !strings.HasPrefix(out.String(), want) {
		t.Error(cmp.Diff(want, out.String()))
	}
}

// An interrupt is not what a script throws: it must end the script also while something prints itself.
func TestConsoleLetsInterruptsThrough(t *testing.T) {
	vm, out := newTestConsole()
	if err := vm.Set("stop", func() { vm.Interrupt("time is up") }); err != nil {
		t.Fatal(err)
	}
	_, err := vm.RunString(`console.log({[Symbol.for('nodejs.util.inspect.custom')]() { stop(); for (;;); }})`)
	if _, ok := errors.AsType[*goja.InterruptedError](err); !ok {
		t.Fatalf("got %v, want an interrupt", err)
	}
	vm.ClearInterrupt()
	if _, err := vm.RunString("console.log({a: 1})"); err != nil || out.String() != "{ a: 1 }\n" {
		t.Errorf("after the interrupt: %v, printed %q", err, out)
	}
}

func TestInspectText(t *testing.T) {
	vm := goja.New()
	for _, c := range []struct{ code, want string }{
		{"'text'", "'text'"}, {"({a: [1, 'x']})", "{ a: [ 1, 'x' ] }"}, {"undefined", "undefined"}, {"null", "null"}, {"-0", "-0"},
	} {
		value, err := vm.RunString(c.code)
		if err != nil {
			t.Fatal(err)
		}
		if got := Inspect(vm, value); got != c.want {
			t.Errorf("%s is %s, want %s", c.code, got, c.want)
		}
	}
	if got := Inspect(vm, nil); got != "undefined" {
		t.Errorf("nil is %s", got)
	}
}

// The output of an Example is what README and the plugin guide promise.
func Example_console() {
	vm := goja.New()
	Install(vm, func(_ Level, text string) { fmt.Println(text) })
	if err := vm.Set("eventSuccess", view.NewResponses(vm).Object(benchResponse())); err != nil {
		fmt.Println(err)
	}
	if _, err := vm.RunString(`console.log(eventSuccess.jsonResponse)`); err != nil {
		fmt.Println(err)
	}
	// Output:
	// {
	//   app_token: 'abc123def456',
	//   adid: '9b4a1ad3b3d1ae6f5e7b7b5a3bd9b9d1',
	//   timestamp: '2024-05-06T12:34:56.789Z+0000',
	//   message: 'Event tracked',
	//   ask_in: 5000,
	//   tracking_state: 'opted_in',
	//   attribution: {
	//     tracker_token: 'xyz789',
	//     tracker_name: 'Organic',
	//     network: 'Organic',
	//     campaign: 'spring',
	//     adgroup: 'a',
	//     creative: 'b'
	//   }
	// }
}
