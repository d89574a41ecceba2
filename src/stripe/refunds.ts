import type Stripe from 'stripe';
import type { SessionFacts } from '../domain/stripe-facts';
import type { RefundPart } from '../domain/withdrawal';
import { changeOnce, createOnce } from './create-once';
import { expectObject, isFinalNo } from './errors';
import { everyPage, wholeList } from './every-page';
import type { AccountClient } from './account-client';

/** Refunds that count: a failed or cancelled one gave nothing back. */
const COUNTS = ['succeeded', 'pending', 'requires_action'];

/**
 * Gives back all that was paid for a Checkout Session and ends the subscription that it began. Safe to repeat, also
 * after Stripe has forgotten the idempotency keys: what went back already is looked up first.
 * @param rowId our checkout, for the idempotency keys
 * @throws the Stripe client's error. https://docs.stripe.com/refunds
 */
export async function refundSession(
  client: AccountClient,
  rowId: string,
  session: SessionFacts,
): Promise<void> {
  if (session.payment !== null) await refund(client, rowId, session.payment.id, session.payment.amount);
  if (session.subscription === null) return;
  await endSubscription(client, rowId, session.subscription.id);
  for (const { intent, amount } of await paymentsOf(client, session.subscription.id))
    await refund(client, rowId, intent, amount);
}

/** Ends a subscription at once, if it has not ended yet. @param rowId our checkout, for the idempotency key */
export async function endSubscription(client: AccountClient, rowId: string, id: string): Promise<void> {
  const options = { stripeAccount: client.accountId };
  const ended = async (): Promise<Stripe.Subscription | null> => {
    const present = expectObject<Stripe.Subscription>(
      await client.stripe.subscriptions.retrieve(id, undefined, options),
      'subscription',
    );
    return ['canceled', 'incomplete_expired'].includes(present.status) ? present : null;
  };
  if ((await ended()) !== null) return;
  await changeOnce({
    rowId,
    step: 'cancel',
    change: async (idempotencyKey) =>
      expectObject<Stripe.Subscription>(
        await client.stripe.subscriptions.cancel(id, undefined, { ...options, idempotencyKey }),
        'subscription',
      ),
    lookUp: ended,
  });
}

/** The payments of a subscription's invoices. Amounts in minor units. */
async function paymentsOf(
  client: AccountClient,
  subscription: string,
): Promise<{ intent: string; amount: number }[]> {
  const options = { stripeAccount: client.accountId };
  const invoices = await everyPage(
    client.stripe.invoices.list(
      { subscription, status: 'paid', limit: 100, expand: ['data.payments'] },
      options,
    ),
  );
  const payments = await Promise.all(
    invoices.map(({ id, payments: nested }) =>
      wholeList(nested, () => client.stripe.invoicePayments.list({ invoice: id ?? '', limit: 100 }, options)),
    ),
  );
  return intentsOf(payments.flat());
}

async function refund(client: AccountClient, rowId: string, intent: string, amount: number): Promise<void> {
  const isBack = async () => sumOf(await listRefunds(client, intent)) >= amount;
  if (await isBack()) return;
  const marker = { checkoutId: rowId };
  try {
    // Without an amount: all that is left of it.
    await createRefund(client, { rowId, step: `refund-${intent}`, intent, marker });
  } catch (error) {
    // The coach may have given it back in the Dashboard in that very moment.
    if (!isFinalNo(error) || !(await isBack())) throw error;
  }
}

/** A refund that a row of ours asks for. */
interface RefundOfRow {
  rowId: string;
  step: string;
  intent: string;
  /** Minor units; left out: all that is left. */
  amount?: number;
  /** The one entry of its metadata by which it is found again. */
  marker: Readonly<Record<string, string>>;
  reason?: NonNullable<Stripe.RefundCreateParams['reason']>;
}

/** Whether a refund is the one of a marker. */
export function isMarked({ metadata }: Stripe.Refund, marker: RefundOfRow['marker']): boolean {
  return Object.entries(marker).every(([name, value]) => metadata?.[name] === value);
}

/** Has Stripe give back of one payment, once. @throws the Stripe client's error. https://docs.stripe.com/api/refunds/create */
export function createRefund(
  client: AccountClient,
  { rowId, step, intent, amount, marker, reason }: RefundOfRow,
): Promise<Stripe.Refund> {
  const request: Stripe.RefundCreateParams = {
    payment_intent: intent,
    ...(amount === undefined ? {} : { amount }),
    metadata: marker,
    ...(reason === undefined ? {} : { reason }),
  };
  return createOnce({
    rowId,
    step,
    create: async (idempotencyKey) =>
      expectObject<Stripe.Refund>(
        await client.stripe.refunds.create(request, { stripeAccount: client.accountId, idempotencyKey }),
        'refund',
      ),
    lookUp: async () => (await listRefunds(client, intent)).find((one) => isMarked(one, marker)) ?? null,
  });
}

/**
 * Gives back a part of what was paid by an invoice or a payment intent: no more than is left of it, and safe to repeat, also
 * after Stripe has forgotten the idempotency keys.
 * @param rowId our withdrawal, for the idempotency keys and the look-up
 * @throws the Stripe client's error. https://docs.stripe.com/refunds
 */
export async function refundPart(
  client: AccountClient,
  rowId: string,
  { stripeId, amount }: RefundPart,
): Promise<void> {
  const marker = { withdrawalId: rowId };
  const payments = await paymentIntentsOf(client, stripeId);
  let left = amount;
  for (const { intent, amount: paid } of payments) {
    const refunds = await listRefunds(client, intent);
    const own = refunds.find((one) => isMarked(one, marker));
    if (own !== undefined) {
      left -= own.amount;
      continue;
    }
    // What the coach gave back in the Dashboard meanwhile is not given twice.
    const part = Math.min(left, paid - sumOf(refunds));
    if (part <= 0) continue;
    await createRefund(client, { rowId, step: `refund-${intent}-${part}`, intent, amount: part, marker });
    left -= part;
  }
}

/** By which payment intents something was paid: an invoice, or one of them itself. Amounts in minor units. */
export async function paymentIntentsOf(
  client: AccountClient,
  stripeId: string,
): Promise<{ intent: string; amount: number }[]> {
  return stripeId.startsWith('in_')
    ? paymentsOfInvoice(client, stripeId)
    : [{ intent: stripeId, amount: await receivedOf(client, stripeId) }];
}

/** What a payment intent brought, in minor units. */
async function receivedOf({ stripe, accountId }: AccountClient, intent: string): Promise<number> {
  const found = await stripe.paymentIntents.retrieve(intent, undefined, { stripeAccount: accountId });
  return expectObject<Stripe.PaymentIntent>(found, 'payment_intent').amount_received;
}

/** The payments of one invoice. Amounts in minor units. */
async function paymentsOfInvoice(
  client: AccountClient,
  invoice: string,
): Promise<{ intent: string; amount: number }[]> {
  const options = { stripeAccount: client.accountId };
  return intentsOf(await everyPage(client.stripe.invoicePayments.list({ invoice, limit: 100 }, options)));
}

const intentsOf = (payments: readonly Stripe.InvoicePayment[]) =>
  payments.flatMap(({ amount_paid: amount, payment }) => {
    const ref = payment.payment_intent;
    const intent = typeof ref === 'string' ? ref : ref?.id;
    return intent === undefined || !amount ? [] : [{ intent, amount }];
  });

/** Minor units. */
export const sumOf = (refunds: readonly Stripe.Refund[]): number =>
  refunds.reduce((sum, { amount }) => sum + amount, 0);

/** A payment's refunds that count are found by its payment intent. https://docs.stripe.com/api/refunds/list */
export async function listRefunds(client: AccountClient, intent: string): Promise<Stripe.Refund[]> {
  const refunds = await everyPage(
    client.stripe.refunds.list({ payment_intent: intent, limit: 100 }, { stripeAccount: client.accountId }),
  );
  return refunds.filter(({ status }) => COUNTS.includes(status ?? ''));
}
