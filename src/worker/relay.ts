import { keepConnection } from '../db/kept-connection';
import { wordsOf } from '../stripe/errors';
import { createBell } from './bell';
import { dispatchLane, type DispatchDeps } from './dispatch';
import { byLane, claim, type InboxRow, millisecondsToNextLease } from './inbox';
import { Lanes } from './lanes';
import { wakeOverdue } from './overdue';

/** Rows of one claim. */
const BATCH = 100;
/** Lanes that are worked on at once. An account that is slow keeps its own for as long as its budget, and no other's. */
const LANES = 20;
/** Milliseconds before a failed round is tried again. */
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
  const bell = createBell();
  const listener = keepConnection({
    databaseUrl: deps.databaseUrl,
    name: 'relay',
    async begin(client) {
      client.on('notification', bell.ring);
      await client.query('LISTEN inbox');
      // Rows may have come while nobody listened.
      bell.ring();
    },
    onTrouble: (why) => deps.log.warn({ why }, 'The relay cannot listen at the moment'),
  });
  /** What is under way, by lane: its next rows are taken when these are dispatched. */
  const underWay = new Map<string, Promise<void>>();
  const stopped = new AbortController();
  const lanes = new Lanes(deps.db, stopped.signal);
  const begin = (key: string, rows: readonly InboxRow[]) => {
    const work = dispatchLane(deps, rows, lanes.begin(key, rows))
      .catch((error: unknown) =>
        deps.log.warn({ lane: key, why: wordsOf(error) }, 'Events could not be dispatched'),
      )
      .finally(() => {
        underWay.delete(key);
        bell.ring();
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
    while (!bell.isStopped()) {
      bell.reset();
      try {
        const free = LANES - underWay.size;
        const rows = free > 0 ? await claim(deps.db, BATCH, { busy: [...underWay.keys()], lanes: free }) : [];
        for (const [key, of] of byLane(rows)) begin(key, of);
        if (Date.now() >= nextSweep) {
          sweep();
          lanes.forgetIdle((key) => underWay.has(key));
          nextSweep = Date.now() + deps.pollSeconds * 1000;
        }
        if (rows.length === BATCH) continue;
        const lease =
          underWay.size < LANES ? await millisecondsToNextLease(deps.db, [...underWay.keys()]) : null;
        await bell.wait(Math.min(deps.pollSeconds * 1000, lease ?? Infinity));
      } catch (error) {
        deps.log.warn({ why: wordsOf(error) }, 'A round of the relay failed');
        await bell.wait(RETRY);
      }
    }
    await Promise.all([...underWay.values(), sweeping]);
  };
  const running = run();
  return {
    async stop() {
      bell.stop();
      stopped.abort();
      // It hears of nothing new; what is under way comes to its end.
      await listener.stop();
      await running;
    },
  };
}
