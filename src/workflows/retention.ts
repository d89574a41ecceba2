import { log, patched, setCurrentDetails } from '@temporalio/workflow';
import { RETENTION_KINDS, type RetentionKind } from '../domain/retention';
import { backgroundActivities } from './background';

/** What came later: a run that began before goes on without. */
const LATER: ReadonlySet<RetentionKind> = new Set(['facts', 'mails', 'audit_entries', 'former_users']);

/** Deletes what is kept no longer; the result says how many rows of each kind, null for one that could not be read. */
export async function retention(): Promise<Record<RetentionKind, number | null>> {
  const { deleteOld } = backgroundActivities({
    startToCloseTimeout: '10 minutes',
    retry: { maximumInterval: '1 minute', maximumAttempts: 5 },
  });
  const deleted = {} as Record<RetentionKind, number | null>;
  const kinds = RETENTION_KINDS.filter((kind) => !LATER.has(kind) || patched(kind));
  for (const kind of kinds)
    try {
      deleted[kind] = await deleteOld({ kind });
    } catch {
      // One kind that cannot be deleted keeps no other; the next run tries again.
      deleted[kind] = null;
      log.warn('What is kept no longer could not be deleted', { kind });
    }
  setCurrentDetails(kinds.map((kind) => `${kind}: ${deleted[kind] ?? 'failed'}`).join(', '));
  return deleted;
}
