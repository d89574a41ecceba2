import { ApplicationFailure } from '@temporalio/common';
import { decideRefund, isClosed } from '../domain/checkout';
import { toDate } from '../domain/time';
import { toActivityFailure } from '../stripe/errors';
import { fetchSession } from '../stripe/facts';
import { refundSession } from '../stripe/refunds';
import type { Cause } from '../messages/messages';
import { noteCheckout } from '../store/checkout-commit';
import type { ActivityDeps } from './deps';
import { expectPaid, type PaidCheckout } from '../store/paid-checkout';
import { expectRevision, syncTarget } from '../store/sync';
import { markDone } from '../store/waiting-events';

/** Activities that move money back to a member. */
export function createCheckoutRefundActivities(deps: ActivityDeps) {
  const { db } = deps;

  /** True: it went back. False: Stripe refused for good, and a person has to look. */
  async function tryRefund(row: PaidCheckout): Promise<boolean> {
    const client = { stripe: deps.stripe.of(row.mode), accountId: row.accountId };
    try {
      const session = await fetchSession(client, row.stripeSessionId ?? '');
      await refundSession(client, row.id, session);
      return true;
    } catch (error) {
      const failure = toActivityFailure(error);
      if (!(failure instanceof ApplicationFailure) || failure.nonRetryable !== true) throw failure;
      deps.log.error({ checkoutId: row.id, accountId: row.accountId }, 'A payment could not be given back');
      return false;
    }
  }

  return {
    /** Gives a payment back whose seat is gone, and writes that down. Does nothing for any other checkout. */
    async refundCheckout(input: { checkoutId: string; cause: Cause }): Promise<{ status: string }> {
      return syncTarget(db, { kind: 'checkout', id: input.checkoutId }, async (events) => {
        const found = await db.checkout.findUniqueOrThrow({
          where: { id: input.checkoutId },
          include: { price: true },
        });
        if (found.status !== 'refunding') return { status: found.status };
        const row = expectPaid(found);
        const decision = decideRefund(await tryRefund(row));
        const now = await deps.clock.now(row.mode, row.accountId);
        await db.$transaction(async (tx) => {
          expectRevision(
            await tx.checkout.updateMany({
              where: { id: row.id, revision: row.revision },
              data: {
                status: decision.status,
                failureCode: decision.failureCode,
                failureMessage: decision.failureMessage,
                nextDeadlineAt: null,
                endedAt: isClosed(decision.status) ? toDate(now) : null,
                revision: { increment: 1 },
              },
            }),
          );
          await noteCheckout(tx, { row, decision, now, events, cause: input.cause });
          await markDone(tx, events);
        });
        return { status: decision.status };
      });
    },
  };
}
