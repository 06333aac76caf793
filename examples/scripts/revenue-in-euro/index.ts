// Prints what each purchase that was counted is worth in euro:
//
//   abc123: 1,250 JPY = 7.63 EUR, 20.11 EUR since the start
//
// TypeScript, a package of npm, a file beside this one, and an await inside the listener; there is no build step. A
// currency whose rate cannot be had is left out of the sum, and said so.

import { formatMoney } from "money-text";
import { euroRate } from "./rates";

const adjustConfig = new AdjustConfig(appToken, environment);
let sum = 0;

adjustConfig.setEventTrackingSucceededCallbackListener(async (event: AdjustEventSuccess): Promise<void> => {
  const { revenue, currency } = event.request as { revenue?: string; currency?: string };
  if (event.duplicate || !revenue || !currency) {
    return;
  }
  const amount = Number(revenue);
  const paid = formatMoney(amount, currency);
  try {
    const euro = amount * await euroRate(currency);
    sum += euro;
    console.log(`${event.eventToken}: ${paid} = ${formatMoney(euro, "EUR")}, ${formatMoney(sum, "EUR")} since the start`);
  } catch (error) {
    console.warn(`${event.eventToken}: ${paid}, but no rate for ${currency}: ${(error as Error).message}`);
  }
});

Adjust.create(adjustConfig);
