import type Stripe from 'stripe';
import { rigFor } from './support/setup';

// Where Checkout refuses, in Stripe's words. What it needs is set up in the coach's own Dashboard.
describe('Checkout is as strict as Stripe', () => {
  let account: string;
  let options: Stripe.RequestOptions;

  const rig = rigFor('test');
  beforeEach(async () => {
    await use({});
  });

  async function use(fields: Record<string, string>) {
    account = await rig.connect(fields);
    options = { stripeAccount: account };
  }
  async function open(params: Partial<Stripe.Checkout.SessionCreateParams> = {}) {
    const price = await rig.price(account, 1000);
    return rig.test.checkout.sessions.create(
      {
        mode: 'payment',
        success_url: 'https://example.com/done',
        line_items: [{ price: price.id, quantity: 1 }],
        ...params,
      },
      options,
    );
  }

  it('opens for no account without a business name (https://docs.stripe.com/get-started/account/set-up)', async () => {
    await use({ business_name: '' });
    await expect(open()).rejects.toMatchObject({
      statusCode: 400,
      message:
        'In order to use Checkout, you must set an account or business name at https://dashboard.stripe.com/account.',
    });
    await rig.test.accounts.update(account, { business_profile: { name: 'Ada Coaching' } });
    expect((await open()).status).toBe('open');
  });

  it('works out no tax without a head office (https://docs.stripe.com/tax/settings-api)', async () => {
    const tax = { automatic_tax: { enabled: true } };
    expect(await rig.test.tax.settings.retrieve({}, options)).toMatchObject({
      status: 'pending',
      status_details: { pending: { missing_fields: ['head_office'] } },
    });
    await expect(open(tax)).rejects.toMatchObject({
      statusCode: 400,
      message: expect.stringContaining('You must have a valid head office address') as string,
    });
    await expect(
      rig.test.tax.settings.update({ head_office: { address: { city: 'Berlin' } } }, options),
    ).rejects.toMatchObject({ param: 'head_office[address][country]' });
    await rig.test.tax.settings.update({ head_office: { address: { country: 'DE' } } }, options);
    expect((await open(tax)).automatic_tax.enabled).toBe(true);
    const events = await rig.test.events.list({ type: 'tax.settings.updated' }, options);
    expect(events.data[0]?.data.previous_attributes).toMatchObject({ status: 'pending' });
    // Test mode's settings say nothing about live mode's.
    expect((await rig.live.tax.settings.retrieve()).status).toBe('pending');
  });

  it('combines no amount of the payer’s choice with codes (https://docs.stripe.com/payments/checkout/pay-what-you-want)', async () => {
    const product = await rig.test.products.create({ name: 'A tip' }, options);
    const price = await rig.test.prices.create(
      { product: product.id, currency: 'eur', custom_unit_amount: { enabled: true } },
      options,
    );
    const line_items = [{ price: price.id, quantity: 1 }];
    const coupon = await rig.test.coupons.create({ percent_off: 20 }, options);
    await expect(open({ line_items, allow_promotion_codes: true })).rejects.toMatchObject({
      param: 'allow_promotion_codes',
    });
    await expect(open({ line_items, discounts: [{ coupon: coupon.id }] })).rejects.toMatchObject({
      param: 'discounts',
    });
    expect((await open({ line_items })).status).toBe('open');
  });

  it('sells no price of an archived product (https://docs.stripe.com/products-prices/manage-prices)', async () => {
    const price = await rig.price(account, 1000);
    const sell = () => open({ line_items: [{ price: price.id, quantity: 1 }] });
    const product = String(price.product);
    await rig.test.products.update(product, { active: false }, options);
    expect((await rig.test.prices.retrieve(price.id, {}, options)).active).toBe(true);
    const error = (await sell().catch((reason: unknown) => reason)) as Stripe.errors.StripeError;
    expect(error).toMatchObject({
      statusCode: 400,
      type: 'StripeInvalidRequestError',
      param: 'line_items[0][price]',
      message: `Price \`${price.id}\` is not available to be purchased because its product is not active.`,
    });
    expect(error.code).toBeUndefined();
    await rig.test.products.update(product, { active: true }, options);
    expect((await sell()).status).toBe('open');
    // A product that is named while it is sold (`product_data`) is in no catalog, and sold all the same.
    const price_data = { currency: 'eur', unit_amount: 1000, product_data: { name: 'Once' } };
    expect((await open({ line_items: [{ price_data, quantity: 1 }] })).status).toBe('open');
  });

  it('knows the customer’s address while the session is open (https://docs.stripe.com/api/checkout/sessions/object#checkout_session_object-customer_details)', async () => {
    const customer = await rig.test.customers.create({ email: 'mia@example.com', name: 'Mia' }, options);
    expect((await open({ customer: customer.id })).customer_details).toMatchObject({
      email: 'mia@example.com',
      name: null,
      address: null,
      tax_ids: null,
    });
    expect((await open({ customer_email: 'max@example.com' })).customer_details?.email).toBe(
      'max@example.com',
    );
    const nobody = await open();
    expect(nobody.customer_details).toBeNull();
    const mine = { customer_details: { email: 'mia@example.com' } };
    expect((await rig.test.checkout.sessions.list(mine, options)).data).toHaveLength(1);
    await rig.pay(nobody);
    expect(
      (await rig.test.checkout.sessions.retrieve(nobody.id, {}, options)).customer_details,
    ).toMatchObject({
      email: 'member@example.com',
      name: 'Mia Member',
    });
  });

  it('expires between 30 minutes and 24 hours (https://docs.stripe.com/api/checkout/sessions/create#create_checkout_session-expires_at)', async () => {
    const { now } = await rig.clock(account);
    for (const expires_at of [now + 29 * 60, now + 25 * 3600]) {
      await expect(open({ expires_at })).rejects.toMatchObject({ param: 'expires_at' });
    }
    expect((await open({ expires_at: now + 3600 })).expires_at).toBe(now + 3600);
  });
});
