const shown = require("./endless.out.json");

test("a run that does not end is interrupted, and the next answer comes", async () => {
  const p = await plugin.load({ timeout: 50 });
  await expect(p.eventSuccess({ eventToken: "abc123" })).rejects.toThrow(/endless\.js:3/);
  await p.eventSuccess({ eventToken: "xyz789" });
  expect(p.text).toBe(shown);
});
