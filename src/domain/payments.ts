import type { DisputeOutcome, PaymentFacts, SubscriptionFacts } from './stripe-facts';
import type { Seconds } from './time';

/** Money that reached the coach's account. Minor units; seconds, UTC. */
export interface PaymentMade {
  /** `in_…` of a subscription's invoice, `pi_…` of what is bought once. */
  stripeId: string;
  amount: number;
  amountRefunded: number;
  dispute: DisputeOutcome | null;
  paidAt: Seconds;
}

/** What Stripe says about a purchase, whichever of the two it is. */
export interface PurchaseFacts {
  subscription?: SubscriptionFacts | null;
  payment?: PaymentFacts | null;
}

/** The payments of a purchase: a trial's or a voucher's zero invoice is none, nor is what is still on its way. */
export function paymentsOf({ subscription, payment }: PurchaseFacts): PaymentMade[] {
  const invoices = (subscription?.invoices ?? []).flatMap((invoice) => {
    const { id, status, amountPaid, amountRefunded, dispute, paidAt } = invoice;
    if (status !== 'paid' || amountPaid === 0 || paidAt === null) return [];
    return [{ stripeId: id, amount: amountPaid, amountRefunded, dispute, paidAt }];
  });
  if (payment == null || payment.paidAt === null || payment.amount === 0) return invoices;
  const { id, amount, amountRefunded, dispute, paidAt } = payment;
  return [...invoices, { stripeId: id, amount, amountRefunded, dispute, paidAt }];
}
