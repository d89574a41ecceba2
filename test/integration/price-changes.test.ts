import { DAY, HOUR } from '../../src/domain/time';
import { rigFor, sellerFor } from '../support/setup';

// Another price or quantity within a subscription: what it costs is shown first, and then exactly that is charged.
const EACH_MONTH = { interval: 'month', intervalCount: 1 } as const;
const EACH_YEAR = { interval: 'year', intervalCount: 1 } as const;

const rig = rigFor('file');
const seller = sellerFor('test', rig);

const seconds = (time: string) => Date.parse(time) / 1000;
const now = (id: string) => seller.read(`/v1/memberships/${id}`);
const post = (id: string, action: string, body: object = {}) =>
  seller.coach.call('POST', `/v1/memberships/${id}/${action}`, body);
const monthly = (unitAmount: number, productId?: string, more: object = {}) =>
  seller.offer({ unitAmount, recurring: EACH_MONTH, ...more }, productId);
const preview = async (id: string, body: object) => {
  const answer = await post(id, 'change-price/preview', body);
  expect(answer.status).toBe(200);
  return answer.body;
};

/** What Stripe takes for the rest of a period, to the second. */
function restOf(
  amount: number,
  { startedAt, paidThrough }: { startedAt: string; paidThrough: string },
  at: number,
) {
  const [start, end] = [seconds(startedAt), seconds(paidThrough)];
  return Math.round((amount * (end - at)) / (end - start));
}

describe('a dearer price', () => {
  test('is previewed without changing anything, and then charged to the cent, an hour later', async () => {
    const price = await monthly(4900);
    const dearer = await monthly(9900, price.productId);
    const bought = await seller.purchase(price, 'ada');
    await seller.moveBy(10 * DAY);
    const before = [await now(bought.id), await seller.charges()];

    const shown = await preview(bought.id, { priceId: dearer.id });
    const at = seconds(shown.prorationDate);
    const difference = restOf(9900, bought, at) - restOf(4900, bought, at);
    expect(difference).toBeGreaterThan(3000);
    expect(shown).toMatchObject({
      from: { priceId: price.id, quantity: 1, unitAmount: 4900 },
      to: { priceId: dearer.id, quantity: 1, unitAmount: 9900 },
      currency: 'usd',
      now: { charged: difference, credited: 0 },
      next: { at: bought.paidThrough, charged: 9900 },
      access: { inWords: 'Access stays as it is.' },
    });
    expect(shown.now.lines.map((line: { amount: number }) => line.amount)).toEqual([
      -restOf(4900, bought, at),
      restOf(9900, bought, at),
    ]);
    expect([await now(bought.id), await seller.charges()]).toEqual(before);

    await seller.moveBy(HOUR);
    const changed = await post(bought.id, 'change-price', {
      priceId: dearer.id,
      prorationDate: shown.prorationDate,
    });
    expect(changed).toMatchObject({ status: 200, body: { priceId: dearer.id, status: 'active' } });
    expect(await seller.charges()).toEqual([4900, difference]);
    await seller.moveTo(seconds(bought.paidThrough) + 2 * HOUR);
    expect(await seller.charges()).toEqual([4900, difference, 9900]);
  });

  test('is in the member’s timeline, with the person who asked for it as its cause', async () => {
    const price = await monthly(4900);
    const dearer = await monthly(9900, price.productId);
    const { id, memberId } = await seller.purchase(price, 'ada');
    await post(id, 'change-price', { priceId: dearer.id });
    await seller.quiet();
    const { data } = await seller.read(`/v1/members/${memberId}/timeline`);
    expect(data.slice(1)).toMatchObject([
      {
        kind: 'price_changed',
        cause: 'person',
        membershipId: id,
        workflowId: `membership/${id}`,
        details: { fromPriceId: price.id, toPriceId: dearer.id, fromQuantity: 1, toQuantity: 1 },
      },
    ]);
    expect(data[1].effect).toMatch(/^Access unchanged, until /);
  });
});

test('a cheaper price: the difference is a credit, which the next renewal uses up', async () => {
  const price = await monthly(4900);
  const cheaper = await monthly(2900, price.productId);
  const bought = await seller.purchase(price, 'ada');
  await seller.moveBy(20 * DAY);
  const shown = await preview(bought.id, { priceId: cheaper.id });
  const at = seconds(shown.prorationDate);
  const credit = restOf(4900, bought, at) - restOf(2900, bought, at);
  expect(credit).toBeGreaterThan(500);
  expect(shown).toMatchObject({
    now: { charged: 0, credited: credit },
    next: { at: bought.paidThrough, charged: 2900 - credit },
  });
  const { prorationDate } = shown;
  expect(await post(bought.id, 'change-price', { priceId: cheaper.id, prorationDate })).toMatchObject({
    status: 200,
  });
  expect(await seller.charges()).toEqual([4900]);
  await seller.moveTo(seconds(bought.paidThrough) + 2 * HOUR);
  expect(await seller.charges()).toEqual([4900, 2900 - credit]);
});

test('without proration nothing is charged now, and the next renewal is at the new price', async () => {
  const price = await monthly(4900);
  const dearer = await monthly(9900, price.productId);
  const { id, paidThrough } = await seller.purchase(price, 'ada');
  await seller.moveBy(10 * DAY);
  expect(await preview(id, { priceId: dearer.id, prorate: false })).toMatchObject({
    now: { charged: 0, credited: 0, lines: [] },
    next: { at: paidThrough, charged: 9900 },
    prorationDate: null,
  });
});

test('another quantity of the same price, as many as it is sold of at a time', async () => {
  const price = await monthly(1000, undefined, { maxQuantity: 5 });
  const bought = await seller.purchase(price, 'ada', { quantity: 2 });
  await seller.moveBy(10 * DAY);
  const shown = await preview(bought.id, { quantity: 5 });
  const difference =
    restOf(5000, bought, seconds(shown.prorationDate)) - restOf(2000, bought, seconds(shown.prorationDate));
  expect(shown).toMatchObject({
    to: { priceId: price.id, quantity: 5 },
    now: { charged: difference },
    next: { charged: 5000 },
  });
  const { prorationDate } = shown;
  expect(await post(bought.id, 'change-price', { quantity: 5, prorationDate })).toMatchObject({
    body: { quantity: 5 },
  });
  expect(await seller.charges()).toEqual([2000, difference]);
  for (const path of ['change-price', 'change-price/preview'])
    expect(await post(bought.id, path, { quantity: 6 })).toMatchObject({
      status: 400,
      body: { code: 'invalid_request', field: 'quantity' },
    });
});

test('a change of price keeps the quantity', async () => {
  const price = await monthly(1000, undefined, { maxQuantity: 5 });
  const dearer = await monthly(2000, price.productId, { maxQuantity: 5 });
  const { id, stripe } = await seller.purchase(price, 'ada', { quantity: 3 });
  expect(await post(id, 'change-price', { priceId: dearer.id })).toMatchObject({ body: { quantity: 3 } });
  const { items } = await seller.stripe.subscriptions.retrieve(
    stripe.subscriptionId,
    undefined,
    seller.asAccount,
  );
  expect(items.data).toMatchObject([{ quantity: 3, price: { unit_amount: 2000 } }]);
});

// https://docs.stripe.com/billing/subscriptions/billing-mode/compare: flexible billing does not reset the billing cycle
// anchor when the interval changes. The year is counted from the anchor, and what is left of it is charged.
test('another interval keeps the anchor: charged, credited, and paid for as previewed', async () => {
  const price = await monthly(4900);
  const yearly = await seller.offer({ unitAmount: 49_000, recurring: EACH_YEAR }, price.productId);
  const bought = await seller.purchase(price, 'ada');
  await seller.moveBy(10 * DAY);
  expect(await post(bought.id, 'change-price', { priceId: yearly.id, prorate: false })).toMatchObject({
    status: 400,
    body: { field: 'prorate' },
  });
  const shown = await preview(bought.id, { priceId: yearly.id });
  const at = seconds(shown.prorationDate);
  const credit = restOf(4900, bought, at);
  const { prorationDate } = shown;
  const { body } = await post(bought.id, 'change-price', { priceId: yearly.id, prorationDate });
  const charged = restOf(49_000, { startedAt: bought.startedAt, paidThrough: body.paidThrough }, at) - credit;
  expect(shown).toMatchObject({
    now: { charged },
    next: { at: body.paidThrough, charged: 49_000 },
    access: { inWords: 'Access lasts to the end of what is charged now, once it is paid.' },
  });
  expect(await seller.charges()).toEqual([4900, charged]);
  const year = seconds(body.paidThrough) - seconds(bought.startedAt);
  expect([365, 366]).toContain(Math.round(year / DAY));
});

test('in a trial nothing is charged now: the trial ends with the new price', async () => {
  const price = await monthly(4900, undefined, { trialDays: 14 });
  const dearer = await monthly(9900, price.productId);
  const { id, paidThrough } = await seller.purchase(price, 'ada');
  expect(await preview(id, { priceId: dearer.id })).toMatchObject({
    now: { charged: 0, credited: 0, lines: [] },
    next: { at: paidThrough, charged: 9900 },
  });
  expect(await post(id, 'change-price', { priceId: dearer.id })).toMatchObject({
    body: { status: 'trialing' },
  });
  await seller.moveTo(seconds(paidThrough) + 2 * HOUR);
  expect(await seller.charges()).toEqual([9900]);
});

describe('refused, each with its reason', () => {
  const isRefused = async (id: string, body: object, refusal: object) => {
    for (const path of ['change-price', 'change-price/preview'])
      expect(await post(id, path, body)).toMatchObject(refusal);
  };

  test('another currency, a price that is not sold any more, a time ahead, and nothing at all', async () => {
    const price = await monthly(4900);
    const inEuro = await monthly(4900, price.productId, { currency: 'eur' });
    const archived = await monthly(5900, price.productId);
    await seller.coach.call('POST', `/v1/prices/${archived.id}/archive`, {});
    const { id } = await seller.purchase(price, 'ada');
    await isRefused(id, { priceId: inEuro.id }, { status: 409, body: { code: 'price_not_active' } });
    await isRefused(id, { priceId: archived.id }, { status: 409, body: { code: 'price_not_active' } });
    await isRefused(id, {}, { status: 400 });
    const ahead = new Date(((await seller.now()) + HOUR) * 1000).toISOString();
    await isRefused(
      id,
      { quantity: 1, prorationDate: ahead },
      { status: 400, body: { field: 'prorationDate' } },
    );
  });

  test('a difference while collection is paused; without one it is taken', async () => {
    const price = await monthly(4900);
    const dearer = await monthly(9900, price.productId);
    const { id } = await seller.purchase(price, 'ada');
    await post(id, 'pause');
    await isRefused(id, { priceId: dearer.id }, { status: 409, body: { code: 'membership_paused' } });
    expect(await post(id, 'change-price', { priceId: dearer.id, prorate: false })).toMatchObject({
      status: 200,
      body: { priceId: dearer.id, reason: 'collection_paused' },
    });
  });

  test.each([
    ['the difference', EACH_MONTH],
    ['a new period', EACH_YEAR],
  ])(
    'a change whose payment the bank declines: %s. Nothing has changed, for nobody',
    async (_what, recurring) => {
      const price = await monthly(4900);
      const dearer = await seller.offer({ unitAmount: 90_000, recurring }, price.productId);
      const { id, memberId, stripe } = await seller.purchase(price, 'ada');
      const card = { account: seller.accountId, subscription: stripe.subscriptionId };
      await rig.stripeSide.trigger('payment_method_fails', card);
      const before = await now(id);
      expect(await post(id, 'change-price', { priceId: dearer.id })).toMatchObject({
        status: 409,
        body: { code: 'payment_declined' },
      });
      await seller.quiet();
      expect(await now(id)).toEqual(before);
      expect((await seller.timeline(memberId)).map(({ kind }) => kind)).toEqual(['purchase_completed']);
      const atStripe = seller.stripe.subscriptions.retrieve(
        stripe.subscriptionId,
        undefined,
        seller.asAccount,
      );
      expect(await atStripe).toMatchObject({
        status: 'active',
        items: { data: [{ price: { unit_amount: 4900 } }] },
      });

      await rig.stripeSide.trigger('payment_method_recovers', card);
      expect(await post(id, 'change-price', { priceId: dearer.id })).toMatchObject({
        status: 200,
        body: { priceId: dearer.id, reason: 'paid' },
      });
    },
  );

  test('a difference of a period whose payment is disputed; without one it is taken', async () => {
    const price = await monthly(4900);
    const dearer = await monthly(9900, price.productId);
    const { id } = await seller.purchase(price, 'ada');
    const [charge] = (await seller.stripe.charges.list({ limit: 1 }, seller.asAccount)).data;
    await rig.stripeSide.trigger('dispute_created', { account: seller.accountId, charge: charge?.id });
    await seller.quiet();
    expect(await now(id)).toMatchObject({ status: 'suspended', reason: 'disputed' });
    await isRefused(id, { priceId: dearer.id }, { status: 409, body: { code: 'membership_disputed' } });
    expect(await post(id, 'change-price', { priceId: dearer.id, prorate: false })).toMatchObject({
      status: 200,
      body: { priceId: dearer.id },
    });
  });

  test('a difference of a period that is not paid for, whatever is stored of it', async () => {
    const price = await monthly(4900);
    const dearer = await monthly(9900, price.productId);
    const { id, paidThrough, stripe } = await seller.purchase(price, 'ada');
    await rig.stripeSide.trigger('payment_method_fails', {
      account: seller.accountId,
      subscription: stripe.subscriptionId,
    });
    await seller.moveTo(seconds(paidThrough) + 2 * HOUR);
    await isRefused(id, { priceId: dearer.id }, { status: 409, body: { code: 'membership_payment_due' } });
    // As if nobody had heard of the failed payment yet: Stripe's own state is what counts.
    await rig.db.membership.update({ where: { id }, data: { reason: 'paid' } });
    expect(await post(id, 'change-price', { priceId: dearer.id })).toMatchObject({
      status: 409,
      body: { code: 'membership_payment_due' },
    });
    expect(await seller.charges()).toEqual([4900]);
  });
});
