import {
  apiFor,
  coachFor,
  connect,
  createCoach,
  createMembership,
  createPrice,
  PLATFORM_KEY,
  startApi,
} from './api-support';

let accountId: string;
let price: { productId: string; priceId: string };
let memberId: string;

const api = apiFor('file');
const coach = coachFor('file', api);
beforeAll(async () => {
  accountId = await connect(api, coach);
  price = await createPrice(api, coach, accountId);
  memberId = (await call('POST', '/v1/members', { externalId: 'mia@example.com' })).body.id as string;
});

const call = (method: string, path: string, body?: unknown) =>
  api.call(method, path, { key: coach.key, body });
const access = (member: string) =>
  call('GET', `/v1/access?member=${encodeURIComponent(member)}&product=${price.productId}`);

test('somebody who is not known has no access', async () => {
  expect((await access('nobody')).body).toMatchObject({
    access: false,
    reason: 'no_purchase',
    memberId: null,
    until: null,
    grants: [],
  });
  expect((await access('mbr_nobody')).body).toMatchObject({ access: false, reason: 'no_purchase' });
});

test('a payment on its way is shown as such', async () => {
  await call('POST', '/v1/checkouts', { priceId: price.priceId, member: 'mia@example.com' });
  await api.db.checkout.updateMany({ where: { memberId }, data: { status: 'pending' } });
  expect((await access(memberId)).body).toMatchObject({
    access: false,
    reason: 'payment_pending',
    next: { what: 'payment_outcome' },
  });
  await api.db.checkout.deleteMany({ where: { memberId } });
});

test('a subscriber has access, by our id and by the coach’s', async () => {
  const until = new Date((Math.floor(Date.now() / 1000) + 30 * 86_400) * 1000);
  const { membershipId } = await createMembership(api, coach, price, memberId, { until });
  for (const member of [memberId, 'mia@example.com'])
    expect((await access(member)).body).toMatchObject({
      access: true,
      reason: 'paid',
      explanation: 'Paid for the present period.',
      until: until.toISOString(),
      next: { what: 'renewal' },
      memberId,
      productId: price.productId,
      grants: [{ cause: 'membership', membershipId, state: 'live' }],
    });
});

test('many who ask at once, of several coaches and in both ways, each get their own answer', async () => {
  const other = await createCoach(api);
  const theirs = await createPrice(api, other, await connect(api, other));
  const sides = [
    { key: coach.key, productId: price.productId, owner: coach },
    { key: other.key, productId: theirs.productId, owner: other },
  ];
  const people = await Promise.all(
    Array.from({ length: 20 }, async (_, n) => {
      const { key, productId, owner } = sides[n % 2] as (typeof sides)[number];
      // The same names on both sides.
      const externalId = `crowd-${n >> 1}`;
      const { body } = await api.call('POST', '/v1/members', { key, body: { externalId } });
      const isMember = n % 3 === 0;
      if (isMember)
        await createMembership(api, owner, n % 2 === 0 ? price : theirs, body.id as string, {
          buyerKey: `crowd:${n}`,
        });
      return { key, productId, externalId, id: body.id as string, isMember };
    }),
  );
  const asked = [...people, ...people].map((person, n) => ({
    ...person,
    name: n < 20 ? person.externalId : person.id,
  }));
  const answers = await Promise.all(
    asked.map(({ key, name, productId }) =>
      api.call('GET', `/v1/access?member=${name}&product=${productId}`, { key }),
    ),
  );
  expect(answers.map(({ body }) => [body.memberId, body.access])).toEqual(
    asked.map(({ id, isMember }) => [id, isMember]),
  );
  // Another coach's product is nobody's.
  const foreign = asked.map(({ key, name }, n) =>
    api.call('GET', `/v1/access?member=${name}&product=${(n % 2 === 0 ? theirs : price).productId}`, { key }),
  );
  expect(new Set((await Promise.all(foreign)).map(({ status }) => status))).toEqual(new Set([404]));
});

test('access ends on time on the account’s clock, and moving it tells the runs', async () => {
  const open = await call('POST', '/v1/checkouts', {
    priceId: (await createPrice(api, coach, accountId)).priceId,
    member: 'ben',
  });
  const told: string[] = [];
  api.fake.set('signalClockMoved', (ids) => {
    told.push(...ids);
    return Promise.resolve();
  });
  const move = (offsetSeconds: number) =>
    api.call('POST', '/local/clock', {
      key: PLATFORM_KEY,
      body: { coachId: coach.coachId, mode: 'test', offsetSeconds },
    });
  const offset = 31 * 86_400;
  const moved = await move(offset);
  expect(moved.status).toBe(200);
  expect(Date.parse(moved.body.now as string)).toBeGreaterThan(Date.now() + (offset - 60) * 1000);
  expect(told).toEqual(
    expect.arrayContaining([`connection/test/${coach.coachId}`, `checkout/${open.body.id as string}`]),
  );
  expect(told.some((id) => id.startsWith('membership/'))).toBe(true);
  expect((await access(memberId)).body).toMatchObject({
    access: false,
    reason: 'access_ended',
    grants: [{ state: 'over' }],
  });
  // Forward only.
  await move(0);
  expect((await access(memberId)).body.access).toBe(false);
});

test('the clock of somebody who never connected stands', async () => {
  const other = await createCoach(api);
  const body = { coachId: other.coachId, mode: 'test', offsetSeconds: 1 };
  expect((await api.call('POST', '/local/clock', { key: PLATFORM_KEY, body })).body.code).toBe(
    'clock_not_movable',
  );
});

test('with real Stripe there is no clock to move', async () => {
  const real = await startApi({ LOCAL_CLOCK: 'false' });
  try {
    const body = { coachId: 'coach_1', mode: 'test', offsetSeconds: 1 };
    expect((await real.call('POST', '/local/clock', { key: PLATFORM_KEY, body })).status).toBe(404);
    expect((await real.call('GET', '/local/inbox', { key: PLATFORM_KEY })).status).toBe(404);
  } finally {
    await real.close();
  }
});

test('the timeline is in order and pages', async () => {
  const owner = { coachId: coach.coachId, mode: 'test' as const, memberId, productId: price.productId };
  for (let i = 0; i < 5; i++)
    await api.db.timelineEntry.create({
      data: { ...owner, at: new Date(), kind: `kind_${i}`, cause: 'system', effect: 'None.', details: { i } },
    });
  const path = `/v1/members/${memberId}/timeline?limit=3`;
  const first = await call('GET', path);
  const second = await call('GET', `${path}&cursor=${first.body.nextCursor as string}`);
  const kinds = [first, second].flatMap(({ body }) =>
    (body.data as { kind: string }[]).map(({ kind }) => kind),
  );
  expect(kinds).toEqual(['kind_0', 'kind_1', 'kind_2', 'kind_3', 'kind_4']);
  expect(second.body.nextCursor).toBeNull();
  const newest = await call('GET', `${path}&order=newest_first`);
  expect((newest.body.data as { kind: string }[])[0]?.kind).toBe('kind_4');
});

test('members are found by a part of what they are known by', async () => {
  const found = await call('GET', '/v1/members?search=MIA');
  expect((found.body.data as { id: string }[]).map(({ id }) => id)).toEqual([memberId]);
  expect((await call('GET', '/v1/members?search=zoe')).body.data).toEqual([]);
  expect((await call('GET', '/v1/members?externalId=ben')).body.data).toHaveLength(1);
});
