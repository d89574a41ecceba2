import type Stripe from 'stripe';
import { unitAmountOf, productName } from '../billing/lines';
import { currencyAbroad, refuseWithout } from '../billing/currency-options';
import { recurringPrice } from '../billing/recurring-price';
import type { Checked } from '../http/checked';
import { invalidRequest } from '../http/errors';
import { mergedMetadata } from '../http/metadata';
import { newProduct, type Price } from '../objects/catalog';
import { newSessionLine, type SessionLine } from '../objects/checkout-session';
import { createPrice } from '../resources/prices';
import type { Space } from '../space';
import { refuseOptional } from './optional-items';
import { MOST_OF_A_LINE } from './totals';

type Params = Checked<Stripe.Checkout.SessionCreateParams>;

/**
 * What a session sells, and what it offers beside, checked: prices that exist, are active and fit the mode, in one currency.
 */
export function readLines(
  space: Space,
  params: Params,
  mode: 'payment' | 'subscription',
): { lines: SessionLine[]; optional: SessionLine[] } {
  const items = params.line_items ?? [];
  if (items.length === 0) {
    throw invalidRequest('Missing required param: line_items.', 'line_items', 'parameter_missing');
  }
  const prices = items.map((item, index) => {
    const path = `line_items[${index}]`;
    return item.price_data ? inlinePrice(space, item.price_data, path) : priceOf(space, item, path);
  });
  const offered = params.optional_items ?? [];
  const beside = offered.map((item, index) => priceOf(space, item, `optional_items[${index}]`));
  // https://docs.stripe.com/payments/checkout/localize-prices/manual-currency-prices
  refuseMixed(prices, 'line_items');
  refuseMixed([...prices, ...beside], 'optional_items');
  const currency = params.currency?.toLowerCase() ?? currencyAbroad([...prices, ...beside]) ?? '';
  const read = (of: typeof items, by: readonly Price[], name: string) =>
    of.flatMap((item, index) => {
      const price = by[index];
      const place = { path: `${name}[${index}]`, mode, currency };
      return price ? [readLine(space, params, item, price, place)] : [];
    });
  const lines = read(items, prices, 'line_items');
  if (mode === 'subscription' && !lines.some((line) => line.price?.type === 'recurring')) {
    throw invalidRequest(
      'You must provide at least one recurring price in `subscription` mode when using prices.',
      'line_items',
    );
  }
  const optional = read(offered, beside, 'optional_items');
  refuseOptional(lines, optional, mode);
  return { lines, optional };
}

function refuseMixed(prices: readonly Price[], param: string): void {
  if (new Set(prices.map(({ currency }) => currency)).size > 1)
    throw invalidRequest('All line items must have the same currency.', param);
}

function readLine(
  space: Space,
  params: Params,
  item: Checked<Stripe.Checkout.SessionCreateParams.LineItem>,
  price: Price,
  { path, mode, currency }: { path: string; mode: string; currency: string },
): SessionLine {
  refuseWithout(price, currency, `${path}[price]`);
  if (mode === 'payment' && price.type === 'recurring') {
    throw invalidRequest(
      'You specified `payment` mode but passed a recurring price. Either switch to `subscription` mode or use only one-time prices.',
      path,
    );
  }
  if (price.type === 'recurring') recurringPrice(space, price.id, `${path}[price]`);
  const quantity =
    item.quantity ?? (item.adjustable_quantity?.enabled || price.custom_unit_amount ? 1 : undefined);
  if (quantity === undefined) {
    throw invalidRequest(
      `Quantity is required. Add \`quantity\` to \`${path}\``,
      `${path}[quantity]`,
      'parameter_missing',
    );
  }
  if (quantity < 1) {
    throw invalidRequest(
      `Invalid integer: ${quantity}; must be greater than or equal to 1`,
      `${path}[quantity]`,
      'parameter_invalid_integer',
    );
  }
  const custom = price.custom_unit_amount;
  if (custom && ((params.line_items?.length ?? 0) > 1 || quantity > 1)) {
    throw invalidRequest(
      'A price with `custom_unit_amount` can only be sold alone, and with a quantity of 1.',
      path,
    );
  }
  if (custom) refuseBesideCustom(params);
  const unitAmount = custom ? (custom.preset ?? 0) : unitAmountOf(price, currency);
  const line = newSessionLine({
    price,
    quantity,
    description: productName(space, price),
    unitAmount,
    currency,
  });
  const adjustable = item.adjustable_quantity;
  if (adjustable?.enabled) {
    if (custom) {
      throw invalidRequest(
        'A price with `custom_unit_amount` has no adjustable quantity.',
        `${path}[adjustable_quantity]`,
      );
    }
    const least = adjustable.minimum ?? 0;
    const most = adjustable.maximum ?? MOST_OF_A_LINE;
    if (least > most || quantity < least || quantity > most) {
      throw invalidRequest(
        `The quantity has to be between the minimum (${least}) and the maximum (${most}).`,
        `${path}[adjustable_quantity]`,
      );
    }
    line.adjustable_quantity = {
      enabled: true,
      maximum: most,
      minimum: least,
    };
  }
  line.metadata = mergedMetadata({}, item.metadata, `${path}[metadata]`);
  return line;
}

/** What Checkout does not combine with an amount of the payer's choice: https://docs.stripe.com/payments/checkout/pay-what-you-want */
function refuseBesideCustom(params: Params): void {
  for (const name of ['allow_promotion_codes', 'discounts', 'optional_items'] as const) {
    const given = params[name];
    if (given === undefined || given === false || (Array.isArray(given) && given.length === 0)) continue;
    throw invalidRequest(
      `You cannot use \`${name}\` with a price that has \`custom_unit_amount\` set.`,
      name,
    );
  }
}

function priceOf(space: Space, item: { price?: string }, path: string): Price {
  if (item.price === undefined) {
    throw invalidRequest(
      `You must specify either \`price\` or \`price_data\` in \`${path}\`.`,
      `${path}[price]`,
      'parameter_missing',
    );
  }
  const price = space.get('price', item.price, `${path}[price]`);
  if (!price.active) {
    throw invalidRequest(
      'The price specified is inactive. This field only accepts active prices.',
      `${path}[price]`,
      'price_inactive',
    );
  }
  refuseArchived(space, price, `${path}[price]`);
  return price;
}

/**
 * An active price of an archived product is not sold: https://docs.stripe.com/products-prices/manage-prices. The API's sentence, which
 * has no code. (Subscriptions made by API take such a price.)
 */
function refuseArchived(space: Space, price: Price, param: string): void {
  if (space.find('product', price.product)?.active !== false) return;
  throw invalidRequest(
    `Price \`${price.id}\` is not available to be purchased because its product is not active.`,
    param,
  );
}

function inlinePrice(
  space: Space,
  data: Checked<Stripe.Checkout.SessionCreateParams.LineItem.PriceData>,
  path: string,
): Price {
  let product = data.product;
  if (product === undefined) {
    if (!data.product_data) {
      throw invalidRequest(
        'You must specify either `product` or `product_data`.',
        `${path}[price_data][product]`,
        'parameter_missing',
      );
    }
    const created = newProduct({
      name: data.product_data.name,
      livemode: space.livemode,
      created: space.now(),
    });
    created.active = false;
    created.description = data.product_data.description ?? null;
    created.metadata = mergedMetadata({}, data.product_data.metadata);
    product = space.put('product', created).id;
  }
  space.get('product', product, `${path}[price_data][product]`);
  return createPrice(space, { ...data, product });
}
