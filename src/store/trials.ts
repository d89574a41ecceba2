import type { Db, Tx } from '../db/client';
import type { Prisma } from '../db/generated/client';
import type { Mode } from '../domain/mode';

/**
 * Whether a buyer has had a trial of a product before: bought it with one, or is in one that the coach gave in Stripe.
 * @param whose the buyer's memberships, as a condition
 * @param exceptCheckoutId the purchase that is just being written down
 */
export async function hadTrial(
  db: Db | Tx,
  whose: Prisma.MembershipWhereInput,
  { coachId, mode, productId }: { coachId: string; mode: Mode; productId: string },
  exceptCheckoutId?: string,
): Promise<boolean> {
  const count = await db.membership.count({
    where: {
      coachId,
      mode,
      productId,
      ...(exceptCheckoutId === undefined ? {} : { checkoutId: { not: exceptCheckoutId } }),
      AND: [
        whose,
        {
          OR: [
            // The price that was sold, not the one that it was changed to since: a change gives no trial.
            { checkout: { withoutTrial: false, price: { trialDays: { not: null } } } },
            { stripeStatus: 'trialing' },
          ],
        },
      ],
    },
  });
  return count > 0;
}
