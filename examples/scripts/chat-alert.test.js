const ROOM = "https://hooks.example.com/services/T0/B0/secret";
const purchase = { id: "p1", eventToken: "abc123", revenue: 9.99, currency: "EUR", message: "Internal error" };
const load = (/** @type {any} */ room = 200, options = {}) => plugin.load("./chat-alert.js", {
  now: "2026-05-01T12:00:00Z", env: { CHAT_URL: ROOM }, fetch: { [`POST ${ROOM}`]: room }, ...options,
});
const texts = (p) => p.fetches.map((request) => request.json.text);

test("tells at the first failure, and when a purchase is given up", async () => {
  const p = await load();
  await p.eventFailure({ ...purchase, willRetry: true, attempt: 1 });
  await p.eventFailure({ ...purchase, willRetry: true, attempt: 2 });
  await p.eventFailure({ ...purchase, willRetry: true, attempt: 3 });
  await p.eventFailure({ ...purchase, willRetry: false, attempt: 4 });
  await p.eventFailure({ ...purchase, willRetry: false, attempt: 5 }); // somebody retried the dead letter
  expect(texts(p)).toEqual([
    "Purchase abc123 of 9.99 EUR failed: Internal error; it is sent again at 2026-05-01T12:02:00.000Z",
    "Purchase abc123 of 9.99 EUR failed: Internal error; it is not sent again; see: trackhook queue show p1",
  ]);
  expect(p.text).toBe("");
});

test("events without revenue, and successes, are no news", async () => {
  const p = await load();
  await p.eventFailure({ eventToken: "abc123", willRetry: false });
  await p.eventSuccess(purchase);
  expect(p.fetches).toEqual([]);
});

test("what was told survives a restart, until the purchase is counted", async () => {
  let p = await load();
  await p.eventFailure({ ...purchase, willRetry: true });
  p = await load(200, { localStorage: p.localStorage });
  await p.eventFailure({ ...purchase, willRetry: true, attempt: 2 });
  expect(p.fetches).toEqual([]);
  await p.eventSuccess({ ...purchase, attempt: 3 });
  expect(p.localStorage).toEqual({});
});

test("what is older than any purchase is forgotten", async () => {
  const p = await load(200, { localStorage: { old: "given up at 2026-01-01T00:00:00.000Z", new: "failed at 2026-04-30T00:00:00.000Z" } });
  expect(Object.keys(p.localStorage)).toEqual(["new"]);
});

test.each([
  ["an error", 500, "error: the chat room answered 500 to: Purchase"],
  ["nobody there", new Error("connect ECONNREFUSED"), "error: the chat room cannot be reached (connect ECONNREFUSED) for: Purchase"],
])("%s is reported, and told at the next failure", async (name, answer, line) => {
  let room = answer;
  const p = await load(() => room);
  await p.eventFailure({ ...purchase, willRetry: true });
  expect(p.lines.map(({ level, text }) => `${level}: ${text}`)).toEqual([expect.stringContaining(line)]);
  expect(p.errors).toEqual([]);
  expect(p.text).not.toContain("secret");
  room = 200;
  await p.eventFailure({ ...purchase, willRetry: true, attempt: 2 });
  await p.eventFailure({ ...purchase, willRetry: true, attempt: 3 });
  expect(p.fetches).toHaveLength(2);
});

test("a room that hangs is given up in time", async () => {
  const p = await load(() => new Promise(() => {}));
  await p.eventFailure({ ...purchase, willRetry: false });
  expect(p.text).toContain("the chat room cannot be reached (");
  expect(p.now).toEqual(new Date("2026-05-01T12:00:03Z"));
});

test("without the secret it says so, and logs", async () => {
  const p = await load(200, { env: {} });
  await p.eventFailure({ ...purchase, willRetry: false });
  expect(p.lines.map((line) => line.level)).toEqual(["error", "error"]);
  expect(p.lines[0].text).toContain("CHAT_URL is missing");
  expect(p.fetches).toEqual([]);
});
