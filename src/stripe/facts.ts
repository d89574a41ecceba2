import type Stripe from 'stripe';
import type { InvoiceFacts, PaymentFacts, SessionFacts, SubscriptionFacts } from '../domain/stripe-facts';
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

/** Reads a subscription with its newest invoices (one page of 100: years of a monthly one). */
export async function fetchSubscription(client: AccountClient, id: string): Promise<SubscriptionFacts> {
  const options = { stripeAccount: client.accountId };
  const [subscription, invoices] = await Promise.all([
    client.stripe.subscriptions.retrieve(id, undefined, options),
    client.stripe.invoices.list({ subscription: id, limit: 100 }, options),
  ]);
  expectObject(invoices, 'list');
  return subscriptionFacts(expectObject(subscription, 'subscription'), invoices.data);
}

/** Reads a Checkout Session with all that decides its outcome. */
export async function fetchSession(client: AccountClient, id: string): Promise<SessionFacts> {
  const session = expectObject(
    await client.stripe.checkout.sessions.retrieve(
      id,
      { expand: ['line_items', 'payment_intent.latest_charge'] },
      { stripeAccount: client.accountId },
    ),
    'checkout.session',
  );
  const subscriptionId = idOf(session.subscription);
  return sessionFacts(
    session,
    subscriptionId === null ? null : await fetchSubscription(client, subscriptionId),
  );
}

/** Reads a payment intent with its charge. */
export async function fetchPayment(client: AccountClient, id: string): Promise<PaymentFacts> {
  const intent = await client.stripe.paymentIntents.retrieve(
    id,
    { expand: ['latest_charge'] },
    { stripeAccount: client.accountId },
  );
  return paymentFacts(expectObject(intent, 'payment_intent'));
}

/** @see SubscriptionFacts. Periods sit on the items since the `basil` version. */
export function subscriptionFacts(
  subscription: Stripe.Subscription,
  invoices: readonly Stripe.Invoice[],
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
    invoices: [...invoices].sort((a, b) => b.created - a.created).map(invoiceFacts),
  };
}

function invoiceFacts(invoice: Stripe.Invoice): InvoiceFacts {
  const ends = invoice.lines.data
    .filter((line) => line.parent?.type === 'subscription_item_details')
    .map((line) => line.period.end);
  return {
    id: invoice.id ?? '',
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
export function paymentFacts(intent: Stripe.PaymentIntent): PaymentFacts {
  const charge = typeof intent.latest_charge === 'object' ? intent.latest_charge : null;
  return {
    id: intent.id,
    status: paymentStatus(intent.status),
    paidAt: intent.status === 'succeeded' ? (charge?.created ?? intent.created) : null,
    amount: intent.amount,
    amountRefunded: charge?.amount_refunded ?? 0,
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
): SessionFacts {
  const subtotal = session.amount_subtotal ?? 0;
  const discount = session.total_details?.amount_discount ?? 0;
  const total = session.amount_total ?? 0;
  const tax = session.total_details?.amount_tax ?? 0;
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
    // `amount_tax` holds both kinds; automatic tax is the only source, and the issue that adds it tells them apart.
    amountExclusiveTax: tax,
    amountTotal: total,
    lines: (session.line_items?.data ?? []).map((line) => ({
      priceId: idOf(line.price) ?? '',
      quantity: line.quantity ?? 0,
    })),
    payment: intent === null ? null : paymentFacts(intent),
    subscription,
  };
}
