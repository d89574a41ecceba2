import type Stripe from 'stripe';
import { ProblemError } from '../domain/problem';
import type { Seconds } from '../domain/time';
import { whatIsThere } from './every-page';

/** By what a membership's own item is told from what else the coach has put on the subscription. */
export interface OwnPrices {
  /** Stripe's ids of the price that the membership is on. */
  present: readonly string[];
  /** Stripe's ids of all prices of its product that we made on the account. */
  ofProduct: readonly string[];
  /** Its product at Stripe; null: none there. */
  stripeProductId: string | null;
}

/** What a request names of an item. What it leaves out stays as Stripe has it. */
export interface AskedOfItem {
  stripePriceId?: string | undefined;
  quantity?: number | undefined;
}

/** How a difference is charged. */
export interface Proration {
  prorate: boolean;
  /** Seconds, UTC: the moment from which the difference is counted; left out: now. */
  prorationDate?: Seconds | undefined;
}

/** A change of one item of a subscription, as the preview shows it and the change makes it. */
export interface ItemChange {
  item: Stripe.SubscriptionItem;
  stripePriceId: string;
  /** Undefined: the item has none (it is metered). */
  quantity: number | undefined;
  /** False: Stripe has it so already. */
  changes: boolean;
}

/**
 * The item that a membership is. A coach may add items of other products, or of none of ours: they are never touched.
 * An only item is the membership's, whatever it was moved to.
 * @throws ProblemError `membership_items_unclear` when several could be meant.
 */
export function ownItem({ items }: Stripe.Subscription, own: OwnPrices): Stripe.SubscriptionItem {
  const all = whatIsThere(items);
  const [only] = all;
  if (only !== undefined && all.length === 1) return only;
  const tests: ((item: Stripe.SubscriptionItem) => boolean)[] = [
    (item) => own.present.includes(item.price.id),
    (item) => own.ofProduct.includes(item.price.id),
    (item) => own.stripeProductId !== null && productOf(item) === own.stripeProductId,
  ];
  for (const isOwn of tests) {
    const [found, ...more] = all.filter(isOwn);
    if (found !== undefined && more.length === 0) return found;
    if (found !== undefined) break;
  }
  throw new ProblemError(
    'membership_items_unclear',
    `At Stripe, the subscription has ${all.length} items, and none or several of them are of this product.`,
  );
}

function productOf({ price }: Stripe.SubscriptionItem): string {
  return typeof price.product === 'string' ? price.product : price.product.id;
}

/** What a request makes of an item. */
export function changeOf(item: Stripe.SubscriptionItem, asked: AskedOfItem): ItemChange {
  const stripePriceId = asked.stripePriceId ?? item.price.id;
  const quantity = asked.quantity ?? item.quantity;
  return {
    item,
    stripePriceId,
    quantity,
    changes: stripePriceId !== item.price.id || quantity !== item.quantity,
  };
}

/** Whether an item is as a change was to make it. */
export function isChanged(item: Stripe.SubscriptionItem, change: ItemChange): boolean {
  return item.price.id === change.stripePriceId && item.quantity === change.quantity;
}

/**
 * The one item, by its id, with the quantity said again: a price that is set without one may come with a quantity of one.
 * Nothing else of the subscription is named, so nothing else changes.
 * https://docs.stripe.com/billing/subscriptions/change-price
 */
export function itemParams({ item, stripePriceId, quantity }: ItemChange): {
  id: string;
  price?: string;
  quantity?: number;
} {
  return {
    id: item.id,
    ...(stripePriceId === item.price.id ? {} : { price: stripePriceId }),
    ...(quantity === undefined ? {} : { quantity }),
  };
}

/**
 * The request for a change. What is charged now is paid now, or nothing changes: nobody loses what they have for a
 * change that failed. That is for what Stripe charges by itself; an invoice that is sent is due later.
 * https://docs.stripe.com/api/subscriptions/update#update_subscription-payment_behavior
 */
export function updateParams(
  { collection_method: method }: Pick<Stripe.Subscription, 'collection_method'>,
  change: ItemChange,
  { prorate, prorationDate }: Proration,
): Stripe.SubscriptionUpdateParams {
  return {
    items: [itemParams(change)],
    ...(prorate
      ? {
          proration_behavior: 'always_invoice',
          ...(method === 'send_invoice' ? {} : { payment_behavior: 'error_if_incomplete' }),
        }
      : { proration_behavior: 'none' }),
    ...(prorationDate === undefined ? {} : { proration_date: prorationDate }),
  };
}
