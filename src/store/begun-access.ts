import type { Db, Tx } from '../db/client';
import { type Seconds, toDate } from '../domain/time';
import { lockAccess, type MemberProductKey } from './access-change';
import { tellAccess } from './facts';

/** Whose access to what the clock has begun, and nobody was told of yet: what began first comes first. */
export function untoldBeginnings(db: Db, limit: number): Promise<MemberProductKey[]> {
  return db.$queryRaw<MemberProductKey[]>`
    SELECT coach_id AS "coachId", mode::text AS mode, member_id AS "memberId", product_id AS "productId"
    FROM member_product
    WHERE begins_at <= coach_time(coach_id, mode)
      -- No coach's clock is further ahead; by the index, without a question about each member.
      AND begins_at <= now() + (SELECT COALESCE(max(offset_seconds), 0) FROM account_clock) * interval '1 second'
    ORDER BY begins_at LIMIT ${limit}`;
}

/**
 * Tells of access that the clock has begun: the timeline's entry and the fact, once, whoever looks and however late. Access
 * itself needs nobody for it.
 */
export async function tellOfBegunAccess(tx: Tx, key: MemberProductKey): Promise<void> {
  const { coachId, mode, memberId, productId } = key;
  // Waits for whoever is at it: a look that began before may say nothing of it. Nothing where another has told it.
  const [due] = await tx.$queryRaw<{ beginsAt: Date; now: Seconds }[]>`
    SELECT begins_at AS "beginsAt", floor(extract(epoch FROM coach_time(coach_id, mode)))::float8 AS now
    FROM member_product
    WHERE coach_id = ${coachId} AND mode = ${mode}::"Mode" AND member_id = ${memberId} AND product_id = ${productId}
      AND begins_at <= coach_time(coach_id, mode)
    FOR UPDATE`;
  if (due === undefined) return;
  const { beginsAt, now } = due;
  const access = await lockAccess(tx, key, now);
  const at = toDate(now);
  // Nothing where it is over, or was not paid on, before it could begin.
  const grant = await tx.grant.findFirst({
    where: {
      ...{ ...key, revoked: false, suspended: false, startsAt: { gte: beginsAt, lte: at } },
      OR: [{ until: null }, { until: { gt: at } }],
    },
    include: { membership: true, itemOf: true },
    orderBy: [{ startsAt: 'asc' }, { id: 'asc' }],
  });
  const membership = grant?.membership ?? grant?.itemOf ?? null;
  const checkoutId = membership?.checkoutId ?? grant?.checkoutId ?? null;
  if (grant !== null)
    await access.record({
      kind: 'access_begun',
      at: now,
      cause: { cause: 'timer', causeId: null },
      run: null,
      ...(membership === null ? {} : { membershipId: membership.id }),
      ...(checkoutId === null ? {} : { checkoutId }),
    });
  await tellAccess(tx, key);
}
