import type { Tx } from '../db/client';
import type { Membership } from '../db/generated/client';
import type { MembershipEvidence } from '../domain/membership-facts';
import type { Sold } from '../domain/membership-look';
import { cameAbout, recurringOf } from '../domain/recurring-revenue';
import { type Seconds, toDate, toSeconds } from '../domain/time';

type Whose = Pick<Membership, 'id' | 'coachId' | 'mode' | 'memberId' | 'checkoutId' | 'installmentsDue'>;

/** What a look has found, and whether it has found the membership's end. */
interface Seen {
  evidence: MembershipEvidence;
  sold: Pick<Sold, 'productId' | 'priceId'>;
  ended: boolean;
  /** The look before; null: there was none. */
  since: Seconds | null;
  now: Seconds;
}

/**
 * Writes down what a membership is worth a month, if that is not what it was. Part of the transaction of its commit, from
 * what that has fetched anyway. What is paid in installments does not recur.
 */
export async function recordMovement(tx: Tx, of: Whose, seen: Seen): Promise<void> {
  const { evidence, sold, now } = seen;
  if (evidence.kind === 'payment' || of.installmentsDue !== null) return;
  // Who cannot be asked has said nothing.
  if (evidence.kind === 'unreadable' && !seen.ended) return;
  const { id: membershipId, coachId, mode, memberId } = of;
  const last = await tx.revenueMovement.findFirst({
    where: { coachId, mode, membershipId },
    orderBy: { position: 'desc' },
  });
  const amount = evidence.kind === 'unreadable' ? 0 : recurringOf(evidence.subscription);
  if (amount === (last?.amount ?? 0) && (amount === 0 || isSameSale(last, sold))) return;
  if (last?.estimated === true && last.amount > 0 && amount > 0) {
    await tx.revenueMovement.update({
      where: { position: last.position },
      data: { amount, ...sold, ...(last.amountBefore === 0 ? fromOf(sold) : {}), estimated: false },
    });
    return;
  }
  const at = evidence.kind === 'unreadable' ? now : cameAbout(evidence.subscription, seen.since, now);
  await tx.revenueMovement.create({
    data: {
      ...{ coachId, mode, membershipId, memberId, amount },
      // What has ended was worth something until then.
      ...(amount === 0 && last !== null ? saleOf(last) : sold),
      ...(last === null ? fromOf(sold) : fromOf(last)),
      amountBefore: last?.amount ?? 0,
      currency: last?.currency ?? (await currencyOf(tx, of.checkoutId)),
      at: toDate(Math.max(at, last === null ? 0 : toSeconds(last.at))),
    },
  });
}

const saleOf = ({ productId, priceId }: Seen['sold']) => ({ productId, priceId });
const fromOf = ({ productId, priceId }: Seen['sold']) => ({ fromProductId: productId, fromPriceId: priceId });
const isSameSale = (last: Seen['sold'] | null, { productId, priceId }: Seen['sold']): boolean =>
  last?.productId === productId && last.priceId === priceId;

/** Stripe never changes a subscription's currency, so it is the one that was sold in. */
async function currencyOf(tx: Tx, checkoutId: string): Promise<string> {
  const { currency } = await tx.checkout.findUniqueOrThrow({
    where: { id: checkoutId },
    select: { currency: true },
  });
  return currency;
}
