import type { Db } from '../db/client';
import type { Mode } from '../domain/mode';
import type { Log } from '../log';
import type { WorkflowClient } from '../temporal/workflow-client';
import type { CatalogTarget } from '../messages/messages';

/** Changes that one sweep hands over; what is left comes with the next. */
const LIMIT = 100;

/** What a sweep works with. */
export interface SweepDeps {
  db: Db;
  workflows: WorkflowClient;
  log: Log;
}

interface StaleRow extends CatalogTarget {
  mode: Mode;
  coachId: string;
  accountId: string;
}

/**
 * Hands over every change of the catalog that Stripe does not have: the run that was to push it never started, as when
 * Temporal was down, or Stripe refused it. The row itself says so, whoever wrote it: a name that differs from the one
 * that Stripe last had, something archived that is still on sale there, a repair that was asked for. Each is left alone
 * for ten minutes then, so that one that Stripe will never take costs little.
 */
export async function sweepCatalog({ db, workflows, log }: SweepDeps): Promise<number> {
  const rows = await db.$queryRaw<StaleRow[]>`
    WITH stale_products AS (
      SELECT s.mode, s.account_id, s.product_id FROM stripe_product s
      JOIN product p ON p.id = s.product_id
      JOIN connection c ON c.mode = s.mode AND c.account_id = s.account_id AND c.coach_id = s.coach_id
        AND c.status = 'connected'
      WHERE s.sync_after <= now() AND s.synced_name IS NOT NULL AND (p.name IS DISTINCT FROM s.synced_name
        OR p.description IS DISTINCT FROM s.synced_description OR (p.status = 'archived' AND s.active))
      ORDER BY s.product_id LIMIT ${LIMIT} FOR UPDATE OF s SKIP LOCKED
    ), stale_prices AS (
      SELECT v.id FROM price_provisioning v
      JOIN price p ON p.id = v.price_id
      JOIN connection c ON c.mode = v.mode AND c.account_id = v.account_id AND c.coach_id = v.coach_id
        AND c.status = 'connected'
      WHERE v.status = 'provisioned' AND v.sync_after <= now()
        AND (p.nickname IS DISTINCT FROM v.synced_nickname OR p.status = 'archived' OR v.repair_requested)
      ORDER BY v.id LIMIT ${LIMIT} FOR UPDATE OF v SKIP LOCKED
    ), products AS (
      UPDATE stripe_product s SET sync_after = now() + interval '10 minutes' FROM stale_products o
      WHERE s.mode = o.mode AND s.account_id = o.account_id AND s.product_id = o.product_id
      RETURNING 'product' AS kind, s.product_id AS id, s.mode::text AS mode, s.coach_id AS "coachId", s.account_id AS "accountId"
    ), prices AS (
      UPDATE price_provisioning v SET sync_after = now() + interval '10 minutes' FROM stale_prices o
      WHERE v.id = o.id
      RETURNING 'price' AS kind, v.price_id AS id, v.mode::text AS mode, v.coach_id AS "coachId", v.account_id AS "accountId"
    )
    SELECT * FROM products UNION ALL SELECT * FROM prices`;
  for (const { kind, id, ...owner } of rows)
    try {
      await workflows.syncCatalog({ kind, id }, owner);
    } catch (error) {
      log.warn({ kind, id, why: (error as Error).name }, 'A change of the catalog could not be handed over');
    }
  return rows.length;
}
