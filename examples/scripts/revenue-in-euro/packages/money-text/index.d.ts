/** An amount as text, such as "1,234.50 USD", with as many digits after the point as the currency has (ISO 4217). */
export function formatMoney(amount: number, currency: string): string;
