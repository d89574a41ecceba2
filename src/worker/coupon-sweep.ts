import type { Mode } from '../domain/mode';
import { wordsOf } from '../stripe/errors';
import type { SweepDeps } from './catalog-sweep';

/** Coupons that one sweep hands over; what is left comes with the next. */
const LIMIT = 100;

interface StaleCoupon {
  id: string;
  mode: Mode;
  coachId: string;
  accountId: string;
}

/**
 * Gives a run to every coupon of which Stripe does not have what the rows say: the run never started, as when Temporal was
 * down, or Stripe refused to take something back. Each is left alone for ten minutes then.
 */
export async function sweepCoupons({ db, workflows, log }: SweepDeps): Promise<number> {
  const rows = await db.$queryRaw<StaleCoupon[]>`
    WITH stale AS (
      SELECT u.id FROM coupon u
      JOIN connection c ON c.mode = u.mode AND c.account_id = u.account_id AND c.coach_id = u.coach_id
        AND c.status = 'connected'
      WHERE u.sync_after <= now() AND (u.status = 'pending' OR u.status = 'archived' AND u.at_stripe
        OR EXISTS (
          SELECT 1 FROM promotion_code p WHERE p.coupon_id = u.id AND u.status = 'active'
            AND (p.status = 'pending' OR p.status = 'archived' AND p.at_stripe)))
      ORDER BY u.id LIMIT ${LIMIT} FOR UPDATE OF u SKIP LOCKED)
    UPDATE coupon u SET sync_after = now() + interval '10 minutes' FROM stale s WHERE u.id = s.id
    RETURNING u.id, u.mode::text AS mode, u.coach_id AS "coachId", u.account_id AS "accountId"`;
  for (const { id, ...owner } of rows)
    try {
      await workflows.couponChanged(id, owner);
    } catch (error) {
      log.warn({ couponId: id, why: wordsOf(error) }, 'A coupon could not be handed over');
    }
  return rows.length;
}
