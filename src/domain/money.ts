/**
 * How many decimals Stripe's minor units stand for. Stripe's own list, which differs from ISO 4217: amounts in ISK and
 * UGX keep two decimals. https://docs.stripe.com/currencies#zero-decimal
 */
const ZERO = new Set('bif clp djf gnf jpy kmf krw mga pyg rwf vnd vuv xaf xof xpf'.split(' '));
const THREE = new Set('bhd jod kwd omr tnd'.split(' '));

/** The number of decimals of a currency's minor unit at Stripe. */
export function decimalsOf(currency: string): 0 | 2 | 3 {
  if (ZERO.has(currency)) return 0;
  return THREE.has(currency) ? 3 : 2;
}

/**
 * An amount as a person reads it: 4900 and `eur` are `€49.00`.
 * @param amount minor units
 * @param language as BCP 47 names it; English unless told
 */
export function formatMoney(amount: number, currency: string, language = 'en'): string {
  const decimals = decimalsOf(currency);
  return new Intl.NumberFormat(language, {
    style: 'currency',
    currency,
    minimumFractionDigits: decimals,
    maximumFractionDigits: decimals,
  }).format(amount / 10 ** decimals);
}

/**
 * What an amount has to be a multiple of: Stripe charges three-decimal currencies in tens of the minor unit, and ISK and
 * UGX in whole units. https://docs.stripe.com/currencies#special-cases
 */
export function stepOf(currency: string): number {
  if (decimalsOf(currency) === 3) return 10;
  return currency === 'isk' || currency === 'ugx' ? 100 : 1;
}

/**
 * An amount as a file for spreadsheets has it: 4900 and `eur` are `49.00`, whatever the language.
 * @param amount minor units
 */
export const plainAmount = (amount: number, currency: string): string =>
  (amount / 10 ** decimalsOf(currency)).toFixed(decimalsOf(currency));
