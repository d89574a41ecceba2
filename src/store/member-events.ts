import { literally } from '../db/like';
import type { Db } from '../db/client';
import type { Inbox, Prisma } from '../db/generated/client';
import type { Mode } from '../domain/mode';
import { withoutPersonalData } from '../domain/event-skeleton';

/** A member of a coach in one mode. */
export interface MemberKey {
  coachId: string;
  mode: Mode;
  memberId: string;
}

/** Rows of the inbox that one statement touches. */
const BATCH = 200;

const containing = (text: string) => `%${literally(text)}%`;

/**
 * By what the events of a member are known: the ids of all that is theirs, here and at Stripe, and their address. An
 * invoice or a refund that names none of these is not theirs.
 */
export async function tracesOf(db: Db, { coachId, mode, memberId }: MemberKey): Promise<string[]> {
  const owned = { coachId, mode, memberId };
  const [member, customers, memberships, checkouts, payments] = await Promise.all([
    db.member.findFirst({ where: { id: memberId, coachId, mode } }),
    db.stripeCustomer.findMany({ where: owned, select: { stripeCustomerId: true } }),
    db.membership.findMany({ where: owned }),
    db.checkout.findMany({ where: owned, select: { id: true, stripeSessionId: true } }),
    db.payment.findMany({ where: owned, select: { stripeId: true } }),
  ]);
  const traces = [
    // As it stands in JSON, without the quotes around it.
    member?.email == null ? null : JSON.stringify(member.email).slice(1, -1),
    ...customers.map((row) => row.stripeCustomerId),
    ...memberships.flatMap((row) => [
      row.id,
      row.stripeCustomerId,
      row.stripeSubscriptionId,
      row.stripePaymentIntentId,
    ]),
    ...checkouts.flatMap((row) => [row.id, row.stripeSessionId]),
    ...payments.map((row) => row.stripeId),
  ];
  return [...new Set(traces.filter((trace): trace is string => trace !== null && trace !== ''))];
}

type EventOfMember = Pick<
  Inbox,
  'id' | 'eventId' | 'type' | 'objectId' | 'status' | 'payload' | 'receivedAt' | 'doneAt'
>;

/** A page of the events on the coach's accounts whose body speaks of the member, oldest first. */
export async function eventsOfMember(
  db: Db,
  { coachId, mode }: Pick<MemberKey, 'coachId' | 'mode'>,
  traces: readonly string[],
  after: bigint,
): Promise<EventOfMember[]> {
  if (traces.length === 0) return [];
  return db.$queryRaw<EventOfMember[]>`
    SELECT id, event_id AS "eventId", type, object_id AS "objectId", status::text AS status, payload,
      received_at AS "receivedAt", done_at AS "doneAt"
    FROM inbox
    WHERE mode = ${mode}::"Mode" AND id > ${after} AND payload <> '{}'::jsonb
      AND account_id IN (
        SELECT account_id FROM connection WHERE coach_id = ${coachId} AND mode = ${mode}::"Mode")
      AND payload::text LIKE ANY (${traces.map(containing)}::text[])
    ORDER BY id LIMIT ${BATCH}`;
}

/**
 * Takes the bodies of a member's events away, a batch at a time: of what is settled all of it, of what is not settled
 * whatever names them, so that it still resolves and proves what it did.
 */
export async function scrubEvents(
  db: Db,
  key: Pick<MemberKey, 'coachId' | 'mode'>,
  traces: readonly string[],
): Promise<void> {
  for (let after = 0n; ;) {
    const rows = await eventsOfMember(db, key, traces, after);
    const open = rows.filter(({ status }) => status === 'waiting' || status === 'parked');
    await db.inbox.updateMany({
      where: { id: { in: rows.map(({ id }) => id) }, status: { in: ['done', 'ignored'] } },
      data: { payload: {} },
    });
    for (const { id, payload } of open)
      await db.inbox.updateMany({
        where: { id },
        data: { payload: withoutPersonalData(payload) as Prisma.InputJsonObject },
      });
    const last = rows.at(-1);
    if (last === undefined || rows.length < BATCH) return;
    after = last.id;
  }
}
