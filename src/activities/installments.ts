import type Stripe from 'stripe';
import { createOnce } from '../stripe/create-once';
import { expectObject, isAccountInvalid, toActivityFailure } from '../stripe/errors';
import type { ActivityDeps } from './deps';

/** Activities of a purchase in installments. */
export function createInstallmentActivities(deps: ActivityDeps) {
  const { db } = deps;
  return {
    /**
     * Puts a Subscription Schedule over the subscription, so that Stripe itself stops charging after the last
     * installment: one phase of N intervals from the first payment on, then cancel. Safe to repeat.
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
      try {
        const schedule = await createOnce({
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
          lookUp: () => findSchedule(stripe, subscription, options),
        });
        const [phase] = schedule.phases;
        if (phase === undefined) throw new Error('Stripe made a schedule without a phase');
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
                      duration: {
                        interval: intervalOf(row.price.interval),
                        interval_count: (row.price.intervalCount ?? 1) * due,
                      },
                      proration_behavior: 'none',
                    },
                  ],
                },
                { ...options, idempotencyKey },
              ),
              'subscription_schedule',
            ),
          lookUp: async () => {
            const present = await findSchedule(stripe, subscription, options);
            return present?.end_behavior === 'cancel' ? present : null;
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

async function findSchedule(
  stripe: Stripe,
  subscriptionId: string,
  options: { stripeAccount: string },
): Promise<Stripe.SubscriptionSchedule | null> {
  const subscription = await stripe.subscriptions.retrieve(subscriptionId, undefined, options);
  const schedule = subscription.schedule;
  if (schedule === null) return null;
  const id = typeof schedule === 'string' ? schedule : schedule.id;
  return expectObject(
    await stripe.subscriptionSchedules.retrieve(id, undefined, options),
    'subscription_schedule',
  );
}

function intervalOf(interval: string | null): 'day' | 'week' | 'month' | 'year' {
  if (interval === 'day' || interval === 'week' || interval === 'month' || interval === 'year')
    return interval;
  throw new Error('A price in installments has no interval');
}
