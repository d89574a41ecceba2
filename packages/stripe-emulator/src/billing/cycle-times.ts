import type { Subscription } from '../objects/subscription';
import type { Space } from '../space';

const DAY = 86_400;
/** invoice.upcoming comes a week before the renewal (the Dashboard's default). */
const UPCOMING_SECONDS = 7 * DAY;
/** customer.subscription.trial_will_end comes three days before the end. */
const TRIAL_NOTICE_SECONDS = 3 * DAY;

/** The next end of a period of any item: Unix seconds. */
export function nextPeriodEnd(subscription: Subscription): number {
  return Math.min(...subscription.items.data.map((item) => item.current_period_end));
}

/**
 * Plans the notice of a trial's end; a trial of less than three days has it at once.
 * https://docs.stripe.com/billing/subscriptions/trials
 */
export function planTrialNotice(space: Space, { id, status, trial_end: end }: Subscription): void {
  space.unschedule('subscription.trial_will_end', id);
  if (status !== 'trialing' || end === null) return;
  const notice = end - TRIAL_NOTICE_SECONDS;
  if (notice > space.now()) space.schedule('subscription.trial_will_end', id, notice);
  else space.emit('customer.subscription.trial_will_end', space.get('subscription', id));
}

/** Plans what the subscription does by itself: renew, announce, end. Called after every change of its periods. */
export function scheduleCycle(space: Space, id: string): void {
  const subscription = space.get('subscription', id);
  for (const kind of ['subscription.renew', 'subscription.cancel', 'invoice.upcoming'] as const)
    space.unschedule(kind, id);
  if (['canceled', 'incomplete_expired', 'incomplete', 'paused'].includes(subscription.status)) return;
  const end = nextPeriodEnd(subscription);
  const cancelAt = subscription.cancel_at;
  if (cancelAt !== null && cancelAt <= end) {
    space.schedule('subscription.cancel', id, cancelAt);
    return;
  }
  space.schedule('subscription.renew', id, end);
  const notice = end - UPCOMING_SECONDS;
  if (notice > space.now()) space.schedule('invoice.upcoming', id, notice);
}
