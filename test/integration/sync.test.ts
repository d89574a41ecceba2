import { MockActivityEnvironment } from '@temporalio/testing';
import { causeOf, dispatchAgain, markDone } from '../../src/store/waiting-events';
import { expectRevision, syncTarget } from '../../src/store/sync';
import { createDb, type Db } from '../../src/db/client';
import { assign, claim, releaseLeases, leave, MAX_ATTEMPTS } from '../../src/worker/inbox';
import { membershipWorkflowId } from '../../src/messages/ids';
import { createTestDatabase, type TestDatabase } from '../harness/postgres';

let database: TestDatabase;
let db: Db;
beforeAll(async () => {
  database = await createTestDatabase();
  db = createDb(database.url, 5);
});
afterAll(async () => {
  await db.$disconnect();
  await database.drop();
});
beforeEach(async () => {
  await db.inbox.deleteMany();
});

const TARGET = { kind: 'membership', id: 'msp_1' } as const;
let number = 0;
const arrives = (over: object = {}) =>
  db.inbox.create({
    data: {
      mode: 'test',
      eventId: `evt_${++number}`,
      type: 'invoice.paid',
      payload: {},
      targetKind: TARGET.kind,
      targetId: TARGET.id,
      ...over,
    },
  });
const statuses = async () =>
  (await db.inbox.findMany({ orderBy: { id: 'asc' } })).map(({ status }) => status);

describe('scenario 15: settling', () => {
  test('marks what waited when the look began, and not what came meanwhile', async () => {
    await arrives();
    await syncTarget(db, TARGET, async (events) => {
      await arrives();
      await db.$transaction((tx) => markDone(tx, events));
    });
    expect(await statuses()).toEqual(['done', 'waiting']);
  });

  test('marks nothing when the effect is rolled back', async () => {
    await arrives();
    const failing = syncTarget(db, TARGET, (events) =>
      db.$transaction(async (tx) => {
        await markDone(tx, events);
        throw new Error('the effect fails');
      }),
    );
    await expect(failing).rejects.toThrow('the effect fails');
    expect(await statuses()).toEqual(['waiting']);
  });

  test('starts again from the read when somebody else committed first', async () => {
    await db.coach.create({ data: { id: 'coach_1', name: 'A Coach' } });
    await db.connection.create({
      data: { id: 'conn_1', coachId: 'coach_1', mode: 'test', status: 'authorizing' },
    });
    const raise = (revision: number) =>
      db.connection.updateMany({ where: { id: 'conn_1', revision }, data: { revision: { increment: 1 } } });
    await arrives();
    const seen: number[] = [];
    await syncTarget(db, TARGET, async (events) => {
      const { revision } = await db.connection.findUniqueOrThrow({ where: { id: 'conn_1' } });
      seen.push(revision);
      if (revision === 0) {
        await raise(0);
        await arrives();
      }
      await db.$transaction(async (tx) => {
        await markDone(tx, events);
        expectRevision(
          await tx.connection.updateMany({ where: { id: 'conn_1', revision }, data: { revision: 9 } }),
        );
      });
    });
    expect(seen).toEqual([0, 1]);
    expect(await statuses()).toEqual(['done', 'done']);
  });

  test('gives up after some misses, so that Temporal shows that something is wrong', async () => {
    let looks = 0;
    const stale = syncTarget(db, TARGET, () => {
      looks += 1;
      expectRevision({ count: 0 });
      return Promise.resolve();
    });
    await expect(stale).rejects.toThrow();
    expect(looks).toBe(9);
  });

  test.each(['internal.goes_on', 'internal.bought_late', 'internal.overdue'])(
    'a hint that asks for a run is done by that run only: %s',
    async (type) => {
      await arrives({ eventId: `hint_${type}`, type });
      await arrives({ eventId: `hint_look_${type}`, type: 'internal.reconciliation' });
      const lookAs = (workflowId: string) =>
        new MockActivityEnvironment({ workflowExecution: { workflowId, runId: 'run_1' } }).run(() =>
          syncTarget(db, TARGET, (events) => db.$transaction((tx) => markDone(tx, events))),
        );
      await lookAs('stripe-event/evt_1');
      expect(await statuses()).toEqual(['waiting', 'done']);
      await lookAs(membershipWorkflowId(TARGET.id));
      expect(await statuses()).toEqual(['done', 'done']);
    },
  );

  test('a hint that belongs to another row now is dispatched again at once', async () => {
    const row = await arrives({ leaseUntil: new Date(Date.now() + 3_600_000) });
    await db.$transaction((tx) => dispatchAgain(tx, [row]));
    expect(await claim(db, 10)).toMatchObject([{ eventId: row.eventId, targetId: null }]);
  });
});

test('what is settled is the cause; else what woke the run', () => {
  const event = { id: 1n, eventId: 'evt_1', type: 'invoice.paid' };
  const hint = { id: 2n, eventId: 'hint_1', type: 'connection.deauthorized' };
  expect(causeOf('timer', [])).toEqual({ cause: 'timer', causeId: null });
  expect(causeOf('timer', [event])).toEqual({ cause: 'stripe_event', causeId: 'evt_1' });
  // Stripe tells of what a person asked for, too: it stays theirs.
  expect(causeOf('person', [event])).toEqual({ cause: 'person', causeId: null });
  expect(causeOf('timer', [event, hint])).toEqual({ cause: 'system', causeId: 'connection.deauthorized' });
});

describe('the inbox', () => {
  test('gives each row to one relay, oldest first', async () => {
    const rows = await Promise.all(Array.from({ length: 20 }, () => arrives()));
    const claims = await Promise.all([1, 2, 3, 4].map(() => claim(db, 5)));
    const ids = claims.flat().map(({ eventId }) => eventId);
    expect(ids).toHaveLength(new Set(ids).size);
    expect(ids.length).toBeLessThanOrEqual(rows.length);
    const rest = await claim(db, 100);
    expect([...ids, ...rest.map(({ eventId }) => eventId)].sort()).toEqual(
      rows.map(({ eventId }) => eventId).sort(),
    );
    expect(await claim(db, 100)).toEqual([]);
  });

  test('gives a row in the moment in which it has come, whatever part of a millisecond that is', async () => {
    for (let time = 0; time < 50; time++) {
      const { eventId } = await arrives();
      expect((await claim(db, 1)).map((row) => row.eventId)).toEqual([eventId]);
      await db.inbox.deleteMany();
    }
  });

  test('gives a row again when its lease has lapsed, each time later', async () => {
    const row = await arrives();
    const leases: number[] = [];
    for (let attempt = 0; attempt < 4; attempt++) {
      const [claimed] = await claim(db, 1);
      expect(claimed?.eventId).toBe(row.eventId);
      const { leaseUntil } = await db.inbox.findUniqueOrThrow({ where: { id: row.id } });
      leases.push(Math.round((leaseUntil.getTime() - Date.now()) / 10_000));
      await db.inbox.update({ where: { id: row.id }, data: { leaseUntil: new Date(Date.now() - 1000) } });
    }
    expect(leases).toEqual([1, 2, 4, 8]);
  });

  test('parks what was tried too often, and says why', async () => {
    await arrives({ attempts: MAX_ATTEMPTS - 1 });
    const [row] = await claim(db, 1);
    if (row === undefined) throw new Error('no row');
    expect(await leave(db, row, 'nothing leads to it')).toBe(true);
    expect(await db.inbox.findFirst()).toMatchObject({ status: 'parked', note: 'nothing leads to it' });
    expect(await claim(db, 1)).toEqual([]);
  });

  test('does not count an attempt that failed for a reason of ours', async () => {
    await arrives();
    const rows = await claim(db, 1);
    await releaseLeases(db, rows, 'Temporal is down');
    expect(await db.inbox.findFirst()).toMatchObject({ attempts: 0, status: 'waiting' });
  });

  test('does not assign what was settled meanwhile', async () => {
    await arrives();
    const rows = await claim(db, 1);
    await db.inbox.updateMany({ data: { status: 'done' } });
    await assign(db, [{ rows, target: { kind: 'checkout', id: 'chk_1' } }]);
    expect(await db.inbox.findFirst()).toMatchObject({ targetId: 'msp_1' });
  });
});
