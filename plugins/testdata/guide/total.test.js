const shown = require("./total.out.json");

test("prints what the guide shows, also when a restart lies between", async () => {
  const once = await plugin.load();
  await once.eventSuccess({ eventToken: "abc123" });
  const before = once.text;
  await once.eventSuccess({ eventToken: "abc123" });
  expect(once.text).toBe(shown);

  const p = await plugin.load();
  await p.eventSuccess({ eventToken: "abc123" });
  const again = await plugin.load({ localStorage: p.localStorage });
  await again.eventSuccess({ eventToken: "abc123" });
  expect(`${before}\n${again.text}`).toBe(shown);
});
