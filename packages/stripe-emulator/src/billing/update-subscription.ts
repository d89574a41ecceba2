import { clone } from '../json';
import type Stripe from 'stripe';
import { invalidRequest } from '../http/errors';
import type { Checked } from '../http/checked';
import { mergedMetadata } from '../http/metadata';
import type { Subscription } from '../objects/subscription';
import { resolveMethod } from '../resources/payment-methods';
import type { Space } from '../space';
import { applyItems } from './change-items';
import { renewSubscription } from './cycle';
import { planTrialNotice, scheduleCycle } from './cycle-times';
import { redeem, setDiscounts } from './discounts';
import { createDraft } from './drafts';
import { finalizeInvoice } from './invoices';
import { periodLine } from './lines';
import { periodEnd } from './periods';
import { creditRest } from './proration';
import { collectAtOnce, invoiceNow, scheduleEnd, unscheduleEnd } from './subscriptions';

type Params = Checked<Stripe.SubscriptionUpdateParams>;

/** Changes a subscription: https://docs.stripe.com/api/subscriptions/update */
export function updateSubscription(space: Space, id: string, params: Params): Subscription {
  const before = space.get('subscription', id);
  if (before.status === 'canceled' || before.status === 'incomplete_expired') {
    if (Object.keys(params).some((key) => !['metadata', 'cancellation_details', 'expand'].includes(key))) {
      throw invalidRequest(
        'A canceled subscription can only update its cancellation_details and metadata.',
        undefined,
        before.status === 'canceled' ? 'subscription_canceled' : undefined,
      );
    }
  }
  refuseEndOfScheduled(before, params);
  refusePending(params);
  const paidOrNothing = params.payment_behavior === 'error_if_incomplete';
  const next = clone(before);
  applySimple(space, next, params);
  const discounts = setDiscounts(space, next, params.discounts);
  const changed = applyItems(space, next, params);
  applyEnd(space, next, params);
  const trialMoved = applyTrial(space, next, params);
  space.put('subscription', next);
  for (const discount of discounts) redeem(space, discount.id, (draft) => (draft.subscription = id));
  if (trialMoved) billTrial(space, next);
  else if (changed.cycleRestarts) billNewCycle(space, next, paidOrNothing);
  else if (changed.prorated && params.proration_behavior === 'always_invoice')
    invoiceNow(space, id, 'subscription_update', { paidOrNothing });
  space.emitChange('customer.subscription.updated', before, space.get('subscription', id));
  scheduleCycle(space, id);
  if (before.status === 'trialing' && params.trial_end !== undefined) endTrialNow(space, id);
  schedulePauseEnd(space, id);
  return space.get('subscription', id);
}

function refuseEndOfScheduled({ schedule }: Subscription, params: Params): void {
  if (schedule === null || (params.cancel_at === undefined && params.cancel_at_period_end === undefined))
    return;
  throw invalidRequest(
    `The subscription is managed by the subscription schedule \`${schedule}\`, and updating any cancelation behavior directly is not allowed. Please update the schedule instead.`,
    params.cancel_at === undefined ? 'cancel_at_period_end' : 'cancel_at',
  );
}

function refusePending({ payment_behavior: behavior }: Params): void {
  if (behavior !== 'pending_if_incomplete') return;
  throw invalidRequest('The emulator has no pending updates.', 'payment_behavior');
}

function applySimple(space: Space, next: Subscription, params: Params): void {
  next.metadata = mergedMetadata(next.metadata, params.metadata);
  if (params.description !== undefined)
    next.description = params.description === '' ? null : params.description;
  if (params.default_payment_method !== undefined) {
    next.default_payment_method = resolveMethod(
      space,
      params.default_payment_method,
      'default_payment_method',
    ).id;
  }
  if (params.collection_method !== undefined) next.collection_method = params.collection_method;
  if (params.days_until_due !== undefined) next.days_until_due = params.days_until_due;
  const missing = params.trial_settings?.end_behavior.missing_payment_method;
  if (missing !== undefined) next.trial_settings.end_behavior.missing_payment_method = missing;
  if (params.pause_collection !== undefined) {
    next.pause_collection =
      params.pause_collection === ''
        ? null
        : {
            behavior: params.pause_collection.behavior,
            resumes_at: params.pause_collection.resumes_at ?? null,
          };
  }
  const details = params.cancellation_details;
  if (details?.comment !== undefined)
    next.cancellation_details.comment = details.comment === '' ? null : details.comment;
  if (details?.feedback !== undefined)
    next.cancellation_details.feedback = details.feedback === '' ? null : details.feedback;
}

function applyEnd(space: Space, next: Subscription, params: Params): void {
  if (params.cancel_at !== undefined && params.cancel_at_period_end !== undefined) {
    throw invalidRequest(
      'You may only specify one of these parameters: cancel_at, cancel_at_period_end.',
      'cancel_at',
    );
  }
  if (params.cancel_at_period_end === true) scheduleEnd(next, space.now());
  if (params.cancel_at_period_end === false) unscheduleEnd(next);
  if (params.cancel_at === undefined) return;
  if (params.cancel_at === '') {
    unscheduleEnd(next);
    return;
  }
  const ends = next.items.data.map((item) => item.current_period_end);
  const at =
    typeof params.cancel_at === 'number'
      ? params.cancel_at
      : params.cancel_at === 'min_period_end'
        ? Math.min(...ends)
        : Math.max(...ends);
  if (at <= space.now()) {
    throw invalidRequest('The `cancel_at` timestamp must be in the future.', 'cancel_at');
  }
  next.cancel_at_period_end = false;
  next.cancel_at = at;
  next.canceled_at = space.now();
  next.cancellation_details.reason = 'cancellation_requested';
}

/**
 * A trial that is ended now has its notice and its consequences at once: the first period, a pause or a cancellation.
 * https://docs.stripe.com/api/events/types#event_types-customer.subscription.trial_will_end
 */
function endTrialNow(space: Space, id: string): void {
  const ended = space.get('subscription', id);
  if ((ended.trial_end ?? 0) > space.now()) return;
  space.unschedule('subscription.trial_will_end', id);
  space.emit('customer.subscription.trial_will_end', ended);
  renewSubscription(space, id);
}

/** Whether the subscription is in a trial that it was not in before. */
function applyTrial(space: Space, next: Subscription, params: Params): boolean {
  if (params.trial_end === undefined) return false;
  const end = params.trial_end === 'now' ? space.now() : params.trial_end;
  if (next.status === 'trialing') {
    const moved = end > space.now() && end !== next.trial_end;
    next.trial_end = end;
    next.billing_cycle_anchor = end;
    for (const item of next.items.data) item.current_period_end = end;
    return moved;
  }
  if (end > space.now()) {
    if ((params.proration_behavior ?? 'create_prorations') !== 'none')
      for (const item of next.items.data) creditRest(space, next, item);
    next.status = 'trialing';
    next.trial_start = space.now();
    next.trial_end = end;
    next.billing_cycle_anchor = end;
    for (const item of next.items.data) {
      item.current_period_start = space.now();
      item.current_period_end = end;
    }
    return true;
  }
  return false;
}

/**
 * A trial that begins or is made longer has an invoice of its own, over nothing (or the credit for what was paid):
 * https://docs.stripe.com/billing/subscriptions/trials
 */
function billTrial(space: Space, next: Subscription): void {
  const now = space.now();
  const draft = createDraft(space, {
    customer: next.customer,
    currency: next.currency,
    reason: 'subscription_update',
    subscription: next,
    period: { start: now, end: now },
    lines: (id) => next.items.data.map((item) => periodLine(space, id, next, item, true)),
    withPendingItems: true,
  });
  space.update('subscription', next.id, (stored) => (stored.latest_invoice = draft.id));
  finalizeInvoice(space, draft.id);
  planTrialNotice(space, next);
}

/** A new interval begins a new cycle now, billed at once. */
function billNewCycle(space: Space, next: Subscription, paidOrNothing: boolean): void {
  const now = space.now();
  next.billing_cycle_anchor = now;
  for (const item of next.items.data) {
    item.current_period_start = now;
    item.current_period_end = item.price.recurring ? periodEnd(now, now, item.price.recurring) : now;
  }
  space.put('subscription', next);
  const draft = createDraft(space, {
    customer: next.customer,
    currency: next.currency,
    reason: 'subscription_update',
    subscription: next,
    period: { start: now, end: now },
    lines: (id) => next.items.data.map((item) => periodLine(space, id, next, item, false)),
    withPendingItems: true,
  });
  next.latest_invoice = draft.id;
  space.put('subscription', next);
  collectAtOnce(space, finalizeInvoice(space, draft.id), paidOrNothing);
}

function schedulePauseEnd(space: Space, id: string): void {
  const resumesAt = space.get('subscription', id).pause_collection?.resumes_at ?? null;
  if (resumesAt === null) space.unschedule('subscription.resume_collection', id);
  else space.schedule('subscription.resume_collection', id, resumesAt);
}
