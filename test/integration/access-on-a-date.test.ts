import { DAY, HOUR, toDate } from '../../src/domain/time';
import { wakeOverdue } from '../../src/worker/overdue';
import { eventually } from '../support/eventually';
import { whileAccessIsHeld } from '../support/held-access';
import { rigFor, sellerFor } from '../support/setup';

// A programme that begins on a date: sold before it, given from then on. Nobody sweeps here but these tests.
const rig = rigFor('file', { relayPollSeconds: 3600 });
const seller = sellerFor('test', rig);

const monthly = { interval: 'month' } as const;
const iso = (at: number) => toDate(at).toISOString();
const inDays = async (days: number) => (await seller.now()) + days * DAY;
/** A price whose access begins in ten days, and when that is. */
async function programme(terms: object = {}, productId?: string) {
  const at = await inDays(10);
  const price = await seller.offer({ unitAmount: 9900, accessStartsAt: iso(at), ...terms }, productId);
  return { price, at };
}
const factsOf = async (memberId: string) =>
  (await rig.db.fact.findMany({ where: { memberId }, orderBy: { sequence: 'asc' } })).map(({ type }) => type);
const ofAccess = async (memberId: string) =>
  (await factsOf(memberId)).filter((type) => type.startsWith('access.'));
const effectsOf = async (memberId: string, productId: string) =>
  (await seller.timeline(memberId))
    .filter((entry) => entry.productId === productId)
    .map(({ kind, effect }) => `${kind}: ${effect}`);
const sweep = () => wakeOverdue(rig);
const refundAll = async (memberId: string) => {
  const { data } = await seller.read(`/v1/payments?member=${memberId}`);
  await seller.coach.call('POST', `/v1/payments/${data[0].id}/refunds`, { keepAccess: false });
  await seller.quiet();
};

const WAYS: [string, object][] = [
  ['bought once', {}],
  ['for a term', { accessDays: 30 }],
  ['in installments', { model: 'installments', installments: 3, recurring: monthly }],
];

test.each(WAYS)(
  'scenario 75, scenario 76, scenario 77: %s, access begins on its date, and is told then, once',
  async (_way, terms) => {
    const { price, at } = await programme(terms);
    const { memberId, startedAt } = await seller.purchase(price, 'ada');
    expect(price.accessStartsAt).toBe(iso(at));
    expect(await seller.accessOf('ada', price)).toMatchObject({
      access: false,
      reason: 'not_started',
      until: null,
      next: { what: 'access_start', at: iso(at) },
      grants: [{ state: 'not_started', startsAt: iso(at) }],
    });
    expect(Date.parse(startedAt) / 1000).toBeLessThan(at);
    await sweep();
    expect(await factsOf(memberId)).toContain('membership.started');
    expect(await ofAccess(memberId)).toEqual([]);
    expect(await effectsOf(memberId, price.productId)).toContain(
      `purchase_completed: Access begins ${iso(at)}.`,
    );

    await seller.moveTo(at - 60);
    await sweep();
    expect(await seller.accessOf('ada', price)).toMatchObject({ access: false });
    expect(await ofAccess(memberId)).toEqual([]);

    await seller.moveTo(at);
    expect(await seller.accessOf('ada', price)).toMatchObject({ access: true, grants: [{ state: 'live' }] });
    await Promise.all([sweep(), sweep()]);
    await sweep();
    expect(await ofAccess(memberId)).toEqual(['access.granted']);
    const begun = (await effectsOf(memberId, price.productId)).filter((each) =>
      each.startsWith('access_begun'),
    );
    expect(begun).toEqual([expect.stringMatching(/^access_begun: Access given, /)]);
  },
);

test('scenario 108: a look that is at it when the date comes keeps nobody from telling of it', async () => {
  const { price, at } = await programme();
  const { memberId } = await seller.purchase(price, 'ada');
  await seller.moveTo(at);
  await whileAccessIsHeld(rig.db, memberId, sweep);
  expect(await ofAccess(memberId)).toEqual(['access.granted']);
});

test('a term counts from the beginning; who buys after it has access at once, for as long', async () => {
  const { price, at } = await programme({ accessDays: 30 });
  await seller.purchase(price, 'ada');
  await seller.moveTo(at + 5 * DAY);
  expect(await seller.accessOf('ada', price)).toMatchObject({ access: true, until: iso(at + 30 * DAY) });
  const { memberId, startedAt } = await seller.purchase(price, 'ben');
  const until = iso(Date.parse(startedAt) / 1000 + 30 * DAY);
  expect(await seller.accessOf('ben', price)).toMatchObject({ access: true, until });
  expect(await ofAccess(memberId)).toEqual(['access.granted']);
});

test('installments that begin later than what is paid so far give nothing until both are there', async () => {
  const { price, at } = await programme({
    accessStartsAt: iso(await inDays(45)),
    ...{ model: 'installments', installments: 3, recurring: monthly },
  });
  const { memberId } = await seller.purchase(price, 'ada');
  expect(await seller.accessOf('ada', price)).toMatchObject({ access: false, reason: 'not_started' });
  expect((await effectsOf(memberId, price.productId)).at(-1)).toContain('Access begins');
  await seller.moveTo(at + 34 * DAY);
  expect(await seller.accessOf('ada', price)).toMatchObject({ access: false, reason: 'not_started' });
  await seller.moveTo(at + 36 * DAY);
  expect(await seller.accessOf('ada', price)).toMatchObject({ access: true, reason: 'installments' });
  await sweep();
  expect(await ofAccess(memberId)).toEqual(['access.granted']);
});

test.each(WAYS.slice(0, 2))(
  '%s and refunded before: it never begins, and nothing of access is told',
  async (_way, terms) => {
    const { price, at } = await programme(terms);
    const { memberId } = await seller.purchase(price, 'ada');
    await refundAll(memberId);
    await eventually('the refund in the timeline', async () =>
      (await effectsOf(memberId, price.productId)).some((each) => each.endsWith('Access will not begin.')),
    );
    await seller.moveTo(at + HOUR);
    await sweep();
    expect(await seller.accessOf('ada', price)).toMatchObject({
      access: false,
      reason: 'refunded',
      next: null,
    });
    expect(await ofAccess(memberId)).toEqual([]);
  },
);

test('each product of a bundle begins with it', async () => {
  const { body: other } = await seller.coach.call('POST', '/v1/products', { name: 'Community' });
  const { price, at } = await programme({ alsoGives: [other.id] });
  const { memberId } = await seller.purchase(price, 'ada');
  const both = [price.productId, other.id].map((productId) => ({ productId }));
  const accesses = async () =>
    Promise.all(both.map(async (each) => (await seller.accessOf('ada', each)).reason));
  expect(await accesses()).toEqual(['not_started', 'not_started']);
  await seller.moveTo(at);
  expect(await accesses()).toEqual(['owned', 'owned']);
  await sweep();
  expect(await ofAccess(memberId)).toEqual(['access.granted', 'access.granted']);
});

test('what is free begins on its date too, and is had from the claim on', async () => {
  const { price, at } = await programme({ model: 'free', unitAmount: undefined, accessDays: 7 });
  const { body } = await seller.openFor(price, 'ada');
  expect(body).toMatchObject({ status: 'completed' });
  // Asking again changes nothing.
  expect(await seller.openFor(price, 'ada')).toMatchObject({ status: 200, body: { id: body.id } });
  expect(await seller.accessOf('ada', price)).toMatchObject({ access: false, reason: 'not_started' });
  await seller.moveTo(at);
  expect(await seller.accessOf('ada', price)).toMatchObject({ access: true, until: iso(at + 7 * DAY) });
  await sweep();
  expect(await ofAccess(body.memberId)).toEqual(['access.granted']);
  expect(await effectsOf(body.memberId, price.productId)).toEqual([
    `free_product_given: Access begins ${iso(at)}.`,
    `access_begun: Access given, until ${iso(at + 7 * DAY)}.`,
  ]);
});

test('what begins later is not sold twice', async () => {
  const { price } = await programme();
  await seller.purchase(price, 'ada');
  expect(await seller.openFor(price, 'ada')).toMatchObject({ status: 409, body: { code: 'already_owned' } });
});

test('who has access already keeps it, and hears nothing new on the date', async () => {
  const { price, at } = await programme();
  const { memberId } = await seller.purchase(price, 'ada');
  await seller.coach.call('POST', '/v1/grants', {
    member: { externalId: 'ada' },
    productId: price.productId,
  });
  expect(await seller.accessOf('ada', price)).toMatchObject({ access: true, reason: 'gift' });
  await seller.moveTo(at);
  await sweep();
  expect(await ofAccess(memberId)).toEqual(['access.granted']);
});

test.each([
  ['is past', async () => iso(await inDays(-1)), 'Access would begin in the past.'],
  ['is a typing mistake', async () => iso(await inDays(4000)), 'up to 10 years ahead'],
])('a date that %s is refused', async (_what, at, said) => {
  const { body: product } = await seller.coach.call('POST', '/v1/products', { name: 'Course' });
  const body = { unitAmount: 4900, accessStartsAt: await at() };
  expect(await seller.coach.call('POST', `/v1/products/${product.id}/prices`, body)).toMatchObject({
    status: 400,
    body: { code: 'invalid_request', field: 'accessStartsAt', detail: expect.stringContaining(said) },
  });
});

test('a subscription is refused with what to do; a replacement takes the date over, or leaves it', async () => {
  const { price, at } = await programme();
  const add = (body: object) => seller.coach.call('POST', `/v1/products/${price.productId}/prices`, body);
  expect(await add({ unitAmount: 4900, recurring: monthly, accessStartsAt: iso(at) })).toMatchObject({
    status: 400,
    body: { field: 'accessStartsAt', detail: expect.stringContaining('free trial') },
  });
  const replace = (id: string, body: object) => seller.coach.call('POST', `/v1/prices/${id}/replace`, body);
  const next = await replace(price.id, { unitAmount: 12_900 });
  expect(next).toMatchObject({ status: 202, body: { accessStartsAt: iso(at) } });
  expect(await seller.read(`/v1/prices/${next.body.id}?wait=20`)).toMatchObject({ status: 'active' });
  expect(await replace(next.body.id, { accessStartsAt: null })).toMatchObject({
    status: 202,
    body: { accessStartsAt: null },
  });
});
