import type { Db, Tx } from '../db/client';
import { type Fact, Prisma } from '../db/generated/client';
import type { FactType } from '../domain/facts';
import type { Mode } from '../domain/mode';
import { type Seconds, toDate } from '../domain/time';
import type { MemberProductKey } from './access-change';

/** Which facts of a coach's in a mode are asked for. */
export interface FactQuery {
  coachId: string;
  mode: Mode;
  types: readonly FactType[] | null;
  /** Of the members with these ids; null: of anybody, and of nobody. */
  memberIds: readonly string[] | null;
  since: Seconds | null;
  until: Seconds | null;
  /** Those behind this one, in the order that is asked for. */
  after: Pick<Fact, 'transaction' | 'position'> | null;
  oldestFirst: boolean;
  limit: number;
}

/**
 * Facts in the order of their transactions, which is fixed once these are over. Oldest first, what transactions under way
 * may still come before is left for the next time, so that whoever reads on behind the last one misses nothing. Newest
 * first, all that there is.
 * https://www.postgresql.org/docs/current/functions-info.html#FUNCTIONS-INFO-SNAPSHOT
 */
export function readFacts(db: Db, query: FactQuery): Promise<Fact[]> {
  const { coachId, mode, types, memberIds, since, until, after, oldestFirst, limit } = query;
  const conditions = [
    Prisma.sql`coach_id = ${coachId} AND mode = ${mode}::"Mode"`,
    ...(types === null ? [] : [Prisma.sql`type = ANY(${[...types]})`]),
    ...(memberIds === null ? [] : [Prisma.sql`member_id = ANY(${[...memberIds]})`]),
    ...(since === null ? [] : [Prisma.sql`created_at >= ${toDate(since)}`]),
    ...(until === null ? [] : [Prisma.sql`created_at < ${toDate(until)}`]),
    ...(oldestFirst ? [Prisma.sql`transaction < pg_snapshot_xmin(pg_current_snapshot())::text::bigint`] : []),
    ...(after === null
      ? []
      : [
          oldestFirst
            ? Prisma.sql`(transaction, position) > (${after.transaction}, ${after.position})`
            : Prisma.sql`(transaction, position) < (${after.transaction}, ${after.position})`,
        ]),
  ];
  const order = oldestFirst ? Prisma.sql`ASC` : Prisma.sql`DESC`;
  return db.$queryRaw<Fact[]>`
    SELECT coach_id AS "coachId", mode::text AS mode, id, transaction, position, type, member_id AS "memberId",
      sequence, ids, state, created_at AS "createdAt"
    FROM fact WHERE ${Prisma.join(conditions, ' AND ')}
    ORDER BY transaction ${order}, position ${order} LIMIT ${limit}`;
}

/** Whose access to what the clock has ended where nothing else told of it, a gift's say: what ended first comes first. */
export function untoldEnds(db: Db, limit: number): Promise<MemberProductKey[]> {
  return db.$queryRaw<MemberProductKey[]>`
    SELECT coach_id AS "coachId", mode::text AS mode, member_id AS "memberId", product_id AS "productId"
    FROM member_product
    WHERE told_access AND told_until <= coach_time(coach_id, mode)
      -- No coach's clock is further ahead; by the index, without a question about each member.
      AND told_until <= now() + (SELECT COALESCE(max(offset_seconds), 0) FROM account_clock) * interval '1 second'
    ORDER BY told_until LIMIT ${limit}`;
}

/** Tells of a member's access to a product as it is now, where that differs from what was told last. */
export async function tellAccess(db: Db | Tx, of: MemberProductKey): Promise<void> {
  const { coachId, mode, memberId, productId } = of;
  await db.$executeRaw`SELECT tell_access(${coachId}, ${mode}::"Mode", ${memberId}, ${productId})`;
}
