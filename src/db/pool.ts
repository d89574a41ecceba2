import { type ClientBase, Pool } from 'pg';

/**
 * Milliseconds that a database which does not answer is waited for.
 * https://www.postgresql.org/docs/current/runtime-config-client.html and https://node-postgres.com/apis/client
 */
export interface DatabaseTimeouts {
  /** For a connection, a free one of the pool or a new one. */
  connect: number;
  /** For a lock that somebody else holds; Postgres gives up itself. */
  lock: number;
  /** For one statement; Postgres gives up itself. */
  statement: number;
  /** For the answer to one statement, when Postgres cannot even give up: it hangs, or the network does. */
  answer: number;
  /** That Postgres keeps a transaction, and its locks, of a process which says nothing any more. */
  idleInTransaction: number;
}

/** Somebody waits: a 503 is there within five seconds, whatever the database does. */
export const REQUEST_TIMEOUTS_MS: DatabaseTimeouts = {
  connect: 3000,
  lock: 3000,
  statement: 3500,
  answer: 4000,
  idleInTransaction: 10_000,
};

/** Nobody waits, and whatever fails is tried again; shorter than the leases and the activities that ask. */
export const BACKGROUND_TIMEOUTS_MS: DatabaseTimeouts = {
  connect: 5000,
  lock: 8000,
  statement: 12_000,
  answer: 13_000,
  idleInTransaction: 20_000,
};

/** A pool of connections to Postgres, none of which is waited for without end. */
export function createPool(url: string, size: number, timeouts: DatabaseTimeouts): Pool {
  const pool = new Pool({
    connectionString: url,
    max: size,
    keepAlive: true,
    keepAliveInitialDelayMillis: 10_000,
    connectionTimeoutMillis: timeouts.connect,
    lock_timeout: timeouts.lock,
    statement_timeout: timeouts.statement,
    query_timeout: timeouts.answer,
    idle_in_transaction_session_timeout: timeouts.idleInTransaction,
  });
  pool.on('connect', endWhenLate);
  return pool;
}

/** What `pg` says when the answer to a statement did not come in time; it has no code. */
export const READ_TIMEOUT = 'Query read timeout';

/**
 * A statement whose answer did not come may be under way still, and a transaction around it open: its connection is
 * ended, or the next one who is given it would speak in that transaction.
 */
function endWhenLate(client: ClientBase & { end?: () => Promise<void> }): void {
  const query = client.query.bind(client) as (...args: unknown[]) => unknown;
  client.query = ((...args: unknown[]) => {
    const result = query(...args);
    // With a callback the pool itself asks, and ends the connection after any error.
    if (result instanceof Promise)
      result.catch((error: unknown) => {
        if (error instanceof Error && error.message === READ_TIMEOUT) void client.end?.();
      });
    return result;
  }) as ClientBase['query'];
}
