const shown = require("./../late.out.json");

test("prints what the guide shows", async () => {
  const p = await plugin.load("./index.ts");
  for (const attempt of [1, 2, 3]) await p.eventFailure({ eventToken: "abc123", attempt, willRetry: true });
  await p.eventFailure({ eventToken: "abc123", attempt: 4, willRetry: false });
  expect(p.lines).toEqual([{ level: "warn", text: shown }]);
});
