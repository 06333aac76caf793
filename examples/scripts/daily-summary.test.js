// Run with: trackhook plugin test --plugins examples/scripts

test("prints the counts when the day (UTC) is over", async () => {
  const p = await plugin.load("./daily-summary.js", { now: "2026-05-01T23:50:00Z" });
  await p.eventSuccess({ eventToken: "abc123" });
  await p.eventFailure({ eventToken: "abc123", willRetry: true });
  await p.advance("15m");
  expect(p.text).toBe("2026-05-01  abc123  delivered 1");
});
