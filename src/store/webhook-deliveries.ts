import type { Db, Tx } from '../db/client';
import { type Fact, Prisma, type WebhookDelivery, type WebhookEndpoint } from '../db/generated/client';
import type { Mode } from '../domain/mode';
import { type Seconds, toDate, toSeconds } from '../domain/time';
import {
  FAILING_FOR,
  isAccepted,
  isGone,
  SECRET_UNREADABLE,
  secondsToNextTry,
  type TryOutcome,
} from '../domain/webhook-delivery';
import type { WebhookDeliveryInput } from '../messages/messages';

/** Seconds until a delivery that was taken, but has no run, is taken again. */
const LEASE = 15;
/** First tries of one endpoint that are under way at once: one that is slow leaves room for the others. */
const AT_ONCE = 20;
/** Seconds that a run may be late until it is taken for lost. */
const LOST_AFTER = 600;

/** What the relay gives a run to. */
export interface ClaimedDelivery extends WebhookDeliveryInput {
  round: number;
  memberId: string | null;
}

/**
 * Takes up to `limit` deliveries without a run, of each endpoint no more than it has room for. Any number of relays may do so
 * at once.
 */
export function claimDeliveries(db: Db, limit: number): Promise<ClaimedDelivery[]> {
  return db.$queryRaw<ClaimedDelivery[]>`
    WITH taken AS (
      SELECT d.* FROM webhook_endpoint e CROSS JOIN LATERAL (
        SELECT w.coach_id, w.mode, w.endpoint_id, w.fact_id FROM webhook_delivery w
        WHERE w.coach_id = e.coach_id AND w.mode = e.mode AND w.endpoint_id = e.id
          AND w.status = 'waiting' AND w.lease_until <= now()
        ORDER BY w.created_at
        LIMIT GREATEST(0, ${AT_ONCE}::bigint - (
          SELECT count(*) FROM webhook_delivery b
          WHERE b.coach_id = e.coach_id AND b.mode = e.mode AND b.endpoint_id = e.id
            AND b.status = 'sending' AND b.tries = 0))
        FOR UPDATE SKIP LOCKED) d
      LIMIT ${limit})
    UPDATE webhook_delivery d SET lease_until = now() + ${LEASE} * interval '1 second'
    FROM taken t, fact f
    WHERE d.coach_id = t.coach_id AND d.mode = t.mode AND d.endpoint_id = t.endpoint_id AND d.fact_id = t.fact_id
      AND f.coach_id = d.coach_id AND f.mode = d.mode AND f.id = d.fact_id
    RETURNING d.coach_id AS "coachId", d.mode::text AS mode, d.endpoint_id AS "endpointId", d.fact_id AS "factId",
      d.round, f.member_id AS "memberId"`;
}

/** Writes down that the run is there; nothing where it was quicker. */
export async function markSending(db: Db, { round, ...delivery }: ClaimedDelivery): Promise<void> {
  const { coachId, mode, endpointId, factId } = delivery;
  await db.webhookDelivery.updateMany({
    where: { coachId, mode, endpointId, factId, round, status: 'waiting' },
    data: { status: 'sending' },
  });
}

/** Has the relay start again what a lost run has left. Answers how many there were. */
export function restartLostDeliveries(db: Db, now: Seconds, limit: number): Promise<number> {
  return db.$executeRaw`
    UPDATE webhook_delivery SET status = 'waiting', lease_until = now()
    WHERE (coach_id, mode, endpoint_id, fact_id) IN (
      SELECT coach_id, mode, endpoint_id, fact_id FROM webhook_delivery
      WHERE status = 'sending' AND COALESCE(next_try_at, lease_until) < ${toDate(now - LOST_AFTER)}
      ORDER BY COALESCE(next_try_at, lease_until) LIMIT ${limit} FOR UPDATE SKIP LOCKED)`;
}

/** A delivery with what it is about. */
export type WholeDelivery = WebhookDelivery & { endpoint: WebhookEndpoint; fact: Fact };

/** Reads a delivery; null: its endpoint or fact is no more. */
export function readDelivery(
  db: Db,
  { coachId, mode, endpointId, factId }: WebhookDeliveryInput,
): Promise<WholeDelivery | null> {
  return db.webhookDelivery.findUnique({
    where: { coachId_mode_endpointId_factId: { coachId, mode, endpointId, factId } },
    include: { endpoint: true, fact: true },
  });
}

/** What a fact was about, as it is now; null where that is no more. */
export async function presentStateOf(
  db: Db,
  { coachId, mode, id }: Pick<Fact, 'coachId' | 'mode' | 'id'>,
): Promise<unknown> {
  const [row] = await db.$queryRaw<{ state: unknown }[]>`
    SELECT present_state(f) AS state FROM fact f
    WHERE coach_id = ${coachId} AND mode = ${mode}::"Mode" AND id = ${id}`;
  return row?.state ?? null;
}

/** What one try has come to. */
export interface Tried extends TryOutcome {
  latencyMs: number;
  answer: string | null;
  /** Seconds that the receiver wants to be left alone. */
  retryAfter: Seconds | null;
}

/**
 * Writes down one try, what follows for the delivery, and what for the endpoint: one that is gone, or has done nothing but
 * fail for three days, is switched off, and that is a fact. Nothing is written where the delivery is asked for anew
 * meanwhile.
 */
export async function recordTry(db: Db, delivery: WholeDelivery, tried: Tried, now: Seconds): Promise<void> {
  const { coachId, mode, endpointId, factId, round } = delivery;
  const key = { coachId, mode, endpointId, factId };
  const number = delivery.tries + 1;
  const accepted = isAccepted(tried);
  const wait = accepted ? null : secondsToNextTry(number, `${endpointId}/${factId}`, tried.retryAfter);
  await db.$transaction(async (tx) => {
    const { count } = await tx.webhookDelivery.updateMany({
      where: { ...key, round, tries: delivery.tries, status: { in: ['waiting', 'sending'] } },
      data: {
        tries: number,
        status: accepted ? 'delivered' : wait === null ? 'failed' : 'sending',
        nextTryAt: wait === null ? null : toDate(now + wait),
        endedAt: wait === null ? toDate(now) : null,
      },
    });
    if (count === 0) return;
    const { status, error, latencyMs, answer } = tried;
    await tx.webhookTry.createMany({
      data: [{ ...key, round, number, at: toDate(now), status, error, latencyMs, answer }],
      skipDuplicates: true,
    });
    if (error !== SECRET_UNREADABLE)
      await noteHealth(tx, delivery.endpoint, { accepted, gone: isGone(tried) }, now);
    // A place is free for what waits.
    if (number === 1) await tx.$queryRaw`SELECT pg_notify('webhook_delivery', '')::text`;
  });
}

async function noteHealth(
  tx: Tx,
  { coachId, mode, id, failingSince }: WebhookEndpoint,
  { accepted, gone }: { accepted: boolean; gone: boolean },
  now: Seconds,
): Promise<void> {
  const own = { coachId, mode, id };
  if (accepted) {
    if (failingSince !== null)
      await tx.webhookEndpoint.updateMany({ where: own, data: { failingSince: null } });
    return;
  }
  if (failingSince === null)
    await tx.webhookEndpoint.updateMany({
      where: { ...own, failingSince: null },
      data: { failingSince: toDate(now) },
    });
  const failsForLong = failingSince !== null && toSeconds(failingSince) <= now - FAILING_FOR;
  if (gone || failsForLong)
    await tx.webhookEndpoint.updateMany({
      where: { ...own, status: 'enabled' },
      data: { status: 'disabled', disabledReason: gone ? 'gone' : 'failing' },
    });
}

/** Ends a delivery whose endpoint is switched off; it can be delivered again. */
export async function giveUp(db: Db, delivery: WholeDelivery, now: Seconds): Promise<void> {
  const { coachId, mode, endpointId, factId, round } = delivery;
  await db.webhookDelivery.updateMany({
    where: { coachId, mode, endpointId, factId, round, status: { in: ['waiting', 'sending'] } },
    data: { status: 'failed', nextTryAt: null, endedAt: toDate(now) },
  });
}

const ANEW = Prisma.sql`status = 'waiting', round = webhook_delivery.round + 1, tries = 0, next_try_at = NULL,
  ended_at = NULL, lease_until = now()`;

/**
 * Has an endpoint hear again of one fact, or of all since a time that it listens to: also of what it was not told, as it was
 * switched off. Answers how many there are; the relay is told.
 */
export async function redeliver(
  db: Db,
  endpoint: WebhookEndpoint,
  which: { factId: string } | { since: Seconds; failedOnly: boolean },
): Promise<number> {
  const { coachId, mode, id } = endpoint;
  const facts =
    'factId' in which
      ? Prisma.sql`f.id = ${which.factId}`
      : Prisma.sql`f.created_at >= ${toDate(which.since)}
          AND f.type <> 'webhook_endpoint.test' AND listens_to(${endpoint.types}::text[], f.type)
          AND f.ids->>'webhookEndpointId' IS DISTINCT FROM ${id}`;
  const among = 'failedOnly' in which && which.failedOnly ? Prisma.sql`= 'failed'` : Prisma.sql`IS NOT NULL`;
  const insert =
    'failedOnly' in which && which.failedOnly
      ? Prisma.sql`AND EXISTS (
          SELECT 1 FROM webhook_delivery o WHERE o.coach_id = f.coach_id AND o.mode = f.mode
            AND o.endpoint_id = ${id} AND o.fact_id = f.id AND o.status = 'failed')`
      : Prisma.empty;
  const count = await db.$executeRaw`
    INSERT INTO webhook_delivery (coach_id, mode, endpoint_id, fact_id)
    SELECT f.coach_id, f.mode, ${id}, f.id FROM fact f
    WHERE f.coach_id = ${coachId} AND f.mode = ${mode}::"Mode" AND ${facts} ${insert}
    ON CONFLICT (coach_id, mode, endpoint_id, fact_id) DO UPDATE SET ${ANEW}
    WHERE webhook_delivery.status ${among}`;
  if (count > 0) await db.$queryRaw`SELECT pg_notify('webhook_delivery', '')::text`;
  return count;
}

/** What receivers said when they were told of a member; part of the member's erasure. */
export async function forgetAnswersAbout(
  tx: Tx,
  { coachId, mode, memberId }: { coachId: string; mode: Mode; memberId: string },
): Promise<void> {
  await tx.$executeRaw`
    UPDATE webhook_try t SET answer = NULL
    FROM fact f JOIN webhook_delivery d ON d.coach_id = f.coach_id AND d.mode = f.mode AND d.fact_id = f.id
    WHERE f.coach_id = ${coachId} AND f.mode = ${mode}::"Mode" AND f.member_id = ${memberId}
      AND t.coach_id = d.coach_id AND t.mode = d.mode AND t.endpoint_id = d.endpoint_id AND t.fact_id = d.fact_id
      AND t.answer IS NOT NULL`;
}

/** Tells one endpoint something to try it by. Answers the fact's id. */
export async function tellTest(db: Db, { coachId, mode, id }: WebhookEndpoint): Promise<string> {
  const [told] = await db.$queryRaw<{ id: string }[]>`
    SELECT tell_fact(e.coach_id, e.mode, 'webhook_endpoint.test', NULL,
      jsonb_build_object('webhookEndpointId', e.id), webhook_endpoint_state(e)) AS id
    FROM webhook_endpoint e WHERE e.coach_id = ${coachId} AND e.mode = ${mode}::"Mode" AND e.id = ${id}`;
  if (told === undefined) throw new Error(`The endpoint ${id} is no more`);
  return told.id;
}
