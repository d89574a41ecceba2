import { type PricingTerms, problemOf } from './pricing';

/**
 * A price in several currencies: one at Stripe, with an amount in each. https://docs.stripe.com/payments/checkout/localize-prices/manual-currency-prices
 */

/** What one unit costs in another currency than the price's own. Minor units. */
export interface CurrencyAmount {
  currency: string;
  unitAmount: number;
}

/** A price as it is stored: its own amount, and those in other currencies as JSON. */
export interface Priced extends CurrencyAmount {
  currencyOptions: unknown;
}

export const MOST_CURRENCIES = 20;

/** The amounts in other currencies, in the coach's order. */
export const optionsOf = ({ currencyOptions }: Pick<Priced, 'currencyOptions'>): CurrencyAmount[] =>
  currencyOptions as CurrencyAmount[];

/** The currencies in which a price is sold, its own first. */
export const currenciesOf = (price: Pick<Priced, 'currency' | 'currencyOptions'>): string[] => [
  price.currency,
  ...optionsOf(price).map(({ currency }) => currency),
];

/** A price seen from one of its currencies, its own being one of the others then; null: it has no amount in that. */
export function soldIn<T extends Priced>(price: T, currency: string): T | null {
  if (currency === price.currency) return price;
  const own = { currency: price.currency, unitAmount: price.unitAmount };
  const all = [own, ...optionsOf(price)];
  const chosen = all.find((each) => each.currency === currency);
  if (chosen === undefined) return null;
  return { ...price, ...chosen, currencyOptions: all.filter((each) => each !== chosen) };
}

/** A price as somebody pays for it whose subscription has a currency; as it is where that is none of its own any more. */
export const paidIn = <T extends Priced>(price: T, currency: string): T => soldIn(price, currency) ?? price;

/** What does not fit: the field of a request, and why, in words for the coach. */
export interface OptionsProblem {
  field: string;
  message: string;
}

/** What is wrong with the amounts in other currencies of a price that can be sold in its own; null: nothing. */
export function problemOfOptions(
  terms: PricingTerms,
  options: readonly CurrencyAmount[],
): OptionsProblem | null {
  if (options.length === 0) return null;
  const whole = (message: string) => ({ field: 'currencyOptions', message });
  if (terms.model !== 'one_off' && terms.model !== 'recurring')
    return whole('Only what is paid once or renews at a fixed amount is sold in several currencies.');
  if (terms.setupFee !== null) return whole('A price with a setup fee is sold in one currency.');
  if (options.length > MOST_CURRENCIES)
    return whole(`A price has at most ${MOST_CURRENCIES} other currencies.`);
  const seen = new Set([terms.currency]);
  for (const [index, { currency, unitAmount }] of options.entries()) {
    const field = `currencyOptions.${index}`;
    if (seen.has(currency))
      return {
        field: `${field}.currency`,
        message: `The price has an amount in ${currency.toUpperCase()} already.`,
      };
    seen.add(currency);
    const problem = problemOf({ ...terms, currency, unitAmount });
    if (problem !== null)
      return {
        field: `${field}.unitAmount`,
        message: `${currency.toUpperCase()}: ${problem.message}`,
      };
  }
  return null;
}
