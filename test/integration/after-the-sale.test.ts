import { DAY, HOUR } from '../../src/domain/time';
import { eventually } from '../support/eventually';
import { rigFor, sellerFor } from '../support/setup';

// What happens to a purchase later: money that goes back, a pause, another price, and gifts beside it.
const EACH_MONTH = { interval: 'month', intervalCount: 1 } as const;

const rig = rigFor('file');
const seller = sellerFor('test', rig);

const seconds = (time: string) => Date.parse(time) / 1000;
const now = (id: string) => seller.read(`/v1/memberships/${id}`);
const post = (id: string, action: string, body: object = {}) =>
  seller.coach.call('POST', `/v1/memberships/${id}/${action}`, body);
const has = async (price: { productId: string }) => (await seller.accessOf('ada', price)).access;
const newestCharge = async () => {
  const { data } = await seller.stripe.charges.list({ limit: 1 }, seller.asAccount);
  return data[0]?.id ?? '';
};

/** Somebody does something with the newest payment at Stripe. */
async function happens(trigger: string, more: object = {}) {
  const charge = await newestCharge();
  await rig.stripeSide.trigger(trigger, { account: seller.accountId, charge, ...more });
  await seller.quiet();
}

const once = () => seller.offer({ unitAmount: 10_000 });
const monthly = () => seller.offer({ unitAmount: 4900, recurring: EACH_MONTH });

describe('a refund', () => {
  test('of all takes the access away, of a part it does not', async () => {
    const price = await once();
    const { id } = await seller.purchase(price, 'ada');
    await happens('refund', { amount: 4000 });
    expect(await has(price)).toBe(true);
    await happens('refund', { amount: 6000 });
    expect(await has(price)).toBe(false);
    expect(await now(id)).toMatchObject({ status: 'ended', reason: 'refunded' });
  });

  test('of a subscription ends the charging as well', async () => {
    const price = await monthly();
    const { id, stripe } = await seller.purchase(price, 'ada');
    await happens('refund');
    expect(await has(price)).toBe(false);
    await eventually('the end', async () => (await now(id)).status === 'ended');
    expect(await now(id)).toMatchObject({ reason: 'refunded' });
    expect(
      await seller.stripe.subscriptions.retrieve(stripe.subscriptionId, undefined, seller.asAccount),
    ).toMatchObject({ status: 'canceled' });
  });
});

describe.each([
  ['what is bought once', once],
  ['a subscription', monthly],
])('a dispute about %s', (_what, sell) => {
  test('suspends; won, it gives the access back', async () => {
    const price = await sell();
    const { id } = await seller.purchase(price, 'ada');
    await happens('dispute_created');
    expect(await has(price)).toBe(false);
    expect(await now(id)).toMatchObject({ status: 'suspended', reason: 'disputed' });
    await happens('dispute_won');
    expect(await has(price)).toBe(true);
  });

  test('lost, takes the access for good', async () => {
    const price = await sell();
    const { id } = await seller.purchase(price, 'ada');
    await happens('dispute_created');
    await happens('dispute_lost');
    expect(await has(price)).toBe(false);
    await eventually('the end', async () => (await now(id)).status === 'ended');
    expect(await now(id)).toMatchObject({ reason: 'dispute_lost' });
  });
});

test('an inquiry changes nothing', async () => {
  const price = await once();
  await seller.purchase(price, 'ada');
  await happens('warning_needs_response');
  expect(await has(price)).toBe(true);
});

test('a pause: access to the end of what was paid, nothing charged; resumed, it goes on', async () => {
  const price = await monthly();
  const { id, paidThrough } = await seller.purchase(price, 'ada');
  expect(await post(id, 'pause')).toMatchObject({ status: 200, body: { reason: 'collection_paused' } });
  await seller.moveTo(seconds(paidThrough) - 60);
  expect(await has(price)).toBe(true);
  await seller.moveTo(seconds(paidThrough) + 2 * HOUR);
  expect(await has(price)).toBe(false);
  expect(await post(id, 'resume')).toMatchObject({ status: 200 });
  await seller.moveBy(32 * DAY);
  expect(await seller.charges()).toEqual([4900, 4900]);
  expect(await has(price)).toBe(true);
});

test('another price of the product: the next renewal is charged with it', async () => {
  const price = await monthly();
  const dearer = await seller.offer({ unitAmount: 9900, recurring: EACH_MONTH }, price.productId);
  const { id, paidThrough } = await seller.purchase(price, 'ada');
  expect(await post(id, 'change-price', { priceId: dearer.id, prorate: false })).toMatchObject({
    status: 200,
    body: { priceId: dearer.id, status: 'active' },
  });
  expect(await seller.charges()).toEqual([4900]);
  await seller.moveTo(seconds(paidThrough) + 2 * HOUR);
  expect(await seller.charges()).toEqual([4900, 9900]);
  expect(await has(price)).toBe(true);
});

test('a price of another product is no change of price, and a subscription is not bought twice', async () => {
  const [price, other] = [await monthly(), await monthly()];
  const { id } = await seller.purchase(price, 'ada');
  expect(await post(id, 'change-price', { priceId: other.id })).toMatchObject({
    status: 409,
    body: { code: 'price_not_active' },
  });
  expect(await seller.openFor(price, 'ada')).toMatchObject({
    status: 409,
    body: { code: 'already_subscribed' },
  });
});

test('installments are not paused, changed or cancelled for later', async () => {
  const price = await seller.offer({
    model: 'installments',
    unitAmount: 3000,
    recurring: EACH_MONTH,
    installments: 3,
  });
  const { id } = await seller.purchase(price, 'ada');
  const refused = { status: 409, body: { code: 'membership_in_installments' } };
  expect(await post(id, 'pause')).toMatchObject(refused);
  expect(await post(id, 'resume')).toMatchObject(refused);
  expect(await post(id, 'change-price', { priceId: price.id })).toMatchObject(refused);
  expect(await post(id, 'cancel', { at: 'period_end' })).toMatchObject(refused);
  expect(await post(id, 'cancel', { at: 'now' })).toMatchObject({
    status: 200,
    body: { reason: 'installments_short' },
  });
});

test('a cancellation whose answer got lost is done, when it is asked again with its key; asked anew there is nothing to cancel', async () => {
  const { id } = await seller.purchase(await monthly(), 'ada');
  const cancel = async (key: string) => {
    const response = await fetch(`${rig.api}/v1/memberships/${id}/cancel`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${seller.coach.key}`,
        'content-type': 'application/json',
        'idempotency-key': key,
      },
      body: JSON.stringify({ at: 'now' }),
    });
    return { status: response.status, body: (await response.json()) as object };
  };
  expect(await cancel('lost')).toMatchObject({ status: 200, body: { id, status: 'ended' } });
  // Its process died before it had kept the answer.
  const where = { key: 'lost', scope: `${seller.coachId}/${seller.mode}` };
  const died = { status: null, body: {}, lockedUntil: new Date(0) };
  expect(await rig.db.idempotencyRecord.updateMany({ where, data: died })).toEqual({ count: 1 });
  expect(await cancel('lost')).toMatchObject({ status: 200, body: { id, status: 'ended' } });
  expect(await cancel('new')).toMatchObject({ status: 409, body: { code: 'membership_ended' } });
});

describe('a gift', () => {
  const give = async (price: { productId: string }, until: number | null) => {
    const { status, body } = await seller.coach.call('POST', '/v1/grants', {
      member: { externalId: 'ada' },
      productId: price.productId,
      until: until === null ? null : new Date(until * 1000).toISOString(),
    });
    expect(status).toBe(201);
    return body;
  };
  const change = (id: string, action: string, body: object = {}) =>
    seller.coach.call('POST', `/v1/grants/${id}/${action}`, body);

  test('gives access to its end, can be extended and taken back', async () => {
    const price = await once();
    const start = await seller.now();
    const gift = await give(price, start + 30 * DAY);
    expect(await has(price)).toBe(true);
    const until = new Date((start + 60 * DAY) * 1000).toISOString();
    expect(await change(gift.id, 'extend', { until })).toMatchObject({ status: 200, body: { until } });
    await seller.moveTo(start + 31 * DAY);
    expect(await has(price)).toBe(true);
    await seller.moveTo(start + 60 * DAY);
    expect(await has(price)).toBe(false);
    await change(gift.id, 'extend', { until: null });
    expect(await has(price)).toBe(true);
    expect(await change(gift.id, 'revoke')).toMatchObject({ status: 200, body: { revoked: true } });
    expect(await has(price)).toBe(false);
  });

  test('beside a purchase: losing one leaves the other', async () => {
    const price = await once();
    await seller.purchase(price, 'ada');
    const gift = await give(price, null);
    await happens('refund');
    expect(await has(price)).toBe(true);
    await change(gift.id, 'revoke');
    expect(await has(price)).toBe(false);
  });

  test('what a purchase gave is not taken back as a gift', async () => {
    const price = await once();
    await seller.purchase(price, 'ada');
    const { data } = await seller.read('/v1/grants?member=ada');
    expect(await change(data[0].id, 'revoke')).toMatchObject({
      status: 409,
      body: { code: 'grant_not_gift' },
    });
  });
});
