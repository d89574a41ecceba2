import type { Subscription } from '../objects/subscription';
import type { SubscriptionSchedule } from '../objects/subscription-schedule';
import type { Space } from '../space';

/** The fields that a subscription shows while it is going to end at a time (Unix seconds). */
export function endOf(cancelAt: number, now: number) {
  return {
    cancel_at: cancelAt,
    canceled_at: now,
    cancellation_details: { comment: null, feedback: null, reason: 'cancellation_requested' as const },
  };
}

/** The subscription has ended, by its schedule or otherwise: so has the schedule. */
export function endScheduleOf(space: Space, subscription: Subscription, reason: string): void {
  const schedule =
    subscription.schedule === null ? undefined : space.find('subscription_schedule', subscription.schedule);
  if (schedule?.status !== 'active') return;
  const completed =
    schedule.end_behavior === 'cancel' && (schedule.phases.at(-1)?.end_date ?? 0) <= space.now();
  const ended = closeSchedule(space, schedule.id, (draft) => {
    draft.status = completed ? 'completed' : 'canceled';
    if (completed) draft.completed_at = space.now();
    else draft.canceled_at = space.now();
  });
  const how = completed ? 'completed' : reason === 'payment_failed' ? 'aborted' : 'canceled';
  space.emit(`subscription_schedule.${how}`, ended);
}

/** A schedule that acts no more. */
export function closeSchedule(
  space: Space,
  id: string,
  change: (draft: SubscriptionSchedule) => void,
): SubscriptionSchedule {
  for (const kind of ['schedule.start', 'schedule.advance', 'schedule.expiring'] as const)
    space.unschedule(kind, id);
  return space.update('subscription_schedule', id, (draft) => {
    draft.current_phase = null;
    change(draft);
  });
}
