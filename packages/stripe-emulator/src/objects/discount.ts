import { newId, randomToken } from '../ids';
import type { Metadata } from './common';

export type CouponDuration = 'forever' | 'once' | 'repeating';

/** https://docs.stripe.com/api/coupons/object. Which products it is for shows only when `applies_to` is expanded. */
export function newCoupon(input: {
  id: string | undefined;
  duration: CouponDuration;
  livemode: boolean;
  created: number;
}) {
  return {
    id: input.id ?? randomToken(8),
    object: 'coupon' as const,
    amount_off: null as number | null,
    created: input.created,
    currency: null as string | null,
    duration: input.duration,
    duration_in_months: null as number | null,
    livemode: input.livemode,
    max_redemptions: null as number | null,
    metadata: {} as Metadata,
    name: null as string | null,
    percent_off: null as number | null,
    redeem_by: null as number | null,
    times_redeemed: 0,
    valid: true as boolean,
    _emu: { products: [] as string[] },
  };
}

export type Coupon = ReturnType<typeof newCoupon>;

/** https://docs.stripe.com/api/promotion_codes/object */
export function newPromotionCode(input: {
  code: string | undefined;
  coupon: string;
  livemode: boolean;
  created: number;
}) {
  return {
    id: newId('promo'),
    object: 'promotion_code' as const,
    active: true as boolean,
    code: input.code ?? randomToken(8).toUpperCase(),
    created: input.created,
    customer: null as string | null,
    customer_account: null,
    expires_at: null as number | null,
    livemode: input.livemode,
    max_redemptions: null as number | null,
    metadata: {} as Metadata,
    promotion: { coupon: input.coupon, type: 'coupon' as const },
    restrictions: {
      first_time_transaction: false as boolean,
      minimum_amount: null as number | null,
      minimum_amount_currency: null as string | null,
    },
    times_redeemed: 0,
  };
}

export type PromotionCode = ReturnType<typeof newPromotionCode>;

/** https://docs.stripe.com/api/discounts/object. `_emu.coupon` stays when the coupon itself is deleted. */
export function newDiscount(input: {
  coupon: Coupon;
  promotionCode: string | null;
  start: number;
  end: number | null;
}) {
  return {
    id: newId('di'),
    object: 'discount' as const,
    checkout_session: null as string | null,
    customer: null as string | null,
    customer_account: null,
    end: input.end,
    invoice: null as string | null,
    invoice_item: null as string | null,
    promotion_code: input.promotionCode,
    source: { coupon: input.coupon.id as string | null, type: 'coupon' as const },
    start: input.start,
    subscription: null as string | null,
    subscription_item: null as string | null,
    _emu: { coupon: input.coupon },
  };
}

export type Discount = ReturnType<typeof newDiscount>;
