import { createDb, type Db } from '../../src/db/client';
import { newId } from '../../src/domain/ids';
import type { RETENTION_KINDS } from '../../src/domain/retention';
import { type Retention } from '../../src/domain/retention';
import { DAY, HOUR, toDate } from '../../src/domain/time';
import { deleteBatch } from '../../src/store/retention';
import { createTestDatabase, type TestDatabase } from '../harness/postgres';

const RETENTION: Retention = {
  eventBodyDays: 30,
  eventDays: 90,
  idempotencyHours: 24,
  factDays: 90,
  auditDays: 730,
};
const YEAR = 365 * DAY;
/** Any moment will do: nothing here looks at a clock. */
const NOW = Math.floor(Date.UTC(2040, 0, 1) / 1000);
const ago = (seconds: number) => toDate(NOW - seconds);

let database: TestDatabase;
let db: Db;
beforeAll(async () => {
  database = await createTestDatabase();
  db = createDb(database.url, 4);
});
afterAll(async () => {
  await db.$disconnect();
  await database.drop();
});

const sweep = (kind: (typeof RETENTION_KINDS)[number], limit = 100) =>
  deleteBatch(db, kind, { retention: RETENTION, now: NOW, limit });

let events = 0;
const event = (status: 'waiting' | 'done' | 'ignored' | 'parked', settledAgo: number | null) =>
  db.inbox.create({
    data: {
      mode: 'test',
      eventId: `evt_${++events}`,
      accountId: 'acct_1',
      type: 'invoice.paid',
      payload: { data: { object: { customer_email: 'mia@example.com' } } },
      status,
      receivedAt: ago(YEAR),
      doneAt: settledAgo === null ? null : ago(settledAgo),
    },
  });
const present = async (id: bigint) => db.inbox.findUnique({ where: { id } });

describe('events', () => {
  test('lose their body after 30 days and their row after 90, and nothing that is not settled goes', async () => {
    const young = await event('done', 30 * DAY - 1);
    const month = await event('done', 30 * DAY + 1);
    const quarter = await event('done', 90 * DAY + 1);
    const ignored = await event('ignored', 90 * DAY + 1);
    const waiting = await event('waiting', null);
    const parked = await event('parked', null);
    const body = young.payload;

    expect(await sweep('event_bodies')).toBe(3);
    expect((await present(young.id))?.payload).toEqual(body);
    expect((await present(month.id))?.payload).toEqual({});
    expect((await present(waiting.id))?.payload).toEqual(body);
    expect((await present(parked.id))?.payload).toEqual(body);

    expect(await sweep('events')).toBe(2);
    expect(await present(quarter.id)).toBeNull();
    expect(await present(ignored.id)).toBeNull();
    for (const { id } of [young, month, waiting, parked]) expect(await present(id)).not.toBeNull();

    // Again there is nothing to do; and what came once does not come twice.
    expect(await sweep('event_bodies')).toBe(0);
    expect(await sweep('events')).toBe(0);
    const again = await db.inbox.createMany({
      data: { mode: 'test', eventId: month.eventId, type: month.type, payload: body as object },
      skipDuplicates: true,
    });
    expect(again.count).toBe(0);
    await db.inbox.deleteMany();
  });

  test('go a batch at a time, the oldest first, around what somebody works on', async () => {
    const rows: { id: bigint }[] = [];
    for (const days of [91, 94, 92, 95, 93]) rows.push(await event('done', days * DAY));
    const left = async () => (await db.inbox.findMany({ orderBy: { id: 'asc' } })).map(({ id }) => id);
    expect(await sweep('events', 2)).toBe(2);
    expect(await left()).toEqual([rows[0]?.id, rows[2]?.id, rows[4]?.id]);
    await db.$transaction(async (tx) => {
      await tx.$queryRaw`SELECT 1 FROM inbox WHERE id = ${rows[4]?.id} FOR UPDATE`;
      expect(await sweep('events', 2)).toBe(2);
    });
    expect(await left()).toEqual([rows[4]?.id]);
    await db.inbox.deleteMany();
  });
});

test('answers to requests with a key go after 24 hours, unless the request is still worked on', async () => {
  const record = (key: string, createdAgo: number, lockedAgo: number) =>
    db.idempotencyRecord.create({
      data: {
        scope: 'coach_1/test',
        key,
        fingerprint: 'f',
        createdAt: ago(createdAgo),
        lockedUntil: ago(lockedAgo),
      },
    });
  await record('young', 24 * HOUR - 1, HOUR);
  await record('old', 24 * HOUR + 1, HOUR);
  await record('locked', 24 * HOUR + 1, -HOUR);
  expect(await sweep('idempotency_records')).toBe(1);
  expect((await db.idempotencyRecord.findMany()).map(({ key }) => key).sort()).toEqual(['locked', 'young']);
});

test('a timeline is kept as long as its membership, and the coach’s years', async () => {
  const coachId = newId('coach');
  const mode = 'test' as const;
  const [productId, priceId, memberId] = [newId('product'), newId('price'), newId('member')];
  const owned = { coachId, mode, memberId, productId };
  await db.coach.create({ data: { id: coachId, name: 'A Coach' } });
  await db.product.create({ data: { id: productId, coachId, mode, name: 'A Course' } });
  await db.price.create({
    data: { id: priceId, coachId, mode, productId, currency: 'usd', unitAmount: 4900 },
  });
  await db.member.create({ data: { id: memberId, coachId, mode } });
  await db.memberProduct.create({ data: owned });

  async function membership(endedAgo: number | null): Promise<string> {
    const checkoutId = newId('checkout');
    const id = newId('membership');
    const sold = { ...owned, accountId: 'acct_1', priceId };
    const addresses = { successUrl: 'http://localhost/', cancelUrl: 'http://localhost/' };
    await db.checkout.create({
      data: {
        id: checkoutId,
        ...sold,
        ...addresses,
        stripePriceId: 'price_1',
        buyerKey: checkoutId,
        unitAmount: 4900,
        currency: 'usd',
        recurring: true,
        status: 'completed',
      },
    });
    await db.membership.create({
      data: {
        id,
        ...sold,
        checkoutId,
        kind: 'subscription',
        status: endedAgo === null ? 'active' : 'ended',
        reason: 'paid',
        startedAt: ago(20 * YEAR),
        verifiedAt: ago(DAY),
        endedAt: endedAgo === null ? null : ago(endedAgo),
      },
    });
    return id;
  }
  const entry = (kind: string, of: { membershipId?: string; productId?: string | null; at?: number }) =>
    db.timelineEntry.create({
      data: {
        ...owned,
        productId: of.productId === undefined ? productId : of.productId,
        membershipId: of.membershipId ?? null,
        at: ago(of.at ?? 15 * YEAR),
        createdAt: ago(of.at ?? 15 * YEAR),
        kind,
        cause: 'system',
        effect: 'None.',
      },
    });
  const kinds = async () =>
    (await db.timelineEntry.findMany({ orderBy: { id: 'asc' } })).map(({ kind }) => kind);

  const [live, lately, long] = [
    await membership(null),
    await membership(5 * YEAR),
    await membership(11 * YEAR),
  ];
  await entry('of-a-live-one', { membershipId: live });
  await entry('of-one-that-ended-lately', { membershipId: lately });
  await entry('of-one-that-ended-long-ago', { membershipId: long });
  await entry('of-none-and-old', { productId: null });
  await entry('of-none-and-young', { productId: null, at: 9 * YEAR });

  expect(await sweep('timelines')).toBe(2);
  expect(await kinds()).toEqual(['of-a-live-one', 'of-one-that-ended-lately', 'of-none-and-young']);

  // A gift without an end is explained for as long as it lasts.
  const giftId = newId('grant');
  await db.grant.create({ data: { id: giftId, ...owned, cause: 'gift', startsAt: ago(20 * YEAR) } });
  await entry('gift_given', {});
  expect(await sweep('timelines')).toBe(0);

  // The coach keeps less.
  await db.settings.create({
    data: {
      coachId,
      mode,
      graceDays: 7,
      renewalLeewayHours: 72,
      honourPaidPeriod: false,
      timelineYears: 3,
    },
  });
  await db.grant.update({ where: { id: giftId }, data: { until: ago(4 * YEAR) } });
  expect(await sweep('timelines')).toBe(3);
  expect(await kinds()).toEqual(['of-a-live-one']);
});

describe('the audit log', () => {
  const entry = (id: string, age: number, actorId: string | null = null) =>
    db.auditEntry.create({
      data: {
        id: `aud_${id}`,
        coachId: 'coach_1',
        mode: 'test',
        at: ago(age),
        operation: 'postV1Products',
        actor: actorId === null ? 'platform' : 'user',
        actorId,
        fields: [],
        requestId: id,
      },
    });

  test('is kept for two years, and whom it names as long as it does', async () => {
    const users = ['usr_old', 'usr_young', 'usr_works', 'usr_new'];
    for (const id of users)
      await db.consoleUser.create({
        data: { id, email: `${id}@example.com`, createdAt: ago(id === 'usr_new' ? 3600 : 3 * YEAR) },
      });
    await db.coach.create({ data: { id: 'coach_people', name: 'Ana' } });
    await db.person.create({
      data: { coachId: 'coach_people', mode: 'test', id: 'psn_1', userId: 'usr_works', role: 'owner' },
    });
    await entry('old', 730 * DAY + 1, 'usr_old');
    await entry('young', 730 * DAY - 1, 'usr_young');
    expect(await sweep('former_users')).toBe(0);
    expect(await sweep('audit_entries')).toBe(1);
    expect((await db.auditEntry.findMany()).map(({ id }) => id)).toEqual(['aud_young']);
    expect(await sweep('former_users')).toBe(1);
    const left = await db.consoleUser.findMany({ orderBy: { id: 'asc' } });
    expect(left.map(({ id }) => id)).toEqual(['usr_new', 'usr_works', 'usr_young']);
    expect([await sweep('audit_entries'), await sweep('former_users')]).toEqual([0, 0]);
  });
});
