import type { Seconds } from './time';

/**
 * What the rules need to know of Stripe's objects, and nothing else. Times in seconds, UTC; money in minor units.
 * src/stripe/facts.ts reads them from Stripe's answers.
 */

/** https://docs.stripe.com/api/subscriptions/object#subscription_object-status */
export type SubscriptionStatus =
  'trialing' | 'active' | 'past_due' | 'unpaid' | 'paused' | 'incomplete' | 'incomplete_expired' | 'canceled';

/** How a disputed payment stands. https://docs.stripe.com/api/disputes/object#dispute_object-status */
export type DisputeOutcome = 'open' | 'won' | 'lost';

/** What came back of a payment. */
export interface Reversal {
  /** Minor units; a refund that failed is not in it any more. */
  amountRefunded: number;
  /** The worst of its disputes; null: none that takes money away (an inquiry or a prevented one does not). */
  dispute: DisputeOutcome | null;
}

export interface InvoiceFacts extends Reversal {
  id: string;
  /** Why Stripe made it: the first one, a renewal, a change in between. */
  reason: 'create' | 'cycle' | 'other';
  /** Minor units. */
  amountPaid: number;
  status: 'draft' | 'open' | 'paid' | 'void' | 'uncollectible' | null;
  finalizedAt: Seconds | null;
  paidAt: Seconds | null;
  /** The latest period end over its subscription lines; null when it has none. */
  periodEnd: Seconds | null;
}

export interface SubscriptionFacts {
  id: string;
  status: SubscriptionStatus;
  customerId: string;
  startedAt: Seconds;
  /** The latest period end over the items. It moves before the renewal is paid, so it never gives access. */
  currentPeriodEnd: Seconds;
  cancelAt: Seconds | null;
  cancelAtPeriodEnd: boolean;
  endedAt: Seconds | null;
  /** `pause_collection` is set; the status stays `active`. */
  collectionPaused: boolean;
  /** When Stripe ends that pause by itself; null: when told. */
  resumesAt: Seconds | null;
  /** Newest first. */
  invoices: InvoiceFacts[];
}

export interface PaymentFacts extends Reversal {
  id: string;
  status: 'processing' | 'succeeded' | 'failed' | 'waiting';
  /** When the charge succeeded. */
  paidAt: Seconds | null;
  /** Minor units. */
  amount: number;
}

export interface SessionFacts {
  id: string;
  status: 'open' | 'complete' | 'expired';
  paymentStatus: 'paid' | 'unpaid' | 'no_payment_required';
  url: string | null;
  createdAt: Seconds;
  expiresAt: Seconds;
  customerId: string | null;
  /** What Checkout collected; lower case. Never logged, never in a history. */
  email: string | null;
  currency: string | null;
  amountSubtotal: number;
  amountDiscount: number;
  /** Tax on top of the prices; inclusive tax is part of the subtotal already. */
  amountExclusiveTax: number;
  amountTotal: number;
  lines: { priceId: string; quantity: number }[];
  payment: PaymentFacts | null;
  subscription: SubscriptionFacts | null;
}
