import type { Db } from '../db/client';
import type { Target } from '../messages/messages';
import { type WaitingEvent, waitingEvents } from './waiting-events';

/**
 * The one way in which anything changes here, whatever woke it: **read** the row's revision and the inbox rows that
 * wait for it, **fetch** the present state from Stripe, **decide** with a pure function, **commit** in one transaction
 * that is guarded by the revision and marks exactly those inbox rows done. On a miss, start again from the read.
 * Order, repeats and lateness of events then stop mattering (docs/architecture.md).
 */

/** Thrown inside the transaction to roll it back when somebody else committed first. */
class Stale extends Error {}

/** How many commits of others are waited out before Temporal's retry takes over. */
const MAX_MISSES = 8;

/** Raises the revision; rolls the transaction back when the row is no longer the one that was read. */
export function expectRevision(updated: { count: number }): void {
  if (updated.count !== 1) throw new Stale();
}

/**
 * Runs read → fetch → decide → commit until a commit holds.
 * `work` gets the waiting events and does the rest; it calls `expectRevision` with the result of its guarded update.
 */
export async function syncTarget<T>(
  db: Db,
  target: Target,
  work: (events: WaitingEvent[]) => Promise<T>,
): Promise<T> {
  for (let misses = 0; ; misses++) {
    try {
      return await work(await waitingEvents(db, target));
    } catch (error) {
      if (!(error instanceof Stale) || misses >= MAX_MISSES) throw error;
    }
  }
}
