package scripting_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"trackhook/engine"
	"trackhook/engine/memory"
	"trackhook/scripting"
	"trackhook/scripting/scriptingtest"
)

// twice is a listener that prints two lines for each event; both must come from one version. In between it has some work
// to do, so that not too many responses fit into a reload.
func twice(version int) string {
	return fmt.Sprintf(`
const config = new AdjustConfig("{YourAppToken}", AdjustConfig.EnvironmentSandbox);
config.setEventTrackingSucceededCallbackListener(function (event) {
  console.log("first %[1]d " + event.callbackId);
  for (let i = 0; i < 3000; i++);
  console.log("second %[1]d " + event.callbackId);
});
Adjust.create(config);
`, version)
}

// TestReloadsUnderLoad reloads a plugin, 1,000 times in a long run, while responses keep coming, and reads from what it printed that
// each response was handled exactly once, in order, by one whole version, and that versions never went back.
func TestReloadsUnderLoad(t *testing.T) {
	t.Parallel()
	reloads := 40
	if os.Getenv("TRACKHOOK_LONG") != "" {
		reloads = 1000
	}
	r := setUp(t)
	r.write("a.js", twice(0))
	r.start(func(c scripting.Config) scripting.Config {
		c.Debounce = time.Millisecond
		return c
	})
	r.says("a", "plugin loaded")

	// The load is kept a few batches ahead of the plugin, so that nearly every swap meets a batch in hand.
	ctx, cancel := context.WithCancel(r.ctx)
	fed := make(chan uint64)
	go func() {
		var last uint64
		defer func() { fed <- last }()
		for n := 0; ctx.Err() == nil; {
			batch := make([]engine.Response, 200)
			for i := range batch {
				n++
				batch[i] = event(strconv.Itoa(n))
			}
			last = r.store.Log(batch...)
			if last > 600 {
				r.store.WaitCommit(ctx, "plugin/a", last-600)
			}
		}
	}()
	for version := 1; version <= reloads; version++ {
		if version%2 == 0 {
			r.write("a.js", twice(version))
		} else {
			r.replace("a.js", twice(version))
		}
		r.says("a", "plugin reloaded")
	}
	cancel()
	last := <-fed
	r.must(r.store.WaitCommit(r.ctx, "plugin/a", last))

	lines := r.log.printed(0, "a")
	if len(lines) != 2*int(last) {
		t.Errorf("%d lines for %d responses, want two each", len(lines), last)
	}
	newest, used := 0, map[int]bool{}
	for i, text := range lines {
		var part string
		var version, id int
		if _, err := fmt.Sscan(text, &part, &version, &id); err != nil {
			t.Fatalf("line %q: %v", text, err)
		}
		if want := []string{"first", "second"}[i%2]; part != want || id != i/2+1 || version < newest || i%2 == 1 && version != newest {
			t.Fatalf("line %d is %q after version %d, want %s of response %d", i, text, newest, want, i/2+1)
		}
		newest = version
		used[version] = true
	}
	got := r.plugin("a")
	if got.Reloads != uint64(reloads) || got.Runs != last || got.Errors != 0 || newest > reloads {
		t.Errorf("status after %d reloads and %d responses: %+v", reloads, last, got)
	}
	if n := r.log.count("a", "plugin reloaded"); n != reloads {
		t.Errorf("%d reloads were logged, want %d", n, reloads)
	}
	t.Logf("%d responses, %d of %d versions ran at least one", last, len(used), reloads+1)
}

func TestSeveralPluginsHearEverything(t *testing.T) {
	t.Parallel()
	r := setUp(t)
	for _, name := range []string{"a", "b", "c"} {
		r.write(name+".js", version(name))
	}
	r.start()
	for n := range 100 {
		r.store.Log(event(strconv.Itoa(n)))
	}
	r.answer("last", "a", "b", "c")
	for _, name := range []string{"a", "b", "c"} {
		if got := len(r.log.printed(0, name)); got != 101 {
			t.Errorf("%s printed %d lines", name, got)
		}
	}
}

func TestBrokenInstanceIsReplaced(t *testing.T) {
	t.Parallel()
	r := setUp(t)
	r.write("a.js", version("one"))
	r.start()
	r.prints("a", "r1", "one r1")
	r.host.Break("a")
	r.prints("a", "r2", "one r2")
	r.says("a", "plugin restarted")
	if got := r.plugin("a"); got.State != scripting.Live || got.Runs != 2 {
		t.Errorf("status: %+v", got)
	}
}

// shut is a store that cannot enroll until it is opened.
type shut struct {
	*memory.Store
	refusals int
}

func (s *shut) Enroll(ctx context.Context, listener string) (uint64, error) {
	if s.refusals--; s.refusals >= 0 {
		return 0, errors.New("disk on fire")
	}
	return s.Store.Enroll(ctx, listener)
}

func TestEnrollIsTriedAgain(t *testing.T) {
	t.Parallel()
	r := setUp(t)
	r.write("a.js", version("one"))
	r.start(func(c scripting.Config) scripting.Config {
		eng, err := engine.New(engine.Config{Store: &shut{r.store, 1}, Deliverer: nowhere{}})
		r.must(err)
		c.Engine = eng
		r.eng = eng
		return c
	})
	r.says("a", "cannot enroll")
	r.prints("a", "r1", "one r1")
}

func TestEngineClosesFirst(t *testing.T) {
	t.Parallel()
	r := setUp(t)
	r.write("a.js", version("one"))
	r.write("broken.js", "function (")
	r.start()
	r.answer("r1", "a")
	if _, err := r.eng.Close(); err != nil {
		t.Error(err)
	}
	r.stop()
}

func TestStartIsQuick(t *testing.T) {
	t.Parallel()
	r := setUp(t)
	for n := range 5 {
		r.write(fmt.Sprintf("p%d.js", n), version("x"))
	}
	r.start()
	for n := range 5 {
		r.says(fmt.Sprintf("p%d", n), "plugin loaded")
	}
}

func TestConfigIsChecked(t *testing.T) {
	t.Parallel()
	eng, err := engine.New(engine.Config{Store: memory.New(), Deliverer: nowhere{}})
	if err != nil {
		t.Fatal(err)
	}
	defer eng.Close()
	good := scripting.Config{Dir: t.TempDir(), Engine: eng, DefaultApp: scriptingtest.App()}
	for _, test := range []struct {
		name   string
		change func(*scripting.Config)
		want   string
	}{
		{"no folder", func(c *scripting.Config) { c.Dir = "" }, "Dir"},
		{"no engine", func(c *scripting.Config) { c.Engine = nil }, "Engine"},
		{"no app", func(c *scripting.Config) { c.DefaultApp = engine.App{} }, "DefaultApp"},
		{"no environment", func(c *scripting.Config) { c.Apps = []engine.App{{Token: "abc123def456"}} }, "environment"},
		{"a negative time", func(c *scripting.Config) { c.Poll = -1 }, "Poll"},
		{"good", func(*scripting.Config) {}, ""},
	} {
		cfg := good
		test.change(&cfg)
		_, err := scripting.New(cfg)
		if test.want == "" && err != nil || test.want != "" && (err == nil || !strings.Contains(err.Error(), test.want)) {
			t.Errorf("%s: %v", test.name, err)
		}
	}
}

func TestCheck(t *testing.T) {
	t.Parallel()
	r := setUp(t)
	r.write("good.js", version("x")+`console.log("hello"); Adjust.trackEvent(new AdjustEvent("abc123"));`)
	r.write("bad.js", "\nfunction (")
	r.write("folder/index.js", version("x"))
	r.write("typed.ts", "const n: number = 1;")
	r.write("README.md", "")
	cfg := scripting.Config{
		DefaultApp: scriptingtest.App(), Device: map[string]string{"external_device_id": "kiosk-17"},
	}

	got, err := scripting.Check(t.Context(), cfg, r.path("good.js"))
	r.must(err)
	if got.Name != "good" || got.File != "good.js" || got.Version == "" || got.Problem != nil || len(got.Registered) == 0 {
		t.Errorf("good: %+v", got)
	}
	if len(got.Lines) != 1 || got.Lines[0] != (scripting.Line{Level: "info", Text: "hello"}) {
		t.Errorf("good printed %+v", got.Lines)
	}
	// A host that is a device tracks a session by itself.
	got.Tracked = slices.DeleteFunc(got.Tracked, func(p engine.Package) bool { return p.Kind == engine.KindSession })
	if len(got.Tracked) != 1 || got.Tracked[0].Params["event_token"] != "abc123" {
		t.Errorf("good tracked %+v", got.Tracked)
	}

	got, err = scripting.Check(t.Context(), cfg, r.path("bad.js"))
	r.must(err)
	if got.Problem == nil || got.Problem.Line != 2 || !strings.HasSuffix(got.Problem.File, "bad.js") {
		t.Errorf("bad: %+v", got.Problem)
	}
	got, err = scripting.Check(t.Context(), cfg, r.path("typed.ts"))
	r.must(err)
	if got.Problem != nil || got.Version == "" {
		t.Errorf("typed: %+v", got)
	}
	for _, file := range []string{"folder", "folder/index.js"} {
		cfg.Dir = r.dir
		got, err = scripting.Check(t.Context(), cfg, r.path(file))
		r.must(err)
		if got.Name != "folder" || got.File != "folder/index.js" || got.Problem != nil {
			t.Errorf("%s: %+v", file, got)
		}
	}
	for _, file := range []string{"missing.js", "README.md"} {
		if _, err := scripting.Check(t.Context(), cfg, r.path(file)); err == nil {
			t.Errorf("%s is no plugin, and no error", file)
		}
	}
	if _, err := scripting.Check(t.Context(), cfg, filepath.Join(r.dir, "folder", "other.js")); err == nil {
		t.Error("a file beside an index is no plugin, and no error")
	}
}

func TestIgnored(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]bool{
		"a.js": false, "a.ts": false, "lib": false, "data.json": false, "v2": false, "2fa.js": false, "#1.js": false,
		".a.js": true, "a.js~": true, "#a.js#": true, "4913": true, "a.js.swp": true, "a.tmp": true, "node_modules": true,
		".git": true, "a.js___jb_tmp___": true, "a.js.bak": true,
	} {
		if got := scripting.Ignored(name); got != want {
			t.Errorf("%s: %v", name, got)
		}
	}
}
