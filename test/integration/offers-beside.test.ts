import type { NewPrice } from '@session/sdk';
import type { Answer } from '../support/coach-ui';
import { eventually } from '../support/eventually';
import { openSeller } from '../support/seller';
import { rigFor, sellerFor } from '../support/setup';
import { CARDS } from '../support/stripe-side';

// What is offered beside at Checkout: added on Stripe's page, paid with the rest, given and taken away with it.
const rig = rigFor('file');
const seller = sellerFor('test', rig);
afterEach(() => rig.stripeSide.faults());

type Body = Answer['body'];
const call = (method: string, path: string, body: object = {}) => seller.coach.call(method, path, body);
/** Something to offer: paid once, unless told. */
const workbook = (terms: object = {}): Promise<Body> => seller.offer({ unitAmount: 900, ...terms });
/** A price beside which others are offered. */
const course = (offered: Body[], terms: object = {}): Promise<Body> =>
  seller.offer({ unitAmount: 4900, offersBeside: offered.map(({ id }) => id as string), ...terms });
/** Clicks "Add" on Stripe's page. */
const add = async (checkout: Answer, index: number) =>
  rig.stripeSide.payWithCard(checkout.body.url, CARDS.test.succeeds, { action: `add_item_${index}` });
async function buy(price: Body, indices: number[], member = 'ada', more: object = {}): Promise<Body> {
  const checkout = await seller.openFor(price, member, more);
  for (const index of indices) expect((await add(checkout, index)).status).toBe(200);
  expect((await seller.pay(checkout)).status).toBe(303);
  const membership = await seller.boughtBy(checkout);
  return { ...membership, checkout: await seller.read(`/v1/checkouts/${checkout.body.id}`) };
}
const accessTo = async (prices: Body[], member = 'ada') => {
  const answers = await Promise.all(
    prices.map(({ productId }) => seller.accessOf(member, { productId: productId as string })),
  );
  return answers.map(({ access }) => access);
};
const paymentOf = async ({ memberId }: Body): Promise<Body> =>
  (await seller.read(`/v1/payments?member=${memberId}`)).data[0];
const refund = async (membership: Body, body: object) => {
  const { id } = await paymentOf(membership);
  expect((await call('POST', `/v1/payments/${id}/refunds`, body)).status).toBeLessThan(300);
};
/** What a checkout offers, by price. */
const offeredAt = ({ body }: Answer) => body.beside.map(({ priceId }: Body) => priceId);

describe('what is taken', () => {
  test('scenario 107: is paid with the rest and given from the payment on; what is left is not', async () => {
    const [one, two] = [await workbook(), await workbook({ unitAmount: 1900 })];
    const price = await course([one, two]);
    expect(price.offersBeside).toEqual([one.id, two.id]);
    const { checkout, memberId } = await buy(price, [1]);
    expect(await seller.charges()).toEqual([6800]);
    expect(await accessTo([price, one, two])).toEqual([true, false, true]);
    expect(checkout.beside).toEqual([
      { priceId: one.id, productId: one.productId, unitAmount: 900, taken: false },
      { priceId: two.id, productId: two.productId, unitAmount: 1900, taken: true },
    ]);
    expect(await paymentOf({ memberId })).toMatchObject({
      product: { id: price.productId },
      amount: 6800,
      beside: [{ priceId: two.id, product: { id: two.productId }, amount: 1900 }],
    });
    const sold = await Promise.all([one, two].map(({ id }) => seller.read(`/v1/prices/${id}`)));
    expect(sold.map(({ soldAt }) => soldAt !== null)).toEqual([false, true]);
    const { data: timeline } = await seller.read(`/v1/members/${memberId}/timeline`);
    expect(timeline.filter(({ kind }: Body) => kind === 'taken_beside')).toMatchObject([
      { productId: two.productId, checkoutId: checkout.id },
    ]);
    const { data: facts } = await seller.read(`/v1/events?member=${memberId}&type=access.granted`);
    expect(new Set(facts.map(({ ids }: Body) => ids.productId))).toEqual(
      new Set([price.productId, two.productId]),
    );
  });

  test('nothing of it: the purchase is what it would be without', async () => {
    const one = await workbook();
    const price = await course([one]);
    const { checkout } = await buy(price, []);
    expect(await seller.charges()).toEqual([4900]);
    expect(await accessTo([price, one])).toEqual([true, false]);
    expect(checkout.beside).toMatchObject([{ taken: false }]);
  });

  test('a coupon makes all of it cheaper', async () => {
    const one = await workbook({ unitAmount: 1000 });
    const price = await course([one]);
    const { body: coupon } = await call('POST', '/v1/coupons', { name: 'Spring', percentOff: 10 });
    await seller.read(`/v1/coupons/${coupon.id}?wait=20`);
    const { body: code } = await call('POST', `/v1/coupons/${coupon.id}/promotion-codes`, { code: 'SPRING' });
    await seller.read(`/v1/promotion-codes/${code.id}?wait=20`);
    const { checkout } = await buy(price, [0], 'ada', { promotionCode: 'SPRING' });
    expect(await seller.charges()).toEqual([5310]);
    expect(checkout).toMatchObject({ status: 'completed', discountAmount: 590 });
    expect(await accessTo([price, one])).toEqual([true, true]);
  });

  test('is in the currency of the checkout, or not offered', async () => {
    const euro = { currency: 'eur' };
    const one = await workbook({ ...euro, currencyOptions: [{ currency: 'usd', unitAmount: 1100 }] });
    const two = await workbook(euro);
    const price = await course([one, two], {
      ...euro,
      currencyOptions: [{ currency: 'usd', unitAmount: 5500 }],
    });
    const { checkout } = await buy(price, [0], 'ada', { currency: 'usd' });
    expect(checkout.beside).toMatchObject([{ priceId: one.id, unitAmount: 1100, taken: true }]);
    expect(await paymentOf(checkout)).toMatchObject({ amount: 6600, currency: 'usd' });
  });

  test('outlives the term of what it was taken with', async () => {
    const one = await workbook();
    const price = await course([one], { accessDays: 30 });
    await buy(price, [0]);
    const answer = () => seller.accessOf('ada', { productId: one.productId as string });
    const lasting = { access: true, reason: 'owned', until: null, next: null };
    expect(await answer()).toMatchObject(lasting);
    await seller.moveTo((await seller.now()) + 31 * 86_400);
    await seller.quiet();
    expect(await accessTo([price, one])).toEqual([false, true]);
    expect(await answer()).toMatchObject(lasting);
  });

  test('begins with the payment, whatever the date of the price', async () => {
    const one = await workbook();
    const accessStartsAt = new Date(((await seller.now()) + 10 * 86_400) * 1000).toISOString();
    const price = await course([one], { accessStartsAt });
    await buy(price, [0]);
    expect(await accessTo([price, one])).toEqual([false, true]);
    const dated = await workbook({ accessStartsAt });
    const { body } = await call('PATCH', `/v1/prices/${price.id}`, { offersBeside: [dated.id] });
    expect(body).toMatchObject({ status: 400, field: 'offersBeside' });
  });

  test('is had although it was archived while the page was open', async () => {
    const one = await workbook();
    const checkout = await seller.openFor(await course([one]), 'ada');
    await call('POST', `/v1/prices/${one.id}/archive`);
    await add(checkout, 0);
    await seller.pay(checkout);
    await seller.boughtBy(checkout);
    expect(await accessTo([one])).toEqual([true]);
  });

  test('a refund of the whole takes all of it away, one of a part nothing', async () => {
    const one = await workbook();
    const price = await course([one]);
    const bought = await buy(price, [0]);
    await refund(bought, { amount: 900 });
    await eventually('the refund', async () => (await paymentOf(bought)).amountRefunded === 900);
    await seller.quiet();
    expect(await accessTo([price, one])).toEqual([true, true]);
    await refund(bought, { keepAccess: false });
    await eventually('the end of the access', async () => !(await accessTo([price]))[0]);
    await seller.quiet();
    expect(await accessTo([price, one])).toEqual([false, false]);
    expect(await seller.accessOf('ada', { productId: one.productId as string })).toMatchObject({
      reason: 'refunded',
    });
  });
});

describe('scenario 78: what came does not match what was offered', () => {
  test('a line that was not offered: somebody has to look, and nothing is given', async () => {
    const one = await workbook();
    const price = await course([one]);
    const checkout = await seller.openFor(price, 'ada');
    // As if Stripe had sold something that the checkout knows nothing of.
    await rig.db.checkoutItem.deleteMany({ where: { checkoutId: checkout.body.id } });
    await add(checkout, 0);
    await seller.pay(checkout);
    await eventually('the look', async () => {
      const { status, failure } = await seller.read(`/v1/checkouts/${checkout.body.id}`);
      return status === 'needs_review' && failure.code === 'payment_mismatch';
    });
    expect(await accessTo([price, one])).toEqual([false, false]);
  });
});

describe('opening the page', () => {
  const sessionsOf = async () =>
    (await seller.stripe.checkout.sessions.list({ limit: 100 }, seller.asAccount)).data;

  test('an answer that was lost: one session, which offers what was stored', async () => {
    const one = await workbook();
    const price = await course([one]);
    await rig.stripeSide.faults({
      match: { method: 'POST', path: '/v1/checkout/sessions' },
      times: 1,
      fault: { kind: 'reset', when: 'after' },
    });
    const checkout = await seller.openFor(price, 'ada');
    expect(checkout.status).toBe(201);
    expect(await sessionsOf()).toMatchObject([{ optional_items: [{ quantity: 1 }] }]);
    expect((await seller.openFor(price, 'ada')).body.id).toBe(checkout.body.id);
    await add(checkout, 0);
    await seller.pay(checkout);
    await seller.boughtBy(checkout);
    expect(await seller.charges()).toEqual([5800]);
    expect(await accessTo([one])).toEqual([true]);
  });

  test('what Stripe does not sell any more is not in the way', async () => {
    const one = await workbook();
    const price = await course([one]);
    const { stripePriceId } = await rig.db.priceProvisioning.findFirstOrThrow({ where: { priceId: one.id } });
    await rig.stripeSide.webhooks(false, { account: seller.accountId });
    await seller.stripe.prices.update(stripePriceId ?? '', { active: false }, seller.asAccount);
    const checkout = await seller.openFor(price, 'ada');
    await rig.stripeSide.webhooks(true, { account: seller.accountId });
    expect(checkout.status).toBe(201);
    const [session] = await sessionsOf();
    expect(session?.optional_items ?? null).toBeNull();
    await seller.pay(checkout);
    await seller.boughtBy(checkout);
    expect(await accessTo([price, one])).toEqual([true, false]);
  });

  test('what is not on sale, or is theirs already, is left out', async () => {
    const [gone, over, had] = [await workbook(), await workbook(), await workbook()];
    const price = await course([gone, over, had]);
    expect(offeredAt(await seller.openFor(price, 'ben'))).toEqual([gone.id, over.id, had.id]);
    await call('POST', `/v1/prices/${gone.id}/archive`);
    await call('PATCH', `/v1/prices/${over.id}`, {
      salesEndAt: new Date(((await seller.now()) + 3600) * 1000).toISOString(),
    });
    await seller.purchase(had, 'ada');
    expect(offeredAt(await seller.openFor(price, 'ada'))).toEqual([]);
    expect(offeredAt(await seller.openFor(price, 'cleo'))).toEqual([had.id]);
  });
});

describe('what may be offered', () => {
  const refused = async (host: Body, offered: string[], status: number) => {
    const { body, ...answer } = await call('PATCH', `/v1/prices/${host.id}`, { offersBeside: offered });
    expect(answer.status).toBe(status);
    expect(body).toMatchObject({ field: 'offersBeside' });
    return body.detail as string;
  };

  test.each<[string, NewPrice]>([
    ['limited seats', { unitAmount: 900, seats: 5 }],
    ['a fixed term', { unitAmount: 900, accessDays: 30 }],
    ['a subscription', { unitAmount: 900, recurring: { interval: 'month' } }],
    ['another currency', { unitAmount: 900, currency: 'eur' }],
    ['what the buyer likes', { model: 'pay_what_you_want', minAmount: 500 }],
    ['nothing to pay', { model: 'free' }],
  ])('%s is refused', async (_what, terms) => {
    const offered = await seller.offer(terms);
    expect(await refused(await course([]), [offered.id], 400)).toContain(offered.id);
  });

  test('its own product, what it gives anyway, and two prices of a product are refused', async () => {
    const one = await workbook();
    const another = await seller.offer({ unitAmount: 700 }, one.productId);
    const host = await course([]);
    const sibling = await seller.offer({ unitAmount: 3900 }, host.productId);
    const bundle = await course([], { alsoGives: [one.productId] });
    await refused(host, [sibling.id], 400);
    await refused(bundle, [one.id], 400);
    await refused(host, [bundle.id], 400);
    await refused(host, [one.id, another.id], 400);
    const monthly = await seller.offer({ unitAmount: 4900, recurring: { interval: 'month' } });
    await refused(monthly, [one.id], 400);
  });

  test('scenario 79: a price of another coach is not there', async () => {
    const host = await course([]);
    const other = await openSeller(rig);
    const foreign = await other.offer({ unitAmount: 900 });
    await refused(host, [foreign.id], 404);
    expect(await seller.read(`/v1/prices/${host.id}`)).toMatchObject({ offersBeside: [] });
  });

  test('it is changed at any time, also of what was sold, and taken over by a replacement as far as it fits', async () => {
    const [one, two] = [await workbook(), await workbook()];
    const host = await course([one]);
    await buy(host, []);
    const { body } = await call('PATCH', `/v1/prices/${host.id}`, { offersBeside: [two.id, one.id] });
    expect(body.offersBeside).toEqual([two.id, one.id]);
    const { body: next } = await call('POST', `/v1/prices/${host.id}/replace`, { unitAmount: 5900 });
    expect(next.offersBeside).toEqual([two.id, one.id]);
    await seller.read(`/v1/prices/${next.id}?wait=20`);
    const { body: abroad } = await call('POST', `/v1/prices/${next.id}/replace`, {
      unitAmount: 5900,
      recurring: { interval: 'month' },
    });
    expect(abroad.offersBeside).toEqual([]);
  });
});
