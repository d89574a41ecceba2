import { type Membership, Prisma } from '../db/generated/client';
import type { MembershipItem } from '../domain/items';
import {
  type MembershipDecision,
  type MembershipFacts,
  type RefundChoices,
  WITHHELD,
} from '../domain/membership-facts';
import { type NextCharge, nextChargeOf } from '../domain/next-charge';
import type { OpenInvoice } from '../domain/open-invoice';
import type { SubscriptionFacts } from '../domain/stripe-facts';
import { type Seconds, toDate, toDateOrNull, toSeconds, toSecondsOrNull } from '../domain/time';

/**
 * The columns of the membership row that a decision fills.
 * @param endedAt when it had ended already: looks that come after leave it at that. Null: it had not, or there is no row yet
 */
export function membershipColumns(decision: MembershipDecision, now: Seconds, endedAt: Date | null = null) {
  return {
    status: decision.status,
    reason: decision.reason,
    stripeStatus: decision.stripeStatus,
    paidThrough: toDateOrNull(decision.paidThrough),
    cancelAt: toDateOrNull(decision.cancelAt),
    pauseUntil: toDateOrNull(decision.pauseUntil),
    installmentsPaid: decision.installmentsPaid,
    nextDeadlineAt: toDateOrNull(decision.deadline),
    verifiedAt: toDate(now),
    endedAt: decision.ended ? (endedAt ?? toDate(now)) : null,
    disputedAt: toDateOrNull(decision.dispute?.openedAt ?? null),
    evidenceDueAt: toDateOrNull(decision.dispute?.evidenceDueAt ?? null),
    ...(decision.ended ? nextChargeColumns(null) : {}),
  };
}

function nextChargeColumns(next: NextCharge | null) {
  return {
    nextChargeAt: toDateOrNull(next?.at ?? null),
    nextChargeAmount: next?.amount ?? null,
    nextChargeCurrency: next?.currency ?? null,
  };
}

/** The columns of its grant that a decision fills. */
export function grantColumns(decision: MembershipDecision) {
  return {
    until: toDateOrNull(decision.until),
    suspended: decision.suspended,
    revoked: decision.revoked,
  };
}

/**
 * The columns of the membership row that say what Stripe has, beside what was decided.
 * @param installmentsDue how many payments buy it; null: it goes on
 */
export function subscriptionColumns(
  subscription: SubscriptionFacts,
  items: readonly MembershipItem[],
  decision: MembershipDecision,
  installmentsDue: number | null,
) {
  const open = openInvoiceOf(subscription);
  return {
    items: items.map((item) => ({ ...item })),
    trialEnd: toDateOrNull(subscription.trialEnd),
    collectionMethod: subscription.collectionMethod,
    cardExpiresAt: toDateOrNull(subscription.cardExpiresAt),
    openInvoice: open === null ? Prisma.DbNull : { ...open },
    ...nextChargeColumns(nextChargeOf(subscription, decision, installmentsDue)),
  };
}

/** The oldest invoice that waits for its payment. */
function openInvoiceOf({ invoices, currency }: SubscriptionFacts): OpenInvoice | null {
  const open = invoices.filter(({ status }) => status === 'open').at(-1);
  if (open === undefined) return null;
  const { id, amountRemaining, dueAt, nextAttemptAt, hostedUrl } = open;
  return { id, amountRemaining, currency, dueAt, nextAttemptAt, url: hostedUrl };
}

/** What the rules take from a membership's row. */
export function membershipFactsOf(row: Membership): MembershipFacts {
  return {
    kind: row.kind,
    startedAt: toSeconds(row.startedAt),
    paidThrough: row.paidThrough === null ? null : toSeconds(row.paidThrough),
    installmentsDue: row.installmentsDue,
    installmentsPaid: row.installmentsPaid,
    accessDays: row.accessDays,
    accessStartsAt: toSecondsOrNull(row.accessStartsAt),
    withheld: WITHHELD.find((reason) => reason === row.reason) ?? null,
    withdrawn: row.withdrawnAt !== null,
    // Written by src/store/refunds.ts alone.
    refundChoices: row.refundChoices as RefundChoices,
  };
}
