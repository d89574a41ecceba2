import { type MembershipDecision, type MembershipFacts, NOTHING_MORE } from './membership-facts';
import { paidThroughOf } from './paid-periods';
import type { Policy } from './policy';
import { accessStart, termEnd } from './pricing';
import type { InvoiceFacts, SubscriptionFacts } from './stripe-facts';
import { decideSubscription, RECHECK, scheduledEnd } from './subscription-access';
import type { Seconds } from './time';

/**
 * Distinct invoices of the plan that Stripe calls paid and that were not given back, however they were settled: by card,
 * from the customer's balance, out of band, or by a coupon of 100 %. Never a proration, nor a trial's zero invoice, for
 * which nothing was due before coupons either. https://docs.stripe.com/invoicing/overview#paid
 */
export function installmentsPaidOf({ invoices }: SubscriptionFacts): number {
  const paid = invoices.filter(
    (invoice) =>
      invoice.status === 'paid' && invoice.reason !== 'other' && isOfPlan(invoice) && !isGivenBack(invoice),
  );
  return new Set(paid.map(({ id }) => id)).size;
}

const isOfPlan = ({ lines }: InvoiceFacts): boolean =>
  lines.some(({ itemId, proration, amount }) => itemId !== null && !proration && amount > 0);

/** All that came in for it went back: of what the balance or a coupon settled, a refund gives nothing back. */
const isGivenBack = ({ amountPaid, fromBalance, amountRefunded }: InvoiceFacts): boolean =>
  amountPaid > 0 && amountRefunded >= amountPaid + fromBalance;

/** Like a subscription while it is paid; after the last payment the product is bought. */
export function decideInstallments(
  facts: MembershipFacts,
  due: number,
  subscription: SubscriptionFacts,
  now: Seconds,
  policy: Policy,
): MembershipDecision {
  const installmentsPaid = installmentsPaidOf(subscription);
  if (installmentsPaid >= due) {
    const until = termEnd(accessStart(facts.startedAt, facts.accessStartsAt), facts.accessDays);
    const ended = until !== null && until <= now;
    const paidThrough = paidThroughOf(subscription);
    const end = scheduledEnd(subscription);
    return {
      ...NOTHING_MORE,
      stripeStatus: subscription.status,
      paidThrough,
      installmentsPaid,
      // The schedule was taken off, or came too late and ends too late: another payment would be one too many.
      cancelAtStripe: subscription.status !== 'canceled' && (end === null || end > (paidThrough ?? 0)),
      status: ended ? 'ended' : until === null ? 'owned' : 'canceling',
      reason: ended ? 'fixed_term_over' : 'installments_complete',
      until,
      ended,
      // The schedule ends the charging; until it has, a look a day makes sure of it.
      deadline: ended ? null : subscription.status === 'canceled' ? until : now + RECHECK,
    };
  }
  // The schedule's own end is no cancellation.
  const decision = decideSubscription(
    { ...subscription, cancelAt: null, cancelAtPeriodEnd: false },
    now,
    policy,
  );
  if (subscription.status === 'canceled') {
    const paidThrough = paidThroughOf(subscription) ?? facts.startedAt;
    // What was not paid up to its beginning never begins.
    const begins = accessStart(facts.startedAt, facts.accessStartsAt);
    const until = paidThrough <= begins ? Math.min(paidThrough, now) : paidThrough;
    const ended = until <= now;
    return {
      ...decision,
      installmentsPaid,
      status: ended ? 'ended' : 'canceling',
      reason: 'installments_short',
      until,
      ended,
      deadline: ended ? null : until,
    };
  }
  return {
    ...decision,
    installmentsPaid,
    reason: decision.reason === 'paid' ? 'installments' : decision.reason,
  };
}
