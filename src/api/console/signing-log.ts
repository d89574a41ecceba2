import type { Db, Tx } from '../../db/client';
import { operationIdOf } from '../../domain/permissions';
import { countAudit } from '../../store/audit';
import type { Actor } from '../http/route';
import { actorOf } from './guard';
import type { OpenedCoach, Session } from './sessions';

/** Signing in and out, as the audit log calls it. */
const OPERATIONS = {
  asked: { method: 'post', path: '/console/api/sign-in-links' },
  byKey: { method: 'post', path: '/console/api/session' },
  byLink: { method: 'post', path: '/console/sign-in/{token}' },
  out: { method: 'delete', path: '/console/api/session' },
} as const;

type Coaches = readonly (Pick<OpenedCoach, 'id'> & {
  actor: Actor;
  role: OpenedCoach['modes'][number]['role'];
})[];

/** Whom a session stands for at each of its coaches. */
const inSession = (session: Session): Coaches =>
  session.coaches.flatMap(({ id, modes: [opened] }) =>
    opened === undefined ? [] : [{ id, actor: actorOf(session, opened.keyId), role: opened.role }],
  );

/**
 * Writes down that somebody has asked for a link, has signed in or out: with every coach for whom they work, before the
 * answer leaves. In an hour the same is one line. @throws where it cannot be written: nobody is signed in then
 */
export async function noteSigning(
  db: Db | Tx,
  what: keyof typeof OPERATIONS,
  who: Session | Coaches,
  requestId: string,
): Promise<void> {
  const operation = operationIdOf(OPERATIONS[what]);
  for (const { id: coachId, actor, role } of 'coaches' in who ? inSession(who) : who)
    await countAudit(
      db,
      {
        ...{ coachId, mode: null, operation, actor: actor.kind, actorId: actor.id, role },
        ...{ subjectId: null, fields: [], requestId },
      },
      { outcome: 'done', code: null },
    );
}
