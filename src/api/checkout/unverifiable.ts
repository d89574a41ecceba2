import { syncSeat } from '../../store/seat';
import type { Checkout } from '../../db/generated/client';
import { toDate } from '../../domain/time';
import type { TimelineKind } from '../../domain/timeline';
import { coachNow } from '../connection/connected-account';
import type { ApiDeps } from '../deps';
import type { CoachAuth } from '../http/route';

/**
 * The coach gives up a checkout whose outcome nobody can look up any more: its seat is free again. Money that turns up
 * for it later is recorded all the same (src/activities/checkout.ts).
 */
export async function closeUnverifiable(deps: ApiDeps, auth: CoachAuth, row: Checkout): Promise<void> {
  const { coachId, mode } = auth;
  const at = toDate(await coachNow(deps, coachId, mode));
  await deps.db.$transaction(async (tx) => {
    const { count } = await tx.checkout.updateMany({
      where: { id: row.id, coachId, mode, status: 'unverifiable' },
      data: { status: 'cancelled', cancelRequestedAt: new Date(), endedAt: at, revision: { increment: 1 } },
    });
    if (count === 0) return;
    await syncSeat(tx, row.id, 'cancelled');
    await tx.timelineEntry.create({
      data: {
        coachId,
        mode,
        memberId: row.memberId,
        productId: row.productId,
        checkoutId: row.id,
        at,
        kind: 'checkout_cancelled' satisfies TimelineKind,
        cause: 'person',
        causeId: auth.keyId,
        effect: 'No access given.',
      },
    });
  });
}
