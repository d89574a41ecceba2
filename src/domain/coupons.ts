import type { Seconds } from './time';

/**
 * What a coupon and its codes may be, and whether a purchase may use one. The limits are Stripe's: a name of 40 characters, a
 * percentage above 0 up to 100, a code of letters, digits and dashes, nothing of a code beyond what its coupon allows.
 * https://docs.stripe.com/api/coupons/create, https://docs.stripe.com/api/promotion_codes/create
 */
export interface CouponTerms {
  percentOff: number | null;
  /** Minor units. */
  amountOff: number | null;
  currency: string | null;
  duration: 'once' | 'repeating' | 'forever';
  months: number | null;
  maxRedemptions: number | null;
  expiresAt: Seconds | null;
}

/** What is asked of who uses a code. */
export interface CodeTerms {
  firstPurchaseOnly: boolean;
  onePerMember: boolean;
  maxRedemptions: number | null;
  expiresAt: Seconds | null;
  minimumAmount: number | null;
  minimumCurrency: string | null;
}

/** A field that does not fit, and why, in words for the coach. */
export interface CouponProblem {
  field: string;
  message: string;
}

/** Letters, digits and dashes. */
export const CODE = /^[A-Za-z0-9-]+$/;
export const LONGEST_CODE = 64;
export const LONGEST_NAME = 40;
export const MOST_MONTHS = 36;

/** What is wrong with a coupon; null: it can be made. Pure: the API refuses with it, the console shows it. */
export function couponProblem(terms: CouponTerms, now: Seconds): CouponProblem | null {
  const { percentOff, amountOff, currency, duration, months, expiresAt } = terms;
  if ((percentOff === null) === (amountOff === null))
    return { field: 'percentOff', message: 'Say either a percentage or an amount that is taken off.' };
  if (percentOff !== null && !(percentOff > 0 && percentOff <= 100))
    return { field: 'percentOff', message: 'It must be more than 0 and at most 100.' };
  if (percentOff !== null && Math.abs(percentOff * 100 - Math.round(percentOff * 100)) > 1e-9)
    return { field: 'percentOff', message: 'It has two decimals at most.' };
  if (percentOff !== null && currency !== null)
    return { field: 'currency', message: 'A currency goes with an amount only.' };
  if (amountOff !== null && currency === null)
    return { field: 'currency', message: 'Say in which currency the amount is.' };
  if (duration === 'repeating' && months === null)
    return { field: 'months', message: 'Say for how many months it counts.' };
  if (duration !== 'repeating' && months !== null)
    return { field: 'months', message: 'A number of months goes with a coupon for some months only.' };
  if (expiresAt !== null && expiresAt <= now)
    return { field: 'expiresAt', message: 'It must lie in the future.' };
  return null;
}

/** What is wrong with a code of a coupon; null: it can be made. */
export function codeProblem(
  terms: CodeTerms,
  coupon: Pick<CouponTerms, 'maxRedemptions' | 'expiresAt'>,
  now: Seconds,
): CouponProblem | null {
  const { expiresAt, maxRedemptions, minimumAmount, minimumCurrency } = terms;
  if (expiresAt !== null && expiresAt <= now)
    return { field: 'expiresAt', message: 'It must lie in the future.' };
  if (expiresAt !== null && coupon.expiresAt !== null && expiresAt > coupon.expiresAt)
    return { field: 'expiresAt', message: 'It cannot be later than the end of the coupon.' };
  if (maxRedemptions !== null && coupon.maxRedemptions !== null && maxRedemptions > coupon.maxRedemptions)
    return { field: 'maxRedemptions', message: 'It cannot be more than the coupon allows.' };
  if ((minimumAmount === null) !== (minimumCurrency === null))
    return { field: 'minimumCurrency', message: 'A least amount has a currency, and a currency an amount.' };
  return null;
}

/** A code of ours with what counts when somebody brings it to a purchase. */
export interface BroughtCode {
  code: CodeTerms & { status: string; timesRedeemed: number };
  coupon: CouponTerms & { status: string; timesRedeemed: number; accountId: string; productIds: string[] };
  purchase: {
    now: Seconds;
    accountId: string;
    productId: string;
    currency: string;
    /** What is bought, minor units, before anything is taken off. */
    subtotal: number;
    /** Whether we know who buys: a guest is known to nobody before the payment. */
    isMember: boolean;
    /** Whether they have bought something here that had a price. */
    hasBought: boolean;
    /** Their purchases with this code that are paid, or may still be. */
    used: number;
    /** Everybody's. */
    usedByAll: number;
  };
}

export type CodeRefusal =
  | 'not_active'
  | 'expired'
  | 'used_up'
  | 'other_product'
  | 'other_currency'
  | 'below_minimum'
  | 'for_members'
  | 'not_first_purchase'
  | 'used_before'
  | 'not_for_price'
  | 'refused_by_stripe';

/**
 * Why a purchase cannot have a code; null: it can. What Stripe would refuse is refused here first, in words; what Stripe
 * cannot know is decided here: who a guest is, and who has used a code before.
 */
export function codeRefusal({ code, coupon, purchase }: BroughtCode): CodeRefusal | null {
  const { now, used, usedByAll } = purchase;
  if (code.status !== 'active' || coupon.status !== 'active' || coupon.accountId !== purchase.accountId)
    return 'not_active';
  if ([code, coupon].some(({ expiresAt }) => expiresAt !== null && expiresAt <= now)) return 'expired';
  const times = code.onePerMember ? Math.max(usedByAll, code.timesRedeemed) : code.timesRedeemed;
  if (code.maxRedemptions !== null && times >= code.maxRedemptions) return 'used_up';
  if (coupon.maxRedemptions !== null && coupon.timesRedeemed >= coupon.maxRedemptions) return 'used_up';
  if (coupon.productIds.length > 0 && !coupon.productIds.includes(purchase.productId)) return 'other_product';
  const currencies = [coupon.currency, code.minimumCurrency].filter((currency) => currency !== null);
  if (currencies.some((currency) => currency !== purchase.currency)) return 'other_currency';
  if (code.minimumAmount !== null && purchase.subtotal < code.minimumAmount) return 'below_minimum';
  if (code.onePerMember && !purchase.isMember) return 'for_members';
  if (code.onePerMember && used > 0) return 'used_before';
  if (code.firstPurchaseOnly && purchase.hasBought) return 'not_first_purchase';
  return null;
}

/** The coach reads why. */
export const CODE_REFUSALS: Record<CodeRefusal, string> = {
  not_active: 'The code is not valid any more, or not yet.',
  expired: 'The code has expired.',
  used_up: 'The code has been used as often as it may be.',
  other_product: 'The code is for another product.',
  other_currency: 'The code is for another currency.',
  below_minimum: 'The purchase is smaller than the code asks for.',
  for_members: 'The code counts once for each member, and nobody says which member this is.',
  not_first_purchase: 'The code is for a first purchase, and the member has bought before.',
  used_before: 'The member has used the code already, or is about to.',
  not_for_price: 'This price takes no promotion codes.',
  refused_by_stripe: 'Stripe does not take the code for this purchase.',
};

/** Why Stripe did not take a coupon or a code, for the coach: from Stripe's codes, never its message. */
export function explainCouponFailure({
  code,
  statusCode,
}: {
  code: string | null;
  statusCode: number | null;
}): {
  failureCode: string;
  failureMessage: string;
} {
  const outage = statusCode === 429 || (statusCode ?? 0) >= 500 || (statusCode === null && code === null);
  const failureCode = outage ? 'stripe_unavailable' : (code ?? 'stripe_refused');
  const failureMessage =
    MESSAGES[failureCode] ?? `Stripe refused it (${failureCode.replaceAll('_', ' ')}). Make another one.`;
  return { failureCode, failureMessage };
}

const MESSAGES: Record<string, string> = {
  account_invalid:
    'The Stripe account can no longer be reached. Connect it again, then try the coupon again.',
  cancelled: 'The creation was cancelled here. Try the coupon again.',
  coupon_deleted_at_stripe:
    'The coupon was deleted in the Stripe Dashboard, so nobody can use it. Try it again to have it made anew.',
  code_archived_at_stripe: 'The code was switched off in the Stripe Dashboard, so nobody can use it.',
  resource_already_exists: 'The account has an active code of this word already. Choose another word.',
  resource_missing: 'A product of the coupon, or the coupon itself, is not at Stripe any more.',
  stripe_unavailable: 'Stripe could not be reached for hours, so nothing was created. Try the coupon again.',
};
