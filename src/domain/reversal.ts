import type { MembershipDecision, RefundChoices } from './membership-facts';
import { paidPeriods } from './paid-periods';
import type { Policy } from './policy';
import type { Reversal, SubscriptionFacts } from './stripe-facts';

/** What went back of a payment, as far as access is concerned. */
type Returned = Reversal & {
  amount: number;
  /** The coach has chosen so with the refund, whatever the policy keeps. */
  isToEnd?: boolean;
};

/**
 * Refunds and disputes come on top: opened, a dispute suspends; lost, or refunded in full, it takes the access away and
 * ends the charging. A partial refund changes nothing. https://docs.stripe.com/disputes/how-disputes-work
 */
export function reversed(
  undisputed: MembershipDecision,
  payment: Returned | null,
  policy: Policy,
): MembershipDecision {
  const dispute = payment?.dispute === 'open' ? payment.disputeDates : null;
  const decision = { ...undisputed, dispute };
  // A subscription that ended because the money went back says so; any other end stays what it was.
  const isOver = decision.reason === 'canceled' || decision.reason === 'paid_after_end';
  if (payment === null || (decision.ended && !isOver)) return decision;
  const isAllBack = payment.amount > 0 && payment.amountRefunded >= payment.amount;
  const refunded = isAllBack && (payment.isToEnd === true || !policy.keepAfterRefund);
  if (refunded || payment.dispute === 'lost') {
    const charging = decision.stripeStatus !== null && decision.stripeStatus !== 'canceled';
    return {
      ...decision,
      // As long as Stripe goes on charging the run stays, to see the end of that.
      status: charging ? 'suspended' : 'ended',
      reason: refunded ? 'refunded' : 'dispute_lost',
      revoked: true,
      ended: !charging,
      cancelAtStripe: charging,
      deadline: charging ? decision.deadline : null,
    };
  }
  if (payment.dispute === 'open' && !policy.keepDuringDispute && !decision.ended)
    return { ...decision, status: 'suspended', reason: 'disputed', suspended: true };
  return decision;
}

/**
 * What went back of a subscription: of all that was paid for the newest period (its invoice, and those of changes in
 * between), whatever that cost, and a dispute about any payment. A period that was free, or settled by credit, is the
 * newest all the same: an older one that is refunded takes nothing away.
 */
export function reversalOf(subscription: SubscriptionFacts, choices: RefundChoices = {}): Returned | null {
  const paid = subscription.invoices.filter((invoice) => invoice.status === 'paid');
  if (paid.length === 0) return null;
  const ends = paidPeriods(subscription).map(({ end }) => end);
  const newestPeriod = ends.length === 0 ? 0 : Math.max(...ends);
  const newest = paid.filter(
    (invoice) =>
      (invoice.periodEnd ?? 0) === newestPeriod ||
      paidPeriods(subscription).some((period) => period.invoice === invoice && period.end === newestPeriod),
  );
  const disputed = (['lost', 'open'] as const)
    .map((dispute) => paid.find((invoice) => invoice.dispute === dispute))
    .find((invoice) => invoice !== undefined);
  return {
    amount: newest.reduce((sum, { amountPaid }) => sum + amountPaid, 0),
    amountRefunded: newest.reduce((sum, { amountRefunded }) => sum + amountRefunded, 0),
    dispute: disputed?.dispute ?? null,
    disputeDates: disputed?.disputeDates ?? null,
    isToEnd: newest.some(({ id }) => choices[id] === 'end'),
  };
}
