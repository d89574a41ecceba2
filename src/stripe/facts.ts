import type Stripe from 'stripe';
import type { PaymentFacts, SessionFacts, SubscriptionFacts } from '../domain/stripe-facts';
import type { AccountClient } from './account-client';
import { expectObject } from './errors';
import { everyPage, wholeList } from './every-page';
import { fetchLastingDiscounts } from './lasting-discounts';
import { chargedCard } from './charged-card';
import {
  fetchChargesOfCustomer,
  fetchReversalsOfIntent,
  NO_REVERSALS,
  reversalsOf,
  WITH_CHARGE,
} from './reversals';
import { paymentFacts, sessionFacts } from './session-facts';
import { idOf } from './stripe-values';
import { subscriptionFacts, type WholeInvoice } from './subscription-facts';

/** An invoice's subscription, which Stripe puts in its place when asked to: 4 levels, the most that there may be. */
const SUBSCRIPTION_OF_EACH = 'data.parent.subscription_details.subscription';

/**
 * Reads a subscription with all that decides: its items, every invoice with every line, and what came back of them. One
 * list brings the invoices with their payments and the subscription itself, so that both are of one moment; a second
 * what went back. https://docs.stripe.com/expand
 */
export async function fetchSubscription(client: AccountClient, id: string): Promise<SubscriptionFacts> {
  const options = { stripeAccount: client.accountId };
  const invoices = await everyPage(
    client.stripe.invoices.list(
      { subscription: id, limit: 100, expand: ['data.payments', SUBSCRIPTION_OF_EACH] },
      options,
    ),
  );
  const subscription =
    invoices.map(expandedSubscription).find((each) => each?.id === id) ??
    expectObject<Stripe.Subscription>(
      await client.stripe.subscriptions.retrieve(id, undefined, options),
      'subscription',
    );
  return factsOf(client, subscription, invoices);
}

/** Null: Stripe did not put it in the id's place. */
function expandedSubscription({ parent }: Stripe.Invoice): Stripe.Subscription | null {
  const found = parent?.subscription_details?.subscription;
  return found === undefined || typeof found === 'string' ? null : found;
}

/** A subscription that came with its invoices: the rest of what decides is asked for where it is not there yet. */
async function factsOf(
  client: AccountClient,
  subscription: Stripe.Subscription,
  invoices: readonly Stripe.Invoice[],
): Promise<SubscriptionFacts> {
  const [items, lasting, whole] = await Promise.all([
    fetchPricedItems(client, subscription),
    fetchLastingDiscounts(client, subscription),
    Promise.all(invoices.map((invoice) => wholeInvoice(client, invoice))),
  ]);
  const intents = whole.flatMap(({ payments }) =>
    payments.flatMap(({ payment }) => idOf(payment.payment_intent) ?? []),
  );
  // Where nothing was paid by a payment of Stripe's, nothing can have gone back of one.
  const charges =
    intents.length === 0
      ? []
      : await fetchChargesOfCustomer(client, idOf(subscription.customer) ?? '', intents);
  const reversals = await reversalsOf(client, charges);
  return subscriptionFacts(subscription, items, whole, reversals, chargedCard(charges, intents), lasting);
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

/**
 * All items with what each costs, which in another currency than the price's own lies too deep to be expanded in what
 * they came with. https://docs.stripe.com/api/prices/object#price_object-currency_options
 */
async function fetchPricedItems(
  client: AccountClient,
  subscription: Stripe.Subscription,
): Promise<Stripe.SubscriptionItem[]> {
  const { id, currency } = subscription;
  const items = await fetchItems(client, subscription);
  if (items.every(({ price }) => price.currency === currency)) return items;
  const asked = { subscription: id, limit: 100, expand: ['data.price.currency_options'] };
  return everyPage(client.stripe.subscriptionItems.list(asked, { stripeAccount: client.accountId }));
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

/** What comes along with a session: what was bought, and what was paid, or is to be, by either way. */
const WITH_SESSION = [
  'line_items',
  ...WITH_CHARGE.map((field) => `payment_intent.latest_charge.${field}`),
  'total_details.breakdown',
  'subscription.latest_invoice.payments',
];

/** Reads a Checkout Session with all that decides its outcome. */
export async function fetchSession(client: AccountClient, id: string): Promise<SessionFacts> {
  const session = expectObject(
    await client.stripe.checkout.sessions.retrieve(
      id,
      { expand: WITH_SESSION },
      { stripeAccount: client.accountId },
    ),
    'checkout.session',
  );
  // https://docs.stripe.com/api/checkout/sessions/line_items
  const lines = await wholeList(session.line_items, () =>
    client.stripe.checkout.sessions.listLineItems(id, { limit: 100 }, { stripeAccount: client.accountId }),
  );
  const intent = session.payment_intent;
  return sessionFacts(
    session,
    lines,
    await subscriptionOf(client, session),
    intent === null || typeof intent === 'string'
      ? NO_REVERSALS
      : await fetchReversalsOfIntent(client, intent),
  );
}

/**
 * The subscription that a session began. While its latest invoice is the one that it began with, there is no other;
 * later, all of them are read. https://docs.stripe.com/api/subscriptions/object#subscription_object-latest_invoice
 */
async function subscriptionOf(
  client: AccountClient,
  { subscription }: Stripe.Checkout.Session,
): Promise<SubscriptionFacts | null> {
  if (subscription === null) return null;
  if (typeof subscription === 'string') return fetchSubscription(client, subscription);
  const latest = subscription.latest_invoice;
  const isFirst =
    latest !== null && typeof latest !== 'string' && latest.billing_reason === 'subscription_create';
  return isFirst ? factsOf(client, subscription, [latest]) : fetchSubscription(client, subscription.id);
}

/** Reads a payment intent with its charge. */
export async function fetchPayment(client: AccountClient, id: string): Promise<PaymentFacts> {
  const intent = expectObject<Stripe.PaymentIntent>(
    await client.stripe.paymentIntents.retrieve(
      id,
      { expand: WITH_CHARGE.map((field) => `latest_charge.${field}`) },
      { stripeAccount: client.accountId },
    ),
    'payment_intent',
  );
  return paymentFacts(intent, await fetchReversalsOfIntent(client, intent));
}
