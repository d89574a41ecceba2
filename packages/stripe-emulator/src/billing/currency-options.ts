import { invalidRequest } from '../http/errors';
import type { CurrencyOption, Price } from '../objects/catalog';

/**
 * Prices with amounts in several currencies: https://docs.stripe.com/api/prices/create#create_price-currency_options. What a
 * price object shows as `unit_amount` is always that of its own currency, also on a subscription in another one.
 */

/** The amounts of a price in a currency that it takes. */
export function inCurrency(
  price: Price,
  currency: string,
): Pick<Price, 'unit_amount' | 'unit_amount_decimal'> {
  return price.currency === currency ? price : (price._emu?.currencyOptions[currency] ?? price);
}

/** The currencies that a price takes, its own first. */
export function currenciesOf(price: Price): string[] {
  return [price.currency, ...Object.keys(price._emu?.currencyOptions ?? {})];
}

/** Refuses a price that has no amount in a currency. */
export function refuseWithout(price: Price, currency: string, param: string): void {
  const taken = currenciesOf(price);
  if (taken.includes(currency)) return;
  const named = taken.map((each) => `\`${each}\``).join(', ');
  throw invalidRequest(
    `The price specified only supports ${named}. This doesn't match the expected currency: \`${currency}\`.`,
    param,
  );
}

/**
 * In which currency Checkout shows what it sells, where the request does not say: the payer's own, where every price has it.
 * https://docs.stripe.com/payments/checkout/localize-prices/manual-currency-prices. The emulator takes everybody for somebody
 * from abroad: whoever does not name a currency has not chosen one.
 */
export function currencyAbroad(prices: readonly Price[]): string | undefined {
  const [first, ...others] = prices.map(currenciesOf);
  const shared = (first ?? []).filter((currency) => others.every((taken) => taken.includes(currency)));
  return shared[1] ?? shared[0];
}

/** As `currency_options` shows it, with the price's own currency: only where it is expanded. */
export function shownOptions(price: Price): Record<string, CurrencyOption> {
  const { tax_behavior, unit_amount, unit_amount_decimal } = price;
  const own = { custom_unit_amount: null, tax_behavior, unit_amount, unit_amount_decimal };
  return { [price.currency]: own, ...price._emu?.currencyOptions };
}
