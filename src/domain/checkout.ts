import { type OfferedItem, takenOf } from './offers-beside';
import { type AmountTerms, expectedSubtotal } from './pricing';
import { openUntil, type SalesWindow } from './sales-window';
import type { SessionFacts } from './stripe-facts';
import type { Seconds } from './time';

export const CHECKOUT_STATUSES = [
  'opening',
  'open',
  'pending',
  'completed',
  'expired',
  'cancelled',
  'failed',
  'needs_review',
  'unverifiable',
  'refunding',
  'refunded',
] as const;
export type CheckoutStatus = (typeof CHECKOUT_STATUSES)[number];

const UNDER_WAY: readonly CheckoutStatus[] = ['opening', 'open', 'pending', 'refunding'];

/** Nothing will change any more by itself. */
export function isClosed(status: CheckoutStatus): boolean {
  return !UNDER_WAY.includes(status);
}

const WITHOUT_MONEY: readonly CheckoutStatus[] = ['expired', 'cancelled', 'failed'];

/** It was closed because no money came. Money that comes all the same is recorded, never dropped. */
export function closedWithoutMoney(status: CheckoutStatus): boolean {
  return WITHOUT_MONEY.includes(status);
}

/** What was offered, as stored when the checkout was opened. Money in minor units. */
export interface Offer {
  stripePriceId: string;
  /** The one-off price of a setup fee, as a line item of its own. */
  stripeSetupPriceId: string | null;
  quantity: number;
  currency: string;
  terms: AmountTerms;
  /** What the buyer could add. */
  beside: readonly OfferedItem[];
  /** When the price is sold. */
  sales: SalesWindow;
}

export interface CheckoutDecision {
  status: CheckoutStatus;
  /** Why it failed or needs a review, a stable code. */
  failureCode: string | null;
  failureMessage: string | null;
  /** When Stripe's own clock closes it (seconds, UTC); null when only money is waited for. */
  deadline: Seconds | null;
  /** Stripe's time of payment (seconds, UTC), for a completed checkout. */
  paidAt: Seconds | null;
}

/**
 * What a checkout is, from Stripe's session alone: a return from the hosted page or an event proves nothing by itself.
 * https://docs.stripe.com/payments/checkout/fulfillment
 */
export function decideCheckout(
  offer: Offer,
  session: SessionFacts,
  cancelRequested: boolean,
): CheckoutDecision {
  const decision = (status: CheckoutStatus, more: Partial<CheckoutDecision> = {}): CheckoutDecision => ({
    status,
    failureCode: null,
    failureMessage: null,
    deadline: null,
    paidAt: null,
    ...more,
  });
  if (session.status === 'open')
    return decision('open', { deadline: openUntil(session.expiresAt, offer.sales) });
  if (session.status === 'expired') return decision(cancelRequested ? 'cancelled' : 'expired');

  if (session.paymentStatus === 'unpaid') {
    const failed =
      session.payment?.status === 'failed' ||
      session.subscription?.status === 'incomplete_expired' ||
      session.subscription?.status === 'canceled' ||
      wouldChargeLater(session);
    return failed
      ? decision('failed', {
          failureCode: 'async_payment_failed',
          failureMessage: `The delayed payment did not go through${reasonOf(session)}.`,
        })
      : decision('pending');
  }
  const mismatch = mismatchOf(offer, session);
  if (mismatch !== null)
    return decision('needs_review', { failureCode: 'payment_mismatch', failureMessage: mismatch });
  return decision('completed', { paidAt: paymentTimeOf(session) });
}

function reasonOf({ payment }: SessionFacts): string {
  return payment?.failure == null ? '' : `: ${payment.failure.replaceAll('_', ' ')}`;
}

/**
 * The first debit of a subscription bounced, and Stripe would try it again some time: what has failed for the member is
 * not to be charged later. https://docs.stripe.com/billing/subscriptions/overview#subscription-statuses
 */
export function wouldChargeLater({ paymentStatus, subscription }: SessionFacts): boolean {
  if (paymentStatus !== 'unpaid') return false;
  return subscription?.status === 'past_due' || subscription?.status === 'unpaid';
}

/**
 * What becomes of a checkout that was closed without money, after another look: paid all the same, or as it was (null).
 */
export function decideLate(decision: CheckoutDecision): CheckoutDecision | null {
  return decision.status === 'completed' || decision.status === 'needs_review' ? decision : null;
}

/** The payment is good, but its seat was given away meanwhile: the money goes back. */
export function seatGone(now: Seconds): CheckoutDecision {
  return {
    status: 'refunding',
    failureCode: 'seat_gone',
    failureMessage: 'The payment came when all seats were taken; it is given back.',
    deadline: now,
    paidAt: null,
  };
}

/** What is written down once a payment went back; `refunded` false: it could not be given back. */
export function decideRefund(refunded: boolean): CheckoutDecision {
  const decision = { deadline: null, paidAt: null };
  return refunded
    ? {
        ...decision,
        status: 'refunded',
        failureCode: 'seat_gone',
        failureMessage: 'The payment came when all seats were taken; it was given back in full.',
      }
    : {
        ...decision,
        status: 'needs_review',
        failureCode: 'refund_failed',
        failureMessage:
          'The payment came when all seats were taken, and Stripe did not give it back. Refund it in Stripe.',
      };
}

/** Whether all that was paid for a session went back. */
export function isGivenBack({ payment, subscription }: SessionFacts): boolean {
  if (payment !== null && payment.amountRefunded < payment.amount) return false;
  return (subscription?.invoices ?? []).every(
    ({ status, amountPaid, amountRefunded }) => status !== 'paid' || amountRefunded >= amountPaid,
  );
}

/**
 * In what a paid session differs from what was offered, in words; null when it is what was offered: line-item prices,
 * quantity, currency, what was taken beside, and total = subtotal − discount + exclusive tax.
 */
export function mismatchOf(offer: Offer, session: SessionFacts): string | null {
  const expected = [
    { priceId: offer.stripePriceId, quantity: offer.quantity },
    ...(offer.stripeSetupPriceId === null ? [] : [{ priceId: offer.stripeSetupPriceId, quantity: 1 }]),
  ];
  if (session.lines.length < expected.length)
    return 'The session has other line items than the ones offered.';
  const sold = new Set<SessionFacts['lines'][number]>();
  for (const { priceId, quantity } of expected) {
    const line = session.lines.find((candidate) => candidate.priceId === priceId);
    if (line === undefined) return 'The session is for another price.';
    if (line.quantity !== quantity) return 'The session is for another quantity.';
    sold.add(line);
  }
  const taken = takenOf(
    session.lines.filter((line) => !sold.has(line)),
    offer.beside,
  );
  if (taken === null) return 'The session has other line items than the ones offered.';
  if (session.currency !== offer.currency) return 'The session is in another currency.';
  const { least, most } = expectedSubtotal(offer.terms, offer.quantity);
  const subtotal = session.amountSubtotal - taken.reduce((sum, { unitAmount }) => sum + unitAmount, 0);
  if (subtotal < least || subtotal > most) return 'The subtotal is not what was offered.';
  if (session.amountTotal !== session.amountSubtotal - session.amountDiscount + session.amountExclusiveTax)
    return 'The total is not subtotal less discount plus tax.';
  return null;
}

function paymentTimeOf(session: SessionFacts): Seconds {
  if (session.payment?.paidAt != null) return session.payment.paidAt;
  const paid = session.subscription?.invoices.flatMap((invoice) =>
    invoice.status === 'paid' && invoice.paidAt !== null ? [invoice.paidAt] : [],
  );
  if (paid !== undefined && paid.length > 0) return Math.min(...paid);
  return session.subscription?.startedAt ?? session.createdAt;
}
