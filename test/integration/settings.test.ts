import { readPolicy } from '../../src/store/policy';
import { HOUR } from '../../src/domain/time';
import { COACH_UI, CoachUi } from '../support/coach-ui';
import { eventually } from '../support/eventually';
import { rigFor, sellerFor } from '../support/setup';

// Each of the coach's choices changes what it says that it changes, and nothing happens without it.
const EACH_MONTH = { interval: 'month', intervalCount: 1 } as const;
const DEFAULTS = {
  graceDays: 7,
  renewalLeewayHours: 72,
  honourPaidPeriod: false,
  keepAfterRefund: false,
  keepDuringDispute: false,
  timelineYears: 10,
  membersCancelNow: false,
  membersChangePrice: false,
  withdrawal: 'by_country',
  withdrawalRefund: 'coach_decides',
  purchaseConsent: 'none',
  cancelOffer: 'none',
  cancelOfferCouponId: null,
  cancelOfferDays: 30,
  automaticTax: false,
  logoUrl: null,
  businessBuyers: false,
  purchaseInvoices: false,
  promotionCodes: false,
  oneTrialPerMember: true,
  origins: [COACH_UI],
  defaultSuccessUrl: null,
  defaultCancelUrl: null,
  connectionReturnUrl: null,
};

const rig = rigFor('file');
const seller = sellerFor('test', rig);

const choose = async (choice: object) => {
  const { status, body } = await seller.coach.call('PUT', '/v1/settings', { origins: [COACH_UI], ...choice });
  expect({ status, body }).toEqual({ status: 200, body: { ...DEFAULTS, ...choice } });
  expect(await seller.read('/v1/settings')).toEqual(body);
};
const monthly = () => seller.offer({ unitAmount: 4900, recurring: EACH_MONTH });
const once = () => seller.offer({ unitAmount: 10_000 });
const has = async (price: { productId: string }) => (await seller.accessOf('ada', price)).access;
const happens = async (trigger: string) => {
  const { data } = await seller.stripe.charges.list({ limit: 1 }, seller.asAccount);
  await rig.stripeSide.trigger(trigger, { account: seller.accountId, charge: data[0]?.id });
  await seller.quiet();
};
const seconds = (time: string | null) => Date.parse(time ?? '') / 1000;

test('without a choice the defaults hold, and what is left out goes back to them', async () => {
  await choose({});
  await choose({ keepAfterRefund: true, automaticTax: true });
  await choose({ keepDuringDispute: true });
});

test('each mode has its own', async () => {
  await choose({ graceDays: 30, keepAfterRefund: true, promotionCodes: true });
  const live = await CoachUi.open(rig, 'live', seller.coachId);
  const { body } = await live.call('GET', '/v1/settings');
  expect(body).toEqual(DEFAULTS);
  await live.call('PUT', '/v1/settings', { origins: [], graceDays: 1 });
  expect(await seller.read('/v1/settings')).toMatchObject({ origins: [COACH_UI], graceDays: 30 });
  expect(await readPolicy(rig.db, seller.coachId, 'test')).toMatchObject({
    graceDays: 30,
    keepAfterRefund: true,
  });
  expect(await readPolicy(rig.db, seller.coachId, 'live')).toMatchObject({
    graceDays: 1,
    keepAfterRefund: false,
  });
});

test.each([
  [false, false],
  [true, true],
])('keepAfterRefund %s: access after a full refund %s', async (keepAfterRefund, expected) => {
  await choose({ keepAfterRefund });
  const prices = [await once(), await monthly()];
  for (const price of prices) {
    const { id } = await seller.purchase(price, 'ada');
    await happens('refund');
    expect(await has(price)).toBe(expected);
    const { stripe, status } = await seller.read(`/v1/memberships/${id}`);
    if (stripe.subscriptionId !== null) expect(status === 'active').toBe(expected);
  }
});

test.each([
  [false, false],
  [true, true],
])(
  'keepDuringDispute %s: access during a dispute %s, after a lost one never',
  async (keepDuringDispute, during) => {
    await choose({ keepDuringDispute });
    const price = await once();
    await seller.purchase(price, 'ada');
    await happens('dispute_created');
    expect(await has(price)).toBe(during);
    await happens('dispute_lost');
    expect(await has(price)).toBe(false);
  },
);

test.each([
  [false, false],
  [true, true],
])('honourPaidPeriod %s: access after a cancellation at once %s', async (honourPaidPeriod, expected) => {
  await choose({ honourPaidPeriod });
  const price = await monthly();
  const { id, paidThrough } = await seller.purchase(price, 'ada');
  await seller.coach.call('POST', `/v1/memberships/${id}/cancel`, { at: 'now' });
  expect(await has(price)).toBe(expected);
  await seller.moveTo(seconds(paidThrough) + 60);
  expect(await has(price)).toBe(false);
});

test.each([
  [0, false],
  [2, true],
])('graceDays %i: access a day after a renewal failed %s', async (graceDays, expected) => {
  await choose({ graceDays });
  const price = await monthly();
  const { stripe, paidThrough } = await seller.purchase(price, 'ada');
  await rig.stripeSide.trigger('payment_method_fails', {
    account: seller.accountId,
    subscription: stripe.subscriptionId,
  });
  await seller.moveTo(seconds(paidThrough) + 25 * HOUR);
  expect(await has(price)).toBe(expected);
});

test.each([0, 5])(
  'renewalLeewayHours %i: how long access outlasts what was paid for',
  async (renewalLeewayHours) => {
    await choose({ renewalLeewayHours });
    const price = await monthly();
    const { paidThrough } = await seller.purchase(price, 'ada');
    const { until } = await seller.accessOf('ada', price);
    expect(seconds(until) - seconds(paidThrough)).toBe(renewalLeewayHours * HOUR);
  },
);

test.each([false, true])('automaticTax %s: Stripe is asked to work out the tax', async (automaticTax) => {
  await choose({ automaticTax });
  const headOffice = { address: { country: 'DE' } };
  await seller.stripe.tax.settings.update({ head_office: headOffice }, seller.asAccount);
  const price = await once();
  await seller.openFor(price, 'ada');
  const { data } = await seller.stripe.checkout.sessions.list({ limit: 1 }, seller.asAccount);
  expect(data[0]?.automatic_tax.enabled).toBe(automaticTax);
});

test.each([false, true])(
  'promotionCodes %s: of new prices that do not say so themselves',
  async (promotionCodes) => {
    await choose({ promotionCodes });
    expect(await once()).toMatchObject({ promotionCodes });
    expect(await seller.offer({ unitAmount: 100, promotionCodes: !promotionCodes })).toMatchObject({
      promotionCodes: !promotionCodes,
    });
    // Codes do not go with these: the default does not make them impossible to sell.
    expect(await seller.offer({ model: 'free' })).toMatchObject({ promotionCodes: false });
    expect(await seller.offer({ model: 'pay_what_you_want', minAmount: 100 })).toMatchObject({
      promotionCodes: false,
    });
  },
);

test('another default does not change a price that is replaced', async () => {
  const price = await once();
  await choose({ promotionCodes: true });
  const { body } = await seller.coach.call('POST', `/v1/prices/${price.id}/replace`, { unitAmount: 500 });
  await eventually(
    'the new price',
    async () => (await seller.read(`/v1/prices/${body.id}`)).status === 'active',
  );
  expect(body).toMatchObject({ promotionCodes: false });
});
