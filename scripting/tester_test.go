package scripting_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"trackhook/engine"
	"trackhook/scripting"
)

func testConfig(dir string) scripting.TestConfig {
	return scripting.TestConfig{Config: scripting.Config{
		Dir: dir, DefaultApp: engine.App{Token: "abc123def456", Environment: engine.Sandbox},
		Device: map[string]string{"external_device_id": "kiosk-17"},
	}}
}

// folder writes files into a fresh plugins folder.
func folder(t *testing.T, files map[string]string) string {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "plugins")
	for name, text := range files {
		path := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// runTests runs one file of tests and returns its results by name.
func runTests(t *testing.T, cfg scripting.TestConfig, files map[string]string) (*scripting.TestFile, map[string]scripting.TestCase) {
	t.Helper()
	dir := folder(t, files)
	cfg.Dir = dir
	for name := range files {
		if !scripting.IsTest(name) {
			continue
		}
		result, err := scripting.Test(t.Context(), cfg, filepath.Join(dir, filepath.FromSlash(name)))
		if err != nil {
			t.Fatal(err)
		}
		byName := map[string]scripting.TestCase{}
		for _, test := range result.Tests {
			byName[strings.Join(test.Name, " > ")] = test
		}
		return result, byName
	}
	t.Fatal("no file of tests")
	return nil, nil
}

const countPlugin = `
const config = new AdjustConfig("{YourAppToken}", AdjustConfig.EnvironmentSandbox);
let n = 0;
config.setEventTrackingSucceededCallbackListener(async (event) => {
  n += 1;
  console.log(n + " " + event.eventToken + " " + event.callbackId + " " + event.jsonResponse.hash);
  if (event.callbackId === "boom") null.x;
  if (event.callbackId === "slow") await new Promise((done) => setTimeout(done, 2000));
  if (event.callbackId === "chat") {
    const answer = await fetch("https://chat.example/hook", { method: "POST", headers: { "X-A": "1" }, body: JSON.stringify({ text: "hi" }) });
    console.log("chat " + answer.status + " " + (await answer.json()).ok);
  }
  if (event.callbackId === "again") {
    const next = new AdjustEvent("xyz789");
    next.setRevenue(1.5, "EUR");
    next.addCallbackParameter("from", event.id);
    Adjust.trackEvent(next);
  }
});
config.setEventTrackingFailedCallbackListener((event) => console.warn("failed " + event.message + " " + event.willRetry));
config.setSessionTrackingSucceededCallbackListener((s) => console.log("session " + s.adid + " " + s.message));
config.setSessionTrackingFailedCallbackListener((s) => console.error("session failed " + s.message + " " + s.willRetry));
Adjust.create(config);
setInterval(() => console.debug("tick " + new Date().toISOString()), 60 * 1000);
`

func TestPluginUnderTest(t *testing.T) {
	result, tests := runTests(t, testConfig(""), map[string]string{"count.js": countPlugin, "count.test.js": `
const { plugin, test, expect, beforeEach } = require("trackhook/test");
let p;
beforeEach(async () => { p = await plugin.load("./count.js", { now: "2026-05-01T23:59:00Z", fetch: { "POST https://chat.example/*": { ok: 7 } } }); });
test("prints", async () => {
  await p.eventSuccess({ eventToken: "tok111", callbackId: "x", jsonResponse: { hash: "h1" } });
  await p.eventFailure({ willRetry: true });
  await p.eventFailure({ message: "Invalid revenue" });
  await p.sessionSuccess({ adid: "a1" });
  await p.sessionFailure({});
  expect(p.lines).toEqual([
    { level: "info", text: "1 tok111 x h1" },
    { level: "warn", text: "failed connection refused true" },
    { level: "warn", text: "failed Invalid revenue false" },
    { level: "info", text: "session a1 Session tracked" },
    { level: "error", text: "session failed Session request failed false" },
  ]);
  expect(p.registered).toHaveLength(4);
});
test("tracks", async () => {
  p.clear();
  const run = await p.eventSuccess({ callbackId: "again", id: "e1" });
  expect(run.tracked).toMatchObject([{ kind: "event", eventToken: "xyz789", revenue: 1.5, currency: "EUR", callbackParams: { from: "e1" } }]);
  expect(p.tracked).toEqual(run.tracked);
});
test("fetches", async () => {
  await p.eventSuccess({ callbackId: "chat" });
  expect(p.fetches).toEqual([{ method: "POST", url: "https://chat.example/hook", headers: { "x-a": "1" }, body: '{"text":"hi"}' }]);
  expect(p.fetches[0].json).toEqual({ text: "hi" });
  expect(p.text).toMatch(/chat 200 7$/);
});
test("a plugin that throws", async () => {
  await expect(p.eventSuccess({ callbackId: "boom" })).rejects.toThrow(/plugins\/count.js:7:.*TypeError/);
  expect(p.errors).toHaveLength(1);
});
test("time", async () => {
  const before = p.now.getTime();
  await p.eventSuccess({ callbackId: "slow" });
  expect(p.now - before).toBe(2000);
  await p.advance("3m");
  expect(p.lines.filter((l) => l.level === "debug").map((l) => l.text)).toEqual([
    "tick 2026-05-02T00:00:00.000Z", "tick 2026-05-02T00:01:00.000Z", "tick 2026-05-02T00:02:00.000Z"]);
});
test("an answer that never comes", async () => {
  const other = await plugin.load("./count.js", { fetch: () => new Promise(() => {}) });
  await expect(other.eventSuccess({ callbackId: "chat" })).rejects.toThrow("not settled within 5s");
});
test("a mock without an answer", async () => {
  const other = await plugin.load("./count.js");
  await expect(other.eventSuccess({ callbackId: "chat" })).rejects.toThrow("the test has no answer for POST https://chat.example/hook");
});
test("a first start", async () => {
  expect(p.tracked).toEqual([]);
  expect((await plugin.load({ firstStart: true })).tracked).toMatchObject([{ kind: "session", device: "external_device_id=kiosk-17" }]);
});
test("load beside", async () => {
  const other = await plugin.load({ random: 0.5 });
  expect(other.name).toBe("count");
});
test("a typo", async () => { await p.eventSuccess({ eventTokn: "x" }); });
`})
	if result.Problem != nil {
		t.Fatalf("problem: %+v", result.Problem)
	}
	for name, test := range tests {
		if name == "a typo" {
			if test.Status != scripting.Failed || !strings.Contains(test.Failures[0].Message, `unknown property "eventTokn"`) {
				t.Errorf("a typo: %+v", test)
			}
			continue
		}
		if test.Status != scripting.Passed {
			for _, f := range test.Failures {
				t.Errorf("%s: %s\n%+v", name, f.Error(), f)
			}
			t.Errorf("%s: %+v", name, test)
		}
	}
	if len(tests) != 10 {
		t.Errorf("%d tests", len(tests))
	}
}
