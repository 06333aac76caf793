const shown = require("./counts.out.json");

test("prints what the guide shows", async () => {
  const p = await plugin.load("./counts.ts");
  for (const eventToken of ["abc123", "xyz789", "abc123"]) await p.eventSuccess({ eventToken });
  await p.advance("1h");
  expect(p.text).toBe(shown);
});
