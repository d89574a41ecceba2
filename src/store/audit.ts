import type { Db, Tx } from '../db/client';
import { Prisma } from '../db/generated/client';
import type { AuditActor, AuditOutcome } from '../db/generated/enums';
import { idFromSeed } from '../domain/ids';
import type { Mode } from '../domain/mode';
import type { Role } from '../domain/permissions';

/** What somebody has asked for. Ids and codes alone. */
export interface Asked {
  id: string;
  coachId: string | null;
  mode: Mode | null;
  /** As the OpenAPI document calls it. */
  operation: string;
  actor: AuditActor;
  actorId: string | null;
  role: Role | null;
  subjectId: string | null;
  /** The fields that the request had, never what they said. */
  fields: string[];
  requestId: string;
}

/** What came of it. */
export interface Outcome {
  outcome: AuditOutcome;
  /** Of a refusal or a failure: a code of src/domain/problem.ts. */
  code: string | null;
  /** What it made, or was done to, where that is known only now. */
  subjectId: string | null;
  /** Whose it turned out to be, where the request did not say. */
  coachId: string | null;
  mode: Mode | null;
}

/**
 * Writes down what was asked for, and what came of it if that is known. The same id again is the same request once more: what came
 * of it last is what is kept. The time is the database's.
 */
export async function writeAudit(db: Db, asked: Asked, end: Outcome | null): Promise<void> {
  await insert(
    db,
    asked,
    end,
    Prisma.sql`
      coach_id = COALESCE(audit_entry.coach_id, EXCLUDED.coach_id), mode = COALESCE(audit_entry.mode, EXCLUDED.mode),
      subject_id = COALESCE(EXCLUDED.subject_id, audit_entry.subject_id),
      outcome = EXCLUDED.outcome, code = EXCLUDED.code, request_id = EXCLUDED.request_id`,
  );
}

/**
 * Writes down what may be repeated without an end by somebody who changes nothing by it: the same of the same in one hour is one
 * line, with how often and when last. Its subject is the one that all of them had.
 */
export async function countAudit(
  db: Db | Tx,
  asked: Omit<Asked, 'id'>,
  end: Pick<Outcome, 'outcome' | 'code'>,
): Promise<void> {
  const { coachId, mode, operation, actor, actorId, role } = asked;
  const hour = Math.floor(Date.now() / 3_600_000);
  const same = JSON.stringify([coachId, mode, operation, actor, actorId, role, end.outcome, end.code, hour]);
  await insert(
    db,
    { ...asked, id: idFromSeed('auditEntry', same) },
    { ...end, subjectId: null, coachId: null, mode: null },
    Prisma.sql`
      times = audit_entry.times + 1, last_at = clock_timestamp(), request_id = EXCLUDED.request_id,
      subject_id = CASE WHEN audit_entry.subject_id = EXCLUDED.subject_id THEN EXCLUDED.subject_id END`,
  );
}

async function insert(db: Db | Tx, asked: Asked, end: Outcome | null, again: Prisma.Sql): Promise<void> {
  const { id, operation, actor, actorId, role, fields, requestId } = asked;
  const mode = asked.mode ?? end?.mode ?? null;
  const coachId = asked.coachId ?? end?.coachId ?? null;
  const subjectId = end?.subjectId ?? asked.subjectId;
  await db.$executeRaw`
    INSERT INTO audit_entry (id, coach_id, mode, operation, actor, actor_id, role, subject_id, fields, outcome, code, request_id)
    VALUES (${id}, ${coachId}, ${mode}::"Mode", ${operation}, ${actor}::"AuditActor", ${actorId}, ${role}::"Role",
      ${subjectId}, ${fields}, ${end?.outcome ?? null}::"AuditOutcome", ${end?.code ?? null}, ${requestId})
    ON CONFLICT (id) DO UPDATE SET ${again}`;
}
