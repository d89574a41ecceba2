/**
 * What the coach did to a product or price in their own Stripe Dashboard, and what follows: such a price is not for sale,
 * the coach is told, and one click (POST /v1/prices/{id}/retry) puts it on sale again. Nothing is put back unasked.
 */

/** How Stripe has it. */
export type AtStripe = 'active' | 'archived' | 'deleted';

const MESSAGES = {
  price_changed_at_stripe:
    'The amounts of the price in other currencies were changed in the Stripe Dashboard, so nobody can buy it.',
  price_archived_at_stripe: 'The price was archived in the Stripe Dashboard, so nobody can buy it.',
  price_deleted_at_stripe: 'The price was deleted in the Stripe Dashboard, so nobody can buy it.',
  product_archived_at_stripe: 'The product was archived in the Stripe Dashboard, so nobody can buy it.',
  product_deleted_at_stripe: 'The product was deleted in the Stripe Dashboard, so nobody can buy it.',
} as const;

export type DashboardCode = keyof typeof MESSAGES;

/** Every code of a price that is off sale because of what was done in the Dashboard. */
export const DASHBOARD_CODES = Object.keys(MESSAGES) as DashboardCode[];

export const isDashboardCode = (code: string | null): code is DashboardCode =>
  DASHBOARD_CODES.some((known) => known === code);

/** In words for the coach. */
export const dashboardMessage = (code: DashboardCode): string =>
  `${MESSAGES[code]} Members who bought it go on as they are. Try it again to put it on sale.`;

/**
 * Why a price cannot be sold on its account; null when it can. The setup fee is a price of its own there, and a price of
 * an archived product is refused by Checkout though it is active itself.
 */
export function dashboardProblem(facts: {
  product: AtStripe;
  price: AtStripe;
  /** Null: there is no setup fee. */
  setupPrice: AtStripe | null;
  /** It costs another amount there, in one of its other currencies. */
  isChanged: boolean;
}): DashboardCode | null {
  const { product, price, setupPrice } = facts;
  if (product === 'deleted') return 'product_deleted_at_stripe';
  if (price === 'deleted' || setupPrice === 'deleted') return 'price_deleted_at_stripe';
  if (product === 'archived') return 'product_archived_at_stripe';
  if (facts.isChanged) return 'price_changed_at_stripe';
  if (price === 'archived' || setupPrice === 'archived') return 'price_archived_at_stripe';
  return null;
}

/** Whether it has to be made anew: what was archived is put on sale again instead, amounts are never changed. */
export const isGoneAtStripe = (code: string | null): boolean =>
  code === 'price_changed_at_stripe' ||
  code === 'price_deleted_at_stripe' ||
  code === 'product_deleted_at_stripe';

/**
 * One word of ours and of Stripe's after a look: ours is pushed if it changed here since Stripe last had it; else what
 * the coach wrote in the Dashboard is taken over.
 */
export function mergeWord<T extends string | null>(words: {
  ours: T;
  synced: string | null;
  stripe: T;
}): 'push' | 'adopt' | 'same' {
  if (words.ours === words.stripe) return 'same';
  return words.ours === words.synced ? 'adopt' : 'push';
}
