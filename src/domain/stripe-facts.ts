import type { BuyerDetails } from './buyer-details';
import type { Seconds } from './time';

/**
 * What the rules need to know of Stripe's objects: all that decides, and nothing else. Times in seconds, UTC; money in
 * minor units. src/stripe/facts.ts reads them from Stripe's answers, every list to its end.
 */

/** https://docs.stripe.com/api/subscriptions/object#subscription_object-status */
export type SubscriptionStatus =
  'trialing' | 'active' | 'past_due' | 'unpaid' | 'paused' | 'incomplete' | 'incomplete_expired' | 'canceled';

/** How a disputed payment stands. https://docs.stripe.com/api/disputes/object#dispute_object-status */
export type DisputeOutcome = 'open' | 'won' | 'lost';

/** The dates of a dispute. */
export interface DisputeDates {
  openedAt: Seconds;
  /** Until when Stripe takes evidence; null: it takes none any more. */
  evidenceDueAt: Seconds | null;
}

/** How a payment was taken: the charge that succeeded, else the latest. https://docs.stripe.com/api/charges/object */
export interface ChargeFacts {
  id: string;
  status: 'pending' | 'succeeded' | 'failed';
  /** Stripe's word: `card`, `sepa_debit`, …; null: Stripe does not say. */
  method: string | null;
  /** Of a card. */
  brand: string | null;
  /**
   * What Stripe took for it, minor units of the currency that the account is settled in; null: not booked yet.
   * https://docs.stripe.com/api/balance_transactions/object#balance_transaction_object-fee
   */
  fee: { amount: number; currency: string } | null;
  /** Why it failed, in Stripe's code. */
  failure: string | null;
}

/** https://docs.stripe.com/api/refunds/object#refund_object-status */
export const REFUNDS_AT_STRIPE = ['pending', 'requires_action', 'succeeded', 'failed', 'canceled'] as const;
export type RefundAtStripe = (typeof REFUNDS_AT_STRIPE)[number];

export interface RefundFacts {
  id: string;
  status: RefundAtStripe;
  /** Minor units. */
  amount: number;
  reason: string | null;
  /** Why it failed, in Stripe's code. */
  failure: string | null;
  createdAt: Seconds;
  /** Our row that asked for it; null: it was not asked for here. */
  refundId: string | null;
}

/** What came back of a payment. */
export interface Reversal {
  /** Minor units; a refund that failed is not in it any more. */
  amountRefunded: number;
  /** The worst of its disputes; null: none that takes money away (an inquiry or a prevented one does not). */
  dispute: DisputeOutcome | null;
  /** The dates of that dispute. */
  disputeDates: DisputeDates | null;
  /** For what is shown, nothing is decided by it: the charge, and each refund. Left out: not known. */
  charge?: ChargeFacts | null;
  refunds?: RefundFacts[];
}

/** Charged by itself, or an invoice is sent that is due on a date. https://docs.stripe.com/billing/collection-method */
export type CollectionMethod = 'charge_automatically' | 'send_invoice';

/** What one subscription item is for, and how far its present period goes. */
export interface ItemFacts {
  id: string;
  createdAt: Seconds;
  stripePriceId: string;
  stripeProductId: string;
  /** 1 for metered prices, which have none. */
  quantity: number;
  /**
   * What one unit costs a period, minor units; null: by tiers or by use, so that nobody knows before. Left out: not known.
   * For what is shown, nothing is decided by it.
   */
  charge?: { unitAmount: number; interval: 'day' | 'week' | 'month' | 'year'; intervalCount: number } | null;
  periodStart: Seconds;
  /** It moves before the renewal is paid, so it never gives access. */
  periodEnd: Seconds;
}

/** One line of an invoice. https://docs.stripe.com/api/invoice-line-item/object */
export interface InvoiceLineFacts {
  id: string;
  /** The subscription item that it is for; null: it is for none (a setup fee, something that the coach added). */
  itemId: string | null;
  stripePriceId: string | null;
  stripeProductId: string | null;
  quantity: number | null;
  /** Before discounts; negative for a credit. */
  amount: number;
  /** What coupons take off it. */
  discount: number;
  /** It is a part of a period, because something changed within it. */
  proration: boolean;
  periodStart: Seconds;
  periodEnd: Seconds;
  /**
   * The lines that it credits back, from `periodStart` on; null: it credits nothing, or Stripe does not say what.
   * https://docs.stripe.com/billing/subscriptions/prorations
   */
  credits: { invoiceId: string; lineIds: string[] } | null;
}

export interface InvoiceFacts extends Reversal {
  id: string;
  createdAt: Seconds;
  /** Why Stripe made it: the first one, a renewal, a change in between. */
  reason: 'create' | 'cycle' | 'other';
  status: 'draft' | 'open' | 'paid' | 'void' | 'uncollectible' | null;
  collectionMethod: CollectionMethod;
  /** Minor units: what it comes to, what of that is left to pay after the customer's balance, and what came in. */
  total: number;
  amountDue: number;
  /** By card or out of band: whatever Stripe counts as paid. */
  amountPaid: number;
  amountRemaining: number;
  /** What the customer's balance settled of it. */
  fromBalance: number;
  /** Credited back by credit notes after it was paid. */
  creditNotes: number;
  finalizedAt: Seconds | null;
  paidAt: Seconds | null;
  /** When it is to be paid, with `send_invoice`; null: charged at once. */
  dueAt: Seconds | null;
  /** Stripe has tried to charge it, and tries again then. */
  attempted: boolean;
  nextAttemptAt: Seconds | null;
  /** Stripe's page on which the member can pay it. */
  hostedUrl: string | null;
  /** The latest period end over its lines of subscription items that are no credit; null when it has none. */
  periodEnd: Seconds | null;
  /** All of its lines. */
  lines: InvoiceLineFacts[];
}

/** A coupon that takes something off every period, for ever. https://docs.stripe.com/api/coupons/object */
export interface LastingDiscount {
  percentOff: number | null;
  /** Minor units of the subscription's currency, of all together, a period. */
  amountOff: number | null;
  /** Stripe's products that it is for; null: all. */
  stripeProductIds: string[] | null;
}

export interface SubscriptionFacts {
  id: string;
  status: SubscriptionStatus;
  customerId: string;
  /** ISO 4217, lower case. */
  currency: string;
  startedAt: Seconds;
  /** All of its items. */
  items: ItemFacts[];
  /** The latest period end over the items. It moves before the renewal is paid, so it never gives access. */
  currentPeriodEnd: Seconds;
  trialStart: Seconds | null;
  trialEnd: Seconds | null;
  cancelAt: Seconds | null;
  cancelAtPeriodEnd: boolean;
  endedAt: Seconds | null;
  /** `pause_collection` is set; the status stays `active`. */
  collectionPaused: boolean;
  /** When Stripe ends that pause by itself; null: when told. */
  resumesAt: Seconds | null;
  collectionMethod: CollectionMethod;
  /** When the card that it charges is good no more; null: it is none, or nobody knows. */
  cardExpiresAt: Seconds | null;
  /** The Subscription Schedule that is over it. */
  scheduleId: string | null;
  /** The ids of the discounts on it. */
  discounts: string[];
  /** Those of them that never end, in their order. For what is shown, nothing is decided by it. Left out: none. */
  lasting?: LastingDiscount[];
  latestInvoiceId: string | null;
  /** All of them, newest first. */
  invoices: InvoiceFacts[];
}

export interface PaymentFacts extends Reversal {
  id: string;
  status: 'processing' | 'succeeded' | 'failed' | 'waiting';
  /** When the charge succeeded. */
  paidAt: Seconds | null;
  /** Minor units. */
  amount: number;
  /** Why the last try failed, in Stripe's code; null or left out: it did not, or Stripe does not say. */
  failure?: string | null;
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
  /** What makes it cheaper, by Stripe's ids: of a code that was typed or given, else the coupon itself. */
  discounts: { couponId: string | null; promotionCodeId: string | null }[];
  /** Tax on top of the prices; inclusive tax is part of the subtotal already. */
  amountExclusiveTax: number;
  amountTotal: number;
  lines: {
    priceId: string;
    quantity: number;
    /** Before discounts and tax on top. */
    amountSubtotal: number;
  }[];
  payment: PaymentFacts | null;
  subscription: SubscriptionFacts | null;
  /** For what is shown, nothing is decided by it: what the buyer gave. Never logged, never in a history. Left out: not known. */
  buyer?: BuyerDetails | null;
  /** The invoice of what was bought once. Left out: there is none. */
  invoiceId?: string | null;
}
