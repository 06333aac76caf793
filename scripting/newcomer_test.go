package scripting_test

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"
	"time"

	"trackhook/engine/memory"
	"trackhook/scripting"
)

// letting grants something to the plugin a.
func letting(granted scripting.PluginConfig) func(scripting.Config) scripting.Config {
	return func(c scripting.Config) scripting.Config {
		c.Plugins = map[string]scripting.PluginConfig{"a": granted}
		return c
	}
}

// typed is a TypeScript plugin with a package from npm, which asks a server within its listener.
func typed(base, mark string) string {
	return fmt.Sprintf(`import { Adjust, AdjustConfig } from "react-native-adjust";
import shout, { type Tone } from "shout";

interface Answer { mark: string }
const tone: Tone = "loud";
const config = new AdjustConfig(appToken, AdjustConfig.EnvironmentSandbox);
config.setEventTrackingSucceededCallbackListener(async (event): Promise<void> => {
  const response = await fetch(%q + "/mark", { method: "POST", body: event.callbackId });
  const answer: Answer = await response.json();
  console.log(%q, shout(answer.mark, tone), event.callbackId);
});
Adjust.create(config);
`, base, mark)
}

func TestNewcomersTypeScript(t *testing.T) {
	t.Parallel()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		fmt.Fprintf(w, `{"mark":"about %s"}`, body)
	}))
	defer server.Close()
	r := setUp(t)
	r.write("node_modules/shout/package.json", `{"name":"shout","version":"1.0.0","exports":{".":{"types":"./index.d.ts","import":"./index.mjs"}}}`)
	r.write("node_modules/shout/index.d.ts", `export type Tone = "loud"; export default function shout(text: string, tone: Tone): string;`)
	r.write("node_modules/shout/index.mjs", `export default (text, tone) => tone === "loud" ? text.toUpperCase() + "!" : text;`)
	r.start(letting(scripting.PluginConfig{AllowHosts: []string{server.Listener.Addr().String()}}))
	r.write("a.ts", typed(server.URL, "one"))
	r.says("a", "plugin loaded")
	r.prints("a", "r1", "one ABOUT R1! r1")
	r.write("a.ts", typed(server.URL, "two"))
	r.says("a", "plugin reloaded")
	r.prints("a", "r2", "two ABOUT R2! r2")

	// A package that changes is noticed at once, although its folder is none of the plugins'.
	r.write("node_modules/shout/index.mjs", `export default (text) => text + "?";`)
	r.says("a", "plugin reloaded")
	r.prints("a", "r3", "two about r3? r3")
	r.must(os.RemoveAll(r.path("node_modules")))
	// The folder goes file by file, and each step may be seen.
	broken := r.says("a", "plugin broken")
	for !strings.Contains(broken.Error, `Cannot find package "shout"`) {
		broken = r.says("a", "plugin broken")
	}
	if broken.Line != 2 {
		t.Errorf("broken: %+v", broken)
	}
	r.write("node_modules/shout/index.js", `module.exports = (text) => text + ".";`)
	r.write("node_modules/shout/package.json", `{"name":"shout"}`)
	r.says("a", "plugin healed")
	r.prints("a", "r4", "two about r4. r4")
}

func TestErrorsOfTypeScriptPointAtTheSource(t *testing.T) {
	t.Parallel()
	r := setUp(t)
	r.write("lib/fail.ts", "interface Unused { a: string }\nexport function fail(text: string): never {\n  throw new RangeError(`no ${text}`);\n}\n")
	r.write("a.ts", `import { fail } from "./lib/fail";
type Event = { callbackId: string };
const config = new AdjustConfig(appToken, environment);
config.setEventTrackingSucceededCallbackListener((event: Event) => { /* ü */ fail(event.callbackId); });
Adjust.create(config);
`)
	r.start()
	r.answer("r1", "a")
	r.stop()
	r.log.mu.Lock()
	defer r.log.mu.Unlock()
	for _, l := range r.log.lines {
		if l.Level != "error" {
			continue
		}
		if l.File != "plugins/lib/fail.ts" || l.Line != 3 || l.Column != 9 || l.Source != "  throw new RangeError(`no ${text}`);" ||
			l.Message != "plugins/lib/fail.ts:3:9: RangeError: no r1" || !strings.Contains(l.Stack, "(plugins/a.ts:4:78)") || l.Caret != "        ^" || l.ID != "r1" {
			t.Errorf("logged %+v", l)
		}
		return
	}
	t.Error("no error was logged")
}

// A request that fails is reported where fetch was called, although nothing of the script runs when it does.
func TestFailedFetchPointsAtTheCall(t *testing.T) {
	t.Parallel()
	r := setUp(t)
	r.write("a.ts", `interface Unused { a: string }
const config = new AdjustConfig(appToken, environment);
config.setEventTrackingSucceededCallbackListener(async (event) => {
  await null;
  const answer: Response = await fetch("http://127.0.0.1:9/");
  console.log(answer.status);
});
Adjust.create(config);
`)
	r.start()
	r.answer("r1", "a")
	r.stop()
	r.log.mu.Lock()
	defer r.log.mu.Unlock()
	for _, l := range r.log.lines {
		if l.Level != "error" {
			continue
		}
		if l.File != "plugins/a.ts" || l.Line != 5 || !strings.HasPrefix(l.Message, "plugins/a.ts:5:") || !strings.Contains(l.Message, "TypeError: fetch failed: plugin a may not connect to 127.0.0.1") {
			t.Errorf("logged %+v", l)
		}
		return
	}
	t.Error("no error was logged")
}

func TestLocalStorageSurvives(t *testing.T) {
	t.Parallel()
	counting := func(mark string) string {
		return `const config = new AdjustConfig(appToken, environment);
config.setEventTrackingSucceededCallbackListener((event) => {
  localStorage.n = Number(localStorage.n || 0) + 1;
  console.log("` + mark + `", localStorage.n, event.callbackId);
});
Adjust.create(config); console.log("begins with", localStorage.getItem("n"));`
	}
	r := setUp(t)
	r.write("a.js", counting("one"))
	r.start()
	r.prints("a", "r1", "one 1 r1")
	r.write("a.js", counting("two"))
	r.says("a", "plugin reloaded")
	r.prints("a", "r2", "two 2 r2")
	// What a run has written is on disk before the run counts as done.
	kept, err := r.store.Values(t.Context(), "plugin/a")
	r.must(err)
	if len(kept) != 1 || string(kept["item/n"]) != "2" {
		t.Errorf("the store has %q", kept)
	}
	r.stop()
	// The next process.
	r.store = memory.New()
	r.must(r.store.SetValues(t.Context(), "plugin/a", kept))
	r.start()
	r.says("a", "plugin loaded")
	r.says("a", "plugin loaded")
	r.prints("a", "r3", "two 3 r3")
	// Also when the plugin is taken away and put back.
	r.must(os.Remove(r.path("a.js")))
	r.says("a", "plugin removed")
	r.write("a.js", counting("three"))
	r.says("a", "plugin loaded")
	r.prints("a", "r4", "three 4 r4")
	if got := strings.Join(r.log.printed(0, "a"), ","); strings.Count(got, "begins with null") != 1 {
		t.Errorf("printed %s", got)
	}
}

func TestSecretsAreRedacted(t *testing.T) {
	t.Parallel()
	const token = `s3cret"token/1`
	r := setUp(t)
	r.write("a.js", `const config = new AdjustConfig(appToken, environment);
config.setEventTrackingSucceededCallbackListener((event) => {
  console.log(process.env.TOKEN, process.env.PORT, JSON.stringify({ t: process.env.TOKEN }), encodeURIComponent(process.env.TOKEN), event.callbackId);
  throw new Error("cannot use " + process.env.TOKEN);
});
Adjust.create(config);`)
	r.write("b.js", `throw new Error("b sees " + String(process.env.TOKEN) + Object.keys(process.env).length)`)
	r.start(letting(scripting.PluginConfig{Env: map[string]string{"TOKEN": token, "PORT": "8080"}}))
	if broken := r.says("b", "plugin broken"); broken.Error != "Error: b sees undefined0" {
		t.Errorf("b: %+v", broken)
	}
	r.prints("a", "r1", `[redacted] 8080 {"t":"[redacted]"} [redacted] r1`)
	r.write("a.js", `throw new Error(process.env.TOKEN)`)
	if broken := r.says("a", "plugin broken"); broken.Error != "Error: [redacted]" {
		t.Errorf("a: %+v", broken)
	}
	if got := r.plugin("a"); got.Error == nil || got.Error.Message != "Error: [redacted]" {
		t.Errorf("status: %+v", got.Error)
	}
	r.stop()
	if text := r.log.text(); strings.Contains(text, "s3cret") || strings.Count(text, "cannot use [redacted]") != 1 {
		t.Errorf("the log says\n%s", text)
	}
}

func TestUnknownPluginNamesAreWarnedAbout(t *testing.T) {
	t.Parallel()
	r := setUp(t)
	r.write("b.js", version("b"))
	r.start(letting(scripting.PluginConfig{Timeout: time.Second}))
	r.says("a", "the configuration grants something to a plugin that is not in the plugins folder")
}
