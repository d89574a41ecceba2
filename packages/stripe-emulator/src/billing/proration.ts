import { newInvoiceItem } from '../objects/invoice';
import type { Price } from '../objects/catalog';
import type { Subscription, SubscriptionItem } from '../objects/subscription';
import type { Space } from '../space';
import { discounted } from './discounts';
import { pricingOf, productName, unitAmountOf } from './lines';
import { addIntervals } from './periods';

/**
 * The part of an amount (minor units) that belongs to the rest of a period, by the second:
 * https://docs.stripe.com/billing/subscriptions/prorations
 */
export function restOf(amount: number, period: { start: number; end: number }, now: number): number {
  const length = period.end - period.start;
  return length <= 0 ? 0 : Math.round((amount * Math.max(0, period.end - now)) / length);
}

/**
 * Credits what was charged for the rest of an item's period. With flexible billing there is one credit for every charge that reaches
 * into it, of the amount that was charged, and none for a charge that has been credited before:
 * https://docs.stripe.com/billing/subscriptions/prorations#credit-prorations
 */
export function creditRest(
  space: Space,
  subscription: Subscription,
  item: SubscriptionItem,
  now = space.now(),
): void {
  if (subscription.billing_mode.type === 'classic') {
    const period = { start: item.current_period_start, end: item.current_period_end };
    const amount = -restOf(paidFor(space, subscription, item), period, now);
    addProration(space, subscription, item, item.price, item.quantity, amount, 'Unused time', now);
    return;
  }
  for (const debit of openDebits(space, subscription, item, now)) {
    const amount = -restOf(debit.net, debit.period, now);
    const price = debit.price === null ? item.price : (space.find('price', debit.price) ?? item.price);
    addProration(
      space,
      subscription,
      item,
      price,
      debit.quantity ?? item.quantity,
      amount,
      'Unused time',
      now,
      debit,
    );
  }
}

/** A charge that can be credited: a line of an invoice, or an invoice item that is on none yet. */
interface Debit {
  id: string;
  invoice: string | null;
  /** Minor units, after discounts. */
  net: number;
  period: { start: number; end: number };
  price: string | null;
  quantity: number | null;
}

function openDebits(space: Space, subscription: Subscription, item: SubscriptionItem, now: number): Debit[] {
  const items = space.listBy('invoiceitem', 'customer', subscription.customer);
  const credited = new Set(items.flatMap(({ _emu }) => _emu?.credits ?? []));
  const onInvoices = space
    .listBy('invoice', 'subscription', subscription.id)
    .filter(({ status }) => status !== 'void')
    .flatMap((invoice) =>
      invoice.lines.data
        .filter(({ parent }) => parent?.subscription_item_details?.subscription_item === item.id)
        .map((line) => ({ invoice: invoice.id, line })),
    );
  const debits: Debit[] = onInvoices.map(({ invoice, line }) => ({
    // An item that was credited while it waited stays credited when it is on an invoice.
    id: line.parent?.subscription_item_details?.invoice_item ?? line.id,
    invoice,
    net: line.amount - line.discount_amounts.reduce((sum, { amount }) => sum + amount, 0),
    period: line.period,
    price: line.pricing?.price_details.price ?? null,
    quantity: line.quantity,
  }));
  for (const waiting of items) {
    if (waiting.invoice !== null) continue;
    if (waiting.parent?.subscription_details.subscription_item !== item.id) continue;
    debits.push({
      id: waiting.id,
      invoice: null,
      net: waiting.amount,
      period: waiting.period,
      price: waiting.pricing?.price_details.price ?? null,
      quantity: waiting.quantity,
    });
  }
  return debits.filter(({ id, net, period }) => net > 0 && period.end > now && !credited.has(id));
}

/** What an item's present period was billed with, after discounts. */
function paidFor(space: Space, subscription: Subscription, item: SubscriptionItem): number {
  const whole = unitAmountOf(item.price, subscription.currency) * item.quantity;
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
  const { current_period_end: end } = item;
  const { recurring } = price;
  const start = recurring ? addIntervals(end, recurring, -1) : item.current_period_start;
  const period = { start: Math.min(start, item.current_period_start), end };
  const whole = discounted(
    space,
    subscription,
    unitAmountOf(price, subscription.currency) * quantity,
    price.product,
  );
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
  debit?: Debit,
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
    period: { start: now, end: debit?.period.end ?? item.current_period_end },
    pricing: pricingOf(price, subscription.currency),
    proration: true,
    quantity,
    subscription: subscription.id,
    subscriptionItem: item.id,
    metadata: subscription.metadata,
    livemode: space.livemode,
    created: space.now(),
  });
  if (debit) invoiceItem._emu = { credits: debit.id, of: debit.invoice };
  space.put('invoiceitem', invoiceItem);
  space.emit('invoiceitem.created', invoiceItem);
}
