import type { Db } from '../../db/client';
import { newId } from '../../domain/ids';
import { operationIdOf, type Permission } from '../../domain/permissions';
import { PROBLEMS, type ProblemCode } from '../../domain/problem';
import { type Asked, countAudit, writeAudit } from '../../store/audit';
import type { CoachAuth, Route } from './route';

/** An id of ours; the coach's own names for things may name a person. */
const OURS = /^[a-z]{2,6}_[A-Za-z0-9]{1,64}$/;
const ours = (value: unknown): string | null =>
  typeof value === 'string' && OURS.test(value) ? value : null;
const fieldOf = (value: unknown, name: string): unknown =>
  typeof value === 'object' && value !== null && Object.hasOwn(value, name)
    ? (value as Record<string, unknown>)[name]
    : null;

const coachOf = (id: string | null) => (id?.startsWith('coach_') === true ? id : null);
const modeOf = (value: unknown) => (value === 'test' || value === 'live' ? value : null);

/** The line of the audit log of one request. */
export interface AuditLine {
  /**
   * Before anything is done: nothing is done that is not written down.
   * @param newEntryId gives the same when the request is repeated with its Idempotency-Key
   */
  begin(newEntryId: () => string, fields: readonly string[]): Promise<void>;
  done(status: number, body: unknown): Promise<void>;
  /** It was refused, or it failed. */
  not(code: ProblemCode): Promise<void>;
}

const UNWRITTEN: AuditLine = {
  begin: () => Promise.resolve(),
  done: () => Promise.resolve(),
  not: () => Promise.resolve(),
};

/**
 * What is written down of a request (decision record 0066): of a change who asks for it, before it is done, and what came of
 * it, before the answer leaves; of anything else, that a role or a scope forbids it.
 */
export function auditLineOf(
  db: Db,
  route: Route,
  { kind, may }: Permission,
  {
    auth,
    requestId,
    params,
  }: { auth: CoachAuth | null; requestId: string; params: Readonly<Record<string, unknown>> },
): AuditLine {
  if (may === 'anybody') return UNWRITTEN;
  const target = ours(params['id']);
  const isChange = kind === 'change';
  let id: string | null = null;
  let fields: string[] = [];
  // Made when it is written: most requests only read, and what they ask is not.
  const asked = (): Asked => ({
    id: (id ??= newId('auditEntry')),
    coachId: auth?.coachId ?? coachOf(target),
    mode: auth?.mode ?? null,
    operation: operationIdOf(route),
    actor: auth?.actor.kind ?? 'platform',
    actorId: auth?.actor.id ?? null,
    role: auth?.role ?? null,
    subjectId: target,
    fields,
    requestId,
  });
  return {
    async begin(newEntryId, sent) {
      if (!isChange) return;
      id = newEntryId();
      fields = [...sent];
      await writeAudit(db, asked(), null);
    },
    async done(status, body) {
      if (!isChange) return;
      const made = status === 201 ? ours(fieldOf(body, 'id')) : null;
      await writeAudit(db, asked(), {
        outcome: 'done',
        code: null,
        // Whom the coach's own name stands for is known by what was answered.
        subjectId: made ?? target ?? ours(fieldOf(body, 'id')),
        coachId: ours(fieldOf(body, 'coachId')) ?? coachOf(made),
        mode: modeOf(fieldOf(body, 'mode')),
      });
    },
    async not(code) {
      // Whoever may not do it could ask without an end: in an hour it is one line.
      if (code === 'role_not_allowed') return countAudit(db, asked(), { outcome: 'refused', code });
      if (!isChange) return;
      const outcome = PROBLEMS[code].status >= 500 ? 'failed' : 'refused';
      await writeAudit(db, asked(), { outcome, code, subjectId: null, coachId: null, mode: null });
    },
  };
}
