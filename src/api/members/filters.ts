import { z } from 'zod';
import type { Db } from '../../db/client';
import { Prisma } from '../../db/generated/client';
import { literally } from '../../db/like';
import { NOT_FOR_A_PAYMENT } from '../../domain/member-status';
import { type Seconds, toDate } from '../../domain/time';
import type { Position } from '../http/paging';
import type { CoachAuth } from '../http/route';
import { externalId, id, text } from '../http/schemas';

/** What members may be narrowed down to besides a search. */
export const MEMBERS_WHO = ['overdue', 'trial', 'canceling', 'no_access', 'gift'] as const;
export const MEMBER_SORTS = ['newest', 'oldest', 'email', 'next_charge', 'owed', 'total_paid'] as const;
/** Those that go by a sum, in one currency. */
export const isBySum = (by: Sort): boolean => by === 'owed' || by === 'total_paid';

/** What a list of members may be narrowed down by, each by an index. */
export const filters = {
  who: z.enum(MEMBERS_WHO).optional().meta({
    description:
      '`overdue`: a payment is missing that was to be made. `trial`: in a free trial. `canceling`: a subscription ends. `no_access`: to no product now. `gift`: access as a gift now',
  }),
  product: id('pdt')
    .optional()
    .meta({ description: 'Who has access to it now or from a date on, or a purchase of it that goes on' }),
  externalId: externalId.optional(),
  search: text(254).optional().meta({ description: 'A part of the e-mail address or of your id, or our id' }),
};
export type Filters = z.output<z.ZodObject<typeof filters>>;

export const sort = z.enum(MEMBER_SORTS).default('newest').meta({
  description:
    '`next_charge`: who is charged next comes first, who is not charged last. `owed`, `total_paid`: who owes or has paid most in `currency` comes first, whoever has nothing in it last',
});
export type Sort = z.output<typeof sort>;

type Whose = Pick<CoachAuth, 'coachId' | 'mode'>;

/**
 * The members that the filters leave, in their order: ids alone, by one statement or two. Every table is entered by coach and
 * mode.
 * @param asked `currency`: what a sum is in that they are ordered by; null: of none
 * @param now seconds, UTC, on the coach's clock: access is as of then
 * @param after the last one of the page before; null: from the beginning
 * @returns their ids, each with the time that gives its place
 */
export function findMembers(
  db: Db,
  whose: Whose,
  { sort: by, currency, ...asked }: Filters & { sort: Sort; currency: string | null },
  now: Seconds,
  page: { take: number; after: Position | null },
): Promise<Position[]> {
  const meant = meantBy(whose, asked, now);
  if (by === 'next_charge') return byRank(db, byNextCharge(whose), meant, page);
  if (by === 'owed') return byRank(db, byOwed(whose, currency ?? ''), meant, page);
  if (by === 'total_paid') return byRank(db, byTotalPaid(whose, currency ?? ''), meant, page);
  const { from, order, after } = SORTS[by](page.after);
  return db.$queryRaw<Position[]>`
    SELECT m.id, m.created_at AS "createdAt" FROM member m ${from} WHERE ${meant} ${after}
    ORDER BY ${order} LIMIT ${page.take}`;
}

/** The addresses of the members whom the filters leave, each once, in order. @param after the last one of those before */
export async function findAddresses(
  db: Db,
  whose: Whose,
  asked: Filters,
  now: Seconds,
  { take, after }: { take: number; after: string },
): Promise<string[]> {
  const rows = await db.$queryRaw<{ email: string }[]>`
    SELECT DISTINCT m.email FROM member m
    WHERE ${meantBy(whose, asked, now)} AND m.email > ${after} ORDER BY m.email LIMIT ${take}`;
  return rows.map(({ email }) => email);
}

const meantBy = (whose: Whose, asked: Filters, now: Seconds) => Prisma.sql`
  m.coach_id = ${whose.coachId} AND m.mode = ${whose.mode}::"Mode" AND m.erased_at IS NULL
  ${conditionsOf(whose, asked, now)}`;

/** In place of what gives a ranked member's place, of whoever is not ranked. */
const NEVER = new Date('9999-12-31T00:00:00.000Z');

/** An order that only some members have a place in. */
interface Ranking {
  /** Its rows: `member_id` and `key`, one for each member. */
  rows: Prisma.Sql;
  /** Whether the member `m` is among them. */
  isIn: Prisma.Sql;
  direction: 'ASC' | 'DESC';
  /** The key as the time that a cursor has, and back. */
  place: Prisma.Sql;
  keyAt: (place: Date) => Prisma.Sql;
}

/** First who is ranked, by their keys; then who is not, by their ids. */
async function byRank(
  db: Db,
  { rows, isIn, direction, place, keyAt }: Ranking,
  meant: Prisma.Sql,
  { take, after }: { take: number; after: Position | null },
): Promise<Position[]> {
  const order = Prisma.raw(direction);
  const isBehind = Prisma.raw(direction === 'ASC' ? '>' : '<');
  const isLate = after !== null && after.createdAt.getTime() === NEVER.getTime();
  const ranked = isLate
    ? []
    : await db.$queryRaw<Position[]>`
        SELECT m.id, ${place} AS "createdAt" FROM (${rows}) r JOIN member m ON m.id = r.member_id
        WHERE ${meant}
          ${after === null ? Prisma.empty : Prisma.sql`AND (r.key, r.member_id) ${isBehind} (${keyAt(after.createdAt)}, ${after.id})`}
        ORDER BY r.key ${order}, r.member_id ${order} LIMIT ${take}`;
  if (ranked.length === take) return ranked;
  const others = await db.$queryRaw<Position[]>`
    SELECT m.id, ${NEVER}::timestamptz AS "createdAt" FROM member m
    WHERE ${meant} AND NOT (${isIn}) ${isLate ? Prisma.sql`AND m.id > ${after.id}` : Prisma.empty}
    ORDER BY m.id LIMIT ${take - ranked.length}`;
  return [...ranked, ...others];
}

/** Who is charged next, by the index of charges. */
function byNextCharge({ coachId, mode }: Whose): Ranking {
  const charges = (alias: string) => {
    const of = Prisma.raw(alias);
    return Prisma.sql`${of}.coach_id = ${coachId} AND ${of}.mode = ${mode}::"Mode" AND ${of}.next_charge_at IS NOT NULL
      AND ${of}.ended_at IS NULL`;
  };
  return {
    rows: Prisma.sql`
      SELECT c.member_id, c.next_charge_at AS key FROM membership c
      WHERE ${charges('c')} AND NOT EXISTS (
        SELECT FROM membership e WHERE ${charges('e')} AND e.member_id = c.member_id
          AND (e.next_charge_at, e.id) < (c.next_charge_at, c.id))`,
    isIn: Prisma.sql`EXISTS (SELECT FROM membership c WHERE ${charges('c')} AND c.member_id = m.id)`,
    direction: 'ASC',
    place: Prisma.sql`r.key`,
    keyAt: (at) => Prisma.sql`${at}`,
  };
}

/** A sum of money as the time that a cursor has: as many milliseconds as it has minor units. */
const BY_SUM = {
  direction: 'DESC',
  place: Prisma.sql`to_timestamp(r.key / 1000.0)`,
  keyAt: (at: Date) => Prisma.sql`${at.getTime()}::bigint`,
} as const;

/** Who owes most, in a currency: of all who owe, who are few, by an index of those. */
function byOwed({ coachId, mode }: Whose, currency: string): Ranking {
  const owes = Prisma.sql`o.coach_id = ${coachId} AND o.mode = ${mode}::"Mode" AND o.open_invoice IS NOT NULL
    AND o.status <> 'ended' AND o.open_invoice ->> 'currency' = ${currency}
    AND (o.open_invoice ->> 'amountRemaining')::bigint > 0`;
  return {
    ...BY_SUM,
    rows: Prisma.sql`
      SELECT o.member_id, SUM((o.open_invoice ->> 'amountRemaining')::bigint)::bigint AS key
      FROM membership o WHERE ${owes} GROUP BY o.member_id`,
    isIn: Prisma.sql`EXISTS (SELECT FROM membership o WHERE ${owes} AND o.member_id = m.id)`,
  };
}

/** Who has paid most, in a currency, by the index of what each has paid. */
function byTotalPaid({ coachId, mode }: Whose, currency: string): Ranking {
  const paid = Prisma.sql`p.coach_id = ${coachId} AND p.mode = ${mode}::"Mode" AND p.currency = ${currency}
    AND p.amount > 0`;
  return {
    ...BY_SUM,
    rows: Prisma.sql`SELECT p.member_id, p.amount AS key FROM member_paid p WHERE ${paid}`,
    isIn: Prisma.sql`EXISTS (SELECT FROM member_paid p WHERE ${paid} AND p.member_id = m.id)`,
  };
}

function conditionsOf(whose: Whose, { who, product, externalId, search }: Filters, now: Seconds) {
  const conditions = [
    ...(who === undefined ? [] : [WHO[who](whose, now)]),
    ...(product === undefined ? [] : [ofProduct(whose, product, now)]),
    ...(externalId === undefined ? [] : [byExternalId(whose, externalId)]),
    ...(search === undefined ? [] : [bySearch(search)]),
  ];
  return conditions.length === 0 ? Prisma.empty : Prisma.sql`AND ${Prisma.join(conditions, ' AND ')}`;
}

const byExternalId = ({ coachId, mode }: Whose, externalId: string) => Prisma.sql`
  (m.external_id = ${externalId} OR m.id = (SELECT a.member_id FROM member_alias a
    WHERE a.coach_id = ${coachId} AND a.mode = ${mode}::"Mode" AND a.external_id = ${externalId}))`;

function bySearch(typed: string): Prisma.Sql {
  const part = `%${literally(typed)}%`;
  return Prisma.sql`(m.email ILIKE ${part} OR m.external_id ILIKE ${part} OR m.id = ${typed})`;
}

const membershipsOf = ({ coachId, mode }: Whose, condition: Prisma.Sql) => Prisma.sql`
  EXISTS (SELECT FROM membership s WHERE s.coach_id = ${coachId} AND s.mode = ${mode}::"Mode" AND s.member_id = m.id
    AND ${condition})`;

/** Grants that give access at a moment, or are still to: `isHeld` says the same. */
const heldOf = ({ coachId, mode }: Whose, now: Seconds, condition: Prisma.Sql) => Prisma.sql`
  EXISTS (SELECT FROM "grant" g WHERE g.coach_id = ${coachId} AND g.mode = ${mode}::"Mode" AND g.member_id = m.id
    AND (g.until IS NULL OR g.until > ${toDate(now)}) AND NOT g.suspended AND NOT g.revoked AND ${condition})`;

/** Grants that give access at a moment: the same condition as an access check's. */
const standingOf = (whose: Whose, now: Seconds, condition: Prisma.Sql) =>
  heldOf(whose, now, Prisma.sql`g.starts_at <= ${toDate(now)} AND ${condition}`);

const ofProduct = (whose: Whose, product: string, now: Seconds) => Prisma.sql`
  (${heldOf(whose, now, Prisma.sql`g.product_id = ${product}`)}
    OR ${membershipsOf(whose, Prisma.sql`s.product_id = ${product} AND s.status <> 'ended'`)})`;

const WHO: Record<NonNullable<Filters['who']>, (whose: Whose, now: Seconds) => Prisma.Sql> = {
  // As `isOverdue` has it.
  overdue: (whose) =>
    membershipsOf(
      whose,
      Prisma.sql`s.status IN ('past_due', 'suspended')
        AND (s.status = 'past_due' OR s.reason <> ALL(${NOT_FOR_A_PAYMENT}::text[]))`,
    ),
  trial: (whose) => membershipsOf(whose, Prisma.sql`s.status = 'trialing'`),
  canceling: (whose) => membershipsOf(whose, Prisma.sql`s.status = 'canceling'`),
  no_access: (whose, now) => Prisma.sql`NOT ${standingOf(whose, now, Prisma.sql`TRUE`)}`,
  gift: (whose, now) => standingOf(whose, now, Prisma.sql`g.cause = 'gift'`),
};

interface Sorting {
  order: Prisma.Sql;
  after: Prisma.Sql;
  from: Prisma.Sql;
}

const byCreation =
  (order: Prisma.Sql, isBehind: Prisma.Sql) =>
  (last: Position | null): Sorting => ({
    order,
    from: Prisma.empty,
    after:
      last === null
        ? Prisma.empty
        : Prisma.sql`AND (m.created_at, m.id) ${isBehind} (${last.createdAt}, ${last.id})`,
  });

const SORTS: Record<
  Exclude<Sort, 'next_charge' | 'owed' | 'total_paid'>,
  (last: Position | null) => Sorting
> = {
  newest: byCreation(Prisma.sql`m.created_at DESC, m.id DESC`, Prisma.sql`<`),
  oldest: byCreation(Prisma.sql`m.created_at, m.id`, Prisma.sql`>`),
  // A cursor has no address: the member's own is read again.
  email: (last) => ({
    order: Prisma.sql`m.email, m.id`,
    from:
      last === null
        ? Prisma.empty
        : Prisma.sql`CROSS JOIN (SELECT (SELECT email FROM member WHERE id = ${last.id}) AS email) l`,
    after:
      last === null
        ? Prisma.empty
        : Prisma.sql`AND CASE WHEN l.email IS NULL THEN m.email IS NULL AND m.id > ${last.id}
            ELSE m.email IS NULL OR (m.email, m.id) > (l.email, ${last.id}) END`,
  }),
};
