import type Stripe from 'stripe';
import type { Stage, Story } from './stage';

const DONE = 'http://localhost:1/done';

/** One payment for a session, with the changes that a story is about. */
async function sell(
  { rig }: Stage,
  options: Stripe.RequestOptions,
  more: Partial<Stripe.Checkout.SessionCreateParams> = {},
): Promise<Stripe.Checkout.Session> {
  const price = await rig.price(options.stripeAccount ?? '', 5000);
  return rig.test.checkout.sessions.create(
    { mode: 'payment', line_items: [{ price: price.id, quantity: 1 }], success_url: DONE, ...more },
    options,
  );
}

export const checkout: Story = {
  name: 'checkout sessions',
  async tell(stage) {
    const { rig } = stage;
    const options = { stripeAccount: await rig.connect() };
    const { sessions } = rig.test.checkout;
    const full = await sell(stage, options, {
      cancel_url: 'http://localhost:1/back',
      client_reference_id: 'checkout_1',
      customer_creation: 'always',
      customer_email: 'mia@example.com',
      expires_at: Math.floor(Date.now() / 1000) + 3600,
      locale: 'de',
      metadata: { checkoutId: 'co_1' },
      payment_intent_data: { metadata: { checkoutId: 'co_1' }, description: 'Programme' },
      payment_method_types: ['card'],
      submit_type: 'pay',
    });
    await sessions.update(full.id, { metadata: { more: 'yes' } }, options);
    await rig.pay(full, { card_number: '4000000000000002' });
    await rig.pay(full, { card_number: '4000000000009995' });
    await rig.pay(full, { card_number: '4000002500003155' });
    await rig.post(`/c/pay/${full.id}/authenticate`, { result: 'fail' });
    await rig.pay(full);
    await sessions.retrieve(
      full.id,
      { expand: ['line_items', 'payment_intent.latest_charge.balance_transaction', 'customer'] },
      options,
    );
    await sessions.listLineItems(full.id, { limit: 10, expand: ['data.price.product'] }, options);
    await sessions.list({ status: 'complete', limit: 5, created: { gte: 1 } }, options);

    const expired = await sell(stage, options, { after_expiration: { recovery: { enabled: true } } });
    await sessions.expire(expired.id, {}, options);
    await sessions.expire(expired.id, {}, options).catch(() => undefined);

    for (const iban of ['DE89370400440532013000', 'DE62370400440532013001']) {
      const delayed = await sell(stage, options, { payment_method_types: ['card', 'sepa_debit'] });
      await rig.pay(delayed, { payment_method: 'sepa_debit', iban });
    }
    await rig.advance(options.stripeAccount, { advanceSeconds: 5 * 86_400 });
  },
};

export const payments: Story = {
  name: 'payment intents, charges, refunds and the balance',
  async tell(stage) {
    const { rig } = stage;
    const options = { stripeAccount: await rig.connect() };
    const { paymentIntents, charges, refunds, balanceTransactions } = rig.test;
    const session = await sell(stage, options);
    await rig.pay(session);
    const paid = await rig.test.checkout.sessions.retrieve(session.id, {}, options);
    const intent = await paymentIntents.retrieve(
      paid.payment_intent as string,
      { expand: ['latest_charge.refunds', 'payment_method', 'customer'] },
      options,
    );
    const charge = (intent.latest_charge as Stripe.Charge).id;
    await paymentIntents.update(intent.id, { metadata: { a: 'b' }, description: 'Changed' }, options);
    await paymentIntents.list({ limit: 2, created: { gte: 1 } }, options);
    await charges.retrieve(charge, { expand: ['refunds', 'balance_transaction', 'payment_intent'] }, options);
    await charges.update(charge, { metadata: { a: 'b' }, description: 'Changed' }, options);
    await charges.list({ payment_intent: intent.id }, options);
    const partial = await refunds.create(
      { charge, amount: 1000, reason: 'requested_by_customer', metadata: { a: 'b' } },
      options,
    );
    await refunds.update(partial.id, { metadata: { a: 'c' } }, options);
    await refunds.create({ payment_intent: intent.id }, options);
    await refunds.create({ payment_intent: intent.id }, options).catch(() => undefined);
    await refunds.retrieve(partial.id, { expand: ['charge', 'balance_transaction'] }, options);
    await refunds.list({ charge, limit: 3 }, options);
    const transactions = await balanceTransactions.list(
      { type: 'charge', limit: 3, expand: ['data.source'] },
      options,
    );
    await balanceTransactions.retrieve(transactions.data[0]?.id ?? '', { expand: ['source'] }, options);

    const open = await sell(stage, options);
    await rig.pay(open, { card_number: '4000000000000002' });
    const [waiting] = (await paymentIntents.list({ limit: 1 }, options)).data;
    if (waiting) await paymentIntents.cancel(waiting.id, { cancellation_reason: 'abandoned' }, options);

    const later = await sell(stage, options);
    await rig.pay(later);
    const sold = await rig.test.checkout.sessions.retrieve(later.id, {}, options);
    await rig.control('POST', '/triggers/refund', {
      account: options.stripeAccount,
      livemode: false,
      payment_intent: sold.payment_intent,
    });
  },
};

export const variations: Story = {
  name: 'checkout sessions of every kind',
  async tell(stage) {
    const { rig } = stage;
    const account = await rig.connect();
    const options = { stripeAccount: account };
    const { sessions } = rig.test.checkout;
    const monthly = await rig.price(account, 2000, { interval: 'month' });
    const once = await rig.price(account, 900);
    const customer = await rig.test.customers.create({ email: 'mia@example.com', name: 'Mia' }, options);
    const pages: Stripe.Checkout.SessionCreateParams[] = [
      {
        mode: 'payment',
        customer: customer.id,
        line_items: [
          { price: once.id, quantity: 3 },
          {
            price_data: {
              currency: 'eur',
              unit_amount: 700,
              product_data: { name: 'On the way', description: 'Made here', metadata: { a: 'b' } },
            },
            quantity: 1,
          },
        ],
        payment_intent_data: { setup_future_usage: 'off_session', receipt_email: 'mia@example.com' },
      },
      {
        mode: 'subscription',
        line_items: [
          { price: monthly.id, quantity: 2 },
          { price: once.id, quantity: 1 },
        ],
        subscription_data: {
          description: 'Membership',
          metadata: { a: 'b' },
          billing_mode: { type: 'flexible' },
        },
      },
      {
        mode: 'subscription',
        line_items: [
          {
            price_data: {
              currency: 'eur',
              unit_amount: 2500,
              product: monthly.product as string,
              recurring: { interval: 'year' },
            },
            quantity: 1,
          },
        ],
        payment_method_types: ['card', 'sepa_debit'],
      },
      {
        mode: 'subscription',
        customer: customer.id,
        line_items: [{ price: monthly.id, quantity: 1 }],
        subscription_data: { trial_end: Math.floor(Date.now() / 1000) + 10 * 86_400 },
      },
    ];
    for (const [index, page] of pages.entries()) {
      const session = await sessions.create({ ...page, success_url: DONE }, options);
      const iban = page.payment_method_types?.includes('sepa_debit');
      await rig.pay(session, iban ? { payment_method: 'sepa_debit', iban: 'DE89370400440532013000' } : {});
      await sessions.retrieve(session.id, { expand: ['line_items', 'subscription', 'invoice'] }, options);
      await sessions.listLineItems(session.id, { limit: index + 1 }, options);
    }
    const secured = await sessions.create(
      { mode: 'subscription', line_items: [{ price: monthly.id, quantity: 1 }], success_url: DONE },
      options,
    );
    await rig.pay(secured, { card_number: '4000002500003155' });
    await rig.post(`/c/pay/${secured.id}/authenticate`, { result: 'complete' });
    await rig.advance(account, { advanceSeconds: 40 * 86_400 });
  },
};

/** Refusals whose answers carry more than a message. */
export const declines: Story = {
  name: 'declined payments and refused requests',
  async tell({ rig }) {
    const account = await rig.connect();
    const options = { stripeAccount: account };
    const price = await rig.price(account, 2000, { interval: 'month' });
    const refused = async (request: Promise<unknown>): Promise<void> => {
      const outcome = await request.then(
        () => 'accepted',
        () => 'refused',
      );
      if (outcome === 'accepted') throw new Error('a request was accepted that has to be refused');
    };
    for (const card of ['pm_card_chargeCustomerFail', 'pm_card_authenticationRequired'] as const) {
      const customer = await rig.test.customers.create({ payment_method: card }, options);
      const methods = await rig.test.customers.listPaymentMethods(customer.id, {}, options);
      const create = (payment_behavior: Stripe.SubscriptionCreateParams.PaymentBehavior) =>
        rig.test.subscriptions.create(
          {
            customer: customer.id,
            items: [{ price: price.id }],
            default_payment_method: methods.data[0]?.id ?? '',
            payment_behavior,
            off_session: card === 'pm_card_chargeCustomerFail',
          },
          options,
        );
      await refused(create('error_if_incomplete'));
      const incomplete = await create('allow_incomplete');
      await refused(rig.test.invoices.pay(incomplete.latest_invoice as string, {}, options));
      await create('default_incomplete');
    }
    await refused(rig.test.customers.retrieve('cus_none', {}, options));
    await refused(rig.test.prices.create({ product: 'prod_none', currency: 'eur', unit_amount: 1 }, options));
    await refused(rig.test.products.list({}, { stripeAccount: 'acct_none' }));
    await refused(rig.test.products.create({ name: '' }, options));
    const idempotent = { ...options, idempotencyKey: `key-${account}` };
    await rig.test.products.create({ name: 'One' }, idempotent);
    await rig.test.products.create({ name: 'One' }, idempotent);
    await refused(rig.test.products.create({ name: 'Two' }, idempotent));
    await rig.advance(account, { advanceSeconds: 2 * 86_400 });
  },
};
