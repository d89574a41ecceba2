import type { Tx } from '../db/client';
import type { Coupon } from '../db/generated/client';

/**
 * Has a coupon made at Stripe once more, on an account, with its codes: under another id, so that an attempt that is over is never
 * taken for this one. Nothing, if somebody else has changed it since it was read.
 */
export async function makeCouponAnew(
  tx: Tx,
  { id, revision }: Pick<Coupon, 'id' | 'revision'>,
  at: { accountId: string; stripeCouponId: string },
): Promise<void> {
  const again = {
    accountId: at.accountId,
    status: 'pending',
    failureCode: null,
    failureMessage: null,
    atStripe: false,
  } as const;
  const taken = await tx.coupon.updateMany({
    where: { id, revision },
    data: { ...again, stripeCouponId: at.stripeCouponId, timesRedeemed: 0, revision: { increment: 1 } },
  });
  if (taken.count === 1)
    await tx.promotionCode.updateMany({
      where: { couponId: id, status: { in: ['failed', 'active'] } },
      data: { ...again, stripePromotionCodeId: null },
    });
}
