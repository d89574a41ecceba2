import { invalidRequest, StripeError } from '../http/errors';
import type { Price } from '../objects/catalog';
import { newInvoiceItem, type BillingReason, type Invoice } from '../objects/invoice';
import { newSubscription, newSubscriptionItem, type Subscription } from '../objects/subscription';
import type { PaymentMethod } from '../objects/payment-method';
import type { Space } from '../space';
import { refuseMixedIntervals, refuseTooMany } from './change-items';
import { setCurrency } from './customer-currency';
import { advanceDraft } from './cycle';
import { planTrialNotice, scheduleCycle } from './cycle-times';
import type { AttemptOptions, AttemptOutcome } from './intents';
import { redeem, setDiscounts, type DiscountInput } from './discounts';
import { createDraft } from './drafts';
import { collectInvoice, finalizeInvoice, voidInvoice } from './invoices';
import { periodLine, pricingOf, productName, unitAmountOf } from './lines';
import { periodEnd } from './periods';

/** An incomplete subscription expires after 23 hours: https://docs.stripe.com/billing/subscriptions/overview#incomplete */
const INCOMPLETE_SECONDS = 23 * 3600;

export interface StartInput {
  customer: string;
  items: { price: Price; quantity: number; metadata?: Record<string, string> }[];
  /** One-time prices for the first invoice. */
  extras?: { price: Price; quantity: number }[];
  billingMode: 'classic' | 'flexible';
  /** Unix seconds; null without a trial. */
  trialEnd: number | null;
  discounts?: DiscountInput[] | '' | undefined;
  /** One that every price takes; that of the first unless told. */
  currency?: string;
  fill: (subscription: Subscription) => void;
  /** Active at once, with the first invoice an hour in draft, as a schedule starts it. */
  deferred?: boolean;
}

/**
 * Creates a subscription with its first invoice, finalized but not yet collected. A trial's first invoice is over zero and
 * paid at once. https://docs.stripe.com/billing/subscriptions/overview
 */
export function startSubscription(
  space: Space,
  input: StartInput,
  preparedIntent?: string,
): { subscription: Subscription; invoice: Invoice } {
  const now = space.now();
  const first = input.items[0];
  if (!first) throw invalidRequest('Missing required param: items.', 'items', 'parameter_missing');
  refuseTooMany(input.items.length);
  if (input.billingMode === 'classic') refuseMixedIntervals(input.items.map(({ price }) => price));
  const subscription = newSubscription({
    customer: input.customer,
    currency: input.currency ?? first.price.currency,
    billingMode: input.billingMode,
    livemode: space.livemode,
    created: now,
  });
  const trial = input.trialEnd !== null && input.trialEnd > now;
  subscription.billing_cycle_anchor = trial ? (input.trialEnd ?? now) : now;
  if (trial) {
    subscription.trial_start = now;
    subscription.trial_end = input.trialEnd;
  }
  subscription.test_clock = space.get('customer', input.customer, 'customer').test_clock;
  input.fill(subscription);
  const discounts = setDiscounts(space, subscription, input.discounts);
  subscription.items.data = input.items.map(({ price, quantity, metadata }) =>
    newSubscriptionItem({
      subscription: subscription.id,
      price,
      quantity,
      periodStart: now,
      periodEnd: trial ? (input.trialEnd ?? now) : firstPeriodEnd(price, subscription.billing_cycle_anchor),
      ...(metadata ? { metadata } : {}),
      created: now,
    }),
  );
  if (subscription.cancel_at_period_end) scheduleEnd(subscription, now);
  space.put('subscription', subscription);
  for (const { id } of discounts) {
    redeem(space, id, (draft) => {
      draft.customer = subscription.customer;
      draft.subscription = subscription.id;
    });
  }
  for (const { price, quantity } of input.extras ?? []) addExtra(space, subscription, price, quantity);
  const invoice = createDraft(space, {
    customer: subscription.customer,
    currency: subscription.currency,
    reason: 'subscription_create',
    subscription,
    period: { start: now, end: now },
    lines: (id) => subscription.items.data.map((item) => periodLine(space, id, subscription, item, trial)),
    withPendingItems: true,
  });
  subscription.latest_invoice = invoice.id;
  if (trial && invoice.amount_due === 0) subscription.status = 'trialing';
  else if (input.deferred) subscription.status = 'active';
  space.put('subscription', subscription);
  setCurrency(space, subscription.customer, subscription.currency);
  space.emit('customer.subscription.created', subscription);
  if (subscription.status === 'incomplete') {
    space.schedule('subscription.expire_incomplete', subscription.id, now + INCOMPLETE_SECONDS);
  }
  const finalized =
    input.deferred && subscription.status === 'active'
      ? advanceDraft(space, subscription, invoice.id)
      : finalizeInvoice(space, invoice.id, preparedIntent);
  planTrialNotice(space, space.get('subscription', subscription.id));
  scheduleCycle(space, subscription.id);
  return { subscription: space.get('subscription', subscription.id), invoice: finalized };
}

/** Tries to collect the first invoice. */
export function collectFirst(
  space: Space,
  invoice: Invoice,
  options: AttemptOptions,
  method?: PaymentMethod,
): AttemptOutcome | { kind: 'no_payment_method' } {
  if (invoice.status !== 'open') return { kind: 'succeeded' };
  return collectInvoice(space, invoice.id, options, method);
}

/** The first payment did not come in time: the invoice is void. */
export function expireIncomplete(space: Space, id: string): void {
  const subscription = space.find('subscription', id);
  if (subscription?.status !== 'incomplete') return;
  space.change('subscription', id, 'customer.subscription.updated', (draft) => {
    draft.status = 'incomplete_expired';
    draft.ended_at = space.now();
  });
  if (subscription.latest_invoice && space.get('invoice', subscription.latest_invoice).status === 'open') {
    voidInvoice(space, subscription.latest_invoice);
  }
  scheduleCycle(space, id);
}

/** Writes a scheduled end at the end of the latest running period into a subscription that is not stored yet. */
export function scheduleEnd(subscription: Subscription, now: number): void {
  subscription.cancel_at_period_end = true;
  subscription.cancel_at = Math.max(...subscription.items.data.map((item) => item.current_period_end));
  subscription.canceled_at = now;
  subscription.cancellation_details.reason = 'cancellation_requested';
}

/** Takes a scheduled end back. */
export function unscheduleEnd(subscription: Subscription): void {
  subscription.cancel_at_period_end = false;
  subscription.cancel_at = null;
  subscription.canceled_at = null;
  subscription.cancellation_details.reason = null;
}

/** An invoice now, for what changed in the middle of a period. `paidOrNothing`: 402 if it cannot be paid. */
export function invoiceNow(
  space: Space,
  id: string,
  reason: BillingReason,
  { paidOrNothing = false }: { paidOrNothing?: boolean } = {},
): Invoice {
  const subscription = space.get('subscription', id);
  const now = space.now();
  const draft = createDraft(space, {
    customer: subscription.customer,
    currency: subscription.currency,
    reason,
    subscription,
    period: { start: now, end: now },
    lines: () => [],
    withPendingItems: true,
  });
  space.update('subscription', id, (next) => (next.latest_invoice = draft.id));
  return collectAtOnce(space, finalizeInvoice(space, draft.id), paidOrNothing);
}

/** Collects what a change has led to. `paidOrNothing`: a 402, which undoes the change, where the money does not come. */
export function collectAtOnce(space: Space, invoice: Invoice, paidOrNothing: boolean): Invoice {
  if (invoice.status !== 'open') return invoice;
  const outcome = collectInvoice(space, invoice.id, { offSession: true });
  if (paidOrNothing && outcome.kind !== 'succeeded' && outcome.kind !== 'processing')
    throw paymentError(outcome);
  return space.get('invoice', invoice.id);
}

/** 402 for a payment that failed, with `payment_behavior: error_if_incomplete`. */
export function paymentError(outcome: AttemptOutcome | { kind: 'no_payment_method' }): StripeError {
  if (outcome.kind === 'failed') {
    return new StripeError(402, 'card_error', outcome.error.message, {
      ...(outcome.error.advice_code ? { advice_code: outcome.error.advice_code } : {}),
      code: outcome.error.code,
      ...(outcome.error.decline_code ? { decline_code: outcome.error.decline_code } : {}),
    });
  }
  if (outcome.kind === 'requires_action') {
    return new StripeError(
      402,
      'card_error',
      'Payment for this subscription requires additional user action before it can be completed successfully.',
      { code: 'subscription_payment_intent_requires_action' },
    );
  }
  return invalidRequest(
    'This customer has no attached payment source or default payment method. Please consider adding a default payment method.',
    undefined,
    'resource_missing',
  );
}

function firstPeriodEnd(price: Price, anchor: number): number {
  if (!price.recurring) throw new Error(`price ${price.id} does not recur`);
  return periodEnd(anchor, anchor, price.recurring);
}

function addExtra(space: Space, subscription: Subscription, price: Price, quantity: number): void {
  const now = space.now();
  const item = newInvoiceItem({
    customer: subscription.customer,
    amount: unitAmountOf(price, subscription.currency) * quantity,
    currency: subscription.currency,
    description: productName(space, price),
    period: { start: now, end: now },
    pricing: pricingOf(price, subscription.currency),
    proration: false,
    quantity,
    subscription: subscription.id,
    subscriptionItem: null,
    metadata: {},
    livemode: space.livemode,
    created: now,
  });
  space.put('invoiceitem', item);
  space.emit('invoiceitem.created', item);
}
