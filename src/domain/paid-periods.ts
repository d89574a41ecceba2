import type { InvoiceFacts, InvoiceLineFacts, SubscriptionFacts } from './stripe-facts';
import { MINUTE, type Seconds } from './time';

/**
 * Which periods were paid for: read off the lines of invoices, never off the subscription's own period, which moves
 * before the renewal is paid.
 */

/** A line that gives something back: a change within a period credits what of it is not used. */
export const isCredit = (line: InvoiceLineFacts): boolean =>
  line.credits !== null || (line.proration && line.amount < 0);

/** The latest period end over the lines of subscription items that are no credit; null when there is none. */
export function latestEnd(lines: readonly InvoiceLineFacts[]): Seconds | null {
  const ends = lines.filter((line) => line.itemId !== null && !isCredit(line)).map((line) => line.periodEnd);
  return ends.length === 0 ? null : Math.max(...ends);
}

/** How far a line of a paid invoice was paid for, and not credited back since. */
export interface PaidPeriod {
  invoice: InvoiceFacts;
  line: InvoiceLineFacts;
  end: Seconds;
}

/**
 * Every period that a paid invoice has a line for, each cut off where a later proration credits the rest of it. Only
 * what is paid itself credits: the change of an invoice that is open, or was voided, has given nothing back yet. Stripe
 * names the lines that it credits (`credited_items`); where it does not, a credit is that of what was paid for the same
 * item, up to the same end. https://docs.stripe.com/billing/subscriptions/prorations
 */
export function paidPeriods(subscription: SubscriptionFacts): PaidPeriod[] {
  const paid = subscription.invoices.filter(({ status }) => status === 'paid');
  const lines = paid.flatMap((invoice) => invoice.lines.map((line) => ({ invoice, line })));
  const credits = lines.filter(({ line }) => isCredit(line));
  return lines
    .filter(({ line }) => line.itemId !== null && !isCredit(line))
    .map(({ invoice, line }) => {
      const backFrom = credits
        .filter((credit) => isCreditOf(credit, { invoice, line }))
        .map((credit) => credit.line.periodStart);
      return { invoice, line, end: Math.min(trialCut(subscription, line), ...backFrom) };
    });
}

interface LineOfInvoice {
  invoice: InvoiceFacts;
  line: InvoiceLineFacts;
}

function isCreditOf(credit: LineOfInvoice, { invoice, line }: LineOfInvoice): boolean {
  if (credit.line.credits !== null) return credit.line.credits.lineIds.includes(line.id);
  if (credit.line.itemId !== line.itemId || line.periodEnd > credit.line.periodEnd) return false;
  // Several changes may meet on one invoice: a credit there is of what began before it.
  return credit.invoice.id === invoice.id
    ? line.periodStart < credit.line.periodStart
    : invoice.createdAt <= credit.invoice.createdAt;
}

/** A trial that was cut short gave no more than it lasted: its zero line still names the first end. */
function trialCut(
  { trialStart, trialEnd, startedAt }: SubscriptionFacts,
  { amount, periodStart, periodEnd }: InvoiceLineFacts,
): Seconds {
  const isTrial = trialEnd !== null && amount === 0 && periodStart >= (trialStart ?? startedAt);
  return isTrial && periodStart < trialEnd ? Math.min(periodEnd, trialEnd) : periodEnd;
}

/**
 * The latest end of what was paid for (a trial's zero invoice counts) and not credited back, or null while nothing was.
 * While the subscription is `trialing`, at least the trial's end: an extension may come without an invoice.
 */
export function paidThroughOf(subscription: SubscriptionFacts): Seconds | null {
  const ends = [...paidPeriods(subscription).map(({ end }) => end), ...notYetInvoiced(subscription)];
  if (subscription.status === 'trialing' && subscription.trialEnd !== null) ends.push(subscription.trialEnd);
  return ends.length === 0 ? null : Math.max(...ends);
}

/**
 * An item that was added or exchanged later, before it is on any invoice: Stripe charges it with the next one, or gives
 * it for nothing until then (`proration_behavior` `create_prorations` and `none`).
 */
function notYetInvoiced({ status, items, startedAt, invoices }: SubscriptionFacts): Seconds[] {
  if (status !== 'active' && status !== 'trialing') return [];
  return items.flatMap(({ id, createdAt, periodEnd }) => {
    if (createdAt <= startedAt) return [];
    const lines = invoices
      .filter((invoice) => invoice.status !== 'void')
      .flatMap((invoice) => invoice.lines.filter(({ itemId }) => itemId === id));
    if (lines.length === 0) return [periodEnd];
    const whole = lines.filter(({ proration }) => !proration).map(({ periodStart }) => periodStart);
    return whole.length === 0 ? [] : [Math.min(...whole)];
  });
}

/** Seconds between an invoice and its payment from which on it was left open; Stripe charges within seconds, or tries again later. */
const LEFT_OPEN = MINUTE;

/**
 * What was paid only after the subscription had ended: retries were used up, Stripe cancelled, and then the invoice
 * that it left open was paid. The latest end of those periods; null: nothing was. Stripe tells whole seconds, and a test
 * clock stands still: what was left open before and is paid in the very second of the end counts as paid after it, since
 * money that came has its period; what was paid as soon as it was finalized was not left open, and who cancels in that
 * second has cancelled what they had. https://docs.stripe.com/billing/testing/test-clocks
 */
export function paidAfterEnd(subscription: SubscriptionFacts): Seconds | null {
  const { endedAt } = subscription;
  if (endedAt === null) return null;
  const isLate = ({ paidAt, finalizedAt }: InvoiceFacts) =>
    paidAt !== null &&
    (paidAt > endedAt || (paidAt === endedAt && (finalizedAt ?? paidAt) <= paidAt - LEFT_OPEN));
  const ends = paidPeriods(subscription)
    .filter(({ invoice }) => isLate(invoice))
    .map(({ end }) => end);
  return ends.length === 0 ? null : Math.max(...ends);
}

/**
 * A subscription as far as some of its items are concerned: only their lines and periods. An item that somebody added
 * lends its period to no other.
 */
export function ofItems(subscription: SubscriptionFacts, itemIds: ReadonlySet<string>): SubscriptionFacts {
  const items = subscription.items.filter(({ id }) => itemIds.has(id));
  const known = new Set(subscription.items.map(({ id }) => id));
  // What was paid for an item that is gone counts for one of the same product that took its place, not for one that was
  // there beside it.
  const hasSuccessor = ({ stripeProductId, periodStart }: InvoiceLineFacts) =>
    stripeProductId !== null &&
    items.some((item) => item.stripeProductId === stripeProductId && item.createdAt >= periodStart);
  const counts = (line: InvoiceLineFacts) =>
    line.itemId === null || itemIds.has(line.itemId) || (!known.has(line.itemId) && hasSuccessor(line));
  return {
    ...subscription,
    items,
    currentPeriodEnd: Math.max(0, ...items.map(({ periodEnd }) => periodEnd)),
    invoices: subscription.invoices.map((invoice) => {
      const lines = invoice.lines.filter(counts);
      return { ...invoice, lines, periodEnd: latestEnd(lines) };
    }),
  };
}
