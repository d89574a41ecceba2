import type { Mode } from '../domain/mode';
import { wordsOf } from '../stripe/errors';
import type { SweepDeps } from './catalog-sweep';

/** Customers that one sweep hands over; what is left comes with the next. */
const LIMIT = 100;

interface Untold {
  memberId: string;
  mode: Mode;
  coachId: string;
  accountId: string;
}

/**
 * Gives a run to every member of whose address a customer has not heard: the coach's server said it, the run never started,
 * as when Temporal was down, or the account was not connected. Each is left alone for ten minutes then.
 */
export async function sweepAddresses({ db, workflows, log }: SweepDeps): Promise<number> {
  const untold = await db.$queryRaw<Untold[]>`
    WITH due AS (
      SELECT s.mode, s.account_id, s.stripe_customer_id FROM stripe_customer s
      JOIN connection c ON c.mode = s.mode AND c.account_id = s.account_id AND c.coach_id = s.coach_id
        AND c.status = 'connected'
      WHERE s.address_revision <> s.told_revision AND s.sync_after <= now()
      ORDER BY s.sync_after LIMIT ${LIMIT} FOR UPDATE OF s SKIP LOCKED)
    UPDATE stripe_customer s SET sync_after = now() + interval '10 minutes' FROM due d
    WHERE s.mode = d.mode AND s.account_id = d.account_id AND s.stripe_customer_id = d.stripe_customer_id
    RETURNING s.member_id AS "memberId", s.mode::text AS mode, s.coach_id AS "coachId", s.account_id AS "accountId"`;
  const members = new Map(untold.map((row) => [row.memberId, row]));
  for (const [memberId, owner] of members)
    await workflows
      .memberAddressChanged(memberId, owner)
      .catch((error: unknown) =>
        log.warn({ memberId, why: wordsOf(error) }, 'A changed address could not be handed over'),
      );
  return untold.length;
}
