import { query } from '../../src/local/postgres/server';
import { missingSearchAttributes } from '../../src/temporal/namespace';
import { createTestDatabase } from '../harness/postgres';
import { getDevServer } from '../harness/temporal';

test('every test database is migrated and separate', async () => {
  const [one, other] = await Promise.all([createTestDatabase(), createTestDatabase()]);
  try {
    await query(one.url, 'CREATE TABLE only_here (id int)');
    const found = (url: string) => query(url, "SELECT to_regclass('only_here') IS NOT NULL AS found");
    expect(await found(one.url)).toEqual([{ found: true }]);
    expect(await found(other.url)).toEqual([{ found: false }]);
    const migrations = await query(other.url, 'SELECT migration_name FROM _prisma_migrations');
    expect(migrations.length).toBeGreaterThan(0);
  } finally {
    await Promise.all([one.drop(), other.drop()]);
  }
});

test('the Temporal server knows our search attributes', async () => {
  const server = await getDevServer();
  try {
    expect(await missingSearchAttributes(server.client.connection, server.namespace)).toEqual([]);
  } finally {
    await server.close();
  }
});
