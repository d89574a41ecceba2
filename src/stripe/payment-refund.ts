import type { RefundReason } from '../domain/refund';
import type { RefundFacts } from '../domain/stripe-facts';
import type { AccountClient } from './account-client';
import { createRefund, isMarked, listRefunds, paymentIntentsOf, sumOf } from './refunds';
import { refundFacts } from './reversals';

/** What is asked for: a row of ours. */
export interface WantedRefund {
  id: string;
  /** `in_…` or `pi_…`. */
  paymentId: string;
  /** Minor units. */
  amount: number;
  reason: string | null;
}

/** What became of it: what Stripe has made, or that less is left than was asked for. Minor units. */
export type MadeRefund = { made: RefundFacts[] } | { left: number };

/**
 * Gives back a part of a payment, exactly so much of it, or nothing. Safe to repeat, also after Stripe has forgotten the
 * idempotency keys: what was made for this row is found by its metadata.
 * @throws the Stripe client's error. https://docs.stripe.com/api/refunds/create
 */
export async function refundPayment(client: AccountClient, wanted: WantedRefund): Promise<MadeRefund> {
  const marker = { refundId: wanted.id };
  const payments = await Promise.all(
    (await paymentIntentsOf(client, wanted.paymentId)).map(async ({ intent, amount }) => {
      const refunds = await listRefunds(client, intent);
      return { intent, left: amount - sumOf(refunds), own: refunds.filter((one) => isMarked(one, marker)) };
    }),
  );
  const made = payments.flatMap(({ own }) => own);
  let missing = wanted.amount - sumOf(made);
  const left = payments.reduce((sum, payment) => sum + Math.max(0, payment.left), 0);
  if (missing > left && made.length === 0) return { left };
  for (const { intent, left: ofThis, own } of payments) {
    const part = Math.min(missing, ofThis);
    if (part <= 0 || own.length > 0) continue;
    const refund = await createRefund(client, {
      ...{ rowId: wanted.id, step: `refund-${intent}`, intent, amount: part, marker },
      ...(wanted.reason === null ? {} : { reason: wanted.reason as RefundReason }),
    });
    made.push(refund);
    missing -= part;
  }
  return { made: made.map(refundFacts) };
}
