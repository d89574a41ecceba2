import type { Membership, Price } from '../db/generated/client';
import { INTERVALS } from '../domain/pricing';
import { isAccountInvalid, toActivityFailure } from '../stripe/errors';
import { createSchedule, endAfterLast, type InstallmentPlan, isEnding } from '../stripe/installment-schedule';
import { scheduleOf } from '../stripe/schedule-change';
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
      const plan = planOf(row);
      if (plan === null || row.stripeSubscriptionId === null) return;
      if (row.stripeScheduleId !== null || row.endedAt !== null) return;
      const client = { stripe: deps.stripe.of(row.mode), accountId: row.accountId };
      try {
        const subscription = await wholeSubscription(client, row.stripeSubscriptionId);
        const present = await scheduleOf(client, subscription);
        const now = await deps.clock.now(row.mode, row.accountId);
        const schedule = present ?? (await createSchedule(client, row.id, subscription));
        if (!isEnding(schedule)) await endAfterLast(client, row.id, { subscription, schedule }, plan, now);
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

/** What was bought in installments; null: it was not. */
function planOf({ installmentsDue: due, price }: Membership & { price: Price }): InstallmentPlan | null {
  if (due === null) return null;
  const interval = INTERVALS.find((one) => one === price.interval);
  if (interval === undefined) throw new Error('A price in installments has no interval');
  return { due, interval, intervalCount: price.intervalCount ?? 1 };
}
