import { HOUR, type Story } from '../stage';
import { MONTH, subscribed } from './subscription';

/** https://docs.stripe.com/billing/revenue-recovery/smart-retries, https://docs.stripe.com/testing#declined-payments */
export const failure: Story = {
  name: 'failure',
  async tell(stage) {
    const { stripe } = stage;
    const { clock, customer, subscription } = await subscribed(stage);
    const bad = await stage.step('bad card', () =>
      stripe.paymentMethods.attach('pm_card_chargeCustomerFail', { customer }),
    );
    await stage.step('bad card is the default', () =>
      stripe.customers.update(customer, { invoice_settings: { default_payment_method: bad.id } }),
    );
    await stage.advance(clock, MONTH + 2 * HOUR);
    await stage.step('past due', () => stripe.subscriptions.retrieve(subscription.id));
    const open = await stage.step('open invoice', () =>
      stripe.invoices.list({ subscription: subscription.id, status: 'open', expand: ['data.payments'] }),
    );
    const invoice = open.data[0]?.id ?? '';
    await stage.attempt('paid with the bad card', () => stripe.invoices.pay(invoice));
    const good = await stage.step('good card', () =>
      stripe.paymentMethods.attach('pm_card_mastercard', { customer }),
    );
    await stage.step('paid with the good card', () =>
      stripe.invoices.pay(invoice, { payment_method: good.id }),
    );
    await stage.step('recovered', () => stripe.subscriptions.retrieve(subscription.id));
  },
};

/** https://docs.stripe.com/refunds */
export const refund: Story = {
  name: 'refund',
  async tell(stage) {
    const { stripe } = stage;
    const intent = await stage.step('payment', () =>
      stripe.paymentIntents.create({
        amount: 4900,
        currency: 'eur',
        payment_method: 'pm_card_visa',
        payment_method_types: ['card'],
        confirm: true,
        expand: ['latest_charge'],
      }),
    );
    await stage.step('part', () =>
      stripe.refunds.create({ payment_intent: intent.id, amount: 1900, reason: 'requested_by_customer' }),
    );
    await stage.attempt('too much', () => stripe.refunds.create({ payment_intent: intent.id, amount: 3001 }));
    await stage.step('the rest', () => stripe.refunds.create({ payment_intent: intent.id }));
    await stage.attempt('once more', () => stripe.refunds.create({ payment_intent: intent.id }));
    await stage.step('refunds', () => stripe.refunds.list({ payment_intent: intent.id }));
    await stage.step('charge', () => stripe.charges.list({ payment_intent: intent.id }));
    await stage.attempt('declined', () =>
      stripe.paymentIntents.create({
        amount: 4900,
        currency: 'eur',
        payment_method: 'pm_card_chargeDeclinedInsufficientFunds',
        payment_method_types: ['card'],
        confirm: true,
      }),
    );
  },
};

/** https://docs.stripe.com/currencies#minimum-and-maximum-charge-amounts, https://docs.stripe.com/billing/customer#currency */
export const currency: Story = {
  name: 'customer currency',
  async tell(stage) {
    const { stripe } = stage;
    const dollars = await stage.price('price in dollars', 3000, 'month', 'usd');
    const { customer, subscription } = await subscribed(stage);
    await stage.attempt('subscription in dollars', () =>
      stripe.subscriptions.create({ customer, items: [{ price: dollars.id }] }),
    );
    await stage.attempt('item in dollars', () =>
      stripe.subscriptionItems.create({ subscription: subscription.id, price: dollars.id }),
    );
    await stage.attempt('invoice item in dollars', () =>
      stripe.invoiceItems.create({ customer, amount: 500, currency: 'usd' }),
    );
    await stage.attempt('session in dollars', () =>
      stripe.checkout.sessions.create({
        mode: 'subscription',
        customer,
        line_items: [{ price: dollars.id, quantity: 1 }],
        success_url: 'https://example.com/done',
      }),
    );
    await stage.step('customer has the euro', () => stripe.customers.retrieve(customer));
  },
};
