import { Client } from 'pg';
import { createDb } from '../../src/db/client';
import { ensureRoles, passwordOf, type DatabaseRole } from '../../src/local/postgres/roles';
import { migrate } from '../../src/local/postgres/migrate';
import { type OwnPostgres, startOwnPostgres } from '../support/own-postgres';

/** One role a purpose (prisma/roles.sql): the owner's migrations change the schema, and nobody else can. */

const PASSWORD = 'of-the-superuser';
let postgres: OwnPostgres;
const urlOf = (role: DatabaseRole) => {
  const url = new URL(postgres.url);
  url.username = `session_${role}`;
  url.password = passwordOf(role, PASSWORD);
  return url.href;
};
const ensure = () => ensureRoles({ url: () => postgres.url }, 'session', PASSWORD);
const as = async (role: DatabaseRole, sql: string): Promise<unknown[]> => {
  const client = new Client({ connectionString: urlOf(role) });
  await client.connect();
  try {
    return (await client.query<object>(sql)).rows;
  } finally {
    await client.end();
  }
};
const DENIED = { code: '42501' };

beforeAll(async () => {
  // Migrated by the superuser, as an earlier version was: what it made is handed to the owner.
  postgres = await startOwnPostgres();
  await ensure();
  await ensure();
});
afterAll(() => postgres.stop());

test('the owner may change the schema, and owns all of it', async () => {
  await migrate(urlOf('owner'));
  await as('owner', 'CREATE TABLE made_later (id bigserial PRIMARY KEY, name text)');
  await as('owner', 'ALTER TABLE coach ADD COLUMN extra text');
  await as('owner', `ALTER TYPE "Mode" ADD VALUE 'other'`);
  const foreign = await postgres.sql(`
    SELECT relname FROM pg_class
    WHERE relnamespace = 'public'::regnamespace AND relowner <> 'session_owner'::regrole`);
  expect(foreign).toEqual([]);
});

describe.each(['api', 'worker'] as const)('the role of the %s', (role) => {
  test('reads and writes rows, of tables that are made later too', async () => {
    const db = createDb(urlOf(role), 2);
    try {
      const id = `coach_of_${role}`;
      await db.coach.create({ data: { id, name: 'A Coach' } });
      await db.inbox.create({ data: { mode: 'test', eventId: `evt_${role}`, type: 'x', payload: {} } });
      await db.coach.update({ where: { id }, data: { name: 'Another' } });
      await db.coach.delete({ where: { id } });
      await db.$queryRaw`SELECT pg_notify('inbox', '')::text`;
    } finally {
      await db.$disconnect();
    }
    await as(role, `INSERT INTO made_later (name) VALUES ('${role}')`);
  });

  test.each([
    ['makes no table', 'CREATE TABLE mine (id int)'],
    ['makes no temporary table', 'CREATE TEMPORARY TABLE mine (id int)'],
    ['makes no schema', 'CREATE SCHEMA mine'],
    ['makes no function', 'CREATE FUNCTION mine() RETURNS int LANGUAGE sql AS $$ SELECT 1 $$'],
    ['changes no table', 'ALTER TABLE coach ADD COLUMN mine text'],
    ['drops no table', 'DROP TABLE coach'],
    ['empties no table', 'TRUNCATE inbox'],
    [
      'puts no trigger on a table',
      'CREATE TRIGGER mine BEFORE INSERT ON coach EXECUTE FUNCTION inbox_notify()',
    ],
    ['switches no trigger off', 'ALTER TABLE inbox DISABLE TRIGGER ALL'],
    ['does not see the list of migrations', 'SELECT * FROM _prisma_migrations'],
    ['makes no role', 'CREATE ROLE mine'],
    ['becomes nobody else', 'SET ROLE session_owner'],
    ['reads no password', 'SELECT * FROM pg_authid'],
    ['runs no program', `COPY (SELECT 1) TO PROGRAM 'true'`],
  ])('%s', async (_what, sql) => {
    await expect(as(role, sql)).rejects.toMatchObject(DENIED);
  });
});

test('somebody else who may log in is not let into the database', async () => {
  await postgres.sql(`CREATE ROLE stranger LOGIN PASSWORD 'stranger'`);
  const url = new URL(postgres.url);
  url.username = url.password = 'stranger';
  await expect(new Client({ connectionString: url.href }).connect()).rejects.toMatchObject(DENIED);
});
