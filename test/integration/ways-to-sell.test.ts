import { DAY, HOUR } from '../../src/domain/time';
import { eventually } from '../support/eventually';
import { rigFor, sellerFor } from '../support/setup';

// Prices come of the API and of their provisioning, purchases of Checkout's page, money of the emulator.
const EACH_MONTH = { interval: 'month', intervalCount: 1 } as const;

const rig = rigFor('file');
const seller = sellerFor('test', rig);

const seconds = (time: string) => Date.parse(time) / 1000;

test('a fixed term: access ends exactly when the days are over', async () => {
  const price = await seller.offer({ unitAmount: 12_000, accessDays: 84 });
  const membership = await seller.purchase(price, 'ada');
  expect(membership).toMatchObject({ kind: 'one_off', status: 'canceling', reason: 'fixed_term' });
  const end = seconds(membership.startedAt) + 84 * DAY;
  expect(await seller.access(membership.memberId, price.productId)).toEqual({ access: true, until: end });
  await seller.moveTo(end - 60);
  expect(await seller.accessOf('ada', price)).toMatchObject({ access: true });
  await seller.moveTo(end);
  expect(await seller.accessOf('ada', price)).toMatchObject({ access: false });
  expect(await seller.read(`/v1/memberships/${membership.id}`)).toMatchObject({
    status: 'ended',
    reason: 'fixed_term_over',
  });
});

test('a setup fee is charged with the first payment, and never again', async () => {
  const price = await seller.offer({ unitAmount: 4900, recurring: EACH_MONTH, setupFee: 10_000 });
  const membership = await seller.purchase(price, 'ada');
  expect(membership).toMatchObject({ kind: 'subscription', status: 'active', reason: 'paid' });
  expect(await seller.charges()).toEqual([14_900]);
  await seller.moveTo(seconds(membership.paidThrough) + 2 * HOUR);
  expect(await seller.charges()).toEqual([14_900, 4900]);
  expect(await seller.accessOf('ada', price)).toMatchObject({ access: true });
});

test('a trial gives access at once, and is charged for when it ends', async () => {
  const price = await seller.offer({ unitAmount: 4900, recurring: EACH_MONTH, trialDays: 14 });
  const membership = await seller.purchase(price, 'ada');
  expect(membership).toMatchObject({ status: 'trialing', reason: 'trial' });
  expect(await seller.accessOf('ada', price)).toMatchObject({ access: true });
  expect(await seller.charges()).toEqual([]);
  await seller.moveBy(14 * DAY + 2 * HOUR);
  expect(await seller.read(`/v1/memberships/${membership.id}`)).toMatchObject({
    status: 'active',
    reason: 'paid',
  });
  expect(await seller.charges()).toEqual([4900]);
});

test('a trial with a setup fee: the fee is charged at once', async () => {
  const price = await seller.offer({
    unitAmount: 4900,
    recurring: EACH_MONTH,
    trialDays: 14,
    setupFee: 1000,
  });
  expect(await seller.purchase(price, 'ada')).toMatchObject({ status: 'trialing' });
  expect(await seller.charges()).toEqual([1000]);
});

test('pay what you want: less than the least is refused, more is taken', async () => {
  const price = await seller.offer({ model: 'pay_what_you_want', minAmount: 500, suggestedAmount: 2000 });
  const checkout = await seller.openFor(price, 'ada');
  expect(await seller.pay(checkout, { unit_amount: '4.99' })).toMatchObject({ status: 402 });
  expect(await seller.accessOf('ada', price)).toMatchObject({ access: false });
  expect(await seller.pay(checkout, { unit_amount: '37.50' })).toMatchObject({ status: 303 });
  expect(await seller.boughtBy(checkout)).toMatchObject({ status: 'owned' });
  expect(await seller.charges()).toEqual([3750]);
});

test('a promotion code reduces what is charged, and the purchase is accepted', async () => {
  const price = await seller.offer({ unitAmount: 10_000, promotionCodes: true });
  const coupon = await seller.stripe.coupons.create({ percent_off: 25, duration: 'once' }, seller.asAccount);
  await seller.stripe.promotionCodes.create(
    { promotion: { type: 'coupon', coupon: coupon.id }, code: 'SPRING' },
    seller.asAccount,
  );
  const checkout = await seller.openFor(price, 'ada');
  await seller.pay(checkout, { action: 'apply_promotion_code', promotion_code: 'SPRING' });
  expect(await seller.pay(checkout)).toMatchObject({ status: 303 });
  expect(await seller.boughtBy(checkout)).toMatchObject({ status: 'owned' });
  expect(await seller.charges()).toEqual([7500]);
});

test('a quantity is paid for, up to the largest of the price', async () => {
  const price = await seller.offer({ unitAmount: 2000, maxQuantity: 5 });
  expect(await seller.openFor(price, 'ada', { quantity: 6 })).toMatchObject({
    status: 400,
    body: { field: 'quantity' },
  });
  expect(await seller.purchase(price, 'ada', { quantity: 3 })).toMatchObject({ quantity: 3 });
  expect(await seller.charges()).toEqual([6000]);
});

describe('one seat', () => {
  const sell = () => seller.offer({ unitAmount: 9900, seats: 1 });
  const soldOut = { status: 409, body: { code: 'sold_out' } };

  test('is held while its buyer pays, and stays taken', async () => {
    const price = await sell();
    const first = await seller.openFor(price, 'ada');
    expect(await seller.openFor(price, 'bob')).toMatchObject(soldOut);
    await seller.pay(first);
    await seller.boughtBy(first);
    expect(await seller.openFor(price, 'bob')).toMatchObject(soldOut);
  });

  test('goes to one of two who click at once', async () => {
    const price = await sell();
    const answers = await Promise.all(['ada', 'bob'].map((member) => seller.openFor(price, member)));
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 409]);
  });

  test('comes back when its checkout is cancelled', async () => {
    const price = await sell();
    const first = await seller.openFor(price, 'ada');
    await seller.coach.call('POST', `/v1/checkouts/${first.body.id}/cancel`, {});
    expect(await seller.openFor(price, 'bob')).toMatchObject({ status: 201 });
  });

  test('comes back when its checkout expires', async () => {
    const price = await sell();
    const first = await seller.openFor(price, 'ada');
    await seller.moveTo(seconds(first.body.expiresAt) + 60);
    expect(await seller.read(`/v1/checkouts/${first.body.id}`)).toMatchObject({ status: 'expired' });
    expect(await seller.openFor(price, 'bob')).toMatchObject({ status: 201 });
  });
});

test('C15: Stripe’s page says how many payments there are, and that nothing follows', async () => {
  const price = await seller.offer({
    model: 'installments',
    unitAmount: 3000,
    recurring: EACH_MONTH,
    installments: 3,
  });
  const { body } = await seller.openFor(price, 'ada');
  const words = 'This is paid every month, 3 payments, and ends by itself.';
  const { data } = await seller.stripe.checkout.sessions.list({ limit: 1 }, seller.asAccount);
  expect(data[0]?.custom_text.submit?.message).toContain(words);
  expect(data[0]?.custom_text.submit?.message).toContain('nothing more is charged after the last payment');
  expect(await (await fetch(body.url as string)).text()).toContain(words);
  const endless = await seller.openFor(await seller.offer({ unitAmount: 900, recurring: EACH_MONTH }), 'ada');
  expect(await (await fetch(endless.body.url as string)).text()).not.toContain('ends by itself');
});

test('installments: Stripe itself is told when to stop', async () => {
  const price = await seller.offer({
    model: 'installments',
    unitAmount: 3000,
    recurring: EACH_MONTH,
    installments: 3,
  });
  const membership = await seller.purchase(price, 'ada');
  expect(membership).toMatchObject({ kind: 'subscription', status: 'active', reason: 'installments' });
  // Its run tells Stripe, once it has looked for the first time.
  const told = await eventually('the schedule', async () => {
    const { data } = await seller.stripe.subscriptionSchedules.list(undefined, seller.asAccount);
    return data[0]?.end_behavior === 'cancel' ? data : undefined;
  });
  const { subscriptionId } = membership.stripe;
  const subscription = await seller.stripe.subscriptions.retrieve(
    subscriptionId,
    undefined,
    seller.asAccount,
  );
  expect(subscription.default_payment_method).toMatch(/^pm_/);
  // The card that Checkout collected is the subscription's own: the other installments are charged to it as well.
  const card = { default_payment_method: subscription.default_payment_method };
  expect(told).toMatchObject([{ status: 'active', subscription: subscriptionId, phases: [card] }]);
});

test.each([
  [
    'installments without a number',
    { model: 'installments', unitAmount: 100, recurring: EACH_MONTH },
    'installments',
  ],
  [
    'installments without an interval',
    { model: 'installments', unitAmount: 100, installments: 3 },
    'recurring',
  ],
  ['a trial of what is bought once', { unitAmount: 100, trialDays: 7 }, 'trialDays'],
  ['a setup fee of what is bought once', { unitAmount: 100, setupFee: 50 }, 'setupFee'],
  ['a fixed term of a renewal', { unitAmount: 100, recurring: EACH_MONTH, accessDays: 30 }, 'accessDays'],
  ['a choice without a least', { model: 'pay_what_you_want' }, 'minAmount'],
  ['a choice with a fixed amount', { model: 'pay_what_you_want', minAmount: 1, unitAmount: 5 }, 'unitAmount'],
  [
    'codes where the buyer chooses',
    { model: 'pay_what_you_want', minAmount: 100, promotionCodes: true },
    'promotionCodes',
  ],
  ['several seats at once', { unitAmount: 100, seats: 5, maxQuantity: 2 }, 'maxQuantity'],
  ['a free price that costs', { model: 'free', unitAmount: 100 }, 'unitAmount'],
])('what makes no sense is refused with its field: %s', async (_what, terms, field) => {
  const { body: product } = await seller.coach.call('POST', '/v1/products', { name: 'Course' });
  expect(await seller.coach.call('POST', `/v1/products/${product.id}/prices`, terms)).toMatchObject({
    status: 400,
    body: { code: 'invalid_request', field },
  });
});
