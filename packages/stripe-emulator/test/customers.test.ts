import type Stripe from 'stripe';
import { accountFor, rigFor } from './support/setup';

describe('customers, their payment methods, and what is absent', () => {
  const rig = rigFor('file');
  const account = accountFor('file', rig);

  const typesSince = async (id: string): Promise<string[]> =>
    (await rig.test.events.list({ ending_before: id, limit: 100 }, account.options)).data.map(
      ({ type }) => type,
    );
  const newest = async (): Promise<string> =>
    (await rig.test.events.list({ limit: 1 }, account.options)).data[0]?.id ?? '';

  it('makes a payment method of the customer’s own of a ready-made test card', async () => {
    const customer = await rig.test.customers.create(
      { payment_method: 'pm_card_visa', invoice_settings: { default_payment_method: 'pm_card_visa' } },
      account.options,
    );
    const [method] = (await rig.test.customers.listPaymentMethods(customer.id, {}, account.options)).data;
    expect(method?.id).toMatch(/^pm_\w{24}$/);
    expect(customer.invoice_settings.default_payment_method).toBe(method?.id);
    const price = await rig.price(account.options.stripeAccount, 1000, { interval: 'month' });
    const subscription = await rig.test.subscriptions.create(
      { customer: customer.id, items: [{ price: price.id }] },
      account.options,
    );
    expect(subscription.status).toBe('active');
  });

  it('takes no default payment method that is not the customer’s', async () => {
    const refusal = {
      statusCode: 400,
      code: 'resource_missing',
      param: 'invoice_settings[default_payment_method]',
    };
    const settings = (id: string) => ({ invoice_settings: { default_payment_method: id } });
    await expect(rig.test.customers.create(settings('pm_card_visa'), account.options)).rejects.toMatchObject(
      refusal,
    );
    const [one, other] = await Promise.all([
      rig.test.customers.create({}, account.options),
      rig.test.customers.create({}, account.options),
    ]);
    const card = await rig.test.paymentMethods.attach(
      'pm_card_visa',
      { customer: other.id },
      account.options,
    );
    for (const id of ['pm_absent', 'pm_card_visa', card.id])
      await expect(rig.test.customers.update(one.id, settings(id), account.options)).rejects.toMatchObject(
        refusal,
      );
    await rig.test.customers.update(other.id, settings(card.id), account.options);
  });

  it('attaches no card that is declined, but the one that is declined afterwards', async () => {
    const { id: customer } = await rig.test.customers.create({}, account.options);
    await expect(
      rig.test.paymentMethods.attach('pm_card_chargeDeclined', { customer }, account.options),
    ).rejects.toMatchObject({
      type: 'StripeCardError',
      statusCode: 402,
      code: 'card_declined',
      decline_code: 'generic_decline',
    });
    expect((await rig.test.customers.listPaymentMethods(customer, {}, account.options)).data).toEqual([]);
    const attached = await rig.test.paymentMethods.attach(
      'pm_card_chargeCustomerFail',
      { customer },
      account.options,
    );
    expect(attached.customer).toBe(customer);
  });

  it('answers 404 for what the path names, and 400 for what a parameter names', async () => {
    const missing = (statusCode: number, param: string) => ({
      type: 'StripeInvalidRequestError',
      statusCode,
      code: 'resource_missing',
      param,
    });
    const { stripeAccount } = account.options;
    const at = { stripeAccount };
    const { test } = rig;
    await expect(test.prices.retrieve('price_absent', {}, at)).rejects.toMatchObject(missing(404, 'price'));
    await expect(test.prices.update('price_absent', {}, at)).rejects.toMatchObject(missing(404, 'price'));
    await expect(test.customers.update('cus_absent', {}, at)).rejects.toMatchObject(missing(404, 'id'));
    await expect(test.invoices.pay('in_absent', {}, at)).rejects.toMatchObject(missing(404, 'invoice'));
    await expect(test.paymentIntents.capture('pi_absent', {}, at)).rejects.toMatchObject(
      missing(404, 'intent'),
    );
    await expect(test.subscriptions.cancel('sub_absent', {}, at)).rejects.toMatchObject(missing(404, 'id'));
    await expect(test.checkout.sessions.expire('cs_absent', {}, at)).rejects.toMatchObject(
      missing(404, 'session'),
    );
    const { id: customer } = await test.customers.create({}, at);
    await expect(
      test.subscriptions.create({ customer, items: [{ price: 'price_absent' }] }, at),
    ).rejects.toMatchObject(missing(400, 'items[0][price]'));
    await expect(
      test.paymentMethods.attach('pm_card_visa', { customer: 'cus_absent' }, at),
    ).rejects.toMatchObject(missing(400, 'customer'));
    await expect(test.paymentMethods.attach('pm_absent', { customer }, at)).rejects.toMatchObject(
      missing(404, 'payment_method'),
    );
  });

  it('tells that a coupon and a promotion code were redeemed', async () => {
    const coupon = await rig.test.coupons.create({ percent_off: 10, duration: 'forever' }, account.options);
    const code = await rig.test.promotionCodes.create(
      { promotion: { type: 'coupon', coupon: coupon.id }, max_redemptions: 1 },
      account.options,
    );
    const price = await rig.price(account.options.stripeAccount, 1000, { interval: 'month' });
    const customer = await rig.test.customers.create({ payment_method: 'pm_card_visa' }, account.options);
    const before = await newest();
    const items = [{ price: price.id }];
    const discounts = [{ promotion_code: code.id }];
    await rig.test.subscriptions.create(
      { customer: customer.id, items, discounts, payment_behavior: 'default_incomplete' },
      account.options,
    );
    expect(await typesSince(before)).toEqual(
      expect.arrayContaining(['coupon.updated', 'promotion_code.updated', 'customer.discount.created']),
    );
    const change = async (type: string): Promise<Stripe.Event.Data | undefined> =>
      (await rig.test.events.list({ type }, account.options)).data[0]?.data;
    expect(await change('coupon.updated')).toMatchObject({
      object: { id: coupon.id, times_redeemed: 1 },
      previous_attributes: { times_redeemed: 0 },
    });
    expect(await change('promotion_code.updated')).toMatchObject({
      object: { id: code.id, times_redeemed: 1, active: false },
      previous_attributes: { times_redeemed: 0, active: true },
    });
  });
});
