import type { Db, Tx } from '../db/client';
import type { Prisma } from '../db/generated/client';
import type { Mode } from '../domain/mode';

/** A grant without an end: what was taken beside has one, and it outlives the term of what it was taken with. */
export const LASTING = { revoked: false, until: null } satisfies Prisma.GrantWhereInput;

/** A membership that has not ended, or has and still gives what was taken beside: what becomes of its money matters. */
export const STILL_GIVES = {
  OR: [{ endedAt: null }, { itemGrants: { some: LASTING } }],
} satisfies Prisma.MembershipWhereInput;

/** The prices that are offered beside others, in the coach's order; what is archived is no more. One query for any number. */
export async function offersBesideOf(
  db: Db | Tx,
  priceIds: readonly string[],
): Promise<ReadonlyMap<string, string[]>> {
  const rows = await db.priceBeside.findMany({
    where: { priceId: { in: [...new Set(priceIds)] }, offered: { status: { not: 'archived' } } },
    orderBy: { position: 'asc' },
  });
  const offers = new Map<string, string[]>();
  for (const { priceId, offeredPriceId } of rows)
    offers.set(priceId, [...(offers.get(priceId) ?? []), offeredPriceId]);
  return offers;
}

/** Says anew what is offered beside a price. @param offered prices of the same coach and mode, in order */
export async function setOffersBeside(
  tx: Tx,
  { coachId, mode, priceId }: { coachId: string; mode: Mode; priceId: string },
  offered: readonly string[],
): Promise<void> {
  await tx.priceBeside.deleteMany({ where: { priceId } });
  if (offered.length === 0) return;
  await tx.priceBeside.createMany({
    data: offered.map((offeredPriceId, position) => ({ coachId, mode, priceId, offeredPriceId, position })),
  });
}

/** The products that were taken beside at a checkout. */
export async function takenBesideOf(db: Db | Tx, checkoutId: string): Promise<string[]> {
  const rows = await db.checkoutItem.findMany({
    where: { checkoutId, takenAt: { not: null } },
    select: { productId: true },
  });
  return rows.map(({ productId }) => productId);
}
