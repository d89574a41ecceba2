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

/** What a membership's items make of it. */
export interface ItemPlan {
  /** The product that the membership itself gives: its own as long as an item is of it, else what the items are. */
  productId: string;
  /** Our price of that product's first item; null: it is one that was made in Stripe. */
  priceId: string | null;
  /** The quantity of that item. */
  quantity: number;
  /** The items of that product. */
  itemIds: ReadonlySet<string>;
  /** Other products of ours that are among the items, each with its own. */
  others: { productId: string; itemIds: ReadonlySet<string> }[];
  /** No item is of a product of ours. */
  nothingOfOurs: boolean;
}

/**
 * What the items decide: an item of our price, or of our product at a price that was made in Stripe, gives that product;
 * anything else gives nothing. Null: there are no items to go by.
 * @param productId the membership's present product.
 */
export function planOf(items: readonly MembershipItem[], productId: string): ItemPlan | null {
  if (items.length === 0) return null;
  const ours = [...new Set(items.flatMap((item) => item.productId ?? []))];
  const own = ours.includes(productId) ? productId : ours[0];
  if (own === undefined)
    return {
      productId,
      priceId: null,
      quantity: items[0]?.quantity ?? 1,
      itemIds: new Set(items.map(({ itemId }) => itemId)),
      others: [],
      nothingOfOurs: true,
    };
  const idsOf = (product: string) =>
    new Set(items.filter((item) => item.productId === product).map(({ itemId }) => itemId));
  const first = items.find((item) => item.productId === own);
  return {
    productId: own,
    priceId: first?.priceId ?? null,
    quantity: first?.quantity ?? 1,
    itemIds: idsOf(own),
    others: ours.filter((id) => id !== own).map((id) => ({ productId: id, itemIds: idsOf(id) })),
    nothingOfOurs: false,
  };
}
