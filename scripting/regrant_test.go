package scripting_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"trackhook/scripting"
)

// granting is a listener that counts in its memory, reaches for a server and shows a secret.
const granting = `
let count = 0;
const config = new AdjustConfig("{YourAppToken}", AdjustConfig.EnvironmentSandbox);
config.setEventTrackingSucceededCallbackListener(async function (event) {
  count++;
  let reached = "refused";
  try { reached = await (await fetch("SERVER")).text(); } catch {}
  console.log(count + " " + reached + " " + process.env.NAME + " " + event.callbackId);
});
Adjust.create(config);
`

func (r *rig) regrant(plugins map[string]scripting.PluginConfig, timeout time.Duration) {
	r.Helper()
	apply, err := r.host.Regrant(plugins, timeout)
	if err != nil {
		r.Fatal(err)
	}
	apply()
}

// What fetch may reach changes without a new version, in both directions; variables and limits start one.
func TestRegrant(t *testing.T) {
	t.Parallel()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { io.WriteString(w, "reached") }))
	defer server.Close()
	host := strings.TrimPrefix(server.URL, "http://")
	r := setUp(t)
	r.write("a.js", strings.ReplaceAll(granting, "SERVER", server.URL))
	r.write("b.js", version("other"))
	r.start()
	r.prints("a", "r1", "1 refused undefined r1")

	for _, wrong := range []scripting.PluginConfig{{AllowHosts: []string{"http://no"}}, {Timeout: -1}} {
		if _, err := r.host.Regrant(map[string]scripting.PluginConfig{"a": wrong}, 0); err == nil || !strings.Contains(err.Error(), "plugins.a.") {
			t.Errorf("%+v: %v", wrong, err)
		}
	}
	r.regrant(map[string]scripting.PluginConfig{"a": {AllowHosts: []string{host}}}, 0)
	r.prints("a", "r2", "2 reached undefined r2")
	r.regrant(nil, 0)
	r.prints("a", "r3", "3 refused undefined r3")
	if got := r.plugin("a"); got.Reloads != 0 {
		t.Errorf("hosts alone start no new version: %+v", got)
	}

	r.regrant(map[string]scripting.PluginConfig{"a": {AllowHosts: []string{host}, Env: map[string]string{"NAME": "value-1"}}}, 0)
	again := r.says("a", "plugin reloaded, because it has other rights now")
	if again.Version != again.Was {
		t.Errorf("%+v", again)
	}
	r.prints("a", "r4", "1 reached [redacted] r4")
	r.regrant(map[string]scripting.PluginConfig{"a": {Env: map[string]string{"NAME": "v2"}}}, 0)
	r.says("a", "plugin reloaded, because it has other rights now")
	r.prints("a", "r5", "1 refused v2 r5")
	r.prints("b", "r6", "other r6")
	if got := r.plugin("b"); got.Reloads != 0 {
		t.Errorf("nothing has changed for b: %+v", got)
	}
	r.regrant(map[string]scripting.PluginConfig{"a": {Env: map[string]string{"NAME": "v2"}}}, time.Minute)
	r.says("a", "plugin reloaded, because it has other rights now")
	r.says("b", "plugin reloaded, because it has other rights now")
	r.regrant(map[string]scripting.PluginConfig{"aa": {}}, time.Minute)
	r.says("aa", "the configuration grants something to a plugin that is not in the plugins folder")
}

// A script that needs a right that it has lost goes on as it was, is shown as broken, and heals with the right.
func TestRegrantOfABrokenPlugin(t *testing.T) {
	t.Parallel()
	r := setUp(t)
	r.write("a.js", `if (!process.env.NAME) throw new Error("NAME is missing");`+version("one"))
	r.begin()
	r.says("a", "plugin broken, its responses wait")
	granted := map[string]scripting.PluginConfig{"a": {Env: map[string]string{"NAME": "x"}}}
	r.regrant(granted, 0)
	r.says("a", "plugin loaded")
	r.prints("a", "r1", "one r1")
	r.regrant(nil, 0)
	r.says("a", "plugin broken, version ")
	r.prints("a", "r2", "one r2")
	if got := r.plugin("a"); got.State != scripting.BrokenEdit || !strings.Contains(got.Error.Message, "NAME is missing") {
		t.Errorf("%+v", got)
	}
	r.regrant(granted, 0)
	r.says("a", "plugin reloaded")
	r.says("a", "plugin healed")
	r.prints("a", "r3", "one r3")
}

// A plugin that was removed keeps nothing that is revoked, though its last version still waits for an answer.
func TestRegrantAfterRemoval(t *testing.T) {
	t.Parallel()
	asked, answer := make(chan struct{}), make(chan struct{})
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, q *http.Request) {
		if q.URL.Path == "/first" {
			close(asked)
			<-answer
		}
		io.WriteString(w, "reached")
	}))
	defer server.Close()
	r := setUp(t)
	r.write("a.js", strings.ReplaceAll(`
const config = new AdjustConfig("{YourAppToken}", AdjustConfig.EnvironmentSandbox);
async function reach() {
  console.log("first " + await (await fetch("SERVER/first")).text());
  try { console.log("second " + await (await fetch("SERVER/second")).text()); } catch { console.log("second refused"); }
}
config.setEventTrackingSucceededCallbackListener(function () { reach(); });
Adjust.create(config);
`, "SERVER", server.URL))
	host := strings.TrimPrefix(server.URL, "http://")
	r.start(func(c scripting.Config) scripting.Config {
		c.Plugins, c.Grace = map[string]scripting.PluginConfig{"a": {AllowHosts: []string{host}}}, patience
		return c
	})
	r.answer("r1", "a")
	<-asked
	r.must(os.Remove(r.path("a.js")))
	r.says("a", "plugin removed")
	r.regrant(nil, 0)
	close(answer)
	r.stop()
	if got, want := r.log.printed(0, "a"), []string{"first reached", "second refused"}; !slices.Equal(got, want) {
		t.Errorf("it printed %q, want %q", got, want)
	}
}

// Names that nothing has are said whenever rights are replaced: before the host runs, while it is not ready, and later.
func TestRegrantOfNobody(t *testing.T) {
	t.Parallel()
	const message = "the configuration grants something to a plugin that is not in the plugins folder"
	grants := func(names ...string) map[string]scripting.PluginConfig {
		granted := map[string]scripting.PluginConfig{}
		for _, name := range names {
			granted[name] = scripting.PluginConfig{}
		}
		return granted
	}
	r := setUp(t)
	r.write("a.js", "for (;;) {}")
	r.make(func(c scripting.Config) scripting.Config {
		c.Plugins, c.Timeout = grants("a", "replaced"), patience
		return c
	})
	r.regrant(grants("a", "early"), patience)
	r.run()
	r.says("early", message)
	select {
	case <-r.host.Ready():
		t.Error("the host is ready, though a loops")
	default:
	}
	r.regrant(grants("a", "starting"), patience)
	r.says("starting", message)
	r.write("a.js", version("one"))
	<-r.host.Ready()
	r.regrant(grants("a", "late"), patience)
	r.says("late", message)
	for _, name := range []string{"a", "replaced"} {
		if n := r.log.count(name, message); n != 0 {
			t.Errorf("it is said of %s", name)
		}
	}
}
