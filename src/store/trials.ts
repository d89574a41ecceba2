import type { Db, Tx } from '../db/client';
import type { Prisma } from '../db/generated/client';
import type { Mode } from '../domain/mode';

/**
 * Whether a buyer has had a trial of a product before: bought it with one, or was given one by the coach in Stripe. What
 * counts is the price that was sold, whatever the subscription was moved to since: a change gives no trial. Stripe keeps
 * `trial_end` after a trial is over (https://docs.stripe.com/api/subscriptions/object#subscription_object-trial_end).
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
      ...(exceptCheckoutId === undefined ? {} : { checkoutId: { not: exceptCheckoutId } }),
      AND: [
        whose,
        {
          OR: [
            { checkout: { withoutTrial: false, price: { productId, trialDays: { not: null } } } },
            {
              productId,
              trialEnd: { not: null },
              OR: [{ checkout: { withoutTrial: true } }, { checkout: { price: { trialDays: null } } }],
            },
          ],
        },
      ],
    },
  });
  return count > 0;
}
