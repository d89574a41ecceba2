import type { Db, Tx } from '../../db/client';
import { newId } from '../../domain/ids';
import { decideCoupon } from '../../domain/live-copy';
import { ProblemError } from '../../domain/problem';
import { makeCouponAnew } from '../coupon-anew';
import { type Compared, type CopiedKind, type CopyContext, madeOrNot, twinsOf } from './kind';
import { liveProductsOf } from './products';

const withProducts = { products: { select: { productId: true } } } as const;

/**
 * Coupons, as they were made: nobody changes what one takes off. Who has used one in test mode, and how often, stays there. At
 * Stripe one is limited to products that are there, so prices come first.
 */
export const coupons: CopiedKind = {
  kind: 'coupon',
  after: 'price',

  async compare(db, { coachId, accountId, now, only }) {
    const rows = await db.coupon.findMany({
      where: { coachId, mode: 'test', ...(only === undefined ? {} : { id: only }) },
      include: withProducts,
      orderBy: [{ createdAt: 'asc' }, { id: 'asc' }],
    });
    const twins = await twinsOf(db, coachId, 'coupon', only === undefined ? undefined : [only]);
    const there = await db.coupon.findMany({
      where: { coachId, mode: 'live', id: { in: [...twins.values()].map(({ liveId }) => liveId) } },
    });
    const named = [...new Set(rows.flatMap(({ products }) => products.map(({ productId }) => productId)))];
    const [productTwins, onSale] = await Promise.all([
      twinsOf(db, coachId, 'product', named),
      db.product.findMany({
        where: { coachId, mode: 'test', status: 'active', id: { in: named } },
        select: { id: true },
      }),
    ]);
    const copied = new Set([...productTwins.keys(), ...onSale.map(({ id }) => id)]);
    return rows.map((row) => {
      const live = there.find(({ id }) => id === twins.get(row.id)?.liveId) ?? null;
      return {
        kind: 'coupon' as const,
        testId: row.id,
        liveId: live?.id ?? null,
        name: row.name,
        productName: null,
        note: null,
        changes: [],
        price: null,
        ...decideCoupon({
          test: row.status,
          live: live?.status ?? null,
          isDeletedAtStripe: live?.failureCode === 'coupon_deleted_at_stripe',
          isExpired: isOver(row.expiresAt, now),
          areProductsCopied: row.products.every(({ productId }) => copied.has(productId)),
          isLiveConnected: accountId !== null,
        }),
      };
    });
  },

  async carry(tx, { coachId, accountId }, { testId, liveId }) {
    if (accountId === null)
      throw new ProblemError('not_connected', 'No Stripe account is connected in live mode.');
    const at = { accountId, stripeCouponId: newId('coupon') };
    const made = { copied: {}, isBeingMade: true };
    if (liveId !== null) {
      await makeCouponAnew(tx, await tx.coupon.findUniqueOrThrow({ where: { id: liveId } }), at);
      return { liveId, ...made };
    }
    const test = await tx.coupon.findUniqueOrThrow({ where: { id: testId }, include: withProducts });
    const { name, percentOff, amountOff, currency, duration, months, maxRedemptions, expiresAt } = test;
    const terms = { name, percentOff, amountOff, currency, duration, months, maxRedemptions, expiresAt };
    const productIds = await liveProductsOf(
      tx,
      coachId,
      test.products.map(({ productId }) => productId),
    );
    const id = at.stripeCouponId;
    await tx.coupon.create({
      data: {
        ...{ id, coachId, mode: 'live', ...at },
        ...terms,
        products: { create: productIds.map((productId) => ({ productId })) },
      },
    });
    return { liveId: id, ...made };
  },

  async settle(db, liveIds) {
    const rows = await db.coupon.findMany({ where: { id: { in: liveIds } } });
    const isOpen = ({ status }: (typeof rows)[number]) => status === 'pending';
    const ended = rows.filter((row) => !isOpen(row));
    return {
      outcomes: new Map(ended.map((row) => [row.id, madeOrNot(row)])),
      couponIds: rows.filter(isOpen).map(({ id }) => id),
    };
  },
};

/** Whether something is over by then. @param now seconds, UTC */
export const isOver = (expiresAt: Date | null, now: number) =>
  expiresAt !== null && expiresAt.getTime() <= now * 1000;

/** Where the coupons of test mode are in live mode, by their ids in test mode. `comes`: with the copying, anew or once more. */
export async function couponsInLive(
  db: Db | Tx,
  context: CopyContext,
  ids: readonly string[],
): Promise<Map<string, 'there' | 'comes' | 'missing'>> {
  const { only: _one, ...whole } = context;
  const [onlyId] = ids;
  const found = await coupons.compare(
    db,
    ids.length === 1 && onlyId !== undefined ? { ...whole, only: onlyId } : whole,
  );
  const usable = await db.coupon.findMany({
    where: {
      mode: 'live',
      id: { in: found.flatMap(({ liveId }) => liveId ?? []) },
      status: { in: ['pending', 'active'] },
      accountId: context.accountId ?? '',
    },
    select: { id: true },
  });
  const isUsable = new Set(usable.map(({ id }) => id));
  return new Map(found.map((one) => [one.testId, placeOf(one, isUsable)]));
}

function placeOf({ action, liveId }: Compared, isUsable: ReadonlySet<string>) {
  if (action === 'new' || action === 'change') return 'comes' as const;
  return liveId !== null && isUsable.has(liveId) ? ('there' as const) : ('missing' as const);
}

/**
 * A coupon as it is in live mode, kept from being archived for as long as the transaction.
 * @throws ProblemError `coupon_not_active` where it could not be copied
 */
export async function expectLiveCoupon(
  tx: Tx,
  coachId: string,
  testId: string,
): Promise<{ id: string; accountId: string }> {
  const twin = (await twinsOf(tx, coachId, 'coupon', [testId])).get(testId);
  const [row] = await tx.$queryRaw<{ id: string; accountId: string; status: string }[]>`
    SELECT id, account_id AS "accountId", status::text AS status FROM coupon
    WHERE mode = 'live' AND id = ${twin?.liveId ?? ''} FOR UPDATE`;
  if (row === undefined || row.status === 'archived')
    throw new ProblemError('coupon_not_active', 'Its coupon could not be copied.');
  return row;
}
