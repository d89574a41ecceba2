import { createHash } from 'node:crypto';
import type Stripe from 'stripe';
import type { Price, Product } from '../db/generated/client';
import { createOnce } from './create-once';
import { expectObject, isExisting, isKeyReused, isMissing } from './errors';
import { everyPage } from './every-page';
import type { AccountClient } from './account-client';

/**
 * Our products and prices on a coach's account. A product's id there is ours, and a price's lookup key is our price's
 * id, so that whatever an answer was lost for can be found again. https://docs.stripe.com/products-prices/manage-prices
 */

type ProductRow = Pick<Product, 'id' | 'name' | 'description'>;
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
>;

/**
 * Creates the product on the account under the id that we chose, unless it is there. An edit between two tries is another
 * request to Stripe, which refuses one key for two: the key says what is sent.
 * @param attemptId the row on whose behalf it is created, for the idempotency key
 * @throws the client's error; `resource_already_exists` for an id that was deleted and cannot be used again
 */
export async function createProduct(
  client: AccountClient,
  attemptId: string,
  product: ProductRow,
  stripeProductId: string,
): Promise<Stripe.Product> {
  const params = {
    id: stripeProductId,
    name: product.name,
    ...(product.description ? { description: product.description } : {}),
    metadata: { productId: product.id },
  };
  const lookUp = () => findProduct(client, stripeProductId);
  try {
    return await createOnce({
      rowId: attemptId,
      step: `product-${contentKey(params)}`,
      create: async (idempotencyKey) =>
        expectObject(
          await client.stripe.products.create(params, { stripeAccount: client.accountId, idempotencyKey }),
          'product',
        ),
      lookUp,
    });
  } catch (error) {
    return await orFound(error, lookUp);
  }
}

/** What another try made meanwhile, or made with other words under the same key: it is found, not made twice. */
async function orFound<T>(error: unknown, lookUp: () => Promise<T | null>): Promise<T> {
  const made = isExisting(error) || isKeyReused(error) ? await lookUp() : null;
  if (made === null) throw error;
  return made;
}

/** Names what a request says, so that one key is never used for two. */
const contentKey = (params: unknown) =>
  createHash('sha256').update(JSON.stringify(params)).digest('hex').slice(0, 12);

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

/** Changes what is named of a product, and nothing else: the rest is the coach's own. */
export async function changeProduct(
  client: AccountClient,
  present: Stripe.Product,
  wanted: { name?: string; description?: string; active?: boolean },
): Promise<void> {
  const same = (p: Stripe.Product) =>
    (wanted.name === undefined || p.name === wanted.name) &&
    (wanted.description === undefined || (p.description ?? '') === wanted.description) &&
    (wanted.active === undefined || p.active === wanted.active);
  if (same(present)) return;
  await createOnce({
    rowId: present.id,
    step: `update-${contentKey(wanted)}-${present.updated}-${contentKey(present.active)}`,
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

/** Puts a product on sale on the account or takes it off; one that is not there needs nothing. */
export async function setProductActive(
  client: AccountClient,
  stripeProductId: string,
  active: boolean,
): Promise<void> {
  const present = await findProduct(client, stripeProductId);
  if (present !== null) await changeProduct(client, present, { active });
}

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
  const lookUp = () => findPrice(client, provisioningId, price.id);
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
    lookUp,
  }).catch((error: unknown) => orFound(error, lookUp));
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

/** A price on the account with its product. Null: it was deleted, or its product was. */
export async function findPriceById(
  client: AccountClient,
  stripePriceId: string,
): Promise<{ active: boolean; nickname: string | null; productActive: boolean | null } | null> {
  try {
    const price = expectObject(
      await client.stripe.prices.retrieve(
        stripePriceId,
        { expand: ['product'] },
        { stripeAccount: client.accountId },
      ),
      'price',
    );
    const product = typeof price.product === 'string' || price.product.deleted ? null : price.product;
    return { active: price.active, nickname: price.nickname, productActive: product?.active ?? null };
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
