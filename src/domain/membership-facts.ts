import type { MembershipReason } from './membership-reasons';
import type { DisputeDates, PaymentFacts, SubscriptionFacts } from './stripe-facts';
import type { Seconds } from './time';

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

/** What the coach has decided about access after refunds, by the payment's id at Stripe (`in_…`, `pi_…`). */
export type RefundChoices = Readonly<Record<string, 'keep' | 'end'>>;

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
  /** When access begins if it was bought before; null: with the purchase. */
  accessStartsAt: Seconds | null;
  /** Why the last look withheld access: the money went back or may, or pays for something else; null: it did not. */
  withheld: Withheld | null;
  /** The member has withdrawn from the contract. */
  withdrawn?: boolean;
  /** What the coach has decided about access after refunds. */
  refundChoices?: RefundChoices;
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

/** A decision as it begins: nothing of it is so until a rule says so. */
export const NOTHING_MORE = {
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
