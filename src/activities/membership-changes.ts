import type Stripe from 'stripe';
import type { Membership } from '../db/generated/client';
import { Refusal } from '../domain/failure';
import { type Seconds, toDateOrNull } from '../domain/time';
import { expectObject, toActivityFailure } from '../stripe/errors';
import type { ActivityDeps } from './deps';
import { refuse } from './refusal';

/** A request of a person: `requestId` becomes part of Stripe's idempotency key. */
interface Request {
  membershipId: string;
  requestId: string;
}

/** What a change of price or quantity is to be. */
export interface PriceChange extends Request {
  priceId: string;
  quantity: number;
  /** Charge or credit the difference of the running period; otherwise it counts from the next one on. */
  prorate: boolean;
}

/** Activities that change a running subscription at Stripe. What became of it is seen by the look that follows. */
export function createMembershipChangeActivities(deps: ActivityDeps) {
  const { db } = deps;

  async function changeable(membershipId: string): Promise<Membership & { stripeSubscriptionId: string }> {
    const row = await db.membership.findUnique({ where: { id: membershipId } });
    if (row === null) throw refuse(new Refusal('not_found', `There is no membership ${membershipId}.`));
    const { stripeSubscriptionId } = row;
    if (stripeSubscriptionId === null)
      throw refuse(new Refusal('membership_not_subscription', 'This membership is a one-off purchase.'));
    if (row.endedAt !== null) throw refuse(new Refusal('membership_ended', 'This membership has ended.'));
    return { ...row, stripeSubscriptionId };
  }

  async function update(
    input: Request,
    step: string,
    params: (row: Membership, present: Stripe.Subscription) => Promise<Stripe.SubscriptionUpdateParams>,
  ): Promise<Membership> {
    const row = await changeable(input.membershipId);
    const stripe = deps.stripe.of(row.mode);
    const options = { stripeAccount: row.accountId };
    try {
      const present = await stripe.subscriptions.retrieve(row.stripeSubscriptionId, undefined, options);
      const changed = await stripe.subscriptions.update(
        row.stripeSubscriptionId,
        await params(row, expectObject(present, 'subscription')),
        { ...options, idempotencyKey: `${row.id}:${step}:${input.requestId}` },
      );
      expectObject(changed, 'subscription');
      return row;
    } catch (error) {
      throw toActivityFailure(error);
    }
  }

  return {
    /**
     * Stops collecting; invoices of the pause are void. With an end, Stripe resumes by itself.
     * https://docs.stripe.com/billing/subscriptions/pause-payment
     */
    async pauseSubscription(input: Request & { until: Seconds | null }): Promise<void> {
      const row = await update(input, 'pause', () =>
        Promise.resolve({
          pause_collection: {
            behavior: 'void',
            ...(input.until === null ? {} : { resumes_at: input.until }),
          },
        }),
      );
      await db.membership.updateMany({
        where: { id: row.id },
        data: { pauseUntil: toDateOrNull(input.until), revision: { increment: 1 } },
      });
    },

    /**
     * Moves the subscription to another price or quantity of the same product.
     * https://docs.stripe.com/billing/subscriptions/change-price
     */
    async changeSubscriptionPrice(input: PriceChange): Promise<void> {
      const row = await update(input, 'change-price', async (membership, present) => {
        const stripePriceId = await provisionedPrice(membership, input.priceId);
        const item = present.items.data[0];
        if (item === undefined)
          throw refuse(new Refusal('membership_not_subscription', 'The subscription has no item.'));
        return {
          items: [{ id: item.id, price: stripePriceId, quantity: input.quantity }],
          proration_behavior: input.prorate ? 'always_invoice' : 'none',
        };
      });
      await db.membership.updateMany({
        where: { id: row.id },
        data: { priceId: input.priceId, quantity: input.quantity, revision: { increment: 1 } },
      });
    },
  };

  async function provisionedPrice(row: Membership, priceId: string): Promise<string> {
    const provisioning = await db.priceProvisioning.findFirst({
      where: {
        priceId,
        coachId: row.coachId,
        mode: row.mode,
        accountId: row.accountId,
        status: 'provisioned',
        price: { productId: row.productId, model: 'recurring' },
      },
    });
    if (provisioning?.stripePriceId == null)
      throw refuse(
        new Refusal(
          'price_not_active',
          'The price is not a recurring price of this product on this account.',
        ),
      );
    return provisioning.stripePriceId;
  }
}
