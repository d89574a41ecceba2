import { Context } from '@temporalio/activity';
import type { Db, Tx } from '../db/client';
import { RUN_HINTS } from '../domain/hints';
import { membershipWorkflowId } from '../messages/ids';
import type { Cause, Target } from '../messages/messages';

/** An inbox row that waits for a target. */
export interface WaitingEvent {
  id: bigint;
  eventId: string;
  type: string;
}

/** Who or what caused a change, for the timeline. */
export interface CauseOfChange {
  cause: Cause;
  causeId: string | null;
}

/**
 * The inbox rows that wait for a target, oldest first. Read before the fetch: what the fetch saw, they told of. A hint
 * that asks for a membership's run is not settled by a look of somebody else's: only that run is the answer to it.
 */
export function waitingEvents(db: Db, target: Target): Promise<WaitingEvent[]> {
  const leaves = target.kind === 'membership' && isOneLook(target);
  return db.inbox.findMany({
    where: {
      targetKind: target.kind,
      targetId: target.id,
      status: 'waiting',
      ...(leaves ? { NOT: { eventId: { startsWith: 'hint_' }, type: { in: [...RUN_HINTS] } } } : {}),
    },
    select: { id: true, eventId: true, type: true },
    orderBy: { id: 'asc' },
  });
}

/** Whether another run than the membership's own looks: it will not be there for what comes next. */
function isOneLook({ id }: Target): boolean {
  const run = runOfThis();
  return run !== null && run !== membershipWorkflowId(id);
}

/** The workflow that the present activity belongs to; null outside of any. */
function runOfThis(): string | null {
  try {
    return Context.current().info.workflowExecution?.workflowId ?? null;
  } catch {
    return null;
  }
}

/** Marks inbox rows done: only ever inside the transaction of their effect. */
export async function markDone(tx: Tx, events: readonly WaitingEvent[]): Promise<void> {
  if (events.length === 0) return;
  // What is said of an erased member is forgotten with its effect.
  await tx.$executeRaw`
    UPDATE inbox i SET status = 'done', done_at = now(), note = NULL,
      payload = CASE WHEN EXISTS (
        SELECT 1 FROM member b WHERE b.erased_at IS NOT NULL AND b.id IN (
          SELECT m.member_id FROM membership m WHERE i.target_kind = 'membership' AND m.id = i.target_id
          UNION ALL
          SELECT k.member_id FROM checkout k WHERE i.target_kind = 'checkout' AND k.id = i.target_id))
        THEN '{}'::jsonb ELSE payload END
    WHERE i.id = ANY(${events.map((event) => event.id)})`;
}

/** Gives inbox rows back to the relay, which resolves them afresh at once. */
export async function dispatchAgain(tx: Tx, events: readonly WaitingEvent[]): Promise<void> {
  if (events.length === 0) return;
  // The database's clock, by which leases are read.
  await tx.$executeRaw`
    UPDATE inbox SET target_kind = NULL, target_id = NULL, lease_until = now()
    WHERE id = ANY(${events.map((event) => event.id)}) AND status = 'waiting'`;
  await tx.$queryRaw`SELECT pg_notify('inbox', '')::text`;
}

/**
 * An event that is settled now is the cause; otherwise what the run says woke it. What a person asked for is theirs,
 * though Stripe tells of it too.
 */
export function causeOf(cause: Cause, events: readonly WaitingEvent[]): CauseOfChange {
  const newest = events.at(-1);
  if (newest === undefined || cause === 'person') return { cause, causeId: null };
  return newest.eventId.startsWith('hint_')
    ? { cause: 'system', causeId: newest.type }
    : { cause: 'stripe_event', causeId: newest.eventId };
}
