import type Stripe from 'stripe';
import type { Seconds } from '../domain/time';
import { changeOnce } from './create-once';
import { expectObject } from './errors';
import { whatIsThere } from './every-page';
import type { AccountClient } from './account-client';
import {
  type PhaseChange,
  phaseParams,
  phasesChanged,
  phasesFrom,
  phasesUntil,
  runningPhaseParams,
} from './schedule-phases';
import { wholeSubscription } from './whole-subscription';

type Schedule = Stripe.SubscriptionSchedule;
type Phase = Stripe.SubscriptionSchedule.Phase;

/**
 * While a Subscription Schedule manages a subscription, Stripe refuses every change of when it ends on the subscription
 * itself ("updating any cancelation behavior directly is not allowed. Please update the schedule instead."), and what a
 * later phase says comes true when it begins. So both are asked of the schedule, with all that the coach planned.
 * Items, pauses, and an end at once are taken by the subscription as ever; assumed of items: were they refused too, the
 * coach would read Stripe's refusal, and nothing would have changed.
 * https://docs.stripe.com/billing/subscriptions/subscription-schedules
 */
export interface Managed {
  subscription: Stripe.Subscription;
  schedule: Schedule;
}

/** The schedule that is over a subscription; null: none is. */
export async function scheduleOf(
  { stripe, accountId }: AccountClient,
  { schedule }: Stripe.Subscription,
): Promise<Schedule | null> {
  if (schedule === null) return null;
  const id = typeof schedule === 'string' ? schedule : schedule.id;
  return expectObject(
    await stripe.subscriptionSchedules.retrieve(id, undefined, { stripeAccount: accountId }),
    'subscription_schedule',
  );
}

/** The subscription with the schedule that manages it; null: none does (any more). */
export async function lookAtManaged(client: AccountClient, subscriptionId: string): Promise<Managed | null> {
  const subscription = await wholeSubscription(client, subscriptionId);
  const schedule = await scheduleOf(client, subscription);
  return schedule?.status === 'active' ? { subscription, schedule } : null;
}

/** The phases of a plan as an update takes them, from the running one on. @param now seconds, UTC, account's clock. */
export function planParams(
  { subscription }: Managed,
  phases: readonly Phase[],
  now: Seconds,
): Stripe.SubscriptionScheduleUpdateParams.Phase[] {
  return phasesFrom(phases, now).map((phase) =>
    phase.start_date <= now ? runningPhaseParams(phase, subscription, now) : phaseParams(phase, now),
  );
}

/** One update of a schedule, made exactly once. Nothing is charged or credited by it. */
export function updateOnce(
  client: AccountClient,
  key: { rowId: string; step: string },
  scheduleId: string,
  params: Stripe.SubscriptionScheduleUpdateParams,
  lookUp: () => Promise<Schedule | null>,
): Promise<Schedule> {
  const { stripe, accountId } = client;
  return changeOnce({
    ...key,
    change: async (idempotencyKey) =>
      expectObject(
        await stripe.subscriptionSchedules.update(
          scheduleId,
          { ...params, proration_behavior: 'none' },
          { stripeAccount: accountId, idempotencyKey },
        ),
        'subscription_schedule',
      ),
    lookUp,
  });
}

/** Where the last phase ends. */
export const lastEnd = ({ phases }: Pick<Schedule, 'phases'>): Seconds => phases.at(-1)?.end_date ?? 0;

/** What a plan was before it was cut short, so that it can be put back. */
export interface PlanBefore {
  scheduleId: string;
  endBehavior: string;
  phases: Phase[];
  /** Where it was cut: seconds, UTC. */
  cutAt: Seconds;
}

/** Where a subscription's present period ends. */
export const periodEndOf = ({ items }: Stripe.Subscription): Seconds =>
  Math.max(...whatIsThere(items).map((item) => item.current_period_end));

/** The plan as it is, to be kept before it is cut at the end of the present period; null when it ends there already. */
export function planToCut({ subscription, schedule }: Managed): PlanBefore | null {
  const cutAt = periodEndOf(subscription);
  if (schedule.end_behavior === 'cancel' && lastEnd(schedule) === cutAt) return null;
  const { id: scheduleId, end_behavior: endBehavior, phases } = schedule;
  return { scheduleId, endBehavior, phases, cutAt };
}

/** Ends the plan, and the subscription with it, at the end of the present period. */
export async function cutPlan(
  client: AccountClient,
  key: { rowId: string; step: string },
  managed: Managed,
  { cutAt }: PlanBefore,
  now: Seconds,
): Promise<void> {
  const { id } = managed.subscription;
  const phases = planParams(managed, phasesUntil(managed.schedule.phases, cutAt), now);
  await updateOnce(client, key, managed.schedule.id, { end_behavior: 'cancel', phases }, async () => {
    const found = (await lookAtManaged(client, id))?.schedule;
    return found?.end_behavior === 'cancel' && lastEnd(found) === cutAt ? found : null;
  });
}

/**
 * Takes the end of a plan back. One that was cut here, and that nobody has changed since, becomes what it was before,
 * with whatever end it had of its own; any other plan goes on to its last phase, and the subscription after it.
 */
export async function continuePlan(
  client: AccountClient,
  key: { rowId: string; step: string },
  managed: Managed,
  before: PlanBefore | null,
  now: Seconds,
): Promise<void> {
  const { schedule, subscription } = managed;
  const isOurs = before !== null && before.scheduleId === schedule.id && before.cutAt === lastEnd(schedule);
  const endBehavior = isOurs ? before.endBehavior : 'release';
  const phases = isOurs ? phasesFrom(before.phases, now) : schedule.phases;
  const end = lastEnd({ phases });
  await updateOnce(
    client,
    key,
    schedule.id,
    { end_behavior: endBehavior, ...(isOurs ? { phases: planParams(managed, phases, now) } : {}) },
    async () => {
      const found = (await lookAtManaged(client, subscription.id))?.schedule;
      return found?.end_behavior === endBehavior && lastEnd(found) === end ? found : null;
    },
  );
}

/** After a change of the subscription's item: the phases ahead, as far as they were planned like the present. */
export async function changePhasesAhead(
  client: AccountClient,
  rowId: string,
  requestId: string,
  { subscriptionId, now, ...change }: PhaseChange & { subscriptionId: string; now: Seconds },
): Promise<void> {
  const managed = await lookAtManaged(client, subscriptionId);
  if (managed === null) return;
  const wanted = planParams(managed, phasesChanged(managed.schedule.phases, change), now);
  const isSo = (one: Managed) =>
    JSON.stringify(planParams(one, one.schedule.phases, now).map(({ items }) => items)) ===
    JSON.stringify(wanted.map(({ items }) => items));
  if (isSo(managed)) return;
  await updateOnce(
    client,
    { rowId, step: `change-plan:${requestId}` },
    managed.schedule.id,
    { phases: wanted },
    async () => {
      const found = await lookAtManaged(client, subscriptionId);
      return found !== null && isSo(found) ? found.schedule : null;
    },
  );
}
