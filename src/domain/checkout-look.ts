import {
  type CheckoutDecision,
  type CheckoutStatus,
  closedWithoutMoney,
  decideCheckout,
  decideLate,
  decideRefund,
  isGivenBack,
  type Offer,
} from './checkout';
import type { SessionFacts } from './stripe-facts';

/**
 * Whether Stripe is asked about a checkout. What was closed without money, or given back, is asked about again when
 * Stripe says something new of it; one that could not be verified may be cleared up when its account can be read again.
 */
export function isLookedAt(status: CheckoutStatus, hasNews: boolean): boolean {
  if (closedWithoutMoney(status) || status === 'refunded') return hasNews;
  return status === 'open' || status === 'pending' || status === 'unverifiable';
}

/** Why the outcome cannot be known any more. */
const UNVERIFIABLE = {
  account_disconnected:
    'The Stripe account was disconnected before the outcome was known. Look it up in Stripe.',
  session_missing:
    'Stripe does not have the session of this purchase any more. Look in Stripe for a payment.',
} as const;

/** The session at Stripe, or why it can no longer be read. */
export type SessionEvidence = SessionFacts | keyof typeof UNVERIFIABLE;

/** What a look at a checkout makes of what was found; null: it stays as it is. */
export function decideLook(
  offer: Offer & { status: CheckoutStatus; cancelRequested: boolean },
  found: SessionEvidence,
): CheckoutDecision | null {
  const { status } = offer;
  const isOver = closedWithoutMoney(status);
  if (typeof found === 'string') return isOver || status === 'refunded' ? null : unverifiable(found);
  if (status === 'refunded') return isGivenBack(found) ? null : decideRefund(false);
  const decision = decideCheckout(offer, found, offer.cancelRequested);
  return isOver ? decideLate(decision) : decision;
}

function unverifiable(failureCode: keyof typeof UNVERIFIABLE): CheckoutDecision {
  return {
    status: 'unverifiable',
    failureCode,
    failureMessage: UNVERIFIABLE[failureCode],
    deadline: null,
    paidAt: null,
  };
}
