import type { Db } from '../db/client';
import { goesBefore, type Retention, type RetentionKind } from '../domain/retention';
import { type Seconds, toDate } from '../domain/time';

/**
 * Deletes one batch of what is kept no longer: one statement, which is one short transaction. What another transaction
 * works on is left for the next time. Answers how many rows it was; fewer than `limit` means that none is left.
 *
 * An event goes only when it is settled: one that waits or is parked stays as it is, for as long as it takes. What goes of
 * a settled one is its body first; its row goes on telling that it was had, until Stripe itself has forgotten it.
 */
export function deleteBatch(
  db: Db,
  kind: RetentionKind,
  { retention, now, limit }: { retention: Retention; now: Seconds; limit: number },
): Promise<number> {
  if (kind === 'timelines') return deleteTimelines(db, now, limit);
  const before = toDate(goesBefore(kind, retention, now));
  switch (kind) {
    case 'event_bodies':
      return db.$executeRaw`
        UPDATE inbox SET payload = '{}'::jsonb WHERE id IN (
          SELECT id FROM inbox
          WHERE status IN ('done', 'ignored') AND payload <> '{}'::jsonb AND done_at < ${before}
          ORDER BY done_at LIMIT ${limit} FOR UPDATE SKIP LOCKED)`;
    case 'events':
      return db.$executeRaw`
        DELETE FROM inbox WHERE id IN (
          SELECT id FROM inbox WHERE status IN ('done', 'ignored') AND done_at < ${before}
          ORDER BY done_at LIMIT ${limit} FOR UPDATE SKIP LOCKED)`;
    case 'idempotency_records':
      // One that is still locked belongs to a request under way.
      return db.$executeRaw`
        DELETE FROM idempotency_record WHERE (scope, key) IN (
          SELECT scope, key FROM idempotency_record
          WHERE created_at < ${before} AND locked_until < ${toDate(now)}
          ORDER BY created_at LIMIT ${limit} FOR UPDATE SKIP LOCKED)`;
    case 'facts':
      return db.$executeRaw`
        DELETE FROM fact WHERE (coach_id, mode, id) IN (
          SELECT coach_id, mode, id FROM fact WHERE created_at < ${before}
          ORDER BY created_at LIMIT ${limit} FOR UPDATE SKIP LOCKED)`;
    case 'mails':
      // One that waits for its time, or is being sent, stays.
      return db.$executeRaw`
        DELETE FROM mail WHERE (coach_id, mode, id) IN (
          SELECT coach_id, mode, id FROM mail WHERE created_at < ${before} AND status NOT IN ('queued', 'sending')
          ORDER BY created_at LIMIT ${limit} FOR UPDATE SKIP LOCKED)`;
    case 'audit_entries':
      return db.$executeRaw`
        DELETE FROM audit_entry WHERE id IN (
          SELECT id FROM audit_entry WHERE at < ${before} ORDER BY at LIMIT ${limit} FOR UPDATE SKIP LOCKED)`;
    case 'former_users':
      // Whoever works for nobody any more is known as long as the audit log names them.
      return db.$executeRaw`
        DELETE FROM console_user WHERE id IN (
          SELECT u.id FROM console_user u
          WHERE u.created_at < ${before} AND NOT EXISTS (SELECT 1 FROM person p WHERE p.user_id = u.id)
            AND NOT EXISTS (SELECT 1 FROM audit_entry a WHERE a.actor_id = u.id)
          ORDER BY u.created_at LIMIT ${limit} FOR UPDATE OF u SKIP LOCKED)`;
  }
}

/**
 * An entry is kept as long as the membership that it is of, and the coach's years after its end; and as long as it may
 * explain why somebody has access.
 */
function deleteTimelines(db: Db, now: Seconds, limit: number): Promise<number> {
  return db.$executeRaw`
    DELETE FROM timeline_entry WHERE id IN (
      SELECT t.id FROM timeline_entry t
      LEFT JOIN settings s ON s.coach_id = t.coach_id AND s.mode = t.mode
      CROSS JOIN LATERAL (
        SELECT ${toDate(now)}::timestamptz - make_interval(years => COALESCE(s.timeline_years, 10)) AS before) kept
      WHERE t.created_at < kept.before AND t.at < kept.before
        AND NOT EXISTS (
          SELECT 1 FROM membership m
          WHERE m.id = t.membership_id AND (m.ended_at IS NULL OR m.ended_at >= kept.before))
        AND NOT EXISTS (
          SELECT 1 FROM "grant" g
          WHERE g.coach_id = t.coach_id AND g.mode = t.mode AND g.member_id = t.member_id
            AND g.product_id = t.product_id AND NOT g.revoked AND (g.until IS NULL OR g.until >= kept.before))
      ORDER BY t.created_at LIMIT ${limit} FOR UPDATE OF t SKIP LOCKED)`;
}
