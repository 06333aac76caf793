import { expect, plugin, test } from "trackhook/test";

const SERVICE = "https://api.frankfurter.dev/v1/latest";
const load = () => plugin.load({
  now: "2026-05-01T12:00:00Z",
  fetch: {
    [`${SERVICE}?base=USD&symbols=EUR`]: { rates: { EUR: 0.9 } },
    [`${SERVICE}?base=JPY&symbols=EUR`]: { rates: { EUR: 0.0061 } },
    [`${SERVICE}?base=XXX&symbols=EUR`]: 404,
    [`${SERVICE}?base=YYY&symbols=EUR`]: { rates: {} },
  },
});

test("prints purchases in euro, and the sum", async () => {
  const p = await load();
  await p.eventSuccess({ eventToken: "abc123", revenue: 10, currency: "USD" });
  await p.eventSuccess({ eventToken: "abc123", revenue: 1250, currency: "JPY" });
  await p.eventSuccess({ eventToken: "xyz789", revenue: 1000.5, currency: "EUR" });
  expect(p.text.split("\n")).toEqual([
    "abc123: 10.00 USD = 9.00 EUR, 9.00 EUR since the start",
    "abc123: 1,250 JPY = 7.63 EUR, 16.63 EUR since the start",
    "xyz789: 1,000.50 EUR = 1,000.50 EUR, 1,017.13 EUR since the start",
  ]);
});

test("asks for a rate once an hour", async () => {
  const p = await load();
  for (const minutes of [0, 30, 29, 2]) {
    await p.advance(minutes * 60_000);
    await p.eventSuccess({ revenue: 1, currency: "USD" });
  }
  expect(p.fetches).toHaveLength(2);
});

test.each([
  { currency: "XXX", problem: "the service answered 404" },
  { currency: "YYY", problem: "the service does not know it" },
])("$currency has no rate", async ({ currency, problem }) => {
  const p = await load();
  await p.eventSuccess({ eventToken: "abc123", revenue: 1, currency });
  expect(p.lines).toEqual([{ level: "warn", text: `abc123: 1.00 ${currency}, but no rate for ${currency}: ${problem}` }]);
  expect(p.errors).toEqual([]);
});

test("what brings nothing prints nothing", async () => {
  const p = await load();
  await p.eventSuccess({ eventToken: "abc123" });
  await p.response({ outcome: "duplicate", revenue: 1, currency: "EUR" });
  expect(p.lines).toEqual([]);
});
