import type Stripe from 'stripe';
import type { SessionFacts } from '../domain/stripe-facts';
import { changeOnce, createOnce } from './create-once';
import { expectObject } from './errors';
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
  return payments.flat().flatMap(({ amount_paid: amount, payment }) => {
    const ref = payment.payment_intent;
    const intent = typeof ref === 'string' ? ref : ref?.id;
    return intent === undefined || !amount ? [] : [{ intent, amount }];
  });
}

async function refund(client: AccountClient, rowId: string, intent: string, amount: number): Promise<void> {
  if ((await refundedOf(client, intent)) >= amount) return;
  await createOnce({
    rowId,
    step: `refund-${intent}`,
    // Without an amount: all that is left of it.
    create: async (idempotencyKey) =>
      expectObject<Stripe.Refund>(
        await client.stripe.refunds.create(
          { payment_intent: intent, metadata: { checkoutId: rowId } },
          { stripeAccount: client.accountId, idempotencyKey },
        ),
        'refund',
      ),
    lookUp: async () => {
      const refunds = await listRefunds(client, intent);
      return refunds.find(({ metadata }) => metadata?.['checkoutId'] === rowId) ?? null;
    },
  });
}

/** A payment's refunds are found by its payment intent. https://docs.stripe.com/api/refunds/list */
async function listRefunds(client: AccountClient, intent: string): Promise<Stripe.Refund[]> {
  const refunds = await everyPage(
    client.stripe.refunds.list({ payment_intent: intent, limit: 100 }, { stripeAccount: client.accountId }),
  );
  return refunds.filter(({ status }) => COUNTS.includes(status ?? ''));
}

async function refundedOf(client: AccountClient, intent: string): Promise<number> {
  const refunds = await listRefunds(client, intent);
  return refunds.reduce((sum, { amount }) => sum + amount, 0);
}
