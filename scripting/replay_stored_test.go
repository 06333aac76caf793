package scripting_test

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"trackhook/scripting"
)

const keepingPlugin = `
const config = new AdjustConfig("{YourAppToken}", AdjustConfig.EnvironmentSandbox);
const began = localStorage.getItem("n");
config.setEventTrackingSucceededCallbackListener((event) => {
  localStorage.setItem("n", Number(localStorage.getItem("n")) + 1);
  console.log(event.callbackId + " " + localStorage.getItem("n") + " began " + began);
});
Adjust.create(config);
`

// TestReplayFromStored begins with what the plugin had stored, and leaves it as it is.
func TestReplayFromStored(t *testing.T) {
	t.Parallel()
	r := setUp(t)
	r.write("a.js", keepingPlugin)
	r.start()
	r.says("a", "plugin loaded")
	r.answer("one", "a")
	r.answer("two", "a")
	stored, err := r.store.Values(r.ctx, scripting.StoredSpace("a"))
	r.must(err)
	kept := maps.Clone(stored)
	responses, sources := r.history("a")
	r.write("a.js", strings.Replace(keepingPlugin, `" began "`, `" edited "`, 1))

	for name, test := range map[string]struct {
		stored map[string][]byte
		want   []string
	}{
		"empty": {nil, []string{"one 1 edited null", "two 2 edited null"}},
		"kept":  {stored, []string{"one 3 edited 2", "two 4 edited 2"}},
	} {
		var got, before []string
		cfg := func(c *scripting.ReplayConfig) { c.Stored = test.stored }
		texts, _, err := r.replay("a", slices.Clone(responses), sources, cfg)
		r.must(err)
		for _, text := range texts {
			for _, want := range test.want {
				if strings.Contains(text, want) {
					got = append(got, want)
				}
				if strings.Contains(text, strings.Replace(want, "edited", "began", 1)) {
					before = append(before, want)
				}
			}
		}
		if !slices.Equal(got, test.want) || !slices.Equal(before, test.want) {
			t.Errorf("%s: the replay says %q", name, texts)
		}
	}
	if diff := cmp.Diff(kept, stored); diff != "" || string(stored["item/n"]) != "2" {
		t.Errorf("the replay has changed what is stored (-before +after):\n%s", diff)
	}
}

const grantedPlugin = `
const config = new AdjustConfig("{YourAppToken}", AdjustConfig.EnvironmentSandbox);
if (!process.env.CHAT_URL) throw new Error("no CHAT_URL");
config.setEventTrackingSucceededCallbackListener(async (event) => {
  console.log(event.callbackId + " " + Object.keys(process.env) + " " + process.env.CHAT_URL.length);
  await fetch(process.env.CHAT_URL, { method: "POST", body: "x" });
});
Adjust.create(config);
`

// TestGrantedVariablesBesideTheHost gives replays what the host gives, and tests only what they say themselves.
func TestGrantedVariablesBesideTheHost(t *testing.T) {
	t.Parallel()
	grants := map[string]scripting.PluginConfig{"a": {Env: map[string]string{"CHAT_URL": "https://chat.example/secret"}}}
	r := setUp(t)
	r.write("a.js", grantedPlugin)
	r.start(func(c scripting.Config) scripting.Config {
		c.Plugins = map[string]scripting.PluginConfig{"a": {Env: map[string]string{"CHAT_URL": "http://127.0.0.1:1/unreachable"}}}
		return c
	})
	r.says("a", "plugin loaded")
	r.answer("one", "a")
	responses, sources := r.history("a")
	texts, _, err := r.replay("a", responses, sources, func(c *scripting.ReplayConfig) { c.Plugins = grants })
	r.must(err)
	if all := strings.Join(texts, "\n"); !strings.Contains(all, "one CHAT_URL 27") || strings.Contains(all, "secret") && !strings.Contains(all, "fetch") {
		t.Errorf("the replay says %q", texts)
	}

	cfg := testConfig("")
	cfg.Plugins = grants
	_, tests := runTests(t, cfg, map[string]string{"a.js": grantedPlugin, "a.test.js": `
test("granted", async () => {
  const p = await plugin.load("./a.js", { env: { CHAT_URL: "https://chat.example/tested" }, fetch: { "POST https://chat.example/*": 200 } });
  await p.eventSuccess({ callbackId: "x" });
  expect(p.text).toBe("x CHAT_URL 27");
  expect(typeof process === "undefined" || process.env.CHAT_URL === undefined).toBe(true);
});
`})
	passed(t, tests, 1)
}

// TestReplayHidesSecrets looks for the value of a granted variable in all that a replay shows.
func TestReplayHidesSecrets(t *testing.T) {
	t.Parallel()
	const secret = "https://hooks.example.com/T0/hush"
	r := setUp(t)
	r.write("a.js", `
const config = new AdjustConfig("{YourAppToken}", AdjustConfig.EnvironmentSandbox);
config.setEventTrackingSucceededCallbackListener(async (event) => {
  console.log("calls " + process.env.HOOK);
  const tracked = new AdjustEvent("abc123");
  tracked.addCallbackParameter("hook", process.env.HOOK);
  Adjust.trackEvent(tracked);
  await fetch(process.env.HOOK, { method: "POST", headers: { "x-hook": process.env.HOOK }, body: "to " + process.env.HOOK });
  throw new Error("called " + process.env.HOOK);
});
Adjust.create(config);
`)
	r.start()
	r.says("a", "plugin loaded")
	r.answer("one", "a")
	responses, sources := r.history("a")
	cfg := func(c *scripting.ReplayConfig) {
		c.Plugins = map[string]scripting.PluginConfig{"a": {Env: map[string]string{"HOOK": secret}}}
		c.Device = map[string]string{"external_device_id": "kiosk-17"}
	}
	texts, _, err := r.replay("a", slices.Clone(responses), sources, cfg)
	r.must(err)
	for _, text := range texts {
		if strings.Contains(text, "hush") {
			t.Errorf("it shows %s", text)
		}
	}
	shown := strings.Join(texts, "\n")
	for _, want := range []string{"calls [redacted]", "fetch POST [redacted]", "x-hook=[redacted]", "to [redacted]", `{"hook":"[redacted]"}`, "called [redacted]"} {
		if !strings.Contains(shown, want) {
			t.Errorf("it does not show %q: %s", want, shown)
		}
	}
}
