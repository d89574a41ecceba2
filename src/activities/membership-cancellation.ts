import type Stripe from 'stripe';
import type { Membership } from '../db/generated/client';
import type { Seconds } from '../domain/time';
import { continuePlan, cutPlan, lookAtManaged, type PlanBefore, planToCut } from '../stripe/schedule-change';
import { toFailure } from '../store/activity-failure';
import { changeableMembership } from './changeable-membership';
import type { ActivityDeps } from './deps';
import { endedAtStripe, isOver, subscriptionAtStripe } from './subscription-at-stripe';

/** A request of a person: `requestId` becomes part of Stripe's idempotency key. */
interface Request {
  membershipId: string;
  requestId: string;
}

/** Activities that end a subscription at Stripe, and take that back. */
export function createMembershipCancellationActivities(deps: ActivityDeps) {
  const { db } = deps;

  async function change(
    { membershipId }: Request,
    step: string,
    work: (row: Membership) => Promise<unknown>,
  ): Promise<void> {
    const row = await changeableMembership(db, membershipId);
    try {
      await work(row);
    } catch (error) {
      deps.log.warn({ membershipId, step }, 'Stripe did not take a change');
      throw toFailure(error);
    }
  }

  const keepPlan = (row: Membership, plan: PlanBefore | null) =>
    db.membership.update({
      where: { id: row.id },
      data: { planBefore: plan === null ? null : JSON.stringify(plan) },
    });

  /** Ends at the end of the present period, through the schedule where one manages the subscription. */
  async function cancelAtPeriodEnd(row: Membership, requestId: string): Promise<void> {
    const at = subscriptionAtStripe(deps, row);
    const managed = await lookAtManaged(at.client, at.id);
    if (managed === null) {
      await at.change(
        `cancel:${requestId}`,
        { cancel_at_period_end: true },
        (now) => now.cancel_at_period_end || isOver(now),
      );
      return;
    }
    const plan = planToCut(managed);
    if (plan === null) return;
    // Kept before it is cut: a process that dies in between has lost nothing.
    await keepPlan(row, plan);
    await cutPlan(
      at.client,
      { rowId: row.id, step: `cut-plan:${requestId}` },
      managed,
      plan,
      await nowOf(row),
    );
  }

  async function takeBackEnd(row: Membership, requestId: string, present: Stripe.Subscription) {
    const at = subscriptionAtStripe(deps, row);
    const managed = await lookAtManaged(at.client, at.id);
    if (managed !== null) {
      const before = row.planBefore === null ? null : (JSON.parse(row.planBefore) as PlanBefore);
      const key = { rowId: row.id, step: `continue-plan:${requestId}` };
      await continuePlan(at.client, key, managed, before, await nowOf(row));
      await keepPlan(row, null);
      return;
    }
    await at.change(
      `resume:${requestId}`,
      present.cancel_at_period_end ? { cancel_at_period_end: false } : { cancel_at: '' },
      (now) => !isEnding(now),
    );
  }

  /** The end of a trial that Stripe paused: the cycle begins anew, with the first payment. */
  async function begin(row: Membership, requestId: string): Promise<void> {
    const at = subscriptionAtStripe(deps, row);
    await at.once(
      `begin:${requestId}`,
      (key) => at.client.stripe.subscriptions.resume(at.id, { billing_cycle_anchor: 'now' }, key),
      (now) => now.status !== 'paused',
    );
  }

  const nowOf = ({ mode, accountId }: Membership): Promise<Seconds> => deps.clock.now(mode, accountId);

  return {
    /**
     * Cancels the subscription at Stripe, now or at the end of the paid period.
     * https://docs.stripe.com/billing/subscriptions/cancel
     */
    async cancelSubscription(input: Request & { at: 'now' | 'period_end' }): Promise<void> {
      await change(input, 'cancel', (row) =>
        input.at === 'period_end'
          ? cancelAtPeriodEnd(row, input.requestId)
          : cancelNow(deps, row, input.requestId),
      );
    },

    /**
     * Takes a scheduled cancellation, and a pause, back. What Stripe has paused at the end of a trial, for want of a way
     * to pay, begins with its first payment. https://docs.stripe.com/api/subscriptions/resume
     */
    async resumeSubscription(input: Request): Promise<void> {
      await change(input, 'resume', async (row) => {
        const { requestId } = input;
        const at = subscriptionAtStripe(deps, row);
        const present = await at.look();
        if (isOver(present)) throw endedAtStripe();
        if (present.status === 'paused') return begin(row, requestId);
        if (isEnding(present)) await takeBackEnd(row, requestId, present);
        if (present.pause_collection === null) return;
        await at.change(
          `unpause:${requestId}`,
          { pause_collection: '' },
          (now) => now.pause_collection === null,
        );
      });
    },
  };
}

const isEnding = (subscription: Stripe.Subscription): boolean =>
  subscription.cancel_at_period_end || subscription.cancel_at !== null;

/** Cancels at once; a subscription that is cancelled already stays as it is. A schedule over it ends with it. */
export async function cancelNow(
  deps: ActivityDeps,
  row: Membership,
  requestId: string,
): Promise<Stripe.Subscription> {
  const at = subscriptionAtStripe(deps, row);
  const present = await at.look();
  if (isOver(present)) return present;
  return at.once(
    `cancel:${requestId}`,
    (key) => at.client.stripe.subscriptions.cancel(at.id, undefined, key),
    isOver,
  );
}
