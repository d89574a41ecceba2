import { randomUUID } from 'node:crypto';
import { PrismaPg } from '@prisma/adapter-pg';
import pg from 'pg';

/** Postgres' type ids for `"char"` (a single byte, used all over its catalogue) and `text`. */
const OID_CHAR = 18;
const OID_TEXT = 25;
const MAX_CONNECTIONS = 4;

/**
 * Makes catalogue queries readable. `@prisma/adapter-pg` refuses columns of type `"char"`, which the application never
 * selects but the schema engine does; as text they come out right.
 */
function readCharAsText(queryable) {
  const performIO = queryable.performIO.bind(queryable);
  queryable.performIO = async (query) => {
    const result = await performIO(query);
    for (const field of result.fields) {
      if (field.dataTypeID === OID_CHAR) field.dataTypeID = OID_TEXT;
    }
    return result;
  };
  return queryable;
}

async function connect(url, afterDispose = async () => {}) {
  const pool = new pg.Pool({ connectionString: url, max: MAX_CONNECTIONS });
  const adapter = readCharAsText(await new PrismaPg(pool).connect());
  const startTransaction = adapter.startTransaction.bind(adapter);
  adapter.startTransaction = async (isolationLevel) => readCharAsText(await startTransaction(isolationLevel));
  // The adapter splits a script at every semicolon, also inside a function's body or a string; Postgres does not.
  adapter.executeScript = async (script) => {
    try {
      await pool.query(script);
    } catch (error) {
      adapter.onError(error);
    }
  };
  adapter.dispose = async () => {
    await pool.end();
    await afterDispose();
  };
  return adapter;
}

async function execute(url, sql) {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
}

/**
 * The schema engine's way to the database: `@prisma/adapter-pg`, with what it lacks for migrations mended.
 * Its own `connectToShadowDb` ignores the shadow database's name where the datasource is a URL, and would replay every
 * migration into the real database; so it is written anew here.
 */
export function createAdapterFactory({ url, shadowDatabaseUrl }) {
  return {
    provider: 'postgres',
    adapterName: '@prisma/adapter-pg',
    connect: () => connect(url),
    async connectToShadowDb() {
      if (shadowDatabaseUrl) return connect(shadowDatabaseUrl);
      const name = `prisma_migrate_shadow_db_${randomUUID()}`;
      await execute(url, `CREATE DATABASE "${name}"`);
      const shadow = new URL(url);
      shadow.pathname = `/${name}`;
      return connect(shadow.href, () => execute(url, `DROP DATABASE "${name}" WITH (FORCE)`));
    },
  };
}
