import type { Db, Tx } from '../../db/client';
import { isUniqueViolation } from '../../db/errors';
import type { LiveCopy } from '../../db/generated/client';
import { ProblemError } from '../../domain/problem';
import { lockCoach } from '../coach-lock';
import type { CopyContext } from './kind';
import { planLiveCopy } from './plan';

/**
 * Stores a copying with everything that there is to do; the same request again finds its own. One that has nothing to do is over.
 * @throws ProblemError `live_copy_in_progress` while another one of the coach is not over
 */
export async function storeLiveCopy(db: Db, id: string, context: CopyContext): Promise<void> {
  try {
    await db.$transaction((tx) => insert(tx, id, context));
  } catch (error) {
    if (!isUniqueViolation(error)) throw error;
    if ((await db.liveCopy.count({ where: { id } })) > 0) return;
    throw new ProblemError('live_copy_in_progress', 'Test mode is being copied to live mode already.');
  }
}

async function insert(tx: Tx, id: string, context: CopyContext): Promise<void> {
  const { coachId } = context;
  await lockCoach(tx, coachId);
  const plan = await planLiveCopy(tx, context);
  const toDo = plan.filter(({ action }) => action === 'new' || action === 'change');
  const over = toDo.length === 0 ? { status: 'done' as const, endedAt: new Date() } : {};
  await tx.liveCopy.create({ data: { id, coachId, mode: 'live', ...over } });
  await tx.liveCopyItem.createMany({
    data: toDo.map(({ kind, testId, liveId, name, action }, position) => ({
      copyId: id,
      coachId,
      mode: 'live' as const,
      position,
      kind,
      testId,
      liveId,
      name,
      action,
    })),
  });
}

/** Ends a copying that is not over; the row's lock orders this and a request to cancel it. */
export function endLiveCopy(db: Db, copyId: string, isCancelled: boolean): Promise<LiveCopy> {
  return db.$transaction(async (tx) => {
    await tx.$queryRaw`SELECT 1 FROM live_copy WHERE id = ${copyId} FOR UPDATE`;
    const open = await tx.liveCopyItem.count({
      where: { copyId, status: { in: ['failed', 'skipped'] } },
    });
    await tx.liveCopy.updateMany({
      where: { id: copyId, endedAt: null },
      data: {
        status: isCancelled ? 'cancelled' : open > 0 ? 'incomplete' : 'done',
        endedAt: new Date(),
      },
    });
    return tx.liveCopy.findUniqueOrThrow({ where: { id: copyId } });
  });
}
