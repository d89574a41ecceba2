import type { Tx } from '../db/client';
import type { Membership } from '../db/generated/client';
import { paymentsOf, type PurchaseFacts } from '../domain/payments';
import { toDate } from '../domain/time';

/** Whose money it is. */
type Owner = Pick<
  Membership,
  'id' | 'coachId' | 'mode' | 'accountId' | 'memberId' | 'productId' | 'checkoutId'
>;

/**
 * Writes down what was paid and what went back, for the coach's figures; nothing decides by it. Part of the transaction
 * of a membership's commit, from what that has fetched anyway, so the figures are as right as the membership is.
 */
export async function recordPayments(tx: Tx, owner: Owner, facts: PurchaseFacts): Promise<void> {
  const made = paymentsOf(facts);
  if (made.length === 0) return;
  const { id: membershipId, coachId, mode, accountId, memberId, productId } = owner;
  const rows = await tx.payment.findMany({ where: { coachId, mode, membershipId } });
  const known = new Map(rows.map((row) => [row.stripeId, row]));
  const fresh = made.filter(({ stripeId }) => !known.has(stripeId));
  if (fresh.length > 0) {
    // Stripe never changes a subscription's currency, so it is the one that was sold in.
    const { currency } = await tx.checkout.findUniqueOrThrow({
      where: { id: owner.checkoutId },
      select: { currency: true },
    });
    const whose = { membershipId, coachId, mode, accountId, memberId, productId, currency };
    await tx.payment.createMany({
      data: fresh.map(({ paidAt, ...payment }) => ({ ...whose, ...payment, paidAt: toDate(paidAt) })),
    });
  }
  for (const { stripeId, amountRefunded, dispute } of made) {
    const row = known.get(stripeId);
    if (row === undefined) continue;
    if (row.amountRefunded === amountRefunded && row.dispute === dispute) continue;
    await tx.payment.update({
      where: { mode_accountId_stripeId: { mode, accountId, stripeId } },
      data: { amountRefunded, dispute },
    });
  }
}
