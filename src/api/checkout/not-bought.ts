import { newId } from '../../domain/ids';
import type { MembershipReason } from '../../domain/membership-reasons';
import type { Mode } from '../../domain/mode';
import { ProblemError } from '../../domain/problem';
import { LASTING } from '../../store/offers-beside';
import type { ApiDeps } from '../deps';
import { owes, payLinkOf } from '../memberships/open-payment';
import { type Buyer, buyerOf } from './buyer';

const NOT_SOLD_HERE: MembershipReason = 'not_sold_here';

/** @throws ProblemError `already_subscribed`, `already_owned`, or `payment_open` with the way to pay it */
export async function expectNotBought(
  deps: ApiDeps,
  { coachId, mode }: { coachId: string; mode: Mode },
  buyer: Buyer,
  { productId, backTo }: { productId: string; backTo: string },
): Promise<void> {
  const { db } = deps;
  const theirs = buyerOf(buyer);
  const memberships = await db.membership.findMany({
    where: {
      coachId,
      mode,
      ...theirs,
      // Its own product, or another one that is among its items, in its bundle, or was taken beside.
      OR: [
        // Moved in Stripe to something else: what was bought is not what is paid for any more.
        { productId, status: { not: 'ended' }, reason: { not: NOT_SOLD_HERE } },
        { status: { not: 'ended' }, itemGrants: { some: { productId, revoked: false } } },
        // What was taken beside outlives the term of what it was taken with.
        { itemGrants: { some: { productId, ...LASTING } } },
      ],
    },
    include: { grants: true, itemGrants: { where: { productId } } },
  });
  for (const membership of memberships) {
    const isItem = membership.productId !== productId;
    if (
      (isItem ? membership.itemGrants : membership.grants).some(
        (grant) => grant.until === null && !grant.revoked,
      )
    )
      throw new ProblemError('already_owned', 'The member owns this product for ever.', {
        membershipId: membership.id,
      });
    if (owes(membership))
      throw new ProblemError(
        'payment_open',
        membership.reason === 'trial_ended_without_card'
          ? 'The member is subscribed; the trial ended without a card, and one has to be given.'
          : 'The member is subscribed; a payment is open, and access comes back when it is made.',
        {
          membershipId: membership.id,
          payUrl: await payLinkOf(deps, membership, { returnUrl: backTo, requestId: newId('checkout') }),
        },
      );
    if (isItem && membership.kind === 'subscription')
      throw new ProblemError(
        'already_subscribed',
        'The member has this product as an item of the subscription to another one.',
        { membershipId: membership.id },
      );
    if (membership.kind === 'subscription')
      throw new ProblemError(
        'already_subscribed',
        membership.status === 'canceling'
          ? 'The member is subscribed; the subscription is cancelled for a date ahead and can be resumed.'
          : 'The member is subscribed to this product.',
        { membershipId: membership.id },
      );
  }
}
