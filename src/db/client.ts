import { PrismaPg } from '@prisma/adapter-pg';
import type { Pool } from 'pg';
import { PrismaClient, type Prisma } from './generated/client';
import { createPool, type DatabaseTimeouts, REQUEST_TIMEOUTS_MS } from './pool';

export type Db = PrismaClient;
/** The client inside a transaction. */
export type Tx = Prisma.TransactionClient;

/** So many statements are kept by a connection; with lists of all lengths in them there would be no end to them. */
const MAX_PREPARED = 500;

/**
 * Names for statements, so that Postgres parses and plans each once a connection and not at each execution
 * (https://www.postgresql.org/docs/current/sql-prepare.html). Prisma's statements name their columns, so that a migration
 * which adds some leaves them as they are. Past the bound a statement has no name, and is not kept.
 */
function createStatementNames(): (statement: { sql: string }) => string {
  const names = new Map<string, string>();
  return ({ sql }) => {
    const known = names.get(sql);
    if (known !== undefined) return known;
    if (names.size >= MAX_PREPARED) return '';
    const name = `s${names.size}`;
    names.set(sql, name);
    return name;
  };
}

/** A client, and its connections for what is asked too often to go through it (docs/performance.md). */
export interface Database {
  db: Db;
  pool: Pool;
}

/** A client with a pool of its own; `db.$disconnect()` ends both. Without timeouts of its own it has those of a request. */
export function createDatabase(
  url: string,
  poolSize = 10,
  timeouts: DatabaseTimeouts = REQUEST_TIMEOUTS_MS,
): Database {
  const pool = createPool(url, poolSize, timeouts);
  const statementNameGenerator = createStatementNames();
  const db = new PrismaClient({
    adapter: new PrismaPg(pool, { disposeExternalPool: true, statementNameGenerator }),
    // Without it every call looks up in the source where it stands, to be quoted in an error that nobody is shown.
    errorFormat: 'minimal',
  });
  return { db, pool };
}

/** The client of {@link createDatabase} alone. */
export function createDb(...args: Parameters<typeof createDatabase>): Db {
  return createDatabase(...args).db;
}
