import { newInvoiceItem } from '../objects/invoice';
import type { Price } from '../objects/catalog';
import type { Subscription, SubscriptionItem } from '../objects/subscription';
import type { Space } from '../space';
import { discounted } from './discounts';
import { pricingOf, productName, unitAmountOf } from './lines';

/**
 * The part of an amount (minor units) that belongs to the rest of a period, by the second:
 * https://docs.stripe.com/billing/subscriptions/prorations
 */
export function restOf(amount: number, period: { start: number; end: number }, now: number): number {
  const length = period.end - period.start;
  return length <= 0 ? 0 : Math.round((amount * Math.max(0, period.end - now)) / length);
}

/** Credits what was paid for the rest of an item's period. */
export function creditRest(
  space: Space,
  subscription: Subscription,
  item: SubscriptionItem,
  now = space.now(),
): void {
  const period = { start: item.current_period_start, end: item.current_period_end };
  const amount = -restOf(paidFor(space, subscription, item), period, now);
  addProration(space, subscription, item, item.price, item.quantity, amount, 'Unused time', now);
}

/** What an item's present period was billed with, after discounts. */
function paidFor(space: Space, subscription: Subscription, item: SubscriptionItem): number {
  const whole = unitAmountOf(item.price) * item.quantity;
  for (const invoice of space.listBy('invoice', 'subscription', subscription.id)) {
    const line = invoice.lines.data.find(
      ({ parent, period }) =>
        parent?.subscription_item_details?.subscription_item === item.id &&
        !parent.subscription_item_details.proration &&
        period.start === item.current_period_start,
    );
    if (!line || line.amount === 0) continue;
    const off = line.discount_amounts.reduce((sum, { amount }) => sum + amount, 0);
    return Math.round((whole * (line.amount - off)) / line.amount);
  }
  return whole;
}

/** Charges a price for the rest of an item's period. */
export function chargeRest(
  space: Space,
  subscription: Subscription,
  item: SubscriptionItem,
  price: Price,
  quantity: number,
  now = space.now(),
): void {
  const period = { start: item.current_period_start, end: item.current_period_end };
  const whole = discounted(space, subscription, unitAmountOf(price) * quantity, price.product);
  const amount = restOf(whole, period, now);
  addProration(space, subscription, item, price, quantity, amount, 'Remaining time', now);
}

/** Credits the rest of every item's period of a subscription that ends now. */
export function prorateCancellation(space: Space, subscription: Subscription): void {
  if (subscription.status === 'trialing') return;
  for (const item of subscription.items.data) creditRest(space, subscription, item);
}

function addProration(
  space: Space,
  subscription: Subscription,
  item: SubscriptionItem,
  price: Price,
  quantity: number,
  amount: number,
  words: 'Unused time' | 'Remaining time',
  now: number,
): void {
  const date = new Date(now * 1000).toLocaleDateString('en-GB', {
    day: '2-digit',
    month: 'short',
    year: 'numeric',
    timeZone: 'UTC',
  });
  const name = productName(space, price);
  const invoiceItem = newInvoiceItem({
    customer: subscription.customer,
    amount,
    currency: subscription.currency,
    description: `${words} ${words === 'Unused time' ? 'on' : 'of'} ${quantity === 1 ? '' : `${quantity} × `}${name} after ${date}`,
    period: { start: now, end: item.current_period_end },
    pricing: pricingOf(price),
    proration: true,
    quantity,
    subscription: subscription.id,
    subscriptionItem: item.id,
    metadata: subscription.metadata,
    livemode: space.livemode,
    created: space.now(),
  });
  space.put('invoiceitem', invoiceItem);
  space.emit('invoiceitem.created', invoiceItem);
}
