import type Stripe from 'stripe';
import { accountFor, rigFor } from './support/setup';

const DAY = 86_400;

describe('discounts', () => {
  const rig = rigFor('test');
  const account = accountFor('test', rig);

  async function customer(): Promise<string> {
    const { id } = await rig.test.customers.create({ payment_method: 'pm_card_visa' }, account.options);
    const [method] = (await rig.test.customers.listPaymentMethods(id, {}, account.options)).data;
    const settings = { default_payment_method: method?.id ?? '' };
    await rig.test.customers.update(id, { invoice_settings: settings }, account.options);
    return id;
  }

  async function subscribe(coupon: Stripe.CouponCreateParams, amount = 3000): Promise<Stripe.Subscription> {
    const price = await rig.price(account.id, amount, { interval: 'month' });
    const { id } = await rig.test.coupons.create(coupon, account.options);
    return rig.test.subscriptions.create(
      { customer: await customer(), items: [{ price: price.id }], discounts: [{ coupon: id }] },
      account.options,
    );
  }

  async function paidMonths(subscription: Stripe.Subscription, months: number): Promise<number[]> {
    await rig.advance(account.id, { advanceSeconds: (months - 1) * 31 * DAY });
    const invoices = await rig.test.invoices.list(
      { subscription: subscription.id, limit: 20 },
      account.options,
    );
    return invoices.data.map(({ amount_paid }) => amount_paid).reverse();
  }

  it('count once, for some months, or for ever', async () => {
    const once = await subscribe({ duration: 'once', percent_off: 50 });
    const some = await subscribe({ duration: 'repeating', duration_in_months: 3, percent_off: 25 });
    const always = await subscribe({ duration: 'forever', amount_off: 700, currency: 'eur' });
    expect(once.discounts).toEqual([]);
    expect(some.discounts).toHaveLength(1);
    const events = await rig.test.events.list({ type: 'customer.discount.*', limit: 20 }, account.options);
    expect(events.data.map(({ type }) => type).reverse()).toEqual([
      'customer.discount.created',
      'customer.discount.deleted',
      'customer.discount.created',
      'customer.discount.created',
    ]);
    expect((await paidMonths(once, 5)).slice(0, 5)).toEqual([1500, 3000, 3000, 3000, 3000]);
    expect((await paidMonths(some, 1)).slice(0, 5)).toEqual([2250, 2250, 2250, 3000, 3000]);
    expect((await paidMonths(always, 1)).slice(0, 5)).toEqual([2300, 2300, 2300, 2300, 2300]);
    expect((await rig.test.subscriptions.retrieve(some.id, {}, account.options)).discounts).toEqual([]);
  });

  it('show on the invoice and its lines', async () => {
    const { latest_invoice } = await subscribe({ duration: 'forever', percent_off: 33 }, 1999);
    const invoice = await rig.test.invoices.retrieve(latest_invoice as string, {}, account.options);
    expect(invoice).toMatchObject({ subtotal: 1999, total: 1339, amount_paid: 1339 });
    expect(invoice.total_discount_amounts?.map(({ amount }) => amount)).toEqual([660]);
    expect(invoice.lines.data[0]?.discount_amounts?.map(({ amount }) => amount)).toEqual([660]);
  });

  it('are typed in on the Checkout page', async () => {
    const price = await rig.price(account.id, 4000, { interval: 'month' });
    const coupon = await rig.test.coupons.create({ percent_off: 10, duration: 'forever' }, account.options);
    const code = await rig.test.promotionCodes.create(
      { promotion: { type: 'coupon', coupon: coupon.id }, code: 'SPRING', max_redemptions: 1 },
      account.options,
    );
    const open = () =>
      rig.test.checkout.sessions.create(
        {
          mode: 'subscription',
          line_items: [{ price: price.id, quantity: 1 }],
          success_url: 'http://localhost:1/done',
          allow_promotion_codes: true,
        },
        account.options,
      );
    const session = await open();
    const refused = await rig.post(`/c/pay/${session.id}`, {
      action: 'apply_promotion_code',
      promotion_code: 'WINTER',
    });
    expect(refused.status).toBe(402);
    expect(await refused.text()).toContain('This code is invalid.');
    const applied = await rig.post(`/c/pay/${session.id}`, {
      action: 'apply_promotion_code',
      promotion_code: 'spring',
    });
    expect(applied.status).toBe(200);
    expect(await applied.text()).toContain('€36.00');
    expect((await rig.pay(session)).status).toBe(303);
    const done = await rig.test.checkout.sessions.retrieve(
      session.id,
      { expand: ['total_details.breakdown', 'line_items.data.discounts', 'subscription.latest_invoice'] },
      account.options,
    );
    expect(done).toMatchObject({
      amount_subtotal: 4000,
      amount_total: 3600,
      discounts: [{ coupon: null, promotion_code: code.id }],
      total_details: {
        amount_discount: 400,
        breakdown: { discounts: [{ amount: 400, discount: { promotion_code: code.id } }], taxes: [] },
      },
    });
    expect(done.line_items?.data[0]?.discounts?.map(({ amount }) => amount)).toEqual([400]);
    const subscription = done.subscription as Stripe.Subscription;
    expect(subscription.discounts).toHaveLength(1);
    expect((subscription.latest_invoice as Stripe.Invoice).amount_paid).toBe(3600);
    expect(await rig.test.promotionCodes.retrieve(code.id, {}, account.options)).toMatchObject({
      active: false,
      times_redeemed: 1,
    });
    const second = await rig.pay(await open(), { promotion_code: 'SPRING' });
    expect(second.status).toBe(402);
  });

  it('of a session are taken from a one-off payment, and can make it free', async () => {
    const price = await rig.price(account.id, 4000);
    const sell = async (coupon: Stripe.CouponCreateParams) => {
      const { id } = await rig.test.coupons.create(coupon, account.options);
      const session = await rig.test.checkout.sessions.create(
        {
          mode: 'payment',
          line_items: [{ price: price.id, quantity: 1 }],
          success_url: 'http://localhost:1/done',
          discounts: [{ coupon: id }],
        },
        account.options,
      );
      expect((await rig.pay(session)).status).toBe(303);
      return rig.test.checkout.sessions.retrieve(session.id, { expand: ['payment_intent'] }, account.options);
    };
    const cheap = await sell({ duration: 'once', amount_off: 1500, currency: 'eur' });
    expect((cheap.payment_intent as Stripe.PaymentIntent).amount_received).toBe(2500);
    const free = await sell({ duration: 'once', percent_off: 100 });
    expect(free).toMatchObject({
      amount_total: 0,
      payment_status: 'no_payment_required',
      payment_intent: null,
    });
  });

  it('of a promotion code need what the code asks for', async () => {
    const price = await rig.price(account.id, 1000);
    const { id: coupon } = await rig.test.coupons.create(
      { percent_off: 50, duration: 'once' },
      account.options,
    );
    await rig.test.promotionCodes.create(
      {
        promotion: { type: 'coupon', coupon },
        code: 'BULK',
        restrictions: { minimum_amount: 3000, minimum_amount_currency: 'eur' },
      },
      account.options,
    );
    const session = await rig.test.checkout.sessions.create(
      {
        mode: 'payment',
        line_items: [{ price: price.id, quantity: 1, adjustable_quantity: { enabled: true } }],
        success_url: 'http://localhost:1/done',
        allow_promotion_codes: true,
      },
      account.options,
    );
    expect((await rig.pay(session, { promotion_code: 'BULK' })).status).toBe(402);
    const enough = { action: 'apply_promotion_code', promotion_code: 'BULK', quantity_0: '3' };
    expect((await rig.post(`/c/pay/${session.id}`, enough)).status).toBe(200);
    expect((await rig.pay(session, { quantity_0: '2' })).status).toBe(402);
    expect((await rig.pay(session, { quantity_0: '4' })).status).toBe(303);
    const done = await rig.test.checkout.sessions.retrieve(session.id, {}, account.options);
    expect(done).toMatchObject({ amount_subtotal: 4000, amount_total: 2000 });
  });

  it('are refused where they do not fit', async () => {
    const { coupons, promotionCodes } = rig.test;
    await expect(coupons.create({ duration: 'once' }, account.options)).rejects.toMatchObject({
      param: 'percent_off',
    });
    await expect(
      coupons.create({ duration: 'repeating', percent_off: 10 }, account.options),
    ).rejects.toMatchObject({
      param: 'duration_in_months',
    });
    await expect(coupons.create({ amount_off: 100 }, account.options)).rejects.toMatchObject({
      param: 'currency',
    });
    await expect(subscribe({ duration: 'once', amount_off: 100, currency: 'usd' })).rejects.toMatchObject({
      param: 'discounts[0][coupon]',
    });
    const coupon = await coupons.create({ id: 'ONE', duration: 'once', percent_off: 10 }, account.options);
    await expect(coupons.create({ id: 'ONE', percent_off: 10 }, account.options)).rejects.toMatchObject({
      code: 'resource_already_exists',
    });
    const promotion = { type: 'coupon' as const, coupon: coupon.id };
    await promotionCodes.create({ promotion, code: 'TWICE' }, account.options);
    await expect(promotionCodes.create({ promotion, code: 'twice' }, account.options)).rejects.toMatchObject({
      param: 'code',
    });
  });

  it('of a promotion code promise nothing beyond the coupon', async () => {
    const { coupons, promotionCodes } = rig.test;
    const now = Math.floor(Date.now() / 1000);
    const limited = { percent_off: 10, max_redemptions: 3, redeem_by: now + 10 * DAY };
    const { id } = await coupons.create(limited, account.options);
    const promotion = { type: 'coupon' as const, coupon: id };
    await expect(
      promotionCodes.create({ promotion, max_redemptions: 4 }, account.options),
    ).rejects.toMatchObject({ param: 'max_redemptions' });
    await expect(
      promotionCodes.create({ promotion, expires_at: now + 11 * DAY }, account.options),
    ).rejects.toMatchObject({ param: 'expires_at' });
    const code = await promotionCodes.create(
      { promotion, max_redemptions: 3, expires_at: now + 9 * DAY },
      account.options,
    );
    await promotionCodes.update(code.id, { active: false }, account.options);
    expect(await promotionCodes.update(code.id, { active: true }, account.options)).toMatchObject({
      active: true,
    });
    await coupons.del(id, undefined, account.options);
    await expect(promotionCodes.update(code.id, { active: true }, account.options)).rejects.toMatchObject({
      param: 'active',
    });
  });
});
