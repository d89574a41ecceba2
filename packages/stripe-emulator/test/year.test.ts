import type Stripe from 'stripe';
import { rigFor } from './support/setup';

const DAY = 86_400;
const CHEAP = 1999;
const DEAR = 3499;

/** The events of the purchase on the Checkout page. */
const PURCHASE = [
  'customer.created',
  'payment_method.attached',
  'invoice.created',
  'customer.subscription.created',
  'invoice.finalized',
  'invoice.updated',
  'payment_intent.created',
  'charge.succeeded',
  'payment_intent.succeeded',
  'invoice_payment.paid',
  'invoice.updated',
  'invoice.paid',
  'invoice.payment_succeeded',
  'customer.subscription.updated',
  'checkout.session.completed',
];

/** A change of plan whose difference is paid at once. */
const CHANGE = [
  'invoiceitem.created',
  'invoiceitem.created',
  'invoice.created',
  'invoice.finalized',
  'invoice.updated',
  'payment_intent.created',
  'charge.succeeded',
  'payment_intent.succeeded',
  'invoice_payment.paid',
  'invoice.updated',
  'invoice.paid',
  'invoice.payment_succeeded',
  'customer.subscription.updated',
];

/** The events of one renewal that is paid at the first attempt, from a week before to an hour after. */
const RENEWAL = [
  'invoice.upcoming',
  'invoice.created',
  'customer.subscription.updated',
  'invoice.finalized',
  'invoice.updated',
  'payment_intent.created',
  'charge.succeeded',
  'payment_intent.succeeded',
  'invoice_payment.paid',
  'invoice.updated',
  'invoice.paid',
  'invoice.payment_succeeded',
];

const FAILURE = [
  'charge.failed',
  'payment_intent.payment_failed',
  'invoice.updated',
  'invoice.payment_failed',
];

const RECOVERY = [
  'charge.succeeded',
  'payment_intent.succeeded',
  'invoice_payment.paid',
  'invoice.updated',
  'invoice.paid',
  'invoice.payment_succeeded',
  'customer.subscription.updated',
];

describe('a year of a monthly subscription', () => {
  const rig = rigFor('file');

  it('with a failed renewal, retries, recovery, a plan change and a cancel at the period’s end', async () => {
    const started = Date.now();
    const account = await rig.connect();
    const options = { stripeAccount: account };
    const cheap = await rig.price(account, CHEAP, { interval: 'month' });
    const dear = await rig.price(account, DEAR, { interval: 'month' });
    const session = await rig.test.checkout.sessions.create(
      {
        mode: 'subscription',
        line_items: [{ price: cheap.id, quantity: 1 }],
        success_url: 'http://localhost:1/done',
      },
      options,
    );
    const skipped = (await events(account)).length;
    await rig.pay(session);
    const paid = await rig.test.checkout.sessions.retrieve(session.id, {}, options);
    const id = paid.subscription as string;
    const current = () => rig.test.subscriptions.retrieve(id, {}, options);
    const endOfPeriod = async () => (await current()).items.data[0]?.current_period_end ?? 0;
    const trigger = (name: string) =>
      rig.control('POST', `/triggers/${name}`, { account, livemode: false, subscription: id });
    /** Goes to the end of the period and two hours on. */
    const month = async () => rig.advance(account, { advanceTo: (await endOfPeriod()) + 7200 });

    // Months 2 to 4.
    for (let step = 0; step < 3; step += 1) await month();

    // The renewal of month 5 fails, and so does the first retry; the second, eight days later, succeeds.
    const due = await endOfPeriod();
    await trigger('payment_method_fails');
    await rig.advance(account, { advanceTo: due + 7200 });
    expect((await current()).status).toBe('past_due');
    await rig.advance(account, { advanceTo: due + 4 * DAY });
    const [open] = (await rig.test.invoices.list({ subscription: id, status: 'open' }, options)).data;
    expect(open).toMatchObject({ attempt_count: 2, amount_remaining: CHEAP, created: due });
    await trigger('payment_method_recovers');
    await rig.advance(account, { advanceTo: due + 9 * DAY });
    expect((await current()).status).toBe('active');

    // Months 6 and 7, and one of them is given back in part.
    for (let step = 0; step < 2; step += 1) await month();
    const [recent] = (await rig.test.charges.list({ limit: 1 }, options)).data;
    await rig.test.refunds.create({ charge: recent?.id ?? '', amount: 500 }, options);

    // In the middle of month 7 the plan changes; the difference comes at once.
    await rig.advance(account, { advanceTo: (await endOfPeriod()) - 10 * DAY });
    const item = (await current()).items.data[0];
    await rig.test.subscriptions.update(
      id,
      { items: [{ id: item?.id ?? '', price: dear.id }], proration_behavior: 'always_invoice' },
      options,
    );

    // Months 8 to 12; in the last one the customer cancels.
    for (let step = 0; step < 5; step += 1) await month();
    const last = await endOfPeriod();
    const cancelled = await rig.test.subscriptions.update(id, { cancel_at_period_end: true }, options);
    expect(cancelled).toMatchObject({ status: 'active', cancel_at: last });
    await rig.advance(account, { advanceTo: last + 60 * DAY });
    expect(await current()).toMatchObject({ status: 'canceled', ended_at: last });
    expect(Math.round((last - (paid.created ?? 0)) / DAY)).toBeGreaterThanOrEqual(365);

    // The money, to the cent.
    const invoices = await all(rig.test.invoices.list({ subscription: id, limit: 100 }, options));
    const charges = await all(rig.test.charges.list({ limit: 100 }, options));
    const refunds = await all(rig.test.refunds.list({ limit: 100 }, options));
    const moves = await all(rig.test.balanceTransactions.list({ limit: 100 }, options));
    const change = invoices.find(({ billing_reason }) => billing_reason === 'subscription_update');
    const taken = sum(charges.filter((charge) => charge.paid).map(({ amount }) => amount));
    const given = sum(refunds.map(({ amount }) => amount));
    const billed = sum(invoices.map(({ total }) => total));
    expect(invoices.every(({ status }) => status === 'paid')).toBe(true);
    expect(billed).toBe(7 * CHEAP + 5 * DEAR + (change?.total ?? 0));
    expect(sum(invoices.map(({ amount_paid }) => amount_paid))).toBe(billed);
    expect(taken).toBe(billed);
    expect(given).toBe(500);
    expect(sum(moves.map(({ net }) => net))).toBe(taken - given);
    expect(charges.filter(({ status }) => status === 'failed')).toHaveLength(2);
    // A third of a month, more or less: ten days of the 28 to 31.
    const { current_period_start: start = 0, current_period_end: end = 1 } = item ?? {};
    const rest = (10 * DAY) / (end - start);
    expect(Math.abs((change?.total ?? 0) - (DEAR - CHEAP) * rest)).toBeLessThan(2);

    // What happened, in order.
    const types = (await events(account)).slice(skipped).map(({ type }) => type);
    const purchase = types.indexOf('invoice.upcoming');
    expect(types.slice(0, purchase)).toEqual(PURCHASE);
    expect(types.slice(purchase)).toEqual([
      ...RENEWAL,
      ...RENEWAL,
      ...RENEWAL,
      ...RENEWAL.slice(0, 6),
      ...FAILURE,
      'customer.subscription.updated',
      ...FAILURE,
      ...RECOVERY,
      ...RENEWAL,
      ...RENEWAL,
      'charge.refunded',
      'refund.created',
      ...CHANGE,
      ...RENEWAL,
      ...RENEWAL,
      ...RENEWAL,
      ...RENEWAL,
      ...RENEWAL,
      'customer.subscription.updated',
      'customer.subscription.deleted',
    ]);
    process.stdout.write(
      `a year: ${types.length} events, ${invoices.length} invoices over ${billed} minor units, ${Date.now() - started} ms\n`,
    );
  });

  async function events(account: string): Promise<Stripe.Event[]> {
    const { objects } = await rig.control<{ objects: { object: Stripe.Event }[] }>(
      'GET',
      `/objects?type=event&account=${account}`,
    );
    return objects.map(({ object }) => object).reverse();
  }
});

function all<T>(list: Stripe.ApiListPromise<T>): Promise<T[]> {
  return list.autoPagingToArray({ limit: 1000 });
}

function sum(values: number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
