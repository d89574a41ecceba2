import { Client as PgClient } from 'pg';
import { dispatch, type DispatchDeps } from './dispatch';
import { claim, millisecondsToNextLease } from './inbox';
import { wakeOverdue } from './overdue';

const BATCH = 100;
/** Milliseconds before a lost LISTEN connection, or a failed round, is tried again. */
const RETRY = 1000;
/** Milliseconds for all that one sweep tells Temporal. */
const SWEEP_PATIENCE = 60_000;

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
  const run = async () => {
    let nextSweep = 0;
    while (!stopping) {
      heard = false;
      try {
        const rows = await claim(deps.db, BATCH);
        await dispatch(deps, rows);
        if (rows.length === BATCH) continue;
        if (Date.now() >= nextSweep) {
          await deps.runs.within(SWEEP_PATIENCE, () => wakeOverdue(deps));
          nextSweep = Date.now() + deps.pollSeconds * 1000;
        }
        const lease = await millisecondsToNextLease(deps.db);
        await sleep(Math.min(deps.pollSeconds * 1000, lease ?? Infinity));
      } catch (error) {
        deps.log.warn(
          { why: error instanceof Error ? error.message : 'error' },
          'A round of the relay failed',
        );
        await sleep(RETRY);
      }
    }
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
