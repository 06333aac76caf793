package scripting_test

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/rs/zerolog"

	"trackhook/engine"
	"trackhook/scripting"
)

// hearing is a plugin with a body for its listener.
func hearing(top, body string) string {
	return top + `
const config = new AdjustConfig(appToken, environment);
config.setEventTrackingSucceededCallbackListener((event) => { ` + body + ` });
Adjust.create(config);`
}

func TestOutputIsBounded(t *testing.T) {
	t.Parallel()
	r := setUp(t)
	r.write("a.js", hearing("", `for (let i = 0; i < 50; i++) console.log('x'.repeat(30000)); console.log('end');`))
	r.start()
	r.answer("r1", "a")
	r.answer("r2", "a")
	got := r.log.printed(0, "a")
	const note = "this run has printed more than 1 MB; the rest of what it prints is dropped"
	if n := slices.Index(got, note); n != 34 || len(got) != 70 || slices.Index(got[n+1:], note) != 34 {
		t.Errorf("%d lines; the note is number %d", len(got), n)
	}
}

func TestTimersThatLoopAreQuarantined(t *testing.T) {
	t.Parallel()
	r := setUp(t)
	r.write("a.js", hearing("setInterval(() => { for (;;) {} }, 1);", ""))
	r.start(letting(scripting.PluginConfig{Timeout: 300 * time.Millisecond}))
	r.says("a", "plugin quarantined")
	if got := r.plugin("a"); got.State != scripting.Quarantined || !strings.Contains(got.Error.Message, "time limit of 300ms, the last in the setInterval callback") {
		t.Errorf("status: %+v", got)
	}
}

// heldLog is a log whose writer waits after a line.
type heldLog struct {
	*journal
	after            string
	reached, release chan struct{}
}

func (l *heldLog) Write(text []byte) (int, error) {
	n, err := l.journal.Write(text)
	if bytes.Contains(text, []byte(l.after)) {
		close(l.reached)
		<-l.release
	}
	return n, err
}

// A version that gives itself up while the host ends is retired before the host has ended.
func TestQuarantineHoldsUpTheEnd(t *testing.T) {
	t.Parallel()
	r := setUp(t)
	r.write("a.js", hearing("setInterval(() => { for (;;) {} }, 1);", ""))
	held := &heldLog{journal: r.log, after: "plugin quarantined", reached: make(chan struct{}), release: make(chan struct{})}
	r.start(letting(scripting.PluginConfig{Timeout: 300 * time.Millisecond}), func(c scripting.Config) scripting.Config {
		c.Log = zerolog.New(held)
		return c
	})
	<-held.reached
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		r.stop()
	}()
	select {
	case <-ended:
		t.Error("the host has ended before the version that gave itself up")
	case <-time.After(50 * time.Millisecond): // it waits
	}
	close(held.release)
	<-ended
}

// What a script may reach is in its own machine.
func TestHostileReach(t *testing.T) {
	t.Parallel()
	r := setUp(t)
	r.write("a.js", hearing(`
const made = (f) => { try { return String(f()) } catch (e) { return e.name } };
console.log(made(() => JSON.stringify(((p) => [p.env, p.pid, p.cwd(), p.argv, p.execPath])((() => {}).constructor.constructor("return process")()))),
  made(() => Object.keys(console.log.constructor("return process.env")()).length),
  made(() => console.log.constructor("return process.binding")()),
  made(() => (0, eval)("typeof global + typeof Deno + typeof Bun + typeof XMLHttpRequest")),
  made(() => { process.env.X = 1; return process.env.X }),
  made(() => new Error().stack.includes("/") && new Error().stack.includes("tmp")));
Object.defineProperty(Object.prototype, "appToken", { get() { return "stolen" } });`, "console.log(event.callbackId)"))
	r.write("b.js", version("b"))
	r.start()
	r.prints("b", "r1", "b r1")
	r.says("a", "plugin")
	if got := r.log.printed(0, "a"); len(got) == 0 || got[0] != `[{},1,"/",["trackhook"],"trackhook"] 0 undefined undefinedundefinedundefinedundefined undefined false` {
		t.Errorf("reached %q", got)
	}
}

func TestFailingRunsAreRecorded(t *testing.T) {
	t.Parallel()
	r := setUp(t)
	r.write("a.js", hearing("", `
  if (event.callbackId === "bad") throw new Error("no");
  if (event.callbackId === "late") return new Promise((_, reject) => setTimeout(reject, 1, new Error("late")));
  if (event.callbackId === "lost") Promise.reject(new Error("lost"));`))
	r.start()
	for _, test := range []struct{ id, want string }{
		{"good", ""},
		{"bad", "plugins/a.js:4:41: Error: no"},
		{"late", "plugins/a.js:5:92: Error: late"},
		{"good", ""},
		{"lost", "plugins/a.js:6:51: Error: lost"},
	} {
		seq := r.store.Log(event(test.id))
		r.must(r.store.WaitCommit(r.ctx, "plugin/a", seq))
		version, failed := r.host.LastRuns("a")
		if version != r.plugin("a").Running || failed[seq] != test.want || len(failed) > 1 {
			t.Errorf("%s: version %s, failed %v, want %q", test.id, version, failed, test.want)
		}
	}
	if got := r.plugin("a"); got.Runs != 5 || got.Errors != 3 || got.P50 == 0 || got.P99 < got.P50 || got.Lag != 0 || got.Disk != got.Running {
		t.Errorf("status: %+v", got)
	}
}

// A version that is replaced before it ever ran sends nothing, and the one that stays sends what it tracks once.
func TestOnlyWhatGoesLiveTracks(t *testing.T) {
	t.Parallel()
	r := setUp(t)
	tracking := func(token string) string {
		return version(token) + `Adjust.trackEvent(new AdjustEvent("` + token + `"));`
	}
	r.write("a.js", tracking("tok000"))
	device := func(c scripting.Config) scripting.Config {
		c.Device = map[string]string{"external_device_id": "kiosk-17"}
		return c
	}
	r.start(device)
	r.says("a", "plugin loaded")
	for n := 1; n <= 20; n++ {
		// Each save may or may not meet a load; what is logged as reloaded went live.
		r.write("a.js", tracking(fmt.Sprintf("tok%03d", n)))
	}
	r.write("a.js", tracking("tok021"))
	for {
		r.says("a", "plugin reloaded")
		from := r.log.len()
		r.answer("r", "a")
		if text := r.log.printed(from, "a"); text[len(text)-1] == "tok021 r" {
			break
		}
	}
	r.stop()
	var sent []string
	for _, p := range r.store.Accepted() {
		if p.Kind == engine.KindEvent {
			sent = append(sent, p.Params["event_token"])
		}
	}
	if !slices.IsSortedFunc(sent, strings.Compare) || len(slices.Compact(slices.Clone(sent))) != len(sent) ||
		len(sent) != r.log.count("a", "plugin loaded")+r.log.count("a", "plugin reloaded") {
		t.Errorf("sent %q, %d versions went live", sent, r.log.count("a", "plugin loaded")+r.log.count("a", "plugin reloaded"))
	}
}
