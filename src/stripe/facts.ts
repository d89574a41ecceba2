import type Stripe from 'stripe';
import type { PaymentFacts, SessionFacts, SubscriptionFacts } from '../domain/stripe-facts';
import type { AccountClient } from './account-client';
import { expectObject } from './errors';
import { everyPage, wholeList } from './every-page';
import { fetchReversals, fetchReversalsOfCustomer, NO_REVERSALS } from './reversals';
import { paymentFacts, sessionFacts } from './session-facts';
import { idOf } from './stripe-values';
import { subscriptionFacts, type WholeInvoice } from './subscription-facts';

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
function fetchItems(
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
