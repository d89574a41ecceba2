import { payingCustomer, subscribe } from './people';
import type { Story } from './stage';

export const discounts: Story = {
  name: 'coupons, promotion codes and discounts',
  needs: ['post /v1/coupons', 'post /v1/promotion_codes'],
  async tell(stage) {
    const { rig } = stage;
    const account = await rig.connect();
    const options = { stripeAccount: account };
    const { coupons, promotionCodes, subscriptions, customers } = rig.test;
    const product = await rig.test.products.create({ name: 'Programme' }, options);
    const quarter = await coupons.create(
      {
        percent_off: 25,
        duration: 'repeating',
        duration_in_months: 3,
        name: 'A quarter off',
        max_redemptions: 100,
        metadata: { a: 'b' },
      },
      options,
    );
    const five = await coupons.create(
      { amount_off: 500, currency: 'eur', duration: 'once', applies_to: { products: [product.id] } },
      options,
    );
    await coupons.update(quarter.id, { name: 'Spring', metadata: { a: '' } }, options);
    await coupons.retrieve(five.id, { expand: ['applies_to'] }, options);
    await coupons.list({ limit: 2, created: { gte: 1 } }, options);
    const code = await promotionCodes.create(
      {
        promotion: { type: 'coupon', coupon: quarter.id },
        code: 'SPRING25',
        max_redemptions: 10,
        restrictions: { first_time_transaction: true, minimum_amount: 100, minimum_amount_currency: 'eur' },
        metadata: { a: 'b' },
      },
      options,
    );
    await promotionCodes.retrieve(code.id, { expand: ['promotion.coupon'] }, options);
    await promotionCodes.list({ code: 'SPRING25', active: true, coupon: quarter.id }, options);

    const discounted = await subscribe(stage, options, {
      discounts: [{ coupon: quarter.id }],
      expand: ['discounts', 'latest_invoice.discounts', 'latest_invoice.total_discount_amounts.discount'],
    });
    await rig.advance(account, { advanceSeconds: 130 * 86_400 });
    const forAll = await promotionCodes.create(
      { promotion: { type: 'coupon', coupon: quarter.id }, code: 'FORALL' },
      options,
    );
    await subscriptions.update(discounted.id, { discounts: [{ promotion_code: forAll.id }] }, options);
    await subscriptions.deleteDiscount(discounted.id, {}, options);
    const customer = await payingCustomer(stage, options);
    const another = await subscribe(stage, options, { customer, discounts: [{ coupon: quarter.id }] });
    await subscriptions.update(another.id, { discounts: '' }, options);
    await customers.retrieve(customer, {}, options);

    const price = await rig.price(account, 4000);
    const session = await rig.test.checkout.sessions.create(
      {
        mode: 'payment',
        line_items: [{ price: price.id, quantity: 1 }],
        success_url: 'http://localhost:1/done',
        discounts: [{ promotion_code: code.id }],
      },
      options,
    );
    await rig.pay(session);
    await rig.test.checkout.sessions.retrieve(
      session.id,
      { expand: ['line_items.data.discounts', 'discounts.promotion_code', 'total_details.breakdown'] },
      options,
    );
    await promotionCodes.update(code.id, { active: false, metadata: { a: '' } }, options);
    await coupons.del(five.id, {}, options);
  },
};
