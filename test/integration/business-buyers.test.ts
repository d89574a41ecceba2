import { eventually } from '../support/eventually';
import { rigFor, sellerFor } from '../support/setup';

// What businesses are asked for at Checkout, what comes of it, and the invoices of what is bought once.
const rig = rigFor('file');
const seller = sellerFor('test', rig);

const COMPANY = {
  billing_line1: 'Torstraße 1',
  billing_postal_code: '10119',
  billing_city: 'Berlin',
  billing_country: 'DE',
  business: 'yes',
  business_name: 'Muster GmbH',
  tax_id: 'DE123456789',
};
const GIVEN = {
  company: 'Muster GmbH',
  name: null,
  taxIds: [{ type: 'eu_vat', value: 'DE123456789' }],
  address: {
    line1: 'Torstraße 1',
    line2: null,
    postalCode: '10119',
    city: 'Berlin',
    state: null,
    country: 'DE',
  },
};

const choose = (settings: object) => seller.coach.call('PATCH', '/v1/settings', settings);
const paymentsOf = async (member: string) =>
  (await seller.read(`/v1/payments?member=${member}`)).data as { id: string; membershipId: string }[];

describe.each([
  ['bought once', {}],
  ['a subscription', { recurring: { interval: 'month' } as const }],
])('%s', (_way, terms) => {
  test('nobody is asked unless the settings say so, and nothing is kept', async () => {
    const price = await seller.offer({ unitAmount: 4900, ...terms });
    const { memberId } = await seller.purchase(price, 'ada', { form: COMPANY });
    const [payment] = await paymentsOf(memberId);
    expect(await seller.read(`/v1/payments/${payment?.id}`)).toMatchObject({ billing: null });
  });

  test('a business gives its name, tax id and address, and the coach finds them at the payment', async () => {
    await choose({ businessBuyers: true });
    const price = await seller.offer({ unitAmount: 4900, ...terms });
    const checkout = await seller.openFor(price, 'ada');
    expect(await seller.pay(checkout)).toMatchObject({ status: 402 });
    expect(await seller.pay(checkout, COMPANY)).toMatchObject({ status: 303 });
    const { memberId } = await seller.boughtBy(checkout);
    const [payment] = await paymentsOf(memberId);
    expect(await seller.read(`/v1/payments/${payment?.id}`)).toMatchObject({ billing: GIVEN });
  });

  test('scenario 92: a member who has bought before is asked as well: the customer takes over name and address', async () => {
    const product = await seller.offer({ unitAmount: 4900, ...terms });
    await seller.purchase(product, 'ada');
    await choose({ businessBuyers: true });
    const again = await seller.offer({ unitAmount: 1900, ...terms });
    const { memberId, id } = await seller.purchase(again, 'ada', { form: COMPANY });
    const payment = (await paymentsOf(memberId)).find(({ membershipId }) => membershipId === id);
    expect(await seller.read(`/v1/payments/${payment?.id}`)).toMatchObject({ billing: GIVEN });
    const [customer] = (await seller.stripe.customers.list({}, seller.asAccount)).data;
    expect(customer).toMatchObject({ name: 'Muster GmbH', address: { city: 'Berlin' } });
  });
});

test('what is bought once has an invoice where the settings say so; it is refunded as any other', async () => {
  await choose({ purchaseInvoices: true });
  const price = await seller.offer({ unitAmount: 4900 });
  const { memberId } = await seller.purchase(price, 'ada');
  const [payment] = await paymentsOf(memberId);
  const whole = await seller.read(`/v1/payments/${payment?.id}`);
  expect(whole.stripe).toMatchObject({
    invoiceId: expect.stringMatching(/^in_/),
    paymentIntentId: payment?.id,
  });
  const invoice = await seller.stripe.invoices.retrieve(whole.stripe.invoiceId, {}, seller.asAccount);
  expect(invoice).toMatchObject({ status: 'paid', amount_paid: 4900 });
  await seller.stripe.refunds.create({ payment_intent: payment?.id ?? '' }, seller.asAccount);
  await seller.quiet();
  expect(await seller.accessOf('ada', price)).toMatchObject({ access: false });
});

test('a subscription is sold as before where purchases have invoices', async () => {
  await choose({ purchaseInvoices: true, businessBuyers: true });
  const price = await seller.offer({ unitAmount: 4900, recurring: { interval: 'month' } });
  expect(await seller.purchase(price, 'ada', { form: COMPANY })).toMatchObject({ status: 'active' });
});

test('who is erased leaves nothing of it', async () => {
  await choose({ businessBuyers: true });
  const price = await seller.offer({ unitAmount: 4900 });
  const { memberId } = await seller.purchase(price, 'ada', { form: COMPANY });
  const exported = await seller.read(`/v1/members/${memberId}/export`);
  expect(exported.checkouts).toMatchObject([{ buyerDetails: GIVEN }]);
  await seller.coach.call('POST', `/v1/members/${memberId}/erase`, {
    delayMinutes: 0,
    endMemberships: true,
  });
  await eventually('the end of the erasure', async () => {
    const { status } = await seller.read(`/v1/members/${memberId}/erasure`);
    return status === 'erased';
  });
  expect(JSON.stringify(await rig.db.checkout.findMany({ where: { memberId } }))).not.toContain('Muster');
});

describe('how what is sold is taxed', () => {
  const productAtStripe = (id: string) => seller.stripe.products.retrieve(id, {}, seller.asAccount);

  test.each(['inclusive', 'exclusive'] as const)('a price and its setup fee: %s', async (taxBehavior) => {
    const price = await seller.offer({
      unitAmount: 4900,
      recurring: { interval: 'month' },
      setupFee: 1000,
      taxBehavior,
    });
    expect(price).toMatchObject({ taxBehavior });
    const { data } = await seller.stripe.prices.list({ product: price.productId }, seller.asAccount);
    expect(data.map(({ tax_behavior }) => tax_behavior)).toEqual([taxBehavior, taxBehavior]);
    const replaced = await seller.coach.call('POST', `/v1/prices/${price.id}/replace`, { unitAmount: 5900 });
    expect(replaced.body).toMatchObject({ taxBehavior });
  });

  test('the product has a tax code from its first price on, and each change is pushed', async () => {
    const { body: product } = await seller.coach.call('POST', '/v1/products', {
      name: 'Live',
      taxCode: 'txcd_20060045',
    });
    await seller.offer({ unitAmount: 4900 }, product.id);
    expect(await productAtStripe(product.id)).toMatchObject({ tax_code: 'txcd_20060045' });
    for (const taxCode of ['txcd_20060058', null]) {
      await seller.coach.call('PATCH', `/v1/products/${product.id}`, { taxCode });
      await eventually('the change at Stripe', async () => {
        const { tax_code } = await productAtStripe(product.id);
        return (tax_code ?? null) === taxCode;
      });
    }
  });

  test('what the coach chooses in the Dashboard is taken over', async () => {
    const { productId } = await seller.offer({ unitAmount: 4900 });
    await seller.stripe.products.update(productId, { tax_code: 'txcd_20060059' }, seller.asAccount);
    await eventually('the tax code here', async () => {
      const { taxCode } = await seller.read(`/v1/products/${productId}`);
      return taxCode === 'txcd_20060059';
    });
  });

  test('a code that Stripe does not have, or a tax of what is free, is refused by its field', async () => {
    const refused = { status: 400, body: { code: 'invalid_request' } };
    for (const taxCode of ['txcd_12345678', 'yoga'])
      expect(await seller.coach.call('POST', '/v1/products', { name: 'Live', taxCode })).toMatchObject({
        ...refused,
        body: { ...refused.body, field: 'taxCode' },
      });
    const { productId } = await seller.offer({ unitAmount: 4900 });
    expect(
      await seller.coach.call('POST', `/v1/products/${productId}/prices`, {
        model: 'free',
        taxBehavior: 'inclusive',
      }),
    ).toMatchObject({ ...refused, body: { field: 'taxBehavior' } });
  });
});
