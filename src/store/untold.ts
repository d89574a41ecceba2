import type { Db } from '../db/client';
import type { HintType } from '../domain/hints';
import { newId } from '../domain/ids';
import type { Mode } from '../domain/mode';
import { insertHints } from './hints';

/** Which of these memberships something waits for in the inbox: they are looked at in any case. */
export async function toldOf(
  db: Db,
  memberships: readonly { id: string }[],
): Promise<ReadonlySet<string | null>> {
  const waiting = await db.inbox.findMany({
    where: {
      targetKind: 'membership',
      targetId: { in: memberships.map(({ id }) => id) },
      status: 'waiting',
    },
    select: { targetId: true },
  });
  return new Set(waiting.map(({ targetId }) => targetId));
}

/** A hint for each membership that none waits for yet; the answer is how many were given. */
export async function hintAtUntold(
  db: Db,
  { mode, accountId }: { mode: Mode; accountId: string },
  memberships: readonly { id: string }[],
  type: HintType,
): Promise<number> {
  const told = await toldOf(db, memberships);
  const untold = memberships.filter(({ id }) => !told.has(id));
  await insertHints(
    db,
    untold.map(({ id }) => ({
      mode,
      accountId,
      type,
      eventId: newId('hint'),
      target: { kind: 'membership', id },
    })),
  );
  return untold.length;
}
