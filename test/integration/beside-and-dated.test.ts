import { randomUUID } from 'node:crypto';
import { tellOfTheReturn } from '../../src/activities/connection-end';
import { DAY, HOUR, toDate } from '../../src/domain/time';
import { wakeOverdue } from '../../src/worker/overdue';
import type { reconciliation } from '../../src/workflows';
import type { Answer } from '../support/coach-ui';
import { eventually } from '../support/eventually';
import { rigFor, sellerFor } from '../support/setup';
import { CARDS, IBANS } from '../support/stripe-side';
import { Visitor } from '../support/visitor';

// What is taken beside, and what begins on a date, where both meet all else that happens to a purchase.
// Nobody sweeps here but these tests.
const rig = rigFor('file', { relayPollSeconds: 3600 });
const seller = sellerFor('test', rig);

type Body = Answer['body'];
const call = (method: string, path: string, body: object = {}) => seller.coach.call(method, path, body);
const iso = (at: number) => toDate(at).toISOString();
const sweep = () => wakeOverdue(rig);

const workbook = (terms: object = {}): Promise<Body> => seller.offer({ unitAmount: 900, ...terms });
/** A price beside which others are offered. */
const course = (offered: Body[], terms: object = {}): Promise<Body> =>
  seller.offer({ unitAmount: 4900, offersBeside: offered.map(({ id }) => id as string), ...terms });
/** A price whose access begins in ten days, and when that is. */
async function programme(terms: object = {}, productId?: string) {
  const at = (await seller.now()) + 10 * DAY;
  const price: Body = await seller.offer({ unitAmount: 9900, accessStartsAt: iso(at), ...terms }, productId);
  return { price, at };
}
const add = async (checkout: Answer) => {
  const page = await rig.stripeSide.payWithCard(checkout.body.url, CARDS.test.succeeds, {
    action: 'add_item_0',
  });
  expect(page.status).toBe(200);
};
/** Buys with the first of what is offered beside. */
async function buy(price: Body, member = 'ada', more: object = {}): Promise<Body> {
  const checkout = await seller.openFor(price, member, more);
  await add(checkout);
  expect((await seller.pay(checkout)).status).toBe(303);
  return seller.boughtBy(checkout);
}
const accessTo = async (prices: { productId: string }[], member = 'ada') => {
  const answers = await Promise.all(prices.map((price) => seller.accessOf(member, price)));
  return answers.map(({ access }) => access);
};
const until = (prices: { productId: string }[], expected: boolean[]) =>
  eventually(`access to be ${expected.join()}`, async () => {
    const present = await accessTo(prices);
    return present.join() === expected.join();
  });
const happens = async (trigger: string, more: object = {}) => {
  const { data } = await seller.stripe.charges.list({ limit: 1 }, seller.asAccount);
  await rig.stripeSide.trigger(trigger, { account: seller.accountId, charge: data[0]?.id, ...more });
  await seller.quiet();
};
const refundHere = async (body: object = { keepAccess: false }) => {
  const { data } = await seller.read('/v1/payments');
  expect((await call('POST', `/v1/payments/${data[0].id}/refunds`, body)).status).toBeLessThan(300);
  await seller.quiet();
};
const factsOf = (memberId: string) =>
  rig.db.fact.findMany({ where: { memberId }, orderBy: { sequence: 'asc' } });
const ofAccess = async (memberId: string, { productId }: { productId: string }) =>
  (await factsOf(memberId))
    .filter(({ type, ids }) => type.startsWith('access.') && (ids as Body).productId === productId)
    .map(({ type }) => type);
const kindsOf = async (memberId: string, { productId }: { productId: string }) =>
  (await seller.timeline(memberId)).filter((each) => each.productId === productId).map(({ kind }) => kind);
const erase = async (memberId: string) => {
  const asked = { delayMinutes: 0, endMemberships: true, deleteStripeCustomer: false };
  expect((await call('POST', `/v1/members/${memberId}/erase`, asked)).status).toBeLessThan(300);
  await eventually('the end of the erasure', async () => {
    const { endedAt } = await seller.read(`/v1/members/${memberId}/erasure`);
    return endedAt !== null;
  });
};
const addMember = async (externalId: string): Promise<string> =>
  (await call('POST', '/v1/members', { externalId, email: `${externalId}@example.com` })).body.id;

describe('what was taken with a price whose term is over', () => {
  /** Bought for a week, eight days ago. */
  async function over() {
    const one = await workbook();
    const price = await course([one], { accessDays: 7 });
    const membership = await buy(price);
    await seller.moveTo((await seller.now()) + 8 * DAY);
    await seller.quiet();
    expect(await accessTo([price, one])).toEqual([false, true]);
    return { one, price, membership };
  }

  test.each([
    ['refunded here', () => refundHere()],
    ['refunded in the Dashboard', () => happens('refund')],
  ])('%s: it goes with the money', async (_how, goesBack) => {
    const { one, membership } = await over();
    await goesBack();
    await until([one], [false]);
    expect(await ofAccess(membership.memberId, one)).toEqual(['access.granted', 'access.ended']);
    // It is theirs no more, so it is for sale.
    expect((await seller.openFor(one, 'ada')).status).toBe(201);
  });

  test('refunded, and kept', async () => {
    const { one } = await over();
    await refundHere({ keepAccess: true });
    expect(await accessTo([one])).toEqual([true]);
  });

  test('disputed: it waits for what becomes of that', async () => {
    const { one } = await over();
    await happens('dispute_created');
    await until([one], [false]);
    await happens('dispute_won');
    await until([one], [true]);
  });

  test('disputed and lost: it is gone', async () => {
    const { one } = await over();
    await happens('dispute_created');
    await happens('dispute_lost');
    await until([one], [false]);
  });

  test('withdrawn from in time: it is gone', async () => {
    await call('PATCH', '/v1/settings', { withdrawal: 'on', withdrawalRefund: 'full' });
    const { one, membership } = await over();
    const page = `/account/${seller.coachId}/test`;
    const ada = new Visitor(rig.api, { 'Accept-Language': 'en' });
    await ada.open(`${page}?member=${await seller.tokenFor('ada', 'ada@example.com')}`);
    const form = await ada.open(`${page}/memberships/${membership.id}/withdraw`);
    const review = await ada.press(form, 'Withdraw from the contract here', { name: 'Ada Lovelace' });
    await ada.press(review, 'Confirm withdrawal');
    await until([one], [false]);
  });

  test('is not sold to them again', async () => {
    const { one, price } = await over();
    expect(await seller.openFor(one, 'ada')).toMatchObject({
      status: 409,
      body: { code: 'already_owned' },
    });
    expect((await seller.openFor(price, 'ada')).body.beside).toEqual([]);
  });

  test('refunded while the account was not connected: it goes once it is again', async () => {
    const { one, membership } = await over();
    const connection = await rig.db.connection.findFirstOrThrow({
      where: { coachId: seller.coachId, mode: 'test', accountId: seller.accountId },
    });
    await rig.stripeSide.webhooks(false, { account: seller.accountId });
    const { data } = await seller.stripe.charges.list({ limit: 1 }, seller.asAccount);
    await seller.stripe.refunds.create({ charge: data[0]?.id ?? '' }, seller.asAccount);
    await rig.stripeSide.webhooks(true, { account: seller.accountId });
    // As the confirmation of a connection does.
    await rig.db.$transaction((tx) => tellOfTheReturn(tx, { ...connection, accountId: seller.accountId }));
    await until([one], [false]);
    expect(await seller.read(`/v1/memberships/${membership.id}`)).toMatchObject({ status: 'ended' });
  });

  test('refunded, and Stripe does not keep the event any more: it goes once the gap is found', async () => {
    const { one } = await over();
    const reconcile = () =>
      rig.client.workflow.execute<typeof reconciliation>('reconciliation', {
        workflowId: `reconciliation-${randomUUID()}`,
        taskQueue: rig.config.temporal.taskQueue,
        args: [],
      });
    await reconcile();
    await rig.stripeSide.webhooks(false, { account: seller.accountId });
    const { data } = await seller.stripe.charges.list({ limit: 1 }, seller.asAccount);
    await seller.stripe.refunds.create({ charge: data[0]?.id ?? '' }, seller.asAccount);
    await seller.moveTo((await seller.now()) + 2 * HOUR);
    const now = toDate(await seller.now());
    await rig.db.eventCursor.updateMany({
      where: { mode: 'test', accountId: seller.accountId },
      data: { readTo: now, gapFoundAt: now },
    });
    expect(await accessTo([one])).toEqual([true]);
    await reconcile();
    await until([one], [false]);
  });

  test('whoever was erased has nothing of it, whatever becomes of the money', async () => {
    const { membership } = await over();
    await erase(membership.memberId);
    const before = await seller.timeline(membership.memberId);
    await happens('refund', { amount: 100 });
    await eventually('the look', async () => {
      const row = await rig.db.payment.findFirst({ where: { membershipId: membership.id } });
      return row?.amountRefunded === 100;
    });
    const grants = await rig.db.grant.findMany({ where: { memberId: membership.memberId } });
    expect(grants.map(({ revoked }) => revoked)).toEqual([true, true]);
    const after = await seller.timeline(membership.memberId);
    expect(after.slice(before.length).map(({ kind }) => kind)).not.toContain('item_added');
  });

  test('members who are one person: it moves, and goes with the money', async () => {
    const { one, price, membership } = await over();
    const into = await addMember('new');
    expect((await call('POST', `/v1/members/${into}/merge`, { from: membership.memberId })).status).toBe(200);
    expect(await accessTo([price, one], 'new')).toEqual([false, true]);
    await happens('refund');
    await eventually('the end', async () => !(await accessTo([one], 'new'))[0]);
  });
});

describe('what is taken', () => {
  test('with several of what is bought: one of it', async () => {
    const one = await workbook();
    const price = await course([one], { maxQuantity: 5 });
    const { quantity } = await buy(price, 'ada', { quantity: 3 });
    expect(quantity).toBe(3);
    expect(await seller.charges()).toEqual([3 * 4900 + 900]);
    expect(await accessTo([price, one])).toEqual([true, true]);
  });

  test('is given where a code takes all of it off, and there is no payment', async () => {
    const one = await workbook();
    const price = await course([one]);
    const { body: coupon } = await call('POST', '/v1/coupons', { name: 'Gift', percentOff: 100 });
    await seller.read(`/v1/coupons/${coupon.id}?wait=20`);
    const { body: code } = await call('POST', `/v1/coupons/${coupon.id}/promotion-codes`, { code: 'ALL' });
    await seller.read(`/v1/promotion-codes/${code.id}?wait=20`);
    const { memberId } = await buy(price, 'ada', { promotionCode: 'ALL' });
    expect(await seller.charges()).toEqual([]);
    expect(await accessTo([price, one])).toEqual([true, true]);
    expect(await kindsOf(memberId, one)).toEqual(['taken_beside']);
  });

  test.each([
    ['arrives', IBANS.succeeds, 'completed', true],
    ['does not arrive', IBANS.fails, 'failed', false],
  ])('by a debit that %s days later: not before', async (_what, iban, status, given) => {
    const one = await workbook({ currency: 'eur' });
    const price = await course([one], { currency: 'eur' });
    const checkout = await seller.openFor(price, 'ada');
    await add(checkout);
    expect((await rig.stripeSide.payWithIban(checkout.body.url, iban)).status).toBe(303);
    const statusNow = async () => (await seller.read(`/v1/checkouts/${checkout.body.id}`)).status;
    await eventually('pending', async () => (await statusNow()) === 'pending');
    expect(await accessTo([price, one])).toEqual([false, false]);
    await seller.moveTo((await seller.now()) + 3 * DAY + HOUR);
    await eventually('the outcome', async () => (await statusNow()) === status);
    expect(await accessTo([price, one])).toEqual([given, given]);
    const { beside } = await seller.read(`/v1/checkouts/${checkout.body.id}`);
    expect(beside).toMatchObject([{ taken: given }]);
  });

  test('is given though all of it was archived while the page was open', async () => {
    const one = await workbook();
    const price = await course([one]);
    const checkout = await seller.openFor(price, 'ada');
    for (const { productId } of [price, one]) await call('POST', `/v1/products/${productId}/archive`);
    await add(checkout);
    await seller.pay(checkout);
    await seller.boughtBy(checkout);
    expect(await accessTo([price, one])).toEqual([true, true]);
  });

  test('and bought on another page that was open: the coach hears that they have it twice', async () => {
    const one = await workbook();
    const price = await course([one]);
    const [alone, together] = [await seller.openFor(one, 'ada'), await seller.openFor(price, 'ada')];
    await add(together);
    await seller.pay(together);
    const { memberId } = await seller.boughtBy(together);
    await seller.pay(alone);
    expect(await seller.boughtBy(alone)).toMatchObject({ duplicate: true });
    expect(await kindsOf(memberId, one)).toEqual(['taken_beside', 'purchased_twice']);
  });

  test('by a guest who turns out to have it: given once more, and the coach hears of it', async () => {
    const one = await workbook();
    const price = await course([one]);
    const asGuest = async () => {
      const page = await fetch(`${rig.api}/buy/${price.id}`, { method: 'POST', redirect: 'manual' });
      const { id } = await rig.db.checkout.findFirstOrThrow({
        where: { coachId: seller.coachId, priceId: price.id, memberId: null },
        orderBy: { createdAt: 'desc' },
      });
      const checkout = { status: page.status, body: { id, url: page.headers.get('location') } } as Answer;
      await add(checkout);
      const email = 'ada@example.com';
      const paid = await rig.stripeSide.payWithCard(checkout.body.url, CARDS.test.succeeds, { email });
      expect(paid.status).toBe(303);
      return seller.boughtBy(checkout);
    };
    const [first, second] = [await asGuest(), await asGuest()];
    expect(second).toMatchObject({ memberId: first.memberId, duplicate: true });
    expect(await kindsOf(first.memberId, one)).toEqual(['taken_beside', 'purchased_twice']);
    // The money of one of them goes back; the other one still gives it.
    await happens('refund');
    await eventually('the end', async () => {
      const { status } = await seller.read(`/v1/memberships/${second.id}`);
      return status === 'ended';
    });
    expect(await accessTo([price, one], first.memberId)).toEqual([true, true]);
  });

  test('is in what is handed over about a member', async () => {
    const one = await workbook();
    const { memberId } = await buy(await course([one]));
    const body = await seller.read(`/v1/members/${memberId}/export`);
    expect(body.grants.map(({ productId }: Body) => productId)).toContain(one.productId);
    expect(body.checkouts).toMatchObject([{ beside: [{ priceId: one.id, takenAt: expect.any(String) }] }]);
  });
});

describe('what begins on a date', () => {
  test('is disputed over it, and won: told once, when it is there', async () => {
    const { price, at } = await programme();
    const { memberId } = await seller.purchase(price, 'ada');
    await seller.moveTo(at - HOUR);
    await happens('dispute_created');
    await seller.moveTo(at + HOUR);
    await sweep();
    expect(await ofAccess(memberId, price)).toEqual([]);
    await happens('dispute_won');
    await until([price], [true]);
    await sweep();
    expect(await ofAccess(memberId, price)).toEqual(['access.granted']);
  });

  test('is paid in parts, and one is missing over it: told when that is paid', async () => {
    const { price, at } = await programme({
      ...{ model: 'installments', installments: 3, recurring: { interval: 'week' } },
    });
    const { memberId, stripe } = await seller.purchase(price, 'ada');
    const card = (state: 'fails' | 'recovers') =>
      rig.stripeSide.trigger(`payment_method_${state}`, {
        account: seller.accountId,
        subscription: stripe.subscriptionId,
      });
    await call('PATCH', '/v1/settings', { graceDays: 0 });
    await card('fails');
    await seller.moveTo(at + HOUR);
    await sweep();
    expect(await accessTo([price])).toEqual([false]);
    expect(await ofAccess(memberId, price)).toEqual([]);
    await card('recovers');
    await seller.moveTo(at + 5 * DAY);
    await until([price], [true]);
    await sweep();
    // The week that was due meanwhile may be seen by a look of its own, which moves the end.
    const told = (await ofAccess(memberId, price)).filter((type) => type !== 'access.changed');
    expect(told).toEqual(['access.granted']);
  });

  test('and is over in the same leap of the clock: nothing is told of what nobody could use', async () => {
    const { price, at } = await programme({ accessDays: 7 });
    const { id, memberId } = await seller.purchase(price, 'ada');
    await seller.moveTo(at + 30 * DAY);
    await sweep();
    await sweep();
    await eventually('the end', async () => {
      const { status } = await seller.read(`/v1/memberships/${id}`);
      return status === 'ended';
    });
    expect(await ofAccess(memberId, price)).toEqual([]);
    expect(await accessTo([price])).toEqual([false]);
  });

  test('is given before it, and the gift is taken back: told both times', async () => {
    const { price, at } = await programme();
    const { memberId } = await seller.purchase(price, 'ada');
    const { body: gift } = await call('POST', '/v1/grants', {
      member: { externalId: 'ada' },
      productId: price.productId,
    });
    await call('POST', `/v1/grants/${gift.id}/revoke`);
    expect(await accessTo([price])).toEqual([false]);
    await seller.moveTo(at);
    await Promise.all([sweep(), sweep()]);
    await sweep();
    expect(await ofAccess(memberId, price)).toEqual(['access.granted', 'access.ended', 'access.granted']);
    const sequence = (await factsOf(memberId)).map((fact) => Number(fact.sequence));
    expect(sequence).toEqual(sequence.map((_each, index) => index + 1));
  });

  test('is refunded at that very moment: either way it is over', async () => {
    const { price, at } = await programme();
    const { memberId } = await seller.purchase(price, 'ada');
    await seller.moveTo(at);
    await Promise.all([sweep(), happens('refund')]);
    await until([price], [false]);
    await sweep();
    expect([[], ['access.granted', 'access.ended']]).toContainEqual(await ofAccess(memberId, price));
  });

  test('members who are one person before it: it begins for who stays', async () => {
    const { price, at } = await programme();
    const { memberId: from } = await seller.purchase(price, 'ada');
    const into = await addMember('new');
    expect((await call('POST', `/v1/members/${into}/merge`, { from })).status).toBe(200);
    expect(await seller.accessOf('new', price)).toMatchObject({ access: false, reason: 'not_started' });
    await seller.moveTo(at);
    await sweep();
    expect(await ofAccess(into, price)).toEqual(['access.granted']);
    expect(await kindsOf(into, price)).toContain('access_begun');
  });

  test('does not begin for whoever was erased', async () => {
    const { price, at } = await programme();
    const { memberId } = await seller.purchase(price, 'ada');
    await erase(memberId);
    await seller.moveTo(at + HOUR);
    await sweep();
    expect(await ofAccess(memberId, price)).toEqual([]);
    expect(await kindsOf(memberId, price)).not.toContain('access_begun');
  });

  test('begins though its product was archived', async () => {
    const { price, at } = await programme();
    await seller.purchase(price, 'ada');
    await call('POST', `/v1/products/${price.productId}/archive`);
    await seller.moveTo(at);
    expect(await accessTo([price])).toEqual([true]);
  });

  test('with another one of a later date: told with the first, and nothing is taken by the second', async () => {
    const { price, at } = await programme({ model: 'free', unitAmount: undefined, accessDays: 3 });
    const later = iso(at + 10 * DAY);
    const paid: Body = await seller.offer({ unitAmount: 4900, accessStartsAt: later }, price.productId);
    const { body } = await seller.openFor(price, 'ada');
    await seller.purchase(paid, 'ada');
    await seller.moveTo(at);
    await sweep();
    await seller.moveTo(at + 4 * DAY);
    await sweep();
    expect(await seller.accessOf('ada', price)).toMatchObject({ access: false, next: { at: later } });
    await seller.moveTo(at + 10 * DAY);
    await sweep();
    expect(await ofAccess(body.memberId, price)).toEqual([
      'access.granted',
      'access.ended',
      'access.granted',
    ]);
  });

  test('is replaced after it: who buys then has it at once', async () => {
    const { price, at } = await programme();
    await seller.moveTo(at + HOUR);
    const { body: next } = await call('POST', `/v1/prices/${price.id}/replace`, { unitAmount: 12_900 });
    expect(next).toMatchObject({ accessStartsAt: iso(at) });
    await eventually('the new price', async () => {
      const { status } = await seller.read(`/v1/prices/${next.id}`);
      return status === 'active';
    });
    await seller.purchase(next, 'ada');
    expect(await accessTo([price])).toEqual([true]);
  });

  test('counts in the members of a product from the claim on, and gives no access yet', async () => {
    const { price } = await programme({ model: 'free', unitAmount: undefined });
    const { body } = await seller.openFor(price, 'ada');
    const members = async (query: string) =>
      (await seller.read(`/v1/members?${query}`)).data.map(({ id }: Body) => id);
    expect(await members(`product=${price.productId}`)).toEqual([body.memberId]);
    expect(await members('who=no_access')).toEqual([body.memberId]);
  });
});

test('a programme with a bundle, and something beside: each begins on its own day, and all of it goes with the money', async () => {
  const one = await workbook();
  const { body: other } = await call('POST', '/v1/products', { name: 'Community' });
  const { price, at } = await programme({
    ...{ accessDays: 30, alsoGives: [other.id], offersBeside: [one.id] },
  });
  const all = [price, { productId: other.id as string }, one] as { productId: string }[];
  const { id, memberId } = await buy(price);
  expect(await accessTo(all)).toEqual([false, false, true]);
  await seller.moveTo(at);
  await sweep();
  expect(await accessTo(all)).toEqual([true, true, true]);
  // A look in between, for something that changes nothing.
  await happens('refund', { amount: 100 });
  expect(await accessTo(all)).toEqual([true, true, true]);
  await seller.moveTo(at + 31 * DAY);
  await sweep();
  await eventually('the end of the term', async () => {
    const { status } = await seller.read(`/v1/memberships/${id}`);
    return status === 'ended';
  });
  expect(await accessTo(all)).toEqual([false, false, true]);
  await happens('refund');
  await until(all, [false, false, false]);
  await sweep();
  for (const each of all) expect(await ofAccess(memberId, each)).toEqual(['access.granted', 'access.ended']);
});
