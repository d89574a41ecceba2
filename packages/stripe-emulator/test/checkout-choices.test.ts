import type Stripe from 'stripe';
import { accountFor, rigFor } from './support/setup';

const DONE = 'http://localhost:1/done';

describe('what a payer chooses at Checkout', () => {
  const rig = rigFor('file');
  const account = accountFor('file', rig);

  function open(params: Stripe.Checkout.SessionCreateParams): Promise<Stripe.Checkout.Session> {
    return rig.test.checkout.sessions.create({ success_url: DONE, ...params }, account.options);
  }

  function retrieve(id: string, expand: string[] = []): Promise<Stripe.Checkout.Session> {
    return rig.test.checkout.sessions.retrieve(id, { expand }, account.options);
  }

  it('an amount, between the bounds of the price', async () => {
    const product = await rig.test.products.create({ name: 'A tip' }, account.options);
    const price = await rig.test.prices.create(
      {
        product: product.id,
        currency: 'eur',
        custom_unit_amount: { enabled: true, minimum: 500, maximum: 10_000 },
      },
      account.options,
    );
    const session = await open({ mode: 'payment', line_items: [{ price: price.id, quantity: 1 }] });
    expect(session.amount_total).toBe(0);
    expect((await rig.pay(session)).status).toBe(402);
    for (const unit_amount of ['4.99', '100.01', 'much']) {
      expect((await rig.pay(session, { unit_amount })).status).toBe(402);
    }
    expect((await rig.pay(session, { unit_amount: '12,50' })).status).toBe(303);
    const paid = await retrieve(session.id, ['payment_intent', 'line_items']);
    expect(paid.amount_total).toBe(1250);
    expect((paid.payment_intent as Stripe.PaymentIntent).amount_received).toBe(1250);
    expect(paid.line_items?.data[0]?.amount_total).toBe(1250);
    await expect(
      open({ mode: 'payment', line_items: [{ price: price.id, quantity: 2 }] }),
    ).rejects.toMatchObject({ param: 'line_items[0]' });
    await expect(
      rig.test.prices.create(
        {
          product: product.id,
          currency: 'eur',
          custom_unit_amount: { enabled: true, minimum: 500, preset: 400 },
        },
        account.options,
      ),
    ).rejects.toMatchObject({ param: 'custom_unit_amount[preset]' });
  });

  it('a quantity, between the bounds of the line', async () => {
    const price = await rig.price(account.id, 1000, { interval: 'month' });
    const session = await open({
      mode: 'subscription',
      line_items: [
        { price: price.id, quantity: 2, adjustable_quantity: { enabled: true, minimum: 2, maximum: 5 } },
      ],
    });
    const six = await rig.post(`/c/pay/${session.id}`, { action: 'update', quantity_0: '6' });
    expect(await six.text()).toContain('The quantity has to be between 2 and 5.');
    const three = await rig.post(`/c/pay/${session.id}`, { action: 'update', quantity_0: '3' });
    expect(await three.text()).toContain('€30.00');
    expect((await rig.pay(session, { quantity_0: '4' })).status).toBe(303);
    const done = await retrieve(session.id, ['subscription']);
    expect(done.amount_total).toBe(4000);
    expect((done.subscription as Stripe.Subscription).items.data[0]?.quantity).toBe(4);
  });

  it('a card that is only kept', async () => {
    const { id: customer } = await rig.test.customers.create({ email: 'mia@example.com' }, account.options);
    const session = await open({
      mode: 'setup',
      customer,
      currency: 'eur',
      setup_intent_data: { metadata: { a: 'b' } },
    });
    expect(session).toMatchObject({ amount_total: null, payment_status: 'no_payment_required' });
    await expect(
      rig.test.setupIntents.confirm(
        session.setup_intent as string,
        { payment_method: 'pm_card_visa' },
        account.options,
      ),
    ).rejects.toMatchObject({ param: 'intent' });
    expect((await rig.pay(session, { card_number: '4000000000000002' })).status).toBe(402);
    const challenge = await rig.pay(session, { card_number: '4000002500003155' });
    const challenged = await fetch(`${rig.emulator.url}${challenge.headers.get('location')}`);
    expect(await challenged.text()).toContain('authentication of this card');
    const done = await rig.post(`/c/pay/${session.id}/authenticate`, { result: 'complete' });
    expect(done.headers.get('location')).toBe(DONE);
    const kept = await retrieve(session.id, ['setup_intent']);
    expect(kept.setup_intent).toMatchObject({ status: 'succeeded', customer, metadata: { a: 'b' } });
    expect((await rig.test.paymentMethods.list({ customer }, account.options)).data).toHaveLength(1);
    await expect(open({ mode: 'setup' })).rejects.toMatchObject({ param: 'currency' });
  });

  it('to come back after the session has expired', async () => {
    const price = await rig.price(account.id, 1000);
    const session = await open({
      mode: 'payment',
      line_items: [{ price: price.id, quantity: 1 }],
      after_expiration: { recovery: { enabled: true, allow_promotion_codes: true } },
    });
    const expired = await rig.test.checkout.sessions.expire(session.id, {}, account.options);
    const url = expired.after_expiration?.recovery?.url ?? '';
    expect(await (await fetch(session.url ?? '')).text()).toContain(url);
    const back = await fetch(url, { redirect: 'manual' });
    const fresh = await retrieve(back.headers.get('location')?.split('/').pop() ?? '');
    expect(fresh).toMatchObject({
      status: 'open',
      recovered_from: session.id,
      allow_promotion_codes: true,
      amount_total: 1000,
    });
    expect((await rig.pay(fresh)).status).toBe(303);
  });

  it('where to live, which the customer and the tax hear of', async () => {
    const price = await rig.price(account.id, 1000, { interval: 'month' });
    const line_items = [{ price: price.id, quantity: 1 }];
    const { id: customer } = await rig.test.customers.create({ email: 'mia@example.com' }, account.options);
    const automatic_tax = { enabled: true };
    await rig.test.tax.settings.update({ head_office: { address: { country: 'DE' } } }, account.options);
    await expect(open({ mode: 'subscription', line_items, customer, automatic_tax })).rejects.toMatchObject({
      code: 'customer_tax_location_invalid',
    });
    const session = await open({
      mode: 'subscription',
      line_items,
      customer,
      automatic_tax,
      customer_update: { address: 'auto', name: 'auto' },
    });
    await rig.pay(session);
    const done = await retrieve(session.id, ['customer', 'subscription.latest_invoice']);
    expect(done).toMatchObject({
      automatic_tax: { enabled: true, status: 'complete' },
      total_details: { amount_tax: 0 },
      customer: { name: 'Mia Member', address: { country: 'DE' } },
      subscription: {
        automatic_tax: { enabled: true },
        latest_invoice: { automatic_tax: { enabled: true, status: 'complete' } },
      },
    });
  });
});
