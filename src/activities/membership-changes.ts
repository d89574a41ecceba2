import { activityInfo } from '@temporalio/activity';
import Stripe from 'stripe';
import type { Membership } from '../db/generated/client';
import { ProblemError } from '../domain/problem';
import type { Seconds } from '../domain/time';
import { changeOf, isChanged, ownItem, updateParams } from '../stripe/item-change';
import { changePhasesAhead } from '../stripe/schedule-change';
import type { PriceChangeRequest } from '../messages/messages';
import { lockAccess } from '../store/access-change';
import { changeableMembership } from './changeable-membership';
import type { ActivityDeps } from './deps';
import { subscriptionAtStripe } from './subscription-at-stripe';
import { readOwnPrices, stripePriceFor } from '../store/own-prices';
import { toFailure } from '../store/activity-failure';

/** A request of a person: `requestId` becomes part of Stripe's idempotency key. */
interface Request {
  membershipId: string;
  requestId: string;
}

/** Activities that change a running subscription at Stripe. What became of it is seen by the look that follows. */
export function createMembershipChangeActivities(deps: ActivityDeps) {
  const { db } = deps;

  return {
    /**
     * Stops collecting; invoices of the pause are void, unless a pause that there is already says otherwise. With an
     * end, Stripe resumes by itself. Also while a schedule manages the subscription: no phase speaks of pauses.
     * https://docs.stripe.com/billing/subscriptions/pause-payment
     */
    async pauseSubscription(input: Request & { until?: Seconds | null }): Promise<void> {
      const at = subscriptionAtStripe(deps, await changeableMembership(db, input.membershipId));
      try {
        const present = (await at.look()).pause_collection;
        const resumesAt = input.until === undefined ? (present?.resumes_at ?? null) : input.until;
        const isPaused = (pause: Stripe.Subscription.PauseCollection | null) =>
          pause !== null && pause.resumes_at === resumesAt;
        if (isPaused(present)) return;
        const params: Stripe.SubscriptionUpdateParams = {
          pause_collection: {
            behavior: present?.behavior ?? 'void',
            ...(resumesAt === null ? {} : { resumes_at: resumesAt }),
          },
        };
        await at.change(`pause:${input.requestId}`, params, (now) => isPaused(now.pause_collection));
      } catch (error) {
        throw toFailure(error);
      }
    },

    /**
     * Moves the membership's item to another price or quantity. What the request does not name stays as Stripe has it,
     * other items too. Where an earlier try has done so, only the note of it is made good.
     * https://docs.stripe.com/billing/subscriptions/change-price
     */
    async changeSubscriptionPrice(input: PriceChangeRequest & { membershipId: string }): Promise<void> {
      const row = await changeableMembership(db, input.membershipId);
      const at = subscriptionAtStripe(deps, row);
      let isCharging = false;
      try {
        const present = await at.look();
        const own = await readOwnPrices(db, row);
        const item = ownItem(present, own);
        const stripePriceId = await namedPrice(row, input.priceId, item.price.id);
        const change = changeOf(item, { stripePriceId, quantity: input.quantity });
        if (change.changes) {
          if (input.prorate) expectSettled(present);
          const params = updateParams(present, change, input);
          isCharging = params.payment_behavior !== undefined;
          await at.change(`change-price:${input.requestId}`, params, (now) =>
            isChanged(ownItem(now, own), change),
          );
        }
        isCharging = false;
        await changePhasesAhead(at.client, row.id, input.requestId, {
          subscriptionId: row.stripeSubscriptionId,
          now: await deps.clock.now(row.mode, row.accountId),
          fromPrices: [...new Set([...own.present, item.price.id])],
          fromQuantity: change.changes ? item.quantity : row.quantity,
          toPrice: input.priceId === undefined ? undefined : change.stripePriceId,
          toQuantity: input.quantity,
        });
        await noteChange(row, input, {
          priceId: input.priceId ?? row.priceId,
          quantity: change.quantity ?? row.quantity,
        });
      } catch (error) {
        throw toFailure(isCharging && isUnpaid(error) ? DECLINED : error);
      }
    },
  };

  /** Stripe's price for the one that is named; undefined: none is. */
  async function namedPrice(row: Membership, priceId: string | undefined, present: string) {
    if (priceId === undefined) return undefined;
    const found = await stripePriceFor(db, row, priceId, present);
    if (found === undefined)
      throw new ProblemError(
        'price_not_active',
        'The price is not a recurring price of this product on this account.',
      );
    return found;
  }

  /** The row and the member's timeline, once. */
  async function noteChange(
    row: Membership,
    input: PriceChangeRequest,
    { priceId, quantity }: { priceId: string; quantity: number },
  ): Promise<void> {
    const { coachId, mode, memberId, productId } = row;
    const now = await deps.clock.now(mode, row.accountId);
    await db.$transaction(async (tx) => {
      const access = await lockAccess(tx, { coachId, mode, memberId, productId }, now);
      const { count } = await tx.membership.updateMany({
        where: { id: row.id, OR: [{ priceId: { not: priceId } }, { quantity: { not: quantity } }] },
        data: { priceId, quantity, revision: { increment: 1 } },
      });
      if (count === 0) return;
      await access.record({
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
      });
    });
  }
}

const DECLINED = new ProblemError(
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
    throw new ProblemError('membership_paused', 'While collection is paused nothing is charged or credited.');
  if (status !== 'active' && status !== 'trialing')
    throw new ProblemError('membership_payment_due', 'The running period is not paid for.');
}
