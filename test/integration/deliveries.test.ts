import { Client, Pool } from 'pg';
import { createDb, type Db } from '../../src/db/client';
import { createDeliveries, type Delivery } from '../../src/store/deliveries';
import { createTestDatabase, type TestDatabase } from '../harness/postgres';
import { eventually } from '../support/eventually';

let database: TestDatabase;
let db: Db;
let pool: Pool;
beforeAll(async () => {
  database = await createTestDatabase();
  db = createDb(database.url, 2);
  pool = new Pool({ connectionString: database.url, max: 4 });
});
afterAll(async () => {
  await Promise.all([db.$disconnect(), pool.end()]);
  await database.drop();
});
beforeEach(() => db.inbox.deleteMany());

const delivery = (eventId: string, over: Partial<Delivery> = {}): Delivery => ({
  mode: 'test',
  eventId,
  accountId: 'acct_1',
  type: 'invoice.paid',
  objectId: 'in_1',
  created: 1_800_000_000,
  body: `{ "id": "${eventId}",\n  "data": {} }`,
  foreign: null,
  ...over,
});
const stored = () => db.inbox.findMany({ orderBy: { id: 'asc' } });

/** In how many transactions the rows were written. */
async function transactions(): Promise<number> {
  const [row] = await db.$queryRaw<{ count: bigint }[]>`SELECT count(DISTINCT xmin::text) FROM inbox`;
  return Number(row?.count);
}

test('what arrives together is written in one statement, in the order in which it came', async () => {
  const { store } = createDeliveries(pool);
  const ids = Array.from({ length: 30 }, (_, n) => `evt_${(n * 7) % 30}`);
  expect(await Promise.all(ids.map((id) => store(delivery(id))))).toEqual(ids.map(() => 'stored'));
  const rows = await stored();
  expect(rows.map(({ eventId }) => eventId)).toEqual(ids);
  expect(await transactions()).toBe(1);
  expect(rows[0]).toMatchObject({
    mode: 'test',
    accountId: 'acct_1',
    type: 'invoice.paid',
    objectId: 'in_1',
    status: 'waiting',
    payload: { id: 'evt_0', data: {} },
    stripeCreated: new Date(1_800_000_000_000),
    note: null,
    doneAt: null,
    attempts: 0,
  });
});

test('one row that Postgres refuses keeps no other from being stored', async () => {
  await db.$executeRaw`ALTER TABLE inbox ADD CONSTRAINT no_such_type CHECK (type <> 'refused')`;
  try {
    const { store } = createDeliveries(pool);
    const asked = ['evt_1', 'evt_2', 'evt_bad', 'evt_3'].map((id) =>
      store(delivery(id, id === 'evt_bad' ? { type: 'refused' } : {})),
    );
    const outcomes = (await Promise.allSettled(asked)).map((result) =>
      result.status === 'fulfilled' ? result.value : (result.reason as { code?: string }).code,
    );
    expect(outcomes).toEqual(['stored', 'stored', '23514', 'stored']);
    expect((await stored()).map(({ eventId }) => eventId).sort()).toEqual(['evt_1', 'evt_2', 'evt_3']);
  } finally {
    await db.$executeRaw`ALTER TABLE inbox DROP CONSTRAINT no_such_type`;
  }
});

test('a number beyond what Postgres can keep is stored as JavaScript reads it, and its neighbour as it is', async () => {
  const { store } = createDeliveries(pool);
  const outcomes = await Promise.all([
    store(delivery('evt_large', { body: '{"amount":1e200000,"currency":"eur"}' })),
    store(delivery('evt_next', { body: '{"amount":12345678901234567890}' })),
  ]);
  expect(outcomes).toEqual(['stored', 'stored']);
  const bodies = await db.$queryRaw<
    { body: string }[]
  >`SELECT payload::text AS body FROM inbox ORDER BY event_id`;
  expect(bodies.map(({ body }) => body)).toEqual([
    '{"amount": null, "currency": "eur"}',
    '{"amount": 12345678901234567890}',
  ]);
});

test('an event that comes several times at once is one row, and stored once', async () => {
  const { store } = createDeliveries(pool);
  const outcomes = await Promise.all([1, 2, 3].map(() => store(delivery('evt_1'))));
  expect(outcomes).toEqual(['stored', 'repeated', 'repeated']);
  expect(await store(delivery('evt_1'))).toBe('repeated');
  expect(await store(delivery('evt_1', { mode: 'live' }))).toBe('stored');
  expect(await stored()).toHaveLength(2);
});

test('what nobody needs is settled with its row, without its body', async () => {
  const { store } = createDeliveries(pool);
  const why = 'nothing here listens to x';
  const before = new Date(Date.now() - 60_000);
  await Promise.all([store(delivery('evt_x', { type: 'x', foreign: why })), store(delivery('evt_y'))]);
  const [foreign, ours] = await stored();
  expect(foreign).toMatchObject({ status: 'ignored', note: why, payload: {} });
  expect(foreign?.doneAt?.getTime()).toBeGreaterThan(before.getTime());
  expect(ours).toMatchObject({ status: 'waiting', payload: { id: 'evt_y' } });
});

test('nobody is answered before their row is committed', async () => {
  const keeper = new Client({ connectionString: database.url });
  await keeper.connect();
  // The statement is done, and its commit waits for a lock.
  await keeper.query(`
    CREATE FUNCTION wait_for_keeper() RETURNS trigger LANGUAGE plpgsql AS
      $$ BEGIN PERFORM pg_advisory_xact_lock(4711); RETURN NULL; END $$;
    CREATE CONSTRAINT TRIGGER late AFTER INSERT ON inbox DEFERRABLE INITIALLY DEFERRED
      FOR EACH ROW EXECUTE FUNCTION wait_for_keeper();
    SELECT pg_advisory_lock(4711)`);
  try {
    const { store } = createDeliveries(pool);
    let answered = false;
    const asked = store(delivery('evt_1')).finally(() => {
      answered = true;
    });
    await eventually('a commit that waits', async () => {
      const { rows } = await keeper.query(
        `SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND objid = 4711 AND NOT granted`,
      );
      return rows.length === 1;
    });
    expect(await stored()).toEqual([]);
    expect(answered).toBe(false);
    await keeper.query('SELECT pg_advisory_unlock(4711)');
    expect(await asked).toBe('stored');
    expect(await stored()).toHaveLength(1);
  } finally {
    await keeper.query('DROP TRIGGER late ON inbox; DROP FUNCTION wait_for_keeper');
    await keeper.end();
  }
});

test('many more than fit into one statement are all stored', async () => {
  const { store } = createDeliveries(pool);
  const large = JSON.stringify({ text: 'x'.repeat(200_000) });
  const outcomes = await Promise.all(
    Array.from({ length: 150 }, (_, n) => store(delivery(`evt_${n}`, n % 10 === 0 ? { body: large } : {}))),
  );
  expect(new Set(outcomes)).toEqual(new Set(['stored']));
  expect(await stored()).toHaveLength(150);
});
