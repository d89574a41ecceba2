import Stripe from 'stripe';
import type { Coupon, PromotionCode } from '../db/generated/client';
import { toSeconds } from '../domain/time';
import type { AccountClient } from './account-client';
import { changeOnce, createOnce } from './create-once';
import { expectObject, isMissing, isRefused } from './errors';
import { everyPage } from './every-page';
import { orFound } from './same-request';

/**
 * Our coupons and promotion codes on a coach's account. A coupon's id there is ours; a code is found by its word and our
 * metadata. https://docs.stripe.com/billing/subscriptions/coupons
 */
export async function createCoupon(
  client: AccountClient,
  coupon: Coupon,
  stripeProductIds: readonly string[],
): Promise<Stripe.Coupon> {
  const params: Stripe.CouponCreateParams = {
    id: coupon.stripeCouponId,
    name: coupon.name,
    duration: coupon.duration,
    ...(coupon.percentOff === null ? {} : { percent_off: coupon.percentOff }),
    ...(coupon.amountOff === null || coupon.currency === null
      ? {}
      : { amount_off: coupon.amountOff, currency: coupon.currency }),
    ...(coupon.months === null ? {} : { duration_in_months: coupon.months }),
    ...(coupon.maxRedemptions === null ? {} : { max_redemptions: coupon.maxRedemptions }),
    ...(coupon.expiresAt === null ? {} : { redeem_by: toSeconds(coupon.expiresAt) }),
    ...(stripeProductIds.length === 0 ? {} : { applies_to: { products: [...stripeProductIds] } }),
    metadata: { couponId: coupon.id },
  };
  const lookUp = () => findCoupon(client, coupon.stripeCouponId);
  try {
    return await createOnce({
      // The id at Stripe is that of the attempt.
      rowId: coupon.stripeCouponId,
      step: 'coupon',
      create: async (idempotencyKey) =>
        expectObject(
          await client.stripe.coupons.create(params, { stripeAccount: client.accountId, idempotencyKey }),
          'coupon',
        ),
      lookUp,
    });
  } catch (error) {
    return await orFound(error, lookUp);
  }
}

/** The coupon by the id that we chose. Null: it is not on this account (any more). */
export async function findCoupon(
  client: AccountClient,
  stripeCouponId: string,
): Promise<Stripe.Coupon | null> {
  try {
    return expectObject(
      await client.stripe.coupons.retrieve(stripeCouponId, undefined, { stripeAccount: client.accountId }),
      'coupon',
    );
  } catch (error) {
    if (isMissing(error)) return null;
    throw error;
  }
}

/** Nobody can use it from now on; who has it keeps it. https://docs.stripe.com/api/coupons/delete */
export async function deleteCoupon(client: AccountClient, stripeCouponId: string): Promise<void> {
  await changeOnce({
    rowId: stripeCouponId,
    step: 'delete',
    change: (idempotencyKey) =>
      client.stripe.coupons.del(stripeCouponId, undefined, {
        stripeAccount: client.accountId,
        idempotencyKey,
      }),
    lookUp: async () =>
      (await findCoupon(client, stripeCouponId)) === null
        ? ({ id: stripeCouponId, object: 'coupon', deleted: true } as Awaited<
            ReturnType<typeof client.stripe.coupons.del>
          >)
        : null,
  });
}

/** Creates the code once. What another try made is found by its word and our id. */
export async function createPromotionCode(
  client: AccountClient,
  code: PromotionCode,
  stripeCouponId: string,
): Promise<Stripe.PromotionCode> {
  const params: Stripe.PromotionCodeCreateParams = {
    promotion: { type: 'coupon', coupon: stripeCouponId },
    code: code.code,
    ...(code.maxRedemptions === null ? {} : { max_redemptions: code.maxRedemptions }),
    ...(code.expiresAt === null ? {} : { expires_at: toSeconds(code.expiresAt) }),
    restrictions: {
      ...(code.firstPurchaseOnly ? { first_time_transaction: true } : {}),
      ...(code.minimumAmount === null || code.minimumCurrency === null
        ? {}
        : { minimum_amount: code.minimumAmount, minimum_amount_currency: code.minimumCurrency }),
    },
    metadata: { promotionCodeId: code.id, couponId: code.couponId },
  };
  const lookUp = () => findPromotionCode(client, code, stripeCouponId);
  try {
    return await createOnce({
      rowId: code.id,
      step: `code-${stripeCouponId}`,
      create: async (idempotencyKey) =>
        expectObject(
          await client.stripe.promotionCodes.create(params, {
            stripeAccount: client.accountId,
            idempotencyKey,
          }),
          'promotion_code',
        ),
      lookUp,
    });
  } catch (error) {
    return await orFound(error, lookUp);
  }
}

/** What was made at Stripe for a code of ours. Null: nothing. */
export async function findPromotionCode(
  client: AccountClient,
  code: Pick<PromotionCode, 'id' | 'code'>,
  stripeCouponId: string,
): Promise<Stripe.PromotionCode | null> {
  const found = await listPromotionCodes(client, stripeCouponId, code.code);
  return found.find(({ metadata }) => metadata?.['promotionCodeId'] === code.id) ?? null;
}

/** The codes of a coupon; of one word, where it is told. https://docs.stripe.com/api/promotion_codes/list */
export function listPromotionCodes(
  client: AccountClient,
  stripeCouponId: string,
  code?: string,
): Promise<Stripe.PromotionCode[]> {
  return everyPage(
    client.stripe.promotionCodes.list(
      { coupon: stripeCouponId, limit: 100, ...(code === undefined ? {} : { code }) },
      { stripeAccount: client.accountId },
    ),
  );
}

/** Nobody can type it from now on. https://docs.stripe.com/api/promotion_codes/update */
export async function archivePromotionCode(client: AccountClient, id: string): Promise<void> {
  const read = async () =>
    expectObject(
      await client.stripe.promotionCodes.retrieve(id, undefined, { stripeAccount: client.accountId }),
      'promotion_code',
    );
  try {
    if (!(await read()).active) return;
    await changeOnce({
      rowId: id,
      step: 'archive',
      change: async (idempotencyKey) =>
        expectObject(
          await client.stripe.promotionCodes.update(
            id,
            { active: false },
            { stripeAccount: client.accountId, idempotencyKey },
          ),
          'promotion_code',
        ),
      lookUp: async () => {
        const present = await read();
        return present.active ? null : present;
      },
    });
  } catch (error) {
    if (!isMissing(error)) throw error;
  }
}

/**
 * Stripe does not take a code or coupon for a session. What it says is documented nowhere but for the codes `coupon_expired`
 * and `promotion_code_…`; the parameter names the discount in any case. https://docs.stripe.com/error-codes
 */
export function isDiscountRefused(error: unknown): boolean {
  if (!isRefused(error) || !(error instanceof Stripe.errors.StripeError)) return false;
  const { code, param } = error;
  return /^(coupon_|promotion_code_)/.test(code ?? '') || param?.startsWith('discounts') === true;
}
