import { createDb, type Db } from '../../src/db/client';
import { claim } from '../../src/worker/inbox';
import { createTestDatabase, type TestDatabase } from '../harness/postgres';

/** Everything that a clock has but the time of day, which alone is moved. */
const REAL = [
  'hrtime',
  'nextTick',
  'performance',
  'queueMicrotask',
  'setImmediate',
  'clearImmediate',
  'setInterval',
  'clearInterval',
  'setTimeout',
  'clearTimeout',
] as const;

let database: TestDatabase;
let db: Db;
beforeAll(async () => {
  database = await createTestDatabase();
  db = createDb(database.url, 2);
});
afterAll(async () => {
  jest.useRealTimers();
  await db.$disconnect();
  await database.drop();
});

test('an event is taken at once, though the clock of the process that stored it is a minute ahead', async () => {
  jest.useFakeTimers({ now: Date.now() + 60_000, doNotFake: [...REAL] });
  await db.inbox.createMany({
    data: [{ mode: 'test', eventId: 'evt_early', accountId: 'acct_1', type: 'invoice.paid', payload: {} }],
    skipDuplicates: true,
  });
  jest.useRealTimers();
  expect(await claim(db, 10)).toMatchObject([{ eventId: 'evt_early' }]);
});
