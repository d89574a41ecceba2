import type { Db, Tx } from '../../db/client';
import { ProblemError } from '../../domain/problem';
import { type Seconds, toDate, toDateOrNull } from '../../domain/time';
import { lockAccess, type MemberProductKey, type TimelineFacts } from '../../store/access-change';
import type { CoachAuth } from '../http/route';

/** @throws ProblemError `invalid_request`: the end of a gift lies in the past */
export function expectFuture(until: Seconds | null, now: Seconds): void {
  if (until !== null && until <= now)
    throw new ProblemError('invalid_request', 'The end lies in the past.', { field: 'until' });
}

/** A person with the coach's key did it, outside of any run. */
export function by(auth: CoachAuth): Pick<TimelineFacts, 'cause' | 'run'> {
  return { cause: { cause: 'person', causeId: auth.keyId }, run: null };
}

interface Gift {
  /** The same in a repetition, which gives nothing again. */
  grantId: string;
  key: MemberProductKey;
  until: Seconds | null;
  note: string | null;
  now: Seconds;
}

/**
 * Gives access as a gift, under the lock of member and product.
 * @param findSame asked under that lock: a gift that does as well, so that none is given
 * @returns the id of the gift that they have now
 */
export async function giveGift(
  db: Db,
  auth: CoachAuth,
  { grantId, key, until, note, now }: Gift,
  findSame: (tx: Tx) => Promise<string | null> = () => Promise.resolve(null),
): Promise<string> {
  return db.$transaction(async (tx) => {
    const access = await lockAccess(tx, key, now);
    const same = await findSame(tx);
    if (same !== null) return same;
    const { count } = await tx.grant.createMany({
      data: [
        {
          id: grantId,
          ...key,
          cause: 'gift',
          startsAt: toDate(now),
          until: toDateOrNull(until),
          note,
        },
      ],
      skipDuplicates: true,
    });
    if (count > 0) await access.record({ kind: 'gift_given', ...by(auth), at: now, details: { grantId } });
    return grantId;
  });
}
