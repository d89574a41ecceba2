import { PrismaPg } from '@prisma/adapter-pg';
import type {
  IsolationLevel,
  SqlDriverAdapter,
  SqlQuery,
  SqlResultSet,
  Transaction,
} from '@prisma/driver-adapter-utils';
import { Client, Pool, type QueryConfig, type QueryResult } from 'pg';
import { effect, outside, presentLife, read } from './lives';

/** What a statement writes, as `insert checkout`; locks (`FOR UPDATE`) and `ON CONFLICT DO UPDATE` write nothing of their own. */
const WRITES =
  /(?<!\bFOR |\bKEY |\bDO )\b(INSERT INTO|UPDATE|DELETE FROM)\s+(?:ONLY\s+)?(?:"?public"?\.)?"?([a-z_]+)"?/gi;

/** What a statement writes, in words. */
export function writesOf(sql: string): string[] {
  return [...sql.matchAll(WRITES)].map(
    ([, verb = '', table = '']) => `${verb.split(' ')[0]?.toLowerCase()} ${table}`,
  );
}

const named = (writes: readonly string[]) => `database ${[...new Set(writes)].join(', ')}`;

const COMMIT: SqlQuery = { sql: 'COMMIT', args: [], argTypes: [] };
const ROLLBACK: SqlQuery = { ...COMMIT, sql: 'ROLLBACK' };

/** Rolls back, and gives the connection back: whoever began it is gone. */
async function abandon(transaction: Pick<Transaction, 'executeRaw' | 'rollback'>): Promise<void> {
  const give = () => transaction.rollback();
  await transaction.executeRaw(ROLLBACK).then(give, give);
}

/** Whether anything is another than before, by the number of rows that were written or their answer. */
const isTouched = (result: SqlResultSet | number): boolean =>
  typeof result === 'number' ? result > 0 : result.rows.length > 0;

/** Until it is committed a transaction is nothing; Postgres rolls back that of a process which is gone. */
function watchTransaction(transaction: Transaction): Transaction {
  const { queryRaw, executeRaw, commit, rollback } = transaction;
  const writes: string[] = [];
  let touched = false;
  let over = false;
  const death: { forget?: (() => void) | undefined } = {};
  const end = () => {
    over = true;
    death.forget?.();
  };
  death.forget = presentLife()?.onDeath(() => {
    if (over) return;
    end();
    void abandon({ executeRaw: executeRaw.bind(transaction), rollback: rollback.bind(transaction) });
  });
  const statementOf =
    <T extends SqlResultSet | number>(perform: (query: SqlQuery) => Promise<T>, nothing: T) =>
    (query: SqlQuery): Promise<T> => {
      // Prisma's own clock ends a transaction whose process is gone: it has been rolled back already.
      if (over) return Promise.resolve(nothing);
      if (query.sql === COMMIT.sql) {
        const committing = () => {
          // From here on there is nothing to roll back.
          end();
          return perform.call(transaction, query);
        };
        const freed = () => committing().finally(() => commit.call(transaction));
        return touched ? effect(named(writes), freed) : read(freed);
      }
      const written = writesOf(query.sql);
      writes.push(...written);
      return read(async () => {
        const result = await perform.call(transaction, query);
        // What finds no row to write is no effect: a relay looks again and again whether there is anything to do.
        touched ||= written.length > 0 && isTouched(result);
        return result;
      });
    };
  transaction.queryRaw = statementOf(queryRaw, { columnNames: [], columnTypes: [], rows: [] });
  transaction.executeRaw = statementOf(executeRaw, 0);
  // The connection was given back with the commit.
  transaction.commit = () => Promise.resolve();
  transaction.rollback = async () => {
    if (over) return;
    end();
    await rollback.call(transaction);
  };
  return transaction;
}

function watchAdapter(adapter: SqlDriverAdapter): SqlDriverAdapter {
  const { queryRaw, executeRaw, startTransaction } = adapter;
  const begin = async (isolation?: IsolationLevel): Promise<Transaction> => {
    const transaction = await read(async () => {
      const begun = await startTransaction.call(adapter, isolation);
      if (presentLife()?.dead === true) await abandon(begun);
      return begun;
    });
    return watchTransaction(transaction);
  };
  /** A statement that writes commits by itself. In a transaction of its own it is known what it has written before it does. */
  const alone = async <T>(work: (transaction: Transaction) => Promise<T>): Promise<T> => {
    const transaction = await begin();
    try {
      const result = await work(transaction);
      await transaction.executeRaw(COMMIT);
      return result;
    } catch (error) {
      await abandon(transaction);
      throw error;
    }
  };
  const isWatched = ({ sql }: SqlQuery) => presentLife() !== undefined && writesOf(sql).length > 0;
  adapter.queryRaw = (query) =>
    isWatched(query)
      ? alone((transaction) => transaction.queryRaw(query))
      : read(() => queryRaw.call(adapter, query));
  adapter.executeRaw = (query) =>
    isWatched(query)
      ? alone((transaction) => transaction.executeRaw(query))
      : read(() => executeRaw.call(adapter, query));
  adapter.startTransaction = begin;
  return adapter;
}

/** A statement in a transaction of its own: until it is committed it is nothing. */
async function queryAlone(pool: Pool, asked: QueryConfig, writes: readonly string[]): Promise<QueryResult> {
  const client = await pool.connect();
  let isGiven = false;
  const give = (broken: boolean) => {
    if (isGiven) return;
    isGiven = true;
    client.release(broken);
  };
  // Without its connection Postgres rolls back.
  const forget = presentLife()?.onDeath(() => give(true));
  try {
    await client.query('BEGIN');
    const result = await read(() => client.query(asked));
    const commit = () => client.query('COMMIT');
    await ((result.rowCount ?? 0) > 0 ? effect(named(writes), commit) : read(commit));
    give(false);
    return result;
  } catch (error) {
    give(true);
    throw error;
  } finally {
    forget?.();
  }
}

/**
 * Has every statement and commit of every Prisma client that connects from now on be an effect of whoever asks, and every
 * connection that is not a pool's die with its life. Answers how it is undone.
 */
export function watchDatabase(): () => void {
  const { connect } = PrismaPg.prototype;
  const connectPool = Pool.prototype.connect as (...args: unknown[]) => unknown;
  const queryPool = Pool.prototype.query as (...args: unknown[]) => unknown;
  const connectClient = Client.prototype.connect as (...args: unknown[]) => unknown;
  PrismaPg.prototype.connect = async function () {
    const adapter = await outside(() => connect.call(this));
    return watchAdapter(adapter) as typeof adapter;
  };
  // A pool outlives who used it first.
  Pool.prototype.connect = function (this: Pool, ...args: unknown[]) {
    return outside(() => connectPool.apply(this, args));
  } as typeof Pool.prototype.connect;
  // What goes past Prisma; what Prisma writes was met by its adapter, in a transaction, and does not come here.
  Pool.prototype.query = function (this: Pool, ...args: unknown[]) {
    const [asked] = args as [QueryConfig | undefined];
    if (asked?.name === undefined || presentLife() === undefined) return queryPool.apply(this, args);
    const writes = writesOf(asked.text);
    return writes.length === 0
      ? read(() => queryPool.apply(this, args) as Promise<unknown>)
      : queryAlone(this, asked, writes);
  } as typeof Pool.prototype.query;
  Client.prototype.connect = function (this: Client, ...args: unknown[]) {
    presentLife()?.onDeath(() => {
      this.removeAllListeners();
      this.on('error', () => undefined);
      void this.end().catch(() => undefined);
    });
    return connectClient.apply(this, args);
  } as typeof Client.prototype.connect;
  return () => {
    PrismaPg.prototype.connect = connect;
    Pool.prototype.connect = connectPool as typeof Pool.prototype.connect;
    Pool.prototype.query = queryPool as typeof Pool.prototype.query;
    Client.prototype.connect = connectClient as typeof Client.prototype.connect;
  };
}
