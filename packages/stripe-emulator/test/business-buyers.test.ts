import type Stripe from 'stripe';
import { accountFor, rigFor } from './support/setup';

const BUSINESS = {
  billing_line1: 'Torstraße 1',
  billing_postal_code: '10119',
  billing_city: 'Berlin',
  business: 'yes',
  business_name: 'Muster GmbH',
  tax_id: 'DE 123 456 789',
};

describe('a business that buys at Checkout', () => {
  const rig = rigFor('file');
  const account = accountFor('file', rig);

  async function open(params: Stripe.Checkout.SessionCreateParams): Promise<Stripe.Checkout.Session> {
    const interval = params.mode === 'subscription' ? ({ interval: 'month' } as const) : undefined;
    const price = await rig.price(account.id, 4900, interval);
    return rig.test.checkout.sessions.create(
      { success_url: 'http://localhost:1/done', line_items: [{ price: price.id, quantity: 1 }], ...params },
      account.options,
    );
  }
  const retrieve = (id: string, expand: string[] = []) =>
    rig.test.checkout.sessions.retrieve(id, { expand }, account.options);
  const asked: Stripe.Checkout.SessionCreateParams = {
    tax_id_collection: { enabled: true },
    billing_address_collection: 'required',
  };

  it('gives its name, its tax id and its address, and is the customer by that name', async () => {
    const session = await open({ mode: 'payment', customer_creation: 'always', ...asked });
    expect(session.tax_id_collection).toEqual({ enabled: true, required: 'never' });
    expect((await rig.pay(session, BUSINESS)).status).toBe(303);
    const done = await retrieve(session.id, ['customer']);
    expect(done.customer_details).toMatchObject({
      business_name: 'Muster GmbH',
      name: 'Muster GmbH',
      tax_ids: [{ type: 'eu_vat', value: 'DE123456789' }],
      address: { line1: 'Torstraße 1', postal_code: '10119', city: 'Berlin', country: 'DE' },
    });
    expect(done.customer).toMatchObject({ name: 'Muster GmbH', address: { city: 'Berlin' } });
  });

  it.each([
    ['no address', { billing_line1: '' }],
    ['no name', { business_name: '' }],
    ['a tax id of another shape', { tax_id: 'DE12' }],
    ['a tax id of another country', { tax_id: 'ATU12345678' }],
  ])('is asked again: %s', async (_what, wrong) => {
    const session = await open({ mode: 'payment', ...asked });
    expect((await rig.pay(session, { ...BUSINESS, ...wrong })).status).toBe(402);
    expect(await retrieve(session.id)).toMatchObject({ status: 'open' });
  });

  it('who buys for themselves gives an address alone, unless a tax id is required', async () => {
    const { business: _b, business_name: _n, tax_id: _t, ...address } = BUSINESS;
    const session = await open({ mode: 'payment', ...asked });
    expect((await rig.pay(session, address)).status).toBe(303);
    expect((await retrieve(session.id)).customer_details).toMatchObject({ business_name: null, tax_ids: [] });
    const strict = await open({
      ...asked,
      mode: 'payment',
      tax_id_collection: { enabled: true, required: 'if_supported' },
    });
    expect((await rig.pay(strict, address)).status).toBe(402);
  });

  it('an existing customer has to take over the name', async () => {
    const { id: customer } = await rig.test.customers.create({ email: 'mia@example.com' }, account.options);
    for (const customer_update of [undefined, { address: 'auto' } as const])
      await expect(
        open({ mode: 'payment', customer, ...asked, ...(customer_update ? { customer_update } : {}) }),
      ).rejects.toMatchObject({ message: expect.stringContaining('`customer_update[name]` to `auto`') });
    const session = await open({
      mode: 'subscription',
      customer,
      ...asked,
      customer_update: { address: 'auto', name: 'auto' },
    });
    await rig.pay(session, BUSINESS);
    expect(await retrieve(session.id, ['customer'])).toMatchObject({ customer: { name: 'Muster GmbH' } });
  });
});

describe('the invoice of a one-off purchase', () => {
  const rig = rigFor('file');
  const account = accountFor('file', rig);
  const SESSION = { success_url: 'http://localhost:1/done', customer_creation: 'always' } as const;
  const INVOICE = { invoice_creation: { enabled: true, invoice_data: { metadata: { a: 'b' } } } };

  const invoiceOf = async (session: string) => {
    const { invoice } = await rig.test.checkout.sessions.retrieve(
      session,
      { expand: ['invoice.payments'] },
      account.options,
    );
    return invoice as Stripe.Invoice | null;
  };

  it('is there once it is paid, less what a coupon takes off, and its payment is the session’s', async () => {
    const price = await rig.price(account.id, 4900);
    const coupon = await rig.test.coupons.create({ percent_off: 50, duration: 'once' }, account.options);
    const session = await rig.test.checkout.sessions.create(
      {
        ...SESSION,
        ...INVOICE,
        mode: 'payment',
        line_items: [{ price: price.id, quantity: 2 }],
        discounts: [{ coupon: coupon.id }],
      },
      account.options,
    );
    expect(await invoiceOf(session.id)).toBeNull();
    await rig.pay(session);
    const invoice = await invoiceOf(session.id);
    expect(invoice).toMatchObject({
      status: 'paid',
      subtotal: 9800,
      total: 4900,
      amount_paid: 4900,
      parent: null,
      metadata: { a: 'b' },
      hosted_invoice_url: expect.any(String),
    });
    const { payment_intent: intent } = await rig.test.checkout.sessions.retrieve(
      session.id,
      {},
      account.options,
    );
    const found = await rig.test.invoicePayments.list(
      { payment: { type: 'payment_intent', payment_intent: intent as string } },
      account.options,
    );
    expect(found.data).toMatchObject([{ invoice: invoice?.id, status: 'paid' }]);
  });

  it('of a debit that takes days is there when it has come', async () => {
    const price = await rig.price(account.id, 4900);
    const session = await rig.test.checkout.sessions.create(
      {
        ...SESSION,
        ...INVOICE,
        mode: 'payment',
        payment_method_types: ['sepa_debit'],
        line_items: [{ price: price.id, quantity: 1 }],
      },
      account.options,
    );
    await rig.pay(session, { payment_method: 'sepa_debit', iban: 'DE89370400440532013000' });
    expect(await invoiceOf(session.id)).toBeNull();
    await rig.advance(account.id, { advanceSeconds: 5 * 86_400 });
    expect(await invoiceOf(session.id)).toMatchObject({ status: 'paid', amount_paid: 4900 });
  });

  it('is refused where Stripe makes invoices anyway, or none', async () => {
    const monthly = await rig.price(account.id, 4900, { interval: 'month' });
    await expect(
      rig.test.checkout.sessions.create(
        {
          success_url: SESSION.success_url,
          ...INVOICE,
          mode: 'subscription',
          line_items: [{ price: monthly.id, quantity: 1 }],
        },
        account.options,
      ),
    ).rejects.toMatchObject({ param: 'invoice_creation' });
  });
});

describe('how what is sold is taxed', () => {
  const rig = rigFor('file');
  const account = accountFor('file', rig);

  it('a price that has said whether tax is part of it says nothing else any more', async () => {
    const price = await rig.price(account.id, 4900);
    const say = (tax_behavior: 'inclusive' | 'exclusive') =>
      rig.test.prices.update(price.id, { tax_behavior }, account.options);
    expect(await say('inclusive')).toMatchObject({ tax_behavior: 'inclusive' });
    expect(await say('inclusive')).toMatchObject({ tax_behavior: 'inclusive' });
    await expect(say('exclusive')).rejects.toMatchObject({ param: 'tax_behavior' });
  });

  it('a tax code is one of Stripe’s', async () => {
    const product = await rig.test.products.create({ name: 'A', tax_code: 'txcd_20060045' }, account.options);
    expect(product.tax_code).toBe('txcd_20060045');
    for (const wrong of [
      rig.test.products.create({ name: 'B', tax_code: 'txcd_12345678' }, account.options),
      rig.test.products.update(product.id, { tax_code: 'yoga' }, account.options),
    ])
      await expect(wrong).rejects.toMatchObject({ param: 'tax_code', code: 'resource_missing' });
    expect((await rig.test.taxCodes.retrieve('txcd_20060045', {}, account.options)).name).toContain('Live');
    await expect(rig.test.taxCodes.retrieve('yoga', {}, account.options)).rejects.toMatchObject({
      message: 'Invalid tax code',
    });
    const { data } = await rig.test.taxCodes.list({ limit: 3 }, account.options);
    expect(data).toHaveLength(3);
  });
});
