import type Stripe from 'stripe';
import type { LastingDiscount } from '../domain/stripe-facts';
import type { AccountClient } from './account-client';

/** Four levels are the most that Stripe expands: https://docs.stripe.com/expand#multiple-levels */
const EXPAND = ['discounts.source.coupon.applies_to'];

/**
 * The discounts of a subscription that never end. One call more, and only where it has a discount: the list of its
 * invoices, which brings the subscription, is as deep as Stripe goes already.
 */
export async function fetchLastingDiscounts(
  { stripe, accountId }: AccountClient,
  { id, discounts }: Stripe.Subscription,
): Promise<LastingDiscount[]> {
  if ((discounts ?? []).length === 0) return [];
  const found = await stripe.subscriptions.retrieve(id, { expand: EXPAND }, { stripeAccount: accountId });
  return (found.discounts ?? []).flatMap(lastingOf);
}

/** What is for some months only, or was not expanded, is none. */
function lastingOf(discount: string | Stripe.Discount): LastingDiscount[] {
  const coupon = typeof discount === 'string' ? null : discount.source.coupon;
  if (coupon === null || typeof coupon === 'string' || coupon.duration !== 'forever') return [];
  const products = coupon.applies_to?.products ?? [];
  return [
    {
      percentOff: coupon.percent_off,
      amountOff: coupon.amount_off,
      stripeProductIds: products.length === 0 ? null : products,
    },
  ];
}
