import type Stripe from 'stripe';
import { Rig } from './support/rig';

describe('invoices that no subscription made', () => {
  let rig: Rig;
  let options: Stripe.RequestOptions;
  let customer: string;

  beforeEach(async () => {
    rig = await Rig.start();
    options = { stripeAccount: await rig.connect() };
    const person = await rig.test.customers.create(
      { email: 'mia@example.com', payment_method: 'pm_card_visa' },
      options,
    );
    const [method] = (await rig.test.customers.listPaymentMethods(person.id, {}, options)).data;
    await rig.test.customers.update(
      person.id,
      { invoice_settings: { default_payment_method: method?.id ?? '' } },
      options,
    );
    customer = person.id;
  });

  afterEach(() => rig.close());

  it('collect what is pending, can be changed as drafts, and are sent and paid', async () => {
    const { invoiceItems, invoices } = rig.test;
    const item = await invoiceItems.create({ customer, amount: 1500, currency: 'eur' }, options);
    await invoiceItems.update(item.id, { amount: 1600, description: 'A long call' }, options);
    const invoice = await invoices.create(
      {
        customer,
        collection_method: 'send_invoice',
        days_until_due: 10,
        pending_invoice_items_behavior: 'include',
      },
      options,
    );
    const id = invoice.id ?? '';
    expect(invoice).toMatchObject({ status: 'draft', total: 1600, billing_reason: 'manual', parent: null });
    const extra = await invoiceItems.create({ customer, invoice: id, amount: 400, currency: 'eur' }, options);
    expect(await invoices.retrieve(id, {}, options)).toMatchObject({ total: 2000 });
    await invoiceItems.update(extra.id, { amount: 900 }, options);
    expect(await invoices.retrieve(id, {}, options)).toMatchObject({ total: 2500, amount_due: 2500 });
    await invoiceItems.del(extra.id, {}, options);
    expect(await invoices.sendInvoice(id, {}, options)).toMatchObject({ status: 'open', total: 1600 });
    await expect(invoiceItems.del(item.id, {}, options)).rejects.toThrow(/no longer a draft/);
    expect(await invoices.pay(id, {}, options)).toMatchObject({ status: 'paid', amount_paid: 1600 });
    expect((await invoiceItems.list({ customer, pending: true }, options)).data).toEqual([]);
  });

  it('are finalized by themselves if told so, and deleted as drafts only', async () => {
    const { invoiceItems, invoices } = rig.test;
    await invoiceItems.create({ customer, amount: 700, currency: 'eur' }, options);
    const draft = await invoices.create(
      { customer, currency: 'eur', pending_invoice_items_behavior: 'include' },
      options,
    );
    await invoices.del(draft.id ?? '', {}, options);
    await expect(invoices.retrieve(draft.id ?? '', {}, options)).rejects.toMatchObject({
      code: 'resource_missing',
    });
    const { id = '' } = await invoices.create(
      { customer, currency: 'eur', auto_advance: true, pending_invoice_items_behavior: 'include' },
      options,
    );
    await rig.advance(options.stripeAccount ?? '', { advanceSeconds: 4000 });
    expect(await invoices.retrieve(id, {}, options)).toMatchObject({ status: 'paid', total: 700 });
    await expect(invoices.del(id, {}, options)).rejects.toThrow(/only delete/);
    await expect(invoices.create({ customer, collection_method: 'send_invoice' }, options)).rejects.toThrow(
      /days_until_due/,
    );
    await expect(invoiceItems.create({ customer, currency: 'eur' }, options)).rejects.toThrow(/amount/);
  });
});
