import type { Db } from '../db/client';
import type { Inbox } from '../db/generated/client';
import type { Target } from '../workflows/messages';

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

/**
 * Takes up to `limit` rows that are not done and whose lease has lapsed, oldest first. Any number of relays may do so
 * at once: `SKIP LOCKED` gives each row to one of them, and the lease keeps it there until it can only be lost.
 */
export function claim(db: Db, limit: number): Promise<InboxRow[]> {
  return db.$queryRaw<InboxRow[]>`
    UPDATE inbox SET
      lease_until = now() + LEAST(${LONGEST_LEASE}, ${FIRST_LEASE} * power(2, LEAST(attempts, 12))) * interval '1 second',
      attempts = attempts + 1
    WHERE id IN (
      SELECT id FROM inbox WHERE status = 'waiting' AND lease_until <= now()
      ORDER BY id LIMIT ${limit} FOR UPDATE SKIP LOCKED)
    RETURNING id, mode::text AS mode, event_id AS "eventId", account_id AS "accountId", type, payload, attempts,
      target_kind AS "targetKind", target_id AS "targetId"`;
}

/** Writes down for whom rows wait, before the target is woken. */
export async function assign(db: Db, rows: readonly InboxRow[], target: Target): Promise<void> {
  await db.inbox.updateMany({
    where: { id: { in: rows.map((row) => row.id) }, status: 'waiting' },
    data: { targetKind: target.kind, targetId: target.id, note: null },
  });
}

/** Records a row that is not ours, with the reason. */
export async function ignore(db: Db, row: InboxRow, why: string): Promise<void> {
  await db.inbox.updateMany({
    where: { id: row.id, status: 'waiting' },
    data: { status: 'ignored', note: why, doneAt: new Date() },
  });
}

/** Leaves a row for a later attempt, or parks it after too many. True when it was parked. */
export async function leave(db: Db, row: InboxRow, why: string): Promise<boolean> {
  const parked = row.attempts >= MAX_ATTEMPTS;
  await db.inbox.updateMany({
    where: { id: row.id, status: 'waiting' },
    data: { note: why.slice(0, 500), ...(parked ? { status: 'parked' as const } : {}) },
  });
  return parked;
}

/** Gives rows back that could not be dispatched for a reason of our own (Temporal is down): it is not their failure. */
export async function giveBack(db: Db, rows: readonly InboxRow[], why: string): Promise<void> {
  await db.inbox.updateMany({
    where: { id: { in: rows.map((row) => row.id) }, status: 'waiting' },
    data: { attempts: { decrement: 1 }, note: why.slice(0, 500), leaseUntil: new Date(Date.now() + 2000) },
  });
}

/** Milliseconds until the next lease lapses; null when nothing waits. */
export async function millisecondsToNextLease(db: Db): Promise<number | null> {
  const rows = await db.$queryRaw<{ ms: number | null }[]>`
    SELECT (EXTRACT(EPOCH FROM min(lease_until) - now()) * 1000)::float8 AS ms FROM inbox WHERE status = 'waiting'`;
  const ms = rows[0]?.ms;
  return ms == null ? null : Math.max(0, Math.ceil(ms));
}
