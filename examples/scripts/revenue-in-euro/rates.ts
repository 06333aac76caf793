// Rates of the European Central Bank, by a public service that needs no key.
const SERVICE = "https://api.frankfurter.dev/v1/latest";
const HOUR = 60 * 60 * 1000;

interface Rates {
  rates: { EUR?: number };
}

const known = new Map<string, { rate: number; until: number }>();

/** What one unit of a currency is in euro. A rate is asked for once an hour. */
export async function euroRate(currency: string): Promise<number> {
  if (currency === "EUR") {
    return 1;
  }
  const kept = known.get(currency);
  if (kept && Date.now() < kept.until) {
    return kept.rate;
  }
  const answer = await fetch(`${SERVICE}?base=${encodeURIComponent(currency)}&symbols=EUR`, { signal: AbortSignal.timeout(2000) });
  if (!answer.ok) {
    throw new Error(`the service answered ${answer.status}`);
  }
  const rate = ((await answer.json()) as Rates).rates?.EUR;
  if (rate === undefined) {
    throw new Error("the service does not know it");
  }
  known.set(currency, { rate, until: Date.now() + HOUR });
  return rate;
}
