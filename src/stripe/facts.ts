import type Stripe from 'stripe';
import { latestEnd } from '../domain/paid-periods';
import type {
  InvoiceFacts,
  InvoiceLineFacts,
  ItemFacts,
  PaymentFacts,
  SessionFacts,
  SubscriptionFacts,
} from '../domain/stripe-facts';
import { expectObject } from './errors';
import { everyPage, wholeList } from './every-page';
import {
  fetchReversals,
  fetchReversalsOfCustomer,
  NO_REVERSALS,
  reversalOf,
  type Reversals,
} from './reversals';
import type { AccountClient } from './account-client';

const idOf = (ref: string | { id: string } | null | undefined): string | null =>
  ref == null ? null : typeof ref === 'string' ? ref : ref.id;

/**
 * Stripe may add values to its enums at any time; a rule that does not know one must not guess.
 * @throws Error, which is retried and shows in the run until the rule knows the value.
 */
function oneOf<T extends string>(what: string, value: string, known: readonly T[]): T {
  const found = known.find((candidate) => candidate === value);
  if (found === undefined) throw new Error(`Stripe says ${what} "${value}", which no rule here knows`);
  return found;
}

/** An invoice with all of its lines and payments. */
export interface WholeInvoice {
  invoice: Stripe.Invoice;
  lines: Stripe.InvoiceLineItem[];
  payments: Stripe.InvoicePayment[];
}

/** Reads a subscription with all that decides: its items, every invoice with every line, and what came back of them. */
export async function fetchSubscription(client: AccountClient, id: string): Promise<SubscriptionFacts> {
  const options = { stripeAccount: client.accountId };
  const [subscription, invoices] = await Promise.all([
    client.stripe.subscriptions.retrieve(id, undefined, options),
    everyPage(
      client.stripe.invoices.list({ subscription: id, limit: 100, expand: ['data.payments'] }, options),
    ),
  ]);
  const { customer } = expectObject(subscription, 'subscription');
  const reading = Promise.all(invoices.map((invoice) => wholeInvoice(client, invoice)));
  const paidBy = async () =>
    (await reading).flatMap(({ payments }) =>
      payments.flatMap(({ payment }) => idOf(payment.payment_intent) ?? []),
    );
  const [items, whole, reversals] = await Promise.all([
    fetchItems(client, subscription),
    reading,
    fetchReversalsOfCustomer(client, idOf(customer) ?? '', paidBy),
  ]);
  return subscriptionFacts(subscription, items, whole, reversals);
}

/** All items of a subscription. https://docs.stripe.com/api/subscription_items/list */
export function fetchItems(
  { stripe, accountId }: AccountClient,
  subscription: Stripe.Subscription,
): Promise<Stripe.SubscriptionItem[]> {
  return wholeList(subscription.items, () =>
    stripe.subscriptionItems.list(
      { subscription: subscription.id, limit: 100 },
      { stripeAccount: accountId },
    ),
  );
}

/** All lines and payments of an invoice: https://docs.stripe.com/api/invoice-line-item/retrieve */
async function wholeInvoice(
  { stripe, accountId }: AccountClient,
  invoice: Stripe.Invoice,
): Promise<WholeInvoice> {
  const options = { stripeAccount: accountId };
  const id = invoice.id ?? '';
  const [lines, payments] = await Promise.all([
    wholeList(invoice.lines, () => stripe.invoices.listLineItems(id, { limit: 100 }, options)),
    wholeList(invoice.payments, () => stripe.invoicePayments.list({ invoice: id, limit: 100 }, options)),
  ]);
  return { invoice, lines, payments };
}

/** Reads a Checkout Session with all that decides its outcome. */
export async function fetchSession(client: AccountClient, id: string): Promise<SessionFacts> {
  const session = expectObject(
    await client.stripe.checkout.sessions.retrieve(
      id,
      { expand: ['line_items', 'payment_intent.latest_charge', 'total_details.breakdown'] },
      { stripeAccount: client.accountId },
    ),
    'checkout.session',
  );
  const subscriptionId = idOf(session.subscription);
  const intentId = idOf(session.payment_intent);
  // https://docs.stripe.com/api/checkout/sessions/line_items
  const lines = await wholeList(session.line_items, () =>
    client.stripe.checkout.sessions.listLineItems(id, { limit: 100 }, { stripeAccount: client.accountId }),
  );
  return sessionFacts(
    session,
    lines,
    subscriptionId === null ? null : await fetchSubscription(client, subscriptionId),
    intentId === null ? NO_REVERSALS : await fetchReversals(client, { payment_intent: intentId }),
  );
}

/** Reads a payment intent with its charge. */
export async function fetchPayment(client: AccountClient, id: string): Promise<PaymentFacts> {
  const intent = await client.stripe.paymentIntents.retrieve(
    id,
    { expand: ['latest_charge'] },
    { stripeAccount: client.accountId },
  );
  return paymentFacts(
    expectObject(intent, 'payment_intent'),
    await fetchReversals(client, { payment_intent: id }),
  );
}

/**
 * @see SubscriptionFacts. Periods sit on the items since the `basil` version.
 * @param items all of its items, and `invoices` all of its invoices with all lines.
 */
export function subscriptionFacts(
  subscription: Stripe.Subscription,
  items: readonly Stripe.SubscriptionItem[],
  invoices: readonly WholeInvoice[],
  reversals: Reversals = NO_REVERSALS,
): SubscriptionFacts {
  return {
    id: subscription.id,
    status: oneOf('subscription status', subscription.status, [
      'trialing',
      'active',
      'past_due',
      'unpaid',
      'paused',
      'incomplete',
      'incomplete_expired',
      'canceled',
    ]),
    customerId: idOf(subscription.customer) ?? '',
    currency: subscription.currency,
    startedAt: subscription.start_date,
    items: items.map(itemFacts),
    currentPeriodEnd: Math.max(0, ...items.map((item) => item.current_period_end)),
    trialStart: subscription.trial_start,
    trialEnd: subscription.trial_end,
    cancelAt: subscription.cancel_at,
    cancelAtPeriodEnd: subscription.cancel_at_period_end,
    endedAt: subscription.ended_at,
    collectionPaused: subscription.pause_collection !== null,
    resumesAt: subscription.pause_collection?.resumes_at ?? null,
    collectionMethod: collectionOf(subscription.collection_method),
    scheduleId: idOf(subscription.schedule),
    discounts: (subscription.discounts ?? []).map((discount) => idOf(discount) ?? ''),
    latestInvoiceId: idOf(subscription.latest_invoice),
    invoices: [...invoices]
      .sort((a, b) => b.invoice.created - a.invoice.created)
      .map((invoice) => invoiceFacts(invoice, reversals)),
  };
}

function collectionOf(method: string | null): SubscriptionFacts['collectionMethod'] {
  return oneOf('collection method', method ?? 'charge_automatically', [
    'charge_automatically',
    'send_invoice',
  ]);
}

function itemFacts(item: Stripe.SubscriptionItem): ItemFacts {
  return {
    id: item.id,
    createdAt: item.created,
    stripePriceId: item.price.id,
    stripeProductId: idOf(item.price.product) ?? '',
    quantity: item.quantity ?? 1,
    periodStart: item.current_period_start,
    periodEnd: item.current_period_end,
  };
}

function invoiceFacts({ invoice, lines, payments }: WholeInvoice, reversals: Reversals): InvoiceFacts {
  const facts = lines.map(lineFacts);
  return {
    id: invoice.id ?? '',
    createdAt: invoice.created,
    reason:
      invoice.billing_reason === 'subscription_create'
        ? 'create'
        : invoice.billing_reason === 'subscription_cycle'
          ? 'cycle'
          : 'other',
    status:
      invoice.status === null
        ? null
        : oneOf<NonNullable<InvoiceFacts['status']>>('invoice status', invoice.status, [
            'draft',
            'open',
            'paid',
            'void',
            'uncollectible',
          ]),
    collectionMethod: collectionOf(invoice.collection_method),
    total: invoice.total,
    amountDue: invoice.amount_due,
    amountPaid: invoice.amount_paid,
    amountRemaining: invoice.amount_remaining,
    // A negative balance is the customer's credit: https://docs.stripe.com/billing/customer/balance
    fromBalance: Math.max(0, (invoice.ending_balance ?? invoice.starting_balance) - invoice.starting_balance),
    creditNotes: invoice.post_payment_credit_notes_amount,
    ...reversalOf(
      payments.map(({ payment }) => idOf(payment.payment_intent)),
      reversals,
    ),
    finalizedAt: invoice.status_transitions.finalized_at,
    paidAt: invoice.status_transitions.paid_at,
    dueAt: invoice.due_date,
    attempted: invoice.attempted,
    nextAttemptAt: invoice.next_payment_attempt,
    hostedUrl: invoice.hosted_invoice_url ?? null,
    periodEnd: latestEnd(facts),
    lines: facts,
  };
}

function lineFacts(line: Stripe.InvoiceLineItem): InvoiceLineFacts {
  const ofItem = line.parent?.subscription_item_details ?? null;
  const details = ofItem ?? line.parent?.invoice_item_details ?? null;
  const credited = details?.proration_details?.credited_items ?? null;
  const price = line.pricing?.price_details;
  return {
    id: line.id,
    itemId: ofItem?.subscription_item ?? null,
    stripePriceId: idOf(price?.price),
    stripeProductId: price?.product ?? null,
    quantity: line.quantity,
    amount: line.amount,
    discount: (line.discount_amounts ?? []).reduce((sum, { amount }) => sum + amount, 0),
    proration: details?.proration ?? false,
    periodStart: line.period.start,
    periodEnd: line.period.end,
    credits: credited === null ? null : { invoiceId: credited.invoice, lineIds: credited.invoice_line_items },
  };
}

/** @see PaymentFacts. A canceled intent, or one that waits for another method after a failure, has failed. */
export function paymentFacts(intent: Stripe.PaymentIntent, reversals: Reversals): PaymentFacts {
  const charge = typeof intent.latest_charge === 'object' ? intent.latest_charge : null;
  return {
    id: intent.id,
    status: paymentStatus(intent.status),
    paidAt: intent.status === 'succeeded' ? (charge?.created ?? intent.created) : null,
    amount: intent.amount,
    failure: intent.last_payment_error?.decline_code ?? intent.last_payment_error?.code ?? null,
    ...reversalOf([intent.id], reversals),
  };
}

function paymentStatus(status: string): PaymentFacts['status'] {
  if (status === 'succeeded' || status === 'processing') return status;
  return status === 'canceled' || status === 'requires_payment_method' ? 'failed' : 'waiting';
}

/** @see SessionFacts. @param lines all of its line items. */
export function sessionFacts(
  session: Stripe.Checkout.Session,
  lines: readonly Stripe.LineItem[],
  subscription: SubscriptionFacts | null,
  reversals: Reversals,
): SessionFacts {
  const subtotal = session.amount_subtotal ?? 0;
  const discount = session.total_details?.amount_discount ?? 0;
  const total = session.amount_total ?? 0;
  const intent = typeof session.payment_intent === 'object' ? session.payment_intent : null;
  return {
    id: session.id,
    status: oneOf('session status', session.status ?? 'open', ['open', 'complete', 'expired']),
    paymentStatus: oneOf('payment status', session.payment_status, ['paid', 'unpaid', 'no_payment_required']),
    url: session.url,
    createdAt: session.created,
    expiresAt: session.expires_at,
    customerId: idOf(session.customer),
    email: session.customer_details?.email?.toLowerCase() ?? null,
    currency: session.currency,
    amountSubtotal: subtotal,
    amountDiscount: discount,
    amountExclusiveTax: exclusiveTaxOf(session),
    amountTotal: total,
    lines: lines.map((line) => ({
      priceId: idOf(line.price) ?? '',
      quantity: line.quantity ?? 0,
    })),
    payment: intent === null ? null : paymentFacts(intent, reversals),
    subscription,
  };
}

/**
 * The tax on top of the prices. `amount_tax` holds inclusive tax as well, which is part of the subtotal already; only
 * the breakdown tells them apart. https://docs.stripe.com/tax/products-prices-tax-codes-tax-behavior
 */
function exclusiveTaxOf({ total_details: details }: Stripe.Checkout.Session): number {
  const taxes = details?.breakdown?.taxes;
  if (taxes === undefined) return details?.amount_tax ?? 0;
  return taxes.reduce((sum, { amount, rate }) => (rate.inclusive ? sum : sum + amount), 0);
}
