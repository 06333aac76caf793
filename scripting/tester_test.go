package scripting_test

import (
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"trackhook/engine"
	"trackhook/scripting"
)

func testConfig(dir string) scripting.TestConfig {
	return scripting.TestConfig{Limit: patience, Config: scripting.Config{
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
		if os.Getenv("TRACKHOOK_LONG") != "" {
			sameAway(t, cfg, filepath.Join(dir, filepath.FromSlash(name)), result)
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

func TestTestNames(t *testing.T) {
	t.Parallel()
	for file, want := range map[string]string{
		"a.test.js": "a", "plugins/day.test.ts": "day", "x/a.b.test.mts": "a.b", "a.test.cjs": "a", "a.test.mjs": "a", "a.test.cts": "a",
		"a.js": "a.js", "test.ts": "test.ts", "a.test.json": "a.test.json", "a.test.d.ts": "a.test.d.ts",
	} {
		if got := scripting.TestedName(file); got != want {
			t.Errorf("%s tests %q, want %q", file, got, want)
		}
		if got := scripting.IsTest(file); got != (want != filepath.Base(file)) {
			t.Errorf("%s is a test: %t", file, got)
		}
	}
}

// Tests may be written in TypeScript, as modules or not, and stand beside plugins of any kind.
func TestTestsInTypeScript(t *testing.T) {
	t.Parallel()
	for _, row := range []struct{ test, text, plugin string }{
		{"count.test.ts", `import { test, expect, plugin } from "trackhook/test";` + "\n", "count.ts"},
		{"count.test.ts", "", "count.js"},
		{"count.test.mts", `import { test, expect, plugin } from "trackhook/test";` + "\n", "count.mjs"},
		{"count.test.cts", `const { test, expect, plugin } = require("trackhook/test");` + "\n", "count.cjs"},
		{"count.test.mjs", `import { plugin } from "trackhook/test";` + "\n", "count/index.ts"},
		{"count/index.test.ts", "", "count/index.ts"},
	} {
		t.Run(row.test+" of "+row.plugin, func(t *testing.T) {
			t.Parallel()
			script := "const config = new AdjustConfig(appToken, environment);\n" +
				"config.setEventTrackingSucceededCallbackListener((event) => console.log(event.eventToken));\nAdjust.create(config);\n"
			load := `plugin.load()`
			if row.test == "count.test.mjs" {
				load = `plugin.load("./count/index.ts")`
			}
			body := "interface Case { token: string }\nconst cases: Case[] = [{ token: \"abc123\" }];\n"
			if strings.HasSuffix(row.test, "js") {
				body = "const cases = [{ token: \"abc123\" }];\n"
			}
			body += "test.each(cases)(\"$token\", async ({ token }) => {\n  const p = await " + load +
				";\n  await p.eventSuccess({ eventToken: token });\n  expect(p.text).toBe(token);\n});\n" +
				"test(\"fails\", () => {\n  expect(1).toBe(2);\n});\n"
			result, tests := runTests(t, testConfig(""), map[string]string{row.plugin: script, row.test: row.text + body})
			if result.Problem != nil {
				t.Fatalf("problem: %+v", result.Problem)
			}
			if test := tests["abc123"]; test.Status != scripting.Passed {
				t.Errorf("abc123: %+v", test.Failures)
			}
			failed := tests["fails"]
			if failed.Status != scripting.Failed || failed.Failures[0].Source != "  expect(1).toBe(2);" ||
				failed.Failures[0].File != "plugins/"+row.test {
				t.Errorf("fails: %+v", failed)
			}
			if beside := scripting.TestsBeside(filepath.Join(filepath.Dir(result.File), filepath.Base(strings.TrimSuffix(row.plugin, "/index.ts")))); row.test == "count/index.test.ts" {
				if len(beside) != 0 {
					t.Errorf("beside: %v", beside)
				}
			} else if len(beside) != 1 || beside[0] != result.File {
				t.Errorf("beside: %v", beside)
			}
		})
	}
}

const patient = `
const config = new AdjustConfig(appToken, environment);
config.setEventTrackingSucceededCallbackListener(async (event) => {
  await fetch("https://slow.example", { signal: AbortSignal.timeout(30000) }).then(async (answer) => console.log(await answer.text())).catch((error) => console.log(error.name));
});
Adjust.create(config);
`

const keeper = `
const config = new AdjustConfig(appToken, environment);
config.setEventTrackingSucceededCallbackListener(async (event) => {
  localStorage.n = Number(localStorage.n || 0) + 1;
  console.log(localStorage.n, process.env.HOOK);
  if (event.callbackId === "call") {
    await fetch(process.env.HOOK).then((answer) => console.log(answer.status), (error) => console.log(String(error.cause || error)));
  }
});
Adjust.create(config);
`

// What a plugin keeps and what it is granted are the test's to say, whatever the machine has.
func TestStorageAndSecretsOfTests(t *testing.T) {
	t.Setenv("HOOK", "not this")
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusTeapot) }))
	defer server.Close()
	cfg := testConfig("")
	cfg.Plugins = map[string]scripting.PluginConfig{
		"keeper": {Env: map[string]string{"HOOK": "not this either"}, AllowHosts: []string{server.Listener.Addr().String()}},
	}
	result, tests := runTests(t, cfg, map[string]string{"keeper.js": keeper, "nothing.js": keeper, "patient.js": patient, "keeper.test.ts": `
test("localStorage", async () => {
  let p = await plugin.load({ localStorage: { n: "7", other: "x" } });
  expect(p.localStorage).toEqual({ n: "7", other: "x" });
  await p.eventSuccess();
  expect(p.text).toBe("8 undefined");
  expect(p.localStorage).toEqual({ n: "8", other: "x" });
  p = await plugin.load({ localStorage: p.localStorage });
  await p.eventSuccess();
  expect(p.text).toBe("9 undefined");
  expect((await plugin.load()).localStorage).toEqual({});
});
test("secrets", async () => {
  const p = await plugin.load({ env: { HOOK: "https://hooks.example/secret" }, fetch: { "https://hooks.example/secret": 204 } });
  await p.eventSuccess({ callbackId: "call" });
  expect(p.text).toBe("1 [redacted]\n204");
  expect(p.fetches[0].url).toBe("https://hooks.example/secret");
});
test("the real network", async () => {
  const env = { HOOK: "` + server.URL + `" };
  let p = await plugin.load({ env, fetch: true });
  await p.eventSuccess({ callbackId: "call" });
  expect(p.text).toBe("1 [redacted]\n418");
  p = await plugin.load({ env, fetch: true, allowHosts: ["` + server.Listener.Addr().String() + `"] });
  await p.eventSuccess({ callbackId: "call" });
  expect(p.text).toBe("1 [redacted]\n418");
  p = await plugin.load({ env, fetch: true, allowHosts: ["hooks.example.com"] });
  await p.eventSuccess({ callbackId: "call" });
  expect(p.text).toContain("allow_hosts does not name it");
});
test("no more of the real network than the configuration grants", async () => {
  const env = { HOOK: "` + server.URL + `" };
  const p = await plugin.load("./nothing.js", { env, fetch: true, allowHosts: ["` + server.Listener.Addr().String() + `"] });
  await p.eventSuccess({ callbackId: "call" });
  expect(p.text).toContain("may not connect to 127.0.0.1: it is a loopback address");
});
test("a request that is given up in the plugin's own time", async () => {
  const p = await plugin.load("./patient.js", { fetch: () => new Promise(() => {}), timeout: "1m" });
  const before = p.now.getTime();
  await p.eventSuccess();
  expect(p.text).toBe("TimeoutError");
  expect(p.now - before).toBe(30000);
});
test("answers that look like a description", async () => {
  const p = await plugin.load("./patient.js", { fetch: { "https://slow.example": { status: "OK" } } });
  await p.eventSuccess();
  expect(p.text).toBe('{"status":"OK"}');
});
test("wrong options", async () => {
  await expect(plugin.load({ localStorage: { n: 7 } })).rejects.toThrow("localStorage");
  await expect(plugin.load({ enf: {} })).rejects.toThrow('unknown property "enf"; the options are allowHosts, appToken');
  await expect(plugin.load({ allowHosts: ["http://x"] })).rejects.toThrow("allow_hosts");
  await expect(plugin.load({ localStorage: { big: "x".repeat(6e6) } })).rejects.toThrow("quota");
});
`})
	if result.Problem != nil || len(tests) != 7 {
		t.Fatalf("%d tests, problem: %+v", len(tests), result.Problem)
	}
	for name, test := range tests {
		for _, f := range test.Failures {
			t.Errorf("%s: %s", name, f.Error())
		}
	}
}

// TestMockOfFetchTakesWhatFetchTakes looks at requests that never reach the network of a host.
func TestMockOfFetchTakesWhatFetchTakes(t *testing.T) {
	_, tests := runTests(t, testConfig(""), map[string]string{"p.js": `
const config = new AdjustConfig("{YourAppToken}", AdjustConfig.EnvironmentSandbox);
config.setEventTrackingSucceededCallbackListener(async (event) => {
  const [url, init] = JSON.parse(event.callbackId);
  console.log(await (await fetch(url, init)).text());
});
Adjust.create(config);
`, "p.test.js": `
const fetched = async (...args) => {
  const p = await plugin.load("./p.js", { fetch: () => "mocked" });
  await p.eventSuccess({ callbackId: JSON.stringify(args) });
  return p.text + " " + p.fetches.length;
};
test("a URL", async () => expect(await fetched("https://x.example/", { method: "POST", body: "x" })).toBe("mocked 1"));
test("data", async () => expect(await fetched("data:,hello%20you")).toBe("hello you 0"));
test("no URL", async () => await expect(fetched("x.example")).rejects.toThrow("fetch needs an absolute URL"));
test("a body with GET", async () => await expect(fetched("https://x.example/", { body: "x" })).rejects.toThrow("GET/HEAD"));
test("a header that is none", async () => await expect(fetched("https://x.example/", { headers: { "a b": "c" } })).rejects.toThrow("not a valid header name"));
`})
	passed(t, tests, 5)
}
