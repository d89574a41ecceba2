import type { Invoice } from '../objects/invoice';
import type { Space } from '../space';
import { becomeActive } from './activation';
import { endSubscription } from './cancellation';
import { scheduleCycle } from './cycle-times';

/** What a paid invoice does to its subscription: incomplete, past due and unpaid ones become active. */
export function invoicePaid(space: Space, invoice: Invoice): void {
  const id = invoice.parent?.subscription_details.subscription;
  const subscription = id ? space.find('subscription', id) : undefined;
  if (!subscription || decidingInvoice(space, subscription.id)?.id !== invoice.id) return;
  if (subscription.status === 'incomplete') {
    space.unschedule('subscription.expire_incomplete', subscription.id);
    space.change('subscription', subscription.id, 'customer.subscription.updated', (draft) => {
      draft.status = draft.trial_end !== null && draft.trial_end > space.now() ? 'trialing' : 'active';
    });
    scheduleCycle(space, subscription.id);
  } else if (subscription.status === 'paused') {
    becomeActive(space, subscription.id);
  } else if (subscription.status === 'past_due' || subscription.status === 'unpaid') {
    space.change('subscription', subscription.id, 'customer.subscription.updated', (draft) => {
      draft.status = 'active';
    });
  }
}

/** The invoice that decides on a subscription's status: the most recent one that is final and not void. */
function decidingInvoice(space: Space, subscription: string): Invoice | undefined {
  return space
    .listBy('invoice', 'subscription', subscription)
    .filter(({ status }) => status !== 'draft' && status !== 'void')
    .reduce<Invoice | undefined>(
      (newest, invoice) => (newest === undefined || invoice.created > newest.created ? invoice : newest),
      undefined,
    );
}

/**
 * An invoice was voided or written off: the subscription's status follows the most recent invoice that is not void. One that is
 * uncollectible counts like a paid one. https://docs.stripe.com/billing/subscriptions/overview#subscription-statuses. A first invoice
 * that is void leaves nothing to complete (assumed: the page only says that such a subscription expires).
 */
export function invoiceClosed(space: Space, invoice: Invoice): void {
  const id = invoice.parent?.subscription_details.subscription;
  const subscription = id ? space.find('subscription', id) : undefined;
  if (!subscription) return;
  const deciding = decidingInvoice(space, subscription.id);
  if (subscription.status === 'incomplete') {
    if (deciding !== undefined) return;
    space.unschedule('subscription.expire_incomplete', subscription.id);
    space.change('subscription', subscription.id, 'customer.subscription.updated', (draft) => {
      draft.status = 'incomplete_expired';
      draft.ended_at = space.now();
    });
    scheduleCycle(space, subscription.id);
    return;
  }
  if (!['active', 'past_due', 'unpaid'].includes(subscription.status)) return;
  const owed = deciding?.status === 'open' && deciding.attempted && deciding.attempt_count > 0;
  const still = subscription.status === 'unpaid' ? 'unpaid' : 'past_due';
  space.change('subscription', subscription.id, 'customer.subscription.updated', (draft) => {
    draft.status = owed ? still : 'active';
  });
}

/** A delayed payment is on its way: the subscription is active while the invoice stays open. */
export function invoiceProcessing(space: Space, invoiceId: string): void {
  const invoice = space.change('invoice', invoiceId, 'invoice.updated', (draft) => {
    draft.attempted = true;
    draft.attempt_count += 1;
    draft.next_payment_attempt = null;
  });
  const id = invoice.parent?.subscription_details.subscription;
  const subscription = id ? space.find('subscription', id) : undefined;
  if (subscription?.status !== 'incomplete') return;
  space.unschedule('subscription.expire_incomplete', subscription.id);
  space.change('subscription', subscription.id, 'customer.subscription.updated', (draft) => {
    draft.status = 'active';
  });
  scheduleCycle(space, subscription.id);
}

/**
 * A failed attempt: the next one is planned by the account's retry policy; after the last one the subscription is cancelled,
 * left unpaid or left past due. https://docs.stripe.com/billing/revenue-recovery/smart-retries
 */
export function invoiceFailed(space: Space, invoiceId: string, countsAsAttempt = true): void {
  const before = space.get('invoice', invoiceId);
  const subscriptionId = before.parent?.subscription_details.subscription;
  const subscription = subscriptionId ? space.find('subscription', subscriptionId) : undefined;
  const policy = space.emulator.retryPolicy(space.accountId);
  const attempts = before.attempt_count + (countsAsAttempt ? 1 : 0);
  const mayRetry =
    before.auto_advance &&
    subscription !== undefined &&
    !['incomplete', 'canceled'].includes(subscription.status);
  const days = mayRetry ? policy.days[attempts - 1] : undefined;
  const next = days === undefined ? null : space.now() + Math.round(days * 86_400);
  const invoice = space.update('invoice', invoiceId, (draft) => {
    draft.attempted = true;
    draft.attempt_count = attempts;
    draft.next_payment_attempt = next;
    if (next === null && mayRetry) draft.auto_advance = false;
  });
  if (next !== null) space.schedule('invoice.retry', invoiceId, next);
  space.emitChange('invoice.updated', before, invoice);
  space.emit('invoice.payment_failed', invoice);
  if (!subscription || decidingInvoice(space, subscription.id)?.id !== invoiceId) {
    if (subscription && next === null && mayRetry) giveUp(space, subscription.id);
    return;
  }
  if (subscription.status === 'active' || subscription.status === 'trialing') {
    space.change('subscription', subscription.id, 'customer.subscription.updated', (draft) => {
      draft.status = 'past_due';
    });
  }
  if (next === null && mayRetry) giveUp(space, subscription.id);
}

/**
 * An invoice that was sent has not been paid by its due date: https://docs.stripe.com/api/events/types#event_types-invoice.overdue,
 * https://docs.stripe.com/billing/subscriptions/overview#subscription-statuses
 */
export function invoiceOverdue(space: Space, id: string): void {
  const invoice = space.find('invoice', id);
  if (invoice?.status !== 'open') return;
  space.emit('invoice.overdue', invoice);
  const subscriptionId = invoice.parent?.subscription_details.subscription;
  const subscription = subscriptionId ? space.find('subscription', subscriptionId) : undefined;
  if (subscription?.status !== 'active' || decidingInvoice(space, subscription.id)?.id !== id) return;
  space.change('subscription', subscription.id, 'customer.subscription.updated', (draft) => {
    draft.status = 'past_due';
  });
}

/** The last retry has failed. */
function giveUp(space: Space, subscriptionId: string): void {
  const { finalAction } = space.emulator.retryPolicy(space.accountId);
  const subscription = space.get('subscription', subscriptionId);
  if (subscription.status !== 'past_due') return;
  if (finalAction === 'cancel') {
    endSubscription(space, subscriptionId, 'payment_failed');
  } else if (finalAction === 'unpaid') {
    space.change('subscription', subscriptionId, 'customer.subscription.updated', (draft) => {
      draft.status = 'unpaid';
    });
  }
}
