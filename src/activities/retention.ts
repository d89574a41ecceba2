import type { RetentionKind } from '../domain/retention';
import { deleteBatch } from '../store/retention';
import type { ActivityDeps } from './deps';

/** Rows of one transaction: few enough that nobody waits for it. */
const BATCH = 500;
/** Batches of one run; what is left then is the next run's. */
const MOST = 400;

/** Activities of the retention. */
export function createRetentionActivities({ db, clock, log, retention }: ActivityDeps) {
  return {
    /** Deletes what of one kind is kept no longer, batch by batch. Answers how many rows it was. Safe to repeat. */
    async deleteOld({ kind }: { kind: RetentionKind }): Promise<number> {
      const now = await clock.now('live', null);
      let rows = 0;
      for (let batch = 0; batch < MOST; batch++) {
        const deleted = await deleteBatch(db, kind, { retention, now, limit: BATCH });
        rows += deleted;
        if (deleted < BATCH) break;
      }
      log.info({ kind, rows }, 'What was kept long enough is deleted');
      return rows;
    },
  };
}
