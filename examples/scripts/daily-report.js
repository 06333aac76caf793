// Keeps, in localStorage, how many events of each token were counted on each day and what they brought, and prints the
// report of a day once, at the first answer of a later one:
//
//   report of 2026-05-01: 1207 events, 8450.20 EUR, 120.00 USD
//     abc123  1203  8450.20 EUR  120.00 USD
//     xyz789     4
//
// The numbers survive edits, restarts and crashes. A day is a day in UTC of the server's clock. An answer that comes
// after its day was reported counts for the day that runs; duplicates were counted before, and are left out.

const REMEMBERED = 512; // answers; after a crash, those of the last batch (at most 256) may come again
const UNIT = 100000; // sums are whole numbers of 1/100000: what the server keeps of an amount

const adjustConfig = new AdjustConfig(appToken, environment);

adjustConfig.setEventTrackingSucceededCallbackListener(function (event) {
  if (event.duplicate || !isNew(event.id)) {
    return;
  }
  const last = localStorage.getItem("day") ?? "";
  const today = [dayOf(event), last].sort()[1];
  if (today !== last) {
    report(last);
    localStorage.setItem("day", today);
  }
  count(`${today}/${event.eventToken}`, event.request);
});

Adjust.create(adjustConfig);

function dayOf(event) {
  return /^\d{4}-\d\d-\d\d/.exec(event.timestamp)?.[0] ?? new Date().toISOString().slice(0, 10);
}

function count(key, request) {
  const { revenue, currency } = request;
  const row = JSON.parse(localStorage.getItem(key) ?? '{"events":0,"revenue":{}}');
  row.events += 1;
  if (revenue && currency) {
    row.revenue[currency] = (row.revenue[currency] ?? 0) + Math.round(Number(revenue) * UNIT);
  }
  localStorage.setItem(key, JSON.stringify(row));
}

// report prints a day and forgets it.
function report(day) {
  const keys = Object.keys(localStorage).filter((key) => key.startsWith(`${day}/`)).sort();
  if (!day || keys.length === 0) {
    return;
  }
  const rows = keys.map((key) => ({ token: key.slice(day.length + 1), ...JSON.parse(localStorage.getItem(key) ?? "{}") }));
  const total = { events: 0, revenue: {} };
  for (const row of rows) {
    total.events += row.events;
    for (const [currency, sum] of Object.entries(row.revenue)) {
      total.revenue[currency] = (total.revenue[currency] ?? 0) + sum;
    }
  }
  const tokens = Math.max(...rows.map((row) => row.token.length));
  const digits = String(Math.max(...rows.map((row) => row.events))).length;
  console.log([
    `report of ${day}: ${[`${total.events} events`, ...money(total.revenue)].join(", ")}`,
    ...rows.map((row) => ["", row.token.padEnd(tokens), String(row.events).padStart(digits), ...money(row.revenue)].join("  ")),
  ].join("\n"));
  keys.forEach((key) => localStorage.removeItem(key));
}

function money(revenue) {
  return Object.entries(revenue).sort().map(([currency, sum]) => `${(sum / UNIT).toFixed(2)} ${currency}`);
}

// isNew remembers the ids of the last answers in a ring, so that one that comes again is not counted twice.
function isNew(id) {
  const next = Number(localStorage.getItem("recent/next") ?? 0);
  recent ??= new Map(Array.from({ length: REMEMBERED }, (_, n) => [localStorage.getItem(`recent/${n}`), n]));
  if (recent.has(id)) {
    return false;
  }
  recent.delete(localStorage.getItem(`recent/${next}`));
  recent.set(id, next);
  localStorage.setItem(`recent/${next}`, id);
  localStorage.setItem("recent/next", String((next + 1) % REMEMBERED));
  return true;
}
var recent; // of this version; the ring is what lasts
