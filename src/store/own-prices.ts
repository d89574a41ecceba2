import type { Db } from '../db/client';
import type { Membership } from '../db/generated/client';
import type { OwnPrices } from '../stripe/item-change';

/** What is stored about the prices of a membership's product on its account. */
export async function readOwnPrices(
  db: Db,
  row: Pick<Membership, 'coachId' | 'mode' | 'accountId' | 'productId' | 'priceId'>,
): Promise<OwnPrices> {
  const { coachId, mode, accountId, productId, priceId } = row;
  const [provisionings, product] = await Promise.all([
    db.priceProvisioning.findMany({
      where: { coachId, mode, accountId, stripePriceId: { not: null }, price: { productId } },
      select: { priceId: true, stripePriceId: true },
    }),
    db.stripeProduct.findFirst({ where: { coachId, mode, accountId, productId } }),
  ]);
  const idsOf = (found: typeof provisionings) =>
    found.flatMap(({ stripePriceId }) => (stripePriceId === null ? [] : [stripePriceId]));
  return {
    present: idsOf(provisionings.filter((one) => one.priceId === priceId)),
    ofProduct: idsOf(provisionings),
    stripeProductId: product?.stripeProductId ?? null,
  };
}

/**
 * Stripe's price for a price of ours that a request names. An item that is on it already, under whichever of its ids at
 * Stripe, stays where it is. Undefined: there is no price to go to on this account.
 */
export async function stripePriceFor(
  db: Db,
  row: Pick<Membership, 'coachId' | 'mode' | 'accountId' | 'productId'>,
  priceId: string,
  presentStripePriceId: string,
): Promise<string | undefined> {
  const { coachId, mode, accountId, productId } = row;
  const found = await db.priceProvisioning.findMany({
    where: { priceId, coachId, mode, accountId, stripePriceId: { not: null } },
    include: { price: { select: { productId: true, model: true } } },
  });
  if (found.some(({ stripePriceId }) => stripePriceId === presentStripePriceId)) return presentStripePriceId;
  const sold = found.find(
    ({ status, price }) =>
      status === 'provisioned' && price.productId === productId && price.model === 'recurring',
  );
  return sold?.stripePriceId ?? undefined;
}
