import { accountFor, rigFor } from './support/setup';

describe('invoices that no subscription made', () => {
  let customer: string;

  const rig = rigFor('test');
  const account = accountFor('test', rig);
  beforeEach(async () => {
    const person = await rig.test.customers.create(
      { email: 'mia@example.com', payment_method: 'pm_card_visa' },
      account.options,
    );
    const [method] = (await rig.test.customers.listPaymentMethods(person.id, {}, account.options)).data;
    await rig.test.customers.update(
      person.id,
      { invoice_settings: { default_payment_method: method?.id ?? '' } },
      account.options,
    );
    customer = person.id;
  });

  it('collect what is pending, can be changed as drafts, and are sent and paid', async () => {
    const { invoiceItems, invoices } = rig.test;
    const item = await invoiceItems.create({ customer, amount: 1500, currency: 'eur' }, account.options);
    await invoiceItems.update(item.id, { amount: 1600, description: 'A long call' }, account.options);
    const invoice = await invoices.create(
      {
        customer,
        collection_method: 'send_invoice',
        days_until_due: 10,
        pending_invoice_items_behavior: 'include',
      },
      account.options,
    );
    const id = invoice.id ?? '';
    expect(invoice).toMatchObject({ status: 'draft', total: 1600, billing_reason: 'manual', parent: null });
    const extra = await invoiceItems.create(
      { customer, invoice: id, amount: 400, currency: 'eur' },
      account.options,
    );
    expect(await invoices.retrieve(id, {}, account.options)).toMatchObject({ total: 2000 });
    await invoiceItems.update(extra.id, { amount: 900 }, account.options);
    expect(await invoices.retrieve(id, {}, account.options)).toMatchObject({ total: 2500, amount_due: 2500 });
    await invoiceItems.del(extra.id, {}, account.options);
    expect(await invoices.sendInvoice(id, {}, account.options)).toMatchObject({
      status: 'open',
      total: 1600,
    });
    await expect(invoiceItems.del(item.id, {}, account.options)).rejects.toThrow(/no longer a draft/);
    expect(await invoices.pay(id, {}, account.options)).toMatchObject({ status: 'paid', amount_paid: 1600 });
    expect((await invoiceItems.list({ customer, pending: true }, account.options)).data).toEqual([]);
  });

  it('are finalized by themselves if told so, and deleted as drafts only', async () => {
    const { invoiceItems, invoices } = rig.test;
    await invoiceItems.create({ customer, amount: 700, currency: 'eur' }, account.options);
    const draft = await invoices.create(
      { customer, currency: 'eur', pending_invoice_items_behavior: 'include' },
      account.options,
    );
    await invoices.del(draft.id ?? '', {}, account.options);
    await expect(invoices.retrieve(draft.id ?? '', {}, account.options)).rejects.toMatchObject({
      code: 'resource_missing',
    });
    const { id = '' } = await invoices.create(
      { customer, currency: 'eur', auto_advance: true, pending_invoice_items_behavior: 'include' },
      account.options,
    );
    await rig.advance(account.options.stripeAccount ?? '', { advanceSeconds: 4000 });
    expect(await invoices.retrieve(id, {}, account.options)).toMatchObject({ status: 'paid', total: 700 });
    await expect(invoices.del(id, {}, account.options)).rejects.toThrow(/only delete/);
    await expect(
      invoices.create({ customer, collection_method: 'send_invoice' }, account.options),
    ).rejects.toThrow(/days_until_due/);
    await expect(invoiceItems.create({ customer, currency: 'eur' }, account.options)).rejects.toThrow(
      /amount/,
    );
  });
});
