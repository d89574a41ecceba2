import { activityInfo } from '@temporalio/activity';
import Stripe from 'stripe';
import type { Membership } from '../db/generated/client';
import { Refusal } from '../domain/failure';
import type { Seconds } from '../domain/time';
import { expectObject } from '../stripe/errors';
import { onlyItem } from '../stripe/price-preview';
import type { PriceChangeRequest } from '../workflows/messages';
import { changeAccess } from './access-change';
import type { ActivityDeps } from './deps';
import { refuse, toFailure } from './refusal';

/** A request of a person: `requestId` becomes part of Stripe's idempotency key. */
interface Request {
  membershipId: string;
  requestId: string;
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

  /** Changes the subscription, unless `params` finds nothing to change in it. */
  async function update(
    input: Request,
    step: string,
    params: (
      row: Membership,
      present: Stripe.Subscription,
    ) => Promise<Stripe.SubscriptionUpdateParams | null>,
  ): Promise<Membership> {
    const row = await changeable(input.membershipId);
    const stripe = deps.stripe.of(row.mode);
    const options = { stripeAccount: row.accountId };
    let change: Stripe.SubscriptionUpdateParams | null = null;
    try {
      const present = await stripe.subscriptions.retrieve(row.stripeSubscriptionId, undefined, options);
      change = await params(row, expectObject(present, 'subscription'));
      if (change === null) return row;
      const changed = await stripe.subscriptions.update(row.stripeSubscriptionId, change, {
        ...options,
        idempotencyKey: `${row.id}:${step}:${input.requestId}`,
      });
      expectObject(changed, 'subscription');
      return row;
    } catch (error) {
      throw toFailure(change?.payment_behavior !== undefined && isUnpaid(error) ? DECLINED : error);
    }
  }

  return {
    /**
     * Stops collecting; invoices of the pause are void. With an end, Stripe resumes by itself.
     * https://docs.stripe.com/billing/subscriptions/pause-payment
     */
    async pauseSubscription(input: Request & { until: Seconds | null }): Promise<void> {
      await update(input, 'pause', () =>
        Promise.resolve({
          pause_collection: {
            behavior: 'void',
            ...(input.until === null ? {} : { resumes_at: input.until }),
          },
        }),
      );
    },

    /**
     * Moves the subscription to another price or quantity of the same product. Where an earlier try has done so, only
     * the note of it is made good. https://docs.stripe.com/billing/subscriptions/change-price
     */
    async changeSubscriptionPrice(input: PriceChangeRequest & { membershipId: string }): Promise<void> {
      const { priceId, quantity, prorate, prorationDate } = input;
      const row = await update(input, 'change-price', async (membership, present) => {
        const item = onlyItem(present);
        const price =
          membership.priceId === priceId ? item.price.id : await provisionedPrice(membership, priceId);
        if (item.price.id === price && item.quantity === quantity) return null;
        if (prorate) expectSettled(present);
        return {
          items: [{ id: item.id, ...(item.price.id === price ? {} : { price }), quantity }],
          // What is charged now is paid now, or nothing changes: nobody loses what they have for a change that failed.
          ...(prorate
            ? { proration_behavior: 'always_invoice', payment_behavior: 'error_if_incomplete' }
            : { proration_behavior: 'none' }),
          ...(prorationDate === undefined ? {} : { proration_date: prorationDate }),
        };
      });
      await noteChange(row, input);
    },
  };

  /** The row and the member's timeline, once. */
  async function noteChange(row: Membership, input: PriceChangeRequest): Promise<void> {
    const { priceId, quantity } = input;
    const { coachId, mode, memberId, productId } = row;
    const now = await deps.clock.now(mode, row.accountId);
    await db.$transaction((tx) =>
      changeAccess(tx, { coachId, mode, memberId, productId }, now, async () => {
        const { count } = await tx.membership.updateMany({
          where: { id: row.id, OR: [{ priceId: { not: priceId } }, { quantity: { not: quantity } }] },
          data: { priceId, quantity, revision: { increment: 1 } },
        });
        if (count === 0) return null;
        return {
          kind: 'price_changed',
          at: now,
          cause: { cause: 'person', causeId: input.priceMoveId ?? null },
          membershipId: row.id,
          checkoutId: row.checkoutId,
          run: activityInfo().workflowExecution ?? null,
          details: {
            fromPriceId: row.priceId,
            fromQuantity: row.quantity,
            toPriceId: priceId,
            toQuantity: quantity,
          },
        };
      }),
    );
  }

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

const DECLINED = new Refusal(
  'payment_declined',
  'The member’s bank did not pay the difference, so nothing has changed.',
);

/** 402: the charge of a change was declined, or the bank wants the member to authenticate it. */
function isUnpaid(error: unknown): boolean {
  return error instanceof Stripe.errors.StripeError && error.statusCode === 402;
}

/**
 * Unused time is credited as if it had been paid for, so a difference is only made of a period that was.
 * https://docs.stripe.com/billing/subscriptions/prorations#unpaid-invoices
 */
function expectSettled({ status, pause_collection: pause }: Stripe.Subscription): void {
  if (pause !== null)
    throw new Refusal('membership_paused', 'While collection is paused nothing is charged or credited.');
  if (status !== 'active' && status !== 'trialing')
    throw new Refusal('membership_payment_due', 'The running period is not paid for.');
}
