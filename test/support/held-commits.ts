import { Client } from 'pg';
import { eventually } from './eventually';

/** Of the advisory lock that holds commits back; nobody else uses it. */
const LOCK = "pg_catalog.hashtext('held-commits')";

/**
 * Holds back every change of a table's rows until `release()`, by an advisory lock that a trigger of the test's waits for:
 * so that the order of two writers is what the test says, and no matter of luck.
 */
export async function holdCommits(databaseUrl: string, table: string) {
  const client = new Client({ connectionString: databaseUrl });
  // Where a test fails before it lets go, the database ends the connection.
  client.on('error', () => undefined);
  await client.connect();
  await client.query(`SELECT pg_advisory_lock(${LOCK})`);
  await client.query(`
    CREATE FUNCTION held_${table}() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN PERFORM pg_advisory_xact_lock_shared(${LOCK}); RETURN NEW; END $$;
    CREATE TRIGGER held_${table} BEFORE UPDATE ON ${table} FOR EACH ROW EXECUTE FUNCTION held_${table}()`);
  return {
    /** Until so many transactions wait, for the lock or for one another. */
    waiting: (count: number) =>
      eventually(`${count} writers that wait`, async () => {
        const { rows } = await client.query<{ waiting: number }>(`
          SELECT count(DISTINCT l.pid)::int AS waiting FROM pg_locks l
          JOIN pg_stat_activity a ON a.pid = l.pid
          WHERE NOT l.granted AND a.datname = current_database() AND l.pid <> pg_backend_pid()`);
        return rows[0]?.waiting === count;
      }),
    /** Lets all of them go on; nothing is held from now on. */
    async release() {
      await client.query(`SELECT pg_advisory_unlock(${LOCK})`);
      await client.query(`DROP TRIGGER held_${table} ON ${table}; DROP FUNCTION held_${table}`);
      await client.end();
    },
  };
}
