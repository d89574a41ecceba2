import type { Answer } from '../support/coach-ui';
import { eventually } from '../support/eventually';
import { rigFor, sellerFor } from '../support/setup';
import { Visitor } from '../support/visitor';

const rig = rigFor('file', { relayPollSeconds: 3600 });
const seller = sellerFor('test', rig);

type Body = Answer['body'];
const MONTHLY = { interval: 'month' as const };
const call = (method: string, path: string, body?: object) => seller.coach.call(method, path, body);
/** A code that can be used. */
const codeFor = async (code: string, coupon: object = {}, terms: object = {}): Promise<Body> => {
  const made = await call('POST', '/v1/coupons', { name: 'Spring', percentOff: 20, ...coupon });
  await call('GET', `/v1/coupons/${made.body.id}?wait=20`);
  const word = await call('POST', `/v1/coupons/${made.body.id}/promotion-codes`, { code, ...terms });
  const { body } = await call('GET', `/v1/promotion-codes/${word.body.id}?wait=20`);
  expect(body).toMatchObject({ status: 'active' });
  return body;
};
const openWith = (price: Body, member: string, promotionCode: string) =>
  seller.openFor(price, member, { promotionCode });
const refused = (reason: string) => ({
  status: 409,
  body: { code: 'promotion_code_refused', details: { reason } },
});
const sessionOf = async (checkout: Answer) => {
  const { stripeSessionId } = await rig.db.checkout.findUniqueOrThrow({ where: { id: checkout.body.id } });
  return seller.stripe.checkout.sessions.retrieve(stripeSessionId ?? '', {}, seller.asAccount);
};

test('a code that the coach’s server gives is on Stripe’s page, and what it took off is listed', async () => {
  const price = await seller.offer({ unitAmount: 10_000, promotionCodes: true });
  const code = await codeFor('SPRING');
  const checkout = await openWith(price, 'ada', 'spring');
  expect(checkout).toMatchObject({
    status: 201,
    body: { couponId: code.couponId, promotionCodeId: code.id },
  });
  expect(await sessionOf(checkout)).toMatchObject({ amount_total: 8000, allow_promotion_codes: null });
  expect((await openWith(price, 'ada', 'SPRING')).body.id).toBe(checkout.body.id);
  await seller.pay(checkout);
  const membership = await seller.boughtBy(checkout);
  expect(membership).toMatchObject({ status: 'owned' });
  expect(await seller.charges()).toEqual([8000]);
  const { body } = await call('GET', `/v1/coupons/${code.couponId}/redemptions`);
  expect(body.data).toMatchObject([
    {
      ...{ checkoutId: checkout.body.id, code: 'SPRING', amount: 2000, currency: price.currency },
      ...{ memberId: membership.memberId, membershipId: membership.id, productId: price.productId },
    },
  ]);
  await eventually('how often it was used', async () => {
    const present = await call('GET', `/v1/coupons/${code.couponId}`);
    const word = await call('GET', `/v1/promotion-codes/${code.id}`);
    return present.body.timesRedeemed === 1 && word.body.timesRedeemed === 1;
  });
});

test('a code that is typed on Stripe’s page is a redemption as well', async () => {
  const price = await seller.offer({ unitAmount: 10_000, promotionCodes: true });
  const code = await codeFor('TYPED', { percentOff: null, amountOff: 1500, currency: price.currency });
  const checkout = await seller.openFor(price, 'ada');
  expect(await sessionOf(checkout)).toMatchObject({ allow_promotion_codes: true });
  await seller.pay(checkout, { action: 'apply_promotion_code', promotion_code: 'typed' });
  await seller.pay(checkout);
  await seller.boughtBy(checkout);
  expect(await seller.charges()).toEqual([8500]);
  const { body } = await call('GET', `/v1/coupons/${code.couponId}/redemptions`);
  expect(body.data).toMatchObject([{ code: 'TYPED', amount: 1500 }]);
});

test('all of it taken off gives access once, without a payment', async () => {
  const price = await seller.offer({ unitAmount: 10_000, promotionCodes: true });
  const code = await codeFor('GIFT', { percentOff: 100 });
  const checkout = await openWith(price, 'ada', 'GIFT');
  await seller.pay(checkout);
  await seller.boughtBy(checkout);
  expect(await sessionOf(checkout)).toMatchObject({ payment_status: 'no_payment_required' });
  expect(await seller.charges()).toEqual([]);
  expect(await seller.accessOf('ada', price)).toMatchObject({ access: true });
  expect(await rig.db.membership.count({ where: { checkoutId: checkout.body.id } })).toBe(1);
  expect(await rig.db.grant.count({ where: { productId: price.productId } })).toBe(1);
  expect(await call('GET', `/v1/coupons/${code.couponId}/redemptions`)).toMatchObject({
    body: { data: [{ amount: 10_000 }] },
  });
  expect(await openWith(price, 'ada', 'GIFT')).toMatchObject({
    status: 409,
    body: { code: 'already_owned' },
  });
});

test('a subscription whose every invoice is of nothing gives access for its period, once', async () => {
  const price = await seller.offer({ unitAmount: 4900, recurring: MONTHLY, promotionCodes: true });
  await codeFor('FOREVER', { percentOff: 100, duration: 'forever' });
  const checkout = await openWith(price, 'ada', 'FOREVER');
  await seller.pay(checkout);
  const membership = await seller.boughtBy(checkout);
  expect(membership).toMatchObject({ status: 'active' });
  expect(membership.paidThrough).not.toBeNull();
  expect(await seller.charges()).toEqual([]);
  expect(await seller.accessOf('ada', price)).toMatchObject({ access: true });
  expect(await rig.db.grant.count({ where: { productId: price.productId } })).toBe(1);
});

describe('once for each member', () => {
  test('scenario 81: is held before the payment, whatever is bought', async () => {
    const price = await seller.offer({ unitAmount: 10_000 });
    const other = await seller.offer({ unitAmount: 5000 });
    const code = await codeFor('ONCE', {}, { onePerMember: true });
    const checkout = await openWith(price, 'ada', 'ONCE');
    expect(await sessionOf(checkout)).toMatchObject({
      amount_total: 8000,
      discounts: [{ promotion_code: null }],
    });
    expect(await openWith(other, 'ada', 'ONCE')).toMatchObject(refused('used_before'));
    await seller.pay(checkout);
    await seller.boughtBy(checkout);
    expect(await openWith(other, 'ada', 'once')).toMatchObject(refused('used_before'));
    expect(await openWith(other, 'bob', 'once')).toMatchObject({ status: 201 });
    const { body } = await call('GET', `/v1/coupons/${code.couponId}/redemptions`);
    expect(body.data).toMatchObject([{ promotionCodeId: code.id, amount: 2000 }]);
  });

  test('of two at the same time one gets it', async () => {
    const prices = [await seller.offer({ unitAmount: 10_000 }), await seller.offer({ unitAmount: 5000 })];
    await codeFor('RACE', {}, { onePerMember: true });
    const answers = await Promise.all(prices.map((price) => openWith(price, 'ada', 'RACE')));
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 409]);
  });

  test('is free again where the checkout was closed', async () => {
    const price = await seller.offer({ unitAmount: 10_000 });
    const other = await seller.offer({ unitAmount: 5000 });
    await codeFor('AGAIN', {}, { onePerMember: true });
    const checkout = await openWith(price, 'ada', 'AGAIN');
    await call('POST', `/v1/checkouts/${checkout.body.id}/cancel`, {});
    expect(await openWith(other, 'ada', 'AGAIN')).toMatchObject({ status: 201 });
  });

  test('cannot be typed on Stripe’s page', async () => {
    const price = await seller.offer({ unitAmount: 10_000, promotionCodes: true });
    await codeFor('OURS', {}, { onePerMember: true });
    const checkout = await seller.openFor(price, 'ada');
    const typed = { action: 'apply_promotion_code', promotion_code: 'OURS' };
    expect(await seller.pay(checkout, typed)).toMatchObject({ status: 402 });
  });
});

test.each([
  ['other_product', async (other: Body) => ({ productIds: [other.productId] }), {}],
  ['below_minimum', async () => ({}), { minimumAmount: 10_001, minimumCurrency: 'eur' }],
  ['other_currency', async () => ({ percentOff: null, amountOff: 100, currency: 'usd' }), {}],
])('%s: a code that does not fit is refused before Stripe is asked', async (reason, coupon, terms) => {
  const price = await seller.offer({ unitAmount: 10_000, currency: 'eur' });
  const other = await seller.offer({ unitAmount: 5000 });
  await codeFor('UNFIT', await coupon(other), terms);
  expect(await openWith(price, 'ada', 'UNFIT')).toMatchObject(refused(reason));
  expect(await openWith(price, 'ada', 'NOBODY-HAS-IT')).toMatchObject(refused('not_active'));
});

test('scenario 82: a first purchase is one of who has bought nothing here', async () => {
  const price = await seller.offer({ unitAmount: 10_000 });
  const other = await seller.offer({ unitAmount: 5000 });
  await codeFor('FIRST', {}, { firstPurchaseOnly: true });
  await seller.purchase(other, 'ada');
  expect(await openWith(price, 'ada', 'FIRST')).toMatchObject(refused('not_first_purchase'));
  expect(await openWith(price, 'bob', 'FIRST')).toMatchObject({ status: 201 });
});

test('what Stripe refuses all the same is said', async () => {
  const price = await seller.offer({ unitAmount: 10_000 });
  await codeFor('GONE', { maxRedemptions: 1 });
  // Given away in the Dashboard, and not heard of yet.
  await rig.stripeSide.faults({
    match: { method: 'POST', path: '/v1/checkout/sessions' },
    times: 1,
    fault: { kind: 'status', status: 400, code: 'promotion_code_inactive', when: 'before' },
  });
  expect(await openWith(price, 'ada', 'GONE')).toMatchObject(refused('refused_by_stripe'));
  await rig.stripeSide.faults();
  expect(await seller.openFor(price, 'ada')).toMatchObject({ status: 201 });
});

describe('a link with a code', () => {
  const page = (path: string) => new Visitor(rig.api, { 'Accept-Language': 'en' }).open(path);

  test('fills it in, and what it leads to is cheaper', async () => {
    const price = await seller.offer({ unitAmount: 10_000, promotionCodes: true });
    await codeFor('LINK');
    const visitor = new Visitor(rig.api, { 'Accept-Language': 'en' });
    const form = await visitor.open(`/buy/${price.id}?code=LINK`);
    expect(form.text).toContain('Promotion code');
    await visitor.press(form, 'Continue to payment').catch(() => null);
    const row = await rig.db.checkout.findFirstOrThrow({ where: { priceId: price.id } });
    expect(row).toMatchObject({ status: 'open', promotionCodeId: expect.stringMatching(/^pcd_/) });
  });

  test('says why a code does not count, and goes on without it', async () => {
    const price = await seller.offer({ unitAmount: 10_000, promotionCodes: true });
    await codeFor('MEMBERS', {}, { onePerMember: true });
    const visitor = new Visitor(rig.api, { 'Accept-Language': 'en' });
    const form = await visitor.open(`/buy/${price.id}`);
    // There is a code that cannot be typed at Stripe, so the page asks for it.
    const said = await visitor.press(form, 'Continue to payment', { code: 'MEMBERS' });
    expect(said.text).toContain('This promotion code is for members');
    const wrong = await visitor.press(said, 'Continue to payment', { code: 'NO SUCH' });
    expect(wrong.text).toContain('This promotion code is not valid.');
  });

  test('changes nothing where the price takes no codes', async () => {
    const price = await seller.offer({ unitAmount: 10_000 });
    await codeFor('NOT-HERE');
    expect((await page(`/buy/${price.id}?code=NOT-HERE`)).text).not.toContain('Promotion code');
    const { status, body } = await call('PATCH', `/v1/prices/${price.id}`, { promotionCodes: true });
    expect({ status, body }).toMatchObject({ status: 200, body: { promotionCodes: true, nickname: null } });
    expect((await page(`/buy/${price.id}?code=NOT-HERE`)).text).toContain('Promotion code');
  });
});

test('a price that a code cannot make cheaper does not take any', async () => {
  const price = await seller.offer({ model: 'pay_what_you_want', minAmount: 500 });
  await codeFor('CHEAP');
  expect(await openWith(price, 'ada', 'CHEAP')).toMatchObject(refused('not_for_price'));
  expect(await call('PATCH', `/v1/prices/${price.id}`, { promotionCodes: true })).toMatchObject({
    status: 400,
    body: { field: 'promotionCodes' },
  });
});
