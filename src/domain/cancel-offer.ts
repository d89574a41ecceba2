import { DAY, type Seconds } from './time';

/** What a coach may have members offered who are about to cancel. */
export const CANCEL_OFFERS = ['none', 'coupon', 'pause'] as const;

/** Days that an offered pause may last. */
export const PAUSE_DAYS = { least: 7, most: 92, usual: 30 };

export interface OfferChoices {
  cancelOffer: (typeof CANCEL_OFFERS)[number];
  cancelOfferDays: number;
}

/** What decides about a membership. */
export interface OfferedTo {
  kind: 'subscription' | 'one_off';
  /** Why it stands as it does: an offer is for what simply goes on. */
  reason: string;
  hasInstallments: boolean;
  /** They have taken one before. */
  hasTaken: boolean;
  productId: string;
  currency: string;
}

/** The coach's coupon, as it is here. */
export interface OfferedCoupon {
  status: string;
  onConnectedAccount: boolean;
  /** Null: a percentage, which goes with any. */
  currency: string | null;
  /** None: for everything. */
  productIds: readonly string[];
  expiresAt: Seconds | null;
  timesRedeemed: number;
  maxRedemptions: number | null;
}

/**
 * What is offered beside the cancellation of a membership; null: nothing. An offer is made for what is paid for and goes on by itself: not
 * in a trial that costs nothing yet to pause, not where something is owed, not twice. Whether it can be cancelled has nothing to do with it.
 */
export function offerFor(
  choices: OfferChoices,
  membership: OfferedTo,
  coupon: OfferedCoupon | null,
  now: Seconds,
): { kind: 'coupon' } | { kind: 'pause'; until: Seconds } | null {
  const { kind, reason, hasInstallments, hasTaken } = membership;
  if (kind === 'one_off' || hasInstallments || hasTaken) return null;
  if (choices.cancelOffer === 'pause')
    return reason === 'paid' ? { kind: 'pause', until: now + choices.cancelOfferDays * DAY } : null;
  if (choices.cancelOffer !== 'coupon' || coupon === null) return null;
  if (reason !== 'paid' && reason !== 'trial') return null;
  return isGoodFor(coupon, membership, now) ? { kind: 'coupon' } : null;
}

function isGoodFor(coupon: OfferedCoupon, { productId, currency }: OfferedTo, now: Seconds): boolean {
  const { maxRedemptions, expiresAt, productIds } = coupon;
  return (
    coupon.status === 'active' &&
    coupon.onConnectedAccount &&
    (coupon.currency === null || coupon.currency === currency) &&
    (productIds.length === 0 || productIds.includes(productId)) &&
    (expiresAt === null || expiresAt > now) &&
    (maxRedemptions === null || coupon.timesRedeemed < maxRedemptions)
  );
}
