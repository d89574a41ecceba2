import { newId } from '../../src/domain/ids';
import { DAY, toDate } from '../../src/domain/time';
import type { Rig } from './rig';
import type { Seller } from './seller';

/** A member who is there already, with a subscription that was paid for. */
export interface Subscriber {
  memberId: string;
  membershipId: string;
  subscriptionId: string;
}

/** How many are enrolled at once. */
const CONCURRENCY = 6;

/**
 * Many members of one price at once: their subscriptions at Stripe, and the rows that a purchase leaves. Their runs
 * begin when somebody needs them.
 */
export async function enrol(
  rig: Rig,
  seller: Seller,
  price: { id: string; productId: string },
  howMany: number,
): Promise<Subscriber[]> {
  const { db } = rig;
  const { coachId, mode, accountId } = seller;
  const { stripePriceId } = await db.priceProvisioning.findFirstOrThrow({
    where: { priceId: price.id, accountId },
  });
  const now = await seller.now();
  const enrolOne = async (): Promise<Subscriber> => {
    const customer = await seller.stripe.customers.create(
      { payment_method: 'pm_card_visa', invoice_settings: { default_payment_method: 'pm_card_visa' } },
      seller.asAccount,
    );
    const subscription = await seller.stripe.subscriptions.create(
      { customer: customer.id, items: [{ price: stripePriceId ?? '' }] },
      seller.asAccount,
    );
    const memberId = newId('member');
    const [checkoutId, membershipId] = [newId('checkout'), newId('membership')];
    const key = { coachId, mode, memberId, productId: price.productId };
    const startsAt = toDate(now);
    await db.member.create({ data: { id: memberId, coachId, mode, externalId: `crowd-${memberId}` } });
    await db.memberProduct.create({ data: key });
    await db.checkout.create({
      data: {
        id: checkoutId,
        ...key,
        accountId,
        priceId: price.id,
        stripePriceId,
        buyerKey: `member:${memberId}`,
        unitAmount: 0,
        currency: 'usd',
        recurring: true,
        status: 'completed',
        successUrl: 'http://localhost/thanks',
        cancelUrl: 'http://localhost/back',
        endedAt: startsAt,
      },
    });
    await db.membership.create({
      data: {
        id: membershipId,
        ...key,
        accountId,
        priceId: price.id,
        checkoutId,
        kind: 'subscription',
        status: 'active',
        reason: 'paid',
        stripeCustomerId: customer.id,
        stripeSubscriptionId: subscription.id,
        stripeStatus: 'active',
        startedAt: startsAt,
        paidThrough: toDate(subscription.items.data[0]?.current_period_end ?? now),
        nextDeadlineAt: toDate(now + 30 * DAY),
        verifiedAt: startsAt,
      },
    });
    await db.grant.create({
      data: {
        id: newId('grant'),
        ...key,
        cause: 'membership',
        membershipId,
        startsAt,
        until: toDate(now + 34 * DAY),
      },
    });
    return { memberId, membershipId, subscriptionId: subscription.id };
  };
  const members: Subscriber[] = [];
  while (members.length < howMany) {
    const few = Math.min(CONCURRENCY, howMany - members.length);
    members.push(...(await Promise.all(Array.from({ length: few }, enrolOne))));
  }
  return members;
}
