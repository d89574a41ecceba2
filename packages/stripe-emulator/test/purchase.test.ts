import type Stripe from 'stripe';
import { Receiver } from './support/receiver';
import { rigFor } from './support/setup';

describe('a purchase on a connected account', () => {
  let hook: Receiver;
  let secret: string;

  const rig = rigFor('test');
  beforeEach(async () => {
    hook = await Receiver.start();
    const endpoint = await rig.test.webhookEndpoints.create({
      url: hook.url,
      enabled_events: ['*'],
      connect: true,
    });
    secret = endpoint.secret ?? '';
  });

  afterEach(async () => {
    await hook.close();
  });

  it('goes from OAuth to a paid one-off checkout with signed webhooks', async () => {
    const account = await rig.connect();
    const options = { stripeAccount: account };
    const price = await rig.price(account, 4900);
    const session = await rig.test.checkout.sessions.create(
      {
        mode: 'payment',
        line_items: [{ price: price.id, quantity: 2 }],
        success_url: 'http://localhost:1/done?session={CHECKOUT_SESSION_ID}',
        cancel_url: 'http://localhost:1/back',
        metadata: { checkoutId: 'co_1' },
        payment_intent_data: { metadata: { checkoutId: 'co_1' } },
        customer_creation: 'always',
      },
      options,
    );
    expect(session).toMatchObject({
      status: 'open',
      payment_status: 'unpaid',
      amount_total: 9800,
      currency: 'eur',
    });
    const page = await fetch(session.url ?? '');
    expect(page.status).toBe(200);
    expect(await page.text()).toContain('€98.00');

    const response = await rig.pay(session);
    expect(response.status).toBe(303);
    expect(response.headers.get('location')).toBe(`http://localhost:1/done?session=${session.id}`);

    const paid = await rig.test.checkout.sessions.retrieve(
      session.id,
      { expand: ['payment_intent.latest_charge', 'customer', 'line_items.data.price.product'] },
      options,
    );
    expect(paid).toMatchObject({ status: 'complete', payment_status: 'paid' });
    const intent = paid.payment_intent as Stripe.PaymentIntent;
    expect(intent).toMatchObject({
      status: 'succeeded',
      amount_received: 9800,
      metadata: { checkoutId: 'co_1' },
    });
    expect((intent.latest_charge as Stripe.Charge).status).toBe('succeeded');
    expect((paid.customer as Stripe.Customer).email).toBe('member@example.com');
    expect((paid.line_items?.data[0]?.price?.product as Stripe.Product).name).toBe('Programme');

    expect(await rig.drain()).toEqual({ pending: 0, failed: 0 });
    expect(hook.types(account)).toEqual(
      expect.arrayContaining([
        'account.application.authorized',
        'product.created',
        'price.created',
        'customer.created',
        'payment_intent.created',
        'charge.succeeded',
        'payment_intent.succeeded',
        'checkout.session.completed',
      ]),
    );
    for (const { body, signature, event } of hook.received) {
      expect(rig.test.webhooks.constructEvent(body, signature, secret).id).toBe(event.id);
      expect(event).toMatchObject({ account, livemode: false, api_version: '2026-08-26.dahlia' });
    }
    expect((await rig.test.checkout.sessions.list({ payment_intent: intent.id }, options)).data).toHaveLength(
      1,
    );
  });

  it('subscribes, with the subscription created on completion', async () => {
    const account = await rig.connect();
    const options = { stripeAccount: account };
    const price = await rig.price(account, 2900, { interval: 'month' });
    const session = await rig.test.checkout.sessions.create(
      {
        mode: 'subscription',
        line_items: [{ price: price.id, quantity: 1 }],
        success_url: 'http://localhost:1/done',
        subscription_data: { metadata: { checkoutId: 'co_2' }, billing_mode: { type: 'flexible' } },
      },
      options,
    );
    expect(session.subscription).toBeNull();
    const declined = await rig.pay(session, { card_number: '4000000000000002' });
    expect(declined.status).toBe(402);
    expect(await declined.text()).toContain('Your card was declined.');
    expect((await rig.test.subscriptions.list({}, options)).data).toHaveLength(0);

    expect((await rig.pay(session)).status).toBe(303);
    const paid = await rig.test.checkout.sessions.retrieve(
      session.id,
      { expand: ['subscription.latest_invoice'] },
      options,
    );
    const subscription = paid.subscription as Stripe.Subscription;
    expect(subscription).toMatchObject({
      status: 'active',
      metadata: { checkoutId: 'co_2' },
      billing_mode: { type: 'flexible' },
    });
    const invoice = subscription.latest_invoice as Stripe.Invoice;
    expect(invoice).toMatchObject({
      status: 'paid',
      amount_paid: 2900,
      billing_reason: 'subscription_create',
    });
    expect(invoice.parent?.subscription_details).toMatchObject({
      subscription: subscription.id,
      metadata: { checkoutId: 'co_2' },
    });
    const payments = await rig.test.invoicePayments.list({ invoice: invoice.id ?? '' }, options);
    const intent = payments.data[0]?.payment.payment_intent as string;
    const found = await rig.test.invoicePayments.list(
      { payment: { type: 'payment_intent', payment_intent: intent } },
      options,
    );
    expect(found.data.map((payment) => payment.invoice)).toEqual([invoice.id]);
    await rig.drain();
    const types = hook.types(account);
    expect(types).toEqual(
      expect.arrayContaining(['customer.subscription.created', 'invoice.paid', 'checkout.session.completed']),
    );
    const updated = hook.received.find(({ event }) => event.type === 'customer.subscription.updated');
    expect(updated?.event.data.previous_attributes).toEqual({ status: 'incomplete' });
  });

  it('completes after 3-D Secure, and stays open when it fails', async () => {
    const account = await rig.connect();
    const options = { stripeAccount: account };
    const price = await rig.price(account, 1000, { interval: 'month' });
    const session = await rig.test.checkout.sessions.create(
      {
        mode: 'subscription',
        line_items: [{ price: price.id, quantity: 1 }],
        success_url: 'http://localhost:1/done',
      },
      options,
    );
    const challenge = await rig.pay(session, { card_number: '4000002500003155' });
    expect(challenge.headers.get('location')).toBe(`/c/pay/${session.id}/authenticate`);
    const failed = await rig.post(`/c/pay/${session.id}/authenticate`, { result: 'fail' });
    expect(failed.status).toBe(402);
    await rig.pay(session, { card_number: '4000002500003155' });
    const done = await rig.post(`/c/pay/${session.id}/authenticate`, { result: 'complete' });
    expect(done.headers.get('location')).toBe('http://localhost:1/done');
    const subscriptions = await rig.test.subscriptions.list({}, options);
    expect(subscriptions.data.map(({ status }) => status)).toEqual(['active']);
  });

  it('takes live cards in live mode only, and keeps the modes apart', async () => {
    const account = await rig.connect();
    await rig.connect({ account }, true);
    const options = { stripeAccount: account };
    const price = await rig.price(account, 500, undefined, true);
    await expect(rig.test.prices.retrieve(price.id, {}, options)).rejects.toMatchObject({
      code: 'resource_missing',
    });
    const session = await rig.live.checkout.sessions.create(
      {
        mode: 'payment',
        line_items: [{ price: price.id, quantity: 1 }],
        success_url: 'http://localhost:1/done',
      },
      options,
    );
    expect(session.id).toMatch(/^cs_live_/);
    const refused = await rig.pay(session);
    expect(await refused.text()).toContain('live mode, but used a known test card');
  });
});
