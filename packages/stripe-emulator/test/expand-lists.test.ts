import { Rig } from './support/rig';

/** Lists of ids are expanded as a whole: https://docs.stripe.com/api/expanding_objects */
it('discounts are ids, and objects when they are expanded', async () => {
  const rig = await Rig.start();
  const options = { stripeAccount: await rig.connect() };
  const customer = await rig.test.customers.create(
    { payment_method: 'pm_card_visa', invoice_settings: { default_payment_method: 'pm_card_visa' } },
    options,
  );
  const price = await rig.test.prices.create(
    {
      currency: 'eur',
      unit_amount: 1000,
      recurring: { interval: 'month' },
      product_data: { name: 'A month' },
    },
    options,
  );
  const coupon = await rig.test.coupons.create({ percent_off: 25, duration: 'forever' }, options);
  const { id, discounts } = await rig.test.subscriptions.create(
    { customer: customer.id, items: [{ price: price.id }], discounts: [{ coupon: coupon.id }] },
    options,
  );
  expect(discounts).toEqual([expect.stringMatching(/^di_/)]);
  const expanded = await rig.test.subscriptions.retrieve(id, { expand: ['discounts'] }, options);
  expect(expanded.discounts).toMatchObject([{ object: 'discount', source: { coupon: coupon.id } }]);
  const deeper = await rig.test.subscriptions.retrieve(id, { expand: ['discounts.source.coupon'] }, options);
  expect(deeper.discounts).toMatchObject([{ source: { coupon: { percent_off: 25 } } }]);
  await rig.close();
});
