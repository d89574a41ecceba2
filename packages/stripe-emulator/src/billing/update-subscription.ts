import type Stripe from 'stripe';
import { invalidRequest, resourceMissing } from '../http/errors';
import type { Checked } from '../http/checked';
import { mergedMetadata } from '../http/metadata';
import { newSubscriptionItem, type Subscription, type SubscriptionItem } from '../objects/subscription';
import { resolveMethod } from '../resources/payment-methods';
import type { Space } from '../space';
import { scheduleCycle } from './cycle';
import { createDraft, collectInvoice, finalizeInvoice } from './invoices';
import { periodLine } from './lines';
import { periodEnd } from './periods';
import { chargeRest, creditRest } from './proration';
import { invoiceNow, recurringPrice, scheduleEnd, unscheduleEnd } from './subscriptions';

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
  const next = structuredClone(before);
  applySimple(space, next, params);
  const changed = applyItems(space, next, params);
  applyEnd(space, next, params);
  applyTrial(space, next, params);
  space.put('subscription', next);
  if (changed.cycleRestarts) billNewCycle(space, next);
  else if (changed.prorated && params.proration_behavior === 'always_invoice')
    invoiceNow(space, id, 'subscription_update');
  space.emitChange('customer.subscription.updated', before, space.get('subscription', id));
  scheduleCycle(space, id);
  schedulePauseEnd(space, id);
  return space.get('subscription', id);
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

function applyTrial(space: Space, next: Subscription, params: Params): void {
  if (params.trial_end === undefined) return;
  const end = params.trial_end === 'now' ? space.now() : params.trial_end;
  if (next.status === 'trialing') {
    next.trial_end = end;
    next.billing_cycle_anchor = end;
    for (const item of next.items.data) item.current_period_end = end;
  } else if (end > space.now()) {
    next.status = 'trialing';
    next.trial_start = space.now();
    next.trial_end = end;
    next.billing_cycle_anchor = end;
    for (const item of next.items.data) {
      item.current_period_start = space.now();
      item.current_period_end = end;
    }
  }
}

interface ItemChanges {
  /** Prorations were added. */
  prorated: boolean;
  /** The interval changed: a new cycle begins now. */
  cycleRestarts: boolean;
}

function applyItems(space: Space, next: Subscription, params: Params): ItemChanges {
  const result: ItemChanges = { prorated: false, cycleRestarts: params.billing_cycle_anchor === 'now' };
  const prorate = (params.proration_behavior ?? 'create_prorations') !== 'none' && next.status !== 'trialing';
  const now = params.proration_date ?? space.now();
  for (const [index, change] of (params.items ?? []).entries()) {
    const path = `items[${index}]`;
    const existing = change.id === undefined ? undefined : findItem(next, change.id, `${path}[id]`);
    const price =
      change.price === undefined
        ? undefined
        : recurringPrice(space, change.price, `${path}[price]`, next.currency);
    if (!existing) {
      addItem(space, next, price, change.quantity ?? 1, prorate, path, result);
      continue;
    }
    if (change.deleted) {
      if (prorate) creditRest(space, next, existing, now);
      next.items.data = next.items.data.filter((item) => item !== existing);
      result.prorated ||= prorate;
      continue;
    }
    if (change.metadata !== undefined) existing.metadata = mergedMetadata(existing.metadata, change.metadata);
    const newPrice = price ?? existing.price;
    const quantity = change.quantity ?? existing.quantity;
    if (newPrice.id === existing.price.id && quantity === existing.quantity) continue;
    const restarts = differs(newPrice, existing);
    if (prorate) {
      creditRest(space, next, existing, now);
      if (!restarts) chargeRest(space, next, existing, newPrice, quantity, now);
      result.prorated = true;
    }
    result.cycleRestarts ||= restarts && next.status !== 'trialing';
    existing.price = newPrice;
    existing.quantity = quantity;
  }
  if (next.items.data.length === 0) {
    throw invalidRequest('A subscription must have at least one active item.', 'items');
  }
  return result;
}

function addItem(
  space: Space,
  next: Subscription,
  price: ReturnType<typeof recurringPrice> | undefined,
  quantity: number,
  prorate: boolean,
  path: string,
  result: ItemChanges,
): void {
  if (!price?.recurring) {
    throw invalidRequest(`Missing required param: ${path}[price].`, `${path}[price]`, 'parameter_missing');
  }
  if (next.items.data.some((item) => item.price.id === price.id)) {
    throw invalidRequest(
      `Cannot add multiple subscription items with the same price: ${price.id}`,
      `${path}[price]`,
    );
  }
  const trialing = next.status === 'trialing' && next.trial_end !== null;
  const item = newSubscriptionItem({
    subscription: next.id,
    price,
    quantity,
    periodStart: space.now(),
    periodEnd: trialing
      ? (next.trial_end ?? 0)
      : periodEnd(next.billing_cycle_anchor, space.now(), price.recurring),
    created: space.now(),
  });
  next.items.data.push(item);
  if (!prorate) return;
  chargeRest(space, next, item, price, quantity);
  result.prorated = true;
}

function findItem(subscription: Subscription, id: string, param: string): SubscriptionItem {
  const item = subscription.items.data.find((candidate) => candidate.id === id);
  if (!item) throw resourceMissing('subscription_item', id, param);
  return item;
}

function differs(
  price: { recurring: SubscriptionItem['price']['recurring'] },
  item: SubscriptionItem,
): boolean {
  return (
    price.recurring?.interval !== item.price.recurring?.interval ||
    price.recurring?.interval_count !== item.price.recurring?.interval_count
  );
}

/** A new interval begins a new cycle now, billed at once. */
function billNewCycle(space: Space, next: Subscription): void {
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
  if (finalizeInvoice(space, draft.id).status === 'open')
    collectInvoice(space, draft.id, { offSession: true });
}

function schedulePauseEnd(space: Space, id: string): void {
  const resumesAt = space.get('subscription', id).pause_collection?.resumes_at ?? null;
  if (resumesAt === null) space.unschedule('subscription.resume_collection', id);
  else space.schedule('subscription.resume_collection', id, resumesAt);
}
