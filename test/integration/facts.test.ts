import { Prisma } from '../../src/db/generated/client';
import { FACT_TYPES } from '../../src/domain/facts';
import { newId } from '../../src/domain/ids';
import { deleteBatch } from '../../src/store/retention';
import { createLog } from '../../src/log';
import { sweepEndedAccess } from '../../src/worker/access-sweep';
import { DAY, toSeconds } from '../../src/domain/time';
import { eventually } from '../support/eventually';
import { whileAccessIsHeld } from '../support/held-access';
import { apiFor, coachFor, connect, createMembership, createPrice } from './api-support';

// What became true is written by the database, in the transaction that makes it so, whoever changes the row and how.
const api = apiFor('file');
const coach = coachFor('file', api);
let price: { productId: string; priceId: string };
let accountId: string;
beforeAll(async () => {
  accountId = await connect(api, coach);
  price = await createPrice(api, coach, accountId);
});

const HOUR_MS = 3_600_000;
const log = createLog('test', 'silent');
const sweep = () => sweepEndedAccess({ db: api.db, log }, 100);
const later = new Date(Date.now() + 40 * 24 * HOUR_MS);
const invoice = (id: string, nextAttemptAt: number | null) => ({
  id,
  amountRemaining: 4900,
  currency: 'eur',
  dueAt: null,
  nextAttemptAt,
  url: 'https://invoice.stripe.test/page-of-mia',
});

let members = 0;
const newMember = async (email: string | null = null) => {
  const { body } = await api.call('POST', '/v1/members', {
    key: coach.key,
    body: { externalId: `member-${++members}`, ...(email === null ? {} : { email }) },
  });
  return body.id as string;
};
const factsOf = (memberId: string) =>
  api.db.fact.findMany({ where: { memberId }, orderBy: { sequence: 'asc' } });
const typesOf = async (memberId: string) => (await factsOf(memberId)).map(({ type }) => type);

/** What is told of a change to a new membership, beside what its beginning told. */
async function toldOf(
  change: (ids: { id: string; memberId: string; checkoutId: string }) => Promise<unknown>,
) {
  const memberId = await newMember();
  const { membershipId, checkoutId } = await createMembership(api, coach, price, memberId);
  const before = await typesOf(memberId);
  expect(before).toEqual(['member.created', 'checkout.completed', 'membership.started', 'access.granted']);
  await change({ id: membershipId, memberId, checkoutId });
  return (await typesOf(memberId)).slice(before.length);
}
const changed = (...steps: Prisma.MembershipUpdateInput[]) =>
  toldOf(async ({ id }) => {
    for (const data of steps) await api.db.membership.update({ where: { id }, data });
  });

const GRACE = { status: 'past_due', reason: 'grace' } as const;
const PAID = { status: 'active', reason: 'paid' } as const;

describe('a membership', () => {
  test.each<[string, string[], Prisma.MembershipUpdateInput[]]>([
    ['another period is paid', ['membership.renewed'], [{ paidThrough: later }]],
    ['a trial becomes paid', ['membership.renewed'], [{ ...PAID, paidThrough: later }]],
    ['a renewal is unpaid', ['membership.past_due'], [GRACE]],
    [
      'each try of Stripe fails',
      ['membership.past_due', 'payment.failed', 'payment.failed', 'payment.failed'],
      [
        { ...GRACE, openInvoice: invoice('in_1', 1_800_000_000) },
        { openInvoice: invoice('in_1', 1_800_000_000) },
        { openInvoice: invoice('in_1', 1_800_500_000) },
        { openInvoice: invoice('in_1', null) },
      ],
    ],
    [
      'an invoice that is open is no failure',
      [],
      [{ openInvoice: invoice('in_1', 1_800_000_000) }, { openInvoice: Prisma.DbNull }],
    ],
    [
      'what was unpaid is paid',
      ['membership.past_due', 'membership.recovered'],
      [GRACE, { ...PAID, paidThrough: later }],
    ],
    [
      'the grace is over, and then it is paid',
      ['membership.past_due', 'membership.updated', 'membership.recovered'],
      [GRACE, { status: 'suspended', reason: 'grace_over' }, PAID],
    ],
    [
      'a cancellation is noted and taken back',
      ['membership.canceling', 'membership.resumed'],
      [
        { status: 'canceling', reason: 'scheduled_to_cancel', cancelAt: later },
        { ...PAID, cancelAt: null },
      ],
    ],
    [
      'a pause begins and ends',
      ['membership.paused', 'membership.resumed'],
      [
        { reason: 'collection_paused', pauseUntil: later },
        { ...PAID, pauseUntil: null },
      ],
    ],
    ['its quantity is another', ['membership.updated'], [{ quantity: 2 }]],
    [
      'it ends, and goes on after all',
      ['membership.ended', 'membership.resumed'],
      [
        { status: 'ended', reason: 'canceled', endedAt: new Date() },
        { ...PAID, endedAt: null },
      ],
    ],
    [
      'a look that finds nothing new',
      [],
      [{ ...PAID, verifiedAt: new Date(), nextDeadlineAt: later, revision: { increment: 1 } }],
    ],
  ])('%s: %j', async (_name, types, steps) => {
    expect(await changed(...steps)).toEqual(types);
  });
});

describe('money', () => {
  const payment = (ids: { id: string; memberId: string }, over: object = {}) => ({
    mode: coach.mode,
    accountId,
    stripeId: `pi_${newId('hint').slice(5)}`,
    coachId: coach.coachId,
    membershipId: ids.id,
    memberId: ids.memberId,
    productId: price.productId,
    amount: 4900,
    currency: 'eur',
    paidAt: new Date(),
    ...over,
  });

  test('comes, goes back in parts, is disputed, and the dispute is decided', async () => {
    const told = await toldOf(async (ids) => {
      const { stripeId } = await api.db.payment.create({ data: payment(ids) });
      const where = { mode_accountId_stripeId: { mode: coach.mode, accountId, stripeId } };
      for (const data of [
        { amountRefunded: 900 },
        { amountRefunded: 900 },
        { amountRefunded: 0 },
        { dispute: 'open' as const },
        { dispute: 'lost' as const },
      ])
        await api.db.payment.update({ where, data });
    });
    expect(told).toEqual([
      'payment.succeeded',
      'payment.refunded',
      'payment.refund_failed',
      'payment.disputed',
      'payment.dispute_closed',
    ]);
  });

  test('that is known only when it has gone back is told of both', async () => {
    expect(
      await toldOf((ids) => api.db.payment.create({ data: payment(ids, { amountRefunded: 4900 }) })),
    ).toEqual(['payment.succeeded', 'payment.refunded']);
  });
});

describe('access', () => {
  const grant = (id: string, data: object) => api.db.grant.updateMany({ where: { membershipId: id }, data });

  test('is told where the union of what gives it is another', async () => {
    const told = await toldOf(async ({ id, memberId }) => {
      await grant(id, { until: later });
      await grant(id, { until: later });
      await grant(id, { suspended: true });
      await grant(id, { suspended: false });
      const key = { coachId: coach.coachId, mode: coach.mode, memberId, productId: price.productId };
      await api.db.grant.create({
        data: { id: newId('grant'), ...key, cause: 'gift', startsAt: new Date(), until: null },
      });
      // The gift stays.
      await grant(id, { revoked: true });
    });
    expect(told).toEqual(['access.changed', 'access.ended', 'access.granted', 'access.changed']);
  });

  test('that the clock has ended is told by the sweep, once', async () => {
    const memberId = await newMember();
    const { body } = await api.call('POST', '/v1/grants', {
      key: coach.key,
      body: {
        member: { id: memberId },
        productId: price.productId,
        until: new Date(Date.now() + HOUR_MS).toISOString(),
      },
    });
    await sweep();
    expect(await typesOf(memberId)).toEqual(['member.created', 'access.granted']);
    // The same as if an hour had gone: nothing else changes.
    const past = new Date(Date.now() - 1000);
    await api.db.$transaction([
      api.db.$executeRaw`SET LOCAL session_replication_role = replica`,
      api.db.$executeRaw`UPDATE "grant" SET until = ${past} WHERE id = ${body.id}`,
      api.db.$executeRaw`UPDATE member_product SET told_until = ${past} WHERE member_id = ${memberId}`,
    ]);
    await whileAccessIsHeld(api.db, memberId, sweep);
    await sweep();
    const facts = await factsOf(memberId);
    expect(facts.map(({ type }) => type)).toEqual(['member.created', 'access.granted', 'access.ended']);
    expect(facts.at(-1)?.state).toEqual({ object: 'access', access: false, until: null });
  });
});

describe('the transaction', () => {
  test('that is rolled back has told nothing, and leaves no gap', async () => {
    const told = await toldOf(async ({ id, memberId }) => {
      const failing = api.db.$transaction(async (tx) => {
        await tx.membership.update({ where: { id }, data: GRACE });
        // Deferred triggers have their say, and then the transaction fails.
        await tx.$executeRaw`SET CONSTRAINTS ALL IMMEDIATE`;
        expect((await tx.fact.findMany({ where: { memberId } })).map(({ type }) => type)).toContain(
          'membership.past_due',
        );
        throw new Error('crash');
      });
      await expect(failing).rejects.toThrow('crash');
      await api.db.membership.update({ where: { id }, data: { quantity: 3 } });
      const numbers = (await factsOf(memberId)).map(({ sequence }) => sequence);
      expect(numbers).toEqual(numbers.map((_, i) => i + 1));
    });
    expect(told).toEqual(['membership.updated']);
  });

  test('numbers the facts of a member without gaps, however many write at once', async () => {
    const memberId = await newMember();
    const held = await Promise.all(
      Array.from({ length: 4 }, () => createMembership(api, coach, price, memberId)),
    );
    await Promise.all(
      held.flatMap(({ membershipId: id }) =>
        [2, 3, 4].map((quantity) => api.db.membership.update({ where: { id }, data: { quantity } })),
      ),
    );
    const facts = await factsOf(memberId);
    expect(facts.map(({ sequence }) => sequence)).toEqual(facts.map((_, i) => i + 1));
    // Their order is that of the numbers as well.
    const byPlace = [...facts].sort((a, b) =>
      Number(a.transaction - b.transaction) !== 0
        ? Number(a.transaction - b.transaction)
        : Number(a.position - b.position),
    );
    expect(new Set(byPlace.map(({ id }) => id))).toEqual(new Set(facts.map(({ id }) => id)));
  });
});

test('members are told of, and nothing that names them is told', async () => {
  const memberId = await newMember('mia@example.com');
  await createMembership(api, coach, price, memberId);
  await api.db.member.update({ where: { id: memberId }, data: { email: 'mia.new@example.com' } });
  await api.db.member.update({
    where: { id: memberId },
    data: { email: null, externalId: null, erasedAt: new Date() },
  });
  const facts = await factsOf(memberId);
  expect(facts.map(({ type }) => type)).toEqual([
    'member.created',
    'checkout.completed',
    'membership.started',
    'access.granted',
    'member.updated',
    'member.erased',
  ]);
  const text = JSON.stringify(facts, (_, value: unknown) =>
    typeof value === 'bigint' ? String(value) : value,
  );
  expect(text).not.toMatch(/mia|example\.com|member-\d/);
});

test('what belongs to nobody has no number', async () => {
  const facts = await api.db.fact.findMany({ where: { coachId: coach.coachId, memberId: null } });
  expect(new Set(facts.map(({ type }) => type))).toEqual(
    new Set(['connection.started', 'price.created', 'price.activated']),
  );
  expect(facts.every(({ sequence }) => sequence === null)).toBe(true);
});

test('every type that was told is one of the list', async () => {
  const types = await api.db.fact.groupBy({ by: ['type'] });
  expect(types.length).toBeGreaterThan(15);
  for (const { type } of types) expect(FACT_TYPES).toContain(type);
  // The list and the database say the same words.
  const sources = await api.db.$queryRaw<{ source: string }[]>`
    SELECT prosrc AS source FROM pg_proc WHERE proname LIKE 'tell\_%'`;
  const text = sources.map(({ source }) => source).join('\n');
  const written = [...text.matchAll(/'([a-z_]+\.[a-z_]+)'/g)].map(([, type]) => type);
  expect(FACT_TYPES).toEqual(expect.arrayContaining(written));
  const composed = ['checkout.', 'connection.', 'coupon.', 'price.', 'promotion_code.', 'withdrawal.'];
  for (const type of FACT_TYPES)
    if (!composed.some((prefix) => type.startsWith(prefix))) expect(written).toContain(type);
});

describe('GET /v1/events', () => {
  const list = async (query: string) =>
    (await api.call('GET', `/v1/events?${query}`, { key: coach.key })).body as {
      data: { id: string; type: string; memberId: string | null; sequence: number | null }[];
      nextCursor: string | null;
    };

  test('is read on, oldest first, without losing or repeating anything', async () => {
    // Other tests write in other databases of the same server, whose transactions are waited for as well.
    const settled = async () => {
      const newest = (await list('limit=1')).data[0]?.id;
      const rows: string[] = [];
      for (let cursor = ''; ;) {
        const { data, nextCursor } = await list(`order=oldest_first&limit=100${cursor}`);
        rows.push(...data.map(({ id }) => id));
        if (nextCursor === null) return rows.at(-1) === newest && rows;
        cursor = `&cursor=${nextCursor}`;
      }
    };
    const all = await eventually('the newest event', settled);
    const whole: string[] = [];
    for (let cursor = ''; ;) {
      const { data, nextCursor } = await list(`order=oldest_first&limit=7${cursor}`);
      whole.push(...data.map(({ id }) => id));
      if (nextCursor === null) break;
      expect(nextCursor).toBe(data.at(-1)?.id);
      cursor = `&cursor=${nextCursor}`;
    }
    expect(whole).toEqual(all);
    expect(new Set(whole).size).toBe(whole.length);

    // What a transaction under way may come before is left for later; newest first it is there.
    const memberId = await newMember();
    let finish: () => void = () => undefined;
    const waits = new Promise<void>((resolve) => (finish = resolve));
    let begun: () => void = () => undefined;
    const hasBegun = new Promise<void>((resolve) => (begun = resolve));
    const slow = api.db.$transaction(async (tx) => {
      await tx.price.update({ where: { id: price.priceId }, data: { nickname: 'Slow' } });
      begun();
      await waits;
    });
    await hasBegun;
    const fast = await newMember();
    const behind = `order=oldest_first&limit=100&cursor=${whole.at(-1)}`;
    await eventually('what came before', async () => (await list(behind)).data.length > 0);
    expect((await list(behind)).data.map((fact) => fact.memberId)).toEqual([memberId]);
    expect((await list('limit=1')).data[0]?.memberId).toBe(fast);
    finish();
    await slow;
    const then = await eventually('all of it', async () => {
      const { data } = await list(behind);
      return data.length === 3 && data;
    });
    expect(then.map(({ type, memberId: of }) => of ?? type)).toEqual([memberId, 'price.updated', fast]);
  });

  test('is narrowed by type, member and time', async () => {
    const memberId = await newMember();
    await createMembership(api, coach, price, memberId);
    const number = `member-${members}`;
    expect((await list(`member=${number}`)).data.map(({ sequence }) => sequence)).toEqual([4, 3, 2, 1]);
    expect((await list(`member=${memberId}&type=membership.started`)).data).toMatchObject([
      { type: 'membership.started', version: 1, state: { object: 'membership', status: 'active' } },
    ]);
    expect((await list('member=nobody')).data).toEqual([]);
    // Times of a query are whole seconds.
    const now = new Date(Date.now() + 1000).toISOString();
    expect((await list(`member=${memberId}&until=${now}&limit=100`)).data).toHaveLength(4);
    expect((await list(`since=${new Date(Date.now() + HOUR_MS).toISOString()}`)).data).toEqual([]);
  });

  test('shows one event, and refuses a cursor that is none', async () => {
    const [fact] = (await list('limit=1')).data;
    const one = await api.call('GET', `/v1/events/${fact?.id}`, { key: coach.key });
    const { object } = one.body.state as { object: string };
    const present = expect.objectContaining({ object }) as unknown;
    expect(one.body).toEqual({ ...fact, present });
    for (const path of ['/v1/events/fct_none', '/v1/events?cursor=fct_none'])
      expect((await api.call('GET', path, { key: coach.key })).status).toBeGreaterThanOrEqual(400);
  });
});

test('facts go after their time, and the numbers go on', async () => {
  const memberId = await newMember();
  const retention = { eventBodyDays: 30, eventDays: 90, idempotencyHours: 24, factDays: 90, auditDays: 730 };
  const sweep = (days: number) =>
    deleteBatch(api.db, 'facts', {
      retention,
      now: toSeconds(new Date()) + days * DAY,
      limit: 10_000,
    });
  expect(await sweep(89)).toBe(0);
  expect(await sweep(91)).toBeGreaterThan(10);
  await api.db.member.update({ where: { id: memberId }, data: { email: 'late@example.com' } });
  expect((await factsOf(memberId)).map(({ sequence }) => sequence)).toEqual([2]);
});
