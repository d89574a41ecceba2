import { subscribe } from './people';
import type { Story } from './stage';

const DAY = 86_400;

export const subscriptions: Story = {
  name: 'subscriptions from the first day to the last',
  async tell(stage) {
    const { rig } = stage;
    const account = await rig.connect();
    const options = { stripeAccount: account };
    const api = rig.test.subscriptions;
    const first = await subscribe(stage, options, {
      metadata: { membershipId: 'ms_1' },
      billing_mode: { type: 'flexible' },
      description: 'Membership',
      payment_behavior: 'error_if_incomplete',
      expand: ['latest_invoice.payments', 'customer', 'default_payment_method'],
    });
    const item = first.items.data[0]?.id ?? '';
    const dearer = await rig.price(account, 4500, { interval: 'month' });
    await api.update(
      first.id,
      { items: [{ id: item, price: dearer.id, quantity: 2 }], proration_behavior: 'create_prorations' },
      options,
    );
    await api.update(
      first.id,
      { items: [{ id: item, quantity: 3 }], proration_behavior: 'always_invoice' },
      options,
    );
    await api.update(first.id, { metadata: { membershipId: '' }, description: '' }, options);
    await api.update(first.id, { pause_collection: { behavior: 'void' } }, options);
    await api.update(first.id, { pause_collection: '' }, options);
    await api.update(first.id, { cancel_at_period_end: true }, options);
    await api.update(first.id, { cancel_at_period_end: false }, options);
    await api.retrieve(first.id, { expand: ['items.data.price.product', 'latest_invoice'] }, options);
    await api.list({ status: 'all', limit: 3, expand: ['data.customer'] }, options);
    await rig.test.subscriptionItems.list({ subscription: first.id }, options);
    await rig.test.subscriptionItems.retrieve(item, {}, options);
    await rig.advance(account, { advanceSeconds: 40 * DAY });
    await api.cancel(
      first.id,
      { invoice_now: true, prorate: true, cancellation_details: { comment: 'Too far', feedback: 'other' } },
      options,
    );

    await subscribe(stage, options, { trial_period_days: 7 });
    await subscribe(stage, options, {
      trial_end: Math.floor(Date.now() / 1000) + 80 * DAY,
      trial_settings: { end_behavior: { missing_payment_method: 'pause' } },
    });
    await subscribe(stage, options, { cancel_at_period_end: true });
    await subscribe(stage, options, { collection_method: 'send_invoice', days_until_due: 14 });
    const failing = await subscribe(stage, options);
    await rig.control('POST', '/triggers/payment_method_fails', {
      account,
      livemode: false,
      subscription: failing.id,
    });
    await rig.advance(account, { advanceSeconds: 100 * DAY });
  },
};

/** Trials whose member never gave a card. */
export const trials: Story = {
  name: 'trials without a card',
  async tell({ rig }) {
    const account = await rig.connect();
    const options = { stripeAccount: account };
    const price = await rig.price(account, 3000, { interval: 'month' });
    for (const missing_payment_method of ['pause', 'cancel', 'create_invoice'] as const) {
      const session = await rig.test.checkout.sessions.create(
        {
          mode: 'subscription',
          line_items: [{ price: price.id, quantity: 1 }],
          success_url: 'http://localhost:1/done',
          payment_method_collection: 'if_required',
          subscription_data: {
            trial_period_days: 7,
            trial_settings: { end_behavior: { missing_payment_method } },
            metadata: { a: 'b' },
          },
        },
        options,
      );
      await rig.post(`/c/pay/${session.id}`, { email: 'trial@example.com' });
      await rig.test.checkout.sessions.retrieve(session.id, { expand: ['subscription'] }, options);
    }
    await rig.advance(account, { advanceSeconds: 12 * DAY });
    await rig.test.subscriptions.list({ status: 'paused' }, options);
  },
};

/** The hour in which a renewal's invoice can still be changed. */
export const drafts: Story = {
  name: 'a renewal in draft',
  async tell(stage) {
    const { rig } = stage;
    const account = await rig.connect();
    const options = { stripeAccount: account };
    const subscription = await subscribe(stage, options);
    await rig.advance(account, { advanceTo: subscription.items.data[0]?.current_period_end ?? 0 });
    const [draft] = (await rig.test.invoices.list({ status: 'draft' }, options)).data;
    await rig.test.invoices.finalizeInvoice(draft?.id ?? '', { auto_advance: true }, options);
    await rig.test.invoices.pay(draft?.id ?? '', {}, options);
  },
};

export const invoices: Story = {
  name: 'invoices and their payments',
  async tell(stage) {
    const { rig } = stage;
    const account = await rig.connect();
    const options = { stripeAccount: account };
    const api = rig.test.invoices;
    const subscription = await subscribe(stage, options, {
      collection_method: 'send_invoice',
      days_until_due: 30,
    });
    const latest = subscription.latest_invoice as string;
    await api.update(
      latest,
      { description: 'For the summer', metadata: { a: 'b' }, auto_advance: false },
      options,
    );
    await api.pay(latest, { paid_out_of_band: true }, options);
    await api.pay(latest, {}, options).catch(() => undefined);
    for (const end of ['voidInvoice', 'markUncollectible'] as const) {
      const { latest_invoice } = await subscribe(stage, options, {
        collection_method: 'send_invoice',
        days_until_due: 30,
      });
      await api[end](latest_invoice as string, {}, options);
    }
    const charged = await subscribe(stage, options);
    const paid = await api.retrieve(
      charged.latest_invoice as string,
      {
        expand: [
          'payments.data.payment.payment_intent',
          'customer',
          'parent.subscription_details.subscription',
        ],
      },
      options,
    );
    await api.list({ status: 'paid', limit: 3, expand: ['data.payments'] }, options);
    await api.listLineItems(paid.id ?? '', { limit: 3 }, options);
    const payments = await rig.test.invoicePayments.list(
      { invoice: paid.id ?? '', status: 'paid', expand: ['data.invoice'] },
      options,
    );
    const [payment] = payments.data;
    await rig.test.invoicePayments.retrieve(
      payment?.id ?? '',
      { expand: ['payment.payment_intent'] },
      options,
    );
    await rig.test.invoicePayments.list(
      { payment: { type: 'payment_intent', payment_intent: payment?.payment.payment_intent as string } },
      options,
    );
    await rig.control('POST', '/triggers/payment_method_fails', {
      account,
      livemode: false,
      subscription: charged.id,
    });
    await rig.advance(account, { advanceSeconds: 32 * DAY });
    const open = await api.list({ subscription: charged.id, status: 'open' }, options);
    await api.pay(open.data[0]?.id ?? '', {}, options).catch(() => undefined);
    await rig.control('POST', '/triggers/payment_method_recovers', {
      account,
      livemode: false,
      subscription: charged.id,
    });
    await api.pay(open.data[0]?.id ?? '', { payment_method: 'pm_card_visa' }, options);
  },
};
