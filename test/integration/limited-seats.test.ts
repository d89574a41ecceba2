import { DAY, HOUR, MINUTE } from '../../src/domain/time';
import { Browser } from '../support/coach-ui';
import { eventually } from '../support/eventually';
import type { Seller } from '../support/seller';
import { rigFor, sellerFor } from '../support/setup';
import { type Fault, IBANS } from '../support/stripe-side';

// Who has a seat, when it comes back, and what happens to money that comes for one that is gone.
const EACH_MONTH = { interval: 'month', intervalCount: 1 } as const;

const rig = rigFor('file');
const seller = sellerFor('test', rig);

type Answer = Awaited<ReturnType<Seller['openFor']>>;
const once = { unitAmount: 9900, seats: 1 };
const monthly = { unitAmount: 4900, recurring: EACH_MONTH, setupFee: 1000, seats: 1 };
const seatsLeft = async (price: { id: string }) => (await seller.read(`/v1/prices/${price.id}`)).seatsLeft;
const checkout = (answer: Answer) => seller.read(`/v1/checkouts/${answer.body.id}`);
const statusIs = async (answer: Answer, status: string) => {
  let present: Answer['body'] = {};
  const isSo = async () => (present = await checkout(answer)).status === status;
  await eventually(`a checkout that is ${status}`, isSo).catch((error: Error) => {
    throw new Error(`${error.message}; it is ${present.status} ${JSON.stringify(present.failure)}`);
  });
};
const kindsOf = async (memberId: string) => {
  const { data } = await seller.read(`/v1/members/${memberId}/timeline`);
  return data.map(({ kind }: { kind: string }) => kind);
};
const happens = async (trigger: string, more: object = {}) => {
  const { data } = await seller.stripe.charges.list({ limit: 1 }, seller.asAccount);
  await rig.stripeSide.trigger(trigger, { account: seller.accountId, charge: data[0]?.id, ...more });
  await seller.quiet();
};

/** The account cannot be read when the outcome is asked for; the coach gives the checkout up, and its seat is free. */
async function giveUp(opened: Answer): Promise<void> {
  const { stripeSessionId } = await rig.db.checkout.findUniqueOrThrow({ where: { id: opened.body.id } });
  await rig.stripeSide.faults({
    match: { method: 'GET', path: `/v1/checkout/sessions/${stripeSessionId}` },
    times: 1,
    fault: { kind: 'status', status: 403, code: 'account_invalid', when: 'before' },
  });
  await fetch(`${rig.api}/checkouts/${opened.body.id}/return`);
  await statusIs(opened, 'unverifiable');
  expect(await seller.coach.call('POST', `/v1/checkouts/${opened.body.id}/cancel`, {})).toMatchObject({
    status: 200,
    body: { status: 'cancelled' },
  });
}

/** Ada pays for a seat that is Bob's by then, and Stripe has trouble with one of the requests by which she gets her money back. */
async function payTooLate(terms: typeof once, trouble: Pick<Fault, 'match' | 'fault'>): Promise<Answer> {
  const price = await seller.offer(terms);
  const ada = await seller.openFor(price, 'ada');
  await giveUp(ada);
  await seller.purchase(price, 'bob');
  await rig.stripeSide.faults({ ...trouble, times: 1 });
  await seller.pay(ada);
  return ada;
}

/** What went back, in minor units. */
async function refunded(): Promise<number[]> {
  const { data } = await seller.stripe.refunds.list({ limit: 10 }, seller.asAccount);
  return data.map(({ amount }) => amount);
}

describe('a seat comes back', () => {
  test('when the delayed payment fails', async () => {
    const price = await seller.offer({ ...once, currency: 'eur' });
    const first = await seller.openFor(price, 'ada');
    await rig.stripeSide.payWithIban(first.body.url, IBANS.fails);
    await statusIs(first, 'pending');
    expect(await seatsLeft(price)).toBe(0);
    expect(await seller.openFor(price, 'bob')).toMatchObject({ status: 409, body: { code: 'sold_out' } });
    await seller.moveBy(4 * DAY);
    expect(await checkout(first)).toMatchObject({ status: 'failed' });
    expect(await seatsLeft(price)).toBe(1);
    expect(await seller.openFor(price, 'bob')).toMatchObject({ status: 201 });
  });

  test('when the purchase is refunded in full, and is taken again when that refund fails', async () => {
    const price = await seller.offer(once);
    await seller.purchase(price, 'ada');
    await happens('refund', { amount: 5000 });
    expect(await seatsLeft(price)).toBe(0);
    await happens('refund', { amount: 4900 });
    expect(await seatsLeft(price)).toBe(1);
    const bob = await seller.openFor(price, 'bob');
    const refunds = await seller.stripe.refunds.list({ limit: 1 }, seller.asAccount);
    await happens('refund_failed', { refund: refunds.data[0]?.id });
    // One more than there are: whoever paid has it.
    expect(await seller.accessOf('ada', price)).toMatchObject({ access: true });
    expect(await seatsLeft(price)).toBe(0);
    await seller.pay(bob);
    await seller.boughtBy(bob);
    expect(await seller.accessOf('bob', price)).toMatchObject({ access: true });
  });

  test('when the bank decides for the buyer; while it is disputed it is kept', async () => {
    const price = await seller.offer(monthly);
    await seller.purchase(price, 'ada');
    await happens('dispute_created');
    expect(await seatsLeft(price)).toBe(0);
    await happens('dispute_lost');
    expect(await seatsLeft(price)).toBe(1);
  });

  test('not when a subscription ends: a seat is a sale', async () => {
    const price = await seller.offer(monthly);
    const { id } = await seller.purchase(price, 'ada');
    await seller.end(id);
    expect(await seatsLeft(price)).toBe(0);
  });
});

test('a session that is created only minutes after its request was fixed ends later, as Stripe asks', async () => {
  const price = await seller.offer(once);
  const before = await seller.now();
  await rig.stripeSide.faults({
    match: { method: 'POST', path: '/v1/checkout/sessions', account: seller.accountId },
    times: 1,
    fault: { kind: 'status', status: 500, when: 'before' },
  });
  let tries = 0;
  rig.hooks.openSession = {
    before: async () => {
      if (++tries === 2) await seller.moveBy(10 * MINUTE);
    },
  };
  const opened = await seller.openFor(price, 'ada');
  delete rig.hooks.openSession;
  expect(opened).toMatchObject({ status: 201, body: { status: 'open' } });
  expect(tries).toBe(2);
  expect(Date.parse(opened.body.expiresAt) / 1000).toBeGreaterThanOrEqual(before + 40 * MINUTE);
  expect(await seatsLeft(price)).toBe(0);
});

test('replacing a price does not make new seats', async () => {
  const price = await seller.offer({ unitAmount: 9900, seats: 2 });
  await seller.purchase(price, 'ada');
  const { body: dearer } = await seller.coach.call('POST', `/v1/prices/${price.id}/replace`, {
    unitAmount: 12_900,
  });
  await eventually(
    'the new price',
    async () => (await seller.read(`/v1/prices/${dearer.id}`)).status === 'active',
  );
  expect(await seatsLeft(dearer)).toBe(1);
  await seller.purchase(dearer, 'bob');
  expect(await seller.openFor(dearer, 'cleo')).toMatchObject({ body: { code: 'sold_out' } });
});

test('whoever holds the last seat is led back to it by the purchase page; nobody else is', async () => {
  const price = await seller.offer(once);
  const page = `${rig.api}/buy/${price.id}`;
  const browser = new Browser();
  const first = await browser.post(page, {});
  expect(first.status).toBe(303);
  expect((await browser.get(page)).status).toBe(200);
  const again = await browser.post(page, {});
  expect(again.headers.get('location')).toBe(first.headers.get('location'));
  const other = new Browser();
  expect((await other.get(page)).status).toBe(409);
  expect((await other.post(page, {})).status).toBe(409);
});

describe('nobody holds more than a few', () => {
  test('a member: three at a time, of all prices', async () => {
    const prices = await Promise.all([1, 2, 3, 4].map(() => seller.offer(once)));
    const answers = [];
    for (const price of prices) answers.push(await seller.openFor(price, 'ada'));
    expect(answers.map(({ status }) => status)).toEqual([201, 201, 201, 409]);
    expect(answers[3]?.body.code).toBe('too_many_holds');
    await seller.coach.call('POST', `/v1/checkouts/${answers[0]?.body.id}/cancel`, {});
    expect(await seller.openFor(prices[3] ?? { id: '' }, 'ada')).toMatchObject({ status: 201 });
  });

  test('a network address without cookies: five of a price', async () => {
    const price = await seller.offer({ unitAmount: 9900, seats: 20 });
    const buyFrom = (address: string) =>
      new Browser().post(`${rig.api}/buy/${price.id}`, {}, { 'X-Forwarded-For': address });
    const statuses = [];
    for (let i = 0; i < 6; i++) statuses.push((await buyFrom('203.0.113.9')).status);
    expect(statuses).toEqual([303, 303, 303, 303, 303, 409]);
    expect(await seatsLeft(price)).toBe(15);
    // A proxy that nobody told us of: everybody has its address.
    for (let i = 0; i < 6; i++) expect((await buyFrom('10.0.0.8')).status).toBe(303);
  });
});

describe.each([
  ['what is bought once', once, 9900],
  ['a subscription with a setup fee', monthly, 5900],
])('money for a seat that was given up: %s', (_what, terms, total) => {
  test('nobody else has it: the payment counts', async () => {
    const price = await seller.offer(terms);
    const ada = await seller.openFor(price, 'ada');
    await giveUp(ada);
    expect(await seatsLeft(price)).toBe(1);
    await seller.pay(ada);
    const bought = await seller.boughtBy(ada);
    expect(await checkout(ada)).toMatchObject({ status: 'completed', membershipId: bought.id });
    expect(await seller.accessOf('ada', price)).toMatchObject({ access: true });
    expect(await seatsLeft(price)).toBe(0);
    if (bought.kind === 'subscription') {
      await seller.moveTo(Date.parse(bought.paidThrough) / 1000 + 2 * HOUR);
      expect(await seller.accessOf('ada', price)).toMatchObject({ access: true, reason: 'paid' });
    }
  });

  test('somebody else has it: the payment goes back, once, and everybody is told', async () => {
    const price = await seller.offer(terms);
    const ada = await seller.openFor(price, 'ada');
    await giveUp(ada);
    await seller.purchase(price, 'bob');
    await seller.pay(ada);
    await statusIs(ada, 'refunded');
    await seller.quiet();
    expect(await checkout(ada)).toMatchObject({
      membershipId: null,
      failure: { code: 'seat_gone', message: expect.stringContaining('given back in full') },
    });
    expect(await seller.accessOf('ada', price)).toMatchObject({ access: false });
    expect(await seller.accessOf('bob', price)).toMatchObject({ access: true });
    expect(await refunded()).toEqual([total]);
    const memberId = ada.body.memberId;
    expect(await kindsOf(memberId)).toEqual([
      'checkout_unverifiable',
      'checkout_cancelled',
      'checkout_refunding',
      'checkout_refunded',
    ]);
    const subscriptions = await seller.stripe.subscriptions.list({ status: 'active' }, seller.asAccount);
    expect(subscriptions.data.length).toBe('recurring' in terms ? 1 : 0);
    const page = await (await fetch(`${rig.api}/checkouts/${ada.body.id}/return`)).text();
    expect(page).toContain('you get your money back in full');
  });
});

const REFUNDS = { method: 'POST', path: '/v1/refunds' };

test('a payment that cannot be given back is held, and the coach reads what to do', async () => {
  const ada = await payTooLate(once, {
    match: REFUNDS,
    fault: { kind: 'status', status: 400, code: 'charge_disputed', when: 'before' },
  });
  await statusIs(ada, 'needs_review');
  expect(await checkout(ada)).toMatchObject({
    failure: { code: 'refund_failed', message: expect.stringContaining('Refund it in Stripe') },
  });
});

test.each<[string, Fault['fault']]>([
  ['whose answer was lost', { kind: 'reset', when: 'after' }],
  ['that failed at Stripe, which keeps that answer', { kind: 'status', status: 500, when: 'before' }],
  ['that was made, and then failed at Stripe', { kind: 'status', status: 500, when: 'after' }],
  ['that was made between the look and the request', { kind: 'status', status: 400, when: 'after' }],
])('a refund %s is made once', async (_what, fault) => {
  const ada = await payTooLate(once, { match: REFUNDS, fault });
  await statusIs(ada, 'refunded');
  expect(await refunded()).toEqual([9900]);
});

test('scenario 113: the payment of a subscription that was ended between the look and the request goes back', async () => {
  const ada = await payTooLate(monthly, {
    match: { method: 'DELETE', path: '/v1/subscriptions/*' },
    fault: { kind: 'status', status: 404, code: 'resource_missing', when: 'after' },
  });
  await statusIs(ada, 'refunded');
  expect(await refunded()).toEqual([5900]);
});
