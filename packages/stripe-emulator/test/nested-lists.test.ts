import type Stripe from 'stripe';
import { accountFor, rigFor } from './support/setup';

const MONTH = { interval: 'month' } as const;

/**
 * Lists inside an object show their first ten; the rest is at their own endpoints: https://docs.stripe.com/api/pagination.
 * The order of an invoice's lines: https://docs.stripe.com/api/invoices/object#invoice_object-lines
 */
describe('lists inside objects', () => {
  let customer: string;

  const rig = rigFor('test');
  const account = accountFor('test', rig);
  beforeEach(async () => {
    const made = await rig.test.customers.create(
      { payment_method: 'pm_card_visa', invoice_settings: { default_payment_method: 'pm_card_visa' } },
      account.options,
    );
    customer = made.id;
  });

  const prices = async (count: number, recurring?: Stripe.PriceCreateParams.Recurring) => {
    const made: string[] = [];
    for (let index = 0; index < count; index += 1) {
      const price = await rig.test.prices.create(
        {
          currency: 'eur',
          unit_amount: 1000 + index,
          product_data: { name: `Part ${index}` },
          ...(recurring ? { recurring } : {}),
        },
        account.options,
      );
      made.push(price.id);
    }
    return made;
  };

  it('a subscription shows ten items, and the list of items has all of them, page by page', async () => {
    const items = (await prices(12, MONTH)).map((price) => ({ price }));
    const subscription = await rig.test.subscriptions.create({ customer, items }, account.options);
    expect(subscription.items).toMatchObject({ has_more: true });
    expect(subscription.items.data).toHaveLength(10);
    const rest = await rig.test.subscriptionItems.list(
      { subscription: subscription.id, starting_after: subscription.items.data[9]?.id ?? '' },
      account.options,
    );
    expect(rest).toMatchObject({ has_more: false });
    expect(rest.data).toHaveLength(2);
    const all = await rig.test.subscriptionItems.list(
      { subscription: subscription.id, limit: 100 },
      account.options,
    );
    expect(all.data.map(({ price }) => price.id)).toEqual(items.map(({ price }) => price));
    // Also inside a list, and inside an event.
    const listed = await rig.test.subscriptions.list({ customer }, account.options);
    expect(listed.data[0]?.items).toMatchObject({ has_more: true });
    const [event] = (await rig.test.events.list({ type: 'customer.subscription.created' }, account.options))
      .data;
    expect((event?.data.object as Stripe.Subscription).items.data).toHaveLength(10);
  });

  it('an invoice shows ten lines: pending items first, the newest first, then the subscription’s', async () => {
    const items = (await prices(3, MONTH)).map((price) => ({ price }));
    const subscription = await rig.test.subscriptions.create({ customer, items }, account.options);
    for (let index = 0; index < 9; index += 1)
      await rig.test.invoiceItems.create(
        {
          customer,
          subscription: subscription.id,
          amount: 100 + index,
          currency: 'eur',
          description: `Extra ${index}`,
        },
        account.options,
      );
    await rig.advance(account.options.stripeAccount ?? '', {
      advanceTo: subscription.items.data[0]?.current_period_end ?? 0,
    });
    const { latest_invoice: id } = await rig.test.subscriptions.retrieve(
      subscription.id,
      {},
      account.options,
    );
    const invoice = await rig.test.invoices.retrieve(id as string, {}, account.options);
    expect(invoice.lines.has_more).toBe(true);
    expect(invoice.lines.data.map(({ amount }) => amount)).toEqual([
      108, 107, 106, 105, 104, 103, 102, 101, 100, 1002,
    ]);
    const rest = await rig.test.invoices.listLineItems(
      invoice.id,
      { starting_after: invoice.lines.data[9]?.id ?? '' },
      account.options,
    );
    expect(rest.data.map(({ amount }) => amount)).toEqual([1001, 1000]);
    expect(rest.has_more).toBe(false);
    // An item that comes to the draft later stands at the end.
    await rig.test.invoiceItems.create(
      { customer, invoice: invoice.id, amount: 7, currency: 'eur' },
      account.options,
    );
    const all = await rig.test.invoices.listLineItems(invoice.id, { limit: 100 }, account.options);
    expect(all.data.at(-1)?.amount).toBe(7);
    const back = await rig.test.invoices.listLineItems(
      invoice.id,
      { ending_before: all.data[12]?.id ?? '', limit: 3 },
      account.options,
    );
    expect(back.data.map(({ amount }) => amount)).toEqual([1002, 1001, 1000]);
  });

  it('a preview shows ten lines, and the others by its id', async () => {
    const items = (await prices(12, MONTH)).map((price) => ({ price }));
    const preview = await rig.test.invoices.createPreview(
      { customer, subscription_details: { items } },
      account.options,
    );
    expect(preview.lines.data).toHaveLength(10);
    expect(preview.lines.has_more).toBe(true);
    const rest = await rig.test.invoices.listLineItems(
      preview.id,
      { starting_after: preview.lines.data[9]?.id ?? '' },
      account.options,
    );
    expect(rest.data).toHaveLength(2);
  });

  it('a session that is expanded shows ten line items, and lists all of them', async () => {
    const line_items = (await prices(12)).map((price) => ({ price, quantity: 1 }));
    const session = await rig.test.checkout.sessions.create(
      { mode: 'payment', line_items, success_url: 'http://localhost:1/done', expand: ['line_items'] },
      account.options,
    );
    expect(session.line_items).toMatchObject({ has_more: true });
    expect(session.line_items?.data).toHaveLength(10);
    const rest = await rig.test.checkout.sessions.listLineItems(
      session.id,
      { starting_after: session.line_items?.data[9]?.id ?? '' },
      account.options,
    );
    expect(rest.data.map(({ amount_total: amount }) => amount)).toEqual([1010, 1011]);
  });

  it('the payments of an invoice and the refunds of a charge are cut and paged the same way', async () => {
    const [price = ''] = await prices(1, MONTH);
    const { latest_invoice: id } = await rig.test.subscriptions.create(
      { customer, items: [{ price }] },
      account.options,
    );
    const [charge] = (await rig.test.charges.list({ customer }, account.options)).data;
    for (let index = 0; index < 11; index += 1)
      await rig.test.refunds.create({ charge: charge?.id ?? '', amount: 1 + index }, account.options);
    const full = await rig.test.charges.retrieve(charge?.id ?? '', { expand: ['refunds'] }, account.options);
    expect(full.refunds?.has_more).toBe(true);
    expect(full.refunds?.data).toHaveLength(10);
    const rest = await rig.test.refunds.list(
      { charge: charge?.id ?? '', starting_after: full.refunds?.data[9]?.id ?? '' },
      account.options,
    );
    expect(rest.data.map(({ amount }) => amount)).toEqual([1]);
    const payments = await rig.test.invoicePayments.list(
      { invoice: id as string, limit: 1 },
      account.options,
    );
    expect(payments.data).toHaveLength(1);
    const invoice = await rig.test.invoices.retrieve(id as string, { expand: ['payments'] }, account.options);
    expect(invoice.payments?.data.map((payment) => payment.id)).toEqual([payments.data[0]?.id]);
  });

  it('a subscription takes no more than twenty items (https://docs.stripe.com/billing/subscriptions/multiple-products)', async () => {
    const items = (await prices(21, MONTH)).map((price) => ({ price }));
    await expect(rig.test.subscriptions.create({ customer, items }, account.options)).rejects.toMatchObject({
      statusCode: 400,
      param: 'items',
    });
    const made = await rig.test.subscriptions.create(
      { customer, items: items.slice(0, 20) },
      account.options,
    );
    await expect(
      rig.test.subscriptionItems.create(
        { subscription: made.id, price: items[20]?.price ?? '' },
        account.options,
      ),
    ).rejects.toMatchObject({ statusCode: 400 });
  });
});
