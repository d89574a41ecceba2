import type { Tx } from '../db/client';
import type { Price } from '../db/generated/client';
import { Refusal } from '../domain/failure';
import type { PricingTerms } from '../domain/pricing';
import type { Connected } from './connected-account';
import type { CoachAuth } from './http/route';

/** What fixes a price. Money in minor units. */
export interface NewPrice extends PricingTerms {
  id: string;
  productId: string;
  nickname: string | null;
  replacesPriceId: string | null;
}

export interface Provisioned {
  price: Price;
  provisioning: { id: string; accountId: string };
}

/**
 * Inserts a price together with its first provisioning on the connected account. A repetition of the request finds both.
 * @throws Refusal `product_archived`
 */
export async function insertPrice(
  tx: Tx,
  auth: CoachAuth,
  connection: Connected,
  provisioningId: string,
  price: NewPrice,
): Promise<Provisioned> {
  const { coachId, mode } = auth;
  const { accountId } = connection;
  // Waits for an archiving under way, and makes one that follows wait.
  await tx.$queryRaw`SELECT 1 FROM product WHERE id = ${price.productId} FOR UPDATE`;
  const provisioning = { id: provisioningId, accountId };
  const present = await tx.price.findFirst({ where: { id: price.id, coachId, mode } });
  if (present !== null) return { price: present, provisioning };
  const product = await tx.product.findFirst({ where: { id: price.productId, coachId, mode } });
  if (product?.status !== 'active') throw new Refusal('product_archived', 'The product is archived.');
  const inserted = await tx.price.create({ data: { ...price, coachId, mode } });
  await tx.priceProvisioning.create({
    data: { id: provisioningId, coachId, mode, priceId: price.id, accountId },
  });
  return { price: inserted, provisioning };
}

/**
 * Gives a price another try on the connected account; one that is pending already is only to be started again.
 * @throws Refusal `price_not_retryable` when there is nothing to try.
 */
export async function insertRetry(
  tx: Tx,
  auth: CoachAuth,
  connection: Connected,
  provisioningId: string,
  priceId: string,
): Promise<Provisioned> {
  const { coachId, mode } = auth;
  const { accountId } = connection;
  await tx.$queryRaw`SELECT 1 FROM price WHERE id = ${priceId} FOR UPDATE`;
  const price = await tx.price.findFirst({
    where: { id: priceId, coachId, mode },
    include: { product: true },
  });
  if (price === null) throw new Refusal('not_found', 'There is no price with this id.');
  if (price.status === 'archived' || price.product.status === 'archived')
    throw new Refusal('price_not_retryable', 'An archived price is not created at Stripe any more.');
  const live = await tx.priceProvisioning.findFirst({
    where: { priceId, mode, accountId, status: { in: ['pending', 'provisioned'] } },
  });
  if (live?.status === 'pending') return { price, provisioning: { id: live.id, accountId } };
  if (live !== null)
    throw new Refusal('price_not_retryable', 'The price exists on the connected Stripe account.');
  await tx.priceProvisioning.create({ data: { id: provisioningId, coachId, mode, priceId, accountId } });
  const updated = await tx.price.update({
    where: { id: priceId },
    data: { status: 'provisioning', failureCode: null, failureMessage: null, revision: { increment: 1 } },
  });
  return { price: updated, provisioning: { id: provisioningId, accountId } };
}
