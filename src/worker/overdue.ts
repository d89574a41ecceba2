import type { Db } from '../db/client';
import type { Log } from '../log';
import type { Runs } from '../temporal/runs';
import type { Target } from '../workflows/messages';
import { giveRun, ownerOf } from './dispatch';

/** Rows looked at in one sweep; what is left comes with the next. */
const LIMIT = 200;

/**
 * Finds rows whose own deadline passed ten minutes ago and that nobody looked at: their run is gone (terminated, or
 * never started because of a crash between row and start). Each is woken, or given a run. Deadlines are on the
 * account's clock.
 */
export async function wakeOverdue(deps: { db: Db; runs: Runs; log: Log }): Promise<number> {
  const rows = await deps.db.$queryRaw<{ kind: Target['kind']; id: string }[]>`
    SELECT * FROM (
      SELECT 'membership' AS kind, m.id FROM membership m
        LEFT JOIN account_clock c ON c.mode = m.mode AND c.account_id = m.account_id
        WHERE m.ended_at IS NULL
          AND m.next_deadline_at < now() + COALESCE(c.offset_seconds, 0) * interval '1 second' - interval '10 minutes'
      UNION ALL
      SELECT 'checkout' AS kind, k.id FROM checkout k
        LEFT JOIN account_clock c ON c.mode = k.mode AND c.account_id = k.account_id
        WHERE k.ended_at IS NULL AND (
          k.next_deadline_at < now() + COALESCE(c.offset_seconds, 0) * interval '1 second' - interval '10 minutes'
          OR k.status = 'opening' AND k.created_at < now() - interval '2 minutes')
      UNION ALL
      SELECT 'connection' AS kind, n.id FROM connection n
        LEFT JOIN account_clock c ON c.mode = n.mode AND c.account_id = n.account_id
        WHERE n.ended_at IS NULL AND (
          n.next_deadline_at < now() + COALESCE(c.offset_seconds, 0) * interval '1 second' - interval '10 minutes'
          OR n.expires_at < now() - interval '10 minutes')
    ) overdue ORDER BY id LIMIT ${LIMIT}`;
  for (const target of rows) {
    const owner = await ownerOf(deps.db, target);
    if (owner === null) continue;
    if (await deps.runs.signalEvent(target, owner, owner.accountId ?? '')) continue;
    deps.log.warn({ target }, 'A row without a run gets one');
    await giveRun(deps, target, owner, { alive: true, occasion: `overdue-${target.id}` });
  }
  return rows.length + (await startProvisionings(deps)) + (await startPriceMoves(deps));
}

/** A price whose row was inserted, but whose run was not started: starting it again is harmless. */
async function startProvisionings({ db, runs, log }: { db: Db; runs: Runs; log: Log }): Promise<number> {
  const rows = await db.priceProvisioning.findMany({
    where: { status: 'pending', createdAt: { lt: new Date(Date.now() - 2 * 60_000) } },
    orderBy: { id: 'asc' },
    take: LIMIT,
  });
  for (const row of rows)
    if ((await runs.startPriceProvisioning(row.id, row)) === 'started')
      log.warn({ provisioningId: row.id }, 'A price without a run gets one');
  return rows.length;
}

/** A move of members whose run was not started, or was terminated. */
async function startPriceMoves({ db, runs, log }: { db: Db; runs: Runs; log: Log }): Promise<number> {
  const rows = await db.priceMove.findMany({
    where: { endedAt: null, createdAt: { lt: new Date(Date.now() - 2 * 60_000) } },
    orderBy: { id: 'asc' },
    take: LIMIT,
  });
  for (const row of rows)
    if ((await runs.startPriceMove(row.id, row)) === 'started')
      log.warn({ moveId: row.id }, 'A move of members without a run gets one');
  return rows.length;
}
