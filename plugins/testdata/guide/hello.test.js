const shown = require("./hello.out.json");

test("prints what the guide shows", async () => {
  const p = await plugin.load();
  expect(p.registered).toEqual(["EventTrackingFailed", "EventTrackingSucceeded"]);
  await p.eventSuccess({ eventToken: "abc123" });
  expect(p.text).toBe(shown);
});

test("prints failures", async () => {
  const p = await plugin.load();
  await p.eventFailure({ eventToken: "abc123", willRetry: true });
  await p.eventFailure({ eventToken: "abc123", message: "Invalid revenue", willRetry: false });
  expect(p.text).toBe("abc123 failed: connection refused, will retry\nabc123 failed: Invalid revenue");
});
