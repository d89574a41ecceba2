import { DAY, HOUR, type Stage, type Story } from '../stage';

/** From one 15th of June to the 15th of July. */
export const MONTH = 30 * DAY;

/** A monthly subscription of a new customer on a new clock. */
export async function subscribed(stage: Stage, card?: string) {
  const price = await stage.price('monthly price', 3000, 'month');
  const clock = await stage.clock();
  const customer = await stage.payer(clock, card);
  const subscription = await stage.step('subscription', () =>
    stage.stripe.subscriptions.create({
      customer,
      items: [{ price: price.id }],
      metadata: { story: 'parity' },
      expand: ['latest_invoice.payments'],
    }),
  );
  return { clock, customer, price, subscription, item: subscription.items.data[0]?.id ?? '' };
}

/** https://docs.stripe.com/billing/subscriptions/overview, https://docs.stripe.com/billing/subscriptions/cancel */
export const subscription: Story = {
  name: 'subscription',
  async tell(stage) {
    const { stripe } = stage;
    const { subscription: made, customer } = await subscribed(stage);
    const invoices = await stage.step('invoices', () => stripe.invoices.list({ subscription: made.id }));
    const invoice = invoices.data[0]?.id ?? '';
    await stage.step('lines', () => stripe.invoices.listLineItems(invoice));
    await stage.step('payments', () => stripe.invoicePayments.list({ invoice }));
    await stage.step('cancelled at the end', () =>
      stripe.subscriptions.update(made.id, { cancel_at_period_end: true }),
    );
    await stage.step('taken back', () =>
      stripe.subscriptions.update(made.id, { cancel_at_period_end: false, metadata: { story: '' } }),
    );
    await stage.step('collection paused', () =>
      stripe.subscriptions.update(made.id, { pause_collection: { behavior: 'void' } }),
    );
    await stage.step('collection resumed', () =>
      stripe.subscriptions.update(made.id, { pause_collection: '' }),
    );
    await stage.step('cancelled', () => stripe.subscriptions.cancel(made.id));
    await stage.attempt('cancelled again', () => stripe.subscriptions.cancel(made.id));
    await stage.step('cancelled ones', () => stripe.subscriptions.list({ customer, status: 'all' }));
  },
};

/** https://docs.stripe.com/billing/subscriptions/trials/manage-trial-compliance, https://docs.stripe.com/billing/testing/test-clocks */
export const trial: Story = {
  name: 'trial',
  async tell(stage) {
    const { stripe } = stage;
    const price = await stage.price('monthly price', 3000, 'month');
    const clock = await stage.clock();
    const customer = await stage.payer(clock);
    const { id } = await stage.step('subscription', () =>
      stripe.subscriptions.create({
        customer,
        items: [{ price: price.id }],
        trial_period_days: 14,
        trial_settings: { end_behavior: { missing_payment_method: 'cancel' } },
      }),
    );
    await stage.step('trial invoice', () => stripe.invoices.list({ subscription: id }));
    await stage.advance(clock, 14 * DAY + 2 * HOUR);
    await stage.step('after the trial', () => stripe.subscriptions.retrieve(id));
    await stage.step('invoices', () => stripe.invoices.list({ subscription: id }));
  },
};

/** https://docs.stripe.com/billing/invoices/subscription#subscription-lifecycle */
export const renewal: Story = {
  name: 'renewal',
  async tell(stage) {
    const { stripe } = stage;
    const { clock, subscription: made } = await subscribed(stage);
    // Not to the very second: the emulator's clock goes on while requests are sent.
    await stage.advance(clock, MONTH + HOUR / 4);
    await stage.step('draft', () => stripe.invoices.list({ subscription: made.id, limit: 1 }));
    await stage.advance(clock, MONTH + 2 * HOUR);
    const invoices = await stage.step('paid', () =>
      stripe.invoices.list({ subscription: made.id, limit: 2, expand: ['data.payments'] }),
    );
    await stage.step('lines', () => stripe.invoices.listLineItems(invoices.data[0]?.id ?? ''));
    await stage.step('next period', () => stripe.subscriptions.retrieve(made.id));
  },
};
