import { isClosed } from '../domain/checkout';
import { syncSeat } from '../store/seat';
import { expireSession } from '../stripe/checkout-session';
import { isAccountInvalid, toActivityFailure } from '../stripe/errors';
import { loadCheckout } from './checkout-state';
import type { ActivityDeps } from './deps';

/** Activities that close a checkout's session at Stripe. */
export function createCheckoutClosingActivities(deps: ActivityDeps) {
  const { db } = deps;

  return {
    /**
     * Expires the session at Stripe. The outcome stays Stripe's: one that was completed meanwhile is found completed by
     * the look that follows. https://docs.stripe.com/api/checkout/sessions/expire
     */
    async expireSession(input: { checkoutId: string }): Promise<void> {
      const row = await loadCheckout(db, input.checkoutId);
      if (isClosed(row.status)) return;
      await db.$transaction(async (tx) => {
        await tx.checkout.updateMany({
          where: { id: row.id, cancelRequestedAt: null },
          data: {
            cancelRequestedAt: new Date(),
            revision: { increment: 1 },
            // Without a session there is nothing that Stripe could say.
            ...(row.stripeSessionId === null ? { status: 'cancelled', endedAt: new Date() } : {}),
          },
        });
        if (row.stripeSessionId === null) await syncSeat(tx, row.id, 'cancelled');
      });
      if (row.stripeSessionId === null) return;
      try {
        const client = { stripe: deps.stripe.of(row.mode), accountId: row.accountId };
        await expireSession(client, row.id, row.stripeSessionId);
      } catch (error) {
        if (isAccountInvalid(error)) return;
        throw toActivityFailure(error);
      }
    },
  };
}
