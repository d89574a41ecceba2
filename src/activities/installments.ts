import type Stripe from 'stripe';
import { type Interval, periodsBetween } from '../domain/pricing';
import type { Seconds } from '../domain/time';
import { createOnce } from '../stripe/create-once';
import { expectObject, isAccountInvalid, toActivityFailure } from '../stripe/errors';
import { whatIsThere } from '../stripe/every-page';
import { planParams } from '../stripe/schedule-change';
import { phasesFrom } from '../stripe/schedule-phases';
import { wholeSubscription } from '../stripe/whole-subscription';
import type { ActivityDeps } from './deps';

/** Activities of a purchase in installments. */
export function createInstallmentActivities(deps: ActivityDeps) {
  const { db } = deps;
  return {
    /**
     * Puts a Subscription Schedule over the subscription, so that Stripe itself stops charging after the last
     * installment: one phase until N intervals after the first payment, then cancel. A schedule begins with the period
     * in which it is made, so one that comes late is that much shorter. Safe to repeat.
     * https://docs.stripe.com/billing/subscriptions/subscription-schedules/use-cases#installment-plans
     */
    async ensureSchedule(input: { membershipId: string }): Promise<void> {
      const row = await db.membership.findUniqueOrThrow({
        where: { id: input.membershipId },
        include: { price: true },
      });
      const { stripeSubscriptionId: subscription, installmentsDue: due } = row;
      if (subscription === null || due === null || row.stripeScheduleId !== null || row.endedAt !== null)
        return;
      const stripe = deps.stripe.of(row.mode);
      const options = { stripeAccount: row.accountId };
      const interval = intervalOf(row.price.interval);
      const intervalCount = row.price.intervalCount ?? 1;
      try {
        const present = await lookAt(stripe, subscription, options);
        const now = await deps.clock.now(row.mode, row.accountId);
        const periodsUntil = (at: Seconds) =>
          periodsBetween(present.subscription.start_date, at, interval, intervalCount);
        const schedule =
          present.schedule ??
          (await createOnce({
            rowId: row.id,
            // It begins with the period that is running: one that was made in an earlier period has released itself by
            // now, and its stored answer is not what is meant.
            step: `schedule-${whatIsThere(present.subscription.items)[0]?.current_period_start ?? 0}`,
            create: async (idempotencyKey) =>
              expectObject(
                await stripe.subscriptionSchedules.create(
                  { from_subscription: subscription },
                  { ...options, idempotencyKey },
                ),
                'subscription_schedule',
              ),
            lookUp: async () => (await lookAt(stripe, subscription, options)).schedule,
          }));
        // What the coach has planned besides stays, up to the last installment.
        const kept = phasesFrom(schedule.phases, now).filter(
          ({ start_date: start }, index) => index === 0 || periodsUntil(start) < due,
        );
        const last = kept.at(-1);
        if (last === undefined) throw new Error('Stripe made a schedule without a phase');
        const past = periodsUntil(last.start_date);
        const phases = planParams({ subscription: present.subscription, schedule }, kept, now);
        const { end_date: _end, ...lastPhase } = phases.at(-1) ?? { items: [] };
        if (!ends(schedule))
          await createOnce({
            rowId: row.id,
            step: `schedule-phases-${schedule.id}-${past}`,
            create: async (idempotencyKey) =>
              expectObject(
                await stripe.subscriptionSchedules.update(
                  schedule.id,
                  {
                    end_behavior: 'cancel',
                    phases: [
                      ...phases.slice(0, -1),
                      {
                        ...lastPhase,
                        duration: { interval, interval_count: intervalCount * Math.max(1, due - past) },
                        proration_behavior: 'none',
                      },
                    ],
                  },
                  { ...options, idempotencyKey },
                ),
                'subscription_schedule',
              ),
            lookUp: async () => {
              const { schedule: now } = await lookAt(stripe, subscription, options);
              return now !== null && ends(now) ? now : null;
            },
          });
        await db.membership.updateMany({
          where: { id: row.id },
          data: { stripeScheduleId: schedule.id, revision: { increment: 1 } },
        });
      } catch (error) {
        // On an account that can no longer be read nothing more can be done; the coach was told when it was cut.
        if (isAccountInvalid(error)) return;
        throw toActivityFailure(error);
      }
    },
  };
}

const ends = (schedule: Stripe.SubscriptionSchedule): boolean => schedule.end_behavior === 'cancel';

/** The subscription and the schedule that is over it. */
async function lookAt(
  stripe: Stripe,
  subscriptionId: string,
  options: { stripeAccount: string },
): Promise<{ subscription: Stripe.Subscription; schedule: Stripe.SubscriptionSchedule | null }> {
  const client = { stripe, accountId: options.stripeAccount };
  const subscription = await wholeSubscription(client, subscriptionId);
  const { schedule } = subscription;
  if (schedule === null) return { subscription, schedule: null };
  const id = typeof schedule === 'string' ? schedule : schedule.id;
  return {
    subscription,
    schedule: expectObject(
      await stripe.subscriptionSchedules.retrieve(id, undefined, options),
      'subscription_schedule',
    ),
  };
}

function intervalOf(interval: string | null): Interval {
  if (interval === 'day' || interval === 'week' || interval === 'month' || interval === 'year')
    return interval;
  throw new Error('A price in installments has no interval');
}
