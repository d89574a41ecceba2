import type Stripe from 'stripe';
import type { Product } from '../db/generated/client';
import type { AccountClient } from './account-client';
import { createOnce } from './create-once';
import { expectObject, isMissing, isRefused } from './errors';
import { contentKey, orFound } from './same-request';
import { idOf } from './stripe-values';

/**
 * Our products on a coach's account. A product's id there is ours, so that whatever an answer was lost for can be found
 * again. https://docs.stripe.com/products-prices/manage-prices
 */
type ProductRow = Pick<Product, 'id' | 'name' | 'description' | 'taxCode'>;

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
    ...(product.taxCode === null ? {} : { tax_code: product.taxCode }),
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
  wanted: { name?: string; description?: string; tax_code?: string; active?: boolean },
): Promise<void> {
  const same = (p: Stripe.Product) =>
    (wanted.name === undefined || p.name === wanted.name) &&
    (wanted.description === undefined || (p.description ?? '') === wanted.description) &&
    (wanted.tax_code === undefined || (taxCodeOf(p) ?? '') === wanted.tax_code) &&
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

/** Its tax code; null: the account's own. https://docs.stripe.com/tax/tax-codes */
export const taxCodeOf = ({ tax_code: code }: Stripe.Product): string | null => idOf(code);

/** Whether Stripe has a tax code. They are the same for every account. https://docs.stripe.com/api/tax_codes/retrieve */
export async function isTaxCode({ stripe, accountId }: AccountClient, code: string): Promise<boolean> {
  try {
    await stripe.taxCodes.retrieve(code, undefined, { stripeAccount: accountId });
    return true;
  } catch (error) {
    // A word that is none is refused as invalid, one that could be as missing.
    if (isMissing(error) || isRefused(error)) return false;
    throw error;
  }
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
