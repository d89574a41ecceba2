import type { Tx } from '../db/client';
import { newId } from '../domain/ids';
import type { SessionFacts } from '../domain/stripe-facts';
import { insertHints } from './hints';
import type { PaidCheckout } from './paid-checkout';

/**
 * Which coupon of ours a completed checkout was paid with, and what it took off, as Stripe's session says: typed there, or
 * brought. How often the coupon was used in all is Stripe's to say; a hint has it asked.
 */
export async function recordRedemption(tx: Tx, row: PaidCheckout, session: SessionFacts): Promise<void> {
  const [given] = session.discounts;
  if (given === undefined && row.couponId === null) return;
  const { coachId, mode, accountId } = row;
  const code =
    given?.promotionCodeId == null
      ? null
      : await tx.promotionCode.findFirst({
          where: { coachId, mode, accountId, stripePromotionCodeId: given.promotionCodeId },
        });
  const coupon =
    code === null && given?.couponId != null
      ? await tx.coupon.findFirst({ where: { coachId, mode, accountId, stripeCouponId: given.couponId } })
      : null;
  const couponId = code?.couponId ?? coupon?.id ?? null;
  // Of a code that counts once for each member Stripe knows the coupon only.
  const brought = couponId !== null && row.couponId === couponId ? row.promotionCodeId : null;
  await tx.checkout.update({
    where: { id: row.id },
    data: { couponId, promotionCodeId: code?.id ?? brought, discountAmount: session.amountDiscount },
  });
  if (couponId === null) return;
  await insertHints(tx, [
    {
      mode,
      accountId,
      type: 'internal.redeemed',
      eventId: newId('hint'),
      target: { kind: 'coupon', id: couponId },
    },
  ]);
}
