import { clone } from '../json';
import type { Invoice } from '../objects/invoice';
import type { Subscription, SubscriptionItem } from '../objects/subscription';
import type { Space } from '../space';
import { endSubscription } from './cancellation';
import { nextPeriodEnd, scheduleCycle } from './cycle-times';
import { dropEndedDiscounts } from './discounts';
import { buildInvoice, createDraft, DRAFT_SECONDS, type DraftInput } from './drafts';
import { collectInvoice, finalizeInvoice, markUncollectible, voidInvoice } from './invoices';
import { periodLine } from './lines';
import { periodEnd } from './periods';
import { enterDuePhase, writeDuePhase } from './schedule-due';

/** A period has ended: the next one begins, with a draft invoice that is finalized an hour later. */
export function renewSubscription(space: Space, id: string): void {
  const before = space.get('subscription', id);
  if (['canceled', 'incomplete_expired', 'incomplete', 'paused'].includes(before.status)) return;
  const now = space.now();
  const trialEnds = before.status === 'trialing' && before.trial_end !== null && before.trial_end <= now;
  if (trialEnds && !hasPaymentMethod(space, before)) {
    const behavior = before.trial_settings.end_behavior.missing_payment_method;
    if (behavior === 'cancel') {
      endSubscription(space, id, 'payment_failed');
      return;
    }
    if (behavior === 'pause') {
      const paused = space.change('subscription', id, 'customer.subscription.updated', (draft) => {
        draft.status = 'paused';
      });
      space.emit('customer.subscription.paused', paused);
      return;
    }
  }
  const past = { start: Math.min(...before.items.data.map((i) => i.current_period_start)), end: now };
  const renewed = clone(before);
  if (trialEnds) renewed.status = 'active';
  enterDuePhase(space, renewed);
  const due = new Set(
    renewed.items.data.filter((item) => item.current_period_end <= now).map((item) => item.id),
  );
  for (const item of renewed.items.data) if (due.has(item.id)) advance(item, renewed);
  dropEndedDiscounts(space, renewed);
  space.put('subscription', renewed);
  const invoice = createDraft(space, cycleDraft(space, renewed, due, past));
  renewed.latest_invoice = invoice.id;
  space.put('subscription', renewed);
  space.emitChange('customer.subscription.updated', before, renewed);
  advanceDraft(space, renewed, invoice.id);
  scheduleCycle(space, id);
}

/** Plans what becomes of a draft: it is finalized after an hour, unless collection is paused. */
export function advanceDraft(space: Space, subscription: Subscription, invoiceId: string): Invoice {
  const keep =
    subscription.pause_collection?.behavior === 'keep_as_draft' || subscription.status === 'unpaid';
  if (keep) return space.update('invoice', invoiceId, (draft) => (draft.auto_advance = false));
  const at = space.now() + DRAFT_SECONDS;
  space.schedule('invoice.finalize', invoiceId, at);
  return space.update('invoice', invoiceId, (draft) => (draft.automatically_finalizes_at = at));
}

/** The hour in draft is over. */
export function finalizeDueInvoice(space: Space, invoiceId: string): void {
  const invoice = space.find('invoice', invoiceId);
  if (invoice?.status !== 'draft') return;
  const subscriptionId = invoice.parent?.subscription_details.subscription;
  const pause = subscriptionId ? space.find('subscription', subscriptionId)?.pause_collection : null;
  if (pause?.behavior === 'keep_as_draft') return;
  const finalized = finalizeInvoice(space, invoiceId);
  if (finalized.status !== 'open') return;
  if (pause?.behavior === 'mark_uncollectible') markUncollectible(space, invoiceId);
  else if (pause?.behavior === 'void') voidInvoice(space, invoiceId);
  else if (finalized.collection_method === 'charge_automatically')
    collectInvoice(space, invoiceId, { offSession: true });
  else space.emit('invoice.sent', finalized);
}

/** Announces the next renewal with a preview of its invoice. */
export function announceUpcoming(space: Space, id: string): void {
  const subscription = space.get('subscription', id);
  if (
    subscription.status !== 'active' &&
    subscription.status !== 'trialing' &&
    subscription.status !== 'past_due'
  )
    return;
  space.emit('invoice.upcoming', previewRenewal(space, subscription));
}

/** The invoice that the next renewal would create. */
export function previewRenewal(space: Space, subscription: Subscription) {
  const end = nextPeriodEnd(subscription);
  const next = clone(subscription);
  writeDuePhase(space, next, end);
  const due = new Set(
    next.items.data.filter((item) => item.current_period_end <= end).map((item) => item.id),
  );
  for (const item of next.items.data) if (due.has(item.id)) advance(item, next);
  const past = { start: Math.min(...subscription.items.data.map((i) => i.current_period_start)), end };
  const invoice = buildInvoice(
    space,
    { ...cycleDraft(space, next, due, past), reason: 'upcoming' },
    `upcoming_in_${subscription.id}`,
  );
  invoice.next_payment_attempt = end + DRAFT_SECONDS;
  return invoice;
}

function cycleDraft(
  space: Space,
  subscription: Subscription,
  due: Set<string>,
  past: { start: number; end: number },
): DraftInput {
  return {
    customer: subscription.customer,
    currency: subscription.currency,
    reason: 'subscription_cycle',
    subscription,
    period: past,
    lines: (invoiceId) =>
      subscription.items.data
        .filter((item) => due.has(item.id))
        .map((item) => periodLine(space, invoiceId, subscription, item, inTrial(subscription, past.end))),
    withPendingItems: true,
  };
}

function advance(item: SubscriptionItem, subscription: Subscription): void {
  const recurring = item.price.recurring;
  if (!recurring) throw new Error(`subscription item ${item.id} has a price that does not recur`);
  const start = item.current_period_end;
  item.current_period_start = start;
  item.current_period_end = inTrial(subscription, start)
    ? (subscription.trial_end ?? start)
    : periodEnd(subscription.billing_cycle_anchor, start, recurring);
}

/** Whether a period that starts then is part of a trial. */
function inTrial(subscription: Subscription, start: number): boolean {
  return subscription.status === 'trialing' && (subscription.trial_end ?? 0) > start;
}

export function hasPaymentMethod(space: Space, subscription: Subscription): boolean {
  return (
    subscription.default_payment_method !== null ||
    (space.find('customer', subscription.customer)?.invoice_settings.default_payment_method ?? null) !== null
  );
}
