import { Client as PgClient } from 'pg';
import { wordsOf } from '../stripe/errors';
import { dispatchAccount, type DispatchDeps } from './dispatch';
import { byAccount, claim, type InboxRow, millisecondsToNextLease } from './inbox';
import { wakeOverdue } from './overdue';

/** Rows of one claim. */
const BATCH = 100;
/** Accounts that are worked on at once. One that is slow keeps its own place for as long as its budget, and no other's. */
const ACCOUNTS = 20;
/** Milliseconds before a lost LISTEN connection, or a failed round, is tried again. */
const RETRY = 1000;
/** Milliseconds for all that one sweep tells Temporal. */
const SWEEP_TIMEOUT_MS = 60_000;

export interface Relay {
  /** Ends the relay after the round under way. */
  stop(): Promise<void>;
}

/**
 * Brings the inbox's rows to their runs. Not a workflow: it has to outlive an outage of Temporal. It hears of new rows
 * by Postgres' NOTIFY at once, of lapsed leases by its own timer, and polls as a fallback.
 */
export function startRelay(deps: DispatchDeps & { databaseUrl: string; pollSeconds: number }): Relay {
  let stopping = false;
  let heard = true;
  let wakeUp: () => void = () => undefined;
  const hear = () => {
    heard = true;
    wakeUp();
  };
  const sleep = (ms: number) =>
    new Promise<void>((resolve) => {
      if (heard || stopping) return resolve();
      const timer = setTimeout(resolve, ms);
      wakeUp = () => {
        clearTimeout(timer);
        resolve();
      };
    });

  const listener = listen(deps, hear);
  /** What is under way, by account: its next rows are taken when these are dispatched. */
  const underWay = new Map<string, Promise<void>>();
  const begin = (key: string, rows: readonly InboxRow[]) => {
    const work = dispatchAccount(deps, rows)
      .catch((error: unknown) =>
        deps.log.warn({ account: key, why: wordsOf(error) }, 'Events could not be dispatched'),
      )
      .finally(() => {
        underWay.delete(key);
        hear();
      });
    underWay.set(key, work);
  };
  let sweeping: Promise<void> | undefined;
  const sweep = () => {
    sweeping ??= deps.workflows
      .withDeadline(SWEEP_TIMEOUT_MS, () => wakeOverdue(deps))
      .then(
        () => undefined,
        (error: unknown) => deps.log.warn({ why: wordsOf(error) }, 'A sweep of the relay failed'),
      )
      .finally(() => {
        sweeping = undefined;
      });
  };
  const run = async () => {
    let nextSweep = 0;
    while (!stopping) {
      heard = false;
      try {
        const free = ACCOUNTS - underWay.size;
        const rows =
          free > 0 ? await claim(deps.db, BATCH, { busy: [...underWay.keys()], accounts: free }) : [];
        for (const [key, of] of byAccount(rows)) begin(key, of);
        if (Date.now() >= nextSweep) {
          sweep();
          nextSweep = Date.now() + deps.pollSeconds * 1000;
        }
        if (rows.length === BATCH) continue;
        const lease =
          underWay.size < ACCOUNTS ? await millisecondsToNextLease(deps.db, [...underWay.keys()]) : null;
        await sleep(Math.min(deps.pollSeconds * 1000, lease ?? Infinity));
      } catch (error) {
        deps.log.warn({ why: wordsOf(error) }, 'A round of the relay failed');
        await sleep(RETRY);
      }
    }
    await Promise.all([...underWay.values(), sweeping]);
  };
  const running = run();
  return {
    async stop() {
      stopping = true;
      wakeUp();
      await running;
      await listener.stop();
    },
  };
}

/** Holds a LISTEN connection; after a loss it connects again and says so, as rows may have come meanwhile. */
function listen(deps: DispatchDeps & { databaseUrl: string }, hear: () => void): { stop(): Promise<void> } {
  let stopped = false;
  let client: PgClient | undefined;
  let retry: NodeJS.Timeout | undefined;
  const connect = async () => {
    const next = new PgClient({ connectionString: deps.databaseUrl, application_name: 'relay' });
    const lost = () => {
      next.removeAllListeners('end');
      if (stopped || client !== next) return;
      client = undefined;
      retry = setTimeout(() => void connect(), RETRY);
    };
    client = next;
    next.on('notification', hear);
    next.on('error', (error) => {
      deps.log.warn({ why: error.message }, 'The relay lost its LISTEN connection');
      lost();
    });
    next.on('end', lost);
    try {
      await next.connect();
      await next.query('LISTEN inbox');
      hear();
    } catch (error) {
      deps.log.warn({ why: error instanceof Error ? error.message : 'error' }, 'The relay cannot listen yet');
      lost();
    }
  };
  void connect();
  return {
    async stop() {
      stopped = true;
      clearTimeout(retry);
      await client?.end().catch(() => undefined);
    },
  };
}
