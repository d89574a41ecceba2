import type Stripe from 'stripe';
import type { InvoiceFacts, PaymentFacts, SessionFacts, SubscriptionFacts } from '../domain/stripe-facts';
import { fetchReversals, NO_REVERSALS, reversalOf, type Reversals } from './reversals';
import { expectObject } from './errors';

/** Which account of which platform client to ask. */
export interface AccountClient {
  stripe: Stripe;
  accountId: string;
}

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

/** Reads a subscription with its newest invoices (one page of 100: years of a monthly one) and what came back of them. */
export async function fetchSubscription(client: AccountClient, id: string): Promise<SubscriptionFacts> {
  const options = { stripeAccount: client.accountId };
  const [subscription, invoices] = await Promise.all([
    client.stripe.subscriptions.retrieve(id, undefined, options),
    client.stripe.invoices.list({ subscription: id, limit: 100, expand: ['data.payments'] }, options),
  ]);
  expectObject(invoices, 'list');
  const { customer } = expectObject(subscription, 'subscription');
  return subscriptionFacts(
    subscription,
    invoices.data,
    await fetchReversals(client, { customer: idOf(customer) ?? '' }),
  );
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
  return sessionFacts(
    session,
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

/** @see SubscriptionFacts. Periods sit on the items since the `basil` version. */
export function subscriptionFacts(
  subscription: Stripe.Subscription,
  invoices: readonly Stripe.Invoice[],
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
    startedAt: subscription.start_date,
    currentPeriodEnd: Math.max(0, ...subscription.items.data.map((item) => item.current_period_end)),
    cancelAt: subscription.cancel_at,
    cancelAtPeriodEnd: subscription.cancel_at_period_end,
    endedAt: subscription.ended_at,
    collectionPaused: subscription.pause_collection !== null,
    resumesAt: subscription.pause_collection?.resumes_at ?? null,
    invoices: [...invoices]
      .sort((a, b) => b.created - a.created)
      .map((invoice) => invoiceFacts(invoice, reversals)),
  };
}

function invoiceFacts(invoice: Stripe.Invoice, reversals: Reversals): InvoiceFacts {
  const ends = invoice.lines.data
    .filter((line) => line.parent?.type === 'subscription_item_details')
    .map((line) => line.period.end);
  return {
    id: invoice.id ?? '',
    reason:
      invoice.billing_reason === 'subscription_create'
        ? 'create'
        : invoice.billing_reason === 'subscription_cycle'
          ? 'cycle'
          : 'other',
    amountPaid: invoice.amount_paid,
    ...reversalOf(
      (invoice.payments?.data ?? []).map((payment) => idOf(payment.payment.payment_intent)),
      reversals,
    ),
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
    finalizedAt: invoice.status_transitions.finalized_at,
    paidAt: invoice.status_transitions.paid_at,
    periodEnd: ends.length === 0 ? null : Math.max(...ends),
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
    ...reversalOf([intent.id], reversals),
  };
}

function paymentStatus(status: string): PaymentFacts['status'] {
  if (status === 'succeeded' || status === 'processing') return status;
  return status === 'canceled' || status === 'requires_payment_method' ? 'failed' : 'waiting';
}

/** @see SessionFacts. */
export function sessionFacts(
  session: Stripe.Checkout.Session,
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
    lines: (session.line_items?.data ?? []).map((line) => ({
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
