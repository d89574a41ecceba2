import type { Tx } from '../db/client';
import type { Grant } from '../db/generated/client';
import { type Access, accessOf, effectOf, isSameAccess } from '../domain/access';
import type { Mode } from '../domain/mode';
import { type Seconds, toDate, toSeconds } from '../domain/time';
import type { TimelineKind } from '../domain/timeline';
import type { CauseOfChange } from './waiting-events';

/** A member and a product, in one mode of one coach. */
export interface MemberProductKey {
  coachId: string;
  mode: Mode;
  memberId: string;
  productId: string;
}

/** What an entry of the timeline says besides its effect on access. */
export interface TimelineFacts {
  kind: TimelineKind;
  cause: CauseOfChange;
  /** Seconds, UTC, on the account's clock. */
  at: Seconds;
  checkoutId?: string;
  membershipId?: string;
  /** The run that did it; null outside of a workflow. */
  run: { workflowId: string; runId: string } | null;
  details?: Record<string, string | number | boolean | null>;
}

/** A member's access to a product, locked until the end of the transaction. */
export interface LockedAccess {
  /** They had it when it was locked, by something for which they have paid. */
  isPaidFor: boolean;
  /** Writes the timeline's entry about what was written meanwhile, with the effect on access. */
  record: (facts: TimelineFacts) => Promise<void>;
}

/**
 * Locks a member's grants for a product. Whoever changes them locks, writes, and records: the effect on access that the
 * timeline tells is of the union of all grants, before and after. What is not worth an entry is not recorded.
 */
export async function lockAccess(tx: Tx, of: MemberProductKey, now: Seconds): Promise<LockedAccess> {
  await lockMemberProduct(tx, of, now);
  return lockedAccess(tx, of, now);
}

/** The same for what this transaction has locked already, by {@link lockMemberProduct}. */
export async function lockedAccess(tx: Tx, of: MemberProductKey, now: Seconds): Promise<LockedAccess> {
  // Callers may hand over a whole row that has the key.
  const { coachId, mode, memberId, productId } = of;
  const key = { coachId, mode, memberId, productId };
  const grants = await tx.grant.findMany({ where: key });
  const before = accessBy(grants, now);
  // Without a grant there was none at any time.
  const told = grants.length === 0 ? before : accessBy(grants, await lastToldAt(tx, key, now));
  return {
    isPaidFor: grants.some(
      ({ cause, revoked, until }) =>
        cause === 'membership' && !revoked && (until === null || until > toDate(now)),
    ),
    async record(facts) {
      const after = accessBy(await tx.grant.findMany({ where: key }), now);
      // All that it would say is that access changed, and it did not.
      if (facts.kind === 'access_changed' && isSameAccess(before, after, told)) return;
      await tx.timelineEntry.create({
        data: {
          ...key,
          at: toDate(facts.at),
          kind: facts.kind,
          cause: facts.cause.cause,
          causeId: facts.cause.causeId,
          effect: effectOf(before, after, told),
          checkoutId: facts.checkoutId ?? null,
          membershipId: facts.membershipId ?? null,
          workflowId: facts.run?.workflowId ?? null,
          runId: facts.run?.runId ?? null,
          ...(facts.details === undefined ? {} : { details: facts.details }),
        },
      });
    },
  };
}

/**
 * Whoever changes several products of a member locks them in the order of their ids, so that nobody waits in a ring.
 * @param now what the transaction decides by; the fact about the access is written by the same.
 */
export async function lockMemberProduct(tx: Tx, key: MemberProductKey, now: Seconds): Promise<void> {
  const { coachId, mode, memberId, productId } = key;
  const lock = () => tx.$queryRaw<unknown[]>`
    WITH made AS (
      INSERT INTO member_product (coach_id, mode, member_id, product_id)
      VALUES (${coachId}, ${mode}::"Mode", ${memberId}, ${productId}) ON CONFLICT DO NOTHING RETURNING 1
    ), present AS (
      SELECT 1 FROM member_product
      WHERE coach_id = ${coachId} AND mode = ${mode}::"Mode" AND member_id = ${memberId} AND product_id = ${productId}
      FOR UPDATE
    )
    SELECT set_config('session.decided_at', ${String(now)}, true) FROM (TABLE made UNION ALL TABLE present) locked`;
  // Nothing where another transaction has made it meanwhile: a statement sees what was there when it began.
  // https://www.postgresql.org/docs/current/transaction-iso.html#XACT-READ-COMMITTED
  while ((await lock()).length === 0);
}

/** When the timeline last spoke of the member and the product. */
async function lastToldAt(tx: Tx, key: MemberProductKey, now: Seconds): Promise<Seconds> {
  const last = await tx.timelineEntry.findFirst({
    where: key,
    orderBy: { id: 'desc' },
    select: { at: true },
  });
  return last === null ? now : toSeconds(last.at);
}

function accessBy(grants: readonly Grant[], now: Seconds): Access {
  return accessOf(
    grants.map((grant) => ({
      startsAt: toSeconds(grant.startsAt),
      until: grant.until === null ? null : toSeconds(grant.until),
      suspended: grant.suspended,
      revoked: grant.revoked,
    })),
    now,
  );
}
