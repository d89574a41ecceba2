import type Stripe from 'stripe';
import type { Price, Product } from '../db/generated/client';
import { createOnce } from './create-once';
import { expectObject, isMissing } from './errors';
import { everyPage } from './every-page';
import type { AccountClient } from './facts';

/**
 * Our products and prices on a coach's account. A product's id there is ours, and a price's lookup key is our price's
 * id, so that whatever an answer was lost for can be found again. https://docs.stripe.com/products-prices/manage-prices
 */

type ProductRow = Pick<Product, 'id' | 'name' | 'description' | 'status' | 'updatedAt'>;
type PriceRow = Pick<
  Price,
  | 'id'
  | 'productId'
  | 'model'
  | 'currency'
  | 'unitAmount'
  | 'setupFee'
  | 'minAmount'
  | 'maxAmount'
  | 'suggestedAmount'
  | 'interval'
  | 'intervalCount'
  | 'nickname'
>;

/**
 * The product on the account, created if missing and brought up to date. Returns its id there.
 * @param attemptId the row on whose behalf it is created, for the idempotency key
 */
export async function ensureProduct(
  client: AccountClient,
  attemptId: string,
  product: ProductRow,
): Promise<string> {
  const present = await findProduct(client, product.id);
  if (present !== null) return updateProduct(client, product, present);
  const created = await createOnce({
    rowId: attemptId,
    // An edit between two tries is another request to Stripe, which refuses one key for two.
    step: `product-${product.updatedAt.getTime()}`,
    create: async (idempotencyKey) =>
      expectObject(
        await client.stripe.products.create(
          {
            id: product.id,
            name: product.name,
            ...(product.description ? { description: product.description } : {}),
            metadata: { productId: product.id },
          },
          { stripeAccount: client.accountId, idempotencyKey },
        ),
        'product',
      ),
    lookUp: () => findProduct(client, product.id),
  });
  return updateProduct(client, product, created);
}

/** The product by the id that we chose. Null: not on this account. */
export async function findProduct(client: AccountClient, productId: string): Promise<Stripe.Product | null> {
  try {
    const product = await client.stripe.products.retrieve(productId, undefined, {
      stripeAccount: client.accountId,
    });
    return expectObject(product, 'product');
  } catch (error) {
    if (isMissing(error)) return null;
    throw error;
  }
}

/** Pushes name, description and whether it is on sale, if they differ. */
export async function updateProduct(
  client: AccountClient,
  product: ProductRow,
  present: Stripe.Product,
): Promise<string> {
  const wanted = {
    name: product.name,
    description: product.description ?? '',
    active: product.status === 'active',
  };
  const same = (p: Stripe.Product) =>
    p.name === wanted.name && (p.description ?? '') === wanted.description && p.active === wanted.active;
  if (!same(present)) {
    await createOnce({
      rowId: product.id,
      step: `update-${product.updatedAt.getTime()}-${present.updated}`,
      create: async (idempotencyKey) =>
        expectObject(
          await client.stripe.products.update(present.id, wanted, {
            stripeAccount: client.accountId,
            idempotencyKey,
          }),
          'product',
        ),
      lookUp: async () => {
        const now = await findProduct(client, present.id);
        return now !== null && same(now) ? now : null;
      },
    });
  }
  return present.id;
}

/** Takes the product off sale on the account; one that is not there needs nothing. */
export async function archiveProduct(client: AccountClient, productId: string): Promise<void> {
  const present = await findProduct(client, productId);
  if (present === null || !present.active) return;
  await createOnce({
    rowId: productId,
    step: `archive-${present.updated}`,
    create: async (idempotencyKey) =>
      expectObject(
        await client.stripe.products.update(
          productId,
          { active: false },
          { stripeAccount: client.accountId, idempotencyKey },
        ),
        'product',
      ),
    lookUp: async () => {
      const now = await findProduct(client, productId);
      return now === null || now.active ? null : now;
    },
  });
}

/** Creates the price of one provisioning. Returns its id on the account. */
export async function createPrice(
  client: AccountClient,
  provisioningId: string,
  price: PriceRow,
  stripeProductId: string,
): Promise<string> {
  const created = await createOnce({
    rowId: provisioningId,
    step: 'price',
    create: async (idempotencyKey) =>
      expectObject(
        await client.stripe.prices.create(
          {
            product: stripeProductId,
            currency: price.currency,
            ...amountOf(price),
            ...(price.nickname === null ? {} : { nickname: price.nickname }),
            ...recurringOf(price),
            lookup_key: price.id,
            // An earlier attempt, archived, may still have the key.
            transfer_lookup_key: true,
            metadata: { priceId: price.id, provisioningId },
          },
          { stripeAccount: client.accountId, idempotencyKey },
        ),
        'price',
      ),
    lookUp: () => findPrice(client, provisioningId, price.id),
  });
  return created.id;
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

/** How the setup fee's price is looked up. */
const setupKey = (priceId: string) => `${priceId}:setup`;

/** Creates the one-off price of a setup fee. Returns its id on the account; null: there is no fee. */
export async function createSetupPrice(
  client: AccountClient,
  provisioningId: string,
  price: PriceRow,
  stripeProductId: string,
): Promise<string | null> {
  const { setupFee } = price;
  if (setupFee === null) return null;
  const created = await createOnce({
    rowId: provisioningId,
    step: 'setup-price',
    create: async (idempotencyKey) =>
      expectObject(
        await client.stripe.prices.create(
          {
            product: stripeProductId,
            currency: price.currency,
            unit_amount: setupFee,
            nickname: 'Setup fee',
            lookup_key: setupKey(price.id),
            transfer_lookup_key: true,
            metadata: { priceId: price.id, provisioningId },
          },
          { stripeAccount: client.accountId, idempotencyKey },
        ),
        'price',
      ),
    lookUp: () => findSetupPrice(client, provisioningId, price.id),
  });
  return created.id;
}

/** The setup fee's price of an attempt. Null: none was created. */
export const findSetupPrice = (client: AccountClient, provisioningId: string, priceId: string) =>
  findByKey(client, provisioningId, setupKey(priceId));

function recurringOf(price: PriceRow): Pick<Stripe.PriceCreateParams, 'recurring'> {
  if (price.interval === null) return {};
  const interval = price.interval as Stripe.PriceCreateParams.Recurring.Interval;
  return { recurring: { interval, interval_count: price.intervalCount ?? 1 } };
}

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

/**
 * Pushes what can change of a price, if it differs: whether it is on sale, and the coach's name for it (which Stripe does
 * not let anybody remove: null leaves the last one). Subscriptions on a price that is taken off sale go on.
 * @param attempt names the change for the idempotency key: another change needs another one
 */
export async function updatePrice(
  client: AccountClient,
  attempt: { rowId: string; step: string },
  stripePriceId: string,
  wanted: { active: boolean; nickname?: string | null },
): Promise<void> {
  const { active, nickname } = wanted;
  const read = async () =>
    expectObject(
      await client.stripe.prices.retrieve(stripePriceId, undefined, { stripeAccount: client.accountId }),
      'price',
    );
  const same = (price: Stripe.Price) =>
    price.active === active && (nickname == null || price.nickname === nickname);
  if (same(await read())) return;
  await createOnce({
    ...attempt,
    create: async (idempotencyKey) =>
      expectObject(
        await client.stripe.prices.update(
          stripePriceId,
          { active, ...(nickname == null ? {} : { nickname }) },
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
