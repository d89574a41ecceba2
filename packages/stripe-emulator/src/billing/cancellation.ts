import type { CancellationReason, Subscription } from '../objects/subscription';
import type { Space } from '../space';
import { endScheduleOf } from './schedule-end';

/** Ends a subscription now: nothing more is collected. https://docs.stripe.com/billing/subscriptions/cancel */
export function endSubscription(
  space: Space,
  id: string,
  reason: CancellationReason,
  details: { comment?: string | null; feedback?: string | null } = {},
): Subscription {
  const now = space.now();
  for (const kind of [
    'subscription.renew',
    'subscription.cancel',
    'subscription.trial_will_end',
    'subscription.expire_incomplete',
    'subscription.resume_collection',
    'invoice.upcoming',
  ] as const) {
    space.unschedule(kind, id);
  }
  stopCollection(space, id);
  const subscription = space.update('subscription', id, (draft) => {
    draft.status = 'canceled';
    draft.ended_at = now;
    if (draft.cancel_at !== null && draft.cancel_at > now) {
      // Before its time: what was planned is no more. https://docs.stripe.com/billing/subscriptions/cancel
      draft.cancel_at = null;
      draft.cancel_at_period_end = false;
      draft.canceled_at = now;
    }
    draft.canceled_at ??= now;
    draft.cancellation_details.reason ??= reason;
    if (details.comment !== undefined) draft.cancellation_details.comment = details.comment;
    if (details.feedback !== undefined) draft.cancellation_details.feedback = details.feedback;
  });
  space.emit('customer.subscription.deleted', subscription);
  endScheduleOf(space, subscription, reason);
  return subscription;
}

/** Open and draft invoices of a cancelled subscription are no longer advanced. */
function stopCollection(space: Space, subscriptionId: string): void {
  for (const invoice of space.listBy('invoice', 'subscription', subscriptionId)) {
    if (invoice.status !== 'open' && invoice.status !== 'draft') continue;
    space.unschedule('invoice.retry', invoice.id);
    space.unschedule('invoice.finalize', invoice.id);
    space.change('invoice', invoice.id, 'invoice.updated', (draft) => {
      draft.auto_advance = false;
      draft.next_payment_attempt = null;
      draft.automatically_finalizes_at = null;
    });
  }
}
