import type { MembershipDecision } from './membership-facts';
import { chargedFor } from './recurring-revenue';
import type { SubscriptionFacts } from './stripe-facts';
import type { Seconds } from './time';

/** What a member is charged, or sent an invoice for, next. */
export interface NextCharge {
  at: Seconds;
  /** Minor units, without tax and without discounts that end; null: it is charged by use, so nobody knows. */
  amount: number | null;
  /** ISO 4217, lower case. */
  currency: string;
}

const CHARGED: readonly SubscriptionFacts['status'][] = ['active', 'trialing', 'past_due'];

/**
 * What is charged next as things stand; null: nothing. An invoice that is made, or was tried in vain, comes before the next
 * period: Stripe says when it tries. https://docs.stripe.com/billing/subscriptions/overview#how-payments-work-subscriptions
 * @param installmentsDue how many payments buy it; null: it goes on
 */
export function nextChargeOf(
  subscription: SubscriptionFacts,
  { cancelAt, ended, cancelAtStripe, installmentsPaid }: MembershipDecision,
  installmentsDue: number | null,
): NextCharge | null {
  const { status, currency, items, invoices, collectionPaused } = subscription;
  if (ended || cancelAtStripe || collectionPaused || !CHARGED.includes(status)) return null;
  const waiting = invoices.findLast(
    ({ status: of, nextAttemptAt }) => (of === 'open' || of === 'draft') && nextAttemptAt !== null,
  );
  if (waiting !== undefined && waiting.nextAttemptAt !== null) {
    const amount = waiting.status === 'open' ? waiting.amountRemaining : waiting.amountDue;
    return { at: waiting.nextAttemptAt, amount, currency };
  }
  if (status === 'past_due' || items.length === 0) return null;
  if (installmentsDue !== null && (installmentsPaid ?? 0) >= installmentsDue) return null;
  const at = Math.min(...items.map(({ periodEnd }) => periodEnd));
  if (cancelAt !== null && cancelAt <= at) return null;
  const isDue = ({ periodEnd }: { periodEnd: Seconds }) => periodEnd === at;
  const isKnown = items.filter(isDue).every(({ charge }) => charge != null);
  const amount = chargedFor(subscription)
    .filter(isDue)
    .reduce((sum, item) => sum + item.amount, 0);
  return { at, amount: isKnown ? amount : null, currency };
}
