import type Stripe from 'stripe';
import { payingCustomer } from './people';
import type { Stage, Story } from './stage';

const DONE = 'http://localhost:1/done';

function open(
  { rig }: Stage,
  options: Stripe.RequestOptions,
  params: Stripe.Checkout.SessionCreateParams,
): Promise<Stripe.Checkout.Session> {
  return rig.test.checkout.sessions.create({ success_url: DONE, ...params }, options);
}

export const choices: Story = {
  name: 'what a payer chooses at checkout',
  needs: ['post /v1/promotion_codes', 'get /v1/setup_intents/{intent}'],
  async tell(stage) {
    const { rig } = stage;
    const account = await rig.connect();
    const options = { stripeAccount: account };
    const { sessions } = rig.test.checkout;
    await rig.test.tax.settings.retrieve({}, options);
    await rig.test.tax.settings.update(
      {
        defaults: { tax_behavior: 'inclusive' },
        head_office: { address: { country: 'DE', city: 'Berlin' } },
      },
      options,
    );
    const product = await rig.test.products.create({ name: 'A tip' }, options);
    const free = await rig.test.prices.create(
      {
        product: product.id,
        currency: 'eur',
        custom_unit_amount: { enabled: true, minimum: 500, preset: 1000, maximum: 10_000 },
      },
      options,
    );
    const tip = await open(stage, options, {
      mode: 'payment',
      line_items: [{ price: free.id, quantity: 1 }],
      after_expiration: { recovery: { enabled: true, allow_promotion_codes: true } },
    });
    await rig.pay(tip, { unit_amount: '1.00' });
    await rig.pay(tip, { unit_amount: '12.50' });
    await sessions.retrieve(tip.id, { expand: ['payment_intent'] }, options);

    const monthly = await rig.price(account, 2000, { interval: 'month' });
    const coupon = await rig.test.coupons.create({ percent_off: 20, duration: 'forever' }, options);
    await rig.test.promotionCodes.create(
      { promotion: { type: 'coupon', coupon: coupon.id }, code: 'FRIENDS' },
      options,
    );
    const customer = await payingCustomer(stage, options, { email: 'mia@example.com' });
    const seats = await open(stage, options, {
      mode: 'subscription',
      customer,
      customer_update: { address: 'auto', name: 'auto' },
      automatic_tax: { enabled: true },
      allow_promotion_codes: true,
      line_items: [
        { price: monthly.id, quantity: 1, adjustable_quantity: { enabled: true, minimum: 1, maximum: 9 } },
      ],
    });
    await rig.pay(seats, { quantity_0: '3', promotion_code: 'friends' });
    const paid = await sessions.retrieve(
      seats.id,
      {
        expand: [
          'total_details.breakdown',
          'line_items.data.discounts',
          'subscription.discounts',
          'subscription.latest_invoice',
        ],
      },
      options,
    );
    const subscription = paid.subscription as Stripe.Subscription;
    const item = subscription.items.data[0]?.id ?? '';
    await rig.test.subscriptions.update(
      subscription.id,
      { items: [{ id: item, quantity: 5 }], proration_behavior: 'always_invoice' },
      options,
    );

    const gone = await open(stage, options, {
      mode: 'setup',
      currency: 'eur',
      customer_creation: 'always',
      after_expiration: { recovery: { enabled: true } },
      setup_intent_data: { description: 'A card', metadata: { a: 'b' } },
    });
    const expired = await sessions.expire(gone.id, {}, options);
    const back = await fetch(expired.after_expiration?.recovery?.url ?? '', { redirect: 'manual' });
    const fresh = back.headers.get('location')?.split('/').pop() ?? '';
    const again = await sessions.retrieve(fresh, {}, options);
    await rig.pay(again, { card_number: '4000000000000002' });
    await rig.pay(again, { card_number: '4000002500003155' });
    await rig.post(`/c/pay/${fresh}/authenticate`, { result: 'fail' });
    await rig.pay(again);
    await sessions.retrieve(fresh, { expand: ['setup_intent.payment_method', 'customer'] }, options);

    await rig.test.taxCodes.list({ limit: 2 }, options);
    const code = await rig.test.taxCodes.retrieve('txcd_20060045', {}, options);
    await rig.test.products.update(product.id, { tax_code: code.id }, options);
    const course = await rig.test.prices.create(
      { product: product.id, currency: 'eur', unit_amount: 4900, tax_behavior: 'exclusive' },
      options,
    );
    const company = await open(stage, options, {
      mode: 'payment',
      customer_creation: 'always',
      billing_address_collection: 'required',
      tax_id_collection: { enabled: true, required: 'if_supported' },
      invoice_creation: { enabled: true, invoice_data: { description: 'A course', metadata: { a: 'b' } } },
      line_items: [{ price: course.id, quantity: 1 }],
    });
    await rig.pay(company);
    await rig.pay(company, {
      billing_line1: 'Torstraße 1',
      billing_postal_code: '10119',
      billing_city: 'Berlin',
      business: 'yes',
      business_name: 'Muster GmbH',
      tax_id: 'DE123456789',
    });
    await sessions.retrieve(company.id, { expand: ['invoice.payments', 'customer'] }, options);
  },
};

export const refused: Story = {
  name: 'cards that are refused without checkout',
  needs: ['post /v1/payment_methods', 'post /v1/payment_intents/{intent}/capture'],
  async tell({ rig }) {
    const options = { stripeAccount: await rig.connect() };
    const { paymentIntents, paymentMethods, setupIntents } = rig.test;
    const card = { number: '4000 0000 0000 9995', exp_month: 12, exp_year: 2060 };
    const poor = await paymentMethods.create({ type: 'card', card }, options);
    const money = { amount: 1200, currency: 'eur', payment_method_types: ['card'] };
    const intent = await paymentIntents.create({ ...money, payment_method: poor.id }, options);
    await paymentIntents.confirm(intent.id, {}, options).catch(() => undefined);
    await paymentIntents.retrieve(intent.id, { expand: ['latest_charge'] }, options);
    const return_url = 'https://example.com/back';
    for (const result of ['complete', 'fail']) {
      const payment_method = 'pm_card_threeDSecure2Required';
      const asking = await paymentIntents.create(
        { ...money, payment_method, confirm: true, return_url },
        options,
      );
      await rig.post(asking.next_action?.redirect_to_url?.url ?? '', { result });
      await paymentIntents.retrieve(asking.id, {}, options);
      const keeping = await setupIntents.create({ payment_method, confirm: true, return_url }, options);
      await rig.post(keeping.next_action?.redirect_to_url?.url ?? '', { result });
      await setupIntents.retrieve(keeping.id, {}, options);
    }
    await setupIntents
      .create({ payment_method: 'pm_card_chargeDeclined', confirm: true, return_url }, options)
      .catch(() => undefined);
    const held = await paymentIntents.create(
      { ...money, payment_method: 'pm_card_visa', capture_method: 'manual', confirm: true },
      options,
    );
    await paymentIntents.capture(held.id, { amount_to_capture: 1000 }, options);
    const released = await paymentIntents.create(
      { ...money, payment_method: 'pm_card_visa', capture_method: 'manual', confirm: true },
      options,
    );
    await paymentIntents.cancel(released.id, { cancellation_reason: 'requested_by_customer' }, options);
  },
};
