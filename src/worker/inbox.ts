import type { Db } from '../db/client';
import { type Inbox, Prisma } from '../db/generated/client';
import type { Target } from '../messages/messages';

/** Rows of the inbox as a relay takes them. */
export type InboxRow = Pick<
  Inbox,
  'id' | 'mode' | 'eventId' | 'accountId' | 'type' | 'payload' | 'attempts'
> & {
  targetKind: string | null;
  targetId: string | null;
};

/** Seconds until a row that was dispatched, but is not done, is taken again: doubles with each attempt. */
const FIRST_LEASE = 10;
const LONGEST_LEASE = 3600;
/** About a day of attempts; then an operator has to look. */
export const MAX_ATTEMPTS = 30;

/** What somebody waits for: a buyer before the page that they came back to, a coach who connects. */
const AWAITED = /^(v1\.)?(checkout|account)\./;

export const isAwaited = ({ type }: Pick<InboxRow, 'type'>): boolean => AWAITED.test(type);

/**
 * Whose rows they are, as far as fairness goes: one account in one mode, what somebody waits for beside the rest; what has no
 * account shares a lane.
 */
export function laneOf(row: Pick<InboxRow, 'mode' | 'accountId' | 'type'>): string {
  return `${row.mode}/${row.accountId ?? ''}/${isAwaited(row)}`;
}

/** The same in SQL. */
const LANE = Prisma.sql`mode::text || '/' || COALESCE(account_id, '') || '/' || (type ~ ${AWAITED.source})::text`;

/** Rows by {@link laneOf}, each lane's in their order. */
export function byLane(rows: readonly InboxRow[]): Map<string, InboxRow[]> {
  const lanes = new Map<string, InboxRow[]>();
  for (const row of rows) {
    const key = laneOf(row);
    lanes.set(key, [...(lanes.get(key) ?? []), row]);
  }
  return lanes;
}

/**
 * Takes up to `limit` rows that are not done and whose lease has lapsed: in turns, one of each lane's, oldest first, so
 * that one account's flood does not fill what is taken. Any number of relays may do so at once: `SKIP LOCKED` gives each
 * row to one of them, and the lease keeps it there until it can only be lost.
 *
 * @param busy keys of lanes that are left out, as their earlier rows are still being worked on
 * @param lanes take rows of so many lanes at most, those first whose oldest row is the oldest
 */
export async function claim(
  db: Db,
  limit: number,
  { busy = [], lanes = limit }: { busy?: string[]; lanes?: number } = {},
): Promise<InboxRow[]> {
  const rows = await db.$queryRaw<InboxRow[]>`
    WITH due AS (
      SELECT id,
        row_number() OVER (PARTITION BY lane ORDER BY id) AS turn,
        min(id) OVER (PARTITION BY lane) AS head
      FROM (
        SELECT id, ${LANE} AS lane FROM inbox
        WHERE status = 'waiting' AND lease_until <= now()) waiting
      WHERE lane <> ALL(${busy}::text[])),
    placed AS (SELECT id, turn, dense_rank() OVER (ORDER BY head) AS place FROM due),
    taken AS (SELECT id FROM placed WHERE place <= ${lanes} ORDER BY turn, id LIMIT ${limit})
    UPDATE inbox SET
      lease_until = now() + LEAST(${LONGEST_LEASE}, ${FIRST_LEASE} * power(2, LEAST(attempts, 12))) * interval '1 second',
      attempts = attempts + 1
    WHERE id IN (
      SELECT id FROM inbox
      WHERE id IN (SELECT id FROM taken) AND status = 'waiting' AND lease_until <= now()
      FOR UPDATE SKIP LOCKED)
    RETURNING id, mode::text AS mode, event_id AS "eventId", account_id AS "accountId", type, payload, attempts,
      target_kind AS "targetKind", target_id AS "targetId"`;
  return rows.sort((one, other) => (one.id < other.id ? -1 : 1));
}

/** Seconds by which the lease of a row that is still being worked on is renewed. */
const RENEWAL = 30;

/** Keeps rows from being taken by another relay while one still works on them. */
export async function renewLeases(db: Db, rows: readonly InboxRow[]): Promise<void> {
  if (rows.length === 0) return;
  await db.$executeRaw`
    UPDATE inbox SET lease_until = GREATEST(lease_until, now() + ${RENEWAL} * interval '1 second')
    WHERE id = ANY(${rows.map((row) => row.id)}) AND status = 'waiting'`;
}

/** Writes down for whom rows wait, before their targets are woken. */
export async function assign(
  db: Db,
  groups: readonly { target: Target; rows: readonly InboxRow[] }[],
): Promise<void> {
  const all = groups.flatMap(({ target, rows }) => rows.map(({ id }) => ({ id, target })));
  await db.$executeRaw`
    UPDATE inbox i SET target_kind = t.kind, target_id = t.target, note = NULL
    FROM unnest(
      ${all.map(({ id }) => id)}::bigint[],
      ${all.map(({ target }) => target.kind)}::text[],
      ${all.map(({ target }) => target.id)}::text[]) AS t (id, kind, target)
    WHERE i.id = t.id AND i.status = 'waiting'`;
}

/**
 * Records rows that are not ours, with the reason. Their bodies go: they are about the coach's other business and other
 * customers, which is no business of ours. Their ids stay, by which the events are found at Stripe.
 */
export async function ignore(db: Db, rows: readonly InboxRow[], why: string): Promise<void> {
  await db.inbox.updateMany({
    where: { id: { in: rows.map(({ id }) => id) }, status: 'waiting' },
    data: { status: 'ignored', note: why, doneAt: new Date(), payload: {} },
  });
}

/**
 * Leaves a row for a later attempt, or parks it after too many. True when it was parked. What fails for a reason that
 * is not the row's (`outage`) is never parked: it is tried for as long as it takes.
 */
export async function leave(
  db: Db,
  row: InboxRow,
  why: string,
  { outage = false }: { outage?: boolean } = {},
): Promise<boolean> {
  const parked = row.attempts >= MAX_ATTEMPTS && !outage;
  await db.inbox.updateMany({
    where: { id: row.id, status: 'waiting' },
    data: { note: why.slice(0, 500), ...(parked ? { status: 'parked' as const } : {}) },
  });
  return parked;
}

/** Marks rows done that nothing is left to do for. */
export async function finish(db: Db, rows: readonly InboxRow[], why: string): Promise<void> {
  if (rows.length === 0) return;
  await db.inbox.updateMany({
    where: { id: { in: rows.map((row) => row.id) }, status: 'waiting' },
    data: { status: 'done', note: why, doneAt: new Date() },
  });
}

/** Gives rows back that could not be dispatched for a reason of our own (Temporal is down): it is not their failure. */
export async function releaseLeases(db: Db, rows: readonly InboxRow[], why: string): Promise<void> {
  if (rows.length === 0) return;
  await db.$executeRaw`
    UPDATE inbox SET attempts = GREATEST(attempts - 1, 0), note = ${why.slice(0, 500)},
      lease_until = now() + interval '2 seconds'
    WHERE id = ANY(${rows.map((row) => row.id)}) AND status = 'waiting'`;
}

/** Milliseconds until the next lease lapses of a lane that is not busy; null when nothing waits. */
export async function millisecondsToNextLease(db: Db, busy: string[] = []): Promise<number | null> {
  const rows = await db.$queryRaw<{ ms: number | null }[]>`
    SELECT (EXTRACT(EPOCH FROM min(lease_until) - now()) * 1000)::float8 AS ms FROM inbox
    WHERE status = 'waiting' AND ${LANE} <> ALL(${busy}::text[])`;
  const ms = rows[0]?.ms;
  return ms == null ? null : Math.max(0, Math.ceil(ms));
}
