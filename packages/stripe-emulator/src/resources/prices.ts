import type Stripe from 'stripe';
import type { Checked } from '../http/checked';
import { endpoint, type Endpoint } from '../http/endpoint';
import { invalidRequest } from '../http/errors';
import { mergedMetadata } from '../http/metadata';
import { inRange, page } from '../http/pagination';
import { leastCharge, leastInWords } from '../money';
import { type CurrencyOption, newPrice, newProduct, type Price } from '../objects/catalog';
import type { Space } from '../space';
import { textOf } from './values';

/** What creating a price and `price_data` have in common. */
interface PriceInput {
  currency: string;
  product: string;
  unit_amount?: number | undefined;
  unit_amount_decimal?: unknown;
  recurring?:
    { interval: 'day' | 'week' | 'month' | 'year'; interval_count?: number | undefined } | undefined;
  tax_behavior?: 'exclusive' | 'inclusive' | 'unspecified' | undefined;
  currency_options?: Record<string, OptionParams> | undefined;
}

type OptionParams = Checked<Stripe.PriceCreateParams.CurrencyOptions>;

/** Stores a price after checking amount, currency and interval. Does not announce it. */
export function createPrice(
  space: Space,
  input: PriceInput,
  fill: (price: Price) => void = () => undefined,
): Price {
  if (!/^[a-z]{3}$/i.test(input.currency)) {
    throw invalidRequest(
      `Invalid currency: ${input.currency}. Stripe currently supports these currencies: usd, eur, gbp, …`,
      'currency',
    );
  }
  const price = newPrice({
    currency: input.currency.toLowerCase(),
    product: input.product,
    livemode: space.livemode,
    created: space.now(),
  });
  fill(price);
  const decimal = input.unit_amount_decimal === undefined ? undefined : textOf(input.unit_amount_decimal);
  if (input.unit_amount !== undefined && decimal !== undefined) {
    throw invalidRequest(
      'You may only specify one of these parameters: unit_amount, unit_amount_decimal.',
      'unit_amount',
    );
  }
  const amount = input.unit_amount ?? (decimal === undefined ? undefined : Number(decimal));
  const options = input.currency_options ?? {};
  if (Object.keys(options).length > 0)
    price._emu = { currencyOptions: readOptions(price, options, price.custom_unit_amount !== null) };
  if (price.custom_unit_amount === null) {
    if (amount === undefined) {
      throw invalidRequest(
        'Prices require one of unit_amount, unit_amount_decimal, or custom_unit_amount to be set.',
        'unit_amount',
        'parameter_missing',
      );
    }
    refuseAmount(amount, 'unit_amount');
    price.unit_amount = Number.isInteger(amount) ? amount : null;
    price.unit_amount_decimal = decimal ?? String(amount);
  }
  price.tax_behavior = input.tax_behavior ?? 'unspecified';
  if (input.recurring) {
    const count = input.recurring.interval_count ?? 1;
    const most = { day: 1095, week: 156, month: 36, year: 3 }[input.recurring.interval];
    if (count < 1 || count > most) {
      throw invalidRequest(
        `The maximum number of intervals for interval ${input.recurring.interval} is ${most}.`,
        'recurring[interval_count]',
      );
    }
    price.type = 'recurring';
    price.recurring = {
      interval: input.recurring.interval,
      interval_count: count,
      meter: null,
      usage_type: 'licensed',
    };
  }
  return space.put('price', price);
}

function refuseAmount(amount: number, param: string): void {
  if (amount < 0) throw invalidRequest('Invalid non-negative integer', param, 'parameter_invalid_integer');
  if (amount > 99_999_999)
    throw invalidRequest('Amount must be no more than $999,999.99', param, 'amount_too_large');
}

/** https://docs.stripe.com/api/prices/create#create_price-currency_options. Of tiers and chosen amounts there are none here. */
function readOptions(
  price: Price,
  options: Record<string, OptionParams>,
  isCustom: boolean,
): Record<string, CurrencyOption> {
  const read = Object.entries(options).map(([key, option]) => {
    const currency = key.toLowerCase();
    const path = `currency_options[${key}]`;
    if (!/^[a-z]{3}$/.test(currency)) {
      throw invalidRequest(
        `Invalid currency: ${key}. Stripe currently supports these currencies: usd, eur, gbp, …`,
        'currency_options',
      );
    }
    if (currency === price.currency) {
      throw invalidRequest(
        `The price is in \`${currency}\`: its amount in its own currency is \`unit_amount\`.`,
        path,
      );
    }
    if (isCustom || option.custom_unit_amount !== undefined || option.tiers !== undefined) {
      throw invalidRequest('The emulator has currency options of fixed amounts only.', path);
    }
    const decimal = option.unit_amount_decimal === undefined ? undefined : textOf(option.unit_amount_decimal);
    const amount = option.unit_amount ?? (decimal === undefined ? undefined : Number(decimal));
    if (amount === undefined) {
      throw invalidRequest(
        'Prices require one of unit_amount, unit_amount_decimal, or custom_unit_amount to be set.',
        `${path}[unit_amount]`,
        'parameter_missing',
      );
    }
    refuseAmount(amount, `${path}[unit_amount]`);
    const tax = option.tax_behavior ?? 'unspecified';
    return [
      currency,
      {
        custom_unit_amount: null,
        tax_behavior: tax as CurrencyOption['tax_behavior'],
        unit_amount: Number.isInteger(amount) ? amount : null,
        unit_amount_decimal: decimal ?? String(amount),
      },
    ] as const;
  });
  return Object.fromEntries(read);
}

/** Gives a lookup key to a price; the key's former owner loses it if that is wished, else the request is refused. */
function claimLookupKey(space: Space, key: string, transfer: boolean, taker?: string): void {
  const owner = space.listBy('price', 'lookup_key', key).find(({ id }) => id !== taker);
  if (!owner) return;
  if (!transfer) {
    throw invalidRequest(
      `A price (\`${owner.id}\`) already uses that lookup key.`,
      'lookup_key',
      'resource_already_exists',
    );
  }
  space.change('price', owner.id, 'price.updated', (draft) => (draft.lookup_key = null));
}

/** Pay what you want: https://docs.stripe.com/payments/checkout/pay-what-you-want */
function checkCustomAmount(
  custom: Checked<Stripe.PriceCreateParams.CustomUnitAmount>,
  params: Checked<Stripe.PriceCreateParams>,
): void {
  if (params.recurring !== undefined) {
    throw invalidRequest('`custom_unit_amount` cannot be used with `recurring`.', 'custom_unit_amount');
  }
  if (params.unit_amount !== undefined || params.unit_amount_decimal !== undefined) {
    throw invalidRequest(
      'You may only specify one of these parameters: unit_amount, custom_unit_amount.',
      'custom_unit_amount',
    );
  }
  const { minimum = 0, maximum = Number.POSITIVE_INFINITY, preset } = custom;
  if (minimum < 0 || minimum > maximum) {
    throw invalidRequest('The minimum has to be at most the maximum.', 'custom_unit_amount[minimum]');
  }
  const least = leastCharge(params.currency);
  for (const [name, amount] of [
    ['minimum', custom.minimum],
    ['maximum', custom.maximum],
    ['preset', preset],
  ] as const) {
    // https://docs.stripe.com/api/prices/create#create_price-custom_unit_amount-minimum
    if (amount !== undefined && amount < least) {
      throw invalidRequest(
        `\`custom_unit_amount[${name}]\` must be at least ${leastInWords(params.currency)}`,
        `custom_unit_amount[${name}]`,
        'amount_too_small',
      );
    }
  }
  if (preset !== undefined && (preset < minimum || preset > maximum)) {
    throw invalidRequest(
      'The preset has to be between the minimum and the maximum.',
      'custom_unit_amount[preset]',
    );
  }
}

/** https://docs.stripe.com/api/prices */
export const priceEndpoints: Endpoint[] = [
  endpoint<Stripe.PriceCreateParams>('post /v1/prices', ({ space, params }) => {
    if (params.product === undefined && params.product_data === undefined) {
      throw invalidRequest(
        'You must specify either `product` or `product_data` when creating a price.',
        'product',
        'parameter_missing',
      );
    }
    let productId: string;
    if (params.product !== undefined) {
      productId = space.get('product', params.product, 'product').id;
    } else {
      const data = params.product_data!;
      const product = newProduct({
        ...(data.id ? { id: data.id } : {}),
        name: data.name,
        livemode: space.livemode,
        created: space.now(),
      });
      product.metadata = mergedMetadata({}, data.metadata, 'product_data[metadata]');
      product.active = data.active ?? true;
      space.put('product', product);
      space.emit('product.created', product);
      productId = product.id;
    }
    if (params.lookup_key !== undefined)
      claimLookupKey(space, params.lookup_key, params.transfer_lookup_key ?? false);
    const price = createPrice(space, { ...params, product: productId }, (draft) => {
      draft.active = params.active ?? true;
      draft.lookup_key = params.lookup_key ?? null;
      draft.nickname = params.nickname ?? null;
      draft.metadata = mergedMetadata({}, params.metadata);
      const custom = params.custom_unit_amount;
      if (custom?.enabled) {
        checkCustomAmount(custom, params);
        draft.custom_unit_amount = {
          maximum: custom.maximum ?? null,
          minimum: custom.minimum ?? null,
          preset: custom.preset ?? null,
        };
      }
    });
    space.emit('price.created', price);
    return price;
  }),
  endpoint<Stripe.PriceListParams>('get /v1/prices', ({ space, params, url }) => {
    const prices = space
      .listFor('price', { product: params.product })
      .filter(
        (price) =>
          (params.active === undefined || price.active === params.active) &&
          (params.product === undefined || price.product === params.product) &&
          (params.currency === undefined || price.currency === params.currency) &&
          (params.type === undefined || price.type === params.type) &&
          (params.lookup_keys === undefined ||
            (price.lookup_key !== null && params.lookup_keys.includes(price.lookup_key))) &&
          (params.recurring?.interval === undefined ||
            price.recurring?.interval === params.recurring.interval) &&
          inRange(price.created, params.created),
      );
    return page(prices, params, url);
  }),
  endpoint('get /v1/prices/{price}', ({ space, path }) => space.get('price', path.price ?? '', 'price')),
  endpoint<Stripe.PriceUpdateParams>('post /v1/prices/{price}', ({ space, params, path }) => {
    const { id, tax_behavior: said } = space.get('price', path.price ?? '', 'price');
    if (params.tax_behavior !== undefined && said !== 'unspecified' && params.tax_behavior !== said) {
      throw invalidRequest(
        `The tax behavior of a price cannot be changed once it is \`${said}\`.`,
        'tax_behavior',
      );
    }
    if (params.lookup_key) claimLookupKey(space, params.lookup_key, params.transfer_lookup_key ?? false, id);
    return space.change('price', id, 'price.updated', (draft) => {
      if (params.active !== undefined) draft.active = params.active;
      if (params.lookup_key !== undefined) draft.lookup_key = params.lookup_key;
      if (params.nickname !== undefined) draft.nickname = params.nickname === '' ? null : params.nickname;
      if (params.tax_behavior !== undefined) draft.tax_behavior = params.tax_behavior;
      if (params.currency_options === '') draft._emu = undefined;
      else if (params.currency_options !== undefined) {
        const named = readOptions(draft, params.currency_options, draft.custom_unit_amount !== null);
        draft._emu = { currencyOptions: { ...draft._emu?.currencyOptions, ...named } };
      }
      draft.metadata = mergedMetadata(draft.metadata, params.metadata);
    });
  }),
];
