import { mergedMetadata } from '../http/metadata';
import { newSubscriptionItem, type Subscription, type SubscriptionItem } from '../objects/subscription';
import type { Phase, SubscriptionSchedule } from '../objects/subscription-schedule';
import type { Space } from '../space';

const DAY = 86_400;
/** subscription_schedule.expiring comes a week before the end. */
const NOTICE_SECONDS = 7 * DAY;

/** At a renewal: writes the phase that begins now into the subscription, which is not stored yet. */
export function enterDuePhase(space: Space, draft: Subscription): void {
  const phase = writeDuePhase(space, draft, space.now());
  if (phase && draft.schedule !== null) moveToPhase(space, draft.schedule, phase);
}

/** Writes the phase that begins at a time (Unix seconds), if one does, into a subscription that is not stored. */
export function writeDuePhase(space: Space, draft: Subscription, now: number): Phase | undefined {
  const schedule = draft.schedule === null ? undefined : space.find('subscription_schedule', draft.schedule);
  const phase = schedule?.status === 'active' ? duePhase(schedule, now) : undefined;
  if (!schedule || !phase || draft.items.data.some((item) => item.current_period_end > now)) return undefined;
  writeSettings(draft, schedule, phase);
  const old = [...draft.items.data];
  const rhythm = rhythmOf(old[0]?.price);
  const same = phase.items.map(({ price }) => takeOut(old, price));
  draft.items.data = phase.items.map((wanted, index) => {
    const price = space.get('price', wanted.price);
    const kept = same[index] ?? old.shift();
    if (kept) return { ...kept, price, quantity: wanted.quantity };
    return newSubscriptionItem({
      subscription: draft.id,
      price,
      quantity: wanted.quantity,
      periodStart: now,
      periodEnd: now,
      metadata: wanted.metadata,
      created: now,
    });
  });
  if (rhythmOf(draft.items.data[0]?.price) !== rhythm || phase.billing_cycle_anchor === 'phase_start') {
    draft.billing_cycle_anchor = now;
  }
  if (phase.trial_end !== null && phase.trial_end > now) {
    draft.status = 'trialing';
    draft.trial_start = now;
    draft.trial_end = phase.trial_end;
    draft.billing_cycle_anchor = phase.trial_end;
  }
  return phase;
}

/** The phase after the current one, if it is time for it. */
export function duePhase(schedule: SubscriptionSchedule, now: number): Phase | undefined {
  const current = schedule.current_phase;
  if (!current || current.end_date > now) return undefined;
  return schedule.phases.find(({ start_date }) => start_date >= current.end_date);
}

/** The phase that is the current one from now on. */
export function moveToPhase(space: Space, id: string, phase: Phase): void {
  space.change('subscription_schedule', id, 'subscription_schedule.updated', (draft) => {
    draft.current_phase = datesOf(phase);
  });
  planPhases(space, id);
}

/** Plans the end of the current phase, and the notice of the schedule’s end. */
export function planPhases(space: Space, id: string): void {
  const schedule = space.get('subscription_schedule', id);
  if (!schedule.current_phase) return;
  space.schedule('schedule.advance', id, schedule.current_phase.end_date);
  const notice = lastEnd(schedule) - NOTICE_SECONDS;
  if (notice > space.now()) space.schedule('schedule.expiring', id, notice);
  else space.unschedule('schedule.expiring', id);
}

/** How the current phase is named. */
export function datesOf({ end_date, start_date }: Phase) {
  return { end_date, start_date };
}

/** When the last phase ends: Unix seconds. */
export function lastEnd(schedule: SubscriptionSchedule): number {
  return schedule.phases.at(-1)?.end_date ?? 0;
}

export function rhythmOf(
  price: { recurring: { interval: string; interval_count: number } | null } | undefined,
) {
  return `${price?.recurring?.interval}/${price?.recurring?.interval_count}`;
}

/** Removes the item with a price from a list. */
export function takeOut(items: SubscriptionItem[], price: string): SubscriptionItem | undefined {
  const index = items.findIndex((item) => item.price.id === price);
  return index < 0 ? undefined : items.splice(index, 1)[0];
}

/** Writes what a phase says of a subscription besides its items. */
export function writeSettings(
  draft: Subscription,
  { default_settings }: SubscriptionSchedule,
  phase: Phase,
): void {
  draft.collection_method = phase.collection_method ?? default_settings.collection_method;
  draft.default_payment_method =
    phase.default_payment_method ?? default_settings.default_payment_method ?? draft.default_payment_method;
  draft.description = phase.description ?? default_settings.description ?? draft.description;
  draft.metadata = mergedMetadata(draft.metadata, phase.metadata);
}
