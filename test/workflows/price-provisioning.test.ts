import type Stripe from 'stripe';
import { newId } from '../../src/domain/ids';
import { priceWorkflowId } from '../../src/messages/ids';
import type { Answer } from '../support/coach-ui';
import { callsOf, sumOf } from '../support/costs';
import { eventually } from '../support/eventually';
import { coachUiFor, rigFor } from '../support/setup';

let accountId: string;
const rig = rigFor('file', { temporal: 'skipping', relayPollSeconds: 3600 });
const coach = coachUiFor('file', rig);
beforeAll(async () => {
  accountId = (await coach.connect()).body.accountId;
});
afterEach(() => rig.stripeSide.faults());

/** Waits until Stripe has taken or refused a price, and what follows from that is done: the price's row comes first. */
const provisioned = async (price: Answer['body'], by = coach) => {
  const settled = await eventually<Answer['body']>('the price to be provisioned', async () => {
    const { body } = await by.call('GET', `/v1/prices/${price.id}`);
    return body.status === 'provisioning' ? false : body;
  });
  await outcome(price);
  return settled;
};
const pricesAtStripe = (priceId: string, account = accountId) =>
  rig.stripeSide
    .objects<Stripe.Price>('price', account)
    .then((prices) => prices.filter((price) => price.metadata.priceId === priceId));
const productAtStripe = (productId: string, account = accountId) =>
  rig.stripe.of('test').products.retrieve(productId, undefined, { stripeAccount: account });
const outcome = async (price: Answer['body']) => {
  const { id } = await rig.db.priceProvisioning.findFirstOrThrow({ where: { priceId: price.id } });
  return rig.client.workflow.getHandle(priceWorkflowId(id)).result();
};
const create = (kind: 'prices' | 'products') => ({ match: { method: 'POST', path: `/v1/${kind}` } });

test('a recurring price and its product are created on the account, once', async () => {
  const price = await coach.addPrice({
    unitAmount: 1500,
    currency: 'chf',
    recurring: { interval: 'month', intervalCount: 3 },
    nickname: 'Quarterly',
  });
  expect(price).toMatchObject({ status: 'provisioning' });
  expect(await provisioned(price)).toMatchObject({ status: 'active', failure: null });
  expect(await pricesAtStripe(price.id)).toMatchObject([
    {
      active: true,
      currency: 'chf',
      unit_amount: 1500,
      lookup_key: price.id,
      nickname: 'Quarterly',
      product: price.productId,
      recurring: { interval: 'month', interval_count: 3 },
    },
  ]);
  expect(await productAtStripe(price.productId)).toMatchObject({ name: 'Morning yoga', active: true });
  expect(await rig.db.stripeProduct.findMany({ where: { productId: price.productId } })).toMatchObject([
    { accountId, stripeProductId: price.productId, active: true },
  ]);
});

test('a one-off price takes the default currency of the account', async () => {
  const price = await coach.addPrice({ unitAmount: 9900 });
  await provisioned(price);
  expect(await pricesAtStripe(price.id)).toMatchObject([
    { currency: 'eur', recurring: null, unit_amount: 9900 },
  ]);
});

test('several prices of one product at once make one product', async () => {
  const first = await coach.addPrice();
  const others = await Promise.all(
    [1000, 2000, 3000].map((unitAmount) => coach.addPriceTo(first.productId, { unitAmount })),
  );
  for (const price of [first, ...others])
    expect(await provisioned(price)).toMatchObject({ status: 'active' });
  const products = await rig.stripeSide.objects<Stripe.Product>('product', accountId);
  expect(products.filter(({ id }) => id === first.productId)).toHaveLength(1);
});

test('a failure half-way leaves nothing active behind and says why', async () => {
  const price = await coach.addPrice({ unitAmount: 4900, currency: 'xts' }).catch(() => null);
  expect(price).toBeNull();
  await rig.stripeSide.faults({
    ...create('prices'),
    fault: { kind: 'status', status: 400, code: 'amount_too_small', when: 'before' },
  });
  const refused = await coach.addPrice({ unitAmount: 100 });
  expect(await provisioned(refused)).toMatchObject({
    status: 'failed',
    failure: {
      code: 'amount_too_small',
      message: 'The amount is smaller than Stripe accepts in this currency.',
    },
  });
  expect(await pricesAtStripe(refused.id)).toEqual([]);
  expect(await productAtStripe(refused.productId)).toMatchObject({ active: false });
  expect(await outcome(refused)).toMatchObject({ status: 'refused', failureCode: 'amount_too_small' });
});

test('a price that was created although Stripe refused the rest is archived', async () => {
  await rig.stripeSide.faults({
    ...create('prices'),
    times: 1,
    fault: { kind: 'status', status: 402, code: 'card_declined', when: 'after' },
  });
  const price = await coach.addPrice();
  expect(await provisioned(price)).toMatchObject({ status: 'failed' });
  expect(await pricesAtStripe(price.id)).toMatchObject([{ active: false }]);
  expect(await productAtStripe(price.productId)).toMatchObject({ active: false });

  const again = await coach.call('POST', `/v1/prices/${price.id}/retry`, {});
  expect(again.status).toBe(202);
  expect(await provisioned(price)).toMatchObject({ status: 'active', failure: null });
  const active = (await pricesAtStripe(price.id)).filter((each) => each.active);
  expect(active).toMatchObject([{ lookup_key: price.id }]);
  expect(await productAtStripe(price.productId)).toMatchObject({ active: true });
});

test('a failure leaves the product alone that another price sells', async () => {
  const good = await coach.addPrice();
  await provisioned(good);
  await rig.stripeSide.faults({
    ...create('prices'),
    fault: { kind: 'status', status: 400, code: 'amount_too_large', when: 'before' },
  });
  const bad = await coach.addPriceTo(good.productId, { unitAmount: 99_999_999 });
  expect(await provisioned(bad)).toMatchObject({ status: 'failed' });
  expect(await productAtStripe(good.productId)).toMatchObject({ active: true });
});

test('two prices of one product that fail at once leave the product archived', async () => {
  await rig.stripeSide.faults({
    ...create('prices'),
    fault: { kind: 'status', status: 400, code: 'amount_too_large', when: 'before' },
  });
  const one = await coach.addPrice();
  const other = await coach.addPriceTo(one.productId, { unitAmount: 500 });
  for (const price of [one, other]) expect(await provisioned(price)).toMatchObject({ status: 'failed' });
  expect(await productAtStripe(one.productId)).toMatchObject({ active: false });
});

test.each(['before', 'after'] as const)(
  'scenario 09: a server error that Stripe remembers (%s the effect) makes one price, by a key that can be told',
  async (when) => {
    await rig.stripeSide.faults({
      ...create('prices'),
      times: 1,
      fault: { kind: 'status', status: 500, when },
    });
    const price = await coach.addPrice();
    expect(await settled(price)).toMatchObject({ status: 'active' });
    expect(await pricesAtStripe(price.id)).toHaveLength(1);
  },
);

test.each(['reset', 'truncate', 'html502', 'bare500', 'rate_limit'])(
  'an answer that is lost (%s) makes one price',
  async (kind) => {
    await rig.stripeSide.faults({ ...create('prices'), times: 1, fault: { kind, when: 'after' } });
    const price = await coach.addPrice();
    expect(await settled(price)).toMatchObject({ status: 'active' });
    expect(await pricesAtStripe(price.id)).toHaveLength(1);
  },
);

test('an outage of a day ends the attempt, and the coach can try again', async () => {
  await rig.stripeSide.faults({ match: { path: '/v1/p*' }, fault: { kind: 'html502', when: 'before' } });
  const price = await coach.addPrice();
  const asked = await callsOf(rig, accountId, async () => {
    await rig.skip?.(11 * 3600);
  });
  // Often at first, and less often the longer it takes.
  expect(sumOf(asked)).toBeGreaterThan(100);
  expect(sumOf(asked)).toBeLessThan(500);
  expect((await coach.call('GET', `/v1/prices/${price.id}`)).body).toMatchObject({ status: 'provisioning' });
  await rig.stripeSide.faults();
  expect(await settled(price)).toMatchObject({ status: 'failed', failure: { code: 'stripe_unavailable' } });
  await coach.call('POST', `/v1/prices/${price.id}/retry`, {});
  expect(await provisioned(price)).toMatchObject({ status: 'active' });
});

/** Lets the pauses between retries pass, in steps that no call under way times out on. */
async function settled(price: Answer['body']): Promise<Answer['body']> {
  return eventually<Answer['body']>('the price to be settled', async () => {
    await rig.skip?.(2);
    const { body } = await coach.call('GET', `/v1/prices/${price.id}`);
    return body.status === 'provisioning' ? false : body;
  });
}

describe('changes of the catalog', () => {
  test('a new name reaches Stripe, and the last of many is what stays', async () => {
    const price = await coach.addPrice();
    await provisioned(price);
    const names = ['One', 'Two', 'One', 'Three'];
    for (const name of names) await coach.call('PATCH', `/v1/products/${price.productId}`, { name });
    await eventually('the name', async () => (await productAtStripe(price.productId)).name === 'Three');
    await coach.call('PATCH', `/v1/prices/${price.id}`, { nickname: 'Early bird' });
    await eventually(
      'the nickname',
      async () => (await pricesAtStripe(price.id))[0]?.nickname === 'Early bird',
    );
  });

  test('what is archived is archived at Stripe', async () => {
    const price = await coach.addPrice();
    const kept = await coach.addPriceTo(price.productId, { unitAmount: 100 });
    for (const each of [price, kept]) await provisioned(each);
    await coach.call('POST', `/v1/prices/${price.id}/archive`, {});
    await eventually('the price', async () => (await pricesAtStripe(price.id))[0]?.active === false);
    expect(await productAtStripe(price.productId)).toMatchObject({ active: true });
    await coach.call('POST', `/v1/products/${price.productId}/archive`, {});
    await eventually('the product', async () => !(await productAtStripe(price.productId)).active);
    await eventually('its prices', async () => (await pricesAtStripe(kept.id))[0]?.active === false);
  });

  test('a price that is archived while it is created does not stay on sale', async () => {
    await rig.stripeSide.faults({
      ...create('prices'),
      times: 1,
      fault: { kind: 'html502', when: 'before' },
    });
    const price = await coach.addPrice();
    await eventually('the product', () => productAtStripe(price.productId).catch(() => false));
    await coach.call('POST', `/v1/prices/${price.id}/archive`, {});
    await eventually('the price', async () => {
      await rig.skip?.(2);
      return (await pricesAtStripe(price.id))[0]?.active === false;
    });
    expect((await coach.call('GET', `/v1/prices/${price.id}`)).body).toMatchObject({ status: 'archived' });
  });
});

test('a row whose run was never started gets one from the relay', async () => {
  const [priceId, provisioningId] = [newId('price'), newId('provisioning')];
  const { body: product } = await coach.call('POST', '/v1/products', { name: 'Forgotten' });
  const own = { coachId: coach.coachId, mode: coach.mode };
  const terms = { productId: product.id, currency: 'eur', unitAmount: 100 };
  await rig.db.price.create({ data: { id: priceId, ...own, ...terms } });
  const createdAt = new Date(Date.now() - 3 * 60_000);
  await rig.db.priceProvisioning.create({
    data: { id: provisioningId, ...own, priceId, accountId, createdAt },
  });
  await rig.stopWorker();
  await rig.startWorker();
  expect(await provisioned({ id: priceId })).toMatchObject({ status: 'active' });
});
