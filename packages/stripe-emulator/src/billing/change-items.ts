import type Stripe from 'stripe';
import type { Checked } from '../http/checked';
import { invalidRequest, resourceMissing } from '../http/errors';
import { mergedMetadata } from '../http/metadata';
import type { Price } from '../objects/catalog';
import { newSubscriptionItem, type Subscription, type SubscriptionItem } from '../objects/subscription';
import type { Space } from '../space';
import { periodEnd } from './periods';
import { chargeRest, creditRest } from './proration';
import { recurringPrice } from './recurring-price';

type Params = Checked<Stripe.SubscriptionUpdateParams>;

const MOST_ITEMS = 20;

/** What changing the items of a subscription has led to. */
export interface ItemChanges {
  /** Prorations were added. */
  prorated: boolean;
  /** A new cycle begins now: by request, or because the interval of a classic subscription changed. */
  cycleRestarts: boolean;
}

/** Adds, changes and removes items of a subscription that is not stored yet; stores the prorations. */
export function applyItems(space: Space, next: Subscription, params: Params): ItemChanges {
  const result: ItemChanges = { prorated: false, cycleRestarts: params.billing_cycle_anchor === 'now' };
  const prorate = (params.proration_behavior ?? 'create_prorations') !== 'none' && next.status !== 'trialing';
  const now = params.proration_date ?? space.now();
  for (const [index, change] of (params.items ?? []).entries()) {
    const path = `items[${index}]`;
    const existing = change.id === undefined ? undefined : findItem(next, change.id, `${path}[id]`);
    const price =
      change.price === undefined
        ? undefined
        : recurringPrice(space, change.price, `${path}[price]`, next.currency);
    if (!existing) {
      addItem(space, next, price, change.quantity ?? 1, prorate, path, result);
      continue;
    }
    if (change.deleted) {
      if (prorate) creditRest(space, next, existing, now);
      next.items.data = next.items.data.filter((item) => item !== existing);
      result.prorated ||= prorate;
      continue;
    }
    if (change.metadata !== undefined) existing.metadata = mergedMetadata(existing.metadata, change.metadata);
    const newPrice = price ?? existing.price;
    const quantity = change.quantity ?? existing.quantity;
    if (newPrice.id === existing.price.id && quantity === existing.quantity) continue;
    const moves = differs(newPrice, existing) && next.status !== 'trialing';
    const restarts = moves && next.billing_mode.type === 'classic';
    if (prorate) creditRest(space, next, existing, now);
    if (moves && !restarts) moveToInterval(next, existing, newPrice, space.now());
    if (prorate) {
      if (!restarts) chargeRest(space, next, existing, newPrice, quantity, now);
      result.prorated = true;
    }
    result.cycleRestarts ||= restarts;
    existing.price = newPrice;
    existing.quantity = quantity;
  }
  refuseTooMany(next.items.data.length);
  if (next.billing_mode.type === 'classic') refuseMixedIntervals(next.items.data.map(({ price }) => price));
  if (next.items.data.length === 0) {
    throw invalidRequest('A subscription must have at least one active item.', 'items');
  }
  return result;
}

/** https://docs.stripe.com/billing/subscriptions/multiple-products. The sentence is ours. */
export function refuseTooMany(items: number): void {
  if (items <= MOST_ITEMS) return;
  throw invalidRequest(`A subscription can have at most ${MOST_ITEMS} items.`, 'items');
}

/**
 * Only flexible billing has items of several intervals: https://docs.stripe.com/billing/subscriptions/mixed-interval. The API's sentence,
 * as far as it is known.
 */
export function refuseMixedIntervals(prices: Price[]): void {
  const rhythms = new Set(prices.map(({ recurring: r }) => `${r?.interval}/${r?.interval_count}`));
  if (rhythms.size <= 1) return;
  throw invalidRequest(
    'All prices on a subscription must have the same `recurring.interval` and `recurring.interval_count`.',
    'items',
  );
}

function addItem(
  space: Space,
  next: Subscription,
  price: ReturnType<typeof recurringPrice> | undefined,
  quantity: number,
  prorate: boolean,
  path: string,
  result: ItemChanges,
): void {
  if (!price?.recurring) {
    throw invalidRequest(`Missing required param: ${path}[price].`, `${path}[price]`, 'parameter_missing');
  }
  if (next.items.data.some((item) => item.price.id === price.id)) {
    throw invalidRequest(
      `Cannot add multiple subscription items with the same price: ${price.id}`,
      `${path}[price]`,
    );
  }
  const trialing = next.status === 'trialing' && next.trial_end !== null;
  const item = newSubscriptionItem({
    subscription: next.id,
    price,
    quantity,
    periodStart: space.now(),
    periodEnd: trialing
      ? (next.trial_end ?? 0)
      : periodEnd(next.billing_cycle_anchor, space.now(), price.recurring),
    created: space.now(),
  });
  next.items.data.push(item);
  if (!prorate) return;
  chargeRest(space, next, item, price, quantity);
  result.prorated = true;
}

/**
 * A flexible subscription keeps its anchor when an interval changes: the item's period ends where the anchor puts the end of the new
 * interval, and nothing but prorations comes of it. https://docs.stripe.com/billing/subscriptions/billing-mode/compare
 */
function moveToInterval(
  { billing_cycle_anchor: anchor }: Subscription,
  item: SubscriptionItem,
  price: Price,
  now: number,
): void {
  if (!price.recurring) return;
  item.current_period_start = now;
  item.current_period_end = periodEnd(anchor, now, price.recurring);
}

function findItem(subscription: Subscription, id: string, param: string): SubscriptionItem {
  const item = subscription.items.data.find((candidate) => candidate.id === id);
  if (!item) throw resourceMissing('subscription_item', id, param);
  return item;
}

function differs(
  price: { recurring: SubscriptionItem['price']['recurring'] },
  item: SubscriptionItem,
): boolean {
  return (
    price.recurring?.interval !== item.price.recurring?.interval ||
    price.recurring?.interval_count !== item.price.recurring?.interval_count
  );
}
