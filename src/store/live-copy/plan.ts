import type { Db, Tx } from '../../db/client';
import type { Compared, CopyContext } from './kind';
import { COPIED_KINDS } from './kinds';

/** The account that the coach has connected in live mode; null: none. */
export async function liveAccountOf(db: Db | Tx, coachId: string): Promise<string | null> {
  const row = await db.connection.findFirst({
    where: { coachId, mode: 'live', status: 'connected' },
    select: { accountId: true },
  });
  return row?.accountId ?? null;
}

/** Everything that the coach has in test mode, compared with live mode, in the order in which it is brought. */
export async function planLiveCopy(db: Db | Tx, context: CopyContext): Promise<Compared[]> {
  const found: Compared[] = [];
  for (const kind of COPIED_KINDS) found.push(...(await kind.compare(db, context)));
  return found;
}
