import { invalidRequest } from '../http/errors';
import type { Subscription } from '../objects/subscription';
import type { Phase, SubscriptionSchedule } from '../objects/subscription-schedule';
import type { Space } from '../space';
import { endSubscription } from './cancellation';
import { renewSubscription } from './cycle';
import { nextPeriodEnd } from './cycle-times';
import { releaseSchedule } from './schedule-closing';
import { datesOf, duePhase, lastEnd, moveToPhase, planPhases, takeOut, writeSettings } from './schedule-due';
import { endOf } from './schedule-end';
import { startSubscription, unscheduleEnd } from './subscriptions';
import { updateSubscription } from './update-subscription';

/** The time has come for a schedule that was planned for later. */
export function startSchedule(space: Space, id: string): void {
  const before = space.find('subscription_schedule', id);
  if (before?.status !== 'not_started') return;
  begin(space, id);
  space.emitChange('subscription_schedule.updated', before, space.get('subscription_schedule', id));
}

/** A phase is over. A renewal that is due at the same moment takes the next phase along. */
export function advanceSchedule(space: Space, id: string): void {
  const schedule = space.find('subscription_schedule', id);
  if (schedule?.status !== 'active' || (schedule.current_phase?.end_date ?? 0) > space.now()) return;
  const subscription = space.find('subscription', schedule.subscription ?? '');
  if (!subscription) return;
  const next = duePhase(schedule, space.now());
  if (!next) {
    if (schedule.end_behavior === 'cancel') endSubscription(space, subscription.id, 'cancellation_requested');
    else releaseSchedule(space, id);
    return;
  }
  const renews = !['paused', 'incomplete'].includes(subscription.status);
  if (renews && nextPeriodEnd(subscription) <= space.now()) renewSubscription(space, subscription.id);
  if (!duePhase(space.get('subscription_schedule', id), space.now())) return;
  moveToPhase(space, id, next);
  follow(space, id, next.proration_behavior);
}

/** Starts the subscription of a schedule with its first phase; its first invoice stays in draft for an hour. */
export function begin(space: Space, id: string): void {
  const schedule = space.get('subscription_schedule', id);
  const [phase] = schedule.phases;
  if (!phase) throw new Error(`schedule ${id} has no phase`);
  const { subscription } = startSubscription(space, {
    customer: schedule.customer,
    currency: phase.currency,
    items: phase.items.map(({ price, quantity, metadata }) => ({
      price: space.get('price', price),
      quantity,
      metadata,
    })),
    billingMode: schedule.billing_mode.type,
    trialEnd: phase.trial_end,
    deferred: true,
    fill: (draft) => {
      draft.schedule = id;
      writeSettings(draft, schedule, phase);
      if (schedule.end_behavior === 'cancel') Object.assign(draft, endOf(lastEnd(schedule), space.now()));
    },
  });
  space.update('subscription_schedule', id, (draft) => {
    draft.status = 'active';
    draft.subscription = subscription.id;
    draft.current_phase = datesOf(phase);
  });
  planPhases(space, id);
}

/** Makes the subscription what the present phase says it is, in the middle of a period. */
export function follow(
  space: Space,
  id: string,
  proration: 'always_invoice' | 'create_prorations' | 'none',
): void {
  const schedule = space.get('subscription_schedule', id);
  const phase = runningPhase(space, schedule);
  const subscription = space.get('subscription', schedule.subscription ?? '');
  const end = schedule.end_behavior === 'cancel' ? lastEnd(schedule) : null;
  space.change('subscription', subscription.id, 'customer.subscription.updated', (draft) => {
    writeSettings(draft, schedule, phase);
    if (end === draft.cancel_at) return;
    if (end === null) unscheduleEnd(draft);
    else Object.assign(draft, endOf(end, space.now()), { cancel_at_period_end: false });
  });
  const items = itemChanges(subscription, phase);
  const trialEnd = phase.trial_end !== null && phase.trial_end > space.now() ? phase.trial_end : null;
  updateSubscription(space, subscription.id, {
    ...(items.length > 0 ? { items } : {}),
    ...(trialEnd !== null && trialEnd !== subscription.trial_end ? { trial_end: trialEnd } : {}),
    proration_behavior: proration,
  });
}

function itemChanges(subscription: Subscription, phase: Phase) {
  const old = [...subscription.items.data];
  const changes: { id?: string; price?: string; quantity?: number; deleted?: boolean }[] = [];
  const missing = phase.items.filter(({ price, quantity }) => {
    const kept = takeOut(old, price);
    if (kept && kept.quantity !== quantity) changes.push({ id: kept.id, quantity });
    return !kept;
  });
  for (const { price, quantity } of missing) {
    const replaced = old.shift();
    changes.push({ ...(replaced ? { id: replaced.id } : {}), price, quantity });
  }
  return [...changes, ...old.map(({ id }) => ({ id, deleted: true }))];
}

/** The phase that the clock is in. */
export function runningPhase(space: Space, schedule: SubscriptionSchedule): Phase {
  const now = space.now();
  const phase = schedule.phases.find(({ start_date, end_date }) => start_date <= now && now < end_date);
  if (!phase) throw invalidRequest('No phase of the schedule is running now.', 'phases');
  return phase;
}
