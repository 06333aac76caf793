const load = (localStorage) => plugin.load("./daily-report.js", { now: "2026-05-01T12:00:00Z", localStorage });
let serial = 0;
const answer = (timestamp, eventToken, revenue, currency) => ({ id: `p${serial += 1}`, timestamp, eventToken, revenue, currency });

async function firstDay(p) {
  await p.eventSuccess(answer("2026-05-01T10:00:00.000Z+0000", "abc123", 1.1, "EUR"));
  await p.eventSuccess(answer("2026-05-01T11:00:00.000Z+0000", "abc123", 2.2, "EUR"));
  await p.eventSuccess(answer("2026-05-01T12:00:00.000Z+0000", "abc123", 5, "USD"));
  await p.eventSuccess(answer("2026-05-01T23:59:59.999Z+0000", "signup"));
}
const REPORT = "report of 2026-05-01: 4 events, 3.30 EUR, 5.00 USD\n  abc123  3  3.30 EUR  5.00 USD\n  signup  1";

test("prints the report of a day once, at the first answer of the next", async () => {
  const p = await load();
  await firstDay(p);
  await p.advance("2d");
  expect(p.text).toBe("");
  await p.eventSuccess(answer("2026-05-02T00:00:01.000Z+0000", "abc123"));
  expect(p.text).toBe(REPORT);
  await p.eventSuccess(answer("2026-05-02T00:00:02.000Z+0000", "abc123"));
  expect(p.text).toBe(REPORT);
});

test("the numbers survive a reload and a restart", async () => {
  let p = await load();
  await firstDay(p);
  p = await load(p.localStorage);
  await p.eventSuccess(answer("2026-05-04T08:00:00.000Z+0000", "abc123", 7, "EUR"));
  expect(p.text).toBe(REPORT);
  p = await load(p.localStorage);
  await p.eventSuccess(answer("2026-05-05T08:00:00.000Z+0000", "abc123"));
  expect(p.text).toBe("report of 2026-05-04: 1 events, 7.00 EUR\n  abc123  1  7.00 EUR");
});

test("failures, duplicates and answers that come again do not count", async () => {
  let p = await load();
  const first = answer("2026-05-01T10:00:00.000Z+0000", "abc123", 1, "EUR");
  await p.eventSuccess(first);
  await p.eventFailure(answer("2026-05-01T10:00:00.000Z+0000", "abc123", 1, "EUR"));
  await p.eventSuccess({ ...answer("2026-05-01T10:00:00.000Z+0000", "abc123", 1, "EUR"), duplicate: true });
  p = await load(p.localStorage); // a crash
  await p.eventSuccess(first);
  await p.eventSuccess(answer("2026-05-02T10:00:00.000Z+0000", "abc123"));
  expect(p.text).toBe("report of 2026-05-01: 1 events, 1.00 EUR\n  abc123  1  1.00 EUR");
});

test("what comes late counts for the day that runs, and nothing grows without end", async () => {
  const p = await load();
  await p.eventSuccess(answer("2026-05-02T00:00:00.000Z+0000", "abc123"));
  await p.eventSuccess(answer("2026-05-01T23:59:59.000Z+0000", "late01"));
  await p.eventSuccess(answer("", "notime")); // the host's clock says 2026-05-01
  await p.eventSuccess(answer("2026-05-03T00:00:00.000Z+0000", "abc123"));
  expect(p.text).toBe("report of 2026-05-02: 3 events\n  abc123  1\n  late01  1\n  notime  1");
  for (let n = 0; n < 600; n += 1) await p.eventSuccess(answer("2026-05-03T01:00:00.000Z+0000", "abc123"));
  expect(Object.keys(p.localStorage)).toHaveLength(512 + 3);
}, 30000);
