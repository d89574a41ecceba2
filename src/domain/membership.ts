import { paidAfterEnd, paidPeriods, paidThroughOf } from './paid-periods';
import type { Policy } from './policy';
import { termEnd } from './pricing';
import type { DisputeDates, InvoiceFacts, PaymentFacts, Reversal, SubscriptionFacts } from './stripe-facts';
import type { TimelineKind } from './timeline';
import type { MembershipReason } from './membership-reasons';
import { DAY, HOUR, MINUTE, type Seconds } from './time';

export { paidThroughOf };

/** What a membership is, for people and for search. */
export const MEMBERSHIP_STATUSES = [
  'trialing',
  'active',
  'canceling',
  'past_due',
  'suspended',
  'owned',
  'ended',
] as const;
export type MembershipStatus = (typeof MEMBERSHIP_STATUSES)[number];

/** What Stripe says about a membership now. */
export type MembershipEvidence =
  /** As far as the items of the membership's product are concerned; `nothingOfOurs`: it has none of any product. */
  | { kind: 'subscription'; subscription: SubscriptionFacts; nothingOfOurs?: boolean }
  | { kind: 'payment'; payment: PaymentFacts | null }
  /** The account can no longer be read: what is stored is the last evidence. */
  | { kind: 'unreadable' };

/** Reasons that stay while Stripe cannot be asked. */
export const WITHHELD = ['disputed', 'refunded', 'dispute_lost', 'not_sold_here'] as const;
type Withheld = (typeof WITHHELD)[number];

/** What is stored of it. */
export interface MembershipFacts {
  kind: 'subscription' | 'one_off';
  /** Stripe's time of the first payment. */
  startedAt: Seconds;
  paidThrough: Seconds | null;
  /** How many payments buy the product; null: no installments. */
  installmentsDue: number | null;
  /** How many of them were counted at the last look. */
  installmentsPaid: number | null;
  /** Days of access for what is bought once or in installments; null: for ever. */
  accessDays: number | null;
  /** Why the last look withheld access: the money went back or may, or pays for something else; null: it did not. */
  withheld: Withheld | null;
}

/** What the membership and its grant are to be. Times in seconds, UTC. */
export interface MembershipDecision {
  status: MembershipStatus;
  reason: MembershipReason;
  /** Stripe's own word; null for a one-off purchase or an unreadable account. */
  stripeStatus: string | null;
  paidThrough: Seconds | null;
  cancelAt: Seconds | null;
  /** When a pause of collection ends by itself; null: no pause, or one without an end. */
  pauseUntil: Seconds | null;
  /** The end of the grant; null: without an end. */
  until: Seconds | null;
  suspended: boolean;
  revoked: boolean;
  /** Installments that count as paid; null: no installments. */
  installmentsPaid: number | null;
  /** The dates of a dispute that the bank has not decided yet; null: there is none. */
  dispute: DisputeDates | null;
  /** Stripe is to stop charging: what was paid went back, or all that is due was paid. */
  cancelAtStripe: boolean;
  /** Access has ended for good: nothing will be looked at again by itself. */
  ended: boolean;
  /** When to look again although nobody said anything; null when time does not matter. */
  deadline: Seconds | null;
}

/** Stripe drafts a renewal's invoice for about an hour before it charges: ask after that. */
const AFTER_RENEWAL = 90 * MINUTE;
/** A boundary that Stripe has not acted on yet is looked at again after this. */
const RECHECK = DAY;

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

/**
 * The access rules: what Stripe says, the time and the coach's policy → access and the next deadline. Pure; every
 * wake-up of a membership ends here. docs/architecture.md has the table.
 * @param now seconds, UTC, on the account's clock.
 */
export function decideMembership(
  facts: MembershipFacts,
  evidence: MembershipEvidence,
  now: Seconds,
  policy: Policy,
): MembershipDecision {
  switch (evidence.kind) {
    case 'payment':
      return reversed(decidePayment(facts, now), evidence.payment, policy);
    case 'unreadable':
      return decideUnreadable(facts, now, policy);
    case 'subscription': {
      const { subscription } = evidence;
      const decision =
        facts.installmentsDue === null
          ? decideSubscription(subscription, now, policy)
          : decideInstallments(facts, facts.installmentsDue, subscription, now, policy);
      return reversed(
        evidence.nothingOfOurs === true && !decision.ended
          ? { ...decision, status: 'suspended', reason: 'not_sold_here', suspended: true }
          : decision,
        reversalOf(subscription),
        policy,
      );
    }
  }
}

const NOTHING_MORE = {
  stripeStatus: null,
  paidThrough: null,
  cancelAt: null,
  pauseUntil: null,
  suspended: false,
  revoked: false,
  installmentsPaid: null,
  dispute: null,
  cancelAtStripe: false,
};

/** What is bought once: for ever, or for the price's fixed term. */
function decidePayment({ startedAt, accessDays }: MembershipFacts, now: Seconds): MembershipDecision {
  const until = termEnd(startedAt, accessDays);
  const ended = until !== null && until <= now;
  return {
    ...NOTHING_MORE,
    status: ended ? 'ended' : until === null ? 'owned' : 'canceling',
    reason: until === null ? 'owned' : ended ? 'fixed_term_over' : 'fixed_term',
    until,
    ended,
    deadline: ended ? null : until,
  };
}

/** What went back of a payment, as far as access is concerned. */
type Returned = Reversal & { amount: number };

/**
 * Refunds and disputes come on top: opened, a dispute suspends; lost, or refunded in full, it takes the access away and
 * ends the charging. A partial refund changes nothing. https://docs.stripe.com/disputes/how-disputes-work
 */
function reversed(
  undisputed: MembershipDecision,
  payment: Returned | null,
  policy: Policy,
): MembershipDecision {
  const dispute = payment?.dispute === 'open' ? payment.disputeDates : null;
  const decision = { ...undisputed, dispute };
  // A subscription that ended because the money went back says so; any other end stays what it was.
  const isOver = decision.reason === 'canceled' || decision.reason === 'paid_after_end';
  if (payment === null || (decision.ended && !isOver)) return decision;
  const refunded = payment.amount > 0 && payment.amountRefunded >= payment.amount && !policy.keepAfterRefund;
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
function reversalOf(subscription: SubscriptionFacts): Returned | null {
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
  };
}

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
function decideInstallments(
  facts: MembershipFacts,
  due: number,
  subscription: SubscriptionFacts,
  now: Seconds,
  policy: Policy,
): MembershipDecision {
  const installmentsPaid = installmentsPaidOf(subscription);
  if (installmentsPaid >= due) {
    const until = termEnd(facts.startedAt, facts.accessDays);
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
    const until = paidThroughOf(subscription) ?? facts.startedAt;
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

/** What was paid for is honoured; what was withheld at the last look stays so until Stripe can be asked again. */
function decideUnreadable(facts: MembershipFacts, now: Seconds, policy: Policy): MembershipDecision {
  const honoured = decideHonoured(facts, now, policy);
  if (facts.withheld === null || honoured.ended) return honoured;
  const suspended = facts.withheld === 'disputed' || facts.withheld === 'not_sold_here';
  return { ...honoured, status: 'suspended', reason: facts.withheld, suspended, revoked: !suspended };
}

function decideHonoured(facts: MembershipFacts, now: Seconds, policy: Policy): MembershipDecision {
  const allPaid = facts.installmentsDue !== null && (facts.installmentsPaid ?? 0) >= facts.installmentsDue;
  if (facts.kind === 'one_off' || allPaid)
    return { ...decidePayment(facts, now), installmentsPaid: facts.installmentsPaid };
  const until = (facts.paidThrough ?? 0) + policy.renewalLeewayHours * HOUR;
  const ended = until <= now;
  return {
    ...NOTHING_MORE,
    status: ended ? 'ended' : 'canceling',
    reason: ended ? 'disconnected_over' : 'disconnected',
    paidThrough: facts.paidThrough,
    installmentsPaid: facts.installmentsPaid,
    until,
    ended,
    deadline: ended ? null : until,
  };
}

function decideSubscription(
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
function scheduledEnd(subscription: SubscriptionFacts): Seconds | null {
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

/** What changed for the member, as a stable code for the timeline; null when nothing did. */
export function changeOf(
  before: {
    status: MembershipStatus;
    reason: string;
    paidThrough: Seconds | null;
    cancelAt: Seconds | null;
    until: Seconds | null;
    installmentsPaid: number | null;
    /** A dispute was open. */
    disputed?: boolean;
  },
  after: MembershipDecision,
): TimelineKind | null {
  if (after.ended && before.status !== 'ended') return 'membership_ended';
  // A renewal gives access: what is paid when its period is over too is told as what it is.
  if (after.ended && after.paidThrough !== null && after.paidThrough > (before.paidThrough ?? 0))
    return 'paid_too_late';
  if (before.reason !== after.reason) {
    if (after.reason === 'scheduled_to_cancel') return 'cancellation_scheduled';
    const isGoing = ['paid', 'trial', 'installments', 'invoice_sent'].includes(after.reason);
    if (isGoing && before.reason === 'scheduled_to_cancel') return 'cancellation_withdrawn';
    if (before.reason === 'disputed' && !after.revoked) return 'dispute_won';
    if (before.reason === 'refunded' || before.reason === 'dispute_lost') return 'access_restored';
    if (before.reason === 'collection_paused' && after.reason === 'awaiting_payment') return 'resumed';
    if (after.reason === 'paid' || after.reason === 'installments') {
      if (before.reason === 'invoice_sent') return 'renewed';
      if (before.reason === 'trial') return 'trial_converted';
      if (before.reason === 'awaiting_payment') return 'renewed';
      return before.reason === 'grace' || before.reason === 'grace_over' || before.reason === 'unpaid'
        ? 'payment_recovered'
        : 'resumed';
    }
    if (after.reason === 'grace') return 'payment_failed';
    return after.reason;
  }
  if (before.disputed === false && after.dispute !== null) return 'dispute_opened';
  if (before.disputed === true && after.dispute === null) return 'dispute_closed';
  if ((after.installmentsPaid ?? 0) < (before.installmentsPaid ?? 0)) return 'installments_recounted';
  if (after.paidThrough !== null && after.paidThrough > (before.paidThrough ?? 0)) return 'renewed';
  if (before.cancelAt !== after.cancelAt) return 'cancellation_moved';
  if (before.status !== 'suspended' && after.status === 'suspended') return 'access_over';
  if (before.status !== after.status || before.until !== after.until) return 'access_changed';
  return null;
}
