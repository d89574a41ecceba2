/**
 * How Stripe counts money: integer minor units, whose size depends on the currency.
 * https://docs.stripe.com/currencies#minor-units
 */

const ZERO_DECIMAL = new Set('bif clp djf gnf jpy kmf krw mga pyg rwf vnd vuv xaf xof xpf'.split(' '));
const THREE_DECIMAL = new Set('bhd jod kwd omr tnd'.split(' '));
/** Without minor units in use, but still counted in hundredths by Stripe. */
const WHOLE_HUNDREDS = new Set('isk ugx'.split(' '));

/** How many decimals a currency's amounts have in Stripe's minor units: 0, 2 or 3. */
export function decimalsOf(currency: string): 0 | 2 | 3 {
  if (ZERO_DECIMAL.has(currency)) return 0;
  return THREE_DECIMAL.has(currency) ? 3 : 2;
}

/** The step in which amounts of a currency may be charged, in minor units. */
export function smallestStep(currency: string): number {
  if (THREE_DECIMAL.has(currency)) return 10;
  return WHOLE_HUNDREDS.has(currency) ? 100 : 1;
}
