import { type Priced, soldIn } from './currency-options';
import type { PricingModel } from './pricing';

/**
 * What is offered beside a price on Stripe's page, for the buyer to add (https://docs.stripe.com/payments/checkout/optional-items).
 * Pure: the API refuses with it, the console chooses by it, and a checkout leaves out what does not fit any more.
 */

/** How many prices may be offered beside one; Stripe would take ten. */
export const MOST_BESIDE = 3;

/** What decides whether a price has something offered beside it, or is offered itself. */
export interface BesideTerms {
  id: string;
  productId: string;
  status: string;
  model: PricingModel;
  currency: string;
  seats: number | null;
  accessDays: number | null;
  accessStartsAt: Date | string | null;
  /** Products that it gives besides its own. */
  alsoGives: readonly string[];
}

/** The price beside which something is offered. */
export type BesideHost = Pick<BesideTerms, 'productId' | 'model' | 'currency' | 'alsoGives'>;

/** Why a price is not offered beside another, in words for the coach. */
export const NOT_BESIDE = {
  beside_itself: 'Only beside what is paid once, at a fixed amount, something is offered.',
  included: 'The price gives that product anyway.',
  archived: 'An archived price is not offered.',
  not_once: 'Only what is paid once, at a fixed amount, is offered beside.',
  seats: 'A price with limited seats is not offered beside: a seat is held for whoever buys it alone.',
  fixed_term: 'A price with a fixed term is not offered beside: what is taken there has no end of its own.',
  date: 'A price whose access begins on a date is not offered beside: what is taken there begins with the payment.',
  bundle: 'A bundle is not offered beside.',
  currency: 'What is offered beside has to be in the currency of the price.',
  same_product: 'Offer one price of a product.',
} as const;
export type NotBeside = keyof typeof NOT_BESIDE;

/** Why nothing can be offered beside a price at all; null: something can. */
export function problemOfHost({ model }: Pick<BesideHost, 'model'>): NotBeside | null {
  return model === 'one_off' ? null : 'beside_itself';
}

/** Why a price is not offered beside another one; null: it may be. */
export function problemOfBeside(host: BesideHost, offered: BesideTerms): NotBeside | null {
  if (problemOfHost(host) !== null) return 'beside_itself';
  if ([host.productId, ...host.alsoGives].includes(offered.productId)) return 'included';
  if (offered.status === 'archived') return 'archived';
  if (offered.model !== 'one_off') return 'not_once';
  if (offered.seats !== null) return 'seats';
  if (offered.accessDays !== null) return 'fixed_term';
  if (offered.accessStartsAt !== null) return 'date';
  if (offered.alsoGives.length > 0) return 'bundle';
  return offered.currency === host.currency ? null : 'currency';
}

/** The first of several that is not offered beside a price, and why; null: all of them are. */
export function problemOfOffers(
  host: BesideHost,
  offered: readonly BesideTerms[],
): { id: string; because: NotBeside } | null {
  for (const [index, each] of offered.entries()) {
    const twice = offered.slice(0, index).some(({ productId }) => productId === each.productId);
    const because = problemOfBeside(host, each) ?? (twice ? 'same_product' : null);
    if (because !== null) return { id: each.id, because };
  }
  return null;
}

/** What an offered price costs in the currency of a checkout, minor units; null: it has no amount in it. */
export const costsBeside = (offered: Priced, currency: string): number | null =>
  soldIn(offered, currency)?.unitAmount ?? null;

/** Something that a checkout offers beside, as it was stored before the session was opened. */
export interface OfferedItem {
  stripePriceId: string;
  /** Minor units of the checkout's currency. */
  unitAmount: number;
}

/** A line of a paid session. */
interface PaidLine {
  priceId: string;
  quantity: number;
  /** Before discounts and tax on top, minor units. */
  amountSubtotal: number;
}

/** What was taken of what was offered: each once, at its amount. Null: a line is neither sold nor offered. */
export function takenOf<T extends OfferedItem>(
  lines: readonly PaidLine[],
  offered: readonly T[],
): T[] | null {
  const taken: T[] = [];
  for (const { priceId, quantity, amountSubtotal } of lines) {
    const item = offered.find(({ stripePriceId }) => stripePriceId === priceId);
    if (item === undefined || taken.includes(item)) return null;
    if (quantity !== 1 || amountSubtotal !== item.unitAmount) return null;
    taken.push(item);
  }
  return taken;
}
