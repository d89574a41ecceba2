import { type ForeignName, type MemberName, type OfferName, type ProductName } from './catalog';

/** What the reference knows of each reason for access. */

/** Unix seconds on the account's clock. */
export type Time = number;

export interface Payment {
  /** Money was charged for it; a free period, one from the balance and one paid in cash give nothing back. */
  charged: boolean;
  refunded: 'no' | 'partly' | 'fully';
  /** What was chosen with the refund that was asked for here; null: what the policy says. */
  kept: boolean | null;
  dispute: 'none' | 'open' | 'won' | 'lost';
  disputeEndsAt: Time | null;
}

/** A renewal's invoice that is not paid. */
export interface Bill {
  covers: Time;
  /** Stripe finalizes it then; null: it was, or never will be. */
  draftUntil: Time | null;
  finalizedAt: Time | null;
  /** When an invoice that was sent has to be paid; null: it is charged. */
  dueAt: Time | null;
  tries: number;
  nextTry: Time | null;
}

interface Common {
  number: number;
  member: MemberName;
  product: ProductName;
  since: Time;
  /** What was known when the account could no longer be read; null while it can be. */
  known: Ends | null;
  /** The newest is the last. */
  payments: Payment[];
}

export interface Purchase extends Common {
  kind: 'purchase';
  until: Time | 'forever';
}

/** What the coach added to a subscription in the Dashboard. */
export interface Addition {
  item: OfferName | ForeignName;
  /** Null: nothing of ours. */
  product: ProductName | null;
  paidThrough: Time;
}

export interface Subscription extends Common {
  kind: 'subscription';
  /** The price of its item: ours, or one that the coach made in the Dashboard. */
  offer: OfferName | ForeignName;
  status: 'trialing' | 'active' | 'past_due' | 'unpaid' | 'canceled';
  quantity: number;
  added: Addition[];
  periodEnd: Time;
  paidThrough: Time;
  bills: Bill[];
  cardWorks: boolean;
  cancelAt: Time | null;
  /** Until when; 'told': until somebody resumes it; null: it is not paused. */
  paused: Time | 'told' | null;
  /** What becomes of invoices of the pause. */
  pauseBehavior: 'void' | 'mark_uncollectible';
  /** Invoices that the coach, or the pause, gave up. */
  writtenOff: Bill[];
  endedAt: Time;
  /** Per cent off every invoice: 0, 25 or 100. */
  percentOff: number;
  /** The next invoice is settled by the customer's balance. */
  hasCredit: boolean;
  isSentInvoices: boolean;
  /** A Subscription Schedule was put on it until the period's end. */
  scheduled: 'no' | 'releases' | 'cancels';
  /** What was paid after the end, for a period that had begun before. */
  paidAfterEnd: Time;
  /** Every product that it ever gave. */
  everGave: ProductName[];
  /** The last of our products that its own item was of. */
  productNow: ProductName;
  /** Who gave its first trial. */
  trialBy: 'sale' | 'coach' | null;
}

export interface Gift {
  kind: 'gift';
  number: number;
  member: MemberName;
  product: ProductName;
  until: Time | 'forever';
  takenBack: boolean;
}

export type Cause = Purchase | Subscription | Gift;

export type End = Time | 'forever' | 'none';
/** The end of access to each product that a cause gives. */
export type Ends = Partial<Record<ProductName, End>>;
