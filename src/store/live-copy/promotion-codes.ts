import type { Db, Tx } from '../../db/client';
import { newId } from '../../domain/ids';
import { decideCode } from '../../domain/live-copy';
import { couponsInLive, expectLiveCoupon, isOver } from './coupons';
import { type CopiedKind, madeOrNot, twinsOf } from './kind';

/** The words by which buyers use a coupon. */
export const promotionCodes: CopiedKind = {
  kind: 'promotion_code',

  async compare(db, context) {
    const { coachId, accountId, now, only } = context;
    const rows = await db.promotionCode.findMany({
      where: { coachId, mode: 'test', ...(only === undefined ? {} : { id: only }) },
      orderBy: [{ createdAt: 'asc' }, { id: 'asc' }],
    });
    if (rows.length === 0) return [];
    const twins = await twinsOf(db, coachId, 'promotion_code', only === undefined ? undefined : [only]);
    const [there, taken, couponOf] = await Promise.all([
      db.promotionCode.findMany({
        where: { coachId, mode: 'live', id: { in: [...twins.values()].map(({ liveId }) => liveId) } },
      }),
      wordsInLive(db, coachId, only === undefined ? null : rows.map(({ code }) => code)),
      couponsInLive(
        db,
        context,
        rows.map(({ couponId }) => couponId),
      ),
    ]);
    return rows.map((row) => {
      const live = there.find(({ id }) => id === twins.get(row.id)?.liveId) ?? null;
      return {
        kind: 'promotion_code' as const,
        testId: row.id,
        liveId: live?.id ?? null,
        name: row.code,
        productName: null,
        note: null,
        changes: [],
        price: null,
        ...decideCode({
          test: row.status,
          live: live?.status ?? null,
          isSwitchedOffAtStripe: live?.failureCode === 'code_archived_at_stripe',
          isExpired: isOver(row.expiresAt, now),
          coupon: couponOf.get(row.couponId) ?? 'missing',
          isLiveConnected: accountId !== null,
          isTaken: taken.has(row.code.toLowerCase()),
        }),
      };
    });
  },

  async carry(tx, { coachId }, { testId }) {
    const test = await tx.promotionCode.findUniqueOrThrow({ where: { id: testId } });
    const coupon = await expectLiveCoupon(tx, coachId, test.couponId);
    const id = newId('promotionCode');
    const { code, firstPurchaseOnly, onePerMember, maxRedemptions, expiresAt } = test;
    await tx.promotionCode.create({
      data: {
        ...{ id, coachId, mode: 'live', accountId: coupon.accountId, couponId: coupon.id },
        ...{ code, firstPurchaseOnly, onePerMember, maxRedemptions, expiresAt },
        minimumAmount: test.minimumAmount,
        minimumCurrency: test.minimumCurrency,
      },
    });
    return { liveId: id, copied: {}, isBeingMade: true };
  },

  async settle(db, liveIds) {
    const rows = await db.promotionCode.findMany({
      where: { id: { in: liveIds } },
      include: { coupon: true },
    });
    // One of a coupon that could not be made is as little there as that is.
    const isOpen = ({ status, coupon }: (typeof rows)[number]) =>
      status === 'pending' && coupon.status !== 'failed';
    const ended = rows.filter((row) => !isOpen(row));
    return {
      outcomes: new Map(ended.map((row) => [row.id, madeOrNot(row.status === 'pending' ? row.coupon : row)])),
      couponIds: rows.filter(isOpen).map(({ couponId }) => couponId),
    };
  },
};

/** The words of live mode that count, in small letters. @param only these words; null: all of them */
async function wordsInLive(db: Db | Tx, coachId: string, only: string[] | null): Promise<Set<string>> {
  const rows = await db.promotionCode.findMany({
    where: {
      coachId,
      mode: 'live',
      status: { in: ['pending', 'active'] },
      ...(only === null ? {} : { code: { in: only, mode: 'insensitive' } }),
    },
    select: { code: true },
  });
  return new Set(rows.map(({ code }) => code.toLowerCase()));
}
