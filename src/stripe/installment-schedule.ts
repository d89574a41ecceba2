import type Stripe from 'stripe';
import { type Interval, periodsBetween } from '../domain/pricing';
import type { Seconds } from '../domain/time';
import type { AccountClient } from './account-client';
import { createOnce } from './create-once';
import { expectObject } from './errors';
import { whatIsThere } from './every-page';
import { type Managed, planParams, scheduleOf } from './schedule-change';
import { phasesFrom } from './schedule-phases';
import { wholeSubscription } from './whole-subscription';

type Schedule = Stripe.SubscriptionSchedule;

/** How many installments there are, and how far they are apart. */
export interface InstallmentPlan {
  due: number;
  interval: Interval;
  intervalCount: number;
}

/** Stripe itself stops charging when the schedule is through. */
export const isEnding = (schedule: Schedule): boolean => schedule.end_behavior === 'cancel';

/** Puts a schedule over the subscription, once. It begins with the period that is running. */
export function createSchedule(
  client: AccountClient,
  rowId: string,
  subscription: Stripe.Subscription,
): Promise<Schedule> {
  const { stripe, accountId } = client;
  return createOnce({
    rowId,
    // One that was made in an earlier period has released itself by now, and its stored answer is not what is meant.
    step: `schedule-${whatIsThere(subscription.items)[0]?.current_period_start ?? 0}`,
    create: async (idempotencyKey) =>
      expectObject(
        await stripe.subscriptionSchedules.create(
          { from_subscription: subscription.id },
          { stripeAccount: accountId, idempotencyKey },
        ),
        'subscription_schedule',
      ),
    lookUp: () => presentSchedule(client, subscription.id),
  });
}

/**
 * Has the schedule end, and the subscription with it, after the last installment. What the coach has planned besides stays
 * up to then.
 * @param now seconds, UTC, on the account's clock
 */
export async function endAfterLast(
  client: AccountClient,
  rowId: string,
  managed: Managed,
  plan: InstallmentPlan,
  now: Seconds,
): Promise<void> {
  const { stripe, accountId } = client;
  const { schedule, subscription } = managed;
  const { phases, past } = phasesToLast(managed, plan, now);
  await createOnce({
    rowId,
    step: `schedule-phases-${schedule.id}-${past}`,
    create: async (idempotencyKey) =>
      expectObject(
        await stripe.subscriptionSchedules.update(
          schedule.id,
          { end_behavior: 'cancel', phases },
          { stripeAccount: accountId, idempotencyKey },
        ),
        'subscription_schedule',
      ),
    lookUp: async () => {
      const found = await presentSchedule(client, subscription.id);
      return found !== null && isEnding(found) ? found : null;
    },
  });
}

/** The phases up to the last installment, and how many installments are due before the last of them begins. */
function phasesToLast(
  managed: Managed,
  { due, interval, intervalCount }: InstallmentPlan,
  now: Seconds,
): { phases: Stripe.SubscriptionScheduleUpdateParams.Phase[]; past: number } {
  const dueBefore = (at: Seconds) =>
    periodsBetween(managed.subscription.start_date, at, interval, intervalCount);
  const kept = phasesFrom(managed.schedule.phases, now).filter(
    ({ start_date: start }, index) => index === 0 || dueBefore(start) < due,
  );
  const last = kept.at(-1);
  if (last === undefined) throw new Error('Stripe made a schedule without a phase');
  const past = dueBefore(last.start_date);
  const phases = planParams(managed, kept, now);
  const { end_date: _end, ...lastPhase } = phases.at(-1) ?? { items: [] };
  return {
    past,
    phases: [
      ...phases.slice(0, -1),
      {
        ...lastPhase,
        duration: { interval, interval_count: intervalCount * Math.max(1, due - past) },
        proration_behavior: 'none',
      },
    ],
  };
}

async function presentSchedule(client: AccountClient, subscriptionId: string): Promise<Schedule | null> {
  return scheduleOf(client, await wholeSubscription(client, subscriptionId));
}
