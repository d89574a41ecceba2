import type Stripe from 'stripe';
import type { Checked } from '../http/checked';
import { invalidRequest } from '../http/errors';
import { clone } from '../json';
import type { Subscription } from '../objects/subscription';
import type { Space } from '../space';
import { becomeActive } from './activation';
import { createDraft } from './drafts';
import { collectInvoice, finalizeInvoice } from './invoices';
import { periodLine } from './lines';
import { addIntervals, periodEnd } from './periods';
import { chargeRest } from './proration';

type Params = Checked<Stripe.SubscriptionResumeParams>;

/**
 * Goes on with a paused subscription; it is active once its invoice is paid (at once when nothing is due):
 * https://docs.stripe.com/api/subscriptions/resume
 */
export function resumeSubscription(space: Space, id: string, params: Params): Subscription {
  const before = space.get('subscription', id);
  if (before.status !== 'paused') {
    throw invalidRequest(
      `Only paused subscriptions can be resumed. This subscription has a status of ${before.status}.`,
    );
  }
  const now = space.now();
  const anew = (params.billing_cycle_anchor ?? 'now') === 'now';
  const next = clone(before);
  if (anew) next.billing_cycle_anchor = now;
  for (const item of next.items.data) {
    const { recurring } = item.price;
    if (!recurring) continue;
    const end = anew ? periodEnd(now, now, recurring) : periodEnd(next.billing_cycle_anchor, now, recurring);
    item.current_period_start = now;
    item.current_period_end = end;
  }
  space.put('subscription', next);
  const prorate = (params.proration_behavior ?? 'create_prorations') !== 'none';
  if (!anew && prorate) chargeUntilAnchor(space, next);
  if (anew || params.proration_behavior === 'always_invoice') bill(space, next, anew);
  else becomeActive(space, id);
  space.emitChange('customer.subscription.updated', before, space.get('subscription', id));
  return space.get('subscription', id);
}

/** What is left of the running period, as pending invoice items. */
function chargeUntilAnchor(space: Space, next: Subscription): void {
  for (const item of next.items.data) {
    const { recurring } = item.price;
    if (!recurring) continue;
    const whole = clone(item);
    const back = addIntervals(item.current_period_end, recurring, -1);
    whole.current_period_start = Math.min(back, space.now());
    chargeRest(space, next, whole, item.price, item.quantity);
  }
}

function bill(space: Space, next: Subscription, withPeriods: boolean): void {
  const now = space.now();
  const draft = createDraft(space, {
    customer: next.customer,
    currency: next.currency,
    reason: 'subscription_update',
    subscription: next,
    period: { start: now, end: now },
    lines: (invoice) =>
      withPeriods ? next.items.data.map((item) => periodLine(space, invoice, next, item, false)) : [],
    withPendingItems: true,
  });
  space.update('subscription', next.id, (stored) => (stored.latest_invoice = draft.id));
  if (finalizeInvoice(space, draft.id).status === 'open')
    collectInvoice(space, draft.id, { offSession: true });
}
