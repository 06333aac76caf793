const shown = require("./details.out.json");

test("prints what the guide shows", async () => {
  const p = await plugin.load({ now: "2026-05-01T12:00:00Z" });
  const purchase = { revenue: 9.99, currency: "EUR" };
  await p.eventFailure({ ...purchase, willRetry: true });
  await p.eventFailure({ ...purchase, attempt: 2, willRetry: false, jsonResponse: { error: "Invalid currency" } });
  expect(p.text).toBe(shown);
  expect(p.lines.map((line) => line.level)).toEqual(["info", "error"]);
  p.clear();
  await p.eventFailure({ eventToken: "abc123", willRetry: true });
  expect(p.text).toBe("abc123: retry at attempt 1, next at 2026-05-01T12:02:00.000Z");
});
