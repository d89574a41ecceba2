import type Stripe from 'stripe';
import type { Price } from '../db/generated/client';
import { optionsOf } from '../domain/currency-options';
import type { AccountClient } from './account-client';
import { createOnce } from './create-once';
import { expectObject, isMissing } from './errors';
import { everyPage } from './every-page';
import { contentKey, orFound } from './same-request';

/**
 * Our prices on a coach's account. A price's lookup key is our price's id, so that whatever an answer was lost for can be
 * found again. https://docs.stripe.com/products-prices/manage-prices
 */
type PriceRow = Pick<
  Price,
  | 'id'
  | 'productId'
  | 'model'
  | 'currency'
  | 'currencyOptions'
  | 'unitAmount'
  | 'setupFee'
  | 'minAmount'
  | 'maxAmount'
  | 'suggestedAmount'
  | 'interval'
  | 'intervalCount'
  | 'taxBehavior'
>;

/**
 * Creates the price of one provisioning, without the coach's name for it: what goes under the key is what can never
 * change, and the name is pushed afterwards. Returns its id on the account.
 */
export async function createPrice(
  client: AccountClient,
  provisioningId: string,
  price: PriceRow,
  stripeProductId: string,
): Promise<string> {
  return create(client, provisioningId, 'price', {
    product: stripeProductId,
    currency: price.currency,
    ...amountOf(price),
    ...otherAmountsOf(price),
    ...recurringOf(price),
    ...taxOf(price),
    lookup_key: price.id,
    // An earlier attempt, archived, may still have the key.
    transfer_lookup_key: true,
    metadata: { priceId: price.id, provisioningId },
  });
}

/** Creates the one-off price of a setup fee. Returns its id on the account; null: there is no fee. */
export async function createSetupPrice(
  client: AccountClient,
  provisioningId: string,
  price: PriceRow,
  stripeProductId: string,
): Promise<string | null> {
  if (price.setupFee === null) return null;
  return create(client, provisioningId, 'setup-price', {
    product: stripeProductId,
    currency: price.currency,
    unit_amount: price.setupFee,
    ...taxOf(price),
    nickname: 'Setup fee',
    lookup_key: setupKey(price.id),
    transfer_lookup_key: true,
    metadata: { priceId: price.id, provisioningId },
  });
}

/** Creates one price of a provisioning, once; what another try made is found by its lookup key. */
async function create(
  client: AccountClient,
  provisioningId: string,
  step: string,
  params: Stripe.PriceCreateParams & { lookup_key: string },
): Promise<string> {
  const lookUp = () => findByKey(client, provisioningId, params.lookup_key);
  try {
    const created = await createOnce({
      rowId: provisioningId,
      step,
      create: async (idempotencyKey) =>
        expectObject(
          await client.stripe.prices.create(params, { stripeAccount: client.accountId, idempotencyKey }),
          'price',
        ),
      lookUp,
    });
    return created.id;
  } catch (error) {
    return (await orFound(error, lookUp)).id;
  }
}

/** A fixed amount, or the range that the buyer may choose from. https://docs.stripe.com/payments/checkout/pay-what-you-want */
function amountOf(price: PriceRow): Pick<Stripe.PriceCreateParams, 'unit_amount' | 'custom_unit_amount'> {
  if (price.model !== 'pay_what_you_want') return { unit_amount: price.unitAmount };
  return {
    custom_unit_amount: {
      enabled: true,
      ...(price.minAmount === null ? {} : { minimum: price.minAmount }),
      ...(price.maxAmount === null ? {} : { maximum: price.maxAmount }),
      ...(price.suggestedAmount === null ? {} : { preset: price.suggestedAmount }),
    },
  };
}

/** https://docs.stripe.com/api/prices/create#create_price-currency_options */
function otherAmountsOf(price: PriceRow): Pick<Stripe.PriceCreateParams, 'currency_options'> {
  const options = optionsOf(price).map(({ currency, unitAmount }) => [
    currency,
    { unit_amount: unitAmount, ...taxOf(price) },
  ]);
  return options.length === 0 ? {} : { currency_options: Object.fromEntries(options) };
}

/** What one unit costs in a currency, minor units; null: nothing, or by tiers. Other currencies are there where they were expanded. */
export function unitAmountIn(price: Stripe.Price, currency: string): number | null {
  if (price.currency === currency) return price.unit_amount;
  return price.currency_options?.[currency]?.unit_amount ?? null;
}

function recurringOf(price: PriceRow): Pick<Stripe.PriceCreateParams, 'recurring'> {
  if (price.interval === null) return {};
  const interval = price.interval as Stripe.PriceCreateParams.Recurring.Interval;
  return { recurring: { interval, interval_count: price.intervalCount ?? 1 } };
}

/** Once said, Stripe never lets it be changed. https://docs.stripe.com/tax/products-prices-tax-codes-tax-behavior */
function taxOf({ taxBehavior }: PriceRow): Pick<Stripe.PriceCreateParams, 'tax_behavior'> {
  return taxBehavior === null ? {} : { tax_behavior: taxBehavior };
}

/** How the setup fee's price is looked up. */
const setupKey = (priceId: string) => `${priceId}:setup`;

/** The setup fee's price of an attempt. Null: none was created. */
export const findSetupPrice = (client: AccountClient, provisioningId: string, priceId: string) =>
  findByKey(client, provisioningId, setupKey(priceId));

/** What an attempt created, by our lookup key and the attempt's id. Null: nothing. */
export const findPrice = (client: AccountClient, provisioningId: string, priceId: string) =>
  findByKey(client, provisioningId, priceId);

async function findByKey(
  client: AccountClient,
  provisioningId: string,
  lookupKey: string,
): Promise<Stripe.Price | null> {
  const found = await everyPage(
    client.stripe.prices.list({ lookup_keys: [lookupKey], limit: 100 }, { stripeAccount: client.accountId }),
  );
  return found.find((price) => price.metadata.provisioningId === provisioningId) ?? null;
}

/** Takes a price off sale that nobody was told of yet. */
export async function archivePrice(
  client: AccountClient,
  rowId: string,
  stripePriceId: string,
): Promise<void> {
  await updatePrice(client, { rowId, step: `archive-${stripePriceId}` }, stripePriceId, { active: false });
}

interface PriceAtStripe {
  active: boolean;
  nickname: string | null;
  productActive: boolean | null;
  /** What one unit costs in a currency, minor units; null: it is not sold in that. */
  costs(currency: string): number | null;
}

/** A price on the account with its product, and what it costs in other currencies. Null: it was deleted, or its product was. */
export async function findPriceById(
  client: AccountClient,
  stripePriceId: string,
): Promise<PriceAtStripe | null> {
  try {
    const price = expectObject(
      await client.stripe.prices.retrieve(
        stripePriceId,
        { expand: ['product', 'currency_options'] },
        { stripeAccount: client.accountId },
      ),
      'price',
    );
    const product = typeof price.product === 'string' || price.product.deleted ? null : price.product;
    return {
      active: price.active,
      nickname: price.nickname,
      productActive: product?.active ?? null,
      costs: (currency) => unitAmountIn(price, currency),
    };
  } catch (error) {
    if (isMissing(error)) return null;
    throw error;
  }
}

/**
 * Pushes what can change of a price, if it differs: whether it is on sale, and the coach's name for it (which Stripe does
 * not let anybody remove: null leaves the last one). Subscriptions on a price that is taken off sale go on.
 * @param attempt names the change for the idempotency key: another change needs another one
 */
export async function updatePrice(
  client: AccountClient,
  attempt: { rowId: string; step: string },
  stripePriceId: string,
  wanted: { active?: boolean; nickname?: string | null },
): Promise<void> {
  const { active, nickname } = wanted;
  const read = async () =>
    expectObject(
      await client.stripe.prices.retrieve(stripePriceId, undefined, { stripeAccount: client.accountId }),
      'price',
    );
  const same = (price: Stripe.Price) =>
    (active === undefined || price.active === active) && (nickname == null || price.nickname === nickname);
  if (same(await read())) return;
  await createOnce({
    rowId: attempt.rowId,
    step: `${attempt.step}-${contentKey(wanted)}`,
    create: async (idempotencyKey) =>
      expectObject(
        await client.stripe.prices.update(
          stripePriceId,
          { ...(active === undefined ? {} : { active }), ...(nickname == null ? {} : { nickname }) },
          { stripeAccount: client.accountId, idempotencyKey },
        ),
        'price',
      ),
    lookUp: async () => {
      const price = await read();
      return same(price) ? price : null;
    },
  });
}
