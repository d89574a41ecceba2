import type { Db } from '../../db/client';
import type { Prisma } from '../../db/generated/client';
import { costsBeside } from '../../domain/offers-beside';
import { isSoldThrough, LONGEST_SESSION } from '../../domain/sales-window';
import { type Seconds, toDate } from '../../domain/time';
import type { Sellable } from '../catalog/sellable';
import { type Buyer, buyerKeyOf, buyerOf } from './buyer';

/**
 * What a checkout offers beside: of what the coach has named, what is on sale as long as the page may be open, exists on the
 * account, has an amount in the checkout's currency, and is not the buyer's already. The rest is left out: what is offered
 * beside never stands in the way of what is bought.
 */
export async function offeredBeside(
  db: Db,
  { price, connection: { accountId } }: Sellable,
  buyer: Buyer,
  now: Seconds,
): Promise<Prisma.CheckoutItemCreateManyCheckoutInput[]> {
  const { coachId, mode } = price;
  const rows = await db.priceBeside.findMany({
    where: { priceId: price.id, offered: { status: 'active', product: { status: 'active' } } },
    include: {
      offered: {
        include: {
          product: { select: { allowMultiple: true } },
          provisionings: { where: { coachId, mode, accountId, status: 'provisioned' } },
        },
      },
    },
    orderBy: { position: 'asc' },
  });
  const items = rows.flatMap(({ offered, position }) => {
    const stripePriceId = offered.provisionings[0]?.stripePriceId ?? null;
    const unitAmount = costsBeside(offered, price.currency);
    if (stripePriceId === null || unitAmount === null) return [];
    if (!isSoldThrough(offered, { from: now, to: now + LONGEST_SESSION })) return [];
    const { id: priceId, productId, product } = offered;
    return [{ product, item: { priceId, productId, stripePriceId, unitAmount, position } }];
  });
  if (items.length === 0) return [];
  const theirs = await productsOf(
    db,
    { coachId, mode, now },
    buyer,
    items.map(({ item }) => item.productId),
  );
  return items
    .filter(({ product, item }) => product.allowMultiple || !theirs.has(item.productId))
    .map(({ item }) => item);
}

/** Which of some products the buyer has, or has just paid for. */
async function productsOf(
  db: Db,
  { coachId, mode, now }: Pick<Sellable['price'], 'coachId' | 'mode'> & { now: Seconds },
  buyer: Buyer,
  productIds: string[],
): Promise<Set<string>> {
  const these = { coachId, mode, productId: { in: productIds } };
  const bought = buyerOf(buyer);
  const [grants, pending] = await Promise.all([
    db.grant.findMany({
      where: {
        ...these,
        ...('memberId' in bought ? bought : { OR: [{ membership: bought }, { itemOf: bought }] }),
        revoked: false,
        AND: {
          OR: [{ until: null }, { until: { gt: toDate(now) } }, { membership: { endedAt: null } }],
        },
      },
      select: { productId: true },
    }),
    db.checkout.findMany({
      where: { ...these, buyerKey: buyerKeyOf(buyer), status: 'pending' },
      select: { productId: true },
    }),
  ]);
  return new Set([...grants, ...pending].map(({ productId }) => productId));
}
