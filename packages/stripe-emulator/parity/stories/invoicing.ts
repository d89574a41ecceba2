import { HOUR, type Story } from '../stage';
import { MONTH, subscribed } from './subscription';

/** https://docs.stripe.com/billing/subscriptions/coupons */
export const coupon: Story = {
  name: 'coupon',
  async tell(stage) {
    const { stripe, run } = stage;
    const half = await stage.step('coupon', () =>
      stripe.coupons.create({
        id: `half ${run}`,
        percent_off: 50,
        duration: 'repeating',
        duration_in_months: 2,
        name: 'Half',
      }),
    );
    await stage.step('promotion code', () =>
      stripe.promotionCodes.create({
        promotion: { type: 'coupon', coupon: half.id },
        code: `HALF${run.toUpperCase()}`,
        max_redemptions: 5,
      }),
    );
    await stage.attempt('bad coupon', () => stripe.coupons.create({ percent_off: 101, duration: 'once' }));
    const price = await stage.price('monthly price', 3000, 'month');
    const clock = await stage.clock();
    const customer = await stage.payer(clock);
    const subscription = await stage.step('subscription', () =>
      stripe.subscriptions.create({
        customer,
        items: [{ price: price.id }],
        discounts: [{ coupon: half.id }],
        expand: ['latest_invoice', 'discounts'],
      }),
    );
    await stage.advance(clock, MONTH + 2 * HOUR);
    await stage.step('invoices', () => stripe.invoices.list({ subscription: subscription.id }));
    await stage.step('without it', () => stripe.subscriptions.update(subscription.id, { discounts: '' }));
    await stage.step('redeemed once', () => stripe.coupons.retrieve(half.id));
    await stage.step('coupon deleted', () => stripe.coupons.del(half.id));
  },
};

/** https://docs.stripe.com/invoicing/invoice-items and the nested lists of https://docs.stripe.com/api/invoices/object */
export const invoiceItems: Story = {
  name: 'invoice items',
  async tell(stage) {
    const { stripe } = stage;
    const { clock, customer, subscription } = await subscribed(stage);
    for (let number = 1; number <= 11; number += 1) {
      await stage.step(`item ${number}`, () =>
        stripe.invoiceItems.create({
          customer,
          amount: number * 100,
          currency: 'eur',
          description: `Extra ${number}`,
        }),
      );
    }
    await stage.step('preview', () => stripe.invoices.createPreview({ subscription: subscription.id }));
    await stage.advance(clock, MONTH + 2 * HOUR);
    const invoices = await stage.step('invoice', () =>
      stripe.invoices.list({ subscription: subscription.id, limit: 1 }),
    );
    const id = invoices.data[0]?.id ?? '';
    await stage.step('all lines', () => stripe.invoices.listLineItems(id, { limit: 100 }));
    const item = await stage.step('one more', () =>
      stripe.invoiceItems.create({ customer, amount: 700, currency: 'eur' }),
    );
    const draft = await stage.step('own invoice', () =>
      stripe.invoices.create({ customer, auto_advance: false, pending_invoice_items_behavior: 'include' }),
    );
    await stage.attempt('item deleted', () => stripe.invoiceItems.del(item.id));
    await stage.attempt('finalized', () => stripe.invoices.finalizeInvoice(draft.id ?? ''));
    await stage.attempt('voided', () => stripe.invoices.voidInvoice(draft.id ?? ''));
    await stage.attempt('paid', () => stripe.invoices.pay(draft.id ?? ''));
  },
};
