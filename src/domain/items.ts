import type { Seconds } from './time';

/** What one item of a membership's subscription is, as `Membership.items` holds it. */
export interface MembershipItem {
  /** Stripe's ids. */
  itemId: string;
  stripePriceId: string;
  stripeProductId: string;
  /** Our price; null: one that was made in Stripe. */
  priceId: string | null;
  /** Our product; null: something that is not sold here. */
  productId: string | null;
  quantity: number;
  /** The end of its present period at Stripe, in seconds, UTC; whether that is paid for is another question. */
  periodEnd: Seconds;
}
