import { type MembershipDecision, type MembershipStatus, NOTHING_MORE } from './membership-facts';
import type { MembershipReason } from './membership-reasons';
import { paidAfterEnd, paidThroughOf } from './paid-periods';
import type { Policy } from './policy';
import type { InvoiceFacts, SubscriptionFacts } from './stripe-facts';
import { DAY, HOUR, MINUTE, type Seconds } from './time';

/** Stripe drafts a renewal's invoice for about an hour before it charges: ask after that. */
const AFTER_RENEWAL = 90 * MINUTE;
/** A boundary that Stripe has not acted on yet is looked at again after this. */
export const RECHECK = DAY;

/**
 * When the oldest unpaid invoice was to be paid: the grace is counted from there. An invoice that is sent has a date
 * for it; any other is due as it is finalized. One that was written off (`uncollectible`, as during a pause) counts only
 * while no later period was paid. https://docs.stripe.com/billing/collection-method
 */
export function unpaidSince(subscription: SubscriptionFacts): Seconds | null {
  const paidThrough = paidThroughOf(subscription) ?? 0;
  const unpaid = subscription.invoices.filter(
    ({ status, periodEnd }) =>
      status === 'open' || (status === 'uncollectible' && (periodEnd ?? 0) > paidThrough),
  );
  const since = unpaid.flatMap((invoice) => dueOf(invoice) ?? []);
  return since.length === 0 ? null : Math.min(...since);
}

const dueOf = ({ dueAt, finalizedAt }: InvoiceFacts): Seconds | null =>
  finalizedAt === null ? null : Math.max(dueAt ?? finalizedAt, finalizedAt);

/** What a subscription gives that goes on until somebody ends it. @param now seconds, UTC, on the account's clock */
export function decideSubscription(
  subscription: SubscriptionFacts,
  now: Seconds,
  policy: Policy,
): MembershipDecision {
  const paidThrough = paidThroughOf(subscription);
  const leeway = policy.renewalLeewayHours * HOUR;
  const { startedAt } = subscription;
  const paidWithLeeway = paidThrough === null ? startedAt : paidThrough + leeway;
  // Where there is no access, the end does not follow the clock: a later look at the same facts changes nothing.
  const alreadyOver = paidThrough !== null && paidThrough <= now ? paidThrough : Math.min(startedAt, now);
  const recheck = [paidThrough, now + RECHECK];
  const base = {
    ...NOTHING_MORE,
    stripeStatus: subscription.status,
    paidThrough,
    cancelAt: scheduledEnd(subscription),
    pauseUntil: subscription.resumesAt,
    ended: false,
  };
  const going = (
    status: MembershipStatus,
    reason: MembershipReason,
    until: Seconds,
    lookAlsoAt: (Seconds | null)[] = [],
  ): MembershipDecision => ({
    ...base,
    status,
    reason,
    until,
    deadline: nextOf(now, [until, ...lookAlsoAt]),
  });
  const over = (reason: MembershipReason, until: Seconds): MembershipDecision => ({
    ...base,
    status: until <= now ? 'ended' : 'canceling',
    reason,
    until,
    ended: until <= now,
    deadline: until <= now ? null : until,
  });

  switch (subscription.status) {
    case 'trialing':
    case 'active': {
      // A debit that takes days leaves the subscription active: as much patience as with a payment that failed.
      const underWay = subscription.status === 'active' ? paymentUnderWay(subscription) : null;
      const paidOrUnderWay = Math.max(paidWithLeeway, (underWay ?? 0) + policy.graceDays * DAY);
      if (base.cancelAt !== null) {
        // A far date does not give what is not paid for yet; a near one ends access exactly then.
        const paid = subscription.collectionPaused ? (paidThrough ?? startedAt) : paidOrUnderWay;
        const until = Math.min(base.cancelAt, paid);
        return going('canceling', 'scheduled_to_cancel', until, [base.cancelAt, renewal(paidThrough)]);
      }
      if (subscription.collectionPaused) {
        const until = paidThrough ?? startedAt;
        return going(until > now ? 'active' : 'suspended', 'collection_paused', until, [
          renewal(paidThrough),
          subscription.resumesAt,
        ]);
      }
      if (subscription.status === 'trialing')
        return going('trialing', 'trial', paidWithLeeway, [renewal(paidThrough)]);
      if (paidOrUnderWay <= now) return going('suspended', 'awaiting_payment', paidOrUnderWay);
      return going(
        'active',
        underWay !== null && isSent(subscription) ? 'invoice_sent' : 'paid',
        paidOrUnderWay,
        [renewal(paidThrough)],
      );
    }
    case 'past_due': {
      const graceEnd =
        (unpaidSince(subscription) ?? Math.max(paidThrough ?? 0, startedAt)) + policy.graceDays * DAY;
      const until = base.cancelAt === null ? graceEnd : Math.min(graceEnd, base.cancelAt);
      if (until > now) return going('past_due', 'grace', until);
      return going('suspended', isNotCollected(subscription) ? 'awaiting_payment' : 'grace_over', until);
    }
    case 'unpaid':
      return going(
        'suspended',
        isNotCollected(subscription) ? 'awaiting_payment' : 'unpaid',
        alreadyOver,
        recheck,
      );
    case 'paused':
      return going('suspended', 'trial_ended_without_card', alreadyOver, recheck);
    case 'incomplete':
      return going('suspended', 'first_payment_pending', alreadyOver, recheck);
    case 'incomplete_expired':
      return over('first_payment_failed', Math.min(startedAt, now));
    case 'canceled': {
      // What Stripe has ended is over, even where its clock is a little ahead of ours.
      const endedAt = Math.min(subscription.endedAt ?? now, now);
      // What is paid for is given, also where the money came after the end: whoever pays an invoice that Stripe left
      // open has its period. https://docs.stripe.com/billing/revenue-recovery/smart-retries
      const late = paidAfterEnd(subscription);
      const end = policy.honourPaidPeriod ? Math.max(endedAt, paidThrough ?? 0) : endedAt;
      return late === null ? over('canceled', end) : over('paid_after_end', Math.max(end, late));
    }
  }
}

/** When a renewal that is not paid yet was, or is, to be paid, while Stripe still waits for the money. */
function paymentUnderWay(subscription: SubscriptionFacts): Seconds | null {
  const paidThrough = paidThroughOf(subscription);
  if (paidThrough === null) return null;
  const since = subscription.invoices.flatMap((invoice) =>
    invoice.status === 'open' && (invoice.periodEnd ?? 0) > paidThrough ? (dueOf(invoice) ?? []) : [],
  );
  return since.length === 0 ? null : Math.min(...since);
}

/**
 * Stripe's status follows the most recent invoice that is not void, and one that is written off leaves it `active`:
 * nobody waits for the money of the present period any more.
 * https://docs.stripe.com/billing/subscriptions/overview#subscription-statuses
 */
function isNotCollected(subscription: SubscriptionFacts): boolean {
  const later = subscription.invoices.filter(
    ({ periodEnd }) => (periodEnd ?? 0) > (paidThroughOf(subscription) ?? 0),
  );
  return (
    later.some(({ status }) => status === 'void' || status === 'uncollectible') &&
    !later.some(({ status }) => status === 'open' || status === 'draft')
  );
}

/** Whether an open invoice is one that was sent, to be paid by a date. */
const isSent = ({ invoices }: SubscriptionFacts): boolean =>
  invoices.some(({ status, collectionMethod }) => status === 'open' && collectionMethod === 'send_invoice');

/** Both ways in which Stripe says that a subscription will end: the portal sets `cancel_at`. */
export function scheduledEnd(
  subscription: Pick<SubscriptionFacts, 'cancelAt' | 'cancelAtPeriodEnd' | 'currentPeriodEnd'>,
): Seconds | null {
  if (subscription.cancelAt !== null) return subscription.cancelAt;
  return subscription.cancelAtPeriodEnd ? subscription.currentPeriodEnd : null;
}

function renewal(paidThrough: Seconds | null): Seconds | null {
  return paidThrough === null ? null : paidThrough + AFTER_RENEWAL;
}

/** The first of the boundaries that is still ahead; when all are behind, a day from now. */
function nextOf(now: Seconds, boundaries: (Seconds | null)[]): Seconds {
  const ahead = boundaries.filter((at): at is Seconds => at !== null && at > now);
  return ahead.length === 0 ? now + RECHECK : Math.min(...ahead);
}
