import { invalidRequest } from '../http/errors';
import type { SubscriptionSchedule } from '../objects/subscription-schedule';
import type { Space } from '../space';
import { endSubscription } from './cancellation';
import { scheduleCycle } from './cycle-times';
import { prorateCancellation } from './proration';
import { closeSchedule } from './schedule-end';
import { invoiceNow, unscheduleEnd } from './subscriptions';

/** https://docs.stripe.com/api/subscription_schedules/cancel */
export function cancelSchedule(
  space: Space,
  id: string,
  params: { invoice_now?: boolean; prorate?: boolean },
): SubscriptionSchedule {
  const { subscription } = living(space, id, 'cancel');
  const schedule = closeSchedule(space, id, (draft) => {
    draft.status = 'canceled';
    draft.canceled_at = space.now();
  });
  if (subscription !== null) {
    if (params.prorate ?? true) prorateCancellation(space, space.get('subscription', subscription));
    if (params.invoice_now ?? true) invoiceNow(space, subscription, 'manual');
    endSubscription(space, subscription, 'cancellation_requested');
  }
  space.emit('subscription_schedule.canceled', schedule);
  return schedule;
}

/** https://docs.stripe.com/api/subscription_schedules/release */
export function releaseSchedule(space: Space, id: string, preserveEnd = false): SubscriptionSchedule {
  const { subscription } = living(space, id, 'release');
  const schedule = closeSchedule(space, id, (draft) => {
    draft.status = 'released';
    draft.released_at = space.now();
    draft.released_subscription = subscription;
    draft.subscription = null;
  });
  if (subscription !== null) {
    space.change('subscription', subscription, 'customer.subscription.updated', (draft) => {
      draft.schedule = null;
      if (!preserveEnd && draft.cancel_at !== null) unscheduleEnd(draft);
    });
    scheduleCycle(space, subscription);
  }
  space.emit('subscription_schedule.released', schedule);
  return schedule;
}

/** A schedule that can still be changed. */
export function living(space: Space, id: string, verb: string): SubscriptionSchedule {
  const schedule = space.get('subscription_schedule', id, 'schedule');
  if (schedule.status !== 'active' && schedule.status !== 'not_started') {
    throw invalidRequest(
      `You cannot ${verb} a subscription schedule that is currently in the \`${schedule.status}\` status.`,
    );
  }
  return schedule;
}
