package scripting_test

import (
	"fmt"
	"os"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"trackhook/engine"
	"trackhook/scripting"
	"trackhook/scripting/scriptingtest"
)

// behindWalls runs a test with plugins in processes of their own, and in one that they share. The processes are this binary of
// tests.
func behindWalls(t *testing.T, test func(t *testing.T, isolated func(scripting.Config) scripting.Config)) {
	t.Helper()
	t.Parallel()
	for _, isolation := range []scripting.Isolation{scripting.InProcess, scripting.InShared} {
		t.Run(string(isolation), func(t *testing.T) {
			t.Parallel()
			if isolation == scripting.InProcess {
				shortens(t)
			}
			test(t, func(c scripting.Config) scripting.Config {
				c.Isolation, c.Worker = isolation, []string{os.Args[0], "worker"}
				return c
			})
		})
	}
}

// shortens skips what a short run leaves to long ones, and to those of the race detector.
func shortens(t *testing.T) {
	t.Helper()
	if os.Getenv("TRACKHOOK_LONG") == "" && !testing.Short() {
		t.Skip("the other place is enough for a short run: set TRACKHOOK_LONG=1")
	}
}

// What ends a process ends that of the plugin and nothing else: the other plugin hears everything meanwhile, and the plugin
// itself hears all that has not ended it twice.
func TestWalls(t *testing.T) { behindWalls(t, walls) }

func walls(t *testing.T, isolated func(scripting.Config) scripting.Config) {
	t.Helper()
	for name, body := range map[string]string{
		"JSON":              `JSON["pa" + "rse"]("[".repeat(3e6))`,
		"deep arrays":       `let a = []; for (let i = 0; i < 2e6; i++) a = [a]; JSON.stringify(a)`,
		"deep join":         `let a = []; for (let i = 0; i < 2e6; i++) a = [a]; String(a)`,
		"indirect eval":     `(0, eval)("(".repeat(3e5))`,
		"a prototype chain": `let p = {}; for (let i = 0; i < 1e6; i++) p = Object.create(p); p.x`,
		"proxies":           `let p = {}; for (let i = 0; i < 1e6; i++) p = new Proxy(p, {}); p.x`,
		"bound functions":   `let f = () => 1; for (let i = 0; i < 1e6; i++) f = f.bind(null); f()`,
		"concatenation":     `let s = "ab"; for (let i = 0; i < 40; i++) s += s; s.indexOf("x")`,
		"replacing":         `"a".repeat(1e6).replaceAll("a", "b".repeat(1e6))`,
		"memory":            `const all = []; for (;;) all.push(new Array(1000).fill("x" + all.length))`,
		"buffers":           `const all = []; for (;;) all.push(new Uint8Array(1e8).fill(1))`,
		"sorting":           `let a = []; for (let i = 0; i < 2e6; i++) a = [a]; [a, a].sort()`,
		"getters of errors": `const e = new Error("x"); for (const k of ["message", "stack", "name", "cause", "errors", "toString", "constructor"])
			Object.defineProperty(e, k, { get() { throw e } }); throw e`,
		"a getter without end": `const e = new Error("x"); Object.defineProperty(e, "message", { get() { for (;;); } }); throw e`,
		"texts of errors":      `const e = { toString() { return String(this) }, [Symbol.toPrimitive]() { return ` + "`${this}`" + ` } }; setTimeout(() => { throw e }); throw e`,
		"causes": `let e = new Error("0"); for (let i = 0; i < 1e6; i++) e = { __proto__: Error.prototype, message: "m" + i, cause: e, errors: [e] };
			console.log(e); throw e`,
		"labels":             `const k = "x".repeat(5e7); console.time(k); console.count(k); console.timeEnd(k); console.table({ [k]: k })`,
		"waiting":            `Atomics.wait(new Int32Array(new SharedArrayBuffer(8)), 0, 0)`,
		"pending promises":   `const all = []; for (let i = 0; i < 1e6; i++) all.push(new Promise(() => {}).then(() => 1))`,
		"ends":               `for (const f of ["exit", "abort", "kill", "reallyExit"]) try { process[f](1, 9) } catch {} this.constructor.constructor("return process")().exit(1)`,
		"itself":             `for (let i = 0; i < 1e5; i++) try { require("./bad.js"); require("/bad.js") } catch {}`,
		"names with zeros":   `for (const n of ["./a\0b.js", "\0".repeat(1e6)]) try { require(n) } catch (e) { console.log(String(e).length) }`,
		"__proto__ of JSON":  `const o = JSON.parse('{"__proto__":{"a":1},"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":2}}}'); Object.assign({}, o); structuredClone(o)`,
		"escape sequences":   `console.log("\x1b[2J\x1b]0;owned\x07\u202e\u2028\0\r\nbad {\"message\":\"good 99 undefined\"}")`,
		"delays":             `for (const d of [NaN, -1, Infinity, 2 ** 53, "x", {}, null]) { setInterval(() => {}, d); setTimeout("throw 1", d); clearTimeout(d) }`,
		"rejections":         `process.on("unhandledRejection", () => { Promise.reject(new Error("again")) }); Promise.reject(new Error("x"))`,
		"keys":               `for (let i = 0; i < 1e5; i++) localStorage.setItem("k" + i, "v")`,
		"large integers":     `let x = 3n ** 1000000n; for (let i = 0; i < 20; i++) x *= x; String(x)`,
		"lengths":            `String.raw({ raw: { length: 2 ** 40 } })`,
		"iterations of hash": `require("crypto").pbkdf2Sync("a", "b", 1e9, 64, "sha512")`,
		"options of formats": `for (const o of ["x".repeat(1e6), Array(1e6).fill("de"), "en-u-ca-" + "x-".repeat(1e5)]) try { new Intl.NumberFormat(o) } catch {}`,
		"aborts":             `const c = new AbortController(); for (let i = 0; i < 1e5; i++) c.signal.addEventListener("abort", () => c.abort()); c.abort()`,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if os.Getenv("TRACKHOOK_LONG") == "" && name != "JSON" {
				t.Skip("one kind is enough for a short run: set TRACKHOOK_LONG=1")
			}
			r := setUp(t)
			r.deliverer = accepting{}
			r.write("good.js", hearing("", `console.log("good", event.callbackId, typeof {}.polluted)`))
			r.write("bad.js", hearing("", `if (event.callbackId === "3") { try { `+body+` } catch (e) { console.log(String(e)) } } console.log("bad", event.callbackId)`))
			r.start(isolated)
			ended := make(chan error, 1)
			go func() { ended <- r.eng.Run(r.sending) }()
			r.goesOn(0, 6)
			// Seen through to the end by the one that it harms: it was set aside, or ended in an error of its own.
			r.must(r.store.WaitCommit(r.ctx, "plugin/bad", 6))
			row := r.plugin("bad")
			// Also where it was to share one, save where its time was over before it could end that.
			if ended := row.Deaths+row.SetAside > 0; row.State != scripting.Live || ended && row.Isolation != scripting.InProcess {
				t.Errorf("bad: %+v", row)
			}
			var heard []string
			for _, line := range r.log.printed(0, "bad") {
				if strings.HasPrefix(line, "bad ") {
					heard = append(heard, line)
				}
			}
			t.Logf("deaths %d, set aside %d, %q", row.Deaths, row.SetAside, heard)
			for _, want := range []string{"0", "1", "2", "4", "5"} {
				if !strings.Contains(strings.Join(heard, "\n"), "bad "+want) {
					t.Errorf("bad has not heard %s: %q", want, heard)
				}
			}
			r.stop()
			r.must(<-ended)
		})
	}
}

// A file that ends the process while it loads is a broken edit: the last good version keeps running.
func TestWallsLoad(t *testing.T) { behindWalls(t, wallsLoad) }

func wallsLoad(t *testing.T, isolated func(scripting.Config) scripting.Config) {
	t.Helper()
	r := setUp(t)
	r.write("a.js", version("one"))
	r.start(isolated, func(c scripting.Config) scripting.Config {
		c.Timeout = patience // it must be the end of the process, on slow machines too
		return c
	})
	r.answer("1", "a")
	r.write("a.js", `JSON["pa" + "rse"]("[".repeat(3e6))`)
	said := r.says("a", "plugin broken, version "+r.plugin("a").Running+" keeps running")
	if !strings.Contains(said.Error, "the process that loaded it was ended: ") {
		t.Errorf("the log says %+v", said)
	}
	r.answer("2", "a")
	r.write("a.js", version("two"))
	r.says("a", "plugin reloaded")
	r.answer("3", "a")
	if got := fmt.Sprint(r.log.printed(0, "a")); got != "[one 1 one 2 two 3]" {
		t.Errorf("a printed %s", got)
	}
}

// A killed process is replaced, with what it had stored, and loses nothing.
func TestWallsKilled(t *testing.T) { behindWalls(t, wallsKilled) }

func wallsKilled(t *testing.T, isolated func(scripting.Config) scripting.Config) {
	t.Helper()
	r := setUp(t)
	r.write("a.js", hearing("", `localStorage.n = +(localStorage.n || 0) + 1; console.log(localStorage.n)`))
	r.start(isolated)
	for n := range 5 {
		r.answer(strconv.Itoa(n), "a")
		before := scripting.WorkerProcesses(r.host)
		for _, process := range before {
			r.must(process.Kill())
		}
		for now := before; slices.Equal(now, before) || len(now) == 0; now = scripting.WorkerProcesses(r.host) {
			r.pauses("the death is not noticed")
		}
	}
	r.answer("last", "a")
	if got := fmt.Sprint(r.log.printed(0, "a")); got != "[1 2 3 4 5 6]" {
		t.Errorf("a printed %s", got)
	}
}

// A process is started ahead, one and no more, and is the next one that is needed, whatever for.
func TestWallsSpare(t *testing.T) { behindWalls(t, wallsSpare) }

func wallsSpare(t *testing.T, isolated func(scripting.Config) scripting.Config) {
	t.Helper()
	r := setUp(t)
	r.write("a.js", version("0"))
	r.start(isolated)
	spare := r.spare()
	for n, need := range []func(){
		func() { r.must(scripting.WorkerProcesses(r.host)[0].Kill()) },
		func() { // a plugin that shares a process has that already
			if r.plugin("a").Isolation == scripting.InProcess {
				r.write("a.js", version("1"))
				r.says("a", "plugin reloaded")
			} else {
				r.must(scripting.WorkerProcesses(r.host)[0].Kill())
			}
		},
	} {
		need()
		for now := scripting.WorkerProcesses(r.host); len(now) != 1 || now[0].Pid != spare; now = scripting.WorkerProcesses(r.host) {
			r.pauses("the process that was started ahead is not used")
		}
		r.answer(strconv.Itoa(n), "a")
		if next := r.spare(); next == spare {
			t.Error("it is the spare one still")
		} else {
			spare = next
		}
	}
	if status, ok := r.host.Spare(); !ok || !status.Ready || status.Reason != "" || status.Used != 2 || status.Cold != 1 {
		t.Errorf("of the spare one it is said: %+v, %v", status, ok)
	}
	// It may die as any other.
	process, err := os.FindProcess(spare)
	r.must(err)
	r.must(process.Kill())
	for scripting.SparePid(r.host) != 0 {
		r.pauses("the end of the spare one is not noticed")
	}
	if status, _ := r.host.Spare(); status.Ready || !strings.HasPrefix(status.Reason, "it has ended; ") {
		t.Errorf("of the spare one that has ended it is said: %+v", status)
	}
	r.must(scripting.WorkerProcesses(r.host)[0].Kill())
	r.answer("last", "a")
	if got := len(r.log.printed(0, "a")); got != 3 {
		t.Errorf("a has heard %d of 3", got)
	}
	spare = r.spare()
	r.stop()
	if process, err := os.FindProcess(spare); err == nil && process.Signal(syscall.Signal(0)) == nil {
		t.Error("it has outlived the host")
	}
}

// Where all plugins run in the process of the host there is none.
func TestNoSpareInTheHost(t *testing.T) {
	t.Parallel()
	r := setUp(t)
	r.write("a.js", version("0"))
	r.start(beside)
	r.write("a.js", version("1"))
	r.says("a", "plugin reloaded")
	if pid := scripting.SparePid(r.host); pid != 0 {
		t.Errorf("process %d was started", pid)
	}
	if status, ok := r.host.Spare(); ok {
		t.Errorf("of one it is said: %+v", status)
	}
}

// spare waits until there is a process that was started ahead.
func (r *rig) spare() int {
	r.Helper()
	for {
		if pid := scripting.SparePid(r.host); pid != 0 {
			return pid
		}
		r.pauses("there is no spare process")
	}
}

// pauses waits a little, and gives up when there is no time left.
func (r *rig) pauses(otherwise string) {
	r.Helper()
	select {
	case <-r.ctx.Done():
		r.Fatal(otherwise)
	case <-time.After(time.Millisecond):
	}
}

// What a replaced version stores last is seen by its successor, which runs in another process.
func TestWallsShareStorage(t *testing.T) { behindWalls(t, wallsShareStorage) }

func wallsShareStorage(t *testing.T, isolated func(scripting.Config) scripting.Config) {
	t.Helper()
	r := setUp(t)
	r.write("a.js", hearing("", `localStorage.n = event.callbackId`))
	r.start(isolated)
	r.answer("7", "a")
	r.write("a.js", hearing("", `console.log(localStorage.n)`))
	r.says("a", "plugin reloaded")
	r.answer("8", "a")
	if got := fmt.Sprint(r.log.printed(0, "a")); got != "[7]" {
		t.Errorf("a printed %s", got)
	}
}

// Processes are killed at any moment, under load: every response is heard, in order, and what was settled is not heard again.
func TestWallsUnderFire(t *testing.T) { behindWalls(t, wallsUnderFire) }

func wallsUnderFire(t *testing.T, isolated func(scripting.Config) scripting.Config) {
	t.Helper()
	r := setUp(t)
	r.deliverer = accepting{}
	r.write("a.js", hearing("", `localStorage.n = +(localStorage.n || 0) + 1; console.log(event.callbackId)`))
	r.start(isolated, func(c scripting.Config) scripting.Config {
		c.WorkerMemory = 4 << 30 // the race detector needs many times as much; deaths for want of memory would give the version up
		return c
	})
	ended := make(chan error, 1)
	go func() { ended <- r.eng.Run(r.sending) }()
	events := 1000
	if os.Getenv("TRACKHOOK_LONG") != "" {
		events = 3000
	}
	const kills = 8                                 // no more than the version may die of within a minute
	fired, killed := make(chan struct{}), uint64(0) // killed is written before fired is closed
	go func() {
		defer close(fired)
		for n := range kills {
			for r.plugin("a").Cursor < uint64(n*events/(kills+1)) && r.ctx.Err() == nil {
				select {
				case <-r.ctx.Done():
				case <-time.After(time.Millisecond):
				}
			}
			for _, process := range scripting.WorkerProcesses(r.host) {
				if process.Kill() == nil { // it may have ended
					killed++
				}
			}
		}
	}()
	for n := range events {
		r.must(r.eng.Track(r.ctx, engine.Package{
			Kind: engine.KindEvent, App: scriptingtest.App(), Device: "external_device_id=1", CallbackID: strconv.Itoa(n),
			Params: map[string]string{"event_token": "abc123", "external_device_id": "1"},
		}))
	}
	r.must(r.store.WaitCommit(r.ctx, "plugin/a", uint64(events)))
	<-fired
	row := r.plugin("a")
	// Of a process that it shares, it has died with those alone that were killed while it ran.
	if row.State != scripting.Live || row.Deaths > killed || row.Isolation == scripting.InProcess && row.Deaths == 0 && killed > 0 || row.SetAside > 0 {
		t.Errorf("a: %+v; %d processes were killed", row, killed)
	}
	next, again := 0, 0
	for _, line := range r.log.printed(0, "a") {
		n, err := strconv.Atoi(line)
		switch {
		case err != nil:
		case n == next:
			next++
		case n < next:
			again++
		default:
			t.Fatalf("heard %d after %d", n, next-1)
		}
	}
	if next != events {
		t.Errorf("heard %d of %d", next, events)
	}
	t.Logf("%d deaths, %d heard again", row.Deaths, again)
	r.stop()
	r.must(<-ended)
}
