import { idempotencyKey } from '@session/sdk';
import { eventually } from '../support/eventually';
import { rigFor, sellerFor } from '../support/setup';
import { openSeller, type Seller } from '../support/seller';
import type { Answer } from '../support/coach-ui';
import { IBANS } from '../support/stripe-side';
import { HOUR } from '../../src/domain/time';

// Refunds that a coach asks for here: what goes back, what becomes of the access, and what is refused.
const rig = rigFor('file');
const seller = sellerFor('test', rig);

const MONTH = { recurring: { interval: 'month' as const, intervalCount: 1 } };
type Body = Answer['body'];
const payments = async (of: Seller, query = '') =>
  ((await of.read(`/v1/payments${query}`)) as { data: Body[] }).data;
const payment = (of: Seller, id: string) => of.read(`/v1/payments/${id}`);
const refund = (of: Seller, id: string, body: object = {}) =>
  of.coach.call('POST', `/v1/payments/${id}/refunds`, body);
const preview = (of: Seller, id: string, body: object = {}) =>
  of.coach.call('POST', `/v1/payments/${id}/refund/preview`, body);
const refunds = async (of: Seller) =>
  (await of.stripe.refunds.list({ limit: 100 }, of.asAccount)).data.map(({ amount }) => amount).reverse();
const seconds = (time: string) => Math.floor(Date.parse(time) / 1000);

/** What was bought, its membership and its newest payment. */
async function bought(terms: Parameters<Seller['offer']>[0], renewals = 0) {
  const price = await seller.offer(terms);
  const { id } = await seller.purchase(price, 'ada');
  for (let n = 1; n <= renewals; n++) {
    const { paidThrough } = await seller.read(`/v1/memberships/${id}`);
    await seller.moveTo(seconds(paidThrough) + 2 * HOUR);
    await eventually('the renewal', async () => (await payments(seller)).length === n + 1);
  }
  const all = await payments(seller);
  const now = async () => {
    await seller.quiet();
    const { status, reason, stripe } = await seller.read(`/v1/memberships/${id}`);
    const { access } = await seller.accessOf('ada', price);
    return { status, reason, access, atStripe: stripe.status as string | null };
  };
  return { id, price, newest: all[0] as Body, oldest: all.at(-1) as Body, now };
}

const once = { currency: 'eur', unitAmount: 10_000 };
const monthly = { currency: 'eur', unitAmount: 3000, ...MONTH };
const GONE = { status: 'ended', reason: 'refunded', access: false };
const PAID = { status: 'active', reason: 'paid', access: true, atStripe: 'active' };
const OWNED = { status: 'owned', reason: 'owned', access: true };

type Ask = { amount?: number; keepAccess?: boolean; reason?: string };
interface Case {
  terms: Parameters<Seller['offer']>[0];
  renewals?: number;
  which?: 'newest' | 'oldest';
  asks: Ask[];
  back: number[];
  effect: { access: string; charging: string };
  after: { status: string; reason: string; access: boolean; atStripe?: string | null };
}

test.each<[string, Case]>([
  [
    'bought once, in full',
    { terms: once, asks: [{}], back: [10_000], effect: { access: 'ends', charging: 'none' }, after: GONE },
  ],
  [
    'bought once, in full, access kept',
    {
      terms: once,
      asks: [{ keepAccess: true }],
      back: [10_000],
      effect: { access: 'stays', charging: 'none' },
      after: OWNED,
    },
  ],
  [
    'bought once, in part',
    {
      terms: once,
      asks: [{ amount: 1 }],
      back: [1],
      effect: { access: 'stays', charging: 'none' },
      after: OWNED,
    },
  ],
  [
    'bought once, parts that come to all of it',
    {
      terms: once,
      asks: [{ amount: 4000 }, { amount: 5999 }, {}],
      back: [4000, 5999, 1],
      effect: { access: 'stays', charging: 'none' },
      after: GONE,
    },
  ],
  [
    'parts that come to all of it, the last one keeps',
    {
      terms: once,
      asks: [{ amount: 4000, keepAccess: false }, { keepAccess: true }],
      back: [4000, 6000],
      effect: { access: 'stays', charging: 'none' },
      after: OWNED,
    },
  ],
  [
    'yen',
    {
      terms: { currency: 'jpy', unitAmount: 5000 },
      asks: [{ amount: 499 }, {}],
      back: [499, 4501],
      effect: { access: 'stays', charging: 'none' },
      after: GONE,
    },
  ],
  [
    'the newest period of a subscription',
    {
      terms: monthly,
      renewals: 1,
      asks: [{ reason: 'requested_by_customer' }],
      back: [3000],
      effect: { access: 'ends', charging: 'ends' },
      after: { ...GONE, atStripe: 'canceled' },
    },
  ],
  [
    'the same, access kept',
    {
      terms: monthly,
      renewals: 1,
      asks: [{ keepAccess: true }],
      back: [3000],
      effect: { access: 'stays', charging: 'goes_on' },
      after: PAID,
    },
  ],
  [
    'an older period of a subscription',
    {
      terms: monthly,
      renewals: 1,
      which: 'oldest',
      asks: [{ keepAccess: false }],
      back: [3000],
      effect: { access: 'stays', charging: 'goes_on' },
      after: PAID,
    },
  ],
])('scenario 74: %s', async (_what, { terms, renewals, which = 'newest', asks, back, effect, after }) => {
  const { [which]: paid, now } = await bought(terms, renewals);
  expect(paid).toMatchObject({ status: 'succeeded', refunded: 'no', method: 'card', brand: 'visa' });
  expect((await preview(seller, paid.id, asks[0])).body).toMatchObject({ ...effect, amount: back[0] });
  expect(await refunds(seller)).toEqual([]);
  for (const ask of asks)
    expect(await refund(seller, paid.id, ask)).toMatchObject({
      status: 201,
      body: { status: 'succeeded', askedHere: true },
    });
  expect(await refunds(seller)).toEqual(back);
  // Of a subscription that is over Stripe is told by the membership's run.
  await eventually('what follows', async () => (await now()).status === after.status);
  expect(await now()).toMatchObject(after);
  const sum = back.reduce((all, one) => all + one, 0);
  const whole = await payment(seller, paid.id);
  expect(whole).toMatchObject({
    amountRefunded: sum,
    amountLeft: paid.amount - sum,
    refunded: sum === paid.amount ? 'in_full' : 'in_part',
  });
  expect(whole.refunds.map(({ amount }: Body) => amount)).toEqual([...back].reverse());
});

test('scenario 73: kept access stays kept: at later looks, events, and at the next renewal', async () => {
  const { id, newest, now } = await bought(monthly);
  expect((await refund(seller, newest.id, { keepAccess: true })).status).toBe(201);
  expect(await now()).toMatchObject(PAID);
  const { paidThrough, stripe } = await seller.read(`/v1/memberships/${id}`);
  // Something else happens to it, and everything is read and decided anew.
  await seller.stripe.subscriptions.update(
    stripe.subscriptionId,
    { metadata: { note: 'x' } },
    seller.asAccount,
  );
  expect(await now()).toMatchObject(PAID);
  await seller.moveTo(seconds(paidThrough) - 2 * HOUR);
  expect(await now()).toMatchObject(PAID);
  await seller.moveTo(seconds(paidThrough) + 2 * HOUR);
  await eventually('the renewal', async () => (await payments(seller)).length === 2);
  expect(await now()).toMatchObject(PAID);
});

test('scenario 74: two clicks are one refund, by the same key and without one', async () => {
  const { newest } = await bought(once);
  const click = () =>
    seller.coach.api.post('/v1/payments/{id}/refunds', {
      params: { path: { id: newest.id as string }, ...idempotencyKey('one-click') },
      body: { amount: 1000 },
    });
  const made = (await Promise.allSettled([click(), click()])).flatMap((one) =>
    one.status === 'fulfilled' ? [one.value.id] : [],
  );
  expect(new Set(made).size).toBe(1);
  expect(await refunds(seller)).toEqual([1000]);
  const twice = await Promise.all([refund(seller, newest.id), refund(seller, newest.id)]);
  expect(twice.map(({ status }) => status).sort()).toEqual([201, 409]);
  expect(['refund_in_progress', 'payment_not_refundable']).toContain(
    twice.find(({ status }) => status === 409)?.body.code,
  );
  expect(await refunds(seller)).toEqual([1000, 9000]);
});

test('scenario 74: Stripe answers with stored server errors: one refund all the same', async () => {
  const { newest } = await bought(once);
  await rig.stripeSide.faults({
    match: { method: 'POST', path: '/v1/refunds', account: seller.accountId },
    times: 1,
    fault: { kind: 'status', status: 500, when: 'after' },
  });
  const asked = await refund(seller, newest.id, { amount: 2500 });
  expect(asked.status).toBe(201);
  await eventually(
    'the refund',
    async () => (await payment(seller, newest.id)).refunds[0]?.status === 'succeeded',
  );
  expect(await refunds(seller)).toEqual([2500]);
});

describe('what is refused, and said', () => {
  test('more than is left, with what is left', async () => {
    const { newest } = await bought(once);
    await refund(seller, newest.id, { amount: 4000 });
    const { status, body } = await refund(seller, newest.id, { amount: 6001 });
    expect({ status, code: body.code, field: body.field, left: body.details.left }).toEqual({
      ...{ status: 409, code: 'refund_too_large', field: 'amount', left: 6000 },
    });
    expect(body.detail).toBe('Of this payment €60.00 is left; €60.01 is more than that.');
    expect(await refunds(seller)).toEqual([4000]);
  });

  test('what went back in the Dashboard meanwhile, unknown here: nothing goes back twice', async () => {
    const { newest, now } = await bought(once);
    await rig.stripeSide.webhooks(false, { account: seller.accountId });
    await seller.stripe.refunds.create({ payment_intent: newest.id, amount: 7000 }, seller.asAccount);
    expect((await preview(seller, newest.id)).body).toMatchObject({
      left: 3000,
      amount: 3000,
      access: 'ends',
    });
    expect((await preview(seller, newest.id, { amount: 3001 })).body.code).toBe('refund_too_large');
    const { body } = await refund(seller, newest.id, { keepAccess: false });
    expect(body).toMatchObject({ status: 'refused', failure: { code: 'refund_too_large' } });
    expect(body.failure.message).toContain('€30.00 is left at Stripe');
    expect(await refunds(seller)).toEqual([7000]);
    await rig.stripeSide.webhooks(true, { account: seller.accountId });
    expect((await refund(seller, newest.id, { amount: 3000 })).body).toMatchObject({ status: 'succeeded' });
    await eventually(
      'what Stripe has',
      async () => (await payment(seller, newest.id)).amountRefunded === 10_000,
    );
    expect(await now()).toMatchObject(GONE);
    const whole = await payment(seller, newest.id);
    expect(
      whole.refunds.map(({ amount, askedHere, status }: Body) => ({ amount, askedHere, status })),
    ).toEqual(
      expect.arrayContaining([
        { amount: 7000, askedHere: false, status: 'succeeded' },
        { amount: 3000, askedHere: true, status: 'succeeded' },
      ]),
    );
  });

  test('a payment that the bank disputes: Stripe says no, and the choice is forgotten', async () => {
    const { newest, id } = await bought(once);
    const { stripe } = await payment(seller, newest.id);
    await rig.stripeSide.trigger('dispute_created', { account: seller.accountId, charge: stripe.chargeId });
    await eventually(
      'the dispute',
      async () => (await payment(seller, newest.id)).dispute?.outcome === 'open',
    );
    expect((await payment(seller, newest.id)).dispute.evidenceDueAt).not.toBeNull();
    expect((await preview(seller, newest.id)).body).toMatchObject({ isDisputed: true });
    const { body } = await refund(seller, newest.id, { keepAccess: true });
    expect(body).toMatchObject({ status: 'refused', failure: { code: 'charge_disputed' } });
    expect(await rig.db.membership.findUnique({ where: { id } })).toMatchObject({ refundChoices: {} });
    expect(await payments(seller, '?status=disputed')).toHaveLength(1);
  });

  test('a refund that the bank cannot make: told, and it may be tried again', async () => {
    const { newest, now } = await bought(once);
    const made = (await refund(seller, newest.id)).body;
    expect(await now()).toMatchObject(GONE);
    await rig.stripeSide.trigger('refund_failed', { account: seller.accountId, refund: made.stripeRefundId });
    await eventually(
      'the failure',
      async () => (await payment(seller, newest.id)).refunds[0]?.status === 'failed',
    );
    expect(await payment(seller, newest.id)).toMatchObject({ amountRefunded: 0, amountLeft: 10_000 });
    expect(await now()).toMatchObject(OWNED);
    expect((await refund(seller, newest.id, { keepAccess: true })).body).toMatchObject({
      status: 'succeeded',
    });
    expect(await now()).toMatchObject(OWNED);
  });

  test("another coach's payment, and the other mode's, are not there", async () => {
    const { newest } = await bought(once);
    const other = await openSeller(rig);
    for (const answer of [
      await other.coach.call('GET', `/v1/payments/${newest.id}`),
      await preview(other, newest.id),
      await refund(other, newest.id),
    ])
      expect(answer).toMatchObject({ status: 404, body: { code: 'not_found' } });
    expect(await payments(other)).toEqual([]);
    expect(await refunds(seller)).toEqual([]);
  });

  test('what is not paid: on its way, and bounced', async () => {
    const price = await seller.offer(once);
    const checkout = await seller.openFor(price, 'ada');
    await rig.stripeSide.payWithIban(checkout.body.url, IBANS.fails, { email: 'ada@example.com' });
    const pending = await eventually(
      'a payment on its way',
      async () => (await payments(seller))[0] ?? false,
    );
    expect(pending).toMatchObject({ status: 'pending', amount: 10_000, paidAt: null, membershipId: null });
    expect(await refund(seller, pending.id)).toMatchObject({
      status: 409,
      body: { code: 'payment_not_refundable' },
    });
    await seller.moveBy(8 * 24 * HOUR);
    await eventually('the bounce', async () => (await payments(seller))[0]?.status === 'failed');
    expect(await preview(seller, pending.id)).toMatchObject({
      status: 409,
      body: { code: 'payment_not_refundable' },
    });
  });
});

test('a renewal that fails is in the list, and is the same payment once it is paid', async () => {
  const { id } = await bought(monthly);
  const { paidThrough, stripe } = await seller.read(`/v1/memberships/${id}`);
  const card = (state: string) =>
    rig.stripeSide.trigger(`payment_method_${state}`, {
      account: seller.accountId,
      subscription: stripe.subscriptionId,
    });
  await card('fails');
  await seller.moveTo(seconds(paidThrough) + 2 * HOUR);
  const [failed] = await eventually('a failed payment', async () => {
    const found = await payments(seller, '?status=failed');
    return found.length === 1 && found;
  });
  expect(failed).toMatchObject({ amount: 3000, paidAt: null, membershipId: id });
  expect(failed?.failure).not.toBeNull();
  const revenue = async () => (await seller.read('/v1/overview')).revenue[0].months.at(-1).gross as number;
  const before = await revenue();
  await card('recovers');
  await seller.moveBy(4 * 24 * HOUR);
  await eventually('the payment', async () => (await payments(seller, '?status=succeeded')).length === 2);
  expect((await payment(seller, failed?.id as string)).status).toBe('succeeded');
  expect(before).toBeLessThanOrEqual(3000);
  const facts = await rig.db.fact.findMany({ where: { coachId: seller.coachId, type: 'payment.succeeded' } });
  expect(facts).toHaveLength(2);
});

test('the list: filters, search and pages', async () => {
  const first = await bought(once);
  // Stripe tells whole seconds: within one, nobody can say which was first.
  await seller.moveBy(60);
  const second = await seller.offer({ currency: 'usd', unitAmount: 700 });
  await seller.purchase(second, 'ben');
  const ids = async (query: string) => (await payments(seller, query)).map(({ id }) => id as string);
  const all = await ids('');
  expect(all).toHaveLength(2);
  const [usd, eur] = all as [string, string];
  expect(eur).toBe(first.newest.id);
  const found: Record<string, string[]> = {
    [`?product=${second.productId}`]: [usd],
    [`?member=${first.newest.member.id}`]: [eur],
    '?currency=usd': [usd],
    '?status=succeeded': [usd, eur],
    '?status=failed': [],
    [`?search=${eur}`]: [eur],
    [`?search=${first.newest.stripe.chargeId}`]: [eur],
    [`?search=${first.id}`]: [eur],
    '?search=ben': [usd],
    '?search=nobody': [],
    [`?from=${first.newest.at}&to=2090-01-01T00:00:00Z`]: [usd, eur],
    '?to=2001-01-01T00:00:00Z': [],
  };
  for (const [query, expected] of Object.entries(found))
    expect([query, await ids(query)]).toEqual([query, expected]);
  await refund(seller, eur, { amount: 1 });
  await seller.quiet();
  expect(await ids('?status=partially_refunded')).toEqual([eur]);
  await refund(seller, eur);
  await seller.quiet();
  expect(await ids('?status=refunded')).toEqual([eur]);
  const page = await seller.read('/v1/payments?limit=1');
  expect(page.data.map(({ id }: Body) => id)).toEqual([usd]);
  const next = await seller.read(`/v1/payments?limit=1&cursor=${page.nextCursor}`);
  expect([next.data.map(({ id }: Body) => id), next.nextCursor]).toEqual([[eur], null]);
  expect(
    (await seller.coach.call('GET', '/v1/payments?from=2026-01-02T00:00:00Z&to=2026-01-01T00:00:00Z')).body,
  ).toMatchObject({ code: 'invalid_request', field: 'to' });
});
