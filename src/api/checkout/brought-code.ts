import type { Db, Tx } from '../../db/client';
import type { Coupon, PromotionCode } from '../../db/generated/client';
import { CODE_REFUSALS, codeRefusal, type CodeRefusal } from '../../domain/coupons';
import type { Mode } from '../../domain/mode';
import { allows } from '../../domain/pricing';
import { ProblemError } from '../../domain/problem';
import { type Seconds, toSecondsOrNull } from '../../domain/time';
import type { OfferedPrice, Sellable } from '../catalog/sellable';
import { type Buyer, buyerOf } from './buyer';

/** A code that a buyer brings, with its coupon. */
export type BroughtCode = PromotionCode & { coupon: Coupon & { products: { productId: string }[] } };

const refusal = (reason: CodeRefusal) =>
  new ProblemError('promotion_code_refused', CODE_REFUSALS[reason], { field: 'promotionCode', reason });

/**
 * The code of a word. Where the buyer's own browser brings it, the price has to take codes; a coach's server may give
 * one for any price that can be made cheaper.
 * @throws ProblemError `promotion_code_refused`
 */
export async function expectCode(
  db: Db,
  { coachId, mode, keyId }: { coachId: string; mode: Mode; keyId: string | null },
  price: OfferedPrice,
  word: string,
): Promise<BroughtCode> {
  const takesCodes = keyId === null ? price.promotionCodes : allows(price.model, 'promotionCodes');
  if (!takesCodes) throw refusal('not_for_price');
  const found = await db.promotionCode.findFirst({
    where: { coachId, mode, status: 'active', code: { equals: word, mode: 'insensitive' } },
    include: { coupon: { include: { products: { select: { productId: true } } } } },
  });
  if (found === null) throw refusal('not_active');
  return found;
}

/** Checkouts with a code that are paid, or may still be. */
const USED = { in: ['opening', 'open', 'pending', 'completed', 'needs_review', 'unverifiable'] as const };

/**
 * Whether a purchase may have a code, under the lock of the code's row: two browsers at once do not get it twice.
 * @throws ProblemError `promotion_code_refused` with the reason
 */
export async function claimCode(
  tx: Tx,
  code: BroughtCode,
  { price, connection }: Sellable,
  { buyer, quantity, now }: { buyer: Buyer; quantity: number; now: Seconds },
): Promise<void> {
  const { coachId, mode, id, coupon } = code;
  await tx.$queryRaw`SELECT 1 FROM promotion_code WHERE id = ${id} FOR UPDATE`;
  const withCode = { coachId, mode, promotionCodeId: id, status: { in: [...USED.in] } };
  const [used, usedByAll, bought] = await Promise.all([
    buyer.kind === 'member' ? tx.checkout.count({ where: { ...withCode, memberId: buyer.memberId } }) : 0,
    code.onePerMember ? tx.checkout.count({ where: withCode }) : 0,
    tx.membership.count({ where: { coachId, mode, ...buyerOf(buyer) } }),
  ]);
  const reason = codeRefusal({
    code: { ...code, expiresAt: toSecondsOrNull(code.expiresAt) },
    coupon: {
      ...coupon,
      expiresAt: toSecondsOrNull(coupon.expiresAt),
      productIds: coupon.products.map(({ productId }) => productId),
    },
    purchase: {
      now,
      accountId: connection.accountId,
      productId: price.productId,
      currency: price.currency,
      subtotal: price.unitAmount * quantity + (price.setupFee ?? 0),
      isMember: buyer.kind === 'member',
      hasBought: bought > 0,
      used,
      usedByAll,
    },
  });
  if (reason !== null) throw refusal(reason);
}
