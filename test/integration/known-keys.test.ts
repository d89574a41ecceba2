import { Pool } from 'pg';
import { createDb, type Db } from '../../src/db/client';
import { type KnownKeys, knowKeys } from '../../src/db/known-keys';
import { createTestDatabase, type TestDatabase } from '../harness/postgres';
import { eventually } from '../support/eventually';
import { createCoach, PLATFORM_KEY, startApi } from './api-support';

let database: TestDatabase;
let db: Db;
let pool: Pool;
let books: KnownKeys[] = [];

beforeAll(async () => {
  database = await createTestDatabase();
  db = createDb(database.url, 2);
  pool = new Pool({ connectionString: database.url, max: 2 });
  await db.coach.create({ data: { id: 'coach_1', name: 'Yoga with Ana' } });
});
afterEach(async () => {
  await Promise.all(books.map((book) => book.stop()));
  books = [];
  await db.$executeRaw`ALTER TABLE api_key ENABLE TRIGGER api_key_revoked`;
});
afterAll(async () => {
  await Promise.all([db.$disconnect(), pool.end()]);
  await database.drop();
});

let keys = 0;
const newKey = async () => {
  const hash = `hash_${++keys}`;
  await db.apiKey.create({
    data: { id: `key_${keys}`, coachId: 'coach_1', mode: 'test', hash, lastFour: '1234' },
  });
  return { id: `key_${keys}`, hash };
};
const revoke = (id: string) => db.apiKey.update({ where: { id }, data: { revokedAt: new Date() } });

/** One process that keeps keys for as long as nobody tells it otherwise. */
function book(url = database.url): KnownKeys {
  const made = knowKeys(pool, url, () => undefined, Infinity);
  books.push(made);
  return made;
}

const listeners = () =>
  db.$queryRaw<{ pid: number }[]>`SELECT pid FROM pg_stat_activity WHERE application_name = 'keys'
    AND query LIKE 'LISTEN%' AND datname = current_database()`;

const isStanding = async (keyBook: KnownKeys, hash: string) => (await keyBook.find(hash))?.revokedAt === null;

/** Nobody is told of what is done then. */
async function inSilence(work: () => Promise<unknown>): Promise<void> {
  await db.$executeRaw`ALTER TABLE api_key DISABLE TRIGGER api_key_revoked`;
  await work();
  await db.$executeRaw`ALTER TABLE api_key ENABLE TRIGGER api_key_revoked`;
}

test('a key that a process knows is refused by it as soon as any other has revoked it', async () => {
  const [one, other] = [book(), book()];
  await eventually('both to listen', async () => (await listeners()).length === 2);
  const { id, hash } = await newKey();
  expect([await isStanding(one, hash), await isStanding(other, hash)]).toEqual([true, true]);
  await revoke(id);
  await eventually(
    'both to refuse it',
    async () => !(await isStanding(one, hash)) && !(await isStanding(other, hash)),
  );
});

test('it is known without being asked for, which is what a revocation has to overcome', async () => {
  const one = book();
  await eventually('it to listen', async () => (await listeners()).length === 1);
  const { id, hash } = await newKey();
  expect(await isStanding(one, hash)).toBe(true);
  await inSilence(() => revoke(id));
  expect(await isStanding(one, hash)).toBe(true);
  // The process that revokes it waits for nobody.
  one.forget(id);
  expect(await isStanding(one, hash)).toBe(false);
});

test('who cannot listen knows no key', async () => {
  const deaf = book('postgresql://nobody:x@127.0.0.1:1/none');
  const { id, hash } = await newKey();
  expect(await isStanding(deaf, hash)).toBe(true);
  await inSilence(() => revoke(id));
  expect(await isStanding(deaf, hash)).toBe(false);
});

test('who has lost the connection forgets all that it knew', async () => {
  const one = book();
  await eventually('it to listen', async () => (await listeners()).length === 1);
  const { id, hash } = await newKey();
  expect(await isStanding(one, hash)).toBe(true);
  await inSilence(() => revoke(id));
  const [listener] = await listeners();
  await db.$queryRaw`SELECT pg_terminate_backend(${listener?.pid})`;
  await eventually('it to be refused', async () => !(await isStanding(one, hash)));
});

test('a key that is deleted, or that nobody has, is not known', async () => {
  const one = book();
  await eventually('it to listen', async () => (await listeners()).length === 1);
  expect(await one.find('nobody')).toBeNull();
  const { id, hash } = await newKey();
  expect(await isStanding(one, hash)).toBe(true);
  await db.apiKey.delete({ where: { id } });
  await eventually('it to be gone', async () => (await one.find(hash)) === null);
});

test('over HTTP: revoked in one process, refused in another', async () => {
  const one = await startApi();
  const other = await startApi({ DATABASE_URL: one.config.databaseUrl });
  try {
    const { key, keyId } = await createCoach(one);
    const settings = () => Promise.all([one, other].map((api) => api.call('GET', '/v1/settings', { key })));
    expect((await settings()).map(({ status }) => status)).toEqual([200, 200]);
    await one.call('POST', `/v1/api-keys/${keyId}/revoke`, { key: PLATFORM_KEY, body: {} });
    expect((await one.call('GET', '/v1/settings', { key })).status).toBe(401);
    await eventually(
      'the other to refuse it',
      async () => (await other.call('GET', '/v1/settings', { key })).status === 401,
    );
  } finally {
    await other.close();
    await one.close();
  }
});
