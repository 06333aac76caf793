const purchase = { id: "p1", eventToken: "abc123", revenue: 5, currency: "EUR", params: { gps_adid: "g-1", ip_address: "203.0.113.7", user_agent: "x" } };
const HOST = "POST http://127.0.0.1:8787/event";

test("tracks for the device of the purchase, through the door of the host", async () => {
  const p = await plugin.load("./follow-up-device.js", { fetch: { [HOST]: { status: "OK" } } });
  await p.eventSuccess(purchase);
  await p.eventSuccess({ ...purchase, eventToken: "other1" });
  await p.response({ ...purchase, outcome: "duplicate" });
  expect(p.fetches).toHaveLength(1);
  expect(Object.fromEntries(new URLSearchParams(p.fetches[0].body))).toEqual({
    s2s: "1", app_token: expect.any(String), environment: "sandbox", event_token: "cnf123",
    deduplication_id: "confirmed-p1", callback_params: '{"purchase":"p1"}', gps_adid: "g-1",
    external_device_id: "test-device", ip_address: "203.0.113.7",
  });
  expect(p.text).toBe("purchase p1 is delivered, follow-up tracked");
  expect(p.localStorage).toEqual({});
});

test("what the host does not take is handed in again, also after a restart", async () => {
  /** @type {number | Error} */
  let door = 503;
  let p = await plugin.load("./follow-up-device.js", { env: { TRACKHOOK_TOKEN: "sesame" }, fetch: () => door });
  await p.eventSuccess(purchase);
  expect(p.text).toBe("the follow-up of purchase p1 was not taken (503 ); it is tried again");
  p = await plugin.load("./follow-up-device.js", { localStorage: p.localStorage, env: { TRACKHOOK_TOKEN: "sesame" }, fetch: () => door });
  door = new Error("connection refused");
  await p.advance("1m");
  expect(p.text).toBe("the follow-up of purchase p1 was not taken (connection refused); it is tried again");
  door = 200;
  await p.advance("1m");
  await p.advance("1h");
  expect(p.fetches).toHaveLength(2);
  expect(p.fetches[1].headers).toMatchObject({ authorization: "Bearer sesame" });
  expect(p.localStorage).toEqual({});
});

test("what can never be taken is reported once", async () => {
  const p = await plugin.load("./follow-up-device.js", { fetch: { [HOST]: { status: 400, json: { error: "no" } } } });
  await p.eventSuccess(purchase);
  await p.advance("1h");
  expect(p.lines).toEqual([{ level: "error", text: 'the follow-up of purchase p1 was refused: {"error":"no"}' }]);
});
