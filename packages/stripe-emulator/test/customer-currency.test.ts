import type Stripe from 'stripe';
import { accountFor, rigFor } from './support/setup';

/**
 * A customer has one currency while something holds it: https://docs.stripe.com/invoicing/multi-currency-customers and
 * https://support.stripe.com/questions/set-or-change-currency-for-an-invoice-or-customer-in-stripe-billing
 */
describe('the currency of a customer', () => {
  let customer: string;
  let monthly: Record<'eur' | 'usd', string>;
  let once: Record<'eur' | 'usd', string>;

  const rig = rigFor('test');
  const account = accountFor('test', rig);
  beforeEach(async () => {
    customer = (
      await rig.test.customers.create(
        {
          payment_method: 'pm_card_visa',
          invoice_settings: { default_payment_method: 'pm_card_visa' },
        },
        account.options,
      )
    ).id;
    const price = async (currency: string, recurring?: Stripe.PriceCreateParams.Recurring) => {
      const made = await rig.test.prices.create(
        {
          currency,
          unit_amount: 1000,
          product_data: { name: 'Programme' },
          ...(recurring ? { recurring } : {}),
        },
        account.options,
      );
      return made.id;
    };
    monthly = {
      eur: await price('eur', { interval: 'month' }),
      usd: await price('usd', { interval: 'month' }),
    };
    once = { eur: await price('eur'), usd: await price('usd') };
  });

  const subscribe = (currency: 'eur' | 'usd', extra: Partial<Stripe.SubscriptionCreateParams> = {}) =>
    rig.test.subscriptions.create(
      { customer, items: [{ price: monthly[currency] }], ...extra },
      account.options,
    );
  const open = (currency: 'eur' | 'usd', mode: 'payment' | 'subscription' = 'subscription') =>
    rig.test.checkout.sessions.create(
      {
        mode,
        customer,
        line_items: [{ price: (mode === 'payment' ? once : monthly)[currency], quantity: 1 }],
        success_url: 'http://localhost:1/done',
      },
      account.options,
    );
  const schedule = (currency: 'eur' | 'usd') =>
    rig.test.subscriptionSchedules.create(
      {
        customer,
        start_date: Math.floor(Date.now() / 1000) + 86_400,
        phases: [
          { items: [{ price: monthly[currency] }], duration: { interval: 'month', interval_count: 1 } },
        ],
      },
      account.options,
    );
  const refused = (held: string) => ({
    statusCode: 400,
    type: 'StripeInvalidRequestError',
    message: `You cannot combine currencies on a single customer. This customer has an active subscription, subscription schedule, discount, quote, or invoice item with currency ${held}.`,
  });
  const refusedAtCheckout = (held: string) => ({
    statusCode: 400,
    type: 'StripeInvalidRequestError',
    message: `You cannot combine currencies on a single customer. This customer has an active subscription, subscription schedule, discount, quote, invoice item or active subscription mode checkout session with currency ${held}.`,
  });

  it('is held by a subscription, for other subscriptions, sessions, schedules and previews', async () => {
    await subscribe('eur');
    await expect(subscribe('usd')).rejects.toMatchObject(refused('eur'));
    await expect(open('usd')).rejects.toMatchObject(refusedAtCheckout('eur'));
    await expect(schedule('usd')).rejects.toMatchObject(refused('eur'));
    await expect(
      rig.test.invoices.createPreview(
        { customer, subscription_details: { items: [{ price: monthly.usd }] } },
        account.options,
      ),
    ).rejects.toMatchObject(refused('eur'));
    expect((await subscribe('eur')).currency).toBe('eur');
  });

  it.each(['trialing', 'past_due', 'incomplete', 'scheduled to end'])(
    'is held by a subscription that is %s',
    async (how) => {
      const made =
        how === 'trialing'
          ? await subscribe('eur', { trial_period_days: 7 })
          : await subscribe('eur', how === 'incomplete' ? { payment_behavior: 'default_incomplete' } : {});
      if (how === 'scheduled to end')
        await rig.test.subscriptions.update(made.id, { cancel_at_period_end: true }, account.options);
      if (how === 'past_due') {
        await rig.control('POST', '/triggers/payment_method_fails', {
          account: account.id,
          subscription: made.id,
        });
        await rig.advance(account.id, { advanceSeconds: 32 * 86_400 });
        expect((await rig.test.subscriptions.retrieve(made.id, {}, account.options)).status).toBe('past_due');
      }
      await expect(subscribe('usd')).rejects.toMatchObject(refused('eur'));
    },
  );

  it('is free again when the subscription has ended, and changes with the next one', async () => {
    const { id } = await subscribe('eur');
    expect(
      (await rig.test.customers.retrieve(customer, {}, account.options)) as Stripe.Customer,
    ).toMatchObject({
      currency: 'eur',
    });
    await rig.test.subscriptions.cancel(id, {}, account.options);
    await subscribe('usd');
    expect(
      (await rig.test.customers.retrieve(customer, {}, account.options)) as Stripe.Customer,
    ).toMatchObject({
      currency: 'usd',
    });
  });

  it('is set without an event of the customer', async () => {
    await subscribe('eur', { trial_period_days: 30 });
    const stored = await rig.test.customers.retrieve(customer, {}, account.options);
    expect((stored as Stripe.Customer).currency).toBe('eur');
    expect((await rig.test.events.list({ type: 'customer.updated' }, account.options)).data).toEqual([]);
  });

  it('is held by a schedule that has not begun, until it is cancelled', async () => {
    const { id } = await schedule('eur');
    await expect(subscribe('usd')).rejects.toMatchObject(refused('eur'));
    await rig.test.subscriptionSchedules.cancel(id, {}, account.options);
    expect((await subscribe('usd')).currency).toBe('usd');
  });

  it('is held by an invoice item that waits, until it is gone', async () => {
    const item = await rig.test.invoiceItems.create(
      { customer, amount: 500, currency: 'eur' },
      account.options,
    );
    await expect(subscribe('usd')).rejects.toMatchObject(refused('eur'));
    await expect(open('usd')).rejects.toMatchObject(refusedAtCheckout('eur'));
    await rig.test.invoiceItems.del(item.id, {}, account.options);
    expect((await open('usd')).currency).toBe('usd');
  });

  it('is held by an open invoice, until it is paid or void', async () => {
    const invoice = await rig.test.invoices.create({ customer, currency: 'eur' }, account.options);
    await rig.test.invoiceItems.create(
      { customer, invoice: invoice.id, amount: 500, currency: 'eur' },
      account.options,
    );
    await rig.test.invoices.finalizeInvoice(invoice.id, {}, account.options);
    await expect(subscribe('usd')).rejects.toMatchObject(refused('eur'));
    await rig.test.invoices.voidInvoice(invoice.id, {}, account.options);
    expect((await subscribe('usd')).currency).toBe('usd');
  });

  it('is held by an open session for a subscription, for other sessions, until it expires', async () => {
    const session = await open('eur');
    await expect(open('usd')).rejects.toMatchObject(refusedAtCheckout('eur'));
    await rig.test.checkout.sessions.expire(session.id, {}, account.options);
    expect((await open('usd')).currency).toBe('usd');
  });

  it('is not held by one-off payments, and does not hold them', async () => {
    await open('eur', 'payment');
    const session = await open('usd');
    expect((await rig.pay(session)).status).toBe(303);
    expect((await open('eur', 'payment')).currency).toBe('eur');
    const item = await rig.test.invoiceItems.create(
      { customer, amount: 500, currency: 'eur' },
      account.options,
    );
    expect(item.currency).toBe('eur');
  });

  it('refuses the payer whose customer has got a subscription in another currency meanwhile', async () => {
    const session = await open('usd');
    await subscribe('eur');
    const answer = await rig.pay(session);
    expect(answer.status).toBe(402);
    expect(await answer.text()).toContain('You cannot combine currencies');
  });

  it('refuses items of two currencies on one subscription, and foreign invoice items on it', async () => {
    await expect(
      subscribe('eur', { items: [{ price: monthly.eur }, { price: monthly.usd }] }),
    ).rejects.toMatchObject({ statusCode: 400, param: 'items[1][price]' });
    const { id } = await subscribe('eur');
    await expect(
      rig.test.invoiceItems.create(
        { customer, subscription: id, amount: 500, currency: 'usd' },
        account.options,
      ),
    ).rejects.toMatchObject({ statusCode: 400, param: 'currency' });
  });

  it('leaves the balance alone where an invoice has another currency', async () => {
    await subscribe('eur');
    await rig.test.customers.update(customer, { balance: -300 }, account.options);
    const invoice = await rig.test.invoices.create({ customer, currency: 'usd' }, account.options);
    await rig.test.invoiceItems.create(
      { customer, invoice: invoice.id, amount: 500, currency: 'usd' },
      account.options,
    );
    expect(await rig.test.invoices.finalizeInvoice(invoice.id, {}, account.options)).toMatchObject({
      amount_due: 500,
      starting_balance: 0,
    });
    expect(
      (await rig.test.customers.retrieve(customer, {}, account.options)) as Stripe.Customer,
    ).toMatchObject({
      balance: -300,
    });
  });
});
