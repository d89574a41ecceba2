import type Stripe from 'stripe';
import type { Membership } from '../db/generated/client';
import { ProblemError } from '../domain/problem';
import type { Seconds } from '../domain/time';
import { changeOnce } from '../stripe/create-once';
import { expectObject, toActivityFailure } from '../stripe/errors';
import { continuePlan, cutPlan, lookAtManaged, type PlanBefore, planToCut } from '../stripe/schedule-change';
import type { ActivityDeps } from './deps';
import { refuse } from '../store/activity-failure';

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
    const row = await db.membership.findUnique({ where: { id: membershipId } });
    if (row === null) throw refuse(new ProblemError('not_found', `There is no membership ${membershipId}.`));
    if (row.kind !== 'subscription')
      throw refuse(new ProblemError('membership_not_subscription', 'This membership is a one-off purchase.'));
    if (row.endedAt !== null)
      throw refuse(new ProblemError('membership_ended', 'This membership has ended.'));
    try {
      await work(row);
    } catch (error) {
      deps.log.warn({ membershipId, step }, 'Stripe did not take a change');
      throw toActivityFailure(error);
    }
  }

  const keepPlan = (row: Membership, plan: PlanBefore | null) =>
    db.membership.update({
      where: { id: row.id },
      data: { planBefore: plan === null ? null : JSON.stringify(plan) },
    });

  /** Ends at the end of the present period, through the schedule where one manages the subscription. */
  async function cancelAtPeriodEnd(row: Membership, requestId: string): Promise<void> {
    const at = subscriptionOf(deps, row);
    const managed = await lookAtManaged(at.client, at.id);
    if (managed === null) {
      await at.change(
        `cancel:${requestId}`,
        { cancel_at_period_end: true },
        (now) => now.cancel_at_period_end || now.status === 'canceled',
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
    const at = subscriptionOf(deps, row);
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
        const at = subscriptionOf(deps, row);
        const present = await at.look();
        if (present.status === 'paused') return at.resume(requestId);
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

/** A membership's subscription at Stripe: how it is looked at, and how it is changed exactly once. */
function subscriptionOf(deps: ActivityDeps, row: Membership) {
  const id = row.stripeSubscriptionId ?? '';
  const client = { stripe: deps.stripe.of(row.mode), accountId: row.accountId };
  const { subscriptions } = client.stripe;
  const options = { stripeAccount: row.accountId };
  const look = async () => expectObject(await subscriptions.retrieve(id, undefined, options), 'subscription');
  const once = (
    step: string,
    change: (key: Stripe.RequestOptions) => Promise<Stripe.Subscription>,
    isDone: (now: Stripe.Subscription) => boolean,
  ) =>
    changeOnce({
      rowId: row.id,
      step,
      change: async (idempotencyKey) =>
        expectObject(await change({ ...options, idempotencyKey }), 'subscription'),
      lookUp: async () => {
        const now = await look();
        return isDone(now) ? now : null;
      },
    });
  return {
    id,
    client,
    look,
    once,
    change: (
      step: string,
      params: Stripe.SubscriptionUpdateParams,
      isDone: (now: Stripe.Subscription) => boolean,
    ) => once(step, (key) => subscriptions.update(id, params, key), isDone),
    /** The end of a trial that Stripe paused: the cycle begins anew, with the first payment. */
    resume: (requestId: string) =>
      once(
        `begin:${requestId}`,
        (key) => subscriptions.resume(id, { billing_cycle_anchor: 'now' }, key),
        (now) => now.status !== 'paused',
      ),
  };
}

/** Cancels at once; a subscription that is cancelled already stays as it is. A schedule over it ends with it. */
export async function cancelNow(
  deps: ActivityDeps,
  row: Membership,
  requestId: string,
): Promise<Stripe.Subscription> {
  const at = subscriptionOf(deps, row);
  const isOver = ({ status }: Stripe.Subscription) =>
    status === 'canceled' || status === 'incomplete_expired';
  const present = await at.look();
  if (isOver(present)) return present;
  return at.once(
    `cancel:${requestId}`,
    (key) => at.client.stripe.subscriptions.cancel(at.id, undefined, key),
    isOver,
  );
}
