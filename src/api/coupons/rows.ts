import type { Db } from '../../db/client';
import { ProblemError } from '../../domain/problem';
import type { Log } from '../../log';
import type { ApiDeps } from '../deps';
import type { CoachAuth } from '../http/route';
import type { CouponWithProducts } from './view';

/** Milliseconds that a request waits for Temporal to take an order. */
const TEMPORAL_TIMEOUT_MS = 5_000;

/** The coach's coupon. @throws ProblemError `not_found` */
export async function expectCoupon(db: Db, auth: CoachAuth, id: string): Promise<CouponWithProducts> {
  const { coachId, mode } = auth;
  const row = await db.coupon.findFirst({
    where: { id, coachId, mode },
    include: { products: { select: { productId: true } } },
  });
  if (row === null)
    throw new ProblemError('not_found', 'There is no coupon with this id.', { field: 'couponId' });
  return row;
}

/**
 * Has the coupon's run make at Stripe what the rows say. While Temporal is down nothing is lost: the answer says what is
 * wanted, and the worker's sweep has it done.
 */
export async function pushCoupon(
  { workflows }: ApiDeps,
  { coachId, mode }: CoachAuth,
  { id, accountId }: { id: string; accountId: string },
  log: Log,
): Promise<void> {
  try {
    await workflows.withDeadline(TEMPORAL_TIMEOUT_MS, () =>
      workflows.couponChanged(id, { coachId, mode, accountId }),
    );
  } catch (error) {
    log.warn({ couponId: id, error: (error as Error).name }, 'A coupon is left to the sweep');
  }
}
