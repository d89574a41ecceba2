import type { Coupon } from '../../db/generated/client';
import { offerFor } from '../../domain/cancel-offer';
import type { Seconds } from '../../domain/time';
import { toDate, toSecondsOrNull } from '../../domain/time';
import type { TimelineKind } from '../../domain/timeline';
import type { ApiDeps } from '../deps';
import type { createMembershipActions } from '../memberships/actions';
import type { SettingsChoices } from '../settings';
import type { Held } from './holdings';

/** What a member who is about to cancel may have instead. */
export type CancelOffer = { kind: 'coupon'; coupon: Coupon } | { kind: 'pause'; until: Seconds };

/** What the coach offers beside the cancellation of a purchase, as it stands; null: nothing. */
export async function readOffer(
  { db, clock }: ApiDeps,
  held: Held,
  settings: SettingsChoices,
): Promise<CancelOffer | null> {
  const { coachId, mode, accountId } = held;
  const { cancelOffer, cancelOfferCouponId: id } = settings;
  if (cancelOffer === 'none') return null;
  const coupon =
    id === null || cancelOffer !== 'coupon'
      ? null
      : await db.coupon.findFirst({ where: { coachId, mode, id }, include: { products: true } });
  const offer = offerFor(
    settings,
    {
      kind: held.kind,
      reason: held.reason,
      hasInstallments: held.installmentsDue !== null,
      hasTaken: held.cancelOfferTakenAt !== null,
      productId: held.productId,
      currency: held.price.currency,
    },
    coupon === null
      ? null
      : {
          ...coupon,
          onConnectedAccount: coupon.accountId === accountId && coupon.atStripe,
          productIds: coupon.products.map(({ productId }) => productId),
          expiresAt: toSecondsOrNull(coupon.expiresAt),
        },
    await clock.now(mode, accountId),
  );
  if (offer === null || offer.kind === 'pause') return offer;
  return coupon === null ? null : { kind: 'coupon', coupon };
}

/** Gives what was offered, and notes it: once, however often the button is pressed. */
export async function takeOffer(
  { db, clock }: ApiDeps,
  actions: ReturnType<typeof createMembershipActions>,
  held: Held,
  offer: CancelOffer,
  requestId: string,
): Promise<void> {
  const { coachId, mode, accountId, memberId, productId, checkoutId, id: membershipId } = held;
  if (offer.kind === 'pause')
    await actions.pause({ coachId, mode }, membershipId, { requestId, until: offer.until });
  else
    await actions.addCoupon({ coachId, mode }, membershipId, {
      requestId,
      stripeCouponId: offer.coupon.stripeCouponId,
    });
  const at = toDate(await clock.now(mode, accountId));
  await db.$transaction(async (tx) => {
    const { count } = await tx.membership.updateMany({
      where: { id: membershipId, cancelOfferTakenAt: null },
      data: { cancelOfferTakenAt: at },
    });
    if (count === 0) return;
    await tx.timelineEntry.create({
      data: {
        ...{ coachId, mode, membershipId, memberId, productId, checkoutId, at },
        kind: 'cancel_offer_taken' satisfies TimelineKind,
        cause: 'person',
        causeId: requestId,
        effect:
          offer.kind === 'pause'
            ? 'The member has taken a pause instead of cancelling, on their page.'
            : 'The member has taken a coupon instead of cancelling, on their page.',
        details: { offer: offer.kind, ...(offer.kind === 'coupon' ? { couponId: offer.coupon.id } : {}) },
      },
    });
  });
}
