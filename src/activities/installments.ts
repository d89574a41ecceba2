import type Stripe from 'stripe';
import { type Interval, periodsBetween } from '../domain/pricing';
import type { Seconds } from '../domain/time';
import { createOnce } from '../stripe/create-once';
import { expectObject, isAccountInvalid, toActivityFailure } from '../stripe/errors';
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
        const schedule =
          present.schedule ??
          (await createOnce({
            rowId: row.id,
            step: 'schedule',
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
        const [phase] = schedule.phases;
        if (phase === undefined) throw new Error('Stripe made a schedule without a phase');
        const past = periodsBetween(present.startedAt, phase.start_date, interval, intervalCount);
        if (!ends(schedule))
          await createOnce({
            rowId: row.id,
            step: 'schedule-phases',
            create: async (idempotencyKey) =>
              expectObject(
                await stripe.subscriptionSchedules.update(
                  schedule.id,
                  {
                    end_behavior: 'cancel',
                    phases: [
                      {
                        items: phase.items.map((item) => ({
                          price: typeof item.price === 'string' ? item.price : item.price.id,
                          quantity: item.quantity ?? 1,
                        })),
                        ...keptOf(phase),
                        start_date: phase.start_date,
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

/** What the subscription has of its own stays: a phase that does not name it would take it away. */
function keptOf(
  phase: Stripe.SubscriptionSchedule.Phase,
): Partial<Stripe.SubscriptionScheduleUpdateParams.Phase> {
  const { default_payment_method: method, default_tax_rates: rates, automatic_tax: tax } = phase;
  return {
    ...(method == null ? {} : { default_payment_method: typeof method === 'string' ? method : method.id }),
    ...(rates == null || rates.length === 0 ? {} : { default_tax_rates: rates.map(({ id }) => id) }),
    ...(tax?.enabled === true ? { automatic_tax: { enabled: true } } : {}),
  };
}

const ends = (schedule: Stripe.SubscriptionSchedule): boolean => schedule.end_behavior === 'cancel';

/** The subscription's beginning (seconds, UTC) and the schedule that is over it. */
async function lookAt(
  stripe: Stripe,
  subscriptionId: string,
  options: { stripeAccount: string },
): Promise<{ startedAt: Seconds; schedule: Stripe.SubscriptionSchedule | null }> {
  const found = await stripe.subscriptions.retrieve(subscriptionId, undefined, options);
  const { start_date: startedAt, schedule } = expectObject(found, 'subscription');
  if (schedule === null) return { startedAt, schedule: null };
  const id = typeof schedule === 'string' ? schedule : schedule.id;
  return {
    startedAt,
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
