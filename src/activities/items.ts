import type { Db } from '../db/client';
import type { Membership } from '../db/generated/client';
import type { MembershipItem } from '../domain/items';
import type { SubscriptionFacts } from '../domain/stripe-facts';

type Of = Pick<Membership, 'coachId' | 'mode' | 'accountId'>;

/** What a subscription's items are here: by our prices on this account, else by our product at Stripe. */
export async function resolveItems(
  db: Db,
  { coachId, mode, accountId }: Of,
  { items }: SubscriptionFacts,
): Promise<MembershipItem[]> {
  const where = { coachId, mode, accountId };
  const [prices, products] = await Promise.all([
    db.priceProvisioning.findMany({
      where: { ...where, stripePriceId: { in: items.map(({ stripePriceId }) => stripePriceId) } },
      select: { priceId: true, stripePriceId: true, price: { select: { productId: true } } },
    }),
    db.stripeProduct.findMany({
      where: { ...where, stripeProductId: { in: items.map(({ stripeProductId }) => stripeProductId) } },
      select: { productId: true, stripeProductId: true },
    }),
  ]);
  return items.map(({ id, stripePriceId, stripeProductId, quantity, periodEnd }) => {
    const price = prices.find((each) => each.stripePriceId === stripePriceId);
    const product = products.find((each) => each.stripeProductId === stripeProductId);
    return {
      itemId: id,
      stripePriceId,
      stripeProductId,
      priceId: price?.priceId ?? null,
      productId: price?.price.productId ?? product?.productId ?? null,
      quantity,
      periodEnd,
    };
  });
}
