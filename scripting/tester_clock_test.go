package scripting_test

import (
	"testing"

	"trackhook/scripting"
)

// passed fails the test for each test of a plugin that has not passed, and checks how many there are.
func passed(t *testing.T, tests map[string]scripting.TestCase, want int) {
	t.Helper()
	for name, test := range tests {
		if test.Status != scripting.Passed {
			t.Errorf("%s: %s", name, test.Status)
			for _, f := range test.Failures {
				t.Errorf("  %s", f.Error())
			}
		}
	}
	if len(tests) != want {
		t.Errorf("%d tests, want %d", len(tests), want)
	}
}

// TestOneClock looks at everything that tells or waits for time: in a test all of it follows the clock that the test
// moves.
func TestOneClock(t *testing.T) {
	_, tests := runTests(t, testConfig(""), map[string]string{"clock.js": `
const started = performance.now();
console.time("t");
const signal = AbortSignal.timeout(90 * 60000);
signal.addEventListener("abort", (event) => console.log("aborted " + new Date().toISOString() + " " + (event.timeStamp - started)));
const config = new AdjustConfig("{YourAppToken}", AdjustConfig.EnvironmentSandbox);
config.setEventTrackingSucceededCallbackListener(async (event) => {
  console.timeLog("t");
  console.log(performance.now() - started, performance.timeOrigin + performance.now() === Date.now(), signal.aborted);
  if (event.callbackId === "limit") {
    const waits = (signal) => new Promise((resolve, reject) => signal.addEventListener("abort", () => reject(signal.reason)));
    await waits(AbortSignal.timeout(2000)).catch((e) => console.log(e.name));
    await waits(AbortSignal.any([AbortSignal.timeout(1000), new AbortController().signal])).catch((e) => console.log(e.name));
  }
});
Adjust.create(config);
Adjust.getAdidWithTimeout(5000, (adid) => console.log("adid " + adid + " " + (performance.now() - started)));
`, "clock.test.js": `
const now = "2001-02-03T04:05:06.000Z";
let p;
beforeEach(async () => { p = await plugin.load("./clock.js", { now }); });
test("nothing moves by itself", async () => {
  await p.eventSuccess();
  expect(p.text).toBe("t: 0ms\n0 true false");
});
test("console.time and performance.now", async () => {
  await p.advance("61s");
  p.clear();
  await p.eventSuccess();
  expect(p.text).toBe("t: 1:01.000 (m:ss.mmm)\n61000 true false");
});
test("AbortSignal.timeout", async () => {
  await p.advance("89m");
  expect(p.text).not.toContain("aborted");
  await p.advance("1m");
  expect(p.text).toContain("aborted 2001-02-03T05:35:06.000Z 5400000");
});
test("AbortSignal.timeout within a listener", async () => {
  const before = p.now.getTime();
  await p.eventSuccess({ callbackId: "limit" });
  expect(p.text).toMatch(/TimeoutError\nTimeoutError$/);
  expect(p.now - before).toBe(3000);
});
test("questions with a time limit", async () => {
  await p.advance("5s");
  expect(p.text).toBe("adid null 5000");
});
test("a session after half an hour", async () => {
  const again = await plugin.load("./clock.js", { now, firstStart: true });
  expect(again.tracked).toMatchObject([{ kind: "session" }]);
});
`})
	passed(t, tests, 6)
}

// TestBodiesOfFetches sends what is no text.
func TestBodiesOfFetches(t *testing.T) {
	_, tests := runTests(t, testConfig(""), map[string]string{"send.js": `
const config = new AdjustConfig("{YourAppToken}", AdjustConfig.EnvironmentSandbox);
config.setEventTrackingSucceededCallbackListener(async (event) => {
  const form = new FormData();
  form.append("a", "1");
  const body = { form, blob: new Blob(["x,y"], { type: "text/csv" }), stream: new Blob(["s"]).stream(), params: new URLSearchParams({ q: "1 2" }) }[event.callbackId];
  const answer = await fetch("https://a.example/", { method: "POST", body, duplex: "half" });
  console.log(await answer.text());
});
Adjust.create(config);
`, "send.test.js": `
test.each(["form", "blob", "stream", "params"])("%s", async (kind) => {
  const p = await plugin.load("./send.js", { fetch: { "POST https://a.example/": "ok" } });
  await p.eventSuccess({ callbackId: kind });
  const { body, headers } = p.fetches[0];
  expect(p.text).toBe("ok");
  if (kind === "form") {
    expect(body).toContain('name="a"\r\n\r\n1\r\n');
    expect(headers["content-type"]).toContain("multipart/form-data; boundary=");
  }
  if (kind === "blob") expect([body, headers["content-type"]]).toEqual(["x,y", "text/csv"]);
  if (kind === "stream") expect(body).toBe("s");
  if (kind === "params") expect(body).toBe("q=1+2");
});
`})
	passed(t, tests, 4)
}
