import { payingCustomer, subscribe } from './people';
import type { Story } from './stage';

const DAY = 86_400;

export const previews: Story = {
  name: 'previews of invoices',
  needs: ['post /v1/invoices/create_preview'],
  async tell(stage) {
    const { rig } = stage;
    const account = await rig.connect();
    const options = { stripeAccount: account };
    const subscription = await subscribe(stage, options);
    const item = subscription.items.data[0]?.id ?? '';
    const dearer = await rig.price(account, 4500, { interval: 'month' });
    await rig.test.invoices.createPreview({ subscription: subscription.id }, options);
    await rig.test.invoices.createPreview(
      {
        subscription: subscription.id,
        subscription_details: {
          items: [{ id: item, price: dearer.id, quantity: 2 }],
          proration_behavior: 'always_invoice',
          proration_date: Math.floor(Date.now() / 1000) + DAY,
        },
        expand: ['customer'],
      },
      options,
    );
  },
};

export const ownInvoices: Story = {
  name: 'invoices that no subscription made',
  needs: ['post /v1/invoices', 'post /v1/invoiceitems', 'delete /v1/invoices/{invoice}'],
  async tell(stage) {
    const { rig } = stage;
    const options = { stripeAccount: await rig.connect() };
    const { invoices, invoiceItems } = rig.test;
    const customer = await payingCustomer(stage, options, { email: 'mia@example.com' });
    const item = await invoiceItems.create(
      { customer, amount: 1500, currency: 'eur', description: 'A call', metadata: { a: 'b' } },
      options,
    );
    await invoiceItems.update(item.id, { amount: 1600, description: 'A long call' }, options);
    await invoiceItems.retrieve(item.id, {}, options);
    await invoiceItems.list({ customer, pending: true }, options);
    const invoice = await invoices.create(
      {
        customer,
        collection_method: 'send_invoice',
        days_until_due: 10,
        pending_invoice_items_behavior: 'include',
        description: 'A call',
        metadata: { a: 'b' },
      },
      options,
    );
    await invoices.finalizeInvoice(invoice.id ?? '', {}, options);
    await invoices.sendInvoice(invoice.id ?? '', {}, options);
    await invoices.pay(invoice.id ?? '', {}, options);
    const draft = await invoices.create({ customer, auto_advance: false }, options);
    await invoices.del(draft.id ?? '', {}, options);
    const unwanted = await invoiceItems.create({ customer, amount: 100, currency: 'eur' }, options);
    await invoiceItems.del(unwanted.id, {}, options);
  },
};

export const items: Story = {
  name: 'items of subscriptions',
  needs: ['post /v1/subscription_items', 'delete /v1/subscription_items/{item}'],
  async tell(stage) {
    const { rig } = stage;
    const account = await rig.connect();
    const options = { stripeAccount: account };
    const subscription = await subscribe(stage, options);
    const extra = await rig.price(account, 500, { interval: 'month' });
    const item = await rig.test.subscriptionItems.create(
      {
        subscription: subscription.id,
        price: extra.id,
        quantity: 1,
        proration_behavior: 'create_prorations',
      },
      options,
    );
    await rig.test.subscriptionItems.update(
      item.id,
      { quantity: 3, proration_behavior: 'none', metadata: { a: 'b' } },
      options,
    );
    await rig.test.subscriptionItems.del(item.id, { proration_behavior: 'none' }, options);
  },
};

export const resumption: Story = {
  name: 'a paused subscription that goes on',
  needs: ['post /v1/subscriptions/{subscription}/resume'],
  async tell(stage) {
    const { rig } = stage;
    const account = await rig.connect();
    const options = { stripeAccount: account };
    const price = await rig.price(account, 3000, { interval: 'month' });
    const customer = await rig.test.customers.create({ email: 'trial@example.com' }, options);
    const { id } = await rig.test.subscriptions.create(
      {
        customer: customer.id,
        items: [{ price: price.id }],
        trial_period_days: 7,
        trial_settings: { end_behavior: { missing_payment_method: 'pause' } },
      },
      options,
    );
    await rig.advance(account, { advanceSeconds: 8 * DAY });
    const method = await rig.test.paymentMethods.attach('pm_card_visa', { customer: customer.id }, options);
    await rig.test.subscriptions.update(id, { default_payment_method: method.id }, options);
    await rig.test.subscriptions.resume(
      id,
      { billing_cycle_anchor: 'now', proration_behavior: 'none' },
      options,
    );
  },
};

export const intents: Story = {
  name: 'payments without Checkout',
  needs: ['post /v1/payment_intents', 'post /v1/payment_intents/{intent}/confirm'],
  async tell(stage) {
    const { rig } = stage;
    const options = { stripeAccount: await rig.connect() };
    const { paymentIntents } = rig.test;
    const customer = await payingCustomer(stage, options);
    const intent = await paymentIntents.create(
      { amount: 1200, currency: 'eur', customer, description: 'A call', metadata: { a: 'b' } },
      options,
    );
    await paymentIntents.confirm(
      intent.id,
      { payment_method: 'pm_card_visa', return_url: 'https://example.com' },
      options,
    );
    await paymentIntents.create(
      {
        amount: 1200,
        currency: 'eur',
        customer,
        payment_method: 'pm_card_visa',
        payment_method_types: ['card'],
        confirm: true,
        off_session: true,
      },
      options,
    );
    await paymentIntents
      .create(
        {
          amount: 1200,
          currency: 'eur',
          payment_method: 'pm_card_chargeDeclined',
          payment_method_types: ['card'],
          confirm: true,
        },
        options,
      )
      .catch(() => undefined);
  },
};

export const setups: Story = {
  name: 'cards for later',
  needs: ['post /v1/setup_intents', 'post /v1/setup_intents/{intent}/confirm'],
  async tell(stage) {
    const { rig } = stage;
    const options = { stripeAccount: await rig.connect() };
    const { setupIntents } = rig.test;
    const customer = await payingCustomer(stage, options);
    const intent = await setupIntents.create(
      { customer, payment_method_types: ['card'], usage: 'off_session', metadata: { a: 'b' } },
      options,
    );
    await setupIntents.update(intent.id, { description: 'For renewals', metadata: { a: '' } }, options);
    await setupIntents.confirm(
      intent.id,
      { payment_method: 'pm_card_visa', return_url: 'https://example.com' },
      options,
    );
    await setupIntents.retrieve(intent.id, { expand: ['payment_method'] }, options);
    await setupIntents.list({ customer, limit: 3 }, options);
    const unwanted = await setupIntents.create({ customer }, options);
    await setupIntents.cancel(unwanted.id, { cancellation_reason: 'abandoned' }, options);
  },
};

export const setupSessions: Story = {
  name: 'checkout that only keeps a card',
  needs: ['get /v1/setup_intents/{intent}'],
  async tell(stage) {
    const { rig } = stage;
    const options = { stripeAccount: await rig.connect() };
    const customer = await payingCustomer(stage, options);
    const session = await rig.test.checkout.sessions.create(
      { mode: 'setup', customer, currency: 'eur', success_url: 'http://localhost:1/done' },
      options,
    );
    await rig.pay(session);
    const done = await rig.test.checkout.sessions.retrieve(session.id, { expand: ['setup_intent'] }, options);
    const { setup_intent } = done;
    if (setup_intent !== null && typeof setup_intent === 'object')
      await rig.test.setupIntents.retrieve(setup_intent.id, {}, options);
  },
};
