import type { Tx } from '../db/client';
import type { Membership, Payment } from '../db/generated/client';
import { type PaymentSeen, paymentsOf, type PurchaseFacts } from '../domain/payments';
import { type Seconds, toDate, toDateOrNull } from '../domain/time';
import { recordRefunds } from './refunds';

/** Whose money it is. */
type Owner = Pick<Membership, 'coachId' | 'mode' | 'accountId' | 'memberId' | 'productId' | 'checkoutId'> & {
  /** Null: nothing came of the purchase yet. */
  id: string | null;
  /** What it was sold in, where that is at hand. */
  currency?: string;
};

/**
 * Writes down what was paid or is to be, and what went back, for the coach to look at; nothing decides by it. Part of the
 * transaction of a membership's commit, from what that has fetched anyway, so it is as right as the membership is.
 * @param now for what Stripe gives no time of
 */
export async function recordPayments(
  tx: Tx,
  owner: Owner,
  facts: PurchaseFacts,
  now: Seconds,
): Promise<void> {
  const seen = paymentsOf(facts);
  if (seen.length === 0) return;
  const { id: membershipId, coachId, mode, accountId, memberId, productId } = owner;
  const rows = await tx.payment.findMany({
    where: { mode, accountId, stripeId: { in: seen.map(({ stripeId }) => stripeId) }, coachId },
  });
  const known = new Map(rows.map((row) => [row.stripeId, row]));
  // What was voided before anybody saw it was never a payment.
  const fresh = seen.filter(({ stripeId, status }) => !known.has(stripeId) && status !== 'canceled');
  if (fresh.length > 0) {
    // Stripe never changes a subscription's currency, so it is the one that was sold in.
    const currency = owner.currency ?? (await soldIn(tx, owner.checkoutId));
    const whose = { membershipId, coachId, mode, accountId, memberId, productId, currency };
    await tx.payment.createMany({
      data: fresh.map((payment) => ({
        ...whose,
        stripeId: payment.stripeId,
        paidAt: toDate(payment.at ?? now),
        ...columnsOf(payment),
      })),
    });
  }
  for (const payment of seen) {
    const row = known.get(payment.stripeId);
    if (row === undefined) continue;
    const isPaidNow = row.status !== 'succeeded' && payment.status === 'succeeded' && payment.at !== null;
    const data = {
      ...whatIsKnown(row, columnsOf(payment)),
      membershipId: membershipId ?? row.membershipId,
      ...(isPaidNow ? { paidAt: toDate(payment.at ?? now) } : {}),
    };
    if (Object.entries(data).every(([name, value]) => isSame(row[name as keyof Payment], value))) continue;
    await tx.payment.update({
      where: { mode_accountId_stripeId: { mode, accountId, stripeId: payment.stripeId } },
      data,
    });
  }
  await recordRefunds(tx, { coachId, mode, accountId, membershipId }, seen);
}

async function soldIn(tx: Tx, checkoutId: string): Promise<string> {
  const { currency } = await tx.checkout.findUniqueOrThrow({
    where: { id: checkoutId },
    select: { currency: true },
  });
  return currency;
}

function columnsOf({ status, amount, amountRefunded, dispute, disputeDates, charge, failure }: PaymentSeen) {
  return {
    ...{ status, amount, amountRefunded, dispute, failure },
    disputedAt: toDateOrNull(disputeDates?.openedAt ?? null),
    evidenceDueAt: toDateOrNull(disputeDates?.evidenceDueAt ?? null),
    chargeId: charge?.id ?? null,
    method: charge?.method ?? null,
    brand: charge?.brand ?? null,
    fee: charge?.fee?.amount ?? null,
    feeCurrency: charge?.fee?.currency ?? null,
  };
}

/** What a look did not learn of the charge is not forgotten; and a payment that was made is made. */
function whatIsKnown(
  row: Payment,
  seen: ReturnType<typeof columnsOf>,
): Partial<ReturnType<typeof columnsOf>> {
  const { chargeId, method, brand, fee, feeCurrency, ...others } = seen;
  const { status: _status, amount: _amount, failure: _failure, ...reversal } = others;
  return {
    ...(row.status === 'succeeded' ? reversal : others),
    ...(chargeId === null ? {} : { chargeId, method, brand }),
    ...(fee === null ? {} : { fee, feeCurrency }),
  };
}

const isSame = (one: unknown, other: unknown): boolean =>
  one instanceof Date && other instanceof Date ? one.getTime() === other.getTime() : one === other;
